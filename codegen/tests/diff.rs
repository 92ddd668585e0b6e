//! Every rule on every pair of editions, forwards and backwards.
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use openbanking_codegen::diff::{
    Bump, Colour, Direction, Finding, Report, Rust, Side, Verdict, Wire, added, compare, github, markdown, removed,
    rules, text,
};
use serde_json::{Value, json};

const FEATURES: &str = include_str!("specs/features.yaml");

/// A folder with two editions of a tiny spec, named after a rule that it shows and, behind a dot, what is odd about it.
struct Pair {
    name: String,
    /// Empty where the spec is new.
    old: String,
    /// A comment alone where the spec is gone.
    new: String,
    /// The rules that the first line of the new edition lists.
    expected: BTreeSet<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff")
}

fn pairs() -> Vec<Pair> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let new = fs::read_to_string(path.join("new.yaml")).unwrap();
        let first = new.lines().next().unwrap().strip_prefix("# expect:").unwrap();
        Pair {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            old: fs::read_to_string(path.join("old.yaml")).unwrap(),
            expected: first.split_whitespace().map(str::to_owned).collect(),
            new,
        }
    };
    let mut pairs: Vec<_> = fs::read_dir(folder()).unwrap().map(read).collect();
    pairs.sort_by(|a, b| a.name.cmp(&b.name));
    pairs
}

fn pair(name: &str) -> Pair {
    pairs().into_iter().find(|pair| pair.name == name).unwrap()
}

fn report(old: &str, new: &str) -> Report {
    let (base, head) = (Side { file: "old.yaml", text: old }, Side { file: "new.yaml", text: new });
    let is_spec = |text: &str| text.lines().any(|line| !line.starts_with('#'));
    match (is_spec(old), is_spec(new)) {
        (false, _) => added(head).unwrap(),
        (_, false) => removed(base).unwrap(),
        _ => compare(base, head).unwrap(),
    }
}

fn rules_of(report: &Report) -> BTreeSet<String> {
    report.findings.iter().map(|finding| finding.rule.to_owned()).collect()
}

fn mirrored(ids: &BTreeSet<String>) -> BTreeSet<String> {
    ids.iter().map(|id| rules::find(id).unwrap().inverse.to_owned()).collect()
}

/// The first finding of a rule, between the two editions of its pair.
fn finding(name: &str) -> Finding {
    let Pair { old, new, .. } = pair(name);
    let found: Vec<_> = report(&old, &new).findings.into_iter().filter(|finding| finding.rule == name).collect();
    found.into_iter().next().unwrap_or_else(|| panic!("no finding of {name}"))
}

