//! Secrets: not in messages, not in traces, and only in files that only their owner can read.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Connecting, Desk, Done, get};

/// Returns all files and folders in a folder.
fn all(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all(&path));
        }
        found.push(path);
    }
    found
}

/// Returns the ids, numbers, hashes and names of the accounts, which no trace may contain.
fn private_texts(bank: &Bank, desk: &Desk) -> Vec<String> {
    let json = bank.run(desk, &["accounts", "--format", "json"]).well().out;
    let accounts: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(accounts.len(), 4);
    let names = ["/account_uid", "/account_number", "/account_hash", "/session_id", "/account/name"];
    let texts =
        accounts.iter().flat_map(|account| names.map(|name| account.pointer(name)?.as_str().map(str::to_owned)));
    texts.flatten().collect()
}

#[test]
fn traces_contain_calls_and_no_secrets() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let private = private_texts(&bank, &desk);
    assert!(private.len() >= 16 && private.iter().all(|text| text.len() > 3), "{private:?}");
    for (asked, call) in [
        (&["banks"] as &[&str], "aspsps"),
        (&["app"], "application"),
        (&["doctor"], "application"),
        (&["sessions", "--check"], "session"),
        (&["balances"], "account_balances"),
        (&["balances", "Käyttötili", "--history", "--format", "csv"], "account_transactions"),
        (&["transactions", "Luottokortti", "--limit", "300"], "account_transactions"),
        (&["transactions", "Käyttötili", "--from", "2026-01-01", "--format", "csv"], "account_transactions"),
        (
            &["transactions", "Käyttötili", "--psu-ip-address", "198.51.100.7", "--output", "a.csv"],
            "account_transactions",
        ),
        (&["disconnect", "--all"], "delete_session"),
    ] {
        let with_trace = [&["-vv"], asked].concat();
        let mut command = bank.tilisy(&desk, &with_trace);
        command.env("RUST_LOG", "trace");
        let done = Done::from(command.output().unwrap());
        let traces: Vec<_> = done.err.lines().filter(|line| line.contains(&format!("operation=\"{call}\""))).collect();
        assert!(!traces.is_empty() && done.code == Some(0), "{asked:?} {done:?}");
        bank.keeps_its_secrets(&done.err);
        // The output of `disconnect` contains the id of the session.
        let trace = done.err.lines().filter(|line| !line.ends_with(": ended")).collect::<Vec<_>>().join("\n");
        for secret in private.iter().map(String::as_str).chain(["198.51.100.7", "revontulet"]) {
            assert!(!trace.contains(secret), "`{secret}` of {asked:?} in {trace}");
        }
    }
}

#[test]
fn without_verbose_there_are_no_traces() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let busy = || Reply::new(503).header("retry-after", "0");
    for (flag, is_traced) in [(&[] as &[&str], false), (&["-v"], true)] {
        bank.says([busy()]);
        let mut command = bank.tilisy(&desk, &[flag, &["transactions", "Asuntolaina", "--format", "csv"]].concat());
        command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
        let done = Done::from(command.output().unwrap()).well();
        assert_eq!(!done.err.is_empty(), is_traced, "{done:?}");
    }
}

