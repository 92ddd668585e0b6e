#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use serde_json::{Value, json};

use crate::finding::Finding;
use crate::read::{Document, Source, load, load_with};
use crate::rules;

const HEAD: &str = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n";
const HEAD_1_1: &str = "overlay: 1.1.0\ninfo: {title: T, version: '1'}\nactions:\n";

fn applied(spec: &str, overlays: &[&str]) -> Result<Document, Vec<Finding>> {
    let names = ["one.yaml", "two.yaml"];
    let overlays: Vec<_> = overlays.iter().zip(names).map(|(text, file)| Source { file, text }).collect();
    load_with(Source { file: "spec.yaml", text: spec }, &overlays)
}

fn changed(head: &str, spec: &str, actions: &str) -> Value {
    applied(spec, &[&format!("{head}{actions}")]).unwrap().root.to_json()
}

fn refused(head: &str, spec: &str, actions: &str) -> Vec<(String, usize, &'static str)> {
    let findings = applied(spec, &[&format!("{head}{actions}")]).unwrap_err();
    findings.into_iter().map(|finding| (finding.file, finding.line, finding.rule)).collect()
}

#[test]
fn updates_are_merged() {
    let spec = "a: {b: 1, c: [1], d: {e: x}}\nf: {b: 2}\n";
    for (actions, expected) in [
        (
            "- {target: $.a, update: {b: two, c: [2, 3], d: {g: y}, h: null}}",
            json!({"a": {"b": "two", "c": [1, 2, 3], "d": {"e": "x", "g": "y"}, "h": null}, "f": {"b": 2}}),
        ),
        // A key without a value leaves collections as they are.
        ("- {target: $, update: {a: , f: {b: }}}", json!({"a": {"b": 1, "c": [1], "d": {"e": "x"}}, "f": {"b": null}})),
        ("- {target: $.a.c, update: [2]}", json!({"a": {"b": 1, "c": [1, [2]], "d": {"e": "x"}}, "f": {"b": 2}})),
        (
            "- {target: '$[?@.b == 2]', update: {c: 3}}\n- {target: $.f, update: {d: 4}}",
            json!({"a": {"b": 1, "c": [1], "d": {"e": "x"}}, "f": {"b": 2, "c": 3, "d": 4}}),
        ),
    ] {
        assert_eq!(changed(HEAD, spec, actions), expected, "{actions}");
    }
    assert_eq!(changed(HEAD_1_1, "a: [1]", "- {target: $.a, update: [2, 3]}"), json!({"a": [1, 2, 3]}));
    assert_eq!(changed(HEAD_1_1, "a: [1, 2]", "- {target: '$.a[*]', update: 3}"), json!({"a": [3, 3]}));
    let copied = changed(HEAD_1_1, "a: {b: 1}\nc: {d: 2}", "- {target: $.a, copy: $.c}");
    assert_eq!(copied, json!({"a": {"b": 1, "d": 2}, "c": {"d": 2}}));
}

#[test]
fn parts_are_removed() {
    let numbers: Vec<_> = (0..12).collect();
    for (spec, target, expected) in [
        ("a: {b: 1, c: 2}", "$.a.b", json!({"a": {"c": 2}})),
        ("a: [1, {b: 2}, 3, {b: 4}]", "$.a[?@.b]", json!({"a": [1, 3]})),
        ("a: {b: {b: 1}, c: {b: 2}}", "$..b", json!({"a": {"c": {}}})),
        (&format!("a: {numbers:?}"), "$.a[1:11]", json!({"a": [0, 11]})),
    ] {
        assert_eq!(
            changed(HEAD, spec, &format!("- {{target: '{target}', remove: true, update: 1}}")),
            expected,
            "{target}"
        );
    }
}

#[test]
fn positions_lead_to_the_file_that_a_value_is_from() {
    let spec = "a:\n  b: 1\n  c: 2\n";
    let one = format!("{HEAD}- target: $.a\n  update:\n    b: 3\n    d: {{e: 4}}\n");
    let two = format!("{HEAD}- target: $.a.d\n  update: {{f: 5}}\n");
    let document = applied(spec, &[&one, &two]).unwrap();
    let place = |pointer: &str| {
        let position = document.position(&crate::pointer::Pointer::parse(pointer).unwrap());
        (position.file, position.line, position.column)
    };
    assert_eq!(place("/a"), ("spec.yaml", 1, 1));
    assert_eq!(place("/a/b"), ("one.yaml", 6, 5));
    assert_eq!(place("/a/c"), ("spec.yaml", 3, 3));
    assert_eq!(place("/a/d/e"), ("one.yaml", 7, 9));
    assert_eq!(place("/a/d/f"), ("two.yaml", 5, 12));
}

