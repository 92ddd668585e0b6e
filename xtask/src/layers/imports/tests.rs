#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

use std::fs;

use super::*;

/// Writes a crate, and checks its imports as `from to` without `src/` and `.rs`.
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, source) in files {
        let path = folder.path().join("src").join(name).with_extension("rs");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, source).unwrap();
    }
    let modules = Modules::read(folder.path()).unwrap();
    let name = |file: usize| modules.files[file].with_extension("").strip_prefix("src").unwrap().display().to_string();
    let mut found: Vec<_> =
        imports(&modules).keys().map(|&(from, to)| format!("{} {}", name(from), name(to))).collect();
    found.sort();
    assert_eq!(found, expected, "{files:?}");
}

#[test]
fn imports_lead_to_the_file_that_defines_the_item() {
    check(&[("lib", "mod a; mod b;"), ("a", "use crate::b::B;"), ("b", "pub struct B;")], &["a b"]);
    check(&[("lib", "mod a; mod b;"), ("a", "fn f() { super::b::B::new() }"), ("b", "pub struct B;")], &["a b"]);
    check(&[("lib", "mod a; mod b;"), ("a", "use crate::b; fn f() { b::g() }"), ("b", "pub fn g() {}")], &["a b"]);
}

#[test]
fn re_exports_are_followed() {
    let files = [
        ("lib", "mod a; mod b; pub use b::B;"),
        ("a", "use crate::B; use crate::b::B as C; fn f() { crate::b::B; }"),
        ("b/mod", "mod c; pub use self::c::C as B;"),
        ("b/c", "pub struct C;"),
    ];
    check(&files, &["a b/c"]);
}

#[test]
fn a_re_export_is_an_import_once_its_name_is_used() {
    let files = |code| [("lib", "mod a; mod b;"), ("a", code), ("b", "pub struct B;")];
    check(&files("pub use crate::b::B;"), &[]);
    check(&files("pub use crate::b::B; type T = B;"), &["a b"]);
    check(&files("use crate::b::B;"), &["a b"]);
}

#[test]
fn importing_a_module_alone_is_no_import_of_its_file() {
    let files = [("lib", "mod a; mod b;"), ("a", "use crate::b;"), ("b", "")];
    check(&files, &[]);
    let files = [
        ("lib", "mod a; mod b;"),
        ("a", "use crate::b; type T = b::c::C;"),
        ("b", "pub mod c;"),
        ("b/c", "pub struct C;"),
    ];
    check(&files, &["a b/c"]);
}

#[test]
fn names_of_a_glob_are_followed_where_they_are_used() {
    let files = [
        ("lib", "mod a; mod b; mod c; mod d;"),
        ("a", "use crate::b::*; fn f(x: B) { C::new(); x.e(); }"),
        ("b", "pub use crate::c::*; pub use crate::d::*; pub struct B;"),
        ("c", "pub struct C;"),
        ("d", "pub struct D; pub fn e() {}"),
    ];
    check(&files, &["a b", "a c"]);
    check(&[("lib", "mod a; mod b;"), ("a", "use crate::b::B::*;"), ("b", "pub enum B { C }")], &["a b"]);
}

#[test]
fn things_of_other_crates_are_no_imports() {
    let files = [
        ("lib", "mod a; pub use other::Thing; use std::fmt;"),
        ("a", "use crate::Thing; use std::a::A; fn f() { other::g(); crate::fmt::h(); }"),
    ];
    check(&files, &[]);
}

#[test]
fn names_made_by_macros_belong_to_their_module() {
    let files = [("lib", "mod a; mod b;"), ("a", "use crate::b::B;"), ("b", "bitflags! { pub struct B; }")];
    check(&files, &["a b"]);
}

#[test]
fn inline_modules_are_part_of_their_file() {
    let files = [
        ("lib", "mod a { pub mod b; mod c { use super::super::d; type T = d::D; } } mod d;"),
        ("a/b", "use super::super::d::D;"),
        ("d", "pub struct D;"),
    ];
    check(&files, &["a/b d", "lib d"]);
}

#[test]
fn paths_of_modules_are_respected() {
    let files = [
        ("lib", "#[path = \"x/y.rs\"] mod a; mod d;"),
        ("x/y", "mod b; use crate::d::D;"),
        ("x/b", "use crate::d::D;"),
        ("d", "pub struct D;"),
    ];
    check(&files, &["x/b d", "x/y d"]);
}

#[test]
fn programs_are_read_beside_the_library() {
    check(&[("lib", "mod a;"), ("a", ""), ("main", "mod b; use b::B;"), ("b", "pub struct B;")], &["main b"]);
}

#[test]
fn circles_of_re_exports_end() {
    let files = [
        ("lib", "mod a; mod b; use a::X; use b::Y;"),
        ("a", "pub use crate::b::*; pub use crate::b::Y;"),
        ("b", "pub use crate::a::*; pub struct X; fn f() { Z::new(); }"),
    ];
    check(&files, &["lib b"]);
}

#[test]
fn missing_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Modules::read(folder.path()).is_err());
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), "mod a;").unwrap();
    let error = format!("{:#}", Modules::read(folder.path()).unwrap_err());
    assert!(error.starts_with("cannot find the module `a` of `src/lib.rs`"), "{error}");
}
