//! `tilisy app`: the application as the service knows it.

use clap::Args;
use serde::Serialize;

use crate::arguments::Global;
use crate::failure::{Failure, warn};
use crate::output::{Cell, Column, Format, Output, Row};
use crate::panel;
use crate::place::Place;

/// Show the application as the service knows it.
///
/// It tells whether the application is active, and where customers may be sent back to.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Serialize)]
struct Application {
    application_id: String,
    name: String,
    description: Option<String>,
    environment: String,
    active: bool,
    redirect_urls: Vec<String>,
}

/// One thing that is known, for the table.
#[derive(Serialize)]
struct Fact {
    what: &'static str,
    value: String,
}

impl Row for Fact {
    const FIELDS: &'static [&'static str] = &["what", "value"];
    const COLUMNS: &'static [Column] = &[Column::text(""), Column::text("")];

    fn cells(&self) -> Vec<Cell> {
        vec![self.what.into(), self.value.as_str().into()]
    }
}

impl Row for Application {
    const FIELDS: &'static [&'static str] =
        &["application_id", "name", "description", "environment", "active", "redirect_urls"];
    const COLUMNS: &'static [Column] = &[];

    fn cells(&self) -> Vec<Cell> {
        Vec::new()
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let place = Place::open(global).await?;
    let known = place.client()?.application().await?;
    let application = Application {
        application_id: known.kid.to_string(),
        name: known.name,
        description: known.description,
        environment: known.environment.to_string(),
        active: known.active,
        redirect_urls: known.redirect_urls,
    };
    if arguments.output.format() != Format::Table {
        return arguments.output.rows(&[application], "");
    }
    let mut facts = vec![
        Fact { what: "application id", value: application.application_id },
        Fact { what: "name", value: application.name },
        Fact { what: "environment", value: application.environment },
        Fact { what: "active", value: if application.active { "yes" } else { "no" }.to_owned() },
    ];
    facts.extend(application.description.map(|value| Fact { what: "description", value }));
    facts.extend(application.redirect_urls.into_iter().map(|value| Fact { what: "redirect address", value }));
    arguments.output.rows(&facts, "")?;
    if !application.active {
        warn(&format!("the application is not active: {}", panel::activation()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_what_is_serialized() {
        let text = String::new;
        crate::output::check_fields(&Fact { what: "", value: text() });
        crate::output::check_fields(&Application {
            application_id: text(),
            name: text(),
            description: None,
            environment: text(),
            active: true,
            redirect_urls: vec![],
        });
    }
}
