//! The differences that are accepted, each with its reason.

mod table;

use std::collections::BTreeSet;

use crate::request::{Mismatch, Part};

pub use self::table::DIFFERENCES;

/// A difference that is accepted.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Difference {
    /// The document.
    pub document: &'static str,
    /// The operation's id.
    pub operation: &'static str,
    /// The case in which the sent requests differ, or an empty text for a difference between the descriptions.
    pub case: &'static str,
    /// The part of the request.
    pub part: Part,
    /// Who is right.
    pub right: Right,
    /// The reason why the requests differ, and why one of them is right.
    pub reason: &'static str,
}

/// The side that is right about a request.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Right {
    /// Our client.
    Ours,
    /// progenitor's client.
    Theirs,
    /// Both, because the requests mean the same.
    Both,
}

/// Returns whether progenitor is known to refuse an operation.
pub fn is_refused(document: &str, operation: &str) -> bool {
    let is_it = |row: &Difference| (row.document, row.operation) == (document, operation);
    DIFFERENCES.iter().any(|row| is_it(row) && row.case.is_empty() && row.part == Part::Request)
}

/// Sorts differences into those that are accepted and those that are not.
#[derive(Debug)]
pub struct Ledger {
    accepted: Vec<&'static Difference>,
    used: BTreeSet<&'static Difference>,
    unlisted: Vec<String>,
    /// The number of requests that were compared.
    pub comparisons: usize,
}

impl Ledger {
    /// Creates a ledger for the descriptions of requests, whose accepted differences have no case.
    pub fn of_descriptions() -> Self {
        Self::new(DIFFERENCES.iter().filter(|row| row.case.is_empty()))
    }

    /// Creates a ledger for requests that are sent, whose accepted differences have a case.
    pub fn of_calls() -> Self {
        Self::new(DIFFERENCES.iter().filter(|row| !row.case.is_empty()))
    }

    /// Creates a ledger that accepts these differences.
    pub fn new(accepted: impl IntoIterator<Item = &'static Difference>) -> Self {
        let accepted = accepted.into_iter().collect();
        Self { accepted, used: BTreeSet::new(), unlisted: Vec::new(), comparisons: 0 }
    }

    /// Notes that the requests of an operation were compared, and in which parts they differ.
    pub fn compare(&mut self, document: &str, operation: &str, case: &str, mismatches: Vec<Mismatch>) {
        self.comparisons += 1;
        for Mismatch { part, ours, theirs } in mismatches {
            let key = (document, operation, case, part);
            let is_it = |row: &&&Difference| (row.document, row.operation, row.case, row.part) == key;
            match self.accepted.iter().find(is_it) {
                Some(row) => drop(self.used.insert(row)),
                None => self
                    .unlisted
                    .push(format!("{document} {operation} {case:?} {part:?}\n  ours:   {ours}\n  theirs: {theirs}")),
            }
        }
    }

    /// Returns a message for every difference that is not accepted, and for every accepted one that was not met.
    pub fn complaints(&self) -> Vec<String> {
        let unused = self.accepted.iter().filter(|row| !self.used.contains(*row));
        self.unlisted.iter().cloned().chain(unused.map(|row| format!("not met: {row:?}"))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::mismatch;

    const ROWS: &[Difference] =
        &[Difference { document: "d", operation: "o", case: "c", part: Part::Body, right: Right::Ours, reason: "" }];

    fn check(operation: &str, part: Part, complaints: &[&str]) {
        let mut ledger = Ledger::new(ROWS);
        ledger.compare("d", operation, "c", Vec::from_iter(mismatch(part, &1, &2)));
        let found = ledger.complaints();
        assert_eq!(found.len(), complaints.len(), "{found:?}");
        assert!(found.iter().zip(complaints).all(|(found, start)| found.starts_with(start)), "{found:?}");
    }

    #[test]
    fn a_difference_is_accepted_only_in_its_part_of_its_operation() {
        check("o", Part::Body, &[]);
        check("o", Part::Target, &["d o \"c\" Target", "not met"]);
        check("other", Part::Body, &["d other \"c\" Body", "not met"]);
    }

    #[test]
    fn an_accepted_difference_that_is_not_met_is_reported() {
        let mut ledger = Ledger::new(ROWS);
        ledger.compare("d", "o", "c", Vec::new());
        assert_eq!(ledger.complaints().len(), 1);
        assert_eq!(Ledger::new([]).complaints(), [""; 0]);
    }
}
