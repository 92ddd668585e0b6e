//! The results of a run as Markdown, with one line for each fault.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use crate::cell::Outcome;
use crate::ours::{EnableBanking, Op, Tilisy};
use crate::runner::{Outcomes, Row};
use crate::subject::Subject;
use crate::table::{Fault, Load, Play, faults};

/// The table of a client.
pub(crate) fn markdown(client: &str, outcomes: &Outcomes) -> String {
    let mut text = format!("| # | Fault | {client} | Attempts | Beside that |\n| --- | --- | --- | --- | --- |\n");
    for fault in faults() {
        let rows: Vec<&Row> = outcomes.rows.iter().filter(|row| row.fault.id == fault.id).collect();
        if !rows.is_empty() {
            let (outcome, attempts, notes) = (outcome(&rows), attempts(&rows), notes(&rows));
            let _ = writeln!(text, "| {} | {} | {outcome} | {attempts} | {notes} |", fault.id, fault.name);
        }
    }
    let sound = outcomes.rows.iter().filter(|row| row.failed.is_empty()).count();
    let (cells, none) = (outcomes.rows.len(), outcomes.inapplicable.len());
    let _ = writeln!(text, "\n{cells} cells, of which {sound} pass; {none} more do not apply:\n");
    for (reason, cells) in inapplicable(outcomes) {
        let _ = writeln!(text, "- {reason}: {cells}.");
    }
    text
}

/// Prints the results of a bare client beside the expected ones of our clients.
#[cfg(not(test))]
pub(crate) fn side_by_side(bare: &Outcomes) -> String {
    let mut text = String::from("| # | Fault | Bare progenitor | Attempts | Beside that |");
    CLIENTS.iter().for_each(|(name, _)| text.push_str(&format!(" `{name}` | Attempts |")));
    let _ = writeln!(text, "\n| --- | --- | --- | --- | --- |{}", " --- | --- |".repeat(CLIENTS.len()));
    for fault in faults() {
        let rows: Vec<&Row> = bare.rows.iter().filter(|row| row.fault.id == fault.id).collect();
        let (outcome, attempts, notes) = (outcome(&rows), attempts(&rows), notes(&rows));
        let ours = documented(fault);
        let _ = writeln!(text, "| {} | {} | {outcome} | {attempts} | {notes} | {ours} |", fault.id, fault.name);
    }
    text
}

type OfFault = fn(&Fault) -> String;

/// The clients that the document has columns for.
const CLIENTS: [(&str, OfFault); 3] = [
    ("tilisy-client", expected::<Tilisy>),
    ("enablebanking-client", expected::<EnableBanking>),
    ("op-client", expected::<Op>),
];

/// The columns of a fault for all these clients.
pub(crate) fn documented(fault: &Fault) -> String {
    CLIENTS.map(|(_, expected)| expected(fault)).join(" | ")
}

/// Returns the expected result of a fault and the number of attempts: two cells of a line, for all operations together.
pub(crate) fn expected<S: Subject>(fault: &Fault) -> String {
    let applicable = S::operations().filter(|operation| (fault.stage)(*operation).is_ok());
    let all: Vec<_> = applicable.map(|operation| S::expected(fault, operation)).collect();
    let outcome = counted(all.iter().map(|expected| {
        let told = expected.outcomes.iter().map(|class| match (*class, expected.bad_rows) {
            ("good", 0) => "answer".to_owned(),
            ("good", _) => "answer, its bad row reported".to_owned(),
            (class, _) => format!("`{class}`"),
        });
        told.collect::<Vec<_>>().join(" or ")
    }));
    let attempts = counted(all.iter().map(|expected| match (fault.play, &expected.attempts) {
        // As many as there may be connections on this machine.
        (Play::Crowd(_), _) => "1 each, with one token".to_owned(),
        (_, Some(attempts)) if attempts.start() == attempts.end() => attempts.start().to_string(),
        (_, Some(attempts)) => format!("{} to {}", attempts.start(), attempts.end()),
        (_, None) => "any".to_owned(),
    }));
    format!("{outcome} | {attempts}")
}

