//! `openapiv3` understands every spec that the lint accepts.
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

mod openapi;

use std::fs;
use std::path::{Path, PathBuf};

use openapi::losses;
use openbanking_codegen::Severity;
use openbanking_codegen::lint::{Rules, lint};
use openbanking_codegen::read::load;
use serde_json::json;

/// The YAML files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_accepted_spec_is_read_without_loss() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut accepted = 0;
    for file in ["../spec", "tests"].iter().flat_map(|name| files(&folder.join(name))) {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        // `openapiv3` cannot read a `$ref` in place of a callback.
        // Faults that are passed over with a warning are lost.
        if text.contains("$ref: '#/components/callbacks/") || text.contains("\n# warn: ") {
            continue;
        }
        // `mutualTLS` comes from OpenAPI 3.1, but documents of 3.0 use it too.
        let text = text.replace("type: mutualTLS", "type: http, scheme: bearer");
        let Ok(document) = load("spec.yaml", &text) else { continue };
        if lint(&document, Rules::Stranger).iter().any(|finding| finding.severity == Severity::Error) {
            continue;
        }
        assert_eq!(losses(&document.root.to_json()), Vec::<String>::new(), "{}", file.display());
        accepted += 1;
    }
    assert!(accepted >= 100, "{accepted} specs were compared");
}

#[test]
fn losses_are_found() {
    let spec = json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}, "tag": []});
    assert_eq!(losses(&spec), Vec::<String>::new(), "an empty list is the same as no list");
    let spec = json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1", "licence": "MIT"}, "paths": {}});
    assert_eq!(losses(&spec), ["/info/licence: the key is dropped"]);
    assert!(losses(&json!({"openapi": "3.0.3"}))[0].starts_with("the spec cannot be read: "));
}
