//! The types of a request to create a payment, as a table, and a check against it.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// The type of a JSON value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Text,
    /// A text that is not empty.
    Filled,
    Flag,
    /// A day such as 2026-01-31.
    Day,
    /// A decimal number, as a text.
    Amount,
    /// A code of capitals and digits with this length.
    Letters(usize),
    /// One of these texts.
    Code(&'static [&'static str]),
    Object(&'static [Field]),
    /// A list with a smallest and a largest number of items.
    List(&'static Shape, usize, usize),
    /// An object of texts with any names.
    Texts,
}

/// A property of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    name: &'static str,
    shape: Shape,
    is_required: bool,
}

const fn must(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, is_required: true }
}

const fn may(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, is_required: false }
}

/// The largest number of items in lists without a documented limit.
const MANY: usize = usize::MAX;

const SCHEMES: Shape = Shape::Code(&[
    "CHID", "GS1G", "DUNS", "BANK", "TXID", "CUST", "EMPL", "OTHC", "DRLC", "CUSI", "SOSE", "ARNU", "CCPT", "OTHI",
    "COID", "SREN", "SRET", "NIDN", "OAUT", "CPAN", "BBAN", "IBAN", "MIBN", "BGNR", "PGNR",
]);

pub(crate) const PAYMENT_TYPES: &[&str] = &[
    "SEPA",
    "INST_SEPA",
    "DOMESTIC",
    "CROSSBORDER",
    "DOMESTIC_SE_GIRO",
    "INTERNAL",
    "BULK_SEPA",
    "BULK_DOMESTIC",
    "BULK_DOMESTIC_SE_GIRO",
];

const CATEGORY_PURPOSES: Shape = Shape::Code(&[
    "BONU", "CASH", "CBLK", "CCRD", "CORT", "DCRD", "DIVI", "DVPM", "EPAY", "FCOL", "GOVT", "HEDG", "ICCP", "IDCP",
    "INTC", "INTE", "LOAN", "MP2B", "MP2P", "OTHR", "PENS", "RPRE", "RRCT", "RVPM", "SALA", "SECU", "SSBE", "SUPP",
    "TAXS", "TRAD", "TREA", "VATX", "WHLD",
]);

const SERVICE_LEVELS: Shape = Shape::Code(&[
    "BKTR", "G001", "G002", "G003", "G004", "NUGP", "NURG", "PRPT", "SDVA", "SEPA", "SVDE", "URGP", "URNS",
]);

const ADDRESS_TYPES: Shape =
    Shape::Code(&["Business", "Correspondence", "DeliveryTo", "MailTo", "POBox", "Postal", "Residential", "Statement"]);

const AMOUNT: Shape = Shape::Object(&[must("currency", Shape::Letters(3)), must("amount", Shape::Amount)]);

const ACCOUNT: Shape =
    Shape::Object(&[must("identification", Shape::Filled), must("scheme_name", SCHEMES), may("issuer", Shape::Text)]);

const AGENT: Shape = Shape::Object(&[
    may("bic_fi", Shape::Text),
    may(
        "clearing_system_member_id",
        Shape::Object(&[may("clearing_system_id", Shape::Text), may("member_id", Shape::Text)]),
    ),
    may("name", Shape::Text),
]);

const ADDRESS: Shape = Shape::Object(&[
    may("address_type", ADDRESS_TYPES),
    may("department", Shape::Text),
    may("sub_department", Shape::Text),
    may("street_name", Shape::Text),
    may("building_number", Shape::Text),
    may("post_code", Shape::Text),
    may("town_name", Shape::Text),
    may("country_sub_division", Shape::Text),
    may("country", Shape::Letters(2)),
    may("address_line", Shape::List(&Shape::Text, 0, MANY)),
]);

const PARTY: Shape = Shape::Object(&[
    may("name", Shape::Text),
    may("postal_address", ADDRESS),
    may("organisation_id", ACCOUNT),
    may("private_id", ACCOUNT),
    may("contact_details", Shape::Object(&[may("email_address", Shape::Text), may("phone_number", Shape::Text)])),
]);

const BENEFICIARY: Shape = Shape::Object(&[
    may("creditor_agent", AGENT),
    may("creditor", PARTY),
    must("creditor_account", ACCOUNT),
    may("creditor_currency", Shape::Letters(3)),
]);

const REPORT: Shape = Shape::Object(&[
    may("authority", Shape::Object(&[must("country", Shape::Letters(2)), must("name", Shape::Text)])),
    must(
        "details",
        Shape::Object(&[may("amount", AMOUNT), may("code", Shape::Text), must("information", Shape::Text)]),
    ),
]);

const TRANSFER: Shape = Shape::Object(&[
    must("instructed_amount", AMOUNT),
    must("beneficiary", BENEFICIARY),
    may("payment_id", Shape::Object(&[may("instruction_id", Shape::Text), may("end_to_end_id", Shape::Text)])),
    may("requested_execution_date", Shape::Day),
    may("reference_number", Shape::Filled),
    may("end_date", Shape::Day),
    may("execution_rule", Shape::Code(&["FWNG", "PREC"])),
    may("frequency", Shape::Code(&["DAIL", "WEEK", "TOWK", "MNTH", "TOMN", "QUTR", "SEMI", "YEAR"])),
    may("ultimate_debtor", PARTY),
    may("ultimate_creditor", PARTY),
    may("regulatory_reporting", Shape::List(&REPORT, 1, 10)),
    may("remittance_information", Shape::List(&Shape::Text, 0, MANY)),
]);

