//! What has to be done in the control panel.

use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Connecting, Desk, get};

const ADDRESS: &str = "control panel: https://enablebanking.com/cp/applications";
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
        let told = bank.run(&desk, &["doctor"]).fails(4, &["not everything is as it should be"]);
        assert!(told.out.contains(ADDRESS), "{told:?}");
    }
    // A code of the service says more than its status.
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
fn an_application_that_is_known_and_not_active_is_pointed_out() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let application = r#"{"name": "n", "description": "d", "kid": "00000000-0000-0000-0000-000000000001",
        "environment": "PRODUCTION", "redirect_urls": [], "active": false}"#;
    bank.says([Reply::json(200, application).repeated()]);
    let told = bank.run(&desk, &["app"]).well();
    assert!(told.err.contains(ADDRESS), "{told:?}");
    let told = bank.run(&desk, &["doctor"]).fails(4, &[]);
    assert!(told.out.contains(ADDRESS), "{told:?}");
}

#[test]
fn a_service_that_lists_no_banks_is_explained() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let nothing = Reply::json(200, r#"{"aspsps": []}"#);
    for arguments in [
        &["banks"] as &[&str],
        &["banks", "--country", "FI"],
        &["banks", "--psu-type", "business", "--format", "json"],
        &["connect", "Saimaan Pankki"],
        &["connect", "Saimaan Pankki", "--country", "FI"],
    ] {
        bank.says([nothing.clone().repeated()]);
        bank.run(&desk, arguments).refuses(4, &["lists no banks for this application", ADDRESS, LINKED]);
    }
    // An empty result of a filter is not an error of the application.
    bank.says([]);
    let told = bank.run(&desk, &["banks", "--country", "ZZ"]).well();
    assert!(told.out.contains("no bank is like that") && told.err.is_empty(), "{told:?}");
    let told = bank.run(&desk, &["connect", "x", "--country", "ZZ"]).refuses(2, &["no bank in ZZ is called `x`"]);
    assert!(!told.err.contains("control panel"), "{told:?}");
}

#[test]
fn a_consent_without_accounts_is_a_failure_that_is_explained() {
    let desk = Desk::new();
    let redirect = desk.redirect();
    let bank = Bank::built(|builder| builder.redirect_url(&redirect));
    let unreadable = r#"{"uid": null, "identification_hash": "h", "currency": "EUR", "cash_account_type": "CACC"}"#;
    for (accounts, listed) in [("", 5), (unreadable, 0)] {
        let connecting = Connecting::new(bank.tilisy(&desk, &["connect", "Saimaan Pankki", "--no-browser"]));
        let back = bank.sandbox.approve(&connecting.link).unwrap();
        bank.says([Reply::json(
            200,
            format!(
                r#"{{"session_id": "00000000-0000-0000-0000-000000000001", "accounts": [{accounts}],
                "aspsp": {{"name": "Saimaan Pankki", "country": "FI"}}, "psu_type": "personal"}}"#
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
        let told = bank.run(&desk, &["doctor"]).fails(5, &[]);
        assert!(listed == 0 || told.out.contains(LINKED), "{told:?}");
    }
    // The next consent takes its place.
    bank.consent(&desk, &[]).well();
    let accounts = bank.run(&desk, &["accounts", "--format", "csv"]).well();
    assert!(accounts.out.lines().count() > 4 && !accounts.err.contains("control panel"), "{accounts:?}");
}
