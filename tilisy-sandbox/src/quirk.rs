//! Odd responses, by name: the documentation's own malformed samples, and habits of the live service and its banks. Most
//! change a finished response; others change the data, or the behavior of the bank.

mod rows;

use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::oddities::{Oddities, Parties};
use crate::random::mix;
use crate::refusal::Refusal;

/// The header with the names of quirks, separated by commas.
const HEADER: &str = "x-sandbox-quirk";

/// Separates the id of a transaction from a text that makes it another in each response.
pub(crate) const FRESH: char = '~';

/// The effect of a quirk.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// The value of a key, wherever it stands; nothing where the change is not about that key.
    Each(fn(&str, &mut Value)),
    /// The same, by a number that is another in each answer.
    Fresh(fn(&str, &mut Value, u64)),
    /// The data or the behavior of the bank.
    Bank(fn(&mut Oddities)),
}

/// A quirk.
#[derive(Debug)]
pub(crate) struct Quirk {
    name: &'static str,
    change: Change,
}

/// Every quirk; the README says what each of them is.
static QUIRKS: &[Quirk] = &[
    // The documentation's samples.
    each("EMPTY_TEXT_FOR_OBJECT", |key, value| replace(key, value, &["creditor_account", "debtor_account"], json!(""))),
    each("BRACKET_FOR_CODE", |key, value| replace(key, value, &["scheme_name", "address_type"], json!("["))),
    each("NULL_AMOUNT", |key, value| replace(key, value, &["amount"], Value::Null)),
    each("TEXT_FOR_ADDRESS_LINES", text_for_lines),
    each("NULL_USER", |key, value| replace(key, value, &["users"], json!([null]))),
    each("EMPTY_CREDENTIAL", |key, value| replace(key, value, &["credentials"], json!([{}]))),
    each("ERROR_CODE_ZERO", |key, value| replace(key, value, &["code"], json!(0))),
    // The live service.
    each("NULL_LIST", |key, value| {
        replace(key, value, &["remittance_information", "address_line", "credentials"], Value::Null)
    }),
    each("NULL_OPTIONAL", null_optional),
    each("NULL_UID", |key, value| replace(key, value, &["uid"], Value::Null)),
    each("CURRENCY_XXX", |key, value| replace(key, value, &["currency"], json!("XXX"))),
    each("SIGNED_AMOUNT", signed_amount),
    each("NUMBER_FOR_AMOUNT", number_for_amount),
    each("WHOLE_AMOUNT", whole_amount),
    each("NEW_CODE", |key, value| {
        replace(key, value, &["balance_type", "cash_account_type", "status", "error"], json!("NEWS"))
    }),
    each("RIGHT_SPELLING", right_spelling),
    each("MICROSECONDS", |key, value| {
        replace(key, value, &["last_change_date_time"], json!("2026-01-31T12:00:00.123456+00:00"))
    }),
    each("TEXT_FOR_ERROR_CODE", |key, value| replace(key, value, &["code"], json!("PERIOD_INVALID"))),
    each("OBJECT_FOR_DETAIL", |key, value| replace(key, value, &["detail"], json!({ "date_from": "2026-01-01" }))),
    each("EMPTY_TEXT_FOR_KEY", empty_text_for_key),
    // Its banks: references and statuses.
    each("NULL_REFERENCE", |key, value| replace(key, value, &["entry_reference"], Value::Null)),
    each("NO_IDENTIFIERS", rows::no_identifiers),
    each("NULL_DATES", rows::null_dates),
    each("ONLY_TRANSACTION_DATE", rows::only_transaction_date),
    fresh("CHANGING_REFERENCE", rows::changing_reference),
    fresh("TRANSACTION_ID", rows::transaction_id),
    bank("POSITIONAL_REFERENCE", |odd| odd.counts_places = true),
    bank("LATE_REFERENCE", |odd| odd.refers_late = true),
    bank("TWIN_PAYMENTS", |odd| odd.has_twins = true),
    bank("PENDING_BOOKED", |odd| odd.books_pending = true),
    bank("HOLD_AS_BOOK", |odd| odd.books_held = true),
    bank("BOTH_PARTIES", |odd| odd.parties = Some(Parties::Both)),
    bank("HOLDER_ONLY", |odd| odd.parties = Some(Parties::Holder)),
    bank("ADDRESS_FOR_NAME", |odd| odd.parties = Some(Parties::Address)),
    bank("PROVISIONAL_REFERENCE", |odd| odd.refers_provisionally = true),
    each("BOTH_BOOKED", rows::both_booked),
    // Their behavior.
    bank("DOWN", |odd| odd.is_down = true),
    bank("SLOW", |odd| odd.is_slow = true),
    bank("ACTION_REQUIRED", |odd| odd.wants_action = true),
    bank("LIMIT_BY_DAY", |odd| odd.limits_days = true),
    bank("LIMIT_BY_CONSENT", |odd| odd.limits_consents = true),
    bank("REPEATED_LAST_PAGE", |odd| odd.repeats_last_page = true),
    bank("SMALL_PAGES", |odd| odd.has_small_pages = true),
    bank("PERIOD_IN_WORDS", |odd| odd.refuses_period_in_words = true),
    bank("PERIOD_WITHOUT_DATE", |odd| odd.refuses_period_without_date = true),
    bank("NO_KEYS", |odd| odd.refuses_keys = true),
    bank("CURRENT_ACCOUNTS", |odd| odd.shares_current_accounts = true),
    bank("NO_PENDING", |odd| odd.refuses_pending = true),
    bank("NO_BALANCES", |odd| odd.refuses_balances = true),
    // Payments.
    bank("REJECTED_PAYMENTS", |odd| odd.rejects_payments = true),
    bank("PARTIAL_PAYMENTS", |odd| odd.pays_in_part = true),
    bank("ENDLESS_PAYMENTS", |odd| odd.never_settles = true),
    // Texts and balances.
    each("PARTY_IN_TEXT", rows::party_in_text),
    each("NUMERIC_LINES", rows::numeric_lines),
    each("MANDATE_PREFIX", rows::mandate_prefix),
    each("LINE_BREAKS", rows::line_breaks),
    each("ONLY_CLBD", |key, value| only_balance(key, value, "CLBD")),
    each("ONLY_ITAV", |key, value| only_balance(key, value, "ITAV")),
];

