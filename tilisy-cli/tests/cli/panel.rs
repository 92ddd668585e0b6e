//! Hints about the control panel.

use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Connecting, Desk, get};

const ADDRESS: &str = "sign in at https://enablebanking.com/cp/applications";
const LINKED: &str =
    "only those that are linked to it in the control panel: link them at https://enablebanking.com/cp/";

#[test]
fn an_application_that_is_not_active_is_explained() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    for body in [
        r#"{"code": 403, "message": "this application is not active yet"}"#,
        r#"{"message": "not active", "error": null}"#,
        r#"{"message": "not active", "error": "APPLICATION_NOT_ACTIVE"}"#,
        "{}",
        "",
        "<html>",
    ] {
        let refusal = Reply::json(403, body).repeated();
        for arguments in
            [&["banks"] as &[&str], &["app"], &["balances"], &["connect", "x"], &["transactions", "Käyttötili"]]
        {
            bank.says([refusal.clone()]);
            bank.run(&desk, arguments).refuses(4, &["status 403", "activated by a contract", ADDRESS]);
        }
        bank.says([refusal]);
        let checked = bank.run(&desk, &["doctor"]).fails(4, &["some checks failed"]);
        assert!(checked.out.contains(ADDRESS), "{checked:?}");
    }
    // A code of the service is more precise than its status.
    for (code, exit, said) in [
        ("EXPIRED_SESSION", 5, "renew the consent"),
        ("NO_ACCOUNTS_ADDED", 8, LINKED),
        ("UNAUTHORIZED_ACCESS", 4, "`tilisy doctor` checks"),
        ("ACCESS_DENIED", 4, "see its services in the control panel"),
        ("UNAUTHORIZED_IP", 4, "this machine's address"),
    ] {
        bank.says([Reply::json(403, format!(r#"{{"message": "m", "error": "{code}"}}"#)).repeated()]);
        let done = bank.run(&desk, &["transactions", "Käyttötili"]).refuses(exit, &[said]);
        assert!(!done.err.contains("activated"), "{done:?}");
    }
}

#[test]
fn an_application_that_is_registered_but_not_active_is_reported() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let application = r#"{"name": "n", "description": "d", "kid": "00000000-0000-0000-0000-000000000001",
        "environment": "PRODUCTION", "redirect_urls": [], "active": false, "countries": [], "services": []}"#;
    bank.says([Reply::json(200, application).repeated()]);
    let shown = bank.run(&desk, &["app"]).well();
    assert!(shown.err.contains(ADDRESS), "{shown:?}");
    let checked = bank.run(&desk, &["doctor"]).fails(4, &[]);
    assert!(checked.out.contains(ADDRESS), "{checked:?}");
}

#[test]
fn a_service_that_lists_no_banks_is_explained() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let empty = Reply::json(200, r#"{"aspsps": []}"#);
    for arguments in [
        &["banks"] as &[&str],
        &["banks", "--country", "FI"],
        &["banks", "--psu-type", "business", "--format", "json"],
        &["connect", "Saimaan Pankki"],
        &["connect", "Saimaan Pankki", "--country", "FI"],
    ] {
        bank.says([empty.clone().repeated()]);
        bank.run(&desk, arguments).refuses(4, &["lists no banks for this application", ADDRESS, LINKED]);
    }
    // An empty result of a filter is not an error of the application.
    bank.says([]);
    let listed = bank.run(&desk, &["banks", "--country", "ZZ"]).well();
    assert_eq!((listed.out.as_str(), listed.err.as_str()), ("no bank matches\n", ""));
    let refused = bank.run(&desk, &["connect", "x", "--country", "ZZ"]).refuses(2, &["no bank in ZZ is called `x`"]);
    assert!(!refused.err.contains("control panel"), "{refused:?}");
}

#[test]
fn a_consent_without_readable_accounts_is_explained() {
    let desk = Desk::new();
    let redirect = desk.redirect();
    let bank = Bank::built(|builder| builder.redirect_url(&redirect));
    let unreadable = r#"{"uid": null, "identification_hash": "h", "identification_hashes": ["h"], "currency": "EUR",
        "cash_account_type": "CACC"}"#;
    for (accounts, listed) in [("", 5), (unreadable, 0)] {
        let connecting = Connecting::new(bank.tilisy(&desk, &["connect", "Saimaan Pankki", "--no-browser"]));
        let back = bank.sandbox.approve(&connecting.link).unwrap();
        bank.says([Reply::json(
            200,
            format!(
                r#"{{"session_id": "00000000-0000-0000-0000-000000000001", "accounts": [{accounts}],
                "aspsp": {{"name": "Saimaan Pankki", "country": "FI"}}, "psu_type": "personal",
                "access": {{"valid_until": "2099-01-01T00:00:00Z"}}}}"#
            ),
        )]);
        get(&back);
        connecting.end().refuses(5, &["connected to Saimaan Pankki", "no account that can be read", LINKED]);
        for arguments in [&["transactions", "--all"] as &[&str], &["transactions", "x"], &["balances"]] {
            let done = bank.run(&desk, arguments).refuses(5, &["no account that can be read", LINKED]);
            assert!(!done.err.contains("choose accounts at the bank"), "{done:?}");
        }
        let done = bank.run(&desk, &["accounts"]);
        assert_eq!(done.code, Some(listed), "{done:?}");
        let checked = bank.run(&desk, &["doctor"]).fails(5, &[]);
        assert!(listed == 0 || checked.out.contains(LINKED), "{checked:?}");
    }
    // The next consent replaces it.
    bank.consent(&desk, &[]).well();
    let accounts = bank.run(&desk, &["accounts", "--format", "csv"]).well();
    assert!(accounts.out.lines().count() > 4 && !accounts.err.contains("control panel"), "{accounts:?}");
}
