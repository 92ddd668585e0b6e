//! The limits of a comparison and of its reports: what exceeds one is counted in every format.
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` is a failed test")]

use openbanking_codegen::diff::{Colour, Finding, Report, Side, Verdict, Wire, compare, github, markdown, text};
use serde_json::{Map, Value, json};

fn compared(old: &Value, new: &Value) -> Report {
    let (old, new) = (old.to_string(), new.to_string());
    compare(Side { file: "old.json", text: &old }, Side { file: "new.json", text: &new }).unwrap()
}

/// A spec with an operation that responds with a component schema.
fn spec(schema: &str, schemas: Map<String, Value>) -> Value {
    let content = json!({"application/json": {"schema": reference(schema)}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": {"/things": {"get": {
            "operationId": "things",
            "responses": {"200": {"description": "Fine.", "content": content}},
        }}},
        "components": {"schemas": schemas},
    })
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn object(properties: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let properties: Map<_, _> = properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({"type": "object", "properties": properties})
}

/// A report whose findings reach so many operations that their lists are cut.
fn cut() -> Report {
    const FINDINGS: usize = 200;
    const OPERATIONS: usize = 2_000;
    let schemas = |kind: &str| Map::from_iter([("Thing".to_owned(), json!({"type": kind}))]);
    let mut report = compared(&spec("Thing", schemas("string")), &spec("Thing", schemas("integer")));
    let one = report.findings.first().unwrap().clone();
    let findings = (0..FINDINGS).map(|nth| {
        let mut finding = one.clone();
        finding.operations = (0..OPERATIONS).map(|other| format!("GET /things/{nth:03}/parts/{other:04}")).collect();
        finding
    });
    report.findings = findings.collect();
    let report = Report::together([report]);
    assert!(report.findings.iter().all(|finding| finding.operations.len() == OPERATIONS));
    report
}

/// The names of operations in a text, and the numbers that follow a list of them.
fn listed(text: &str) -> (usize, Vec<usize>) {
    let more = text.match_indices("and ").filter_map(|(start, found)| {
        let rest = text.get(start + found.len()..)?;
        rest.split_once(" more")?.0.parse().ok()
    });
    (text.matches("/parts/").count(), more.collect())
}

#[test]
fn a_cut_list_of_operations_ends_with_the_number_of_the_others() {
    let report = cut();
    let (shown, total) = report.findings.iter().fold((0, 0), |(shown, total), finding| {
        (shown + finding.operations.listed().count(), total + finding.operations.len())
    });
    assert!(0 < shown && shown < total, "{shown} of {total}");
    let (names, more) = listed(&text(&report, Colour::Never));
    assert!(names < shown, "{names} of {shown}");
    assert_eq!(more.len(), report.findings.len());
    assert_eq!(names + more.iter().sum::<usize>(), total);
}

#[test]
fn an_annotation_has_the_number_of_operations_that_do_not_fit() {
    let report = cut();
    let page = github(&report);
    let findings: Vec<_> = page.lines().filter(|line| line.contains("reaches: ")).collect();
    assert_eq!(findings.len(), report.findings.len());
    for (line, finding) in findings.iter().zip(&report.findings) {
        let (names, more) = listed(line);
        assert!(names > 1 && more.len() == 1, "{line}");
        assert_eq!(names + more[0], finding.operations.len(), "{line}");
    }
}

#[test]
fn an_annotation_says_that_it_was_cut() {
    let mut report = cut();
    for (length, is_cut) in [(100, false), (1_500, false), (3_000, true), (10_000, true)] {
        for letter in ["a", "🏦", "%", "\u{200b}"] {
            let finding = report.findings.first_mut().unwrap();
            finding.rust_changes = vec![letter.repeat(length / letter.encode_utf16().count())];
            finding.acknowledged = Some("Accepted.".to_owned());
            let page = github(&report);
            let line = page.lines().next().unwrap();
            let message = line.splitn(3, "::").last().unwrap().replace("%0A", "\n").replace("%25", "%");
            // The runner counts UTF-16 units, and each hidden character is several visible ones.
            assert!(message.encode_utf16().count() <= 4_096, "{length} of {letter:?}");
            let is_cut = is_cut || letter == "\u{200b}" && length > 100;
            assert_eq!(message.ends_with("\n… (`cargo xtask diff` shows the rest)"), is_cut, "{length} of {letter:?}");
            assert_eq!(message.ends_with("\nacknowledged: Accepted."), !is_cut, "{length} of {letter:?}");
        }
    }
}

#[test]
fn a_cut_list_in_a_comment_ends_with_the_number_of_the_others() {
    let mut report = cut();
    // All findings are there, with the number of operations.
    let page = markdown(&report);
    assert_eq!(page.matches("in 2000 operations under /things/").count(), report.findings.len() + 60, "{page}");
    // A few have room for names.
    report.findings.truncate(3);
    let page = markdown(&report);
    let lists: Vec<_> = page.lines().filter(|line| line.contains("/parts/0000")).collect();
    assert_eq!(lists.len(), 3, "{page}");
    for line in lists {
        let (names, more) = listed(line);
        assert_eq!((names + more.iter().sum::<usize>(), more.len()), (2_000, 1), "{line}");
    }
}

#[test]
fn json_has_the_number_of_operations_beside_a_cut_list() {
    let report = cut();
    let value = serde_json::to_value(&report).unwrap();
    let findings = value["findings"].as_array().unwrap();
    for (value, finding) in findings.iter().zip(&report.findings) {
        let listed = value["operations"].as_array().unwrap().len();
        assert!(listed < finding.operations.len());
        assert_eq!(value["operations_total"], json!(finding.operations.len()));
    }
}

/// The number of schemas in a cycle. Two cycles make more than 20,000 pairs.
const CYCLE: usize = 150;

/// The length of a chain. A breadth-first comparison of two cycles ends sooner.
const CHAIN: usize = 2 * CYCLE;

/// Schemas that refer to the next one twice, or to the next one and the one after it. If the former are compared with
/// the latter, each of them meets each other one.
fn cycle(prefix: &'static str, step: usize) -> impl Iterator<Item = (String, Value)> {
    (0..CYCLE).map(move |nth| {
        let other = |step: usize| reference(&format!("{prefix}{}", (nth + step) % CYCLE));
        (format!("{prefix}{nth}"), object([("next", other(1)), ("other", other(step))]))
    })
}

/// Schemas of which each one refers to the next, and the last one to another schema.
fn chain(prefix: &'static str, last: &'static str) -> impl Iterator<Item = (String, Value)> {
    (0..CHAIN).map(move |nth| {
        let next = if nth + 1 == CHAIN { last.to_owned() } else { format!("{prefix}{}", nth + 1) };
        (format!("{prefix}{nth}"), object([("next", reference(&next))]))
    })
}

/// The schemas below `Old`, and those below `New`. They differ in an optional property, which clients may ignore, and
/// in a type at the end of a chain, which breaks them.
fn schemas() -> [Map<String, Value>; 2] {
    let old = object([("cycle", reference("A0")), ("chain", reference("C0"))]);
    let new = object([("cycle", reference("B0")), ("chain", reference("D0")), ("more", json!({"type": "string"}))]);
    let old = cycle("A", 1).chain(chain("C", "A0")).chain([("Old".to_owned(), old)]);
    let end = ("End".to_owned(), json!({"type": "integer"}));
    let new = cycle("B", 2).chain(chain("D", "End")).chain([("New".to_owned(), new), end]);
    [old.collect(), new.collect()]
}

/// A finding that some pairs were not compared, in every format, at a level that asks for a review.
fn check_skipped(report: &Report) {
    assert!(!report.findings.iter().any(|finding| finding.rule == "type-changed"), "the limit is not reached");
    let is_skipped = |finding: &&Finding| finding.rule == "other-changed" && finding.pointer == "/components/schemas";
    let finding = report.findings.iter().find(is_skipped).unwrap();
    assert_eq!((finding.wire, finding.reverse), (Wire::Potential, Wire::Potential));
    assert!(matches!(report.verdict, Verdict::Breaking | Verdict::Potential), "{:?}", report.verdict);
    assert_eq!(finding.operations.iter().collect::<Vec<_>>(), ["GET /things"]);
    let message = "uses of a schema in place of another one are not compared, since there are too many";
    assert!(finding.message.contains(message), "{finding:?}");
    for page in [text(report, Colour::Never), markdown(report), github(report)] {
        let line = page.lines().find(|line| line.contains(message));
        assert!(line.is_some(), "{page}");
        assert!(!page.starts_with("::") || line.unwrap().starts_with("::warning "), "{page}");
    }
    assert!(serde_json::to_string(report).unwrap().contains(message));
}

#[test]
fn pairs_that_are_too_many_are_a_potentially_breaking_change() {
    let [old, new] = schemas();
    check_skipped(&compared(&spec("Old", old), &spec("New", new)));
}

#[test]
fn a_swapped_schema_is_not_judged_by_some_of_its_pairs() {
    let all: Map<_, _> = schemas().into_iter().flatten().collect();
    check_skipped(&compared(&spec("Old", all.clone()), &spec("New", all)));
}
