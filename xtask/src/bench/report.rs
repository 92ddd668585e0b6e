//! The table in Markdown, and the page that contains it.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;

use super::line::Line;
use crate::bench::cold;

/// Formats the lines as a Markdown table.
pub(super) fn table(lines: &[Line]) -> String {
    let mut table = String::from(
        "| what | beside | ours | baseline | ratio | target | |\n| --- | --- | ---: | ---: | ---: | ---: | --- |",
    );
    for line in lines {
        let Line { what, beside, ours, baseline, ratio, target, .. } = line;
        let word = if line.is_met() { "met" } else { "**not met**" };
        let _ = write!(table, "\n| {what} | {beside} | {ours} | {baseline} | {ratio} | {target} | {word} |");
    }
    table
}

/// Returns the text of `BENCHMARKS.md`: the table and how it was measured. The part after the mark is written by hand,
/// and is kept.
///
/// # Errors
///
/// Returns an error if the version of the compiler cannot be determined.
pub(super) fn page(root: &Path, lines: &[Line]) -> anyhow::Result<String> {
    const MARK: &str = "<!-- written by hand from here on -->";
    let old = std::fs::read_to_string(root.join("BENCHMARKS.md")).unwrap_or_default();
    let kept = old.split_once(MARK).map_or("\n", |(_, kept)| kept);
    let met = lines.iter().filter(|line| line.is_met()).count();
    let machine = machine()?;
    let date = date(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
    let (count, table, cold) = (lines.len(), table(lines), cold::reasons(root));
    Ok(format!(
        "# Benchmarks\n\n\
         <!-- The part up to the next mark is written by `cargo xtask bench`. -->\n\n\
         What our code costs beside what its users would write otherwise. {met} of {count} targets are met.\n\n\
         ![How much of its target each measurement uses](benchmarks.svg)\n\n\
         {table}\n\n\
         Measured on {date}, on {machine}. Other work ran on the same machine now and then: the ratios say more than \
         the times.\n\n\
         {cold}{MARK}{kept}"
    ))
}

/// Describes this machine.
fn machine() -> anyhow::Result<String> {
    let output = Command::new("rustc").arg("--version").output().context("cannot start `rustc`")?;
    let version = String::from_utf8_lossy(&output.stdout);
    let version = version.split(' ').nth(1).context("rustc does not tell its version")?;
    let cores = std::thread::available_parallelism()?;
    let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    Ok(format!("{cores} virtual cores ({processor}, {system}), with rustc {version}"))
}

/// Returns the UTC date of a time after 1970. The calculation starts years in March, so that a leap day is the last day.
fn date(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{}-{month:02}-{day:02}", era * 400 + year + next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_735_603_200, "2024-12-31"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(date(seconds), expected);
        }
    }
}
