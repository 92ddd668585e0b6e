//! `GET /aspsps` and `GET /application`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::psu_type;
use crate::call::Call;
use crate::data::banks::Bank;
use crate::data::listing::listed;
use crate::payments::offers;
use crate::payments::rules::PAYMENT_TYPES;
use crate::refusal::Refusal;

pub(crate) fn aspsps(call: &Call<'_>) -> Result<Value, Refusal> {
    let country = call.parameter("country");
    let is_letter =
        |letter: u8| if call.is_current() { letter.is_ascii_uppercase() } else { letter.is_ascii_alphabetic() };
    if country.is_some_and(|country| country.len() != 2 || !country.bytes().all(is_letter)) {
        return Err(Refusal::parameters("`country` must be a code of two letters such as FI"));
    }
    let kind = call.parameter("psu_type").map(psu_type).transpose()?;
    let [service, payment_type] =
        ["service", "payment_type"].map(|name| call.parameter(name).filter(|_| call.is_current()));
    if service.is_some_and(|service| !matches!(service, "AIS" | "PIS")) {
        return Err(Refusal::parameters("`service` must be AIS or PIS"));
    }
    if payment_type.is_some_and(|payment_type| !PAYMENT_TYPES.contains(&payment_type)) {
        return Err(Refusal::parameters(format!("`payment_type` must be one of {}", PAYMENT_TYPES.join(", "))));
    }
    let banks = call.world.banks();
    let fits = banks.iter().filter(|bank| {
        country.is_none_or(|country| country.eq_ignore_ascii_case(&bank.profile.country))
            && kind.is_none_or(|kind| bank.profile.psu_types.contains(&kind))
    });
    let has_payments = |bank: &Value| {
        let offers = bank.get("payments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let has_type = |payment_type| {
            offers.iter().any(|offer| offer.get("payment_type").and_then(Value::as_str) == Some(payment_type))
        };
        (service != Some("PIS") || !offers.is_empty()) && payment_type.is_none_or(has_type)
    };
    let with_payments = |bank: &Arc<Bank>| {
        let mut listed = listed(bank);
        listed["payments"] = offers::of(bank).into();
        listed
    };
    let listed = fits.map(with_payments).filter(has_payments);
    Ok(json!({ "aspsps": listed.collect::<Vec<_>>() }))
}

pub(crate) fn application(call: &Call<'_>) -> Result<Value, Refusal> {
    let own = &call.application;
    let mut countries: Vec<_> = call.world.banks().iter().map(|bank| bank.profile.country.clone()).collect();
    countries.sort();
    countries.dedup();
    let mut answer = json!({
        "kid": own.id,
        "name": own.name,
        "environment": own.environment,
        "redirect_urls": own.redirect_urls,
        "active": own.active,
        "countries": countries,
        "services": own.services,
    });
    if let Some(description) = &own.description {
        answer["description"] = json!(description);
    }
    Ok(answer)
}