#[test]
fn every_rule_has_a_pair() {
    let names: BTreeSet<_> = pairs().into_iter().map(|pair| pair.name).collect();
    // The last net is empty where it should be.
    let missing: Vec<_> = rules::RULES
        .iter()
        .map(|rule| rule.id)
        .filter(|id| !names.contains(*id) && *id != "rust-code-changed")
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn every_pair_shows_what_it_says() {
    let mut wrong = Vec::new();
    for pair in pairs() {
        let found = rules_of(&report(&pair.old, &pair.new));
        if found != pair.expected {
            wrong.push(format!("{}: {found:?}, expected {:?}", pair.name, pair.expected));
        }
        let rule = pair.name.split('.').next().unwrap();
        if !rule.starts_with("equal") && !found.contains(rule) {
            wrong.push(format!("{}: not shown", pair.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_reversed_pair_shows_the_mirrors() {
    let mut wrong = Vec::new();
    for pair in pairs() {
        let expected = mirrored(&pair.expected);
        let found = rules_of(&report(&pair.new, &pair.old));
        if found != expected {
            wrong.push(format!("{}: {found:?}, expected {expected:?}", pair.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn inverse_rules_are_mutual() {
    for rule in rules::RULES {
        let inverse = rules::find(rule.inverse).unwrap();
        assert_eq!(inverse.inverse, rule.id);
    }
}

#[test]
fn an_edition_equals_itself() {
    let texts = pairs().into_iter().flat_map(|pair| [pair.old, pair.new]).chain([FEATURES.to_owned()]);
    for text in texts.filter(|text| text.contains("openapi:")) {
        let report = report(&text, &text);
        assert_eq!(report.findings, Vec::new());
        assert_eq!((report.verdict, report.bump), (Verdict::None, Bump::None));
    }
}

/// Rule, wire verdict, Rust verdict, direction.
const VERDICTS: &[(&str, Wire, Rust, Direction)] = &[
    ("operation-removed", Wire::Breaking, Rust::Breaking, Direction::Both),
    ("operation-added", Wire::Compatible, Rust::Additive, Direction::Both),
    ("operation-moved", Wire::Breaking, Rust::Docs, Direction::Both),
    ("operation-id-changed", Wire::None, Rust::Breaking, Direction::None),
    ("path-parameter-renamed", Wire::None, Rust::Docs, Direction::None),
    ("schema-renamed", Wire::None, Rust::Breaking, Direction::None),
    ("parameter-removed", Wire::Potential, Rust::Breaking, Direction::Request),
    ("parameter-added", Wire::Compatible, Rust::Additive, Direction::Request),
    ("required-parameter-added", Wire::Breaking, Rust::Breaking, Direction::Request),
    ("parameter-became-required", Wire::Breaking, Rust::Breaking, Direction::Request),
    ("parameter-became-optional", Wire::Compatible, Rust::Breaking, Direction::Request),
    ("required-body-added", Wire::Breaking, Rust::Breaking, Direction::Request),
    ("body-became-optional", Wire::Compatible, Rust::Breaking, Direction::Request),
    ("property-added", Wire::Compatible, Rust::Additive, Direction::Both),
    ("required-property-added", Wire::Breaking, Rust::Breaking, Direction::Both),
    ("property-removed", Wire::Potential, Rust::Breaking, Direction::Both),
    ("property-became-required", Wire::Breaking, Rust::Breaking, Direction::Both),
    ("became-nullable", Wire::Breaking, Rust::Breaking, Direction::Both),
    ("became-not-nullable", Wire::Breaking, Rust::Breaking, Direction::Both),
    ("enum-value-added", Wire::Potential, Rust::Additive, Direction::Both),
    ("closed-enum-value-added", Wire::Breaking, Rust::Breaking, Direction::Both),
    ("enum-openness-changed", Wire::None, Rust::Breaking, Direction::None),
    ("enum-set", Wire::Breaking, Rust::Breaking, Direction::Both),
    ("type-changed", Wire::Breaking, Rust::Breaking, Direction::Both),
    ("format-dropped", Wire::Breaking, Rust::Breaking, Direction::Both),
    ("bound-set", Wire::Potential, Rust::None, Direction::Both),
    ("success-status-removed", Wire::Breaking, Rust::Docs, Direction::Response),
    ("error-status-added", Wire::Compatible, Rust::Docs, Direction::Response),
    ("response-header-removed", Wire::Potential, Rust::Breaking, Direction::Response),
    ("security-scheme-changed", Wire::Breaking, Rust::Docs, Direction::Request),
    ("security-scheme-renamed", Wire::None, Rust::Docs, Direction::None),
    ("security-relaxed", Wire::Compatible, Rust::None, Direction::Request),
    ("security-tightened", Wire::Breaking, Rust::Docs, Direction::Request),
    ("servers-changed", Wire::Compatible, Rust::Docs, Direction::Request),
    ("deprecated-set", Wire::Compatible, Rust::Additive, Direction::Both),
    ("description-changed", Wire::Docs, Rust::Docs, Direction::Both),
    ("field-name-changed", Wire::None, Rust::Breaking, Direction::None),
    ("newtype-added", Wire::None, Rust::Breaking, Direction::None),
    ("newtype-removed", Wire::None, Rust::Breaking, Direction::None),
    ("newtype-changed", Wire::None, Rust::Breaking, Direction::None),
    ("context-headers-changed", Wire::None, Rust::Breaking, Direction::None),
    ("error-schema-changed", Wire::None, Rust::Breaking, Direction::None),
    ("generator-refuses", Wire::None, Rust::Refused, Direction::None),
    ("rust-item-removed", Wire::None, Rust::Breaking, Direction::None),
    ("schema-added", Wire::None, Rust::Additive, Direction::None),
];

#[test]
fn a_finding_has_both_verdicts_and_a_direction() {
    let mut wrong = Vec::new();
    for (name, wire, rust, direction) in VERDICTS {
        let found = finding(name);
        if (found.wire, found.rust, found.direction) != (*wire, *rust, *direction) {
            wrong.push(format!("{name}: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_shared_schema_is_said_once_with_all_that_it_reaches() {
    let found = finding("enum-value-added");
    let Pair { old, new, .. } = pair("enum-value-added");
    assert_eq!(report(&old, &new).findings.len(), 1);
    assert_eq!(found.operations.iter().collect::<Vec<_>>(), ["GET /things/{id}", "PUT /things/{id}"]);
    assert_eq!(found.schemas, ["Kind"]);
    assert_eq!(found.pointer, "/components/schemas/Kind/enum/1");
    assert_eq!((found.base, found.head.unwrap().to_string()), (None, "new.yaml:48".to_owned()));
}

#[test]
fn old_services_are_judged_by_the_mirror() {
    // A new client counts on what an old service does not send.
    assert_eq!(finding("required-property-added").reverse, Wire::Breaking);
    assert_eq!(finding("operation-added").reverse, Wire::Breaking);
    assert_eq!(finding("description-changed").reverse, Wire::Docs);
}

#[test]
fn what_breaks_stands_first() {
    let pair = pair("description-changed");
    let new = pair.new.replace("A name.", "The name.").replace("type: integer, format: int32", "type: boolean");
    let report = report(&pair.old, &new);
    assert_eq!(report.findings.first().unwrap().rule, "type-changed");
    assert_eq!((report.verdict, report.bump), (Verdict::Breaking, Bump::Major));
}

/// A pair, the verdict about the wire, and the part of `info.version` that must go up.
const HEADLINES: &[(&str, Verdict, Bump)] = &[
    ("operation-removed", Verdict::Breaking, Bump::Major),
    ("parameter-removed", Verdict::Potential, Bump::Minor),
    ("property-removed", Verdict::Potential, Bump::Minor),
    ("enum-value-added", Verdict::Potential, Bump::Minor),
    ("response-header-removed", Verdict::Potential, Bump::Minor),
    ("property-name-dropped", Verdict::Potential, Bump::Minor),
    ("property-renamed", Verdict::NonBreaking, Bump::Minor),
    ("parameter-added", Verdict::NonBreaking, Bump::Minor),
    ("description-changed", Verdict::None, Bump::Patch),
    ("enum-openness-changed", Verdict::None, Bump::None),
];

#[test]
fn the_verdict_is_that_of_the_worst_finding() {
    for (name, verdict, bump) in HEADLINES {
        let Pair { old, new, .. } = pair(name);
        let report = report(&old, &new);
        let found = (report.verdict, report.specs[0].verdict, report.specs[0].info_version.bump);
        assert_eq!(found, (*verdict, *verdict, *bump), "{name}: {:#?}", report.findings);
    }
}

#[test]
fn json_is_as_promised() {
    let pair = pair("operation-removed");
    let value = serde_json::to_value(report(&pair.old, &pair.new)).unwrap();
    assert_eq!(value["schema"], 2);
    assert_eq!((&value["verdict"], &value["bump"]), (&json!("breaking"), &json!("major")));
    let found = &value["findings"][0];
    assert_eq!(found["rule"], "operation-removed");
    assert_eq!(
        (&found["wire"], &found["rust"], &found["direction"]),
        (&json!("breaking"), &json!("breaking"), &json!("both"))
    );
    assert_eq!(found["operations"], json!(["PUT /things/{id}"]));
    assert_eq!((&found["base"], &found["head"]), (&json!("old.yaml:25"), &Value::Null));
    assert_eq!(found["acknowledged"], Value::Null);
    let keys: BTreeSet<_> = found.as_object().unwrap().keys().map(String::as_str).collect();
    let promised = BTreeSet::from([
        "rule",
        "wire",
        "rust",
        "direction",
        "operations",
        "schemas",
        "spec",
        "pointer",
        "message",
        "base",
        "head",
        "acknowledged",
    ]);
    assert_eq!(promised.difference(&keys).count(), 0);
    let Pair { old, new, .. } = self::pair("servers-changed");
    assert_eq!(serde_json::to_value(report(&old, &new)).unwrap()["verdict"], "non-breaking");
}

#[test]
fn a_side_that_cannot_be_read_is_no_clean_report() {
    let good = pair("equal").old;
    let bad = [
        String::new(),
        "a: [".to_owned(),
        "- 1".to_owned(),
        "openapi: 2.0.0\ninfo: {title: a, version: b}\npaths: {}".to_owned(),
        good.replace("#/components/schemas/Kind'", "#/components/schemas/Gone'"),
        good.replace("paths:", "pahts:"),
    ];
    for bad in &bad {
        let sides = [("base", bad, &good), ("head", &good, bad)];
        for (side, old, new) in sides {
            let failures = compare(Side { file: "a", text: old }, Side { file: "b", text: new }).unwrap_err();
            assert_eq!(failures.len(), 1);
            assert_eq!(failures[0].side, side);
            assert!(!failures[0].findings.is_empty());
        }
    }
    let both = compare(Side { file: "a", text: "" }, Side { file: "b", text: "" }).unwrap_err();
    assert_eq!(both.len(), 2);
}

/// A pair, and messages that its report has.
const MESSAGES: &[(&str, &[&str])] = &[
    (
        "bound-tightened.by-excluding-the-number",
        &[
            "`Thing.size`: `minimum` is `more than 0`, no longer `0 or more`",
            "`Thing.size`: `maximum` is `less than 10`, no longer `10 or less`",
        ],
    ),
    ("bound-set.that-excludes-the-number", &["`Thing.size`: `minimum` is `more than 0`, no longer unlimited"]),
    ("bound-tightened", &["`Thing.name`: `maxLength` changes from `9` to `5`"]),
    (
        "type-changed.in-a-callback-by-reference",
        &["the callback `Done`, the request body, `id`: the type changes from `string` to `integer`"],
    ),
    (
        "callback-removed.by-reference",
        &["the callback POST {$request.query.url} is gone", "the callback PUT {$request.query.url} is new"],
    ),
    ("callback-removed", &["the callback `done` is gone"]),
    ("webhook-removed", &["the webhook `POST refused` is gone"]),
    (
        "enum-value-added.several",
        &["`Thing.size`: the 2 values `2`, `3` are new; clients that keep unknown values, as ours do, go on working"],
    ),
    (
        "encoding-changed",
        &["the request body: `tags` is written as `form`, in one piece, no longer as `form`, one by one (`explode`)"],
    ),
    (
        "authorization-url-changed",
        &["the security scheme `login`: `flows.authorizationCode.authorizationUrl` changes from \
           `https://login.example.org/authorize` to `https://login.example.org/oauth2/authorize`"],
    ),
    ("newtype-changed", &["`Thing.name`: `x-newtype` changes from `ThingName` to `TheName`"]),
];

#[test]
fn messages_name_the_place_and_the_change() {
    for (name, expected) in MESSAGES {
        let Pair { old, new, .. } = pair(name);
        let findings = report(&old, &new).findings;
        for message in *expected {
            // The verdicts of both directions may follow.
            let is_said = findings.iter().any(|finding| finding.message.split(" (in requests").next() == Some(message));
            assert!(is_said, "{name}: {message} in {findings:#?}");
        }
    }
}

#[test]
fn a_fault_of_both_sides_is_named_in_every_format() {
    let spec = |target: &str, required: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: a\n      \
             responses: {{'200': {{description: Done., content: {{application/json: {{schema: {{$ref: '{target}'}}}}}}}}}}\n  \
             /b:\n    get:\n      operationId: b\n      parameters: [{{name: q, in: query, required: {required}, schema: \
             {{type: string}}}}]\n      responses: {{'204': {{description: Done.}}}}\n"
        )
    };
    let compared =
        |base: &str, head: &str| compare(Side { file: "old.yaml", text: base }, Side { file: "new.yaml", text: head });
    let [old, new] = ["false", "true"].map(|required| spec("#/components/schemas/Nothing", required));
    let report = compared(&old, &new).unwrap();
    assert_eq!(report.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["parameter-became-required"]);
    let json = serde_json::to_string(&report).unwrap();
    for page in [text(&report, Colour::Never), markdown(&report), github(&report), json] {
        assert!(page.contains("dangling-reference") && page.contains("schemas/Nothing"), "{page}");
    }
    // Another file may have changed, and a fault of one side may be the change.
    let [old, new] = ["false", "true"].map(|required| spec("other.yaml#/Thing", required));
    assert_eq!(compared(&old, &new).unwrap_err().len(), 2);
    let sound =
        spec("#/components/schemas/Nothing", "true").replace("$ref: '#/components/schemas/Nothing'", "type: string");
    let failures = compared(&sound, &spec("#/components/schemas/Nothing", "true")).unwrap_err();
    assert_eq!(failures.iter().map(|failure| failure.side).collect::<Vec<_>>(), ["head"]);
}

/// Pairs whose report has one finding about the wire.
const SINGLE: &[&str] = &[
    "property-renamed",
    "property-renamed.by-reference",
    "property-renamed.with-the-name-in-rust",
    "property-name-dropped",
    "newtype-added",
    "newtype-added.on-a-component",
    "newtype-changed",
    "property-added.with-a-newtype",
    "format-set.of-a-newtype",
    "became-one-of",
    "became-one-of.that-keeps-a-property",
    "became-one-of.with-a-discriminator",
    "became-single",
    "case-added.beside-the-object",
    "type-changed.in-a-callback-by-reference",
    "error-status-added.everywhere",
    "encoding-changed",
    "property-added.with-an-encoding",
    "authorization-url-changed",
];

#[test]
fn one_change_is_one_finding() {
    for name in SINGLE {
        let Pair { old, new, .. } = pair(name);
        for (old, new) in [(&old, &new), (&new, &old)] {
            let mut findings = report(old, new).findings;
            findings
                .retain(|finding| !finding.rule.starts_with("generator-") && !finding.rule.starts_with("rust-item-"));
            assert_eq!(findings.len(), 1, "{name}: {findings:#?}");
        }
    }
}

#[test]
fn a_default_that_becomes_statuses_is_no_worse_than_potentially_breaking() {
    let Pair { old, new, .. } = pair("status-range-changed.of-errors-with-other-bodies");
    let findings = report(&old, &new).findings;
    let wire = |status: &str| {
        let is_it = |finding: &&Finding| finding.rule == "status-range-changed" && finding.message.contains(status);
        findings.iter().find(is_it).map(|finding| finding.wire)
    };
    assert_eq!(wire("as 400"), Some(Wire::Compatible));
    assert_eq!(
        (wire("as 404, without a body"), wire("as 409, with another body")),
        (Some(Wire::Potential), Some(Wire::Potential))
    );
}

#[test]
fn copies_that_become_a_component_change_once() {
    let Pair { old, new, .. } = pair("type-changed.of-copies-that-become-a-component");
    let findings = report(&old, &new).findings;
    for rule in ["type-changed", "property-became-optional", "property-added", "description-changed"] {
        let found: Vec<_> = findings.iter().filter(|finding| finding.rule == rule).collect();
        assert!(matches!(found.as_slice(), [only] if only.operations.len() == 4), "{rule}: {found:#?}");
    }
}

#[test]
fn the_verdict_of_a_union_is_that_of_its_cases() {
    let Pair { old, new, .. } = pair("became-one-of");
    let wire = |old: &str, new: &str| report(old, new).findings[0].wire;
    // Only optional properties are missing: what `PUT` sends fits a letter, and `GET` gives letters and parcels.
    assert_eq!((wire(&old, &new), wire(&new, &old)), (Wire::Potential, Wire::Potential));
    // A required property that a parcel lacks breaks clients that read it; what they send still fits a letter.
    let nameless = new.replace("required: [name, size]", "required: [size]");
    let nameless = nameless.replace("        name: {type: string, description: A name.}\n        size", "        size");
    assert_eq!((wire(&old, &nameless), wire(&nameless, &old)), (Wire::Breaking, Wire::Breaking));
    // The first use is the response of `GET`.
    let only_put =
        |text: &str| text.replacen("schema: {$ref: '#/components/schemas/Thing'}", "schema: {type: boolean}", 1);
    assert_eq!(wire(&only_put(&old), &only_put(&nameless)), Wire::Potential);
    assert_eq!(wire(&only_put(&nameless), &only_put(&old)), Wire::Breaking);
}

#[test]
fn a_moved_operation_is_listed_under_both_names() {
    let Pair { old, new, .. } = pair("operation-moved");
    let json = serde_json::to_value(report(&old, &new)).unwrap();
    let moved = json["findings"].as_array().unwrap().iter().map(|finding| &finding["operations"]);
    let both = |method: &str| json!([format!("{method} /stuff/{{id}}"), format!("{method} /things/{{id}}")]);
    assert_eq!(moved.collect::<Vec<_>>(), [&both("GET"), &both("PUT")]);
}
