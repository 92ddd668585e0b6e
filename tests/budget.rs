//! The hand-written parts of the clients stay as small as ARCHITECTURE.md says.

use std::fs;
use std::path::Path;

use xtask::targets::packages;
use xtask::workspace;

/// A row of the table: a folder or file, and the most lines of code in it.
struct Row {
    path: String,
    most: usize,
}

fn rows(text: &str) -> Vec<Row> {
    let (_, section) = text.split_once("\n## Line budgets\n").expect("a section with the table");
    let section = section.split("\n## ").next().unwrap_or(section);
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    cells
        .map(|(path, rest)| {
            let number = rest.split(' ').next().unwrap_or(rest);
            Row { path: path.to_owned(), most: number.parse().expect(path) }
        })
        .collect()
}

/// Counts lines of code, without comments, tests and generated files. Paths in `others` have a row of their own.
fn count(path: &Path, others: &[&Path]) -> usize {
    if others.contains(&path) || path.ends_with("generated") || path.ends_with("tests.rs") {
        return 0;
    }
    if path.is_dir() {
        return fs::read_dir(path).unwrap().map(|entry| count(&entry.unwrap().path(), others)).sum();
    }
    let text = fs::read_to_string(path).unwrap();
    // A module of tests in a file of its own is declared in two lines.
    let text = text.replace("#[cfg(test)]\nmod tests;\n", "");
    let code = text.lines().take_while(|line| *line != "#[cfg(test)]").map(str::trim);
    code.filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

#[test]
fn hand_written_parts_keep_their_budgets() {
    let root = workspace().unwrap();
    let rows = rows(&fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap());
    for package in packages() {
        let folder = format!("{package}/src");
        assert!(rows.iter().any(|row| row.path == folder), "ARCHITECTURE.md has no line budget for `{folder}`");
    }
    for row in &rows {
        let path = root.join(&row.path);
        let others: Vec<_> =
            rows.iter().filter(|other| other.path != row.path).map(|other| root.join(&other.path)).collect();
        let others: Vec<_> = others.iter().map(|path| path.as_path()).collect();
        let lines = count(&path, &others);
        assert!(lines > 0, "`{}` has no code", row.path);
        assert!(
            lines <= row.most,
            "`{}` has {lines} lines of code, and its budget is {} (move what both editions need to enablebanking-core, or \
             say in ARCHITECTURE.md why the budget is larger)",
            row.path,
            row.most
        );
    }
}

#[test]
fn lines_of_code_are_counted_without_comments_and_tests() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    file("lib.rs", "//! Text.\n\nmod a;\n/// Text.\nfn b() {}\n\n#[cfg(test)]\nmod tests {\n}\n");
    file("a/mod.rs", "#[cfg(test)]\nmod tests;\n\nfn c() {\n}\n");
    file("a/tests.rs", "fn d() {}\n");
    file("generated/mod.rs", "fn e() {}\n");
    file("other/mod.rs", "fn f() {}\n");
    assert_eq!(count(folder.path(), &[]), 5);
    assert_eq!(count(folder.path(), &[&folder.path().join("other")]), 4);
}
