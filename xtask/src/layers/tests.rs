#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

use std::fs;

use super::*;

/// Runs the command for the crate `one`, whose files are given by name, and returns its outcome and its output.
fn layers(files: &[(&str, &str)]) -> (Outcome, String) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[workspace]\nmembers = [\"crates/one\"]");
    write("crates/one/Cargo.toml", "[package]\nname = \"one\"");
    files.iter().for_each(|(name, text)| write(&format!("crates/one/src/{name}"), text));
    let arguments = Arguments { crates: vec!["one".to_owned()] };
    let mut text = String::new();
    let outcome = run(folder.path(), &arguments, &mut |line| text += &(line + "\n")).unwrap();
    (outcome, text)
}

#[test]
fn a_crate_in_layers_is_fine() {
    let files = [("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b::B;"), ("b.rs", "pub struct B;")];
    assert_eq!(layers(&files), (Outcome::Fine, "one: 3 files, 1 import, 0 cycles\n".to_owned()));
}

#[test]
fn a_cycle_is_shown_with_its_lines() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "// Text.\nuse crate::b::B;\npub struct A;"),
        ("b.rs", "use crate::c::C;\npub struct B;"),
        ("c.rs", "pub struct C;\nfn f() {\n    crate::a::A\n}"),
    ];
    let expected = "\
one: 4 files, 3 imports, 1 cycle
cycle: crates/one/src/b.rs → crates/one/src/c.rs → crates/one/src/a.rs → crates/one/src/b.rs
  crates/one/src/b.rs:1: `crate::c::C` imports crates/one/src/c.rs
  crates/one/src/c.rs:3: `crate::a::A` imports crates/one/src/a.rs
  crates/one/src/a.rs:2: `crate::b::B` imports crates/one/src/b.rs
";
    assert_eq!(layers(&files), (Outcome::Findings, expected.to_owned()));
}

#[test]
fn only_a_shortest_cycle_of_many_is_shown() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B;\npub struct A;"),
        ("b.rs", "use crate::{a::A, c::C};\npub struct B;"),
        ("c.rs", "use crate::a::A;\npub struct C;"),
    ];
    let (outcome, text) = layers(&files);
    assert_eq!(outcome, Outcome::Findings);
    assert!(text.contains("cycle: crates/one/src/b.rs → crates/one/src/a.rs → crates/one/src/b.rs\n"), "{text}");
    assert!(text.ends_with("\n  (3 files reach each other here; imports that break the rule: 4)\n"), "{text}");
}

#[test]
fn the_crates_that_are_checked_exist() {
    let members = members(&crate::workspace().unwrap()).unwrap();
    assert!(CRATES.iter().all(|name| members.iter().any(|member| member.name == *name)));
}
