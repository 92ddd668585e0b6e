//! Consents that are not given, and those that end.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tilisy_client::chrono::{TimeDelta, Utc};
use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Connecting, Desk, Done, get, signal};

const CONNECT: [&str; 3] = ["connect", "Saimaan Pankki", "--no-browser"];
const ELSEWHERE: &str = "https://app.example.com/back?tenant=1";

/// A bank that knows where the desk's browsers come back to.
fn bank(desk: &Desk) -> Bank {
    let redirect = desk.redirect();
    Bank::built(|builder| builder.redirect_url(&redirect).redirect_url(ELSEWHERE).keep_requests(true))
}

fn connecting(desk: &Desk, bank: &Bank, more: &[&str]) -> Connecting {
    Connecting::new(bank.tilisy(desk, &[&CONNECT as &[&str], more].concat()))
}

/// The same, where the browser comes back to another machine.
fn pasting(desk: &Desk, bank: &Bank, more: &[&str]) -> Connecting {
    let mut command = bank.tilisy(desk, &[&CONNECT as &[&str], &["--redirect-url", ELSEWHERE], more].concat());
    command.stdin(Stdio::piped());
    Connecting::new(command)
}

/// The state that the last authorization began with.
fn state(bank: &Bank) -> String {
    let requests = bank.sandbox.requests();
    let begun = requests.iter().rfind(|request| request.target() == "/auth").unwrap();
    serde_json::from_slice::<serde_json::Value>(begun.body()).unwrap()["state"].as_str().unwrap().to_owned()
}

