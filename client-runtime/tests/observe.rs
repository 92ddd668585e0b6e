//! Deviations from the API description are recorded by name, and only while they are collected.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod support;

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};

use openbanking_client_runtime::code::Unlisted;
use openbanking_client_runtime::decode::{self, Decode};
use openbanking_client_runtime::extra::Extra;
use openbanking_client_runtime::observe::{Deviation, DeviationKind, collect};
use openbanking_client_runtime::response::Response;
use openbanking_client_runtime::{object, open_code};
use serde_json::{Map, Value};
use support::{CANARY, fetch};

#[derive(Debug, Default, PartialEq)]
struct Account {
    id: Option<i64>,
    owner: Option<Box<Owner>>,
    balances: Vec<Balance>,
    names: Vec<String>,
    aliases: Option<Vec<String>>,
    limits: BTreeMap<String, i64>,
    notes: Map<String, Value>,
    status: Option<Status>,
    key: Option<String>,
    lines: Vec<String>,
    extra_: Extra,
}
object! {
    Account {
        id: "id" => optional,
        owner: "owner" => optional,
        balances: "balances" => list,
        names: "names" => required_list,
        aliases: "aliases" | "alias" => optional,
        limits: "limits" => required_map,
        notes: "notes" => required_map,
        status: "status" => optional,
        key: "key" => nullable,
        lines: "lines" => list,
        ..extra_
    }
}

#[derive(Debug, Default, PartialEq)]
struct Owner {
    name: Option<String>,
    extra_: Extra,
}
object!(Owner { name: "name" => optional, ..extra_ });

#[derive(Debug, PartialEq)]
struct Balance {
    amount: i64,
    statuses: Vec<Status>,
    extra_: Extra,
}
object!(Balance { amount: "amount" => required, statuses: "statuses" => list, ..extra_ });

#[derive(Debug, PartialEq)]
struct Page {
    accounts: Vec<Account>,
    balances: Vec<Balance>,
}
object!(Page { accounts: "accounts" => required_list, balances: "balances" => required_list });

#[derive(Clone, Eq, PartialEq)]
enum Status {
    Open,
    Unknown(Unlisted<Self>),
}
open_code!(Status { Open => "OPEN" });

