//! `tilisy doctor`: what is wrong, and what to do about it.

use clap::Args;
use serde::Serialize;
use tilisy_client::chrono::{TimeDelta, Utc};
use tilisy_client::types::SessionStatus;
use tilisy_client::{Client, Error, Meta};

use crate::arguments::Global;
use crate::consent::reported_end;
use crate::failure::{Exit, Failure, is_over};
use crate::home::is_open_to_others;
use crate::output::{Cell, Column, Output, Row, Tone};
use crate::panel;
use crate::place::{Place, Side};
use crate::sessions::Condition;
use crate::settings::{self, Key};
use crate::text::quoted;

/// Check key, clock, application and consents, and say what is wrong.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) output: Output,
}

/// How much a clock may be off before a token could be refused. The client signs tokens slightly back.
const SKEW: TimeDelta = TimeDelta::seconds(30);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    Fine,
    Doubtful,
    Wrong,
}

impl Verdict {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Doubtful => "warning",
            Self::Wrong => "wrong",
        }
    }
}

#[derive(Serialize)]
struct Check {
    check: &'static str,
    #[serde(serialize_with = "verdict")]
    verdict: Verdict,
    detail: String,
    /// What to do.
    hint: Option<String>,
}

fn verdict<S: serde::Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(verdict.as_str())
}

impl Row for Check {
    const FIELDS: &'static [&'static str] = &["check", "verdict", "detail", "hint"];
    const COLUMNS: &'static [Column] =
        &[Column::word("CHECK"), Column::word(""), Column::text("FOUND"), Column::text("TO DO")];

    fn cells(&self) -> Vec<Cell> {
        let tone = match self.verdict {
            Verdict::Fine => Tone::Good,
            Verdict::Doubtful => Tone::Doubtful,
            Verdict::Wrong => Tone::Bad,
        };
        let hint = self.hint.as_deref().unwrap_or_default();
        vec![self.check.into(), Cell::toned(self.verdict.as_str(), tone), self.detail.as_str().into(), hint.into()]
    }
}

/// What was found so far.
#[derive(Default)]
struct Findings {
    checks: Vec<Check>,
    /// The exit code of the first thing that is wrong.
    exit: Option<Exit>,
}

impl Findings {
    fn fine(&mut self, check: &'static str, detail: impl Into<String>) {
        self.checks.push(Check { check, verdict: Verdict::Fine, detail: detail.into(), hint: None });
    }

    fn doubtful(&mut self, check: &'static str, detail: impl Into<String>, hint: impl Into<String>) {
        let hint = Some(hint.into());
        self.checks.push(Check { check, verdict: Verdict::Doubtful, detail: detail.into(), hint });
    }

