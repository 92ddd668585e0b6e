//! All steps, from the key to the end of the consent.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::Desk;
use crate::desk::{Connecting, Done, free_port, get};

/// Returns the sum of amounts, in cents.
fn cents(amounts: impl Iterator<Item = String>) -> i64 {
    amounts.map(|amount| amount.replace('.', "").parse::<i64>().unwrap()).sum()
}

#[test]
fn all_steps_from_a_key_to_the_end_of_the_consent_work() {
    let (bank, desk) = (Desk::new(), Desk::new());
    let sandbox = bank.sandbox(&["--auto-approve", "--without-consent"]);
    let (url, token) = (sandbox.printed("url"), sandbox.printed("registration_token"));
    let host = ["--host", url, "--audience", sandbox.printed("audience")];
    let with_host =
        |arguments: &[&str]| -> Vec<String> { arguments.iter().chain(&host).map(|&a| a.to_owned()).collect() };

    desk.run(&["keygen", "--bits", "2048"]).well();
    let key = desk.path(".config/tilisy/default/private.key");
    assert_eq!(fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);

    let redirect = format!("http://127.0.0.1:{}/back", free_port());
    let panel = format!("{url}/api");
    let arguments = with_host(&["register", "--control-panel", &panel, "--redirect-url", &redirect]);
    let mut register = desk.tilisy(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let registered = Done::from(register.env("TILISY_REGISTRATION_TOKEN", token).output().unwrap()).well();
    let id = registered.out.trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(id.len(), 36, "{registered:?}");

    // From here on, the profile has the host, the application, and the redirect address.
    assert!(desk.run(&["app"]).well().out.contains(&redirect));
    let banks = desk.run(&["banks", "--country", "fi", "--format", "csv"]).well().out;
    let header = "name,country,psu_types,auth_methods,bic,maximum_consent_validity,beta,required_psu_headers\n";
    assert!(banks.starts_with(header), "{banks}");
    assert!(banks.contains("Revontuli,FI,personal,"), "{banks}");

    let connecting = Connecting::new(desk.tilisy(&["connect", "saimaan pankki", "--country", "FI", "--no-browser"]));
    let (_, back, _) = get(&connecting.link);
    let back = back.unwrap();
    // A redirect with another state is refused.
    let (status, _, page) = get(&format!("{redirect}?code=x&state=y"));
    assert!(status == 400 && page.contains("does not belong"), "{page}");
    let (status, _, page) = get(&back);
    assert!(status == 200 && page.contains("You can close this window"), "{page}");
    let connected = connecting.end().well();
    assert!(connected.err.contains("connected to Saimaan Pankki: 4 accounts"), "{connected:?}");
    let sessions = desk.path(".local/share/tilisy/default/sessions");
    let file = fs::read_dir(sessions).unwrap().next().unwrap().unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    let balances = desk.run(&["balances", "Käyttötili", "--format", "csv"]).well().out;
    let booked = balances.lines().find(|line| line.contains(",CLBD,")).unwrap();
    assert!(booked.contains(",EUR,2026-01-31,"), "{booked}");
    let all_kinds = desk.run(&["balances", "Käyttötili", "--all-kinds", "--format", "csv"]).well().out;
    assert!(all_kinds.contains(booked) && all_kinds.contains(",ITAV,"), "{all_kinds}");
    assert_eq!(balances.lines().count(), 1 + 1, "{balances}");

    let out = desk.path("all.csv");
    let done = desk.run(&["transactions", "Käyttötili", "--output", out.to_str().unwrap()]).well();
    assert_eq!((done.out.as_str(), done.err.as_str()), ("", ""));
    let mut csv = csv::Reader::from_path(&out).unwrap();
    let columns = csv.headers().unwrap().clone();
    let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let rows: Vec<_> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1_000);
    // The digits are those of the bank, with the sign of the direction.
    let json = desk.run(&["transactions", "Käyttötili", "--format", "ndjson"]).well().out;
    for (row, line) in rows.iter().zip(json.lines()) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let transaction = &line["transaction"];
        let sign = if transaction["credit_debit_indicator"] == "DBIT" { "-" } else { "" };
        let amount = transaction["transaction_amount"]["amount"].as_str().unwrap().trim_start_matches('-');
        assert_eq!(row[at("amount")], format!("{sign}{amount}"));
        assert_eq!(row[at("amount")], *line["amount"].as_str().unwrap());
        assert_eq!(row[at("entry_reference")], *transaction["entry_reference"].as_str().unwrap_or_default());
    }
    // The history goes back from the booked balance by the booked transactions.
    let history =
        desk.run(&["balances", "Käyttötili", "--history", "--from", "2026-01-30", "--format", "csv"]).well().out;
    let days: Vec<_> = history.lines().skip(1).map(|line| line.split(',').nth(3).unwrap().to_owned()).collect();
    let last_day = rows.iter().filter(|row| &row[at("booking_date")] == "2026-01-31");
    let moved = cents(last_day.map(|row| row[at("amount")].to_owned()));
    assert_eq!(cents([days[0].clone()].into_iter()) + moved, cents([days[1].clone()].into_iter()));
    assert_eq!(days[1], booked.split(',').nth(5).unwrap());
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);

    desk.run(&["doctor"]).well();
    let ended = desk.run(&["disconnect", "Saimaan Pankki"]).well();
    assert!(ended.err.contains("ended"), "{ended:?}");
    desk.run(&["accounts"]).fails(5, &["there is no consent yet", "tilisy connect"]);
}

