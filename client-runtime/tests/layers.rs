//! The files that may name an HTTP library or an async runtime.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn only_the_transport_names_reqwest_and_tokio() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let names = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        ["reqwest", "tokio"].into_iter().any(|name| code.contains(name))
    };
    let naming: Vec<_> = files(&source).into_iter().filter(|path| names(path)).collect();
    let adapter = source.join("transport");
    let (inside, outside): (Vec<_>, Vec<_>) = naming.into_iter().partition(|path| path.starts_with(&adapter));
    assert!(outside.is_empty(), "{outside:?}");
    assert!(inside.contains(&adapter.join("send.rs")), "the search finds names");
}
