//! Consents that are not given, and consents that end.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use enablebanking_client::chrono::{TimeDelta, Utc};
use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Connecting, Desk, Done, get, signal};

const CONNECT: [&str; 3] = ["connect", "Saimaan Pankki", "--no-browser"];
const ELSEWHERE: &str = "https://app.example.com/back?tenant=1";

/// A bank at which the redirect address of the desk is registered.
fn bank(desk: &Desk) -> Bank {
    let redirect = desk.redirect();
    Bank::built(|builder| builder.redirect_url(&redirect).redirect_url(ELSEWHERE).keep_requests(true))
}

fn connecting(desk: &Desk, bank: &Bank, more: &[&str]) -> Connecting {
    Connecting::new(bank.tilisy(desk, &[&CONNECT as &[&str], more].concat()))
}

/// Connects with a redirect address on another machine.
fn pasting(desk: &Desk, bank: &Bank, more: &[&str]) -> Connecting {
    let mut command = bank.tilisy(desk, &[&CONNECT as &[&str], &["--redirect-url", ELSEWHERE], more].concat());
    command.stdin(Stdio::piped());
    Connecting::new(command)
}

/// Returns the state of the last authorization.
fn state(bank: &Bank) -> String {
    let requests = bank.sandbox.requests();
    let started = requests.iter().rfind(|request| request.target() == "/auth").unwrap();
    serde_json::from_slice::<serde_json::Value>(started.body()).unwrap()["state"].as_str().unwrap().to_owned()
}

fn sessions(desk: &Desk) -> Vec<PathBuf> {
    let folder = fs::read_dir(desk.path(".local/share/tilisy/default/sessions"));
    let mut files: Vec<_> = folder.into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Changes the end of a session, and makes its start much earlier.
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
    let hint = "the reason may be a denial, a wrong password, or accounts without access: connect again";
    let denied = connecting(&desk, &bank, &[]);
    let (status, _, page) = get(&bank.sandbox.deny(&denied.link).unwrap());
    assert!(status == 200 && page.contains("No consent"), "{page}");
    denied.end().refuses(5, &["no consent was given (the bank says: Denied data sharing consent)", hint]);
    let silent = connecting(&desk, &bank, &[]);
    let (status, _, _) = get(&format!("{}?error=server_error&state={}", desk.redirect(), state(&bank)));
    assert_eq!(status, 200);
    silent.end().refuses(5, &["no consent was given: the bank does not say why", hint]);
    let mut pasted = pasting(&desk, &bank, &[]);
    let back = bank.sandbox.deny(&pasted.link).unwrap();
    pasted.types(&back);
    pasted.end_by_itself().refuses(5, &["the bank says: Denied data sharing consent", hint]);
    assert!(sessions(&desk).is_empty());
}