#[test]
fn traces_of_connect_and_register_contain_no_code_and_no_token() {
    let desk = Desk::new();
    let redirect = desk.redirect();
    let bank = Bank::built(|builder| builder.redirect_url(&redirect).keep_requests(true));
    let connecting = Connecting::new(bank.tilisy(&desk, &["-vv", "connect", "Saimaan Pankki", "--no-browser"]));
    let back = bank.sandbox.approve(&connecting.link).unwrap();
    get(&back);
    let done = connecting.end().well();
    assert!(done.err.contains("operation=\"authorize_session\""), "{done:?}");
    bank.keeps_its_secrets(&done.err);
    for secret in back.split_once('?').unwrap().1.split('&').map(|pair| pair.split_once('=').unwrap().1) {
        assert!(secret.len() > 16 && !done.err.contains(secret), "{done:?}");
    }
    // The accounts are in the messages to the user only.
    let trace: Vec<_> = done.err.lines().filter(|line| !line.starts_with("  ")).collect();
    let listed = done.err.lines().filter(|line| line.starts_with("  "));
    for number in listed.map(|line| line.split(['(', ')']).nth(1).unwrap()) {
        assert!(!trace.iter().any(|line| line.contains(number)), "{done:?}");
    }

    desk.run(&["keygen", "--bits", "2048"]).well();
    let key = fs::read_to_string(desk.path(".config/tilisy/default/private.key")).unwrap();
    let panel = format!("{}/api", bank.sandbox.url());
    let token = bank.sandbox.registration_token();
    let mut register = desk.tilisy(&["-vv", "register", "--control-panel", &panel]);
    let done = Done::from(register.env("TILISY_REGISTRATION_TOKEN", token).output().unwrap()).well();
    bank.keeps_its_secrets(&done.err);
    let sent = bank.sandbox.requests();
    let sent = sent.last().unwrap();
    assert_eq!(sent.header("authorization"), Some(&*format!("Bearer {token}")));
    // The certificate was sent, the key was not.
    let body = String::from_utf8(sent.body().to_vec()).unwrap();
    for line in key.lines().filter(|line| line.len() > 40) {
        assert!(!done.err.contains(line) && !done.out.contains(line) && !body.contains(line));
    }
    let token = bank.run(&desk, &["-vv", "token"]).well();
    assert!(token.out.starts_with("eyJ"), "{token:?}");
    bank.keeps_its_secrets(&token.err);
}

#[test]
fn only_the_owner_can_read_files_and_folders_with_any_umask() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let token = bank.sandbox.registration_token();
    let panel = format!("{}/api", bank.sandbox.url());
    fs::remove_dir_all(desk.path(".local")).unwrap();
    let free = |command: Command| {
        let mut shell = Command::new("sh");
        shell.args(["-c", "umask 0; exec \"$@\"", "sh"]).arg(command.get_program()).args(command.get_args());
        shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.current_dir(desk.home()).stdin(std::process::Stdio::null());
        shell
    };
    let run = |command: Command| Done::from(free(command).output().unwrap()).well();
    run(desk.tilisy(&["keygen", "--bits", "2048"]));
    let mut register = desk.tilisy(&["register", "--control-panel", &panel]);
    register.env("TILISY_REGISTRATION_TOKEN", token);
    run(register);
    let connecting = Connecting::new(free(bank.tilisy(&desk, &["connect", "Saimaan Pankki", "--no-browser"])));
    get(&bank.sandbox.approve(&connecting.link).unwrap());
    connecting.end().well();
    run(bank.tilisy(&desk, &["transactions", "Asuntolaina", "--output", "loan.csv"]));
    run(bank.tilisy(&desk, &["accounts", "--output", "accounts.json"]));
    let down = Reply::json(500, r#"{"error": "ASPSP_ERROR"}"#);
    let first = r#"{"transactions": [{"credit_debit_indicator": "CRDT", "status": "BOOK",
        "transaction_amount": {"currency": "EUR", "amount": "1"}}], "continuation_key": "k"}"#;
    bank.says([Reply::json(200, first), down]);
    let broken = bank.tilisy(&desk, &["transactions", "--all", "--output", "part.csv"]);
    Done::from(free(broken).output().unwrap()).fails(9, &[]);
    let mut found = Vec::new();
    for path in all(desk.home()) {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        found.extend(path.file_name().map(|name| name.to_str().unwrap().to_owned()));
        // The key of the desk is in one file. The key of the bank and the tokens are in none.
        let text = if path.is_file() { fs::read_to_string(&path).unwrap() } else { String::new() };
        if path.file_name().is_some_and(|name| name != "private.key") {
            bank.keeps_its_secrets(&text);
        }
    }
    for name in ["private.key", "certificate.pem", "profile.toml", "sessions", "loan.csv", "part.csv.part.json"] {
        assert!(found.iter().any(|other| other == name), "{name} in {found:?}");
    }
}
