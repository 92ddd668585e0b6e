//! Reasons that the service gives, and the hints for them.

use enablebanking_client::chrono::{Days, Utc};
use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::Desk;

#[test]
fn the_reason_of_the_service_is_shown() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    for (detail, shown) in [
        (r#""the session was closed by the bank""#, "told so: the session was closed by the bank)"),
        (r#"{"message": "two years at most"}"#, "told so: two years at most)"),
        (r#"{"date_from": "2026-01-01", "limit": 90}"#, "told so: date_from: 2026-01-01: limit: 90)"),
        (r#"[{"loc": ["query"], "msg": "wrong"}]"#, "told so: loc: query: wrong)"),
        ("null", "told so)"),
        (r#""told so""#, "told so)"),
        // Control characters are replaced, and continuation keys are cut.
        (r#""a\u001b[2Jb\nc \u202ed""#, "told so: a\u{fffd}[2Jb c \u{fffd}d)"),
        (r#""the key eyJhY2NvdW50IjoiMSIsImQiOiIifQ is gone""#, "told so: the key … is gone)"),
    ] {
        for (status, code) in [(400, "ASPSP_ERROR"), (422, "WRONG_REQUEST_PARAMETERS"), (401, "CLOSED_SESSION")] {
            let body = format!(r#"{{"code": {status}, "message": "told so", "error": "{code}", "detail": {detail}}}"#);
            bank.says([Reply::json(status, body).repeated()]);
            let done = bank.run(&desk, &["transactions", "Käyttötili"]);
            assert!(done.err.contains(&format!("(the service says: {shown}")), "{detail} {done:?}");
            assert!(!done.err.contains("eyJ"), "{done:?}");
        }
    }
    bank.says([Reply::json(400, r#"{"code": "PERIOD_INVALID"}"#)]);
    bank.run(&desk, &["transactions", "Käyttötili"]).refuses(8, &["(the service says: PERIOD_INVALID)", "`--from`"]);
}

#[test]
fn a_period_that_may_be_too_long_is_named_first() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let today = Utc::now().date_naive();
    let back = |days| (today - Days::new(days)).to_string();
    let (old, usual, recent) = (back(400), back(89), back(89));
    let reply = |status, code: &str, detail: &str| {
        Reply::json(status, format!(r#"{{"message": "m", "error": {code}, "detail": {detail}}}"#)).repeated()
    };
    let first_hint = |from: Option<&str>, reply: Reply| {
        bank.says([reply]);
        let mut arguments = vec!["transactions", "Käyttötili"];
        arguments.extend(from.iter().flat_map(|from| ["--from", from]));
        let done = bank.run(&desk, &arguments);
        assert!(matches!(done.code, Some(5 | 7 | 8)), "{done:?}");
        let hint = done.err.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap().to_owned();
        (done.code, hint)
    };
    let later = format!("the bank may not go that far back: give a later `--from`, such as {usual}");
    for (status, code) in [
        (400, "\"ASPSP_ERROR\""),
        (500, "\"ASPSP_ERROR\""),
        (422, "\"WRONG_REQUEST_PARAMETERS\""),
        (400, "null"),
        (422, "\"SOMETHING_NEW\""),
    ] {
        let hint = first_hint(Some(&old), reply(status, code, "null")).1;
        assert_eq!(hint, later, "{status} {code}");
        // A period that banks usually allow is not the reason, unless the service says so.
        for from in [None, Some(&*recent)] {
            let hint = first_hint(from, reply(status, code, "null")).1;
            assert!(!hint.contains("--from"), "{status} {code} {hint}");
            let hint = first_hint(from, reply(status, code, r#""the period may span a month at most""#)).1;
            assert!(hint.contains("`--from`"), "{status} {code} {hint}");
        }
        // The day that the service names is the best suggestion.
        let named = first_hint(Some(&old), reply(status, code, r#"{"date_from": "2026-01-31"}"#)).1;
        assert_eq!(named, "the bank names 2026-01-31 as the first day: give `--from 2026-01-31`, or a later day");
    }
    // The exit code is that of a bank that failed.
    assert_eq!(first_hint(Some(&old), reply(400, "\"ASPSP_ERROR\"", "null")).0, Some(7));
    let own = first_hint(Some(&old), reply(422, "\"WRONG_TRANSACTIONS_PERIOD\"", "null")).1;
    assert!(own.contains("give a later `--from`"), "{own}");
    for (status, code) in
        [(401, "\"EXPIRED_SESSION\""), (422, "\"PSU_HEADER_NOT_PROVIDED\""), (422, "\"ACCOUNT_DOES_NOT_EXIST\"")]
    {
        let hint = first_hint(Some(&old), reply(status, code, "null")).1;
        assert!(!hint.contains("--from"), "{code} {hint}");
    }
    // The same for a history of balances.
    let balances = r#"{"balances": [{"name": "b", "balance_type": "CLBD",
        "balance_amount": {"currency": "EUR", "amount": "1"}}]}"#;
    bank.says([Reply::json(200, balances), reply(400, "\"ASPSP_ERROR\"", "null")]);
    let done = bank.run(&desk, &["balances", "Käyttötili", "--history", "--from", &old]);
    done.refuses(7, &[&format!("hint: {later}")]);
}

#[test]
fn the_reason_of_the_control_panel_is_shown() {
    let (desk, bank) = (Desk::new(), Bank::new());
    desk.run(&["keygen", "--bits", "2048"]).well();
    let register = |panel: &str| {
        let mut command = desk.tilisy(&["register", "--control-panel", panel]);
        command.env("TILISY_REGISTRATION_TOKEN", "t");
        crate::desk::Done::from(command.output().unwrap())
    };
    let url = bank.sandbox.url();
    let panel = format!("{url}/api");
    bank.says([Reply::json(422, r#"{"message": "bad name", "detail": {"reason": "too\u001b long"}}"#)]);
    register(&panel).refuses(8, &["(the service says: bad name: too\u{fffd} long)", "refuses one of the values"]);
    // Without the path of its API, there is another page, or none.
    let path = "`--control-panel` takes the URL of the API with its path, such as https://enablebanking.com/api";
    for reply in [
        Reply::new(404).body("<html>"),
        Reply::new(405),
        Reply::new(302).header("location", "https://a.example/"),
        Reply::new(200).header("content-type", "text/html").body("<html>"),
    ] {
        bank.says([reply]);
        let done = register(url);
        assert!(done.code != Some(0), "{done:?}");
        let code = done.code.unwrap();
        done.refuses(code, &[path, &format!("no registration API at `{url}`")]);
    }
    bank.says([]);
    register(url).refuses(8, &[path]);
    for wrong in ["enablebanking.com/api", "http://a.example/api", ""] {
        register(wrong).refuses(3, &[path]);
    }
    let done = desk.run(&["register", "--control-panel"]).refuses(2, &["--control-panel <URL>"]);
    assert!(done.err.contains("a value is required"), "{done:?}");
}
