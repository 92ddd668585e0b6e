//! `cargo xtask codegen`: generates the clients of the workspace, or checks that they are fresh.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, io};

use anyhow::Context;
use openbanking_codegen::api::Api;
use openbanking_codegen::lint::Rules;
use openbanking_codegen::{Finding, Job, baseline, compile};
use similar::TextDiff;

use crate::input::text as read;
use crate::targets::{TARGETS, Target};
use crate::{counted, links};

/// The command that updates stale files. The headers of generated files name it too.
pub const COMMAND: &str = "cargo xtask codegen";

/// The number of diff lines shown for each stale file.
const DIFF_LINES: usize = 40;

/// The difference between the files of a target and the output of the generator.
#[derive(Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The target.
    pub target: &'static Target,
    /// The API that the client is printed from.
    pub api: Api,
    /// Warnings about the spec.
    pub warnings: Vec<Finding>,
    /// The number of files that are up to date.
    pub fresh: usize,
    /// The files that are not, ordered by path.
    pub stale: Vec<Stale>,
    /// The duration of the generation.
    pub took: Duration,
}

/// A file that differs from the output of the generator.
#[derive(Debug)]
pub struct Stale {
    /// The path, relative to the workspace.
    pub path: PathBuf,
    /// The current content; `None` if the file is missing.
    pub now: Option<String>,
    /// The generated content; `None` if the file is left over.
    pub wanted: Option<String>,
}

impl Stale {
    /// Returns `changed`, `missing` or `left over`.
    pub fn state(&self) -> &'static str {
        match (&self.now, &self.wanted) {
            (None, _) => "missing",
            (_, None) => "left over",
            _ => "changed",
        }
    }
}

/// Generates every target of the workspace at `root` in memory and compares it with the files there.
///
/// # Errors
///
/// Returns an error if a spec or a file cannot be read. The inner error has the findings about all specs.
pub fn plan(root: &Path) -> anyhow::Result<Result<Vec<Plan>, Vec<Finding>>> {
    let (mut plans, mut findings) = (Vec::new(), Vec::new());
    for target in TARGETS {
        let text = read(&root.join(target.spec), target.spec)?;
        let started = Instant::now();
        let job = Job {
            file: target.spec,
            source: target.spec,
            text: &text,
            rules: Rules::House,
            client_path: target.client_path,
            command: COMMAND,
        };
        match compile(job).and_then(|compiled| Ok((baselines(target, job)?, compiled))) {
            Err(found) => findings.extend(found),
            Ok((baselines, compiled)) => {
                let took = started.elapsed();
                let files = inside(target.out, compiled.files).chain(baselines).collect();
                let (fresh, stale) = compare(root, target, files)?;
                let (api, warnings) = (compiled.api, compiled.warnings);
                plans.push(Plan { target, api, warnings, fresh, stale, took });
            }
        }
    }
    if findings.is_empty() { Ok(Ok(plans)) } else { Ok(Err(findings)) }
}

/// Returns the files that progenitor alone generates for a target, if it has a baseline.
fn baselines(target: &Target, job: Job<'_>) -> Result<Vec<(PathBuf, String)>, Vec<Finding>> {
    match target.baseline {
        None => Ok(Vec::new()),
        Some(folder) => Ok(inside(folder, baseline(job)?).collect()),
    }
}

/// Makes the paths of files relative to the workspace.
fn inside(folder: &str, files: BTreeMap<PathBuf, String>) -> impl Iterator<Item = (PathBuf, String)> {
    files.into_iter().map(move |(name, text)| (Path::new(folder).join(name), text))
}

/// Reads a generated file with `\n` as line ends, whichever git uses on this machine. Bytes that aren't UTF-8 are
/// replaced, since such a file differs in any case.
fn generated(path: &Path) -> io::Result<String> {
    fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))
}

