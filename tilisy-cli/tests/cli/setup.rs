//! `tilisy setup` on a terminal.

use std::process::Stdio;

use crate::bank::Bank;
use crate::desk::{Desk, Done, get};
use crate::login::mail;
use crate::screen::Screen;

/// Starts the set-up for simulated banks with a bank's sandbox as the service.
fn setup(bank: &Bank, desk: &Desk) -> Screen {
    setup_for(bank, desk, &["--simulated-banks"])
}

fn setup_for(bank: &Bank, desk: &Desk, more: &[&str]) -> Screen {
    let panel = format!("{}/api", bank.sandbox.url());
    let mut command = desk.tilisy(&["setup", "--no-browser", "--control-panel", &panel]);
    command.args(more);
    command.env("TILISY_HOST", bank.sandbox.url()).env("TILISY_AUDIENCE", bank.sandbox.audience());
    command.env("TILISY_REDIRECT_URL", desk.redirect());
    Screen::new(command, 100, |command| command)
}

#[test]
fn setup_leads_from_nothing_to_a_table_of_transactions() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let mut screen = setup(&bank, &desk);
    screen.until("Your mail address (s to skip): ");
    screen.types("aino@example.com\r");
    screen.until("a mail with a link was sent");
    get(&mail(&bank.sandbox, "aino@example.com"));
    screen.until("Step 2 of 5: create a key");
    screen.until("$ tilisy keygen");
    screen.until("Create it? ");
    screen.types("\r");
    screen.until("Name of the application [My accounts]");
    screen.types("\r");
    screen.until("Country of the bank (two letters) [FI]");
    screen.types("Finland\r");
    screen.until("a country is two letters");
    screen.until("Try this step again?");
    screen.types("\r");
    screen.until("to skip] \r\nYour bank asks");
    screen.types("fi\r");
    screen.until("Bank (s to skip): ");
    screen.types("saimaan pankki\r");
    screen.until("waiting for the browser");
    let seen = screen.seen();
    let (_, link) = seen.rsplit_once("open this in a browser: ").unwrap();
    get(&bank.sandbox.approve(link.split_whitespace().next().unwrap()).unwrap());
    let (done, shown) = screen.end();
    assert_eq!(done.code, Some(0), "{shown}");
    for text in ["Step 5 of 5", "$ tilisy transactions --all --limit 10", "DAY", "Käyttötili", "`tilisy doctor`"] {
        assert!(shown.contains(text), "`{text}` in {shown}");
    }
    // A second run has only the last step to do.
    let (done, shown) = setup(&bank, &desk).end();
    assert_eq!((done.code, shown.matches("(done)").count()), (Some(0), 4), "{shown}");
}

#[test]
fn setup_for_real_banks_asks_for_what_production_needs_and_explains_linking() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let mut screen = setup_for(&bank, &desk, &[]);
    screen.until("Your mail address (s to skip): ");
    screen.types("aino@example.com\r");
    screen.until("a mail with a link was sent");
    get(&mail(&bank.sandbox, "aino@example.com"));
    for (question, reply) in [
        ("Create it? ", "\r"),
        ("Name of the application [My accounts]", "\r"),
        ("Description [Reads my own accounts]", "\r"),
        ("data protection [aino@example.com]", "\r"),
        ("privacy policy", "https://example.com/privacy\r"),
        ("terms of service", "https://example.com/terms\r"),
        ("Are your accounts linked?", "\r"),
        ("Country of the bank", "fi\r"),
        ("Try this step again?", "s\r"),
    ] {
        screen.until(question);
        screen.types(reply);
    }
    let (done, shown) = screen.end();
    assert_eq!(done.code, Some(0), "{shown}");
    for text in [
        "--environment production --redirect-url https://localhost:8080/redirect",
        "link them at https://enablebanking.com/cp/applications",
        "there is no consent yet",
    ] {
        assert!(shown.contains(text), "`{text}` in {shown}");
    }
}

#[test]
fn the_next_step_is_named_on_a_terminal_only() {
    let desk = Desk::new();
    let keygen = |name: &str, more: &[&str]| {
        let arguments = ["--profile", name, "keygen", "--bits", "2048"];
        desk.tilisy(&arguments.iter().chain(more).copied().collect::<Vec<_>>())
    };
    let (_, shown) = Screen::new(keygen("shown", &[]), 100, |command| command).end();
    assert!(shown.contains("next: sign in to the control panel: `tilisy --profile shown login EMAIL`"), "{shown}");
    let (_, shown) = Screen::new(keygen("quiet", &["--quiet"]), 100, |command| command).end();
    assert!(!shown.contains("next:") && !shown.contains("creating a key"), "{shown}");
    let piped = Done::from(keygen("piped", &[]).output().unwrap()).well();
    assert_eq!(piped.err, "");
}

#[test]
fn every_step_of_setup_can_be_skipped() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let mut screen = setup(&bank, &desk);
    for question in ["Your mail address", "Create it?", "Name of the application", "Country of the bank"] {
        screen.until(question);
        screen.types("s\r");
    }
    let (done, shown) = screen.end();
    assert_eq!(done.code, Some(0), "{shown}");
    assert!(shown.contains("there is no consent yet"), "{shown}");
    assert!(!desk.path(".config/tilisy/default").exists(), "nothing was done");
}

#[test]
fn setup_needs_a_terminal() {
    let desk = Desk::new();
    desk.run(&["setup"]).refuses(2, &["needs a terminal", "tilisy login"]);
    let bank = Bank::new();
    let mut screen = setup(&bank, &desk);
    screen.until("Your mail address");
    // Ctrl-C, as the terminal passes it on.
    screen.types("\u{3}");
    let (done, _) = screen.end();
    assert_eq!(done.code, Some(130), "{done:?}");
    let mut own = desk.tilisy(&["setup", "--sandbox"]);
    own.stdin(Stdio::null());
    let (done, shown) = Screen::new(own, 100, |command| command).end();
    assert!(done.code == Some(2) && shown.contains("run `tilisy sandbox`"), "{shown}");
    let _: Done = done;
}
