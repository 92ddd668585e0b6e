//! `cargo xtask bench`: compares the cost of our code with that of the alternatives, as a table, a page and a plot.

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

/// The command line of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Rows to measure, by name (`decode`, `call`, …) [default: all]. The result of a choice is printed, not written.
    #[arg(value_name = "ROW")]
    rows: Vec<String>,
    /// Run one round with few samples; the result is printed, not written.
    #[arg(long)]
    quick: bool,
    /// Compare the number of crates and the time of a cold build with openapi-generator's Rust client. Needs Java, npm
    /// and a network; the next run without this option includes the result in its table.
    #[arg(long, conflicts_with_all = ["rows", "quick"])]
    cold: bool,
}

/// Measures the rows, prints the table, and writes `BENCHMARKS.md` and `benchmarks.svg` if all rows were measured.
///
/// A missed target shows in the table and does not make the command fail.
///
/// # Errors
///
/// Returns an error if a row does not exist, or if a benchmark cannot be built, run or read.
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
