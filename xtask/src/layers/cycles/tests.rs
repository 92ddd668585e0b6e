#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

use std::path::PathBuf;

use super::super::modules::Module;
use super::super::scope::{ItemPath, Scope};
use super::*;

/// Checks the cycles of a crate whose modules are in files of their name, such as `lib/a/b`.
fn check(imports: &[(&str, &str)], expected: &[(usize, usize, &[&str])]) {
    let mut names = BTreeSet::from(["lib"]);
    for name in imports.iter().flat_map(|&(from, to)| [from, to]) {
        names.extend(name.match_indices('/').map(|(at, _)| &name[..at]).chain([name]));
    }
    let names: Vec<_> = names.into_iter().collect();
    let id = |name: &str| names.iter().position(|other| *other == name).unwrap();
    let mut modules = Modules::default();
    for (file, name) in names.iter().enumerate() {
        let parent = name.rsplit_once('/').map(|(parent, _)| id(parent));
        modules.files.push(PathBuf::from(name));
        modules.modules.push(Module { file, parent, scope: Scope::default(), children: Vec::new() });
    }
    let path = ItemPath { segments: Vec::new(), line: 1 };
    let imports = imports.iter().map(|&(from, to)| ((id(from), id(to)), path.clone())).collect();
    let found = cycles(&modules, &imports);
    let steps = |cycle: &Cycle| cycle.steps.iter().map(|&file| names[file]).collect::<Vec<_>>();
    let found: Vec<_> = found.iter().map(|cycle| (cycle.files, cycle.imports, steps(cycle))).collect();
    let expected: Vec<_> = expected.iter().map(|&(files, imports, steps)| (files, imports, steps.to_vec())).collect();
    assert_eq!(found, expected);
}

#[test]
fn layers_are_fine() {
    check(&[("lib/a", "lib/b"), ("lib/b", "lib/c"), ("lib/a", "lib/c"), ("lib", "lib/a")], &[]);
}

#[test]
fn two_files_that_import_each_other_are_a_cycle() {
    check(&[("lib/a", "lib/b"), ("lib/b", "lib/a")], &[(2, 2, &["lib/b", "lib/a"])]);
}

#[test]
fn a_type_and_its_submodules_may_import_each_other() {
    check(&[("lib/a", "lib/a/x"), ("lib/a/x", "lib/a"), ("lib/a/x/y", "lib/a"), ("lib/a", "lib/a/x/y")], &[]);
    check(&[("lib/a", "lib/a/x"), ("lib/a/x", "lib/a"), ("lib/a", "lib/a/y"), ("lib/a/y", "lib/a")], &[]);
}

#[test]
fn siblings_below_a_type_may_not_form_cycles() {
    check(&[("lib/a/x", "lib/a/y"), ("lib/a/y", "lib/a/x")], &[(2, 2, &["lib/a/y", "lib/a/x"])]);
}

#[test]
fn a_cycle_of_siblings_through_their_parent_is_a_cycle() {
    let imports = [("lib/a", "lib/a/x"), ("lib/a/x", "lib/a/y"), ("lib/a/y", "lib/a")];
    check(&imports, &[(3, 1, &["lib/a/y", "lib/a", "lib/a/x"])]);
}

#[test]
fn a_cycle_of_two_modules_through_their_submodules_is_a_cycle() {
    let imports = [("lib/a", "lib/a/x"), ("lib/a/x", "lib/b"), ("lib/b", "lib/b/y"), ("lib/b/y", "lib/a")];
    check(&imports, &[(4, 2, &["lib/b", "lib/b/y", "lib/a", "lib/a/x"])]);
}

#[test]
fn each_set_of_files_gives_one_shortest_cycle() {
    let imports = [
        ("lib/a", "lib/b"),
        ("lib/b", "lib/c"),
        ("lib/c", "lib/a"),
        ("lib/c", "lib/b"),
        ("lib/x", "lib/y"),
        ("lib/y", "lib/x"),
        ("lib/x", "lib/a"),
    ];
    check(&imports, &[(3, 4, &["lib/c", "lib/b"]), (2, 2, &["lib/y", "lib/x"])]);
}
