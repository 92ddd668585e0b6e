//! Banks, users, accounts and transactions from a JSON document.

use std::sync::Arc;

use chrono::TimeDelta;
use serde::Deserialize;

use super::{Bank, NewAccount, NewBank, NewTransaction, NewUser, User};
use crate::data::banks;
use crate::error::{AddError, DataError};
use crate::service::Service;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    banks: Vec<BankData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BankData {
    name: String,
    country: Option<String>,
    currency: Option<String>,
    maximum_consent_validity: Option<u32>,
    history_days: Option<u16>,
    quirks: Option<Vec<String>>,
    #[serde(default)]
    users: Vec<UserData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserData {
    name: String,
    psu_type: Option<String>,
    password: Option<String>,
    otp: Option<String>,
    holder: Option<String>,
    #[serde(default)]
    accounts: Vec<AccountData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountData {
    currency: String,
    iban: Option<String>,
    product: Option<String>,
    cash_account_type: Option<String>,
    opening_balance: Option<String>,
    #[serde(default)]
    blocked: bool,
    #[serde(default)]
    transactions: Vec<NewTransaction>,
}

/// Adds the contents of a document, and returns the number of transactions.
pub(crate) fn load(service: &Arc<Service>, json: &str) -> Result<usize, DataError> {
    // The message of serde names the field and the place, and no value but that of a wrong type.
    let document: Document = serde_json::from_str(json).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        DataError(format!("the document does not have the form of sandbox data at {place} ({})", reason(&error)))
    })?;
    let mut count = 0;
    for (number, bank) in document.banks.into_iter().enumerate() {
        count += add_bank(service, bank).map_err(|(place, why)| DataError(format!("banks[{number}]{place}: {why}")))?;
    }
    Ok(count)
}

/// Returns the reason of an error, without its place.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ").map_or(text.as_str(), |(reason, _)| reason).to_owned()
}

/// The place of a fault below a bank, and what is wrong there.
type Fault = (String, String);

fn add_bank(service: &Arc<Service>, data: BankData) -> Result<usize, Fault> {
    let here = |error: AddError| (String::new(), error.to_string());
    let is_it = |bank: &Arc<banks::Bank>| {
        bank.profile.name == data.name && data.country.as_ref().is_none_or(|country| *country == bank.profile.country)
    };
    let bank = match service.world.banks().into_iter().find(is_it) {
        Some(bank) => {
            if data.currency.is_some() || data.maximum_consent_validity.is_some() || data.history_days.is_some() {
                let why = "the bank exists already, so only `quirks` and `users` can be given";
                return Err((String::new(), why.to_owned()));
            }
            Bank::of(service, bank)
        }
        None => {
            let mut bank = NewBank::new(data.name, data.country.unwrap_or_else(|| "FI".to_owned()));
            bank.currency = data.currency;
            bank.maximum_consent = data.maximum_consent_validity.map(|seconds| TimeDelta::seconds(i64::from(seconds)));
            bank.history_days = data.history_days.map(i64::from);
            Bank::add(service, &bank).map_err(here)?
        }
    };
    if let Some(quirks) = data.quirks {
        let names: Vec<_> = quirks.iter().map(String::as_str).collect();
        bank.set_quirks(&names).map_err(|unknown| (".quirks".to_owned(), unknown.to_string()))?;
    }
    let mut count = 0;
    for (number, user) in data.users.into_iter().enumerate() {
        let place = |(place, why)| (format!(".users[{number}]{place}"), why);
        count += add_user(&bank, user).map_err(place)?;
    }
    Ok(count)
}

fn add_user(bank: &Bank, data: UserData) -> Result<usize, Fault> {
    let describes = [&data.psu_type, &data.password, &data.otp, &data.holder].iter().any(|value| value.is_some());
    if describes && bank.has_user(&data.name) {
        let why = "the bank has this user already, so only `accounts` can be given";
        return Err((String::new(), why.to_owned()));
    }
    let mut user = match data.psu_type.as_deref() {
        None | Some("personal") => NewUser::personal(data.name),
        Some("business") => NewUser::business(data.name),
        Some(_) => return Err((".psu_type".to_owned(), "a PSU type must be personal or business".to_owned())),
    };
    user.password = data.password.unwrap_or(user.password);
    user.otp = data.otp.unwrap_or(user.otp);
    user.holder = data.holder;
    let user = bank.add_user(user);
    let mut count = 0;
    for (number, account) in data.accounts.into_iter().enumerate() {
        let place = |(place, why)| (format!(".accounts[{number}]{place}"), why);
        count += add_account(&user, account).map_err(place)?;
    }
    Ok(count)
}

fn add_account(user: &User, data: AccountData) -> Result<usize, Fault> {
    let mut account = NewAccount::new(data.currency);
    account.iban = data.iban;
    account.product = data.product.unwrap_or(account.product);
    account.cash_account_type = data.cash_account_type.unwrap_or(account.cash_account_type);
    account.opening = data.opening_balance.unwrap_or(account.opening);
    let account = user.account(account).map_err(|error| (String::new(), error.to_string()))?;
    account.set_blocked(data.blocked);
    let count = data.transactions.len();
    for (number, transaction) in data.transactions.into_iter().enumerate() {
        let place = |error: AddError| (format!(".transactions[{number}]"), error.to_string());
        account.add_transaction(transaction).map_err(place)?;
    }
    Ok(count)
}
