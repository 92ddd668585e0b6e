//! `tilisy banks`: lists the banks.

use clap::{Args, ValueEnum};
use enablebanking_client::Client;
use enablebanking_client::types::{AspspData, PsuType};

use crate::authorization::listed_limit;
use crate::environment::Environment;
use crate::failure::{Exit, Failure};
use crate::hints;
use crate::lenient;
use crate::options::Global;
use crate::output::{Cell, Column, Json, Output, Record};
use crate::text::wait;

/// List the banks (ASPSPs).
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The country, a two-letter ISO 3166 code [default: all].
    #[arg(long, value_name = "CC", value_parser = country)]
    country: Option<String>,
    /// The PSU type that the banks serve: persons, or companies.
    #[arg(long, value_enum)]
    psu_type: Option<Customer>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// A PSU type: persons, or companies.
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

/// Returns the names of the authentication methods. Those for persons and for companies often have the same name.
pub(crate) fn login_methods(bank: &AspspData) -> Vec<&str> {
    let mut methods = Vec::new();
    for name in bank.auth_methods.iter().filter_map(|method| method.name.as_deref()) {
        if !methods.contains(&name) {
            methods.push(name);
        }
    }
    methods
}

impl Record for AspspData {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("name", "BANK", |bank| (&bank.name).into()),
        Column::word("country", "COUNTRY", |bank| (&bank.country).into()),
        Column::text("psu_types", "PSU TYPES", |bank| {
            Cell::List(bank.psu_types.iter().map(|psu_type| psu_type.as_str().into()).collect())
        }),
        Column::text("auth_methods", "LOGIN", |bank| {
            Cell::List(login_methods(bank).into_iter().map(Into::into).collect())
        }),
        Column::word("bic", "BIC", |bank| bank.bic.as_ref().into()),
        Column::number("maximum_consent_validity", "LONGEST CONSENT", |bank| {
            u64::try_from(bank.maximum_consent_validity).map_or(Cell::Empty, Cell::Number)
        }),
        Column::word("beta", "BETA", |bank| bank.beta.into()),
        Column::text("required_psu_headers", "PSU HEADERS", |bank| {
            Cell::List(bank.required_psu_headers.iter().map(|name| name.as_str().into()).collect())
        }),
        Column::<Self>::extra("longest", "CONSENT", |bank| match listed_limit(bank.maximum_consent_validity) {
            Some(limit) => wait(limit).into(),
            None => Cell::Empty,
        })
        .on_request(),
    ];
    const TABLE: &'static [&'static str] = &["name", "country", "psu_types", "auth_methods", "longest"];
    const JSON: Json = Json::Resource;

    fn write_resource(&self, json: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(json, self)
    }
}

/// Requests the banks of a country and a PSU type.
///
/// A list that is empty without any filter is an error: its reason is the state of the application.
pub(crate) async fn listed(
    client: &Client,
    country: Option<&str>,
    psu_type: Option<PsuType>,
) -> Result<Vec<AspspData>, Failure> {
    let mut banks = lenient::banks(client, country, psu_type.clone()).await?;
    let is_filtered = country.is_some() || psu_type.is_some();
    if banks.is_empty() && (!is_filtered || lenient::banks(client, None, None).await?.is_empty()) {
        return Err(Failure::new(Exit::Auth, "the service lists no banks for this application")
            .hint(hints::activation())
            .hint(hints::linking()));
    }
    // Some services ignore the filters.
    banks.retain(|bank| psu_type.as_ref().is_none_or(|wanted| bank.psu_types.contains(wanted)));
    banks.retain(|bank| country.is_none_or(|country| bank.country == country));
    Ok(banks)
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let environment = Environment::open(global).await?;
    let wanted: Option<PsuType> = arguments.psu_type.map(Into::into);
    let mut banks = listed(&environment.client()?, arguments.country.as_deref(), wanted).await?;
    banks.sort_by(|a, b| (&a.country, a.name.to_lowercase()).cmp(&(&b.country, b.name.to_lowercase())));
    arguments.output.records(&banks, "no bank matches")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_names() {
        crate::output::check_columns::<AspspData>();
    }
}
