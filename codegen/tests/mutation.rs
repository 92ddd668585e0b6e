//! Whatever is done to a spec, it generates, or there are findings that say where and what: no panic, and no failure
//! that the lint did not foresee.
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

mod openapi;
mod support;

use fastrand::Rng;
use openapi::losses;
use openbanking_codegen::lint::Rules;
use openbanking_codegen::read::load;
use openbanking_codegen::{Finding, Job, compile};
use serde_json::{Map, Value, json};
use support::pointers;

const BODIES: &str = include_str!("specs/bodies.yaml");
const DIRECTIONS: &str = include_str!("specs/directions.yaml");
const ERRORS: &str = include_str!("specs/errors.yaml");
const FEATURES: &str = include_str!("specs/features.yaml");
const NEWTYPES: &str = include_str!("specs/newtypes.yaml");
const SCHEMAS: &str = include_str!("specs/schemas.yaml");

/// Keys and values that mean something somewhere.
const WORDS: &[&str] = &[
    "$ref",
    "#/components/schemas/Thing",
    "#/components/schemas/Nope",
    "#/components/parameters/Session",
    "#",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "type",
    "string",
    "number",
    "integer",
    "boolean",
    "object",
    "array",
    "null",
    "format",
    "decimal",
    "uuid",
    "date",
    "items",
    "properties",
    "required",
    "enum",
    "nullable",
    "additionalProperties",
    "description",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "content",
    "application/json",
    "text/html",
    "schema",
    "schemas",
    "default",
    "200",
    "204",
    "2XX",
    "404",
    "in",
    "path",
    "query",
    "header",
    "cookie",
    "name",
    "get",
    "post",
    "delete",
    "openapi",
    "3.1.0",
    "swagger",
    "self",
    "Self",
    "crate",
    "new",
    "body",
    "String",
    "Vec",
    "Client",
    "Error",
    "x-alias",
    "x-field-name",
    "x-closed",
    "x-observed-optional",
    "x-sensitive",
    "x-newtype",
    "ThingId",
    "None",
    "x-codegen",
    "style",
    "explode",
    "deepObject",
    "discriminator",
    "propertyName",
    "mapping",
    "const",
    "patternProperties",
    "3.1.0",
    "$defs",
    "security",
    "",
    " ",
    "a b",
    "a-b",
    "a_b",
    "/",
    "/{x}",
    "{",
    "~1",
    "0",
    "-",
    "é",
    "口座",
    "🦀",
    "\u{0}",
    "\u{202e}",
    "'",
    "\"",
    "`",
    "```",
    "]]",
    "*/",
    "\n",
    "${x}",
    "{}",
    "{thing_id}",
    "r#type",
    "_",
    "__",
    "1e400",
    "0x1F",
];

/// Characters that mean something to readers of YAML.
const MARKS: &[char] = &[
    ':', '{', '}', '[', ']', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', ',', '#', '-', '?', '~', ' ', '\t',
    '\u{7}', 'é',
];

#[test]
fn mutants_of_a_spec_with_every_feature() {
    survive(FEATURES, 5_000, 1);
}

#[test]
fn mutants_of_a_spec_with_bodies_of_every_media_type() {
    survive(BODIES, 1_200, 3);
}

#[test]
fn mutants_of_a_spec_with_types_for_requests() {
    survive(DIRECTIONS, 1_000, 3);
}

#[test]
fn mutants_of_a_spec_with_errors_and_headers() {
    survive(ERRORS, 1_000, 3);
}

#[test]
fn mutants_of_a_spec_with_newtypes() {
    survive(NEWTYPES, 1_000, 3);
}

#[test]
fn mutants_of_a_spec_with_every_kind_of_schema() {
    survive(SCHEMAS, 1_500, 6);
}

#[test]
fn mutants_of_the_tilisy_spec() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/tilisy.yaml")).unwrap();
    survive(&text, 1_000, 2);
}

#[test]
fn sound_specs_generate() {
    attempt(FEATURES, Rules::Stranger).unwrap();
    attempt(NEWTYPES, Rules::House).unwrap();
    attempt(SCHEMAS, Rules::Strict).unwrap();
    attempt(ERRORS, Rules::Strict).unwrap();
    attempt(DIRECTIONS, Rules::Strict).unwrap();
    attempt(include_str!("specs/sound.yaml"), Rules::House).unwrap();
}

