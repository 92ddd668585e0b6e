//! Edits by chance: rewriting a spec without changing what it means says nothing, and no change of its code goes unseen.
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fastrand::Rng;
use openbanking_codegen::api::{Api, Extras, TypeItem};
use openbanking_codegen::diff::{Bump, Report, Rust, Side, Verdict, Wire, compare, rules};
use openbanking_codegen::read::load;
use openbanking_codegen::{Compiled, Job, compile};
use serde_json::{Map, Value, json};
use support::pointers;

/// The specs of this workspace, and two that use everything that the generator takes.
fn specs() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|end| end == "yaml")).map(fs::read_to_string);
    let mut texts: Vec<_> = texts.map(Result::unwrap).filter(|text| text.contains("\nopenapi: ")).collect();
    assert!(texts.len() > 1, "no specs in `spec/`");
    texts.push(include_str!("specs/features.yaml").to_owned());
    texts.push(include_str!("specs/newtypes.yaml").to_owned());
    texts
}

/// The tree of a spec, read by the code under test.
fn tree(text: &str) -> Value {
    load("spec.yaml", text).unwrap().root.to_json()
}

fn report(old: &str, new: &str) -> Report {
    compare(Side { file: "old", text: old }, Side { file: "new", text: new }).unwrap()
}

fn mirrored(report: &Report) -> BTreeSet<&'static str> {
    report.findings.iter().map(|finding| rules::find(finding.rule).unwrap().inverse).collect()
}

fn rules_of(report: &Report) -> BTreeSet<&'static str> {
    report.findings.iter().map(|finding| finding.rule).collect()
}

