//! Periods, columns and formats of what is read.

use std::fs;

use enablebanking_client::chrono::{Days, Utc};

use crate::bank::Bank;
use crate::desk::{Connecting, Desk, Done, get};

struct Reading {
    desk: Desk,
    bank: Bank,
}

impl Reading {
    fn new() -> Self {
        let desk = Desk::new();
        let redirect = desk.redirect();
        // Up to the current day, by which the command goes too.
        let today = Utc::now().date_naive();
        let bank = Bank::built(|builder| builder.newest_day(today).redirect_url(&redirect).keep_requests(true));
        bank.consent(&desk, &[]).well();
        Self { desk, bank }
    }

    fn run(&self, arguments: &[&str]) -> Done {
        self.bank.run(&self.desk, arguments)
    }

    /// The target of the last request.
    fn asked(&self) -> String {
        self.bank.sandbox.requests().last().unwrap().target().to_owned()
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.desk.path(name)).unwrap()
    }
}

#[test]
fn periods_are_sent_as_days() {
    let reading = Reading::new();
    let transactions = |more: &[&str]| {
        let arguments: Vec<_> = ["transactions", "kayttotili", "--limit", "1"].iter().chain(more).copied().collect();
        reading.run(&arguments)
    };
    transactions(&["--from", "2026-01", "--to", "2026-01"]).well();
    assert!(reading.asked().contains("date_from=2026-01-01&date_to=2026-01-31"), "{}", reading.asked());
    transactions(&["--history", "longest"]).well();
    assert!(reading.asked().contains("strategy=longest"), "{}", reading.asked());
    transactions(&["--from", "-30d"]).well();
    let ago = Utc::now().date_naive() - Days::new(30);
    assert!(reading.asked().contains(&format!("date_from={ago}")), "{}", reading.asked());
    let before = reading.bank.sandbox.requests().len();
    for (from, said) in [("2026-13", "2026-05-17"), ("soon", "yesterday"), ("-30x", "-30d"), ("9999", "in the future")]
    {
        transactions(&["--from", from]).fails(2, &[said]);
    }
    transactions(&["--from", "2026-05", "--to", "2026-04"]).fails(2, &["is before"]);
    transactions(&["--since", "last", "--from", "2026"]).fails(2, &["cannot be used with"]);
    assert_eq!(reading.bank.sandbox.requests().len(), before);
}

