//! `tilisy sessions`: the consents there are.

use clap::Args;
use serde::Serialize;
use tilisy_client::chrono::{SecondsFormat, Utc};

use crate::arguments::Global;
use crate::failure::Failure;
use crate::output::{Cell, Column, Output, Row, Tone};
use crate::place::Place;
use crate::sessions::{Condition, Session};

/// List the consents, and how long they last.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Ask the service what it thinks of each; a bank can end one early.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Line {
    session_id: String,
    bank: String,
    country: String,
    psu_type: String,
    accounts: usize,
    valid_until: String,
    condition: &'static str,
    /// What the service says, where it was asked.
    status: Option<String>,
}

impl Row for Line {
    const FIELDS: &'static [&'static str] =
        &["session_id", "bank", "country", "psu_type", "accounts", "valid_until", "condition", "status"];
    const COLUMNS: &'static [Column] = &[
        Column::text("BANK"),
        Column::text("COUNTRY"),
        Column::text("CUSTOMER"),
        Column::number("ACCOUNTS"),
        Column::text("VALID UNTIL"),
        Column::text("CONDITION"),
        Column::text("SESSION"),
    ];

    fn cells(&self) -> Vec<Cell> {
        let tone = match self.condition {
            "valid" => Tone::Good,
            "ends soon" => Tone::Doubtful,
            "ended" => Tone::Bad,
            _ => Tone::Plain,
        };
        let condition = match &self.status {
            Some(status) => format!("{} ({status})", self.condition),
            None => self.condition.to_owned(),
        };
        vec![
            self.bank.as_str().into(),
            self.country.as_str().into(),
            self.psu_type.as_str().into(),
            self.accounts.to_string().into(),
            self.valid_until.as_str().into(),
            Cell::toned(condition, tone),
            self.session_id.as_str().into(),
        ]
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let place = Place::open_with_consent(global).await?;
    let sessions = place.sessions().all()?;
    let client = if arguments.check { Some(place.client()?) } else { None };
    let mut lines = Vec::new();
    for session in &sessions {
        let mut line = line(session);
        if let Some(client) = &client {
            line.status = Some(match client.session(&session.session_id).await {
                Ok(known) => known.status.to_string(),
                Err(error) if error.needs_new_consent() => {
                    error.code().map_or_else(|| "over".to_owned(), ToString::to_string)
                }
                Err(error) => return Err(error.into()),
            });
        }
        lines.push(line);
    }
    arguments.output.rows(&lines, "there is no consent yet (`tilisy connect BANK --country CC` asks for one)")?;
    let now = Utc::now();
    sessions
        .iter()
        .filter(|session| session.condition(now) == Condition::EndsSoon)
        .for_each(|session| session.warn(now));
    Ok(())
}

fn line(session: &Session) -> Line {
    Line {
        session_id: session.session_id.to_string(),
        bank: session.aspsp.name.clone(),
        country: session.aspsp.country.clone(),
        psu_type: session.psu_type.to_string(),
        accounts: session.accounts.len(),
        valid_until: session.valid_until.to_rfc3339_opts(SecondsFormat::Secs, true),
        condition: session.condition(Utc::now()).as_str(),
        status: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_what_is_serialized() {
        let text = String::new;
        crate::output::check_fields(&Line {
            session_id: text(),
            bank: text(),
            country: text(),
            psu_type: text(),
            accounts: 0,
            valid_until: text(),
            condition: "",
            status: None,
        });
    }
}