#[test]
fn accounts_of_a_renewed_consent_are_found_by_their_former_ids() {
    let desk = Desk::new();
    let port = free_port();
    let redirect = format!("http://127.0.0.1:{port}/redirect");
    let _sandbox = desk.sandbox(&["--auto-approve", "--redirect-url", &redirect]);
    let accounts = |desk: &Desk| -> Vec<String> {
        let out = desk.run(&["accounts", "--sandbox", "--format", "ndjson"]).well().out;
        let uid =
            |line| serde_json::from_str::<serde_json::Value>(line).unwrap()["account_uid"].as_str().unwrap().to_owned();
        out.lines().map(uid).collect()
    };
    let before = accounts(&desk);
    let connect = ["connect", "Saimaan Pankki", "--sandbox", "--no-browser", "--redirect-url", &redirect];
    let connecting = Connecting::new(desk.tilisy(&connect));
    let (_, back, _) = get(&connecting.link);
    get(&back.unwrap());
    let connected = connecting.end().well();
    assert!(connected.err.contains("this renews an earlier consent: 4 accounts found again"), "{connected:?}");
    let after = accounts(&desk);
    assert_eq!((before.len(), after.len()), (4, 4));
    assert!(before.iter().all(|uid| !after.contains(uid)));
    let read = desk.run(&["transactions", &before[2], "--sandbox", "--format", "csv"]).well().out;
    assert!(read.lines().nth(1).unwrap().starts_with(&after[2]), "{read}");
    let sessions = desk.run(&["sessions", "--sandbox", "--format", "csv"]).well().out;
    assert_eq!(sessions.matches(",replaced,").count(), 1, "{sessions}");
}

#[test]
fn json_contains_the_objects_of_the_api_and_one_of_them_per_line() {
    let desk = Desk::new();
    // One for all commands, because the redirect address contains a port.
    let _sandbox = desk.sandbox(&[]);
    for (arguments, property) in [
        (&["banks"] as &[&str], "/maximum_consent_validity"),
        (&["app"], "/kid"),
        (&["accounts"], "/account/identification_hashes"),
        (&["balances"], "/balance/balance_amount/amount"),
        (&["transactions", "Luottokortti", "--limit", "2"], "/transaction/transaction_amount/amount"),
    ] {
        let run = |format| desk.run(&[arguments, &["--sandbox", "--format", format]].concat()).well().out;
        let (json, lines) = (run("json"), run("ndjson"));
        let objects: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert!(!objects.is_empty() && objects.iter().all(|object| object.pointer(property).is_some()), "{json}");
        // The array is the lines, with commas between them.
        assert_eq!(json, format!("[\n{}\n]\n", lines.trim_end().replace('\n', ",\n")), "{arguments:?}");
    }
}

#[test]
fn every_command_works_on_a_sandbox_of_its_own() {
    let desk = Desk::new();
    for arguments in [
        &["banks"] as &[&str],
        &["aspsps", "--country", "SE", "--psu-type", "business"],
        &["app", "--format", "json"],
        &["register", "--name", "Trial"],
        &["token"],
        &["sessions", "--check"],
        &["accounts"],
        &["balances"],
        &["balances", "--history", "--from", "2026-01-01", "Käyttötili"],
        &["balances", "--history", "--format", "csv", "Käyttötili"],
        &["transactions", "Käyttötili", "--from", "2026-01-20", "--to", "2026-01-21", "--status", "book"],
        &["transactions", "Asuntolaina", "--format", "json"],
        &["disconnect", "--all"],
        &["doctor"],
        &["keygen", "--bits", "2048"],
    ] {
        let arguments: Vec<_> = arguments.iter().copied().chain(["--sandbox"]).collect();
        let done = desk.run(&arguments).well();
        assert!(arguments[0] == "disconnect" || !done.out.is_empty(), "{arguments:?} {done:?}");
    }
    let json = desk.run(&["transactions", "Luottokortti", "--sandbox", "--limit", "3", "--format", "json"]).well().out;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row["transaction"]["transaction_amount"]["amount"].is_string()));
}
