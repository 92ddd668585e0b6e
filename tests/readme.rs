//! The code that READMEs show is code that compiles, and the report that one shows is that of its edit.

use std::fs;
use std::path::Path;
use std::process::Command;

use openbanking_codegen::diff::Colour;
use xtask::diff::{Arguments, Format};
use xtask::{diff, workspace};

#[test]
fn readmes_show_the_examples_as_they_are() {
    for (readme, example) in [
        ("README.md", "enablebanking-client/examples/quickstart.rs"),
        ("README.md", "enablebanking-client/examples/tour.rs"),
        ("enablebanking-client/README.md", "enablebanking-client/examples/quickstart.rs"),
        ("tilisy-client/README.md", "tilisy-client/examples/banks.rs"),
        ("tilisy-client/README.md", "tilisy-client/examples/transactions.rs"),
        ("op-client/README.md", "op-client/examples/accounts/main.rs"),
    ] {
        let code = fs::read_to_string(workspace().unwrap().join(example)).unwrap();
        let text = fs::read_to_string(workspace().unwrap().join(readme)).unwrap();
        assert!(text.contains(&code), "{readme} does not show {example}");
    }
}

/// The content of the first block of a kind.
fn block<'t>(text: &'t str, kind: &str) -> &'t str {
    let (_, rest) = text.split_once(&format!("```{kind}\n")).expect("a block of this kind");
    rest.split_once("```").expect("an end of the block").0
}

/// Text with the lines of a diff taken out and put in.
fn edited(text: &str, edit: &str) -> String {
    let side = |sign: char| {
        edit.lines().filter_map(|line| line.strip_prefix(sign)).fold(String::new(), |all, line| all + line + "\n")
    };
    let (old, new) = (side('-'), side('+'));
    assert_eq!(text.matches(&old).count(), 1, "the lines that the README takes out are in the spec once");
    text.replace(&old, &new)
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    // In a hook they name another repository.
    for name in ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(name);
    }
    let name = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgSign=false"];
    let status = command.args(name).args(arguments).current_dir(folder).status().unwrap();
    assert!(status.success(), "git {arguments:?}");
}

#[test]
fn the_readme_shows_the_report_of_its_edit() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let spec = "spec/tilisy.yaml";
    for file in [spec, "Cargo.toml", "tilisy-client/Cargo.toml"] {
        fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
        fs::copy(workspace().unwrap().join(file), root.join(file)).unwrap();
    }
    git(root, &["init", "--quiet"]);
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "--message", "Before"]);
    let readme = fs::read_to_string(workspace().unwrap().join("README.md")).unwrap();
    let text = fs::read_to_string(root.join(spec)).unwrap();
    fs::write(root.join(spec), edited(&text, block(&readme, "diff"))).unwrap();
    let arguments = Arguments { revisions: Some("HEAD".to_owned()), ..Arguments::default() };
    let comparison = diff::compare(root, &arguments).unwrap().unwrap();
    let report = diff::print(&comparison.report, Format::Text, Colour::Never).unwrap();
    let (_, shown) = readme.split_once("```diff\n").unwrap();
    assert!(shown.contains(&format!("```text\n{report}```")), "README.md should show this report:\n{report}");
}
