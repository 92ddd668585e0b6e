//! The requested length of a consent, and its end.

use enablebanking_client::chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Connecting, Desk, Done, get};

const DAY: i64 = 86_400;

struct Limits {
    desk: Desk,
    bank: Bank,
}

impl Limits {
    fn new() -> Self {
        let desk = Desk::new();
        let redirect = desk.redirect();
        let bank = Bank::built(|builder| builder.redirect_url(&redirect).keep_requests(true));
        Self { desk, bank }
    }

    /// Connects for a length to a bank with a limit in the list of banks, after these refusals.
    fn connect(&self, valid_for: &str, limit: i64, refusals: &[Reply]) -> Connecting {
        self.bank.says([banks("Saimaan Pankki", limit)].into_iter().chain(refusals.iter().cloned()));
        let arguments = ["connect", "Saimaan Pankki", "--no-browser", "--valid-for", valid_for];
        Connecting::new(self.bank.tilisy(&self.desk, &arguments))
    }

    fn end(&self, connecting: Connecting) -> Done {
        get(&self.bank.sandbox.approve(&connecting.link).unwrap());
        connecting.end().well()
    }

    /// Returns the requested lengths of the last authorizations, in seconds.
    fn asked(&self, last: usize) -> Vec<i64> {
        let requests = self.bank.sandbox.requests();
        let bodies =
            requests.iter().filter(|request| request.target() == "/auth").map(|request| request.body().to_vec());
        let seconds = bodies.map(|body| {
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let until: DateTime<Utc> = body["access"]["valid_until"].as_str().unwrap().parse().unwrap();
            (until - Utc::now() + TimeDelta::seconds(59)).num_seconds() / 60 * 60
        });
        let seconds: Vec<_> = seconds.collect();
        seconds[seconds.len() - last..].to_vec()
    }
}

/// Returns a list of one bank, with the longest consent that it allows, in seconds.
fn banks(name: &str, limit: i64) -> Reply {
    let bank = serde_json::json!({
        "name": name, "country": "FI", "logo": "l", "psu_types": ["personal"], "auth_methods": [], "beta": false,
        "maximum_consent_validity": limit,
    });
    Reply::json(200, serde_json::json!({ "aspsps": [bank] }).to_string())
}

