//! `tilisy doctor --contract`: compares responses with the API description, by names and without values.

use std::collections::{BTreeMap, BTreeSet};

use enablebanking_client::chrono::Utc;
use enablebanking_client::types::ErrorResponse;
use enablebanking_client::{Client, Deviation, DeviationKind, Error, Response};
use openbanking_client_runtime::decode::{self, Decode};
use openbanking_client_runtime::observe;

use crate::accounts::{Chosen, readable};
use crate::environment::Environment;
use crate::output::{Cell, Column, Record, Tone};
use crate::progress::Progress;
use crate::stored::{Condition, Session};
use crate::text::excerpt;

/// The number of accounts of each consent that are read.
const ACCOUNTS: usize = 3;

/// The longest name that is shown, and the most digits in it: a longer number may be that of an account.
const LONGEST: usize = 80;
const MOST_DIGITS: usize = 4;

/// A difference between responses and the API description.
pub(super) struct Difference {
    operation: &'static str,
    kind: &'static str,
    name: String,
    count: u64,
}

impl Record for Difference {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::word("operation", "OPERATION", |difference| difference.operation.into()),
        Column::<Self>::word("kind", "", |difference| difference.kind.into())
            .toned(|difference| if difference.kind == FAILED { Tone::Bad } else { Tone::Doubtful }),
        Column::text("name", "NAME", |difference| (&difference.name).into()),
        Column::number("count", "COUNT", |difference| Cell::Number(difference.count)),
    ];
    const TABLE: &'static [&'static str] = &["operation", "kind", "name", "count"];
}

/// The kind of a call without a response to compare.
const FAILED: &str = "failed";

/// Compares the responses of read-only calls, each of which is sent once. A call that fails is among the differences.
pub(super) async fn run(environment: &Environment, client: &Client, consents: &[Session]) -> Vec<Difference> {
    let client = client.without_retries();
    let now = Utc::now();
    let is_usable = |session: &&Session| !matches!(session.condition(now), Condition::Ended | Condition::Replaced);
    let usable: Vec<_> = consents.iter().filter(is_usable).cloned().collect();
    let accounts = first_accounts(&usable, &environment.global.command());
    let _progress = Progress::waiting("comparing responses");
    let mut found = Differences::default();
    found.compare("application", &client.application().with_meta().await);
    let countries: BTreeSet<_> = usable.iter().map(|session| &*session.bank.country).collect();
    if countries.is_empty() {
        found.compare("aspsps", &client.aspsps().with_meta().await);
    }
    for country in countries {
        found.compare("aspsps", &client.aspsps().country(country).with_meta().await);
    }
    for session in &usable {
        found.compare("session", &client.session(&session.session_id.into()).with_meta().await);
    }
    environment.count_calls(&client, &accounts).await;
    for Chosen { uid, .. } in &accounts {
        found.compare("account_details", &client.account_details(uid).with_meta().await);
        found.compare("account_balances", &client.account_balances(uid).with_meta().await);
        found.compare("account_transactions", &client.account_transactions(uid).with_meta().await);
    }
    found.into_records()
}

/// Returns the first accounts of each session. An account of several sessions belongs to the newest.
fn first_accounts(sessions: &[Session], command: &str) -> Vec<Chosen> {
    let readable = readable(sessions, command);
    let of_session = |session: &Session| {
        let covers = |chosen: &&Chosen| session.accounts.iter().any(|account| account.id() == Some(chosen.uid.into()));
        readable.iter().filter(covers).take(ACCOUNTS).cloned().collect::<Vec<_>>()
    };
    sessions.iter().flat_map(of_session).collect()
}

/// The differences so far, and how often each occurred: by operation, kind and name.
#[derive(Default)]
struct Differences(BTreeMap<(&'static str, &'static str, String), u64>);

