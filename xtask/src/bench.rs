//! `cargo xtask bench`: what our code costs beside what users would write otherwise, as a table, a page and a plot.

mod cold;
mod line;
mod measure;
mod plot;
mod report;
mod rows;

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use self::line::Line;
use self::rows::{ROWS, Row};
use crate::Outcome;

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Rows by name (`decode`, `call`, …); all where none is given. A choice is printed and not written.
    #[arg(value_name = "ROW")]
    rows: Vec<String>,
    /// One round with few samples, which is printed and not written.
    #[arg(long)]
    quick: bool,
    /// Compare crates and a build from nothing with openapi-generator's Rust client. Needs Java, npm and a network; the
    /// next run without this option has it in the table.
    #[arg(long, conflicts_with_all = ["rows", "quick"])]
    cold: bool,
}

/// Measures, prints the table, and writes `BENCHMARKS.md` and `benchmarks.svg` where all of it was measured.
///
/// A target that is not met is no failure: the table says so.
///
/// # Errors
///
/// A name that no row has, and benchmarks that cannot be built, run or read.
pub fn run(
    root: &Path,
    arguments: &Arguments,
    say: &mut dyn FnMut(String),
    progress: &mut dyn FnMut(String),
) -> anyhow::Result<Outcome> {
    if arguments.cold {
        let lines = cold::measure(root, progress)?;
        say(report::table(&lines));
        return Ok(Outcome::Fine);
    }
    for name in &arguments.rows {
        let named = ROWS.iter().any(|row| row.name == name);
        ensure!(named, "no row is called `{name}` (there are: {})", names().join(", "));
    }
    let is_chosen = |row: &&Row| arguments.rows.is_empty() || arguments.rows.iter().any(|name| name == row.name);
    let rows: Vec<Row> = ROWS.iter().filter(is_chosen).copied().collect();
    let found = measure::run(root, &rows, arguments.quick, progress)?;
    let mut lines: Vec<Line> = rows.iter().zip(found).map(|(row, found)| Line::new(row, found)).collect();
    let is_whole = arguments.rows.is_empty() && !arguments.quick;
    if is_whole {
        lines.extend(cold::kept(root)?);
    }
    say(report::table(&lines));
    if is_whole {
        write(root, "BENCHMARKS.md", &report::page(root, &lines)?)?;
        write(root, "benchmarks.svg", &plot::plot(&lines))?;
    }
    Ok(Outcome::Fine)
}

fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = ROWS.iter().map(|row| row.name).collect();
    names.dedup();
    names
}

fn write(root: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    fs::write(root.join(name), text).with_context(|| format!("cannot write `{name}`"))
}
