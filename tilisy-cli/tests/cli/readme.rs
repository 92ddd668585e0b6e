//! Compares the READMEs with the output of the command.

use std::fs;
use std::path::Path;

use crate::Desk;

/// Returns the commands in the `console` blocks of a page, each with the output below it.
fn shown(page: &str) -> Vec<(String, String)> {
    let mut shown: Vec<(String, String)> = Vec::new();
    for block in page.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap_or_default().lines() {
            match (line.strip_prefix("$ tilisy "), shown.last_mut()) {
                (Some(command), _) => shown.push((command.to_owned(), String::new())),
                (None, Some((_, output))) => {
                    output.push_str(line);
                    output.push('\n');
                }
                (None, None) => panic!("`{line}` is not below a command"),
            }
        }
    }
    shown
}

#[test]
fn commands_print_what_the_readmes_show() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let desk = Desk::new();
    for (readme, least) in [("README.md", 2), ("tilisy-cli/README.md", 5)] {
        let page = fs::read_to_string(workspace.join(readme)).unwrap();
        let shown = shown(&page);
        assert!(shown.len() >= least, "{readme} shows {} commands", shown.len());
        for (command, output) in shown {
            let done = desk.run(&command.split(' ').collect::<Vec<_>>()).well();
            assert_eq!(output, done.out, "{readme}: tilisy {command}");
        }
    }
}

#[test]
fn the_readme_has_the_exit_codes_of_the_help() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let help = Desk::new().run(&["--help"]).well().out;
    let (_, codes) = help.split_once("Exit codes:\n").unwrap();
    for line in codes.lines() {
        let (code, meaning) = line.trim().split_once("  ").unwrap();
        assert!(page.contains(&format!("| {code} | {meaning}")), "{line}");
    }
}
