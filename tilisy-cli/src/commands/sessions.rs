//! `tilisy sessions`: the consents there are.

use clap::Args;
use serde::Serialize;
use tilisy_client::chrono::{SecondsFormat, Utc};
use tilisy_client::types::SessionStatus;

use crate::arguments::Global;
use crate::consent::reported_end;
use crate::failure::{Failure, is_over, warn};
use crate::output::{Cell, Column, Output, Row, Tone};
use crate::place::Place;
use crate::sessions::{Condition, Session};

/// List the consents, and how long they last.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Ask the service for the status and the end of each; a bank can end one early.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    pub(super) output: Output,
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
        Column::extra("COUNTRY"),
        Column::extra("CUSTOMER"),
        Column::number("ACCOUNTS"),
        Column::word("VALID UNTIL"),
        Column::word("CONDITION"),
        Column::extra("SESSION"),
    ];

    fn cells(&self) -> Vec<Cell> {
        let is_over = self.status.as_deref().is_some_and(|status| status != SessionStatus::Authorized.as_str());
        let tone = match self.condition {
            "replaced" => Tone::Plain,
            _ if is_over => Tone::Bad,
            "valid" => Tone::Good,
            "ends soon" => Tone::Doubtful,
            _ => Tone::Bad,
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
            // The day is enough for people; its hours are in the other formats.
            self.valid_until.split('T').next().unwrap_or_default().into(),
            Cell::toned(condition, tone),
            self.session_id.as_str().into(),
        ]
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let place = Place::open_with_consent(global).await?;
    let sessions = place.sessions()?;
    let mut all = sessions.all()?;
    let client = if arguments.check { Some(place.client()?) } else { None };
    let (mut lines, mut failures) = (Vec::new(), Vec::new());
    for session in &mut all {
        let mut line = line(session);
        if let Some(client) = &client {
            match client.session(&session.session_id).await {
                Ok(known) => {
                    if let Some(end) = reported_end(known.extra()) {
                        sessions.report_end(session, end).await;
                    }
                    line = self::line(session);
                    line.status = Some(known.status.to_string());
                    if known.status != SessionStatus::Authorized {
                        line.end();
                    }
                }
                Err(error) if is_over(&error) => {
                    line.status = Some(error.code().map_or_else(|| "over".to_owned(), ToString::to_string));
                    line.end();
                }
                Err(error) => failures.push(Failure::from(error).about(&session.aspsp.name)),
            }
        }
        lines.push(line);
    }
    arguments.output.rows(&lines, "there is no consent yet (`tilisy connect BANK --country CC` asks for one)")?;
    let now = Utc::now();
    let ends_soon = |session: &&Session| session.condition(now) == Condition::EndsSoon;
    all.iter().filter(ends_soon).for_each(|session| sessions.warn(session, now));
    if failures.is_empty() {
        return Ok(());
    }
    failures.iter().for_each(|failure| warn(failure.text()));
    let text = format!("{} of {} consents could not be checked", failures.len(), all.len());
    Err(Failure::of_all(&failures, failures.len() == all.len(), text))
}

impl Line {
    /// The service says that the session has ended.
    fn end(&mut self) {
        if self.condition != Condition::Replaced.as_str() {
            self.condition = Condition::Ended.as_str();
        }
    }
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