    fn wrong(&mut self, check: &'static str, failure: &Failure) {
        let hint = failure.hints().first().cloned();
        self.checks.push(Check { check, verdict: Verdict::Wrong, detail: failure.text().to_owned(), hint });
        self.exit.get_or_insert(failure.exit());
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let mut findings = Findings::default();
    // A profile that cannot be read ends it here, with the line to mend.
    let place = Place::open_with_consent(global).await?;
    match &place.side {
        Side::Service => findings.fine("host", host(&place)?),
        Side::Running(record) => findings.fine("host", format!("the sandbox at {}", record.url)),
        Side::Own(_) => findings.fine("host", "a sandbox of this command"),
    }
    match place.credentials() {
        Ok(credentials) => {
            key(&mut findings, &place, &format!("application {}", credentials.application_id()));
            match place.client() {
                Ok(client) => service(&mut findings, &place, &client).await?,
                Err(failure) => findings.wrong("host", &failure),
            }
        }
        Err(failure) => findings.wrong("key", &failure),
    }
    arguments.output.rows(&findings.checks, "")?;
    match findings.exit {
        Some(exit) => Err(Failure::new(exit, "not everything is as it should be")),
        None => Ok(()),
    }
}

fn host(place: &Place) -> Result<String, Failure> {
    let host = place.host()?;
    Ok(format!("{} (tokens are for {})", host.base_url(), host.audience()))
}

fn key(findings: &mut Findings, place: &Place, detail: &str) {
    let key = settings::key(&place.global, &place.profile, &place.home);
    match (&place.side, key) {
        (Side::Service, Ok(Key::File(file))) if is_open_to_others(&file) == Some(true) => {
            let others = format!("{detail}, but others on this machine can read `{}`", file.display());
            findings.doubtful("key", others, format!("chmod 600 {}", quoted(&file.display().to_string())));
        }
        _ => findings.fine("key", detail),
    }
}

async fn service(findings: &mut Findings, place: &Place, client: &Client) -> Result<(), Failure> {
    let began = Utc::now();
    let answer = client.application().with_meta().await;
    clock(findings, began, answer.as_ref().map_or_else(Error::meta, |answer| Some(answer.meta())));
    let application = match answer {
        Ok(answer) => answer.into_value(),
        Err(error) => {
            findings.wrong("application", &refused(place, error));
            return Ok(());
        }
    };
    let (name, environment) = (&application.name, &application.environment);
    if application.active {
        findings.fine("application", format!("`{name}` is active ({environment})"));
    } else {
        let inactive = Failure::new(Exit::Auth, format!("`{name}` is not active ({environment})"));
        findings.wrong("application", &inactive.hint(panel::activation()));
    }
    let redirect_url = place.redirect_url(None);
    if application.redirect_urls.contains(&redirect_url) {
        findings.fine("redirect", format!("{redirect_url} is registered"));
    } else {
        let registered = application.redirect_urls.join(", ");
        findings.doubtful(
            "redirect",
            format!("{redirect_url} is not registered"),
            format!("set `redirect_url` in the profile, or pass `--redirect-url` to `tilisy connect`: {registered}"),
        );
    }
    consents(findings, place, client).await
}

/// Why the application is not let in, and what to do: here nobody can be sent to the doctor.
fn refused(place: &Place, error: Error) -> Failure {
    let status = error.status();
    let failure = Failure::from(error);
    let command = place.global.command();
    match (failure.exit(), status) {
        (Exit::Auth, Some(403)) => Failure::new(Exit::Auth, failure.text()).hint(panel::activation()),
        (Exit::Auth, _) => Failure::new(Exit::Auth, failure.text()).hint(format!(
            "this key is not the one that the application was registered with, or the host is another: \
             `{command} register --id UUID` records the right application, `--key-file` names its key"
        )),
        _ => failure,
    }
}

/// The service's clock against this machine's, in between the question and the answer.
fn clock(findings: &mut Findings, began: tilisy_client::chrono::DateTime<Utc>, meta: Option<&Meta>) {
    let Some(theirs) = meta.and_then(Meta::date) else {
        return;
    };
    let ended = Utc::now();
    let off = if theirs > ended {
        theirs - ended
    } else if theirs + TimeDelta::seconds(1) < began {
        began - theirs
    } else {
        TimeDelta::zero()
    };
    let direction = if theirs > ended { "behind" } else { "ahead of" };
    let seconds = off.num_seconds();
    if off > SKEW {
        let said = format!("this machine is {seconds} s {direction} the service");
        findings.doubtful("clock", said, "set the clock, best by NTP: tokens are valid only by the service's");
    } else {
        findings.fine("clock", format!("within {} s of the service's", seconds + 1));
    }
}

async fn consents(findings: &mut Findings, place: &Place, client: &Client) -> Result<(), Failure> {
    let now = Utc::now();
    let command = place.global.command();
    let kept = place.sessions()?;
    let sessions = kept.all()?;
    if sessions.is_empty() {
        findings.doubtful("consent", "there is none yet", format!("{command} connect BANK --country CC"));
    }
    for session in &sessions {
        let bank = &session.aspsp.name;
        if session.condition(now) == Condition::Replaced {
            continue;
        }
        if session.accounts.is_empty() {
            let nothing = Failure::new(Exit::Consent, format!("{bank}: the session covers no account"));
            findings.wrong("consent", &nothing.hint(panel::linking()));
            continue;
        }
        let answer = client.session(&session.session_id).await;
        let mut session = session.clone();
        if let Some(end) = answer.as_ref().ok().and_then(|known| reported_end(known.extra())) {
            kept.report_end(&mut session, end).await;
        }
        let (condition, until) = (session.condition(now), session.valid_until.date_naive());
        match answer {
            Ok(known) if known.status != SessionStatus::Authorized => {
                let over = Failure::new(Exit::Consent, format!("{bank}: the session is {}", known.status));
                findings.wrong("consent", &over.hint(session.renewal(&command)));
            }
            Ok(_) if condition == Condition::Valid => {
                findings.fine("consent", format!("{bank}: until {until}"));
            }
            Ok(_) => findings.doubtful("consent", format!("{bank}: until {until}"), session.renewal(&command)),
            Err(error) if is_over(&error) => {
                let over = Failure::from(error);
                let over =
                    Failure::new(Exit::Consent, format!("{bank}: {}", over.text())).hint(session.renewal(&command));
                findings.wrong("consent", &over);
            }
            Err(error) => findings.wrong("consent", &Failure::from(error).about(bank)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_what_is_serialized() {
        let (verdict, detail) = (Verdict::Fine, String::new());
        crate::output::check_fields(&Check { check: "", verdict, detail, hint: None });
    }
}
