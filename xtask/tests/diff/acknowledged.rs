//! Acknowledged changes.

use std::path::PathBuf;

use openbanking_codegen::diff::{Verdict, Why};
use xtask::Outcome;
use xtask::diff::{Arguments, FailOn, Options, outcome};

use crate::{Repository, SPEC, TILISY, at, breaking, compared, faults, rules};

const FILE: &str = "spec/acknowledged.yaml";

const POINTER: &str = "/components/schemas/Thing/properties/name/type";

/// Returns an entry for the finding of `breaking`.
fn entry(until: &str) -> String {
    format!("- rule: type-changed\n  pointer: {POINTER}\n  reason: Nobody reads it.\n  until: '{until}'\n")
}

/// Returns the arguments that name a file of acknowledged changes.
fn accepted(file: PathBuf) -> Options {
    Options { acknowledged: Some(file), ..Options::default() }
}

fn reason(comparison: &xtask::diff::Comparison) -> Option<&str> {
    comparison.report.findings[0].acknowledged.as_deref()
}

#[test]
fn what_is_accepted_does_not_fail_and_stays_in_the_verdict() {
    let repository = Repository::new();
    repository.write(TILISY, breaking());
    assert_eq!(outcome(&repository.compare("").report, FailOn::Breaking), Outcome::Findings);
    repository.write(FILE, format!("# Accepted.\n{}", entry("2.0.0")));
    let comparison = repository.compare("");
    assert_eq!(rules(&comparison), ["type-changed"]);
    assert_eq!(reason(&comparison), Some("Nobody reads it."));
    assert_eq!(comparison.report.verdict, Verdict::Breaking);
    assert_eq!(comparison.report.unused_acknowledgements, Vec::new());
    for fail_on in [FailOn::Breaking, FailOn::Potential, FailOn::Any] {
        assert_eq!(outcome(&comparison.report, fail_on), Outcome::Fine);
    }
}

#[test]
fn other_findings_fail_all_the_same() {
    let repository = Repository::new();
    repository.write(TILISY, breaking().replace("Fine.", "Good."));
    repository.write(FILE, entry("2.0.0"));
    let report = repository.compare("").report;
    assert_eq!(outcome(&report, FailOn::Potential), Outcome::Fine);
    assert_eq!(outcome(&report, FailOn::Any), Outcome::Findings);
}

#[test]
fn the_newer_side_says_what_is_accepted() {
    let repository = Repository::new();
    repository.write(FILE, "# Nothing yet.\n");
    repository.edition(&breaking());
    repository.git(&["tag", "open"]);
    repository.write(FILE, entry("2.0.0"));
    repository.commit();
    repository.git(&["tag", "accepted"]);
    let told = |revisions: &str| reason(&repository.compare(revisions)).is_some();
    assert!(!told("open~1..open"));
    assert!(told("open~1..accepted"));
    assert!(told("open~1...accepted"));
    assert!(told("open~1"));
    // The older side acknowledges the change, and the newer one no longer does.
    assert!(!told("accepted..open~1"));
    repository.remove(FILE);
    assert!(!told("open~1"));
    assert!(told("open~1..accepted"));
}

#[test]
fn a_named_file_stands_in_for_the_one_beside() {
    let repository = Repository::new();
    repository.write(TILISY, breaking());
    repository.write(FILE, entry("2.0.0"));
    repository.write("mine.yaml", "# Nothing.\n");
    let arguments = |name: &str| Arguments { options: accepted(repository.path(name)), ..at("") };
    assert_eq!(reason(&compared(repository.root(), &arguments("mine.yaml"))), None);
    repository.write("mine.yaml", entry("2.0.0").replace("Nobody reads it", "Mine"));
    assert_eq!(reason(&compared(repository.root(), &arguments("mine.yaml"))), Some("Mine."));
    let said = crate::error(repository.root(), &arguments("missing.yaml"));
    assert!(said.starts_with("cannot read `") && said.contains("missing.yaml"), "{said}");
}