fn refusal(message: &str, detail: &str) -> Reply {
    let body = format!(r#"{{"message": "{message}", "error": "WRONG_REQUEST_PARAMETERS", "detail": {detail}}}"#);
    Reply::json(422, body)
}

#[test]
fn a_consent_is_shorter_than_any_limit() {
    let limits = Limits::new();
    for (valid_for, limit, seconds) in [
        ("90d", 180 * DAY, 90 * DAY - 300),
        ("180d", 180 * DAY, 180 * DAY - 300),
        ("30d", 180 * DAY, 30 * DAY - 300),
        ("1h", 180 * DAY, 3_300),
        ("180d", 90 * DAY, 90 * DAY - 300),
        ("90d", 90 * DAY, 90 * DAY - 300),
        ("30d", 90 * DAY, 30 * DAY - 300),
        ("1d", 3_600, 3_300),
        // Not a limit, but a bank without one.
        ("1d", 0, DAY - 300),
        ("180d", -1, 180 * DAY - 300),
    ] {
        let done = limits.end(limits.connect(valid_for, limit, &[]));
        assert_eq!(limits.asked(1), [seconds], "{valid_for} {limit} {done:?}");
    }
}

#[test]
fn a_limit_that_the_service_names_is_observed() {
    let limits = Limits::new();
    let until = (Utc::now() + TimeDelta::days(10)).to_rfc3339_opts(SecondsFormat::Secs, true);
    for (message, detail, seconds) in [
        ("a consent can last 7776000 seconds at most", "null".to_owned(), 90 * DAY - 300),
        ("wrong valid_until", r#""90 days at most""#.to_owned(), 90 * DAY - 300),
        ("wrong valid_until", r#"{"maximum_consent_validity": 3600}"#.to_owned(), 3_300),
        ("wrong valid_until", format!(r#""not later than {until}""#), 10 * DAY - 300),
    ] {
        let connecting = limits.connect("180d", 180 * DAY, &[refusal(message, &detail)]);
        limits.end(connecting);
        assert_eq!(limits.asked(2), [180 * DAY - 300, seconds], "{message} {detail}");
    }
}

#[test]
fn a_length_that_was_refused_is_not_suggested() {
    let limits = Limits::new();
    let refused = |valid_for: &str, refusals: &[Reply], said: &[&str]| {
        limits.bank.says([banks("B", 180 * DAY)].into_iter().chain(refusals.iter().cloned()));
        let done = limits.bank.run(&limits.desk, &["connect", "B", "--no-browser", "--valid-for", valid_for]);
        let done = done.fails(8, said);
        assert!(!done.err.contains(&format!("`--valid-for {valid_for}`")), "{done:?}");
    };
    let vague = refusal("wrong valid_until", "null");
    for (valid_for, hint) in [
        ("180d", "try `--valid-for 90d`, or less"),
        ("90d", "try `--valid-for 30d`, or less"),
        ("30d", "try `--valid-for 1d`, or less"),
        ("2h", "try `--valid-for 1h`, or less"),
        ("1h", "a clock that differs from this machine's"),
    ] {
        refused(valid_for, std::slice::from_ref(&vague), &["wrong valid_until", hint]);
    }
    // A second limit is not followed.
    let twice = [refusal("at most 90 days", "null"), refusal("at most 30 days", "null")];
    refused("180d", &twice, &["at most 30 days", "try `--valid-for 90d`"]);
    // A limit that is longer than the requested length is not followed either.
    refused("30d", &[refusal("at most 90 days", "null")], &["at most 90 days", "try `--valid-for 1d`"]);
}

#[test]
fn a_consent_ends_when_the_service_says() {
    let Limits { desk, bank } = Limits::new();
    let ends = |end: &str| {
        let listed = bank.run(&desk, &["sessions", "--format", "csv"]).well().out;
        assert!(listed.contains(&format!(",{end},valid,")), "{listed}");
    };
    let in_days = |days| (Utc::now() + TimeDelta::days(days)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let (first, second) = (in_days(30), in_days(60));
    let id = "00000000-0000-0000-0000-000000000001";
    let session = |rest: &str| {
        format!(
            r#"{{"session_id": "{id}", "aspsp": {{"name": "Saimaan Pankki", "country": "FI"}}, "psu_type": "personal",
            "psu_id_hash": "h", "created": "2026-01-31T00:00:00Z", {rest}}}"#
        )
    };
    let account = |uid: &str| {
        format!(
            r#"{{"uid": "{uid}", "identification_hash": "h", "identification_hashes": ["h"], "currency": "EUR", "cash_account_type": "CACC",
            "account_id": {{"iban": "FI2112345600000785"}}}}"#
        )
    };
    let connecting = Connecting::new(bank.tilisy(&desk, &["connect", "Saimaan Pankki", "--no-browser"]));
    let back = bank.sandbox.approve(&connecting.link).unwrap();
    let access = format!(r#""access": {{"valid_until": "{first}"}}"#);
    bank.says([Reply::json(200, session(&format!(r#""accounts": [{}], {access}"#, account(id))))]);
    get(&back);
    let connected = connecting.end().well();
    assert!(connected.err.contains(&format!("until {}", &first[..10])), "{connected:?}");
    ends(&first);
    // An end that the service reports is stored.
    let known = |status: &str, access: &str| {
        Reply::json(200, session(&format!(r#""accounts": [], "accounts_data": [], "status": "{status}"{access}"#)))
    };
    let access = format!(r#", "access": {{"valid_until": "{second}"}}"#);
    bank.says([known("AUTHORIZED", &access)]);
    let checked = bank.run(&desk, &["sessions", "--check", "--format", "csv"]).well().out;
    assert!(checked.contains(&format!(",{second},valid,AUTHORIZED")), "{checked}");
    ends(&second);
    bank.says([known("AUTHORIZED", r#", "access": {"valid_until": "soon"}"#)]);
    let unchecked = bank.run(&desk, &["sessions", "--check"]);
    unchecked.fails(1, &["at `access.valid_until`", "1 of 1 consents could not be checked"]);
    ends(&second);
    // A consent that has ended is not valid.
    for status in ["CLOSED", "REVOKED", "EXPIRED", "CANCELLED", "SOMETHING_NEW"] {
        bank.says([known(status, &access)]);
        let checked = bank.run(&desk, &["sessions", "--check", "--format", "csv"]).well().out;
        assert!(checked.contains(&format!(",ended,{status}\n")), "{checked}");
    }
}