#[test]
fn an_export_since_the_last_one_overlaps_it() {
    let reading = Reading::new();
    let since = ["transactions", "kayttotili", "--since", "last", "--output", "new.csv"];
    reading.run(&since).refuses(2, &["there is no earlier export of Käyttötili", "--from"]);
    // Neither a table nor a part is an export.
    reading.run(&["transactions", "kayttotili"]).well();
    reading.run(&["transactions", "kayttotili", "--limit", "1", "--output", "few.csv"]).well();
    reading.run(&["transactions", "kayttotili", "--status", "BOOK", "--output", "booked.csv"]).well();
    reading.run(&since).refuses(2, &["there is no earlier export"]);

    reading.run(&["transactions", "kayttotili", "--output", "all.csv"]).well();
    let done = reading.run(&since).well();
    let today = Utc::now().date_naive();
    let from = today - Days::new(7);
    assert!(done.err.contains(&format!("from {from} on")), "{done:?}");
    assert!(reading.bank.sandbox.requests().iter().any(|seen| seen.target().contains(&format!("date_from={from}"))));
    // All accounts have to have one.
    reading.run(&["transactions", "--all", "--since", "last"]).refuses(2, &["no earlier export of Luottokortti"]);
    // A renewed consent has other ids, and the same hashes.
    reading.bank.consent(&reading.desk, &[]).well();
    reading.run(&since).well();
    let file = reading.desk.path(".local/share/tilisy/default/exports.json");
    fs::write(&file, r#"{"version": 2, "accounts": {}}"#).unwrap();
    reading.run(&since).refuses(3, &["has format 2,"]);
    fs::write(&file, "hunter2").unwrap();
    reading.run(&since).refuses(3, &["is not a list of exports"]);
}

#[test]
fn columns_are_chosen_by_their_names_in_csv() {
    let reading = Reading::new();
    let columns = |format: &str, names: &str| {
        let export = ["transactions", "kayttotili", "--limit", "2", "--format", format, "--columns", names];
        reading.run(&export)
    };
    assert_eq!(columns("csv", "day,amount").well().out.lines().next(), Some("day,amount"));
    let table = columns("table", "amount, account_hash,DAY").well().out;
    let heading: Vec<_> = table.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(heading, ["AMOUNT", "HASH", "DAY"]);
    columns("csv", "day,hunter3").refuses(2, &["no column is called `hunter3`", "counterparty"]);
    columns("json", "day").refuses(2, &["JSON has all properties"]);
    let banks = reading.run(&["banks", "--format", "csv", "--columns", "name,maximum_consent_validity"]).well().out;
    assert!(banks.contains("Revontuli,7776000\n"), "{banks}");
}

#[test]
fn csv_for_excel_and_workbooks_are_written() {
    let reading = Reading::new();
    let export = |more: &[&str]| {
        let arguments: Vec<_> = ["transactions", "kayttotili", "--limit", "50"].iter().chain(more).copied().collect();
        reading.run(&arguments)
    };
    let out = export(&["--format", "csv", "--csv-style", "excel"]).well().out;
    let mut lines = out.split("\r\n");
    assert!(lines.next().unwrap().starts_with("\u{feff}account_uid;account_number;"), "{out}");
    let first: Vec<_> = lines.next().unwrap().split(';').collect();
    let place = first.iter().position(|field| *field == "EUR").unwrap();
    let amount = first[place - 1].replacen(',', ".", 1);
    assert!(first[place - 1].contains(',') && amount.parse::<f64>().is_ok(), "{out}");
    export(&["--csv-style", "excel"]).refuses(2, &["`--csv-style` is for CSV"]);

    for name in ["a.xlsx", "b.xlsx"] {
        export(&["--output", name]).well();
    }
    let workbook = reading.read("a.xlsx");
    assert!(workbook.starts_with(b"PK\x03\x04") && workbook == reading.read("b.xlsx"));
    // Something that is not complete leaves no workbook.
    let down = tilisy_sandbox::Reply::json(500, r#"{"error": "ASPSP_ERROR"}"#);
    reading.bank.says([down.repeated()]);
    export(&["--output", "c.xlsx"]).fails(7, &[]);
    assert!(!reading.desk.path("c.xlsx").exists() && !reading.desk.path("c.xlsx.part").exists());
}

#[test]
fn names_in_json_and_csv_agree() {
    let reading = Reading::new();
    for (command, resource) in [("accounts", "account"), ("balances", "balance"), ("transactions", "transaction")] {
        let names = |format: &str| -> String {
            let more: &[&str] = if command == "transactions" { &["kayttotili", "--limit", "1"] } else { &[] };
            let arguments: Vec<_> = [command, "--format", format].iter().chain(more).copied().collect();
            reading.run(&arguments).well().out
        };
        let (csv, json) = (names("csv"), names("ndjson"));
        let columns: Vec<_> = csv.lines().next().unwrap().split(',').collect();
        let object: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
        for name in object.as_object().unwrap().keys() {
            assert!(name == resource || columns.contains(&name.as_str()), "{command}: `{name}` in {columns:?}");
        }
        assert!(object[resource].is_object(), "{object}");
    }
}

#[test]
fn the_language_of_the_pages_is_passed_on() {
    let reading = Reading::new();
    let connect = |more: &[&str]| {
        let arguments = ["connect", "Saimaan Pankki", "--no-browser"];
        let arguments: Vec<_> = arguments.iter().chain(more).copied().collect();
        let connecting = Connecting::new(reading.bank.tilisy(&reading.desk, &arguments));
        get(&reading.bank.sandbox.approve(&connecting.link).unwrap());
        connecting.end().well();
        let requests = reading.bank.sandbox.requests();
        let started = requests.iter().rev().find(|request| request.target() == "/auth").unwrap();
        let body: serde_json::Value = serde_json::from_slice(started.body()).unwrap();
        body["language"].as_str().map(str::to_owned)
    };
    assert_eq!(connect(&[]), None);
    assert_eq!(connect(&["--language", "FI"]).as_deref(), Some("fi"));
    reading.run(&["connect", "Saimaan Pankki", "--language", "finnish"]).fails(2, &["a language is two letters"]);
    let folder = reading.desk.path(".config/tilisy/default");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("profile.toml"), "# mine\nlanguage = \"sv\"\n").unwrap();
    assert_eq!(connect(&[]).as_deref(), Some("sv"));
}

#[test]
fn reads_without_a_psu_are_counted() {
    let reading = Reading::new();
    let left = || {
        let checks = reading.run(&["doctor", "--format", "csv"]).well().out;
        let line = checks.lines().find(|line| line.starts_with("calls,")).unwrap().to_owned();
        line.split("about ").nth(1).unwrap().chars().next().unwrap()
    };
    assert_eq!(left(), '4');
    reading.run(&["balances", "kayttotili"]).well();
    reading.run(&["transactions", "kayttotili", "--limit", "1"]).well();
    assert_eq!(left(), '2');
    let present = ["--psu-ip-address", "192.0.2.7", "--psu-user-agent", "Mozilla/5.0"];
    let arguments: Vec<_> = ["balances", "kayttotili"].iter().chain(&present).copied().collect();
    let done = reading.run(&arguments);
    assert!(matches!(done.code, Some(0 | 2)), "{done:?}");
    assert_eq!(left(), '2');
}