#[test]
fn a_named_file_stands_in_for_one_that_cannot_be_read() {
    let repository = Repository::new();
    repository.write(FILE, b"\xff");
    repository.write("mine.yaml", "# Nothing.\n");
    assert!(repository.error("").contains(FILE), "{}", repository.error(""));
    let arguments = Arguments { options: accepted(repository.path("mine.yaml")), ..at("") };
    assert_eq!(rules(&compared(repository.root(), &arguments)), Vec::<&str>::new());
}

#[test]
fn files_have_theirs_beside_the_newer_one() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path: PathBuf = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        Some(path)
    };
    let (base, head) = (write("old/spec.yaml", SPEC), write("new/spec.yaml", &breaking()));
    let arguments = Arguments { base, head, ..Arguments::default() };
    write("old/acknowledged.yaml", "- nonsense\n");
    assert_eq!(reason(&compared(folder.path(), &arguments)), None);
    write("new/acknowledged.yaml", &entry("2.0.0"));
    assert!(reason(&compared(folder.path(), &arguments)).is_some());
    write("new/acknowledged.yaml", "- nonsense\n");
    let found = faults(folder.path(), &arguments);
    assert!(found[0].contains("acknowledged.yaml:1:3  malformed-acknowledgement"), "{found:?}");
    let options = accepted(write("mine.yaml", &entry("2.0.0")).unwrap());
    assert!(reason(&compared(folder.path(), &Arguments { options, ..arguments })).is_some());
}

#[test]
fn an_entry_may_name_its_spec() {
    let repository = Repository::new();
    repository.write(TILISY, breaking());
    for (spec, is_it) in [("tilisy.yaml", true), ("other.yaml", false), ("spec/tilisy.yaml", false)] {
        repository.write(FILE, format!("{}  spec: {spec}\n", entry("2.0.0")));
        assert_eq!(reason(&repository.compare("")).is_some(), is_it, "{spec}");
    }
}

#[test]
fn entries_that_acknowledge_nothing_are_reported() {
    let repository = Repository::new();
    repository.write(TILISY, breaking().replace("version: 1.0.0", "version: 2.0.0"));
    let other = entry("3.0.0").replace("type-changed", "format-changed");
    let misplaced = entry("3.0.0").replace("properties/name", "properties/other");
    repository.write(FILE, format!("# A comment.\n{other}{}{misplaced}", entry("2.0.0")));
    let report = repository.compare("").report;
    let left: Vec<_> = report.unused_acknowledgements.iter().map(|left| (left.why, left.place.as_str())).collect();
    let expected = [
        (Why::Unused, "spec/acknowledged.yaml:2"),
        (Why::Expired, "spec/acknowledged.yaml:6"),
        (Why::Unused, "spec/acknowledged.yaml:10"),
    ];
    assert_eq!(left, expected);
    assert_eq!(report.findings[0].acknowledged, None);
    assert_eq!(outcome(&report, FailOn::Breaking), Outcome::Findings);
    // Unused entries alone do not fail.
    repository.write(TILISY, SPEC);
    repository.write(FILE, other);
    let report = repository.compare("").report;
    assert_eq!(report.unused_acknowledgements.len(), 1);
    assert_eq!(outcome(&report, FailOn::Any), Outcome::Fine);
}

#[test]
fn an_entry_counts_until_its_version_and_no_longer() {
    let repository = Repository::new();
    for (version, until, counts) in [
        ("1.0.0", "1.0.1", true),
        ("1.0.0", "1.0.0", false),
        ("1.9.0", "1.10.0", true),
        ("1.10.0", "1.9.0", false),
        ("2.0.0-rc.1", "2.0.0", true),
        ("v1", "2", true),
        ("v2", "2", false),
    ] {
        repository.write(TILISY, breaking().replace("version: 1.0.0", &format!("version: {version}")));
        repository.write(FILE, entry(until));
        assert_eq!(reason(&repository.compare("")).is_some(), counts, "{version} with {until}");
    }
}

#[test]
fn a_version_that_cannot_be_compared_is_told() {
    let repository = Repository::new();
    repository.write(TILISY, breaking().replace("version: 1.0.0", "version: spring"));
    repository.write(FILE, format!("\n{}", entry("2.0.0")));
    let found = repository.faults("");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("spec/acknowledged.yaml:2:1  malformed-acknowledgement  "), "{found:?}");
    assert!(found[0].contains("`version: spring`"), "{found:?}");
}