/// An account without deviations, and these properties.
fn account(properties: &str) -> String {
    let given: Value = serde_json::from_str(&format!("{{{properties}}}")).unwrap();
    let others = [("names", "[]"), ("limits", "{}"), ("notes", "{}")];
    let others = others.iter().filter(|(name, _)| given.get(name).is_none());
    let others = others.map(|(name, value)| format!(r#""{name}": {value}, "#));
    format!(r#"{{{}"id": 1{}{properties}}}"#, others.collect::<String>(), if properties.is_empty() { "" } else { ", " })
}

/// A deviation in short.
fn short(deviation: &Deviation) -> (DeviationKind, &str, Option<&str>, usize) {
    (deviation.kind(), deviation.path(), deviation.code(), deviation.count())
}

/// Decodes an account with these properties, and checks the deviations.
#[track_caller]
fn check(properties: &str, expected: &[(DeviationKind, &str, Option<&str>, usize)]) {
    let json = account(properties);
    let (decoded, deviations) = collect(|| decode::from_slice::<Account>(json.as_bytes()));
    assert_eq!(decoded.map(drop).map_err(|error| error.to_string()), Ok(()), "{json}");
    assert_eq!(deviations.iter().map(short).collect::<Vec<_>>(), expected, "{json}");
}

#[test]
fn undeclared_properties_are_recorded_with_the_type_of_their_object() {
    let undeclared = |path, count| (DeviationKind::UndeclaredProperty, path, None, count);
    check("", &[]);
    check(r#""nick": "hunter2""#, &[undeclared("Account.nick", 1)]);
    check(r#""owner": {"age": 1, "name": "hunter2"}"#, &[undeclared("Owner.age", 1)]);
    check(
        r#""balances": [{"amount": 1, "due": null}, {"amount": 2, "due": {"day": 1}, "fee": []}], "more": 1"#,
        &[undeclared("Account.more", 1), undeclared("Balance.due", 2), undeclared("Balance.fee", 1)],
    );
}

#[test]
fn nulls_in_place_of_required_properties_elements_and_values_are_recorded() {
    let null = |path, count| (DeviationKind::UnexpectedNull, path, None, count);
    check(r#""names": null"#, &[null("Account.names", 1)]);
    check(r#""limits": null, "notes": null"#, &[null("Account.limits", 1), null("Account.notes", 1)]);
    check(r#""names": [null, "a", null]"#, &[null("Account.names[]", 2)]);
    check(r#""aliases": [null, "a"]"#, &[null("Account.aliases[]", 1)]);
    check(r#""alias": [null, "a"]"#, &[null("Account.aliases[]", 1)]);
    check(r#""limits": {"daily": null, "weekly": null, "all": 1}"#, &[null("Account.limits.*", 2)]);
    check(
        r#""balances": [null, {"amount": 1, "statuses": [null]}]"#,
        &[null("Account.balances[]", 1), null("Balance.statuses[]", 1)],
    );
}

#[test]
fn null_for_an_optional_property_counts_as_absent() {
    check(r#""owner": null, "balances": null, "aliases": null, "status": null, "key": null, "lines": null"#, &[]);
    check(r#""owner": {"name": null}, "notes": {"any": null}"#, &[]);
}

#[test]
fn empty_strings_and_single_strings_are_not_nulls() {
    check(r#""aliases": "", "lines": "", "names": "one""#, &[]);
}

#[test]
fn unlisted_codes_are_recorded_with_their_type() {
    let unlisted = |code, count| (DeviationKind::UnlistedCode, "Status", code, count);
    check(r#""status": "OPEN""#, &[]);
    check(r#""status": "NEW_1""#, &[unlisted(Some("NEW_1"), 1)]);
    check(
        r#""status": "NEW", "balances": [{"amount": 1, "statuses": ["OPEN", "NEW", "OLD"]}]"#,
        &[unlisted(Some("NEW"), 2), unlisted(Some("OLD"), 1)],
    );
}

#[test]
fn a_text_that_does_not_look_like_a_code_is_not_shown() {
    let long = "A".repeat(41);
    for text in ["hunter2", "Open", "A B", "Ä", "_A", "1A", "FI2112345600000785", "A12345", &long, "A\\u001b"] {
        check(&format!(r#""status": "{text}""#), &[(DeviationKind::UnlistedCode, "Status", None, 1)]);
    }
    let code = "A".repeat(40);
    check(&format!(r#""status": "{code}""#), &[(DeviationKind::UnlistedCode, "Status", Some(&code), 1)]);
}

#[test]
fn debug_shows_no_name_of_the_service() {
    let json = account(r#""hunter2": 1, "status": "HUNTER""#);
    let (_, deviations) = collect(|| decode::from_slice::<Account>(json.as_bytes()).unwrap());
    let shown = format!("{deviations:?}");
    assert_eq!(
        shown,
        r#"[Deviation { kind: UndeclaredProperty, count: 1, .. }, Deviation { kind: UnlistedCode, path: "Status", count: 1, .. }]"#
    );
}

#[test]
fn no_deviation_is_recorded_without_a_collector() {
    let decode = |name: &str| drop(decode::from_slice::<Account>(account(&format!(r#""{name}": 1"#)).as_bytes()));
    let paths = |deviations: &[Deviation]| deviations.iter().map(|one| one.path().to_owned()).collect::<Vec<_>>();
    decode("before");
    let ((), first) = collect(|| decode("within"));
    decode("between");
    let ((), second) = collect(|| ());
    assert_eq!((paths(&first), paths(&second)), (vec!["Account.within".to_owned()], vec![]));
}

#[test]
fn a_collector_records_for_itself_and_for_its_thread_only() {
    let decode = |name: &str| drop(decode::from_slice::<Account>(account(&format!(r#""{name}": 1"#)).as_bytes()));
    let paths = |deviations: &[Deviation]| deviations.iter().map(|one| one.path().to_owned()).collect::<Vec<_>>();
    let (inner, outer) = collect(|| {
        decode("a");
        std::thread::scope(|scope| scope.spawn(|| decode("other")).join().unwrap());
        let ((), inner) = collect(|| decode("b"));
        decode("c");
        inner
    });
    assert_eq!(
        (paths(&inner), paths(&outer)),
        (vec!["Account.b".to_owned()], vec!["Account.a".to_owned(), "Account.c".to_owned()])
    );
}

#[test]
fn a_panic_ends_its_collector() {
    let (unwound, deviations) = collect(|| {
        let inner = || collect(|| panic::resume_unwind(Box::new(())));
        let unwound = panic::catch_unwind(AssertUnwindSafe(inner)).is_err();
        drop(decode::from_slice::<Account>(account(r#""after": 1"#).as_bytes()));
        unwound
    });
    assert!(unwound);
    assert_eq!(
        deviations.iter().map(short).collect::<Vec<_>>(),
        [(DeviationKind::UndeclaredProperty, "Account.after", None, 1)]
    );
}

#[test]
fn of_too_many_names_the_rest_is_counted_together() {
    let properties: Vec<_> = (0..1_010).map(|nth| format!(r#""p{nth}": 1"#)).collect();
    let json = account(&format!(r#"{}, "p7": 1, "status": "NEW""#, properties.join(", ")));
    let (_, deviations) = collect(|| decode::from_slice::<Account>(json.as_bytes()).unwrap());
    assert_eq!(deviations.len(), 1_002);
    let of = |path: &str| deviations.iter().find(|one| one.path() == path).map(short);
    assert_eq!(of("Account.p7"), Some((DeviationKind::UndeclaredProperty, "Account.p7", None, 2)));
    assert_eq!(of("Account.…"), Some((DeviationKind::UndeclaredProperty, "Account.…", None, 10)));
    assert_eq!(of("Status"), Some((DeviationKind::UnlistedCode, "Status", None, 1)));
}

/// Receives a response, and returns its deviations.
async fn deviations<T: for<'de> Decode<'de>>(body: &str) -> Vec<Deviation> {
    let response: Response<T> = fetch(200, body).await.unwrap();
    response.deviations()
}

#[tokio::test]
async fn a_response_reports_its_deviations() {
    let body = account(&format!(r#""nick": "{CANARY}", "names": [null], "status": "NEW""#));
    let found = deviations::<Account>(&body).await;
    assert_eq!(
        found.iter().map(short).collect::<Vec<_>>(),
        [
            (DeviationKind::UndeclaredProperty, "Account.nick", None, 1),
            (DeviationKind::UnexpectedNull, "Account.names[]", None, 1),
            (DeviationKind::UnlistedCode, "Status", Some("NEW"), 1),
        ]
    );
    assert_eq!(deviations::<Account>(&account("")).await, []);
    assert_eq!(deviations::<()>(r#"{"nick": 1}"#).await, []);
}

#[tokio::test]
async fn a_response_with_bad_rows_reports_them_and_counts_the_good_ones_once() {
    let balances = format!(
        r#"{{"amount": 1, "due": 1}}, {{"amount": null}}, {{"amount": "{CANARY}"}}, {{"amount": 2, "due": 1}},
        {{"amount": "x"}}, null, {{"due": 1}}"#
    );
    let accounts = account(r#""balances": [{"amount": null}, {"amount": 1}]"#);
    let found = deviations::<Page>(&format!(r#"{{"accounts": [{accounts}], "balances": [{balances}]}}"#)).await;
    assert_eq!(
        found.iter().map(short).collect::<Vec<_>>(),
        [
            (DeviationKind::UndeclaredProperty, "Balance.due", None, 2),
            (DeviationKind::UnexpectedNull, "accounts[].balances[].amount", None, 1),
            (DeviationKind::UnexpectedNull, "balances[]", None, 1),
            (DeviationKind::UnexpectedNull, "balances[].amount", None, 1),
            (DeviationKind::MissingProperty, "balances[].amount", None, 1),
            (DeviationKind::UnexpectedValue, "balances[].amount", None, 2),
        ]
    );
    let found = deviations::<Page>(r#"{"accounts": [], "balances": null}"#).await;
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), [(DeviationKind::UnexpectedNull, "balances", None, 1)]);
    assert!(!format!("{found:?}").contains(CANARY));
}
