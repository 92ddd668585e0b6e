//! `tilisy app`: shows the application.

use clap::Args;
use enablebanking_client::types::GetApplicationResponse;

use crate::environment::Environment;
use crate::failure::Failure;
use crate::hints;
use crate::lenient;
use crate::message::warn;
use crate::options::Global;
use crate::output::{Cell, Column, Format, Json, Output, Record};

/// Show the application as it is registered at the service.
///
/// The output includes the environment, the redirect addresses, and whether the application is active.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) output: Output,
}

impl Record for GetApplicationResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::extra("kid", "APPLICATION", |known| known.kid.to_string().into()),
        Column::text("name", "NAME", |known| (&known.name).into()),
        Column::text("description", "DESCRIPTION", |known| known.description.as_ref().into()),
        Column::word("environment", "ENVIRONMENT", |known| known.environment.to_string().into()),
        Column::word("active", "ACTIVE", |known| known.active.into()),
        Column::text("redirect_urls", "REDIRECT ADDRESSES", |known| list(known.redirect_urls.iter())),
        Column::text("services", "SERVICES", |known| {
            Cell::List(known.services.iter().map(|s| s.to_string().into()).collect())
        }),
        Column::text("countries", "COUNTRIES", |known| list(known.countries.iter())),
    ];
    const TABLE: &'static [&'static str] = &["kid", "name", "environment", "active", "services"];
    const JSON: Json = Json::Resource;

    fn write_resource(&self, json: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(json, self)
    }
}

fn list<'a>(texts: impl Iterator<Item = &'a String>) -> Cell<'a> {
    Cell::List(texts.map(|text| text.as_str().into()).collect())
}

/// A property of the application, for the table.
struct Property {
    name: &'static str,
    value: String,
}

impl Record for Property {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::word("property", "", |property| property.name.into()),
        Column::text("value", "", |property| (&property.value).into()),
    ];
    const TABLE: &'static [&'static str] = &["property", "value"];
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let environment = Environment::open(global).await?;
    let application = match lenient::application(&environment.client()?).await {
        Ok(response) => response.into_value(),
        Err(error) => lenient::completed_application(error)?,
    };
    let is_active = application.active;
    if arguments.output.format() == Format::Table && !arguments.output.chooses_columns() {
        arguments.output.records(&properties(application), "")?;
    } else {
        arguments.output.records(&[application], "")?;
    }
    if !is_active {
        warn(&format!("the application is not active: {}", hints::activation()));
    }
    Ok(())
}

fn properties(application: GetApplicationResponse) -> Vec<Property> {
    let GetApplicationResponse {
        active, countries, description, environment, kid, name, redirect_urls, services, ..
    } = application;
    let services: Vec<_> = services.iter().map(ToString::to_string).collect();
    let mut properties = vec![
        Property { name: "application id", value: kid.to_string() },
        Property { name: "name", value: name },
        Property { name: "environment", value: environment.to_string() },
        Property { name: "active", value: if active { "yes" } else { "no" }.to_owned() },
        Property { name: "services", value: services.join(", ") },
    ];
    if !countries.is_empty() {
        properties.push(Property { name: "countries", value: countries.join(", ") });
    }
    properties.extend(description.map(|value| Property { name: "description", value }));
    properties.extend(redirect_urls.into_iter().map(|value| Property { name: "redirect address", value }));
    properties
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_names() {
        crate::output::check_columns::<GetApplicationResponse>();
        crate::output::check_columns::<Property>();
    }
}
