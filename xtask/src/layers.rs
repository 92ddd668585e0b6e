//! `cargo xtask layers`: finds files of a crate that import each other in cycles.

pub mod cycles;
pub mod imports;
pub mod modules;
pub mod scope;

use std::path::Path;

use anyhow::Context;

use self::cycles::{Cycle, cycles};
use self::imports::{Imports, imports};
use self::modules::{FileId, Modules};
use crate::members::{Member, members};
use crate::{Outcome, counted};

/// The crates whose files form layers.
const CRATES: &[&str] = &[
    "enablebanking-client",
    "enablebanking-core",
    "openbanking-client-runtime",
    "openbanking-codegen",
    "openbanking-oracle",
    "tilisy-cli",
    "tilisy-sandbox",
    "xtask",
];

/// The command line of `cargo xtask layers`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Arguments {
    /// Crates to look at, instead of those that have to be free of cycles.
    #[arg(value_name = "CRATE")]
    pub crates: Vec<String>,
}

/// Looks for cycles in the crates of the workspace at `root`.
///
/// # Errors
///
/// Returns an error if a crate does not exist or a file cannot be read.
pub fn run(root: &Path, arguments: &Arguments, say: &mut dyn FnMut(String)) -> anyhow::Result<Outcome> {
    let mut wanted: Vec<_> = arguments.crates.iter().map(String::as_str).collect();
    if wanted.is_empty() {
        wanted = CRATES.to_vec();
    }
    let members = members(root)?;
    let mut outcome = Outcome::Fine;
    for name in wanted {
        let member = members.iter().find(|member| member.name == name);
        let member = member.with_context(|| format!("there is no crate called `{name}`"))?;
        let modules = Modules::read(&root.join(&member.folder))?;
        let mut imports = imports(&modules);
        // Operations name the client and the client names operations, in every generated client.
        imports.retain(|&(from, to), _| !(is_generated(&modules, from) && is_generated(&modules, to)));
        let cycles = cycles(&modules, &imports);
        let (files, imported) = (counted(modules.files.len(), "file"), counted(imports.len(), "import"));
        say(format!("{name}: {files}, {imported}, {}", counted(cycles.len(), "cycle")));
        for cycle in &cycles {
            outcome = Outcome::Findings;
            say(describe(member, &modules, &imports, cycle));
        }
    }
    Ok(outcome)
}

fn is_generated(modules: &Modules, file: FileId) -> bool {
    modules.files.get(file).is_some_and(|path| path.iter().any(|folder| folder == "generated"))
}

/// Says which files import each other, with the line and the path of each import.
fn describe(member: &Member, modules: &Modules, imports: &Imports, cycle: &Cycle) -> String {
    let file = |id: usize| modules.files.get(id).map(|file| format!("{}/{}", member.folder, file.display()));
    let name = |id: usize| file(id).unwrap_or_default();
    let following = cycle.steps.iter().cycle().skip(1);
    let edges: Vec<_> = cycle.steps.iter().zip(following).map(|(&from, &to)| (from, to)).collect();
    let chain: Vec<_> = edges.iter().map(|&(from, _)| name(from)).collect();
    let first = chain.first().map(String::as_str).unwrap_or_default();
    let mut text = format!("cycle: {} → {first}", chain.join(" → "));
    for (from, to) in edges {
        if let Some(path) = imports.get(&(from, to)) {
            text += &format!("\n  {}:{}: `{}` imports {}", name(from), path.line, path.segments.join("::"), name(to));
        }
    }
    if cycle.files > cycle.steps.len() {
        let files = counted(cycle.files, "file");
        text += &format!("\n  ({files} reach each other here; imports that break the rule: {})", cycle.imports);
    }
    text
}

#[cfg(test)]
mod tests;
