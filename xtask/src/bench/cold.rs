//! The dependencies and the cold build time of our client, compared with openapi-generator's client for the same spec.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::line::{Line, seconds, times};

/// The Python package of the generator. It contains the program, which needs Java.
const GENERATOR: &str = "openapi-generator-cli==7.26.0";

const FOLDER: &str = "target/bench/cold";

const FILE: &str = "target/bench/cold.json";

/// The highest accepted ratio, for both measurements.
const MOST: f64 = 1.25;

/// The reasons for the crates that only our tree has.
const REASONS: &[(&[&str], &str)] = &[
    (
        &["tilisy-client", "enablebanking-core", "openbanking-client-runtime"],
        "ours: the client, and the parts that it shares with others",
    ),
    (&["rust_decimal", "arrayvec"], "amounts with all of their digits"),
    (
        &["jsonwebtoken", "signature"],
        "the header of a token; it is signed by aws-lc-rs, which rustls has in both trees",
    ),
    (&["zeroize_derive"], "keys that are wiped from memory"),
    (&["serde_path_to_error"], "errors that say where an answer is not as described"),
    (
        &[
            "adler2",
            "async-compression",
            "compression-codecs",
            "compression-core",
            "crc32fast",
            "flate2",
            "miniz_oxide",
            "simd-adler32",
        ],
        "gzip, since pages of transactions repeat themselves",
    ),
    (&["futures-sink", "tokio-util"], "answers that are read piece by piece, and not beyond their limit"),
    (&["tracing-attributes"], "spans around calls"),
];

/// Generates, counts and builds both clients, and keeps the result for the table.
///
/// # Errors
///
/// Returns an error if a program or the network is missing, or if a client cannot be generated or built.
pub(super) fn measure(root: &Path, say: &mut dyn FnMut(String)) -> anyhow::Result<Vec<Line>> {
    let folder = root.join(FOLDER);
    // An earlier run that failed may have left it behind.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    say(format!("generating with {GENERATOR}"));
    run("python3", &["-m", "venv", "venv"], &folder)?;
    run("venv/bin/pip", &["install", "--quiet", GENERATOR], &folder)?;
    let spec = root.join("spec/tilisy.yaml");
    let spec = spec.to_str().context("the workspace's folder is not UTF-8")?;
    let arguments = ["generate", "-g", "rust", "-i", spec, "-o", "theirs", "--package-name", "theirs"];
    run("venv/bin/openapi-generator-cli", &arguments, &folder)?;
    let client = json!(root.join("tilisy-client"));
    let (ours, theirs) = (folder.join("app-ours"), folder.join("app-theirs"));
    application(&ours, &format!("tilisy-client = {{ path = {client} }}"))?;
    application(&theirs, "theirs = { path = \"../theirs\", default-features = false, features = [\"rustls\"] }")?;
    let (crates, others) = (crates(&ours)?, crates(&theirs)?);
    let mut builds = [f64::INFINITY; 2];
    for round in 1..=2 {
        for (build, application) in builds.iter_mut().zip([&ours, &theirs]) {
            say(format!("building {}, round {round} of 2", application.display()));
            // Other load can only slow a build down, so the fastest one is the best estimate.
            *build = build.min(timed(application)?);
        }
    }
    let names = |crates: &BTreeSet<String>| -> BTreeSet<String> {
        crates.iter().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
    };
    let extra: Vec<_> = names(&crates).difference(&names(&others)).cloned().collect();
    let found = json!({ "crates": [crates.len(), others.len()], "build": builds, "extra": extra });
    fs::write(root.join(FILE), found.to_string())?;
    fs::remove_dir_all(&folder)?;
    say(reasons(root));
    kept(root)
}

/// Writes an empty program with this single dependency.
fn application(folder: &Path, dependency: &str) -> anyhow::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/main.rs"), "fn main() {}\n")?;
    let package = "[package]\nname = \"app\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    Ok(fs::write(folder.join("Cargo.toml"), format!("{package}\n[dependencies]\n{dependency}\n"))?)
}

/// Returns the crates that are built for an application, by name and version, without the application.
fn crates(application: &Path) -> anyhow::Result<BTreeSet<String>> {
    let arguments = ["tree", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    let printed = run("cargo", &arguments, application)?;
    let crates = printed.lines().filter_map(|line| line.split(" (").next());
    Ok(crates.filter(|line| !line.is_empty() && !line.starts_with("app v")).map(str::to_owned).collect())
}

/// Measures a cold build in seconds. Downloads come first and do not count.
fn timed(application: &Path) -> anyhow::Result<f64> {
    run("cargo", &["fetch"], application)?;
    let _ = fs::remove_dir_all(application.join("target"));
    let started = Instant::now();
    run("cargo", &["build", "--offline", "--target-dir", "target"], application)?;
    Ok(started.elapsed().as_secs_f64())
}

/// Runs a program in `folder` and returns its standard output.
fn run(program: &str, arguments: &[&str], folder: &Path) -> anyhow::Result<String> {
    let local = folder.join(program);
    let mut command = if local.exists() { Command::new(local) } else { Command::new(program) };
    let output = command.args(arguments).current_dir(folder).output();
    let output = output.with_context(|| format!("cannot start `{program}`"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`{program} {}` failed: {}", arguments.join(" "), complaint.trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Returns the result of the last run of [`measure`], if there was one.
fn found(root: &Path) -> Option<Value> {
    serde_json::from_str(&fs::read_to_string(root.join(FILE)).ok()?).ok()
}

/// Returns the lines of the last run of [`measure`], or an empty list if there was no run.
///
/// # Errors
///
/// Returns an error if the file of the last run lacks a number.
pub(super) fn kept(root: &Path) -> anyhow::Result<Vec<Line>> {
    let Some(found) = found(root) else { return Ok(Vec::new()) };
    let line = |key: &str, what: &str, unit: fn(f64) -> String| {
        let value = |nth: usize| found[key][nth].as_f64().with_context(|| format!("`{FILE}` has no `{key}`"));
        let (ours, baseline) = (value(0)?, value(1)?);
        let ratio = ours / baseline;
        Ok(Line {
            what: what.to_owned(),
            beside: "openapi-generator's client".to_owned(),
            ours: unit(ours),
            baseline: unit(baseline),
            ratio: times(ratio),
            target: format!("≤ {}", times(MOST)),
            part: ratio / MOST,
        })
    };
    let lines = [
        line("crates", "crates in the default tree", |count| format!("{count}")),
        line("build", "build from nothing, unoptimised", seconds),
    ];
    lines.into_iter().collect()
}

/// Lists the crates that only our tree has, with reasons, as Markdown that ends in an empty line.
pub(super) fn reasons(root: &Path) -> String {
    let Some(found) = found(root) else {
        return "Crates and cold builds were not compared (`cargo xtask bench --cold`).\n\n".to_owned();
    };
    let extra: Vec<_> = found["extra"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut text = format!(
        "Crates that our default tree has and that of openapi-generator's client ({}, reqwest with rustls) has not:\n\n",
        GENERATOR.replace("-cli==", " ")
    );
    for (names, reason) in REASONS {
        let there: Vec<_> = names.iter().filter(|name| extra.contains(name)).map(|name| format!("`{name}`")).collect();
        if !there.is_empty() {
            text.push_str(&format!("- {}: {reason}\n", there.join(", ")));
        }
    }
    for name in extra.iter().filter(|name| !REASONS.iter().any(|(names, _)| names.contains(name))) {
        text.push_str(&format!("- `{name}`: **no reason is given**\n"));
    }
    text.push('\n');
    text
}
