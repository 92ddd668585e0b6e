//! The sign-in to the control panel, and the way from there to one's own transactions.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use tilisy_sandbox::{Reply, Sandbox};

use crate::bank::Bank;
use crate::desk::{Connecting, Desk, Done, get};

const EMAIL: &str = "aino@example.com";

/// The stored sign-in of a desk.
const LOGIN: &str = ".config/tilisy/default/login.json";

/// `tilisy login`, waiting for the link to be opened.
struct SigningIn {
    child: Child,
    err: BufReader<ChildStderr>,
}

impl SigningIn {
    fn new(bank: &Bank, desk: &Desk, more: &[&str]) -> Self {
        let mut command = at_panel(bank, desk, &["login", EMAIL]);
        let mut child = command.args(more).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        err.read_line(&mut line).unwrap();
        assert!(line.contains("a mail with a link was sent"), "{line}");
        Self { child, err }
    }

    fn end(mut self) -> Done {
        drop(self.child.stdin.take());
        let mut err = String::new();
        self.err.read_to_string(&mut err).unwrap();
        Done { err, ..Done::from(self.child.wait_with_output().unwrap()) }
    }
}

/// A command whose control panel is that of a bank's sandbox.
fn at_panel(bank: &Bank, desk: &Desk, arguments: &[&str]) -> Command {
    let mut command = desk.tilisy(arguments);
    command.args(["--control-panel", &format!("{}/api", bank.sandbox.url())]);
    command
}

/// The link of the newest mail.
pub(crate) fn mail(sandbox: &Sandbox, email: &str) -> String {
    let began = Instant::now();
    loop {
        if let Some(link) = sandbox.login_link(email) {
            return link;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "no mail was sent");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signed_in(bank: &Bank, desk: &Desk) {
    let login = SigningIn::new(bank, desk, &[]);
    get(&mail(&bank.sandbox, EMAIL));
    login.end().well();
}

fn stored(desk: &Desk) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(desk.path(LOGIN)).unwrap()).unwrap()
}

/// Lets the stored token end.
fn expire(desk: &Desk) {
    let mut login = stored(desk);
    login["expires_at"] = "2026-01-01T00:00:00Z".into();
    fs::write(desk.path(LOGIN), login.to_string()).unwrap();
}

#[test]
fn the_whole_way_starts_with_a_sign_in() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let login = SigningIn::new(&bank, &desk, &[]);
    let link = mail(&bank.sandbox, EMAIL);
    // A page of somebody else does not end the wait.
    let (status, _, page) = get(link.split_once('?').unwrap().0);
    assert_eq!((status, page.as_str()), (404, "not found"));
    let (status, _, page) = get(&format!("{}?code=x", link.split_once('?').unwrap().0));
    assert!(status == 400 && page.contains("does not belong"), "{page}");
    let (status, _, page) = get(&link);
    assert!(status == 200 && page.contains("Signed in"), "{page}");
    let done = login.end().well();
    assert!(done.err.contains("signed in to the control panel") && !done.err.contains(EMAIL), "{done:?}");
    assert_eq!(fs::metadata(desk.path(LOGIN)).unwrap().permissions().mode() & 0o777, 0o600);
    let tokens = stored(&desk);
    for secret in ["id_token", "refresh_token"] {
        assert!(!done.err.contains(tokens[secret].as_str().unwrap()), "{done:?}");
    }

    desk.run(&["keygen", "--bits", "2048"]).well();
    let redirect = desk.redirect();
    let host = ["--host", bank.sandbox.url(), "--audience", bank.sandbox.audience()];
    let mut register = at_panel(&bank, &desk, &["register", "--name", "My accounts", "--redirect-url", &redirect]);
    Done::from(register.args(host).output().unwrap()).well();
    let connecting = Connecting::new(desk.tilisy(&["connect", "Saimaan Pankki", "--country", "FI", "--no-browser"]));
    get(&bank.sandbox.approve(&connecting.link).unwrap());
    connecting.end().well();
    let checks = desk.run(&["doctor", "--format", "csv"]).well().out;
    for check in ["login,ok,", "application,ok,", "services,ok,", "redirect,ok,", "consent,ok,", "calls,ok,"] {
        assert!(checks.contains(check), "`{check}` in {checks}");
    }
    let out = desk.path("mine.csv");
    desk.run(&["transactions", "Käyttötili", "--limit", "20", "--output", out.to_str().unwrap()]).well();
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 21);
    desk.run(&["logout"]).well();
    assert!(!desk.path(LOGIN).exists());
    desk.run(&["transactions", "Käyttötili", "--limit", "1"]).well();
}