fn compare(root: &Path, target: &Target, mut wanted: BTreeMap<PathBuf, String>) -> anyhow::Result<(usize, Vec<Stale>)> {
    let mut fresh = 0;
    let mut stale = Vec::new();
    for folder in target.folders() {
        links::refuse_below(root, Path::new(folder))?;
        for name in files_below(&root.join(folder))? {
            let path = Path::new(folder).join(name);
            let now = generated(&root.join(&path)).with_context(|| format!("cannot read `{}`", path.display()))?;
            match wanted.remove(&path) {
                Some(text) if text == now => fresh += 1,
                wanted => stale.push(Stale { path, now: Some(now), wanted }),
            }
        }
    }
    stale.extend(wanted.into_iter().map(|(path, text)| Stale { path, now: None, wanted: Some(text) }));
    stale.sort_by(|left, right| left.path.cmp(&right.path));
    Ok((fresh, stale))
}

/// Returns the paths of the files below a folder, relative to it. A missing folder counts as empty.
pub(crate) fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(inside) = open.pop() {
        let path = folder.join(&inside);
        let entries = match fs::read_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.with_context(|| format!("cannot list `{}`", path.display()))?,
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list `{}`", path.display()))?;
            links::refuse(&entry.path())?;
            let name = inside.join(entry.file_name());
            if entry.path().is_dir() { open.push(name) } else { found.push(name) }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes the files that are missing or changed, and removes those that are left over.
///
/// # Errors
///
/// Returns an error if a file cannot be written or removed, or if there is a symbolic link in its place or on the way to it.
pub fn write(root: &Path, plan: &Plan) -> anyhow::Result<()> {
    for stale in &plan.stale {
        // Also those that came there since the files were compared.
        links::refuse_below(root, &stale.path)?;
        let path = root.join(&stale.path);
        match &stale.wanted {
            Some(text) => replace(&path, text)?,
            None => {
                fs::remove_file(&path).with_context(|| format!("cannot remove `{}`", stale.path.display()))?;
                let tops: Vec<_> = plan.target.folders().map(|folder| root.join(folder)).collect();
                remove_empty_folders(&path, &tops);
            }
        }
    }
    Ok(())
}

/// Writes a file of ours, with the folders that it needs.
///
/// The old file is removed first and the new one created, so that no link that came there meanwhile is written through.
///
/// # Errors
///
/// Returns an error if a folder or file cannot be written.
pub(crate) fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())),
    }
    .with_context(|| format!("cannot write `{}`", path.display()))
}

/// Removes the folders that are empty once a file has been removed.
fn remove_empty_folders(removed: &Path, tops: &[PathBuf]) {
    let is_inside = |folder: &&Path| tops.iter().any(|top| folder != top && folder.starts_with(top));
    for folder in removed.ancestors().skip(1).take_while(is_inside) {
        if fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

/// Returns a line about the generated files: `tilisy  39 types, 8 operations, 5 files (2 changed, 3 unchanged), 31 ms`.
pub fn summary(plan: &Plan) -> String {
    let (types, operations) = (plan.api.types.len(), plan.api.operations.len());
    let changed = plan.stale.len();
    format!(
        "{:14}{}, {}, {} ({changed} changed, {} unchanged), {} ms",
        plan.target.name,
        counted(types, "type"),
        counted(operations, "operation"),
        counted(plan.fresh + changed, "file"),
        plan.fresh,
        plan.took.as_millis(),
    )
}

/// Describes the stale files, with the start of each diff and the command to run. Returns `None` if all are fresh.
pub fn complaint(plans: &[Plan]) -> Option<String> {
    let mut text = String::new();
    for (plan, stale) in plans.iter().flat_map(|plan| plan.stale.iter().map(move |stale| (plan, stale))) {
        let _ = writeln!(text, "{}: {} ({})", stale.path.display(), stale.state(), plan.target.spec);
        if let (Some(now), Some(wanted)) = (&stale.now, &stale.wanted) {
            text.push_str(&shortened_diff(now, wanted));
        }
    }
    if text.is_empty() {
        return None;
    }
    let _ = write!(text, "generated files are not what the spec makes: run `{COMMAND}`");
    Some(text)
}

fn shortened_diff(now: &str, wanted: &str) -> String {
    let diff = TextDiff::from_lines(now, wanted).unified_diff().context_radius(2).to_string();
    let mut lines = diff.lines();
    let mut text: String = lines.by_ref().take(DIFF_LINES).map(|line| format!("    {line}\n")).collect();
    match lines.count() {
        0 => {}
        more => {
            let _ = writeln!(text, "    … and {}", counted(more, "more line"));
        }
    }
    text
}
