//! `tilisy sessions`: lists the consents.

use clap::Args;
use enablebanking_client::chrono::{SecondsFormat, Utc};
use enablebanking_client::types::SessionStatus;

use crate::environment::Environment;
use crate::failure::{Failure, is_over};
use crate::lenient;
use crate::message::warn;
use crate::options::Global;
use crate::output::{Cell, Column, Output, Record, Tone};
use crate::stored::{Condition, Session};

/// List the consents and when they end.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Request the status and the end of each consent from the service. A bank can end a consent early.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

struct Line {
    session: Session,
    condition: &'static str,
    /// The status at the service, if it was requested.
    status: Option<String>,
}

impl Record for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::extra("session_id", "SESSION", |line| line.session.session_id.to_string().into()),
        Column::text("bank", "BANK", |line| (&line.session.bank.name).into()),
        Column::extra("country", "COUNTRY", |line| (&line.session.bank.country).into()),
        Column::extra("psu_type", "PSU TYPE", |line| (&line.session.psu_type).into()),
        Column::number("accounts", "ACCOUNTS", |line| Cell::Number(line.session.accounts.len() as u64)),
        Column::word("valid_until", "VALID UNTIL", |line| {
            line.session.valid_until.to_rfc3339_opts(SecondsFormat::Secs, true).into()
        }),
        Column::<Self>::word("condition", "CONDITION", |line| line.condition.into()).toned(Line::tone),
        Column::word("status", "STATUS", |line| line.status.as_ref().into()),
        Column::<Self>::word("last_day", "VALID UNTIL", |line| line.session.valid_until.date_naive().into())
            .on_request(),
        Column::<Self>::word("state", "CONDITION", |line| match &line.status {
            Some(status) => format!("{} ({status})", line.condition).into(),
            None => line.condition.into(),
        })
        .toned(Line::tone)
        .on_request(),
    ];
    const TABLE: &'static [&'static str] =
        &["bank", "country", "psu_type", "accounts", "last_day", "state", "session_id"];
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let environment = Environment::open_with_consent(global).await?;
    let consents = environment.consents()?;
    let mut all = consents.all()?;
    let client = if arguments.check { Some(environment.client()?) } else { None };
    let (mut lines, mut failures) = (Vec::new(), Vec::new());
    for session in &mut all {
        let mut line = Line::new(session);
        if let Some(client) = &client {
            match lenient::session(client, session.session_id, session.valid_until).await {
                Ok(known) => {
                    consents.report_end(session, known.access.valid_until).await;
                    line = Line::new(session);
                    line.status = Some(known.status.to_string());
                    if known.status != SessionStatus::Authorized {
                        line.end();
                    }
                }
                Err(error) if is_over(&error) => {
                    line.status = Some(error.code().map_or_else(|| "over".to_owned(), ToString::to_string));
                    line.end();
                }
                Err(error) => failures.push(Failure::from(error).about(&session.bank.name)),
            }
        }
        lines.push(line);
    }
    arguments.output.records(&lines, "there is no consent yet (`tilisy connect BANK --country CC` asks for one)")?;
    let now = Utc::now();
    let ends_soon = |session: &&Session| session.condition(now) == Condition::EndsSoon;
    all.iter().filter(ends_soon).for_each(|session| consents.warn(session, now));
    if failures.is_empty() {
        return Ok(());
    }
    failures.iter().for_each(|failure| warn(failure.text()));
    let text = format!("{} of {} consents could not be checked", failures.len(), all.len());
    Err(Failure::of_all(&failures, failures.len() == all.len(), text))
}

impl Line {
    fn new(session: &Session) -> Self {
        Self { session: session.clone(), condition: session.condition(Utc::now()).as_str(), status: None }
    }

    /// Records that the session has ended at the service.
    fn end(&mut self) {
        if self.condition != Condition::Replaced.as_str() {
            self.condition = Condition::Ended.as_str();
        }
    }

    fn tone(&self) -> Tone {
        let is_over = self.status.as_deref().is_some_and(|status| status != SessionStatus::Authorized.as_str());
        match self.condition {
            "replaced" => Tone::Plain,
            _ if is_over => Tone::Bad,
            "valid" => Tone::Good,
            "ends soon" => Tone::Doubtful,
            _ => Tone::Bad,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_found_by_their_names() {
        crate::output::check_columns::<super::Line>();
    }
}
