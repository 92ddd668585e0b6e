//! `tilisy doctor`: checks the set-up.

mod contract;

use clap::Args;
use enablebanking_client::chrono::{TimeDelta, Utc};
use enablebanking_client::types::SessionStatus;
use enablebanking_client::{Client, Error, Meta};

use crate::disk::is_open_to_others;
use crate::environment::{Backend, Environment, Key};
use crate::failure::{Exit, Failure, is_over};
use crate::hints;
use crate::lenient;
use crate::message::say;
use crate::options::Global;
use crate::output::{Column, Output, Record, Tone};
use crate::stored::{Calls, Condition, Login, Session};
use crate::text::quoted;

/// Check the set-up: sign-in, key, clock, application and consents.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Compare responses of read-only calls with the API description instead. The output has names only and no values, so
    /// that it can be pasted into an issue. The calls count against the limits of the banks.
    #[arg(long)]
    contract: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// The difference of clocks up to which tokens are accepted: the client dates them back a little.
const SKEW: TimeDelta = TimeDelta::seconds(30);

/// The reads of an account without a PSU that most banks allow on a day.
const USUAL_CALLS: u32 = 4;

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

struct Check {
    check: &'static str,
    verdict: Verdict,
    detail: String,
    hint: Option<String>,
}

impl Record for Check {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::word("check", "CHECK", |check| check.check.into()),
        Column::<Self>::word("verdict", "", |check| check.verdict.as_str().into()).toned(|check| match check.verdict {
            Verdict::Fine => Tone::Good,
            Verdict::Doubtful => Tone::Doubtful,
            Verdict::Wrong => Tone::Bad,
        }),
        Column::text("detail", "FOUND", |check| (&check.detail).into()),
        Column::text("hint", "TO DO", |check| check.hint.as_ref().into()),
    ];
    const TABLE: &'static [&'static str] = &["check", "verdict", "detail", "hint"];
}

/// The findings so far.
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
    // A profile that cannot be read is an error, with the line to fix.
    let environment = Environment::open_with_consent(global).await?;
    if arguments.contract {
        return contract(&environment, &arguments.output).await;
    }
    match &environment.backend {
        Backend::Service => findings.fine("host", host(&environment)?),
        Backend::Running(record) => findings.fine("host", format!("the sandbox at {}", record.url)),
        Backend::Own(_) => findings.fine("host", "a sandbox of this command"),
    }
    login(&mut findings, &environment)?;
    match environment.credentials() {
        Ok(credentials) => {
            key(&mut findings, &environment, &format!("application {}", credentials.application_id()));
            match environment.client() {
                Ok(client) => service(&mut findings, &environment, &client).await?,
                Err(failure) => findings.wrong("host", &failure),
            }
        }
        Err(failure) => findings.wrong("key", &failure),
    }
    arguments.output.records(&findings.checks, "")?;
    match findings.exit {
        Some(exit) => Err(Failure::new(exit, "some checks failed")),
        None => Ok(()),
    }
}

/// Compares responses with the API description.
async fn contract(environment: &Environment, output: &Output) -> Result<(), Failure> {
    let (client, consents) = (environment.client()?, environment.consents()?.all()?);
    let differences = contract::run(environment, &client, &consents).await;
    output.records(&differences, "every response matches the API description")?;
    if !differences.is_empty() {
        say(concat!("(names only: they can be pasted into an issue at ", env!("CARGO_PKG_REPOSITORY"), "/issues)"));
    }
    Ok(())
}

fn host(environment: &Environment) -> Result<String, Failure> {
    let host = environment.host()?;
    Ok(format!("{} (tokens are for {})", host.base_url(), host.audience()))
}

fn key(findings: &mut Findings, environment: &Environment, detail: &str) {
    let key = environment.key();
    match (&environment.backend, key) {
        (Backend::Service, Ok(Key::File(file))) if is_open_to_others(&file) == Some(true) => {
            let others = format!("{detail}, but others on this machine can read `{}`", file.display());
            findings.doubtful("key", others, format!("chmod 600 {}", quoted(&file.display().to_string())));
        }
        _ => findings.fine("key", detail),
    }
}

/// Checks the sign-in to the control panel, without showing the mail address.
fn login(findings: &mut Findings, environment: &Environment) -> Result<(), Failure> {
    let command = environment.global.command();
    let has_application = environment.application_id()?.is_some();
    match Login::read(&environment.directories)? {
        Some(login) if login.is_over(Utc::now()) && login.refresh_token.is_none() => {
            findings.doubtful("login", "the token of the control panel has ended", format!("{command} login EMAIL"));
        }
        Some(login) if login.refresh_token.is_none() => {
            findings.fine("login", "a token of the control panel is stored")
        }
        Some(_) => findings.fine("login", "signed in to the control panel"),
        None if has_application => findings.fine("login", "not signed in (only `register` needs it)"),
        None => findings.doubtful("login", "not signed in to the control panel", format!("{command} login EMAIL")),
    }
    Ok(())
}