const fn each(name: &'static str, change: fn(&str, &mut Value)) -> Quirk {
    Quirk { name, change: Change::Each(change) }
}

const fn fresh(name: &'static str, change: fn(&str, &mut Value, u64)) -> Quirk {
    Quirk { name, change: Change::Fresh(change) }
}

const fn bank(name: &'static str, change: fn(&mut Oddities)) -> Quirk {
    Quirk { name, change: Change::Bank(change) }
}

/// The quirk that replaces the response by a page of HTML.
const NO_JSON: &str = "HTML";

/// The quirks of one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quirks {
    names: Vec<&'static str>,
    changes: Vec<Change>,
    fresh: u64,
    pub(crate) is_html: bool,
}

impl Quirks {
    /// Reads the header, or returns `default` without it.
    pub(crate) fn read(headers: &HeaderMap, default: Self) -> Result<Self, Refusal> {
        let asked = match headers.get(HEADER) {
            None => Some(default),
            Some(value) => Self::named(value.to_str().unwrap_or("?").split(',').map(str::trim)),
        };
        asked
            .ok_or_else(|| Refusal::parameters("`X-Sandbox-Quirk` names an unknown quirk").detail(json!(Self::names())))
    }

    /// Returns the names of all quirks.
    pub(crate) fn names() -> Vec<&'static str> {
        QUIRKS.iter().map(|quirk| quirk.name).chain([NO_JSON]).collect()
    }

    /// Returns the names of these quirks.
    pub(crate) fn own_names(&self) -> &[&'static str] {
        &self.names
    }

    /// Adds the quirks of the bank that a request is about, unless the request has them already.
    pub(crate) fn add(&mut self, bank: &Self) {
        for name in &bank.names {
            if !self.names.contains(name) {
                self.push(name);
            }
        }
    }

    /// Adds the quirk with a name, and returns whether there is one.
    fn push(&mut self, name: &str) -> bool {
        if let Some(quirk) = QUIRKS.iter().find(|quirk| quirk.name == name) {
            self.names.push(quirk.name);
            self.changes.push(quirk.change);
        } else if name == NO_JSON {
            self.names.push(NO_JSON);
            self.is_html = true;
        } else {
            return false;
        }
        true
    }

    /// Sets the number of the response, if a quirk has use for it. The number is another in each call.
    pub(crate) fn number(&mut self, number: impl FnOnce() -> u64) {
        if self.changes.iter().any(|change| matches!(change, Change::Fresh(_))) {
            self.fresh = mix(&[0xf2e5, number()]);
        }
    }

    /// Returns the oddities of the data and the bank.
    pub(crate) fn oddities(&self) -> Oddities {
        let mut oddities = Oddities::default();
        for change in &self.changes {
            if let Change::Bank(change) = change {
                change(&mut oddities);
            }
        }
        oddities
    }

    /// Returns the quirks with these names, or `None` if one is unknown.
    pub(crate) fn named<'a>(names: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut quirks = Self::default();
        for name in names {
            if !quirks.names.contains(&name) && !quirks.push(name) {
                return None;
            }
        }
        Some(quirks)
    }

    /// Changes a response, which is what would be listed under a key.
    pub(crate) fn apply(&self, key: &str, response: &mut Value) {
        for change in &self.changes {
            match change {
                Change::Each(change) => walk(key, response, change),
                Change::Fresh(change) => walk(key, response, &|key, value| change(key, value, self.fresh)),
                // The response was made so.
                Change::Bank(_) => {}
            }
        }
    }
}