fn survive(text: &str, mutants: usize, seed: u64) {
    let original: Value = serde_yaml::from_str(text).unwrap();
    let mut generated = 0;
    for number in 0..mutants {
        let mut random = Rng::with_seed(seed << 32 | number as u64);
        let mutant = mutate(text, &original, &mut random);
        let rules = if random.bool() { Rules::House } else { Rules::Stranger };
        match attempt(&mutant, rules) {
            Ok(()) => {
                generated += 1;
                // In the specs of others, keys that OpenAPI does not know are passed over with a warning.
                if rules == Rules::Stranger {
                    continue;
                }
                let lost = losses(&load("mutant.yaml", &mutant).unwrap().root.to_json());
                assert_eq!(lost, Vec::<String>::new(), "mutant {number}\n{mutant}");
            }
            Err(findings) => check(&findings, &mutant, number),
        }
    }
    // Mutants that are all refused, or all accepted, would try nothing.
    assert!((mutants / 50..mutants).contains(&generated), "{generated} of {mutants} mutants generated");
}

fn attempt(text: &str, rules: Rules) -> Result<(), Vec<Finding>> {
    let job = Job::new("mutant.yaml", text).with_rules(rules);
    compile(job).map(|compiled| assert_eq!(compiled.files.len(), 4))
}

fn check(findings: &[Finding], text: &str, number: usize) {
    let lines = text.lines().count().max(1);
    assert!(!findings.is_empty(), "mutant {number} is refused without a word:\n{text}");
    for finding in findings {
        let is_placed = (1..=lines + 1).contains(&finding.line) && finding.column >= 1;
        assert!(is_placed && !finding.message.is_empty(), "mutant {number}: {finding}");
        assert_ne!(finding.rule, "generator-refused", "mutant {number}: {finding}\n{text}");
    }
}

fn mutate(text: &str, original: &Value, random: &mut Rng) -> String {
    if random.u8(..8) == 0 {
        return scribble(text, random);
    }
    let mut value = original.clone();
    for _ in 0..random.usize(1..=3) {
        change(&mut value, original, random);
    }
    serde_yaml::to_string(&value).unwrap()
}

/// Mutates the text: a character gone, added or replaced, a line gone or doubled.
fn scribble(text: &str, random: &mut Rng) -> String {
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let index = random.usize(..lines.len());
    match random.u8(..4) {
        0 => drop(lines.remove(index)),
        1 => lines.insert(index, lines[index].clone()),
        2 => lines[index].insert(0, ' '),
        _ => {
            let mut characters: Vec<_> = lines[index].chars().collect();
            let place = random.usize(..=characters.len());
            characters.insert(place, random.choice(MARKS).copied().unwrap_or(' '));
            lines[index] = characters.into_iter().collect();
        }
    }
    lines.join("\n")
}

/// Mutates one node of the tree.
fn change(value: &mut Value, original: &Value, random: &mut Rng) {
    let places = pointers(value);
    let place = &places[random.usize(..places.len())];
    let Some(node) = value.pointer_mut(place) else { return };
    match random.u8(..6) {
        0 => *node = junk(random),
        1 => *node = part_of(original, random),
        2 => remove(node, random),
        3 => rename(node, random),
        4 => insert(node, original, random),
        _ => *node = json!(word(random)),
    }
}

fn word(random: &mut Rng) -> &'static str {
    WORDS[random.usize(..WORDS.len())]
}

fn junk(random: &mut Rng) -> Value {
    match random.u8(..8) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 => json!(random.i64(-3..300)),
        3 => json!(1.5),
        4 => json!([]),
        5 => json!({}),
        6 => json!([word(random), word(random)]),
        _ => json!({ word(random): word(random) }),
    }
}

fn part_of(original: &Value, random: &mut Rng) -> Value {
    let places = pointers(original);
    original.pointer(&places[random.usize(..places.len())]).cloned().unwrap_or_default()
}

fn remove(node: &mut Value, random: &mut Rng) {
    match node {
        Value::Object(map) => {
            if let Some(key) = random.choice(map.keys().cloned().collect::<Vec<_>>()) {
                map.remove(&key);
            }
        }
        Value::Array(list) if !list.is_empty() => drop(list.remove(random.usize(..list.len()))),
        other => *other = Value::Null,
    }
}

fn rename(node: &mut Value, random: &mut Rng) {
    let Value::Object(map) = node else { return };
    let Some(key) = random.choice(map.keys().cloned().collect::<Vec<_>>()) else { return };
    let value = map.remove(&key).unwrap_or_default();
    let name = match random.u8(..3) {
        0 => word(random).to_owned(),
        1 => key.to_uppercase(),
        _ => format!("{key}{}", word(random)),
    };
    map.insert(name, value);
}

fn insert(node: &mut Value, original: &Value, random: &mut Rng) {
    let value = if random.bool() { junk(random) } else { part_of(original, random) };
    match node {
        Value::Object(map) => drop(map.insert(word(random).to_owned(), value)),
        Value::Array(list) => list.push(value),
        other => *other = Value::Object(Map::from_iter([(word(random).to_owned(), value)])),
    }
}
