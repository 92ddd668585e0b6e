//! Findings about a document of other people, in few lines.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};

/// Returns one line for each kind of finding, with the first place and the number of the others, and a summary. Warnings
/// come first, so that errors stand at the end, where a terminal shows them.
///
/// Our own specs have few findings, each of which is worth a line. A document of thousands of lines repeats the same
/// peculiarities.
pub fn grouped(findings: &[Finding]) -> Vec<String> {
    let mut groups: BTreeMap<(bool, usize), (&Finding, usize)> = BTreeMap::new();
    let mut order: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for finding in findings {
        let next = order.len();
        let place = *order.entry((finding.severity, finding.rule)).or_insert(next);
        let is_error = finding.severity == Severity::Error;
        groups.entry((is_error, place)).or_insert((finding, 0)).1 += 1;
    }
    let mut lines: Vec<_> = groups
        .values()
        .map(|(first, count)| {
            let mark = if first.severity == Severity::Error { "error: " } else { "" };
            match count {
                1 => format!("{mark}{first}"),
                2 => format!("{mark}{first} [and 1 more]"),
                several => format!("{mark}{first} [and {} more]", several - 1),
            }
        })
        .collect();
    let count = |severity: Severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if lines.len() < findings.len() {
        let named = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        lines.push(format!("{}, {}", named(errors, "error"), named(warnings, "warning")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pointer::Pointer;

    #[test]
    fn findings_of_one_kind_are_one_line_and_errors_come_last() {
        let finding = |severity, rule, line| {
            Finding::new(severity, "a.yaml", rule, "message", "fix").at((line, 1), Pointer::ROOT)
        };
        let all = [
            finding(Severity::Error, "bad", 1),
            finding(Severity::Warning, "odd", 2),
            finding(Severity::Warning, "rare", 3),
            finding(Severity::Warning, "odd", 4),
            finding(Severity::Warning, "odd", 5),
        ];
        let expected = [
            "a.yaml:2:1  warning: odd  message (fix) [and 2 more]",
            "a.yaml:3:1  warning: rare  message (fix)",
            "error: a.yaml:1:1  bad  message (fix)",
            "1 error, 4 warnings",
        ];
        assert_eq!(grouped(&all), expected);
        assert_eq!(grouped(&all[..1]), ["error: a.yaml:1:1  bad  message (fix)"]);
        assert!(grouped(&[]).is_empty());
    }
}