#[test]
fn a_token_that_has_ended_is_renewed() {
    let (desk, bank) = (Desk::new(), Bank::new());
    signed_in(&bank, &desk);
    let before = stored(&desk);
    expire(&desk);
    desk.run(&["keygen", "--bits", "2048"]).well();
    Done::from(at_panel(&bank, &desk, &["register"]).output().unwrap()).well();
    let after = stored(&desk);
    assert_ne!(before["id_token"], after["id_token"]);
    assert_eq!(after["email"], EMAIL);

    // A token that the control panel refuses before its end is renewed too.
    let mut login = stored(&desk);
    login["id_token"] = "hunter2".into();
    fs::write(desk.path(LOGIN), login.to_string()).unwrap();
    Done::from(at_panel(&bank, &desk, &["register", "--replace"]).output().unwrap()).well();
    assert_ne!(stored(&desk)["id_token"], "hunter2");

    // Without a refresh token that is accepted, the person signs in again.
    expire(&desk);
    let mut login = stored(&desk);
    login["refresh_token"] = "hunter2".into();
    fs::write(desk.path(LOGIN), login.to_string()).unwrap();
    let refused = Done::from(at_panel(&bank, &desk, &["register", "--replace"]).output().unwrap());
    refused.refuses(4, &["the sign-in to the control panel has ended", "tilisy login EMAIL"]);
}

#[test]
fn an_address_can_be_pasted() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let login = SigningIn::new(&bank, &desk, &["--paste"]);
    let link = mail(&bank.sandbox, EMAIL);
    writeln!(login.child.stdin.as_ref().unwrap(), "\nhttp://127.0.0.1/?x=y\n{link}").unwrap();
    let done = login.end().well();
    assert!(done.err.contains("this address has no `oobCode`"), "{done:?}");
    assert!(desk.path(LOGIN).exists());
    let none = SigningIn::new(&bank, &desk, &["--paste"]);
    none.end().fails(4, &["not signed in", "paste the address"]);
}

#[test]
fn a_sign_in_that_fails_says_what_else_to_do() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let run = |arguments: &[&str]| Done::from(at_panel(&bank, &desk, arguments).output().unwrap());
    for reply in [
        Reply::new(404),
        Reply::json(400, r#"{"message": "requestType hunter1"}"#),
        Reply::new(500),
        Reply::json(410, "[]"),
    ] {
        bank.says([reply]);
        let done = run(&["login", EMAIL]);
        assert!(matches!(done.code, Some(1 | 7 | 8)), "{done:?}");
        assert!(done.err.contains("https://enablebanking.com/cp") && done.err.contains("login --token"), "{done:?}");
    }
    run(&["login", EMAIL, "--timeout", "1"]).fails(4, &["the link was not opened", "--paste"]);
    for bad in ["", "aino", "a b@c", "@c"] {
        desk.run(&["login", bad]).fails(2, &["a mail address looks like"]);
    }
    desk.run(&["login"]).fails(2, &["EMAIL"]);
    desk.run(&["login", "--token"]).refuses(3, &["there is no token of the control panel"]);
    let unreachable = desk.run(&["login", EMAIL, "--control-panel", "http://127.0.0.1:9/api"]);
    unreachable.refuses(7, &["no request was sent"]);
    desk.run(&["login", EMAIL, "--control-panel", "http://panel.example.com"]).refuses(3, &["--control-panel"]);
    assert!(!desk.path(LOGIN).exists());
    desk.run(&["logout"]).well();
}

#[test]
fn a_pasted_token_registers_an_application() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let mut login = at_panel(&bank, &desk, &["login", "--token"]);
    let done = Done::from(login.env("TILISY_REGISTRATION_TOKEN", bank.sandbox.registration_token()).output().unwrap());
    bank.keeps_its_secrets(&done.well().err);
    desk.run(&["keygen", "--bits", "2048"]).well();
    Done::from(at_panel(&bank, &desk, &["register"]).output().unwrap()).well();
}

#[test]
fn a_stored_sign_in_of_a_later_version_is_refused_and_stays() {
    let (desk, bank) = (Desk::new(), Bank::new());
    signed_in(&bank, &desk);
    for text in [r#"{"version": 9, "panel": "hunter2"}"#, r#"{"panel": "hunter2"}"#, "hunter2"] {
        fs::write(desk.path(LOGIN), text).unwrap();
        let said = if text.contains('9') { "has format 9," } else { "is not a sign-in" };
        Done::from(at_panel(&bank, &desk, &["login", EMAIL]).output().unwrap()).refuses(3, &[said]);
        assert_eq!(fs::read_to_string(desk.path(LOGIN)).unwrap(), text);
    }
}
