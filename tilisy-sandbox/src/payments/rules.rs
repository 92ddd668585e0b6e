//! The rules of a bank for a payment, applied to a request to create one.

mod reference;
mod shape;

use chrono::{Days, NaiveDate};
use regex_lite::Regex;
use rust_decimal::Decimal;
use serde_json::Value;

pub(crate) use self::shape::{PAYMENT_TYPES, without_nulls};
use crate::refusal::{Code, Refusal};

/// The largest sum of a payment in major units, as no record of a payment type has one.
pub(crate) const LARGEST_SUM: u32 = 1_000_000;

/// The largest sum of an instant payment.
pub(crate) const LARGEST_INSTANT_SUM: u32 = 100_000;

/// Checks the types of a request, before any of its values is used.
pub(crate) fn check_shape(request: &Value) -> Result<(), Refusal> {
    shape::check(request)?;
    if let Some(language) = text(request, "/language")
        && !(language.len() == 2 && language.bytes().all(|letter| letter.is_ascii_lowercase()))
    {
        return Err(Refusal::parameters("`language` must be two small letters such as fi"));
    }
    if request.get("credentials").is_some() && request.get("auth_method").is_none() {
        return Err(Refusal::parameters("`credentials` need an `auth_method`"));
    }
    Ok(())
}

/// Returns the record for the payment type and the kind of PSU of a request.
pub(crate) fn record<'r>(records: &'r [Value], request: &Value) -> Result<&'r Value, Refusal> {
    let fits = |record: &&Value| ["payment_type", "psu_type"].iter().all(|key| record.get(key) == request.get(key));
    records.iter().find(fits).ok_or_else(|| {
        Refusal::parameters(
            "the bank does not offer this `payment_type` to this `psu_type` (see `payments` of the bank)",
        )
    })
}

/// Checks a request of the right shape by a record of the bank (`ResponsePaymentType`).
///
/// # Errors
///
/// Returns the first rule that the request breaks.
pub(crate) fn check(request: &Value, record: &Value, today: NaiveDate) -> Result<(), Refusal> {
    let rules = Rules { record, today };
    let methods = rules.texts("allowed_auth_methods");
    if let Some(method) = text(request, "/auth_method")
        && !methods.is_empty()
        && !methods.contains(&method)
    {
        return Err(Refusal::parameters(format!("`auth_method` must be one of {}", methods.join(", "))));
    }
    if request.get("defer_submission") == Some(&Value::Bool(true)) && !rules.flag("deferred_submission_supported") {
        let message = "this payment type of the bank has no deferred submission";
        return Err(Refusal::new(Code::PaymentSubmissionNotSupported, message));
    }
    rules.payment(request.get("payment_request").unwrap_or(&Value::Null))
}

/// Returns the transfers of a request or of its `payment_request`.
pub(crate) fn transfers(payment: &Value) -> &[Value] {
    payment.get("credit_transfer_transaction").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Returns an amount of a request as a number. Amounts that are too long for one count as the largest.
pub(crate) fn amount(transfer: &Value) -> Decimal {
    let text = text(transfer, "/instructed_amount/amount").unwrap_or_default();
    text.parse().unwrap_or(if text.starts_with('-') { Decimal::MIN } else { Decimal::MAX })
}

struct Rules<'a> {
    record: &'a Value,
    today: NaiveDate,
}