/// The cells that there are not, by their reasons.
fn inapplicable(outcomes: &Outcomes) -> BTreeMap<&'static str, String> {
    let mut reasons: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for cell in &outcomes.inapplicable {
        reasons.entry(cell.reason).or_default().entry(cell.fault.id).or_default().push(cell.operation.id());
    }
    let told = |(reason, faults): (&'static str, BTreeMap<&str, Vec<&str>>)| {
        let faults: Vec<_> = faults.iter().map(|(id, names)| format!("{id} × {}", names.join(", "))).collect();
        (reason, faults.join("; "))
    };
    reasons.into_iter().map(told).collect()
}

/// The values with how often each came, where there are several.
fn counted(values: impl Iterator<Item = String>) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    match counts.len() {
        0 => "–".to_owned(),
        1 => counts.into_keys().collect(),
        _ => counts.iter().map(|(value, count)| format!("{count} × {value}")).collect::<Vec<_>>().join(", "),
    }
}

fn outcome(rows: &[&Row]) -> String {
    counted(rows.iter().map(|row| match &row.observed.outcome {
        Outcome::Good { bad_rows: 0, .. } => "answer".to_owned(),
        Outcome::Good { .. } => "answer without the bad rows".to_owned(),
        Outcome::Failed { class, status: None, .. } => format!("`{class}`"),
        Outcome::Failed { class, status: Some(status), .. } => format!("`{class}` {status}"),
        Outcome::Panicked => "**panic**".to_owned(),
        Outcome::Hung => "**hangs**".to_owned(),
    }))
}

fn attempts(rows: &[&Row]) -> String {
    counted(rows.iter().map(|row| row.observed.attempts.to_string()))
}

fn notes(rows: &[&Row]) -> String {
    let mut notes = Vec::new();
    let of = |count: usize| if count == rows.len() { String::new() } else { format!(" ({count} of {})", rows.len()) };
    let count = |is: &dyn Fn(&&&Row) -> bool| rows.iter().filter(is).count();

    let names = |pick: fn(&Row) -> &Vec<String>| {
        let mut names: Vec<_> = rows.iter().flat_map(|row| pick(row)).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    };
    let leaking = count(&|row| !row.observed.leaks.is_empty());
    if leaking > 0 {
        notes.push(format!("prints {}{}", names(|row| &row.observed.leaks), of(leaking)));
    }
    let longest = rows.iter().map(|row| row.observed.text).max().unwrap_or_default();
    if longest > 64 * 1024 {
        notes.push(format!("texts over {} KiB", longest / 1024));
    }
    let lost = count(&|row| is_status_lost(row));
    if lost > 0 {
        notes.push(format!("status lost{}", of(lost)));
    }
    let retryable = |row: &Row| matches!(row.observed.outcome, Outcome::Failed { retryable: true, .. });
    match count(&|row| retryable(row) && row.operation.is_post()) {
        0 => {}
        _ => notes.push("called retryable, a POST too".to_owned()),
    }
    let elsewhere = rows.iter().map(|row| row.observed.elsewhere).max().unwrap_or_default();
    if elsewhere > 0 {
        let carried = names(|row| &row.observed.carried);
        let following = of(count(&|row| row.observed.elsewhere > 0));
        notes.push(format!("followed{following}; {elsewhere} request at the other host, with {carried}"));
    }
    if let Some(peak) = rows.iter().filter_map(|row| row.observed.peak).max() {
        notes.push(format!("{peak} MiB"));
    }
    let longest = rows.iter().map(|row| row.observed.elapsed).max().unwrap_or_default();
    let is_light = rows.iter().all(|row| row.fault.load == Load::Light);
    if longest > Duration::from_millis(if is_light { 500 } else { 2000 }) {
        notes.push(format!("{:.1} s", longest.as_secs_f64()));
    }
    let unseen = count(&|row| !row.observed.happened);
    if unseen > 0 {
        notes.push(format!("**not seen by the server**{}", of(unseen)));
    }
    notes.join("; ")
}

/// Returns whether the response had an error status that the error does not know.
fn is_status_lost(row: &Row) -> bool {
    let answered = row.observed.notes.iter().filter_map(|note| note.strip_prefix("answered "));
    let is_error = answered.filter_map(|status| status.parse::<u16>().ok()).any(|status| status >= 400);
    is_error && matches!(row.observed.outcome, Outcome::Failed { status: None, .. })
}
