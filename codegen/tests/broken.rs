//! Broken specs: each is refused at the right places, for the right reasons, and none makes the generator panic.
//!
//! A file under `broken/` starts with `# rules: house` or `# rules: stranger` and one line `# expect: LINE:COLUMN rule`
//! for each error, and `# warn: LINE:COLUMN rule` for each warning.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use openbanking_codegen::lint::rules::RULES;
use openbanking_codegen::lint::{Rules, lint};
use openbanking_codegen::pointer::Pointer;
use openbanking_codegen::read::{Document, MAX_KEY, MAX_TEXT, Node, NodeValue, Source, load};
use openbanking_codegen::{Finding, Job, Severity, check};
use serde_json::Value;

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 100, "{} files", files.len());
    files
}

fn findings(text: &str, rules: Rules) -> Vec<Finding> {
    check(Job::new("spec.yaml", text).with_rules(rules))
}

fn rules_of(text: &str) -> Rules {
    if text.starts_with("# rules: house\n") { Rules::House } else { Rules::Stranger }
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn every_broken_spec_gives_exactly_its_findings() {
    let mut failures = Vec::new();
    for file in corpus() {
        let text = fs::read_to_string(&file).unwrap();
        let is_expected = |line: &&str| line.starts_with("# expect: ") || line.starts_with("# warn: ");
        let expected: BTreeSet<_> = text.lines().filter(is_expected).map(str::to_owned).collect();
        let rules = rules_of(&text);
        let found: BTreeSet<_> = findings(&text, rules).iter().map(expectation).collect();
        if expected != found || !text.contains("\n# expect: ") && !text.contains("\n# warn: ") {
            failures.push(format!("{}\n  expected {expected:?}\n     found {found:?}", file.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The overlays under `overlays/`, which announce their findings as the specs do.
fn overlays() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/overlays");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 8, "{} files", files.len());
    files.into_iter().map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
}

/// Findings about `sound.yaml` with an overlay.
fn overlaid(overlay: &str) -> Vec<Finding> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/sound.yaml")).unwrap();
    let overlays = &[Source { file: "overlay.yaml", text: overlay }];
    check(Job::new("spec.yaml", &text).with_overlays(overlays).with_rules(Rules::House))
}

#[test]
fn every_overlay_gives_exactly_its_findings() {
    let mut failures = Vec::new();
    for (file, text) in overlays() {
        let is_expected = |line: &&str| line.starts_with("# expect: ") || line.starts_with("# warn: ");
        let expected: BTreeSet<_> = text.lines().filter(is_expected).map(str::to_owned).collect();
        let all = overlaid(&text);
        let found: BTreeSet<_> = all.iter().map(expectation).collect();
        if expected != found || all.iter().any(|finding| finding.file != "overlay.yaml") {
            failures.push(format!("{}\n  expected {expected:?}\n     found {all:#?}", file.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The line of a spec that announces a finding.
fn expectation(finding: &Finding) -> String {
    let word = if finding.severity == Severity::Error { "expect" } else { "warn" };
    format!("# {word}: {}:{} {}", finding.line, finding.column, finding.rule)
}

#[test]
fn every_rule_is_broken_by_a_spec() {
    let mut fired: BTreeSet<&str> = BTreeSet::new();
    let made = [nested(5_000), long(), chain(1_000), crowded(1_000)];
    for text in corpus().iter().map(|file| fs::read_to_string(file).unwrap()).chain(made) {
        fired.extend(ids(&findings(&text, rules_of(&text))));
    }
    for (_, text) in overlays() {
        fired.extend(ids(&overlaid(&text)));
    }
    let known: BTreeSet<&str> = RULES.iter().map(|(id, _)| *id).collect();
    assert_eq!(known.len(), RULES.len(), "a rule stands in the table twice");
    assert_eq!(fired, known);
}

#[test]
fn every_finding_says_where_what_and_how_to_mend_it() {
    for file in corpus() {
        let text = fs::read_to_string(&file).unwrap();
        for finding in [Rules::House, Rules::Stranger].into_iter().flat_map(|rules| findings(&text, rules)) {
            let lines = text.lines().count() + 1;
            assert!((1..=lines).contains(&finding.line) && finding.column >= 1, "{finding}");
            assert!(!finding.message.is_empty() && !finding.fix.is_empty(), "{finding}");
            let is_lower = |text: &str| !text.starts_with(char::is_uppercase) || text.starts_with("OpenAPI");
            assert!(is_lower(&finding.message) && !finding.message.ends_with('.'), "{finding}");
        }
    }
}

fn nested(levels: usize) -> String {
    format!("openapi: 3.0.3\nx-deep: {}{}\n", "[".repeat(levels), "]".repeat(levels))
}

fn long() -> String {
    format!("openapi: 3.0.3\nx-long: {}\n", "a".repeat(10_000_000))
}

/// Components with a name that no component can have.
fn crowded(count: usize) -> String {
    let names: String = (0..count).map(|number| format!("    a b{number}: {{ type: object }}\n")).collect();
    format!("openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\npaths: {{}}\ncomponents:\n  schemas:\n{names}")
}

/// Components each of which holds the next.
fn chain(length: usize) -> String {
    let mut text = "openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths: {}\ncomponents:\n  schemas:\n".to_owned();
    for index in 0..length {
        let next = (index + 1) % length;
        text += &format!(
            "    A{index}: {{ type: object, properties: {{ a: {{ $ref: '#/components/schemas/A{next}' }} }} }}\n"
        );
    }
    text
}

#[test]
fn what_is_too_deep_or_too_large_is_refused_in_time() {
    let blocks: String = (0..5_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let brackets = format!("[\n{}", "[\n".repeat(5_000));
    let braces = "{a: ".repeat(5_000);
    for deep in [nested(5_000), "[".repeat(5_000), "- ".repeat(5_000), "? ".repeat(5_000), brackets, braces] {
        assert_eq!(ids(&findings(&deep, Rules::Stranger)).len(), 1);
    }
    assert_eq!(ids(&findings(&nested(5_000), Rules::Stranger)), ["too-deep"]);
    assert_eq!(ids(&findings(&long(), Rules::Stranger)), ["too-large"]);
    if blocks.len() < MAX_TEXT {
        assert_eq!(ids(&findings(&blocks, Rules::Stranger)), ["too-deep"]);
    }
    assert_eq!(ids(&findings(&format!("[{}]", "1,".repeat(1_000_000)), Rules::Stranger)), ["too-large"]);
    let chained = findings(&chain(1_000), Rules::Stranger);
    assert!(ids(&chained).contains(&"too-deep"), "{chained:?}");
}

#[test]
fn findings_are_few_however_many_problems_there_are() {
    let duplicates = format!("openapi: 3.0.3\npaths: {{{}}}\n", "a: 1, ".repeat(50_000));
    let found = findings(&duplicates, Rules::Stranger);
    assert_eq!((found.len(), found[200].rule), (201, "too-many-findings"));
    assert_eq!(found[200].message, "reading ends after 200 findings");
    let found = findings(&crowded(50_000), Rules::Stranger);
    assert_eq!((found.len(), found[200].rule, found[200].severity), (201, "too-many-findings", Severity::Warning));
    assert_eq!(found[200].message, "49800 more findings are not listed (49800 bad-component-name)");
    let found = findings(&crowded(50_000), Rules::House);
    assert_eq!((found.len(), found[200].rule, found[200].severity), (201, "too-many-findings", Severity::Error));
}

#[test]
fn keys_are_short() {
    let text = |length: usize| format!("openapi: 3.0.3\nx-map:\n  ? {}\n  : 1\n", "k".repeat(length));
    assert_eq!(ids(&findings(&text(MAX_KEY + 1), Rules::Stranger)), ["too-large"]);
    assert!(load("spec.yaml", &text(MAX_KEY)).is_ok());
    let json = format!("{{\"openapi\": \"3.0.3\", \"{}\": 1}}", "ä".repeat(MAX_KEY));
    assert_eq!(ids(&findings(&json, Rules::Stranger)), ["too-large"]);
}

#[test]
fn findings_take_little_memory_whatever_they_are_about() {
    let long = "x".repeat(300_000);
    let key = "k".repeat(1_000);
    let keys: String = (0..100_000).map(|number| format!("k{number}: 1, ")).collect();
    let nested = (0..50).fold("{a: 1}".to_owned(), |inner, _| format!("{{? {key}\n: {inner}}}"));
    let properties = (0..20).fold("{type: object}".to_owned(), |inner, _| {
        let siblings: String = (0..500).map(|number| format!("a{number}: {{type: string, enum: [b]}}, ")).collect();
        format!("{{type: object, properties: {{{siblings} {key}: {inner}}}}}")
    });
    let schemas = |schemas: &str| {
        let head = "openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths: {}";
        format!("{head}\ncomponents: {{ schemas: {{ {schemas} }} }}\n")
    };
    for text in [
        format!("openapi: {long}\n"),
        format!("openapi: 3.0.3\ninfo: {{ title: T, version: '1', {keys} }}\npaths: {{}}\n"),
        format!("openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\npaths: {{ /{key}: {{ {keys} }} }}\n"),
        format!("openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\npaths: {{}}\ntags: [{nested}]\n"),
        schemas(&format!("A: {{ type: {long} }}, B: {{ $ref: '{long}' }}")),
        schemas(&format!("A: {{ type: string, enum: [{long}, {long}] }}")),
        schemas(&format!("A: {properties}")),
    ] {
        let found = findings(&text, Rules::Stranger);
        let bytes: usize = found.iter().map(|finding| finding.message.len() + finding.fix.len()).sum();
        assert!((1..=201).contains(&found.len()) && bytes < 200_000, "{} findings of {bytes} bytes", found.len());
        assert!(found.iter().all(|finding| finding.rule != "not-yaml" && finding.to_string().len() < 3_000));
    }
}

#[test]
fn unusual_but_sound_files_are_read() {
    let spec = "openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths: {}\n";
    let json = "{\n\t\"openapi\": \"3.0.3\",\n\t\"info\": {\"title\": \"\\ud83d\\ude00 \\/ \\u00e9\", \"version\":\"1\"},\n\t\"paths\": {}\n}\n";
    for text in [
        spec.to_owned(),
        format!("\u{feff}{spec}"),
        spec.replace('\n', "\r\n"),
        format!("---\n{spec}...\n"),
        json.to_owned(),
    ] {
        let found = findings(&text, Rules::House);
        assert!(found.is_empty(), "{text:?}: {found:?}");
    }
    assert_eq!(load("spec.json", json).unwrap().root.to_json().pointer("/info/title").unwrap(), "😀 / é");
}

/// Every construct that the generator takes, and none that it does not.
#[test]
fn sound_specs_give_no_findings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in
        ["tests/specs/sound.yaml", "tests/specs/newtypes.yaml", "../spec/tilisy.yaml", "../spec/control-panel.yaml"]
    {
        let document = load(name, &fs::read_to_string(folder.join(name)).unwrap()).unwrap();
        let found = lint(&document, Rules::House);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn positions_are_those_of_the_keys() {
    let text = "openapi: 3.0.3\npaths:\n  /ä/b~c:\n    get: { tags: [x, y] }\n";
    let document = load("spec.yaml", text).unwrap();
    for (pointer, position) in [
        ("", (1, 1)),
        ("/paths", (2, 1)),
        ("/paths/~1ä~1b~0c", (3, 3)),
        ("/paths/~1ä~1b~0c/get/tags", (4, 12)),
        ("/paths/~1ä~1b~0c/get/tags/1", (4, 22)),
        ("/paths/~1ä~1b~0c/get/tags/7/nowhere", (4, 12)),
    ] {
        let found = document.position(&Pointer::parse(pointer).unwrap());
        assert_eq!((found.line, found.column), position, "{pointer}");
    }
}

#[test]
fn both_readers_of_yaml_understand_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let specs =
        ["tilisy.yaml", "registration.yaml", "control-panel.yaml"].map(|name| folder.join("../spec").join(name));
    let mut compared = 0;
    for file in corpus().into_iter().chain(specs) {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        // Schemas of OpenAPI 3.1 are rewritten.
        if let Ok(document) =
            load("spec.yaml", &text).map_err(drop).and_then(|read| if is_3_0(&read) { Ok(read) } else { Err(()) })
        {
            assert_eq!(document.root.to_json(), other_reader(&text).unwrap(), "{}", file.display());
            compared += 1;
        }
    }
    assert!(compared >= 60, "{compared}");
}

#[test]
fn both_readers_of_yaml_resolve_scalars_alike() {
    let words = "NO no on off y Yes true True TRUE tRUE false null Null NULL nULL ~ nil 0 -0 +0 1 +1 -1 1_000 0x1F 0X1F \
        -0x1f +0x1f 0x 0x-1 0o17 -0o17 0o8 0b101 0b2 -0b1 010 -010 +08 00 1e3 1E3 1e400 1. .5 -.5 +.5 . .e1 1.50 010.5 \
        +-1 --1 -+1 ++1 1e 1e+3 inf nan NaN infinity 2020-01-01 2020-01-01T00:00:00Z 12:30:45 1,000 18446744073709551615 \
        9223372036854775808 -9223372036854775808 0.1 1.0 100000000000000000000.5 = == << \"NO\" '1' \"\" '' \"0x1F\" 'null' \
        3.0.3 1.2.3.4 +12 0xFFFFFFFFFFFFFFFF";
    let blocks = [
        "|\n  a\n  b\n",
        ">\n  a\n  b\n\n  c\n",
        "|-\n  1\n",
        ">+\n  null\n\n",
        "a\n  b\n\n  c",
        "\"a\\\n  b \\x41\\u00e9\\t\"",
        "'it''s'",
        "",
    ];
    for scalar in words.split_whitespace().chain(blocks) {
        let text = format!("value: {scalar}");
        let read = load("spec.yaml", &text).unwrap_or_else(|findings| panic!("{text:?}: {findings:?}"));
        assert_eq!(read.root.to_json(), other_reader(&text).unwrap(), "{text:?}");
    }
}

#[test]
fn numbers_that_json_cannot_have_are_refused() {
    let words = ".inf -.inf +.Inf .INF .nan .NaN";
    for scalar in words.split_whitespace() {
        assert_eq!(
            ids(&load("spec.yaml", &format!("value: {scalar}")).unwrap_err()),
            ["unsupported-number"],
            "{scalar}"
        );
    }
}

fn other_reader(text: &str) -> Result<Value, serde_yaml::Error> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.contains("<<") {
        return serde_yaml::from_str(text);
    }
    let mut value: serde_yaml::Value = serde_yaml::from_str(text)?;
    value.apply_merge()?;
    serde_yaml::from_value(value)
}

/// Random edits of sound and broken specs: an answer each time, and agreement wherever both readers have one.
#[test]
fn damaged_files_are_read_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts: Vec<_> = corpus().iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    texts.extend(fs::read_to_string(folder.join("../spec/registration.yaml")));
    let mut random = Random(42);
    for round in 0..4_000 {
        let mut text: Vec<char> = texts[round % texts.len()].chars().collect();
        for _ in 0..=random.below(3) {
            random.damage(&mut text);
        }
        let text: String = text.into_iter().collect();
        let Ok(document) = load("spec.yaml", &text) else { continue };
        assert!(is_placed(&document.root), "{text:?}");
        for rules in [Rules::House, Rules::Stranger] {
            lint(&document, rules);
        }
        if let Some(value) = other_reader(&text).ok().filter(|_| is_3_0(&document)) {
            assert_eq!(document.root.to_json(), value, "{text:?}");
        }
    }
}

fn is_placed(node: &Node) -> bool {
    let inner = match &node.value {
        NodeValue::Mapping(entries) => {
            entries.iter().all(|entry| entry.line > 0 && entry.column > 0 && is_placed(&entry.value))
        }
        NodeValue::Sequence(items) => items.iter().all(is_placed),
        _ => true,
    };
    inner && node.line > 0 && node.column > 0
}

fn is_3_0(document: &Document) -> bool {
    !document.root.get("openapi").and_then(Node::as_str).is_some_and(|version| version.starts_with("3.1."))
}

/// A small generator with a fixed seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn damage(&mut self, text: &mut Vec<char>) {
        const CHARACTERS: &str = "{}[]:,-?&*!|>'\"%@`#~\\/ \n\t\r0aé\u{85}\u{2028}\u{feff}\u{0}😀";
        let at = self.below(text.len());
        let character = CHARACTERS.chars().nth(self.below(CHARACTERS.chars().count())).unwrap();
        match self.below(4) {
            0 => text.insert(at, character),
            1 if !text.is_empty() => text[at] = character,
            2 => drop(text.splice(at..(at + self.below(8)).min(text.len()), [])),
            _ => {
                let piece: Vec<char> = text[at..(at + self.below(20)).min(text.len())].to_vec();
                let to = self.below(text.len());
                drop(text.splice(to..to, piece));
            }
        }
    }
}