impl Rules<'_> {
    fn flag(&self, key: &str) -> bool {
        self.record.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.record.get(key).and_then(Value::as_u64)
    }

    fn texts(&self, key: &str) -> Vec<&str> {
        let list = self.record.get(key).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).collect()
    }

    /// Refuses an object without a text at this place, if the record requires it.
    fn require(&self, key: &str, object: &Value, pointer: &str) -> Result<(), Refusal> {
        let is_filled = match object.pointer(pointer) {
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(Value::Object(entries)) => !entries.is_empty(),
            other => other.is_some(),
        };
        if !self.flag(key) || is_filled {
            return Ok(());
        }
        Err(Refusal::parameters(format!("the bank requires {}", named(pointer))))
    }

    /// Refuses a code that is not in a list of the record. An empty list allows all.
    fn allow(&self, key: &str, object: &Value, pointer: &str) -> Result<(), Refusal> {
        let allowed = self.texts(key);
        match text(object, pointer) {
            Some(code) if !allowed.is_empty() && !allowed.contains(&code) => {
                Err(Refusal::parameters(format!("{} must be one of {}", named(pointer), allowed.join(", "))))
            }
            _ => Ok(()),
        }
    }

    fn payment(&self, payment: &Value) -> Result<(), Refusal> {
        self.require("debtor_account_required", payment, "/debtor_account")?;
        self.allow("debtor_account_schemas", payment, "/debtor_account/scheme_name")?;
        if let Some(account) = payment.get("debtor_account") {
            check_account(account, "`debtor_account`")?;
        }
        self.require("debtor_currency_required", payment, "/debtor_currency")?;
        if self.flag("debtor_currency_required") && text(payment, "/debtor_currency") == Some("XXX") {
            return Err(Refusal::parameters("the bank requires a known `debtor_currency`"));
        }
        self.require("debtor_contact_email_required", payment, "/debtor/contact_details/email_address")?;
        self.require("debtor_contact_phone_required", payment, "/debtor/contact_details/phone_number")?;
        self.allow("charge_bearer_values", payment, "/charge_bearer")?;
        self.allow("priority_codes", payment, "/payment_type_information/instruction_priority")?;
        let transfers = transfers(payment);
        if let Some(most) = self.number("max_transactions").filter(|most| transfers.len() as u64 > *most) {
            let message = format!("the bank takes at most {most} transfers in a payment of this type");
            return Err(Refusal::new(Code::PaymentLimitExceeded, message));
        }
        transfers.iter().try_for_each(|transfer| self.transfer(transfer))?;
        self.sum(transfers)
    }

    /// Limits the sum of all transfers, whatever their currencies.
    fn sum(&self, transfers: &[Value]) -> Result<(), Refusal> {
        let is_instant = text(self.record, "/payment_type") == Some("INST_SEPA");
        let largest = Decimal::from(if is_instant { LARGEST_INSTANT_SUM } else { LARGEST_SUM });
        let sum = transfers.iter().map(amount).try_fold(Decimal::ZERO, Decimal::checked_add);
        match sum {
            Some(sum) if sum <= largest => Ok(()),
            _ => {
                let message = format!("the bank pays at most {largest} with a payment of this type");
                Err(Refusal::new(Code::PaymentLimitExceeded, message))
            }
        }
    }

    fn transfer(&self, transfer: &Value) -> Result<(), Refusal> {
        self.allow("currencies", transfer, "/instructed_amount/currency")?;
        check_amount(transfer)?;
        self.allow("creditor_account_schemas", transfer, "/beneficiary/creditor_account/scheme_name")?;
        if let Some(account) = transfer.pointer("/beneficiary/creditor_account") {
            check_account(account, "`beneficiary.creditor_account`")?;
        }
        for (key, pointer) in [
            ("creditor_name_required", "/beneficiary/creditor/name"),
            ("creditor_postal_address_required", "/beneficiary/creditor/postal_address"),
            ("creditor_country_required", "/beneficiary/creditor/postal_address/country"),
            ("creditor_agent_bic_fi_required", "/beneficiary/creditor_agent/bic_fi"),
            (
                "creditor_agent_clearing_system_member_id_required",
                "/beneficiary/creditor_agent/clearing_system_member_id/member_id",
            ),
        ] {
            self.require(key, transfer, pointer)?;
        }
        self.texts_of(transfer)?;
        self.days(transfer)?;
        self.reports(transfer)
    }

    fn texts_of(&self, transfer: &Value) -> Result<(), Refusal> {
        let lines = transfer.get("remittance_information").and_then(Value::as_array).map(Vec::as_slice);
        let lines: Vec<_> = lines.unwrap_or_default().iter().filter_map(Value::as_str).collect();
        let has_text = lines.iter().any(|line| !line.trim().is_empty());
        let both = self.flag("remittance_reference_supported");
        let reference = text(transfer, "/reference_number");
        if let Some(reference) = reference {
            self.reference(reference)?;
        }
        if reference.is_some() && has_text && !both {
            let message = "the bank takes `reference_number` or `remittance_information`, not both";
            return Err(Refusal::parameters(message));
        }
        // A reference stands in for the text at banks that do not take both.
        if self.flag("remittance_information_required") && !has_text && (both || reference.is_none()) {
            return Err(Refusal::parameters("the bank requires `remittance_information`"));
        }
        self.lines(&lines)
    }

    fn reference(&self, reference: &str) -> Result<(), Refusal> {
        if !self.flag("reference_number_supported") {
            return Err(Refusal::parameters("the bank takes no `reference_number` with this payment type"));
        }
        let schemes = self.texts("reference_number_schemas");
        if reference::fits(&schemes, reference) {
            return Ok(());
        }
        let message =
            format!("`reference_number` must be valid in one of the schemes of the bank ({})", schemes.join(", "));
        Err(Refusal::parameters(message))
    }

    fn lines(&self, lines: &[&str]) -> Result<(), Refusal> {
        let Some(limits) = self.record.get("remittance_information_lines").and_then(Value::as_array) else {
            return Ok(());
        };
        if lines.len() > limits.len() {
            let message = format!("the bank takes at most {} lines of `remittance_information`", limits.len());
            return Err(Refusal::parameters(message));
        }
        for (nth, (line, limits)) in lines.iter().zip(limits).enumerate() {
            let wrong = |what: String| Err(Refusal::parameters(format!("`remittance_information[{nth}]` {what}")));
            let limit = |key: &str| limits.get(key).and_then(Value::as_u64);
            let length = line.chars().count() as u64;
            if let Some(least) = limit("min_length").filter(|least| length < *least) {
                return wrong(format!("must have at least {least} characters"));
            }
            if let Some(most) = limit("max_length").filter(|most| length > *most) {
                return wrong(format!("must have at most {most} characters"));
            }
            let pattern = text(limits, "/pattern").and_then(|pattern| Regex::new(pattern).ok());
            if pattern.is_some_and(|pattern| !pattern.is_match(line)) {
                return wrong("does not match the pattern of the bank".to_owned());
            }
        }
        Ok(())
    }

    fn days(&self, transfer: &Value) -> Result<(), Refusal> {
        let day = |key: &str| transfer.get(key).and_then(Value::as_str).and_then(|day| day.parse::<NaiveDate>().ok());
        let is_standing = transfer.get("frequency").is_some();
        if !is_standing && ["end_date", "execution_rule"].iter().any(|key| transfer.get(key).is_some()) {
            return Err(Refusal::parameters("`end_date` and `execution_rule` need a `frequency`"));
        }
        let Some(first) = day("requested_execution_date") else {
            if is_standing {
                return Err(Refusal::parameters("a `frequency` needs a `requested_execution_date`, its first day"));
            }
            return Ok(());
        };
        if !self.flag("requested_execution_date_supported") {
            let message = "the bank takes no `requested_execution_date` with this payment type";
            return Err(Refusal::parameters(message));
        }
        if first < self.today {
            return Err(Refusal::parameters("`requested_execution_date` is in the past"));
        }
        let period = self.number("requested_execution_date_max_period");
        let last = period.and_then(|days| self.today.checked_add_days(Days::new(days)));
        if let Some(last) = last.filter(|last| first > *last) {
            return Err(Refusal::parameters(format!("`requested_execution_date` must be {last} at the latest")));
        }
        if day("end_date").is_some_and(|end| end < first) {
            return Err(Refusal::parameters("`end_date` is before `requested_execution_date`"));
        }
        Ok(())
    }

    fn reports(&self, transfer: &Value) -> Result<(), Refusal> {
        let required = self.flag("regulatory_reporting_code_required");
        let known = self.record.get("regulatory_reporting_codes").and_then(Value::as_array);
        let known: Vec<_> = known.into_iter().flatten().filter_map(|code| text(code, "/value")).collect();
        let reports = transfer.get("regulatory_reporting").and_then(Value::as_array).map(Vec::as_slice);
        let reports = reports.unwrap_or_default();
        let missing = || Refusal::parameters("the bank requires `regulatory_reporting` with `details.code`");
        if required && reports.is_empty() {
            return Err(missing());
        }
        for report in reports {
            match text(report, "/details/code").filter(|code| !code.is_empty()) {
                None if required => return Err(missing()),
                Some(code) if !known.is_empty() && !known.contains(&code) => {
                    let message = "`regulatory_reporting.details.code` is not among those of the bank";
                    return Err(Refusal::parameters(message));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Checks that an amount is positive and has no more decimal places than its currency.
fn check_amount(transfer: &Value) -> Result<(), Refusal> {
    let written = text(transfer, "/instructed_amount/amount").unwrap_or_default();
    if amount(transfer) <= Decimal::ZERO {
        return Err(Refusal::parameters("`instructed_amount.amount` must be positive"));
    }
    let most = minor_digits(text(transfer, "/instructed_amount/currency").unwrap_or_default());
    let places = written.split_once('.').map_or(0, |(_, places)| places.len());
    if places > most {
        let message = format!("`instructed_amount.amount` may have {most} decimal places in this currency");
        return Err(Refusal::parameters(message));
    }
    Ok(())
}

/// Returns the number of decimal places of a currency (ISO 4217).
pub(crate) fn minor_digits(currency: &str) -> usize {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

fn check_account(account: &Value, name: &str) -> Result<(), Refusal> {
    let number = text(account, "/identification").unwrap_or_default();
    let all_digits = number.bytes().all(|digit| digit.is_ascii_digit());
    let (fits, expected) = match text(account, "/scheme_name").unwrap_or_default() {
        "IBAN" => (reference::is_iban(number), "an IBAN without spaces"),
        "BGNR" => (all_digits && (7..=8).contains(&number.len()), "a Bankgiro number of seven or eight digits"),
        "PGNR" => (all_digits && (2..=8).contains(&number.len()), "a Plusgiro number of two to eight digits"),
        "BBAN" => (number.bytes().all(|byte| byte.is_ascii_alphanumeric()), "letters and digits"),
        _ => (true, ""),
    };
    if fits { Ok(()) } else { Err(Refusal::parameters(format!("the identification of {name} must be {expected}"))) }
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str)
}

/// Returns a pointer in the form in which messages name properties.
fn named(pointer: &str) -> String {
    format!("`{}`", pointer.trim_start_matches('/').replace('/', "."))
}

#[cfg(test)]
mod tests;
