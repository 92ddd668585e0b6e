//! `GET /aspsps` and `GET /application`.

use serde_json::{Value, json};

use super::psu_type;
use crate::call::Call;
use crate::data::banks::BANKS;
use crate::data::listing::listed;
use crate::refusal::Refusal;

pub(crate) fn aspsps(call: &Call<'_>) -> Result<Value, Refusal> {
    let country = call.parameter("country");
    if country.is_some_and(|country| country.len() != 2 || !country.bytes().all(|letter| letter.is_ascii_alphabetic()))
    {
        return Err(Refusal::parameters("`country` must be a code of two letters such as FI"));
    }
    let kind = call.parameter("psu_type").map(psu_type).transpose()?;
    let fits = BANKS.iter().filter(|bank| {
        country.is_none_or(|country| country.eq_ignore_ascii_case(bank.country))
            && kind.is_none_or(|kind| bank.psu_types.contains(&kind))
    });
    Ok(json!({ "aspsps": fits.map(listed).collect::<Vec<_>>() }))
}

pub(crate) fn application(call: &Call<'_>) -> Result<Value, Refusal> {
    let own = &call.application;
    let mut answer = json!({
        "kid": own.id,
        "name": own.name,
        "environment": own.environment,
        "redirect_urls": own.redirect_urls,
        "active": own.active,
    });
    if let Some(description) = &own.description {
        answer["description"] = json!(description);
    }
    Ok(answer)
}