async fn service(findings: &mut Findings, environment: &Environment, client: &Client) -> Result<(), Failure> {
    let began = Utc::now();
    let answer = lenient::application(client).await;
    clock(findings, began, answer.as_ref().map_or_else(Error::meta, |answer| Some(answer.meta())));
    let application = match answer {
        Ok(response) => response.into_value(),
        Err(error) => match lenient::completed_application(error) {
            Ok(application) => application,
            Err(error) => {
                findings.wrong("application", &refused(environment, error));
                return Ok(());
            }
        },
    };
    let (name, kind) = (&application.name, &application.environment);
    if application.active {
        findings.fine("application", format!("`{name}` is active ({kind})"));
    } else {
        let inactive = Failure::new(Exit::Auth, format!("`{name}` is not active ({kind})"));
        findings.wrong("application", &inactive.hint(hints::activation()));
    }
    let services: Vec<_> = application.services.iter().map(ToString::to_string).collect();
    let countries = match &*application.countries {
        [] => "no countries are listed".to_owned(),
        countries => format!("for {}", countries.join(", ")),
    };
    let detail = format!("{} {countries}", services.join(", "));
    if services.is_empty() || services.iter().any(|service| service == "AIS") {
        findings.fine("services", detail);
    } else {
        let hint = format!("account information (AIS) is missing: see the application at {}", hints::ADDRESS);
        findings.doubtful("services", detail, hint);
    }
    let redirect_url = environment.redirect_url(None);
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
    consents(findings, environment, client).await
}

/// Returns the failure of a refused application. Its hints do not name `doctor`.
fn refused(environment: &Environment, error: Error) -> Failure {
    let status = error.status();
    let failure = Failure::from(error);
    let command = environment.global.command();
    match (failure.exit(), status) {
        (Exit::Auth, Some(403)) => Failure::new(Exit::Auth, failure.text()).hint(hints::activation()),
        (Exit::Auth, _) => Failure::new(Exit::Auth, failure.text()).hint(format!(
            "this key is not the one that the application was registered with, or the host is another: \
             `{command} register --id UUID` records the right application, `--key-file` names its key"
        )),
        _ => failure,
    }
}

/// Compares the clock of the service with that of this machine, before and after the request.
fn clock(findings: &mut Findings, began: enablebanking_client::chrono::DateTime<Utc>, meta: Option<&Meta>) {
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
        findings.doubtful("clock", said, "set the clock, best by NTP: the service checks tokens by its own clock");
    } else {
        findings.fine("clock", format!("within {} s of the service's", seconds + 1));
    }
}

async fn consents(findings: &mut Findings, environment: &Environment, client: &Client) -> Result<(), Failure> {
    let now = Utc::now();
    let command = environment.global.command();
    let kept = environment.consents()?;
    let sessions = kept.all()?;
    if sessions.is_empty() {
        findings.doubtful("consent", "there is none yet", format!("{command} connect BANK --country CC"));
    }
    for session in &sessions {
        let bank = &session.bank.name;
        if session.condition(now) == Condition::Replaced {
            continue;
        }
        if session.accounts.is_empty() {
            let nothing = Failure::new(Exit::Consent, format!("{bank}: the session covers no account"));
            findings.wrong("consent", &nothing.hint(hints::linking()));
            continue;
        }
        calls(findings, environment, session)?;
        let answer = lenient::session(client, session.session_id, session.valid_until).await;
        let mut session = session.clone();
        if let Ok(known) = &answer {
            kept.report_end(&mut session, known.access.valid_until).await;
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

/// Reports how often the accounts of a session were read today without a PSU.
fn calls(findings: &mut Findings, environment: &Environment, session: &Session) -> Result<(), Failure> {
    let today = Calls::read(&environment.directories, Utc::now().date_naive())?;
    let most = session.accounts.iter().map(|account| today.of(account.hash())).max().unwrap_or_default();
    let bank = &session.bank.name;
    let left = USUAL_CALLS.saturating_sub(most);
    let detail = format!("{bank}: about {left} of {USUAL_CALLS} reads without a PSU are left today (UTC)");
    match left {
        0 => {
            findings.doubtful("calls", detail, "wait until tomorrow, or pass `--psu-ip-address` and `--psu-user-agent`")
        }
        _ => findings.fine("calls", detail),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_found_by_their_names() {
        crate::output::check_columns::<super::Check>();
    }
}