/// Malformed files, and the start of the finding for each.
const MALFORMED: &[(&str, &str)] = &[
    ("rule: type-changed\n", "1:1  malformed-acknowledgement  this is no list of acknowledgements"),
    ("just words\n", "1:1  malformed-acknowledgement  this is no list of acknowledgements"),
    ("- [\n", ":"),
    ("- rule: a\n  rule: b\n", "2:"),
    ("- just words\n", "1:3  malformed-acknowledgement  "),
    ("-\n", "1:"),
    (
        "# One.\n- {pointer: /a, reason: b, until: '1'}\n",
        "2:3  malformed-acknowledgement  an acknowledgement needs `rule`",
    ),
    (
        "- {rule: type-changed, reason: b, until: '1'}\n",
        "1:3  malformed-acknowledgement  an acknowledgement needs `pointer`",
    ),
    (
        "- {rule: type-changed, pointer: /a, until: '1'}\n",
        "1:3  malformed-acknowledgement  an acknowledgement needs `reason`",
    ),
    (
        "- {rule: type-changed, pointer: /a, reason: b}\n",
        "1:3  malformed-acknowledgement  an acknowledgement needs `until`",
    ),
    (
        "- rule: type-changed\n  pointer: /a\n  reason: ' '\n  until: '1'\n",
        "3:3  malformed-acknowledgement  an acknowledgement needs `reason`",
    ),
    (
        "- rule: type-changed\n  pointer: /a\n  reason: b\n  until: 1.5\n",
        "4:3  malformed-acknowledgement  an acknowledgement needs `until`",
    ),
    (
        "- rule: type-changed\n  pointer: /a\n  reason: b\n  until: later\n",
        "4:3  malformed-acknowledgement  `later` is no semantic version",
    ),
    (
        "- rule: type-changed\n  pointer: a/b\n  reason: b\n  until: '1'\n",
        "2:3  malformed-acknowledgement  `a/b` is no JSON pointer",
    ),
    (
        "- rule: type-change\n  pointer: /a\n  reason: b\n  until: '1'\n",
        "1:3  unknown-rule  there is no rule `type-change` (did you mean `type-changed`?)",
    ),
    (
        "- rule: x\n  pointer: /a\n  reason: b\n  until: '1'\n",
        "1:3  unknown-rule  there is no rule `x` (copy the rule of the finding)",
    ),
    (
        "- rule: type-changed\n  pointer: /a\n  reason: b\n  until: '1'\n  spec: 3\n",
        "5:3  malformed-acknowledgement  an acknowledgement needs `spec`",
    ),
    (
        "- rule: type-changed\n  pointer: /a\n  reason: b\n  until: '1'\n  note: c\n",
        "5:3  malformed-acknowledgement  the key `note` means nothing here",
    ),
];

#[test]
fn a_malformed_file_is_told_line_by_line() {
    let repository = Repository::new();
    for (text, expected) in MALFORMED {
        repository.write(FILE, text);
        let found = repository.faults("");
        let rest = found[0].strip_prefix("spec/acknowledged.yaml:");
        let is_place = rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
        assert!(is_place && found[0].contains(expected), "{text}{found:#?}");
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let repository = Repository::new();
    repository.write(FILE, format!("- rule: type-changed\n{}- {{rule: x, note: y}}\n", entry("later")));
    let found = repository.faults("");
    let lines: Vec<_> = found.iter().map(|fault| fault.split(':').nth(1).unwrap()).collect();
    assert_eq!(lines, ["1", "1", "1", "5", "6", "6", "6", "6", "6"], "{found:#?}");
    assert!(found.iter().any(|fault| fault.contains("there is no rule `x`")), "{found:#?}");
}

#[test]
fn a_file_of_comments_accepts_nothing_and_complains_of_nothing() {
    let repository = Repository::new();
    for text in ["", "\n", "# Nothing yet.\n", "[]\n", "\u{feff}# Nothing.\n"] {
        repository.write(FILE, text);
        assert_eq!(rules(&repository.compare("")), Vec::<&str>::new(), "{text:?}");
    }
}