#[test]
fn targets_without_effect_are_reported() {
    let document = applied("a: 1", &[&format!("{HEAD}- target: $.b\n  remove: true\n")]).unwrap();
    let [finding] = &document.warnings[..] else { panic!("{:?}", document.warnings) };
    let expected = "one.yaml:4:3  warning: overlay-without-effect  the target selects no part of the spec (compare it with \
                    the spec)";
    assert_eq!(finding.to_string(), expected);
}

#[test]
fn overlays_of_another_shape_are_refused() {
    let refused_whole = |overlay: &str| {
        let findings = applied("a: 1", &[overlay]).unwrap_err();
        findings.iter().map(|finding| (finding.line, finding.rule)).collect::<Vec<_>>()
    };
    for overlay in ["openapi: 3.0.3", "overlay: 1", "overlay: 2.0.0\nactions: 1", "[]", "overlay: []"] {
        assert_eq!(refused_whole(overlay), [(1, rules::BAD_OVERLAY)], "{overlay}");
    }
    let faults = "overlay: 1.0.0\nactions: []\nothers: 1\n";
    assert_eq!(refused_whole(faults), [1, 1, 2, 3].map(|line| (line, rules::BAD_OVERLAY)));
    for actions in [
        "- 1",
        "- {update: {}}",
        "- {target: $}",
        "- {target: 1, update: {}}",
        "- {target: $, update: {}, remove: 1}",
        "- {target: $, udpate: {}, update: {}}",
        "- {target: $, update: {}, copy: $.a}",
    ] {
        assert_eq!(refused(HEAD, "a: 1", actions), [("one.yaml".to_owned(), 4, rules::BAD_OVERLAY)], "{actions}");
    }
    let both = refused(HEAD_1_1, "a: 1", "- {target: $, update: {}, copy: $.a}");
    assert_eq!(both, [("one.yaml".to_owned(), 4, rules::BAD_OVERLAY)]);
    assert_eq!(load("a.yaml", "a: [").unwrap_err()[0].rule, rules::NOT_YAML);
    assert_eq!(refused_whole("a: ["), [(2, rules::NOT_YAML)]);
}

#[test]
fn targets_that_are_no_json_path_are_refused() {
    let deep = format!("$[?{}@.a{}]", "@[?".repeat(200), "]".repeat(200));
    for target in ["paths", "", " $", "$.x-y", "$[", &deep, &format!("$.{}", "a".repeat(2_000)), "$"] {
        let rule = refused(HEAD, "a: 1", &format!("- {{target: '{target}', remove: true}}"));
        assert_eq!(rule, [("one.yaml".to_owned(), 4, rules::OVERLAY_TARGET)], "{target}");
    }
    let several = refused(HEAD_1_1, "a: {}\nb: {}", "- {target: $.a, copy: '$[*]'}");
    assert_eq!(several, [("one.yaml".to_owned(), 4, rules::OVERLAY_TARGET)]);
}

#[test]
fn values_of_another_kind_are_not_merged() {
    for (head, actions) in [
        (HEAD, "- {target: $, update: {a: [1]}}"),
        (HEAD, "- {target: $, update: {b: 1}}"),
        (HEAD, "- {target: $, update: {b: {}}}"),
        (HEAD, "- {target: $.c, update: 1}"),
        (HEAD, "- {target: $.a, update: 1}"),
        (HEAD_1_1, "- {target: $.a, update: {}}"),
    ] {
        let rule = refused(head, "a: 1\nb: []\nc: {}\n", actions);
        assert_eq!(rule, [("one.yaml".to_owned(), 4, rules::OVERLAY_MISMATCH)], "{actions}");
    }
}

#[test]
fn a_few_lines_cannot_fill_the_memory() {
    let doubling = "- {target: $..*, copy: $.a}\n".repeat(40);
    let rules: Vec<_> =
        refused(HEAD_1_1, "a: {b: {}, c: {}}", &doubling).into_iter().map(|(_, _, rule)| rule).collect();
    assert!(rules == [rules::TOO_LARGE] || rules == [rules::TOO_DEEP], "{rules:?}");
    let nested = format!("{}1{}", "{a: ".repeat(60), "}".repeat(60));
    let target = format!("${}", ".a".repeat(30));
    let actions = format!("- {{target: {target}, update: {{b: {nested}}}}}");
    assert_eq!(refused(HEAD, &format!("a: {nested}"), &actions)[0].2, rules::TOO_DEEP);
}
