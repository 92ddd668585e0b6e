//! Odd answers on request: the documentation's own malformed samples, and shapes that the live service has been seen to
//! send. A header names them; the answer is made as ever, and changed last.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::refusal::Refusal;
use crate::state::World;

/// The header that names quirks, parted by commas.
const HEADER: &str = "x-sandbox-quirk";

/// What a quirk does to the value of a key, wherever it stands; nothing where it is not about that key.
type Change = fn(&str, &mut Value);

/// An oddity: its name, what it is, and what it does.
#[derive(Debug)]
pub(crate) struct Quirk {
    name: &'static str,
    change: Change,
}

/// Every quirk; the README says what each of them is.
static QUIRKS: &[Quirk] = &[
    // The documentation's samples.
    Quirk {
        name: "EMPTY_TEXT_FOR_OBJECT",
        change: |key, value| replace(key, value, &["creditor_account", "debtor_account"], json!("")),
    },
    Quirk {
        name: "BRACKET_FOR_CODE",
        change: |key, value| replace(key, value, &["scheme_name", "address_type"], json!("[")),
    },
    Quirk { name: "NULL_AMOUNT", change: |key, value| replace(key, value, &["amount"], Value::Null) },
    Quirk { name: "TEXT_FOR_ADDRESS_LINES", change: text_for_lines },
    Quirk { name: "NULL_USER", change: |key, value| replace(key, value, &["users"], json!([null])) },
    Quirk { name: "EMPTY_CREDENTIAL", change: |key, value| replace(key, value, &["credentials"], json!([{}])) },
    Quirk { name: "ERROR_CODE_ZERO", change: |key, value| replace(key, value, &["code"], json!(0)) },
    // The live service.
    Quirk {
        name: "NULL_LIST",
        change: |key, value| {
            replace(key, value, &["remittance_information", "address_line", "credentials"], Value::Null)
        },
    },
    Quirk { name: "NULL_OPTIONAL", change: null_optional },
    Quirk { name: "NULL_UID", change: |key, value| replace(key, value, &["uid"], Value::Null) },
    Quirk { name: "CURRENCY_XXX", change: |key, value| replace(key, value, &["currency"], json!("XXX")) },
    Quirk { name: "SIGNED_AMOUNT", change: signed_amount },
    Quirk { name: "NUMBER_FOR_AMOUNT", change: number_for_amount },
    Quirk {
        name: "NEW_CODE",
        change: |key, value| {
            replace(key, value, &["balance_type", "cash_account_type", "status", "error"], json!("NEWS"))
        },
    },
    Quirk { name: "RIGHT_SPELLING", change: right_spelling },
    Quirk {
        name: "MICROSECONDS",
        change: |key, value| replace(key, value, &["last_change_date_time"], json!("2026-01-31T12:00:00.123456+00:00")),
    },
    Quirk { name: "TEXT_FOR_ERROR_CODE", change: |key, value| replace(key, value, &["code"], json!("PERIOD_INVALID")) },
    Quirk {
        name: "OBJECT_FOR_DETAIL",
        change: |key, value| replace(key, value, &["detail"], json!({ "date_from": "2026-01-01" })),
    },
    Quirk { name: "EMPTY_TEXT_FOR_KEY", change: |key, value| replace(key, value, &["continuation_key"], json!("")) },
];

/// The quirk that makes the body no JSON; it is about the whole answer.
const NO_JSON: &str = "HTML";

/// The quirks of one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quirks {
    changes: Vec<Change>,
    pub(crate) is_html: bool,
}

impl Quirks {
    /// Reads the header, or takes what counts for requests without it.
    pub(crate) fn read(headers: &HeaderMap, world: &World) -> Result<Self, Refusal> {
        let Some(value) = headers.get(HEADER) else { return Ok(world.always().1.clone()) };
        Self::named(value.to_str().unwrap_or("?").split(',').map(str::trim)).ok_or_else(|| {
            let names: Vec<_> = QUIRKS.iter().map(|quirk| quirk.name).chain([NO_JSON]).collect();
            Refusal::parameters("`X-Sandbox-Quirk` names something that is none").detail(json!(names))
        })
    }

    /// Quirks by their names; none where one is unknown.
    pub(crate) fn named<'a>(names: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut quirks = Self::default();
        for name in names {
            match QUIRKS.iter().find(|quirk| quirk.name == name) {
                Some(quirk) => quirks.changes.push(quirk.change),
                None if name == NO_JSON => quirks.is_html = true,
                None => return None,
            }
        }
        Some(quirks)
    }

    /// Changes an answer.
    pub(crate) fn apply(&self, answer: &mut Value) {
        self.changes.iter().for_each(|change| each("", answer, *change));
    }
}

/// Changes a value, and what is left inside of it.
fn each(key: &str, value: &mut Value, change: Change) {
    change(key, value);
    match value {
        Value::Object(entries) => entries.iter_mut().for_each(|(key, value)| each(key, value, change)),
        // An item goes by its list's name, in the singular for what looks for lists.
        Value::Array(items) => items.iter_mut().for_each(|item| each(&format!("{key}[]"), item, change)),
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

/// What a row or an account does not have is null, as the service writes it.
fn null_optional(key: &str, value: &mut Value) {
    let keys: &[&str] = match key {
        "transactions[]" => &[
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
        "accounts[]" => &["details", "linked_account", "name", "product", "usage"],
        "balances[]" => &["last_change_date_time", "last_committed_transaction", "reference_date"],
        "auth_methods[]" => &["name", "title", "credentials"],
        _ => return,
    };
    if let Value::Object(entries) = value {
        entries.extend(keys.iter().map(|key| ((*key).to_owned(), Value::Null)));
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

fn right_spelling(_: &str, value: &mut Value) {
    if let Value::Object(entries) = value
        && let Some(number) = entries.remove("building_numbder")
    {
        entries.insert("building_number".to_owned(), number);
    }
}