#[test]
fn a_redirect_of_another_consent_is_refused() {
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
fn the_wait_for_a_browser_ends() {
    let desk = Desk::new();
    let bank = bank(&desk);
    let began = Instant::now();
    let said = ["the browser did not come back from the bank within 1 s", "connect again; `--timeout` waits longer"];
    connecting(&desk, &bank, &["--timeout", "1"]).end().refuses(5, &said);
    // The wait for a line on stdin ends too.
    pasting(&desk, &bank, &["--timeout", "1"]).end_by_itself().refuses(5, &said);
    for waiting in [connecting(&desk, &bank, &[]), pasting(&desk, &bank, &[])] {
        signal(&waiting.child, "-INT");
        waiting.end_by_itself().fails(130, &["error: interrupted"]);
    }
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn the_address_of_the_redirect_can_be_pasted() {
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
        assert!(said.starts_with("warning: the redirect has ") && said.contains("paste the whole address"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    pasted.types(&format!("  {back}\r"));
    let done = pasted.end_by_itself().well();
    assert!(done.err.starts_with("connected to Saimaan Pankki: 4 accounts"), "{done:?}");
    let mut wrong = pasting(&desk, &bank, &[]);
    wrong.types("hunter2");
    wrong.end().refuses(5, &["stdin contains no address", "paste the address that the browser ends up at"]);
    assert_eq!(sessions(&desk).len(), 1);
}

#[test]
fn a_code_that_cannot_be_used_is_explained() {
    let desk = Desk::new();
    let bank = bank(&desk);
    for (scenario, code, said) in [
        ("EXPIRED_AUTHORIZATION_CODE", 5, &["`EXPIRED_AUTHORIZATION_CODE`", "renew the consent"] as &[&str]),
        ("WRONG_AUTHORIZATION_CODE", 5, &["`WRONG_AUTHORIZATION_CODE`", "renew the consent"]),
        ("NO_ACCOUNTS_ADDED", 8, &["no account was shared", "linked", "control panel", "select them"]),
        ("ASPSP_ERROR", 7, &["the bank failed, not the service"]),
    ] {
        let waiting = connecting(&desk, &bank, &[]);
        let back = bank.sandbox.approve(&waiting.link).unwrap();
        bank.sandbox.set_scenario(Some(scenario)).unwrap();
        get(&back);
        bank.keeps_its_secrets(&waiting.end().refuses(code, said).err);
        bank.sandbox.set_scenario(None).unwrap();
    }
    // If the response to the code cannot be decoded, the id of the session is reported.
    let id = "00000000-0000-0000-0000-000000000001";
    let waiting = connecting(&desk, &bank, &[]);
    let back = bank.sandbox.approve(&waiting.link).unwrap();
    bank.says([Reply::json(200, format!(r#"{{"session_id": "{id}", "accounts": "hunter2"}}"#))]);
    get(&back);
    waiting.end().refuses(1, &[&format!("a session may have been created: {id}")]);
    // If the service fails, the session may exist.
    let waiting = connecting(&desk, &bank, &[]);
    let back = bank.sandbox.approve(&waiting.link).unwrap();
    bank.says([Reply::new(500).repeated()]);
    get(&back);
    waiting
        .end()
        .refuses(7, &["try again in a minute", "the request may have been processed: check before you repeat it"]);
    assert!(sessions(&desk).is_empty());
}

#[test]
fn a_session_whose_accounts_cannot_be_decoded_is_stored_with_their_ids() {
    let desk = Desk::new();
    let bank = bank(&desk);
    let id = "00000000-0000-0000-0000-000000000001";
    let session = format!(
        r#"{{"aspsp": {{"name": "Saimaan Pankki", "country": "FI"}}, "psu_type": "personal", "psu_id_hash": "h",
        "access": {{"valid_until": "2999-01-01T00:00:00Z"}}, "created": "2026-01-31T00:00:00Z", "status": "AUTHORIZED",
        "accounts": ["{id}"],
        "accounts_data": [{{"uid": "{id}", "identification_hash": "h1", "identification_hashes": ["h1"]}}]}}"#
    );
    let waiting = connecting(&desk, &bank, &[]);
    let back = bank.sandbox.approve(&waiting.link).unwrap();
    let undecodable = format!(r#"{{"session_id": "{id}", "accounts": "hunter2"}}"#);
    bank.says([Reply::json(200, undecodable), Reply::json(200, session)]);
    get(&back);
    let done = waiting.end().well();
    assert!(done.err.contains("warning: the response with the accounts cannot be decoded"), "{done:?}");
    assert!(done.err.contains("connected to Saimaan Pankki: 1 account, until 2999-01-01"), "{done:?}");
    assert!(!done.err.contains("hunter2"), "{done:?}");
    let listed = bank.run(&desk, &["accounts", "--format", "csv"]).well().out;
    assert!(listed.contains(&format!("{id},")) && listed.ends_with(&format!(",{id},h1\n")), "{listed}");
}

#[test]
fn the_end_of_a_consent_is_announced_before_it_comes() {
    let desk = Desk::new();
    let bank = bank(&desk);
    bank.consent(&desk, &[]).well();
    let file = &sessions(&desk)[0];
    let renewal = "tilisy connect 'Saimaan Pankki' --country FI --psu-type personal";
    let commands: [&[&str]; 3] = [&["accounts"], &["balances"], &["transactions", "Asuntolaina", "--format", "csv"]];
    for (seconds, announced) in [
        (8 * 86_400, None),
        (7 * 86_400 - 60, Some("ends within 7 days")),
        (3 * 86_400, Some("ends within 3 days")),
        (3_000, Some("ends within 50 min")),
    ] {
        end(file, seconds);
        for asked in commands {
            let done = bank.run(&desk, asked).well();
            match announced {
                None => assert_eq!(done.err, "", "{asked:?}"),
                Some(announced) => {
                    let warning =
                        format!("warning: the consent for Saimaan Pankki {announced} (renew it with `{renewal}`)\n");
                    assert_eq!(done.err, warning, "{asked:?}");
                }
            }
        }
        let listed = bank.run(&desk, &["sessions", "--format", "csv"]).well();
        assert!(listed.out.contains(if announced.is_some() { ",ends soon," } else { ",valid," }), "{listed:?}");
        assert_eq!(listed.err.is_empty(), announced.is_none(), "{listed:?}");
    }
    end(file, -1);
    for asked in commands {
        bank.run(&desk, asked).refuses(5, &["every consent has ended", &format!("hint: renew it: `{renewal}`")]);
    }
    assert!(bank.run(&desk, &["sessions", "--format", "csv"]).well().out.contains(",ended,"));
    // After the renewal, the old one is not reported any more.
    let renewed = bank.consent(&desk, &[]).well();
    assert!(renewed.err.contains("this renews an earlier consent: 4 accounts found again"), "{renewed:?}");
    for asked in commands {
        assert_eq!(bank.run(&desk, asked).well().err, "");
    }
    let listed = bank.run(&desk, &["sessions", "--format", "csv"]).well().out;
    assert!(listed.contains(",replaced,") && listed.contains(",valid,"), "{listed}");
    // One that has ended is reported, and the others are used.
    bank.consent(&desk, &["--psu-type", "business"]).well();
    let file = sessions(&desk).into_iter().find(|file| fs::read_to_string(file).unwrap().contains("business")).unwrap();
    end(&file, -1);
    let done = bank.run(&desk, &["accounts", "--format", "csv"]).well();
    assert!(done.err.starts_with("warning: the consent for Saimaan Pankki has ended"), "{done:?}");
    assert_eq!(done.out.lines().count(), 1 + 4);
}

#[test]
fn a_consent_that_has_ended_at_the_service_is_removed() {
    let desk = Desk::new();
    let bank = bank(&desk);
    for scenario in ["SESSION_DOES_NOT_EXIST", "WRONG_SESSION_STATUS", "EXPIRED_SESSION"] {
        bank.consent(&desk, &[]).well();
        bank.sandbox.set_scenario(Some(scenario)).unwrap();
        let checked = bank.run(&desk, &["sessions", "--check", "--format", "csv"]).well();
        assert!(checked.out.contains(",ended,") && !checked.out.contains("AUTHORIZED"), "{scenario} {checked:?}");
        bank.run(&desk, &["doctor"]).fails(5, &["some checks failed"]);
        let done = bank.run(&desk, &["disconnect", "Saimaan Pankki"]).well();
        assert!(done.err.contains("had ended already"), "{scenario} {done:?}");
        assert!(sessions(&desk).is_empty());
        bank.sandbox.set_scenario(None).unwrap();
    }
    // The same with every code of a session that has ended elsewhere, or that the service does not know.
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
        assert!(done.err.contains("had ended already"), "{body} {done:?}");
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
        let forget = "`tilisy disconnect --forget -- 'Saimaan Pankki'` only removes them from this machine";
        done.refuses(code, &["some consents could not be ended", forget]);
        assert_eq!(sessions(&desk).len(), 1);
    }
    // It can still be removed from this machine, without a key and a service.
    bank.says([]);
    let mut forget = bank.tilisy(&desk, &["disconnect", "--forget", "--", "Saimaan Pankki"]);
    let forget = forget.env_remove("TILISY_PRIVATE_KEY").env("TILISY_HOST", "http://127.0.0.1:1").output().unwrap();
    assert!(Done::from(forget).well().err.contains(": removed from this machine"));
    assert!(sessions(&desk).is_empty());
    // If it is unknown whether a consent has ended, it stays.
    bank.consent(&desk, &[]).well();
    bank.says([Reply::new(503).repeated()]);
    let done = bank.run(&desk, &["disconnect", "--all"]);
    done.refuses(7, &["some consents could not be ended", "try again in a minute"]);
    assert_eq!(sessions(&desk).len(), 1);
    bank.says([]);
    assert!(bank.run(&desk, &["disconnect", "--all"]).well().err.contains(": ended"));
    assert!(bank.run(&desk, &["disconnect", "--all"]).well().err.contains("there is no consent to end"));
}

/// On other systems, the real browser would open.
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
