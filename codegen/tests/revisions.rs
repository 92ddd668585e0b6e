//! The list of revisions of public documents that `codegen/revisions/run.sh` compares.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

fn parsed(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("revisions").join(file);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn each_revision_is_named_once_with_its_commits_and_hashes() {
    let manifest = parsed("manifest.json");
    let entries = manifest.as_array().unwrap();
    let is_hex = |value: &Value, length: usize| {
        value.as_str().is_some_and(|text| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    for entry in entries {
        assert!(["base", "head"].iter().all(|side| is_hex(&entry[side], 40)), "{entry}");
        assert!(["base", "head"].iter().all(|side| is_hex(&entry["sha256"][side], 64)), "{entry}");
        assert_ne!(entry["base"], entry["head"], "{entry}");
    }
    let names: BTreeSet<_> = entries.iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), entries.len());
    let commits = entries.iter().filter(|entry| entry["intent"].is_string()).count();
    assert!(entries.len() - commits >= 12 && commits >= 8, "{commits} commits of {}", entries.len());
}

#[test]
fn each_verdict_says_who_is_right_and_why() {
    for (kind, verdict) in parsed("verdicts.json").as_object().unwrap() {
        let right = verdict["right"].as_str().unwrap();
        assert!(["ours", "redocly", "both"].contains(&right), "{kind}: {right}");
        assert!(verdict["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{kind}");
    }
}