/// Writes a tree as JSON, the keys in any order.
fn shuffled(value: &Value, random: &mut Rng) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            random.shuffle(&mut keys);
            let entries = keys.into_iter().map(|(key, value)| format!("{}: {}", json!(key), shuffled(value, random)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Array(list) => {
            format!("[{}]", list.iter().map(|item| shuffled(item, random)).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Whether a schema is expected at a pointer.
fn is_schema(pointer: &str) -> bool {
    let steps: Vec<_> = pointer.split('/').collect();
    match steps.as_slice() {
        [.., "properties", _] => steps.len() > 3,
        [.., "schema" | "items"] => true,
        _ => false,
    }
}

/// Rewrites one place, if it can be rewritten without another meaning.
fn rewrite(root: &Value, pointer: &str, node: &mut Value, random: &mut Rng) {
    let key = pointer.rsplit('/').next().unwrap_or_default();
    let is_data = pointer.contains("/example") || pointer.contains("/x-");
    if is_data || !random.bool() {
        return;
    }
    match node {
        Value::Array(list) if matches!(key, "required" | "enum" | "oneOf" | "parameters" | "tags") => {
            random.shuffle(list);
        }
        Value::Object(map) if map.len() == 1 && map.contains_key("$ref") => {
            let target = map["$ref"].as_str().unwrap().to_owned();
            if is_schema(pointer) {
                *node = json!({"allOf": [{"$ref": target}]});
            } else if !target.contains("/schemas/") {
                *node = root.pointer(target.trim_start_matches('#')).unwrap().clone();
            }
        }
        Value::Object(map) if map.len() == 1 && map.contains_key("allOf") => {
            let only = map["allOf"].as_array().filter(|all| all.len() == 1).map(|all| all[0].clone());
            *node = only.unwrap_or_else(|| node.clone());
        }
        Value::Object(map) if is_schema(pointer) && map.contains_key("type") => {
            map.entry("nullable").or_insert(json!(false));
            map.entry("deprecated").or_insert(json!(false));
        }
        Value::Object(map) if map.get("in") == Some(&json!("query")) => {
            map.entry("required").or_insert(json!(false));
            map.entry("style").or_insert(json!("form"));
        }
        _ => {}
    }
}

#[test]
fn another_way_to_write_the_same_is_no_change() {
    for (nth, text) in specs().iter().enumerate() {
        let original = tree(text);
        for seed in 0..12 {
            let mut random = Rng::with_seed(seed);
            let mut value = original.clone();
            // The deepest places first, so that what is put in is not rewritten once more.
            for pointer in pointers(&original).iter().rev() {
                if let Some(node) = value.pointer_mut(pointer) {
                    rewrite(&original, pointer, node, &mut random);
                }
            }
            assert_ne!(value, original, "spec {nth}, seed {seed}: nothing is rewritten");
            let report = report(text, &shuffled(&value, &mut random));
            assert_eq!(report.findings, Vec::new(), "spec {nth}, seed {seed}");
            assert_eq!((report.verdict, report.bump), (Verdict::None, Bump::None));
        }
    }
}

/// Gives every component and every path parameter another name.
fn renamed(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(sections) = value.pointer_mut("/components").and_then(Value::as_object_mut) {
        for (_, section) in sections.iter_mut().filter(|(name, _)| !name.starts_with("x-")) {
            let components = std::mem::take(section.as_object_mut().unwrap());
            let components = components.into_iter().map(|(name, component)| (format!("{name}Too"), component));
            *section = Value::Object(components.collect());
        }
    }
    let paths = std::mem::take(value["paths"].as_object_mut().unwrap());
    let paths: Map<_, _> = paths.into_iter().map(|(path, item)| (path.replace('}', "_too}"), item)).collect();
    value["paths"] = Value::Object(paths);
    for pointer in pointers(&value.clone()) {
        let key = pointer.rsplit('/').next().unwrap_or_default().to_owned();
        let above = pointer.rsplit('/').nth(1).unwrap_or_default();
        // What stood below a name that is another now.
        let Some(node) = value.pointer_mut(&pointer) else { continue };
        match node {
            Value::String(text) if key == "$ref" || key == "error-schema" => text.push_str("Too"),
            Value::Object(map) if map.get("in") == Some(&json!("path")) => {
                let name = format!("{}_too", map["name"].as_str().unwrap());
                map.insert("name".to_owned(), json!(name));
            }
            // The names in requirements of security.
            Value::Object(map) if above == "security" => {
                let names = std::mem::take(map).into_iter();
                *map = names.map(|(name, scopes)| (format!("{name}Too"), scopes)).collect();
            }
            _ => {}
        }
    }
    value
}

#[test]
fn other_names_for_the_same_change_nothing_on_the_wire() {
    for text in specs() {
        let original = tree(&text);
        let report = report(&text, &renamed(&original).to_string());
        let loud: Vec<_> = report.findings.iter().filter(|finding| finding.wire < Wire::Docs).collect();
        assert_eq!(loud, Vec::<&openbanking_codegen::diff::Finding>::new());
        assert_eq!(report.verdict, Verdict::None);
        // Types are named after components, so that users notice.
        let worst = report.findings.first().map(|finding| finding.rust);
        let has_types = original.pointer("/components/schemas").is_some();
        assert_eq!(worst, Some(Rust::Breaking).filter(|_| has_types));
    }
}

fn compiled(text: &str) -> Option<Compiled> {
    let job = Job::new("a", text).with_client_path("features");
    compile(job).ok()
}

/// Changes a spec in one place, such that many of the results still generate.
fn edit(value: &mut Value, random: &mut Rng) {
    const WORDS: &[&str] = &[
        "string",
        "integer",
        "boolean",
        "date",
        "uuid",
        "decimal",
        "query",
        "header",
        "other",
        "#/components/schemas/Kind",
        "#/components/schemas/Part",
        "#/components/schemas/Iban",
        "#/components/schemas/Cursor",
        "SessionId",
        "NoteName",
    ];
    const FLAGS: &[&str] = &["required", "nullable", "deprecated", "x-sensitive", "x-closed", "additionalProperties"];
    let places = pointers(value);
    let place = &places[random.usize(..places.len())];
    let node = value.pointer_mut(place).unwrap();
    let word = WORDS[random.usize(..WORDS.len())];
    match node {
        Value::Object(map) if random.bool() => {
            let keys: Vec<_> = map.keys().cloned().collect();
            if let Some(key) = random.choice(keys) {
                let moved = map.remove(&key).unwrap();
                if random.bool() {
                    map.insert(format!("{key}s"), moved);
                }
            }
        }
        Value::Object(map) if map.contains_key("type") && random.bool() => {
            drop(map.insert("x-newtype".to_owned(), json!(word)));
        }
        Value::Object(map) => drop(map.insert(FLAGS[random.usize(..FLAGS.len())].to_owned(), json!(random.bool()))),
        Value::Array(list) if random.bool() && !list.is_empty() => drop(list.remove(random.usize(..list.len()))),
        Value::Array(list) => list.push(json!(word)),
        Value::String(text) if random.bool() => text.push('x'),
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(_) => *node = json!(random.u8(..)),
        other => *other = json!(word),
    }
}

/// Edits a spec a number of times, each time from its start, and looks at what is reported.
fn check_edits(text: &str, seeds: u64) -> BTreeMap<&'static str, u64> {
    let original = tree(text);
    let before = compiled(text).unwrap();
    let mut counts = BTreeMap::from([("compared", 0), ("generated", 0), ("changed", 0)]);
    for seed in 0..seeds {
        let mut random = Rng::with_seed(seed);
        let mut value = original.clone();
        for _ in 0..random.usize(1..3) {
            edit(&mut value, &mut random);
        }
        let edited = value.to_string();
        let (old, new) = (Side { file: "old", text }, Side { file: "new", text: &edited });
        let (Ok(forwards), Ok(backwards)) = (compare(old, new), compare(new, old)) else { continue };
        *counts.get_mut("compared").unwrap() += 1;
        assert_eq!(mirrored(&forwards), rules_of(&backwards), "seed {seed}");
        let Some(after) = compiled(&edited) else {
            assert!(forwards.findings.iter().any(|finding| finding.rule == "generator-refuses"), "seed {seed}");
            continue;
        };
        *counts.get_mut("generated").unwrap() += 1;
        if before.files != after.files {
            *counts.get_mut("changed").unwrap() += 1;
            assert_ne!(forwards.bump, Bump::None, "seed {seed}: {:#?}", forwards.findings);
        }
        if meant(&before.api) != meant(&after.api) {
            assert_ne!(forwards.findings, Vec::new(), "seed {seed}");
        }
    }
    counts
}

/// An API with defaults written out, which are no change: objects allow properties beside the described ones.
fn meant(api: &Api) -> Api {
    let mut api = api.clone();
    for item in &mut api.types {
        if let TypeItem::Object(object) = item
            && object.extras == Extras::Unspecified
        {
            object.extras = Extras::Allowed;
        }
    }
    api
}

#[test]
fn no_edit_that_changes_code_goes_unseen() {
    let mut all: BTreeMap<&str, u64> = BTreeMap::new();
    for text in specs() {
        for (what, count) in check_edits(&text, 100) {
            *all.entry(what).or_default() += count;
        }
    }
    assert!(all.values().all(|count| *count > 60), "too few edits do something: {all:?}");
}