fn sessions(desk: &Desk) -> Vec<PathBuf> {
    let folder = fs::read_dir(desk.path(".local/share/tilisy/default/sessions"));
    let mut files: Vec<_> = folder.into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Has a session end at another time, and begin long before that.
fn end(file: &PathBuf, in_seconds: i64) {
    let mut session: serde_json::Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let ends = Utc::now() + TimeDelta::seconds(in_seconds);
    session["valid_until"] = ends.to_rfc3339().into();
    session["authorized_at"] = (ends - TimeDelta::days(180)).to_rfc3339().into();
    fs::write(file, session.to_string()).unwrap();
}

#[test]
fn a_denial_is_explained() {
    let desk = Desk::new();
    let bank = bank(&desk);
    let hint = "that may be a denial, a wrong password, or accounts without access: connect again";
    let denied = connecting(&desk, &bank, &[]);
    let (status, _, page) = get(&bank.sandbox.deny(&denied.link).unwrap());
    assert!(status == 200 && page.contains("No consent"), "{page}");
    denied.end().refuses(5, &["there is no consent (the bank says: Denied data sharing consent)", hint]);
    let silent = connecting(&desk, &bank, &[]);
    let (status, _, _) = get(&format!("{}?error=server_error&state={}", desk.redirect(), state(&bank)));
    assert_eq!(status, 200);
    silent.end().refuses(5, &["it was denied, and nobody says why", hint]);
    let mut pasted = pasting(&desk, &bank, &[]);
    let back = bank.sandbox.deny(&pasted.link).unwrap();
    pasted.types(&back);
    pasted.end_by_itself().refuses(5, &["the bank says: Denied data sharing consent", hint]);
    assert!(sessions(&desk).is_empty());
}

#[test]
fn what_belongs_to_another_consent_is_not_believed() {
    let desk = Desk::new();
    let bank = bank(&desk);
    let waiting = connecting(&desk, &bank, &[]);
    let (redirect, state) = (desk.redirect(), state(&bank));
    for (query, status) in [
        ("".to_owned(), 404),
        ("?".to_owned(), 400),
        ("?code=hunter2".to_owned(), 400),
        ("?code=hunter2&state=hunter2".to_owned(), 400),
        ("?error=access_denied&error_description=hunter2&state=hunter2".to_owned(), 400),
        (format!("?state={state}"), 400),
        (format!("?state={state}&code=hunter2&error=hunter2"), 400),
        (format!("?state={state}&code=hunter2&code=hunter2"), 400),
        (format!("?state={state}&code=%ff"), 400),
        (format!("/icon?state={state}&code=hunter2"), 404),
    ] {
        assert_eq!(get(&format!("{redirect}{query}")).0, status, "{query}");
    }
    let back = bank.sandbox.approve(&waiting.link).unwrap();
    assert_eq!(get(&back).0, 200);
    let done = waiting.end().well();
    assert_eq!(done.err.matches("; still waiting").count(), 8, "{done:?}");
    assert!(!done.err.contains("hunter2") && !done.err.contains(&state), "{done:?}");
    bank.keeps_its_secrets(&done.err);
    let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let kept = fs::read_to_string(&sessions(&desk)[0]).unwrap();
    assert!(!done.err.contains(code) && !kept.contains(code) && !kept.contains(&state));
}

#[test]
fn nobody_is_waited_for_without_end() {
    let desk = Desk::new();
    let bank = bank(&desk);
    let began = Instant::now();
    let said = ["nobody came back from the bank within 1 s", "connect again; `--timeout` waits longer"];
    connecting(&desk, &bank, &["--timeout", "1"]).end().refuses(5, &said);
    // Nor a line on stdin, which may never come.
    pasting(&desk, &bank, &["--timeout", "1"]).end_by_itself().refuses(5, &said);
    for waiting in [connecting(&desk, &bank, &[]), pasting(&desk, &bank, &[])] {
        signal(&waiting.child, "-INT");
        waiting.end_by_itself().fails(130, &["error: interrupted"]);
    }
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn the_way_back_can_be_pasted() {
    let desk = Desk::new();
    let bank = bank(&desk);
    let mut pasted = pasting(&desk, &bank, &[]);
    let back = bank.sandbox.approve(&pasted.link).unwrap();
    assert!(back.starts_with(ELSEWHERE), "{back}");
    pasted.types("");
    for wrong in ["hunter2", "https://app.example.com/back", "https://app.example.com/back?code=hunter2&state=hunter2"]
    {
        pasted.types(wrong);
        let said = pasted.line();
        assert!(said.starts_with("warning: the redirect has ") && said.contains("paste all of it"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    pasted.types(&format!("  {back}\r"));
    let done = pasted.end_by_itself().well();
    assert!(done.err.starts_with("connected to Saimaan Pankki: 4 accounts"), "{done:?}");
    let mut nothing = pasting(&desk, &bank, &[]);
    nothing.types("hunter2");
    nothing.end().refuses(5, &["no address came on stdin", "paste where the browser came back to"]);
    assert_eq!(sessions(&desk).len(), 1);
}

#[test]
fn a_code_that_is_of_no_use_is_explained() {
    let desk = Desk::new();
    let bank = bank(&desk);
    for (scenario, code, said) in [
        ("EXPIRED_AUTHORIZATION_CODE", 5, &["`EXPIRED_AUTHORIZATION_CODE`", "renew the consent"] as &[&str]),
        ("WRONG_AUTHORIZATION_CODE", 5, &["`WRONG_AUTHORIZATION_CODE`", "renew the consent"]),
        ("NO_ACCOUNTS_ADDED", 8, &["no account was shared", "linked", "control panel", "select them"]),
        ("ASPSP_ERROR", 7, &["the bank failed, not the service", "look before you do it again"]),
    ] {
        let waiting = connecting(&desk, &bank, &[]);
        let back = bank.sandbox.approve(&waiting.link).unwrap();
        bank.sandbox.set_scenario(Some(scenario)).unwrap();
        get(&back);
        bank.keeps_its_secrets(&waiting.end().refuses(code, said).err);
        bank.sandbox.set_scenario(None).unwrap();
    }
    // The code is spent, and the answer cannot be read: the session's id is what is left.
    let id = "00000000-0000-0000-0000-000000000001";
    let waiting = connecting(&desk, &bank, &[]);
    let back = bank.sandbox.approve(&waiting.link).unwrap();
    bank.says([Reply::json(200, format!(r#"{{"session_id": "{id}", "accounts": "hunter2"}}"#))]);
    get(&back);
    waiting.end().refuses(1, &[&format!("a session may have come of it: {id}")]);
    assert!(sessions(&desk).is_empty());
}

#[test]
fn the_end_of_a_consent_is_told_before_it_comes() {
    let desk = Desk::new();
    let bank = bank(&desk);
    bank.consent(&desk, &[]).well();
    let file = &sessions(&desk)[0];
    let renewal = "tilisy connect 'Saimaan Pankki' --country FI --psu-type personal";
    let commands: [&[&str]; 3] = [&["accounts"], &["balances"], &["transactions", "Asuntolaina", "--format", "csv"]];
    for (seconds, told) in [
        (8 * 86_400, None),
        (7 * 86_400 - 60, Some("ends within 7 days")),
        (3 * 86_400, Some("ends within 3 days")),
        (3_000, Some("ends within 50 min")),
    ] {
        end(file, seconds);
        for asked in commands {
            let done = bank.run(&desk, asked).well();
            match told {
                None => assert_eq!(done.err, "", "{asked:?}"),
                Some(told) => {
                    let warning =
                        format!("warning: the consent for Saimaan Pankki {told} (renew it with `{renewal}`)\n");
                    assert_eq!(done.err, warning, "{asked:?}");
                }
            }
        }
        let listed = bank.run(&desk, &["sessions", "--format", "csv"]).well();
        assert!(listed.out.contains(if told.is_some() { ",ends soon," } else { ",valid," }), "{listed:?}");
        assert_eq!(listed.err.is_empty(), told.is_none(), "{listed:?}");
    }
    end(file, -1);
    for asked in commands {
        bank.run(&desk, asked).refuses(5, &["every consent is over", &format!("hint: renew it: `{renewal}`")]);
    }
    assert!(bank.run(&desk, &["sessions", "--format", "csv"]).well().out.contains(",ended,"));
    // It is renewed, and no more is said of the old one.
    let renewed = bank.consent(&desk, &[]).well();
    assert!(renewed.err.contains("this renews an earlier consent: 4 accounts found again"), "{renewed:?}");
    for asked in commands {
        assert_eq!(bank.run(&desk, asked).well().err, "");
    }
    let listed = bank.run(&desk, &["sessions", "--format", "csv"]).well().out;
    assert!(listed.contains(",replaced,") && listed.contains(",valid,"), "{listed}");
    // One that is over is in nobody's way, and is told of.
    bank.consent(&desk, &["--psu-type", "business"]).well();
    let file = sessions(&desk).into_iter().find(|file| fs::read_to_string(file).unwrap().contains("business")).unwrap();
    end(&file, -1);
    let done = bank.run(&desk, &["accounts", "--format", "csv"]).well();
    assert!(done.err.starts_with("warning: the consent for Saimaan Pankki is over"), "{done:?}");
    assert_eq!(done.out.lines().count(), 1 + 4);
}

#[test]
fn a_consent_that_is_over_at_the_service_is_forgotten() {
    let desk = Desk::new();
    let bank = bank(&desk);
    for scenario in ["SESSION_DOES_NOT_EXIST", "WRONG_SESSION_STATUS", "EXPIRED_SESSION"] {
        bank.consent(&desk, &[]).well();
        bank.sandbox.set_scenario(Some(scenario)).unwrap();
        let checked = bank.run(&desk, &["sessions", "--check", "--format", "csv"]).well();
        assert!(checked.out.contains(",ended,") && !checked.out.contains("AUTHORIZED"), "{scenario} {checked:?}");
        bank.run(&desk, &["doctor"]).fails(5, &["not everything is as it should be"]);
        let done = bank.run(&desk, &["disconnect", "Saimaan Pankki"]).well();
        assert!(done.err.contains("was over already"), "{scenario} {done:?}");
        assert!(sessions(&desk).is_empty());
        bank.sandbox.set_scenario(None).unwrap();
    }
    // So is one that ended elsewhere, or that the service does not know, by whatever code.
    for (status, body) in [
        (401, r#"{"code": 401, "message": "over", "error": "CLOSED_SESSION"}"#),
        (401, r#"{"code": 401, "message": "over", "error": "REVOKED_SESSION"}"#),
        (403, r#"{"error": "CANCELLED_SESSION"}"#),
        (404, r#"{"code": 404, "message": "no such session", "error": "NOT_FOUND"}"#),
        (410, r#"{"message": "gone"}"#),
    ] {
        let connected = bank.consent(&desk, &[]).well();
        let reply = Reply::json(status, body);
        bank.says([reply.clone()]);
        let checked = bank.run(&desk, &["sessions", "--check", "--format", "csv"]).well();
        assert!(checked.out.contains(",ended,"), "{body} {checked:?} {connected:?}");
        if status != 404 && status != 410 {
            bank.says([reply.clone().repeated()]);
            let renewal = "tilisy connect 'Saimaan Pankki' --country FI --psu-type personal";
            bank.run(&desk, &["balances"]).fails(5, &["renew the consent", renewal]);
        }
        bank.says([reply]);
        let done = bank.run(&desk, &["disconnect", "Saimaan Pankki"]).well();
        assert!(done.err.contains("was over already"), "{body} {done:?}");
        assert!(sessions(&desk).is_empty());
    }
    // Neither a web page nor a refused application means that the session does not exist.
    bank.consent(&desk, &[]).well();
    for (reply, code) in [
        (Reply::new(404).body("<html>"), 8),
        (Reply::json(401, r#"{"error": "UNAUTHORIZED_ACCESS"}"#).repeated(), 4),
        (Reply::json(422, r#"{"error": "ASPSP_PSU_ACTION_REQUIRED"}"#), 5),
    ] {
        bank.says([reply]);
        let done = bank.run(&desk, &["disconnect", "Saimaan Pankki"]);
        let forget = "`tilisy disconnect --forget -- 'Saimaan Pankki'` only forgets them on this machine";
        done.refuses(code, &["not every consent was ended", forget]);
        assert_eq!(sessions(&desk).len(), 1);
    }
    // It can be forgotten all the same, without key and service.
    bank.says([]);
    let mut forget = bank.tilisy(&desk, &["disconnect", "--forget", "--", "Saimaan Pankki"]);
    let forget = forget.env_remove("TILISY_PRIVATE_KEY").env("TILISY_HOST", "http://127.0.0.1:1").output().unwrap();
    assert!(Done::from(forget).well().err.contains(": forgotten"));
    assert!(sessions(&desk).is_empty());
    // One of which nobody knows whether it has ended is kept.
    bank.consent(&desk, &[]).well();
    bank.says([Reply::new(503).repeated()]);
    let done = bank.run(&desk, &["disconnect", "--all"]);
    done.refuses(7, &["not every consent was ended", "try again in a minute"]);
    assert_eq!(sessions(&desk).len(), 1);
    bank.says([]);
    assert!(bank.run(&desk, &["disconnect", "--all"]).well().err.contains(": ended"));
    assert!(bank.run(&desk, &["disconnect", "--all"]).well().err.contains("there is no consent to end"));
}

/// Elsewhere the system's own browser would open.
#[cfg(target_os = "linux")]
#[test]
fn a_browser_is_opened_with_the_link() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    let bank = bank(&desk);
    let browser = desk.path("browser");
    fs::write(&browser, format!("#!/bin/sh\nprintf %s \"$1\" > '{}'\n", desk.path("opened").display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = bank.tilisy(&desk, &["connect", "Saimaan Pankki"]);
    command.env("BROWSER", &browser);
    let connecting = Connecting::new(command);
    let began = Instant::now();
    while fs::read_to_string(desk.path("opened")).unwrap_or_default() != connecting.link {
        assert!(began.elapsed() < Duration::from_secs(30), "no browser was opened with {}", connecting.link);
        std::thread::sleep(Duration::from_millis(5));
    }
    get(&bank.sandbox.approve(&connecting.link).unwrap());
    connecting.end().well();
}