impl Differences {
    fn compare<T: for<'de> Decode<'de>>(&mut self, operation: &'static str, result: &Result<Response<T>, Error>) {
        match result {
            Ok(response) => self.add_all(operation, response.deviations()),
            Err(error) => {
                self.add(operation, FAILED, reason(error), 1);
                self.add_all(operation, deviations_of_error::<T>(error));
            }
        }
    }

    fn add_all(&mut self, operation: &'static str, deviations: Vec<Deviation>) {
        for deviation in &deviations {
            let count = u64::try_from(deviation.count()).unwrap_or(u64::MAX);
            self.add(operation, kind(deviation.kind()), name(deviation), count);
        }
    }

    fn add(&mut self, operation: &'static str, kind: &'static str, name: String, count: u64) {
        let total = self.0.entry((operation, kind, name)).or_default();
        *total = total.saturating_add(count);
    }

    fn into_records(self) -> Vec<Difference> {
        let record = |((operation, kind, name), count)| Difference { operation, kind, name, count };
        self.0.into_iter().map(record).collect()
    }
}

const fn kind(kind: DeviationKind) -> &'static str {
    match kind {
        DeviationKind::UndeclaredProperty => "undeclared property",
        DeviationKind::UnexpectedNull => "unexpected null",
        DeviationKind::UnlistedCode => "unlisted code",
        DeviationKind::MissingProperty => "missing property",
        _ => "unexpected value",
    }
}

/// Returns the name of a deviation, as far as it is safe to print.
fn name(deviation: &Deviation) -> String {
    let path = deviation.path();
    match (deviation.kind(), deviation.code()) {
        (DeviationKind::UndeclaredProperty, _) => match path.split_once('.') {
            Some((object, property)) if may_be_value(property) => format!("{object}.(not shown)"),
            _ => shown(path),
        },
        (_, Some(code)) => shown(&format!("{path}: {code}")),
        (DeviationKind::UnlistedCode, None) => format!("{path}: (not shown)"),
        _ => shown(path),
    }
}

/// Returns whether a property seems to be named by a value, such as an account number or a mail address.
fn may_be_value(property: &str) -> bool {
    property.contains('@') || property.chars().filter(char::is_ascii_digit).count() > MOST_DIGITS
}

/// Returns a text on one line, without hidden characters, and cut.
fn shown(text: &str) -> String {
    let text = excerpt(text);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Returns the reason of a failed call: the code of the service, or else the status, or else the error in our words.
fn reason(error: &Error) -> String {
    let code = error.code().filter(|code| code.is_listed());
    match (code, error.status()) {
        (Some(code), _) => code.to_string(),
        (None, Some(status)) if !(200..300).contains(&status) => format!("status {status}"),
        _ => {
            let reason = error.reason().unwrap_or("the request failed");
            shown(&error.path().map_or_else(|| reason.to_owned(), |path| format!("{path}: {reason}")))
        }
    }
}

/// Returns the deviations of the response to a failed call, as far as it can be decoded.
fn deviations_of_error<T: for<'de> Decode<'de>>(error: &Error) -> Vec<Deviation> {
    let body = error.body().unwrap_or_default();
    let decode = || match error.api() {
        Some(_) => drop(decode::from_slice::<ErrorResponse>(body)),
        None => drop(decode::from_slice::<T>(body)),
    };
    observe::collect(decode).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_names() {
        crate::output::check_columns::<Difference>();
    }

    #[test]
    fn names_that_may_be_values_are_not_shown() {
        for (property, is_value) in [
            ("balance_after", false),
            ("iso20022", true),
            ("line4321", false),
            ("FI2112345600000785", true),
            ("aino@example.com", true),
        ] {
            assert_eq!(may_be_value(property), is_value, "{property}");
        }
    }

    #[test]
    fn names_are_cleaned_and_cut() {
        assert_eq!(shown("Account.a\u{1b}[2J\n b"), "Account.a\u{fffd}[2J b");
        assert_eq!(shown(&"ä".repeat(80)), "ä".repeat(80));
        assert_eq!(shown(&"ä".repeat(81)), format!("{}…", "ä".repeat(80)));
    }
}