/// Changes a value, and then the values inside of it.
fn walk(key: &str, value: &mut Value, change: &dyn Fn(&str, &mut Value)) {
    change(key, value);
    match value {
        Value::Object(entries) => entries.iter_mut().for_each(|(key, value)| walk(key, value, change)),
        // The key of an item is that of its list with brackets, to distinguish the two.
        Value::Array(items) => items.iter_mut().for_each(|item| walk(&format!("{key}[]"), item, change)),
        _ => {}
    }
}

fn replace(key: &str, value: &mut Value, keys: &[&str], by: Value) {
    if keys.contains(&key) {
        *value = by;
    }
}

fn text_for_lines(key: &str, value: &mut Value) {
    if let ("address_line", Value::Array(lines)) = (key, &*value) {
        let lines: Vec<_> = lines.iter().filter_map(Value::as_str).collect();
        *value = json!(lines.join(", "));
    }
}

/// Sends null for optional properties that are absent, as the live service does.
fn null_optional(key: &str, value: &mut Value) {
    let Value::Object(entries) = value else { return };
    // Each edition has properties that the other does not have.
    let (both, current): (&[&str], &[&str]) = match key {
        "transactions[]" => (
            &[
                "booking_date",
                "creditor",
                "creditor_account",
                "debtor",
                "debtor_account",
                "entry_reference",
                "merchant_category_code",
                "reference_number",
                "transaction_date",
            ],
            &["creditor_agent", "debtor_agent", "exchange_rate", "note", "reference_number_schema"],
        ),
        "accounts[]" if entries.contains_key("identification_hashes") => (
            &["details", "name", "product", "usage"],
            &["account_servicer", "credit_limit", "legal_age", "postal_address", "psu_status"],
        ),
        "accounts[]" => (&["details", "linked_account", "name", "product", "usage"], &[]),
        "balances[]" => (&["last_change_date_time", "last_committed_transaction", "reference_date"], &[]),
        "auth_methods[]" => (&["name", "title", "credentials"], &[]),
        _ => return,
    };
    let is_current = ["transaction_id", "identification_hashes"].iter().any(|name| entries.contains_key(*name));
    let current = if is_current { current } else { &[] };
    entries.extend(both.iter().chain(current).map(|name| ((*name).to_owned(), Value::Null)));
}

/// Ends the last page with an empty key.
fn empty_text_for_key(_: &str, value: &mut Value) {
    if let Value::Object(entries) = value
        && entries.contains_key("transactions")
        && entries.get("continuation_key").is_none_or(Value::is_null)
    {
        entries.insert("continuation_key".to_owned(), json!(""));
    }
}

fn signed_amount(key: &str, value: &mut Value) {
    let is_debit = key == "transactions[]" && value.get("credit_debit_indicator") == Some(&json!("DBIT"));
    let amount = value.pointer_mut("/transaction_amount/amount").filter(|_| is_debit);
    if let Some(Value::String(amount)) = amount {
        amount.insert(0, '-');
    }
}

fn number_for_amount(key: &str, value: &mut Value) {
    if let ("amount", Value::String(text)) = (key, &*value)
        && let Ok(number) = serde_json::from_str::<Value>(text)
    {
        *value = number;
    }
}

fn whole_amount(key: &str, value: &mut Value) {
    if let ("amount", Value::String(text)) = (key, value)
        && let Some((whole, _)) = text.split_once('.')
    {
        *text = whole.to_owned();
    }
}

fn right_spelling(_: &str, value: &mut Value) {
    if let Value::Object(entries) = value
        && let Some(number) = entries.remove("building_numbder")
    {
        entries.insert("building_number".to_owned(), number);
    }
}

fn only_balance(key: &str, value: &mut Value, kind: &str) {
    if let ("balances", Value::Array(balances)) = (key, value) {
        balances.retain(|balance| balance.get("balance_type").and_then(Value::as_str) == Some(kind));
    }
}
