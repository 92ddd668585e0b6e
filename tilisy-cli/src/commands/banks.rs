//! `tilisy banks`: the banks there are.

use clap::{Args, ValueEnum};
use serde::Serialize;
use tilisy_client::Client;
use tilisy_client::types::{AspspData, PsuType};

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::output::{Cell, Column, Output, Row};
use crate::panel;
use crate::place::Place;

/// List the banks (ASPSPs).
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The country, as two letters (ISO 3166); all of them if not given.
    #[arg(long, value_name = "CC", value_parser = country)]
    country: Option<String>,
    /// The customers that a bank has to serve.
    #[arg(long, value_enum)]
    psu_type: Option<Customer>,
    #[command(flatten)]
    pub(super) output: Output,
}

/// Whom a bank serves (PSU type).
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Customer {
    Personal,
    Business,
}

impl From<Customer> for PsuType {
    fn from(customer: Customer) -> Self {
        match customer {
            Customer::Personal => Self::Personal,
            Customer::Business => Self::Business,
        }
    }
}

pub(crate) fn country(text: &str) -> Result<String, &'static str> {
    match text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => Ok(text.to_ascii_uppercase()),
        false => Err("a country is two letters, such as FI"),
    }
}

/// The names of the ways to log in. Those for persons and for companies are often called the same.
pub(crate) fn login_methods(bank: &AspspData) -> Vec<&str> {
    let mut methods = Vec::new();
    for name in bank.auth_methods.iter().filter_map(|method| method.name.as_deref()) {
        if !methods.contains(&name) {
            methods.push(name);
        }
    }
    methods
}

#[derive(Serialize)]
struct Bank {
    name: String,
    country: String,
    psu_types: Vec<String>,
    auth_methods: Vec<String>,
}

impl Row for Bank {
    const FIELDS: &'static [&'static str] = &["name", "country", "psu_types", "auth_methods"];
    const COLUMNS: &'static [Column] =
        &[Column::text("BANK"), Column::word("COUNTRY"), Column::text("CUSTOMERS"), Column::text("LOGIN")];

    fn cells(&self) -> Vec<Cell> {
        let (customers, login) = (self.psu_types.join(", "), self.auth_methods.join(", "));
        vec![self.name.as_str().into(), self.country.as_str().into(), customers.into(), login.into()]
    }
}

impl From<AspspData> for Bank {
    fn from(bank: AspspData) -> Self {
        let methods = login_methods(&bank).into_iter().map(str::to_owned).collect();
        Self {
            name: bank.name,
            country: bank.country,
            psu_types: bank.psu_types.iter().map(ToString::to_string).collect(),
            auth_methods: methods,
        }
    }
}

/// Requests the banks of a country and of a kind of customers.
///
/// A list that is empty without any filter comes from the state of the application, which is explained.
pub(super) async fn listed(
    client: &Client,
    country: Option<&str>,
    psu_type: Option<PsuType>,
) -> Result<Vec<AspspData>, Failure> {
    let mut request = client.aspsps();
    if let Some(country) = country {
        request = request.country(country);
    }
    if let Some(psu_type) = psu_type.clone() {
        request = request.psu_type(psu_type);
    }
    let mut banks = request.await?.aspsps;
    let is_filtered = country.is_some() || psu_type.is_some();
    if banks.is_empty() && (!is_filtered || client.aspsps().await?.aspsps.is_empty()) {
        return Err(Failure::new(Exit::Auth, "the service lists no banks for this application")
            .hint(panel::activation())
            .hint(panel::linking()));
    }
    // Whatever the service makes of the filters.
    banks.retain(|bank| psu_type.as_ref().is_none_or(|wanted| bank.psu_types.contains(wanted)));
    banks.retain(|bank| country.is_none_or(|country| bank.country == country));
    Ok(banks)
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let place = Place::open(global).await?;
    let wanted: Option<PsuType> = arguments.psu_type.map(Into::into);
    let mut banks = listed(&place.client()?, arguments.country.as_deref(), wanted).await?;
    banks.sort_by(|a, b| (&a.country, a.name.to_lowercase()).cmp(&(&b.country, b.name.to_lowercase())));
    let rows: Vec<Bank> = banks.into_iter().map(Into::into).collect();
    arguments.output.rows(&rows, "no bank is like that")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_what_is_serialized() {
        let (name, country) = (String::new(), String::new());
        crate::output::check_fields(&Bank { name, country, psu_types: vec![], auth_methods: vec![] });
    }
}