const PAYMENT: Shape = Shape::Object(&[
    may("payment_information_id", Shape::Text),
    may(
        "payment_type_information",
        Shape::Object(&[
            may("instruction_priority", Shape::Code(&["HIGH", "NORM", "EXPR"])),
            may("service_level", SERVICE_LEVELS),
            may("category_purpose", CATEGORY_PURPOSES),
            may("local_instrument", Shape::Text),
        ]),
    ),
    may("debtor", PARTY),
    may("debtor_account", ACCOUNT),
    may("debtor_agent", AGENT),
    may("debtor_currency", Shape::Letters(3)),
    may("purpose", Shape::Code(&["ACCT", "CASH", "COMC", "CPKC", "TRPT"])),
    may("charge_bearer", Shape::Code(&["SLEV", "SHAR", "DEBT", "CRED"])),
    must("credit_transfer_transaction", Shape::List(&TRANSFER, 1, MANY)),
]);

const REQUEST: Shape = Shape::Object(&[
    must("payment_type", Shape::Code(PAYMENT_TYPES)),
    must("payment_request", PAYMENT),
    must("aspsp", Shape::Object(&[must("name", Shape::Text), must("country", Shape::Text)])),
    must("state", Shape::Text),
    must("redirect_url", Shape::Filled),
    must("psu_type", Shape::Code(&["personal", "business"])),
    may("auth_method", Shape::Text),
    may("credentials", Shape::Texts),
    may("language", Shape::Text),
    may("webhook_url", Shape::Filled),
    may("psu_id", Shape::Text),
    may("defer_submission", Shape::Flag),
]);

/// Removes properties that are null: clients in several languages write optional properties so.
pub(crate) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let kept = entries.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// Checks the types of a request, without its rules.
pub(super) fn check(request: &Value) -> Result<(), Refusal> {
    conforms(request, REQUEST, "")
}

fn conforms(value: &Value, shape: Shape, path: &str) -> Result<(), Refusal> {
    let wrong = |expected: &str| Err(Refusal::parameters(format!("`{path}` must be {expected}")));
    match (shape, value) {
        (Shape::Object(fields), Value::Object(entries)) => object(entries, fields, path),
        (Shape::Object(_), _) => wrong("an object"),
        (Shape::List(shape, least, most), Value::Array(items)) => {
            if items.len() < least || items.len() > most {
                return wrong(&format!("a list of at least {least} and at most {most} items"));
            }
            let mut numbered = items.iter().enumerate();
            numbered.try_for_each(|(nth, item)| conforms(item, *shape, &format!("{path}[{nth}]")))
        }
        (Shape::List(..), _) => wrong("a list"),
        (Shape::Texts, Value::Object(entries)) if entries.values().all(Value::is_string) => Ok(()),
        (Shape::Texts, _) => wrong("an object of texts"),
        (Shape::Flag, Value::Bool(_)) => Ok(()),
        (Shape::Flag, _) => wrong("true or false"),
        (scalar, Value::String(text)) => match expected(scalar, text) {
            None => Ok(()),
            Some(expected) => wrong(&expected),
        },
        _ => wrong("a text"),
    }
}

fn object(entries: &Map<String, Value>, fields: &[Field], path: &str) -> Result<(), Refusal> {
    for field in fields {
        let path = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
        match entries.get(field.name) {
            Some(value) => conforms(value, field.shape, &path)?,
            None if field.is_required => return Err(Refusal::parameters(format!("`{path}` must be given"))),
            None => {}
        }
    }
    Ok(())
}

/// Returns what a text should have been, if it isn't.
fn expected(shape: Shape, text: &str) -> Option<String> {
    let fails = |fits: bool, expected: &str| (!fits).then(|| expected.to_owned());
    match shape {
        Shape::Filled => fails(!text.trim().is_empty(), "a text that is not empty"),
        Shape::Day => {
            // Chrono reads `2026-1-1` as well, which RFC 3339 does not allow.
            let fits = text.parse::<NaiveDate>().is_ok_and(|day| text.len() == 10 && day.to_string() == text);
            fails(fits, "a day such as 2026-01-31")
        }
        Shape::Amount => fails(is_decimal(text), "a decimal number as a text, such as \"12.50\""),
        Shape::Letters(count) => {
            let fits = text.len() == count && text.bytes().all(|letter| letter.is_ascii_uppercase());
            fails(fits, &format!("a code of {count} capitals"))
        }
        Shape::Code(codes) => fails(codes.contains(&text), &format!("one of {}", codes.join(", "))),
        _ => None,
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    text.split_once('.').map_or_else(|| digits(text), |(whole, rest)| digits(whole) && digits(rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn properties_that_are_null_count_as_absent() {
        let given = json!({ "a": null, "b": [{ "c": null, "d": 1 }, null], "e": "" });
        assert_eq!(without_nulls(given), json!({ "b": [{ "d": 1 }, null], "e": "" }));
    }

    #[test]
    fn texts_are_checked_by_their_shape() {
        for (shape, good, bad) in [
            (Shape::Day, "2026-02-28", ["2026-2-28", "2026-02-29", "tomorrow"]),
            (Shape::Amount, "-12.50", ["12,50", "1e3", ".5"]),
            (Shape::Letters(3), "EUR", ["eur", "EURO", ""]),
            (Shape::Code(&["A", "B"]), "A", ["C", "a", ""]),
            (Shape::Filled, "x", ["", " ", "\n"]),
        ] {
            assert_eq!(expected(shape, good), None);
            for text in bad {
                assert!(expected(shape, text).is_some(), "{shape:?}: {text}");
            }
        }
    }
}
