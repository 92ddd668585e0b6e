//! Help, completions and manual pages.

use crate::Desk;

/// Returns the commands that `--help` lists.
fn commands(help: &str) -> Vec<String> {
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    list.lines().map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

#[test]
fn help_texts_match_their_snapshots() {
    let desk = Desk::new();
    let help = desk.run(&["--help"]).well().out;
    insta::assert_snapshot!("tilisy", help);
    insta::assert_snapshot!("tilisy -h", desk.run(&["-h"]).well().out);
    let commands = commands(&help);
    assert_eq!(commands.last().map(String::as_str), Some("help"));
    for command in &commands[..commands.len() - 1] {
        let text = desk.run(&[command, "--help"]).well().out;
        // The global options are in the snapshot above.
        let (own, _) = text.split_once("\nGlobal options:").unwrap();
        insta::assert_snapshot!(format!("tilisy {command}"), own);
    }
}

#[test]
fn completions_and_manual_pages_are_generated() {
    let desk = Desk::new();
    for (shell, word) in [("bash", "complete -F"), ("zsh", "#compdef tilisy"), ("fish", "complete -c tilisy")] {
        let script = desk.run(&["completions", shell]).well().out;
        assert!(script.contains(word) && script.contains("transactions"), "{shell}");
    }
    let page = desk.run(&["man"]).well().out;
    assert!(page.contains(".TH tilisy 1") && page.contains("Exit codes"), "{page}");
    desk.run(&["man", "--directory", "."]).well();
    assert!(desk.path("tilisy-transactions.1").exists());
    desk.run(&["man", "--directory", "nowhere"]).fails(10, &["cannot write `nowhere`"]);
}
