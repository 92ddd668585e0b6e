//! `tilisy disconnect`: ends consents.

use clap::Args;
use enablebanking_client::Client;

use crate::environment::Environment;
use crate::failure::{Exit, Failure, is_over};
use crate::message::{say, warn};
use crate::options::{Global, Psu};
use crate::stored::{Condition, Session};
use crate::text::{clean, quoted};

/// End consents.
///
/// The consents are ended at the service, and removed from this machine with their accounts. Consents that have ended
/// already, or that the service does not know, are removed as well.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The sessions to end, by id or by the name of the bank.
    #[arg(value_name = "SESSION|BANK", required_unless_present = "all")]
    sessions: Vec<String>,
    /// End all consents.
    #[arg(long, conflicts_with = "sessions")]
    all: bool,
    /// Only remove the consents from this machine, such as those of an application that no longer exists. They may still be
    /// valid at the service.
    #[arg(long)]
    forget: bool,
    #[command(flatten)]
    psu: Psu,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let environment = Environment::open_with_consent(global).await?;
    let sessions = environment.consents()?;
    let all = sessions.all()?;
    let chosen = if arguments.all { all.iter().collect() } else { choose(&all, &arguments.sessions)? };
    if chosen.is_empty() {
        say("there is no consent to end");
        return Ok(());
    }
    let client = if arguments.forget { None } else { Some(environment.client_for(&arguments.psu)?) };
    let mut failed = None;
    for session in chosen {
        let of = format!("{} ({})", session.bank.name, session.session_id);
        match end(client.as_ref(), session).await {
            Ok(said) => {
                sessions.remove(session.session_id).await?;
                say(&clean(&format!("{of}: {said}")));
            }
            Err(failure) => {
                let failure = failure.about(of);
                warn(failure.text());
                failed.get_or_insert(failure);
            }
        }
    }
    environment.say_what_stays();
    failed.map_or(Ok(()), |failure| {
        let all = Failure::new(failure.exit(), "some consents could not be ended, and are still stored");
        let all = failure.hints().iter().cloned().fold(all, Failure::hint);
        let names: Vec<_> = arguments.sessions.iter().map(|name| quoted(name)).collect();
        let names = if arguments.all { "--all".to_owned() } else { format!("-- {}", names.join(" ")) };
        let command = environment.global.command();
        Err(all.hint(format!("`{command} disconnect --forget {names}` only removes them from this machine")))
    })
}

async fn end(client: Option<&Client>, session: &Session) -> Result<&'static str, Failure> {
    let Some(client) = client else {
        return Ok("removed from this machine");
    };
    match client.delete_session(&session.session_id.into()).await {
        Ok(_) => Ok("ended"),
        Err(error) if is_over(&error) => Ok("had ended already"),
        Err(error) => Err(error.into()),
    }
}

fn choose<'a>(all: &'a [Session], wanted: &[String]) -> Result<Vec<&'a Session>, Failure> {
    let mut chosen: Vec<&Session> = Vec::new();
    for text in wanted {
        let id = text.trim().to_lowercase();
        let by_id = |session: &&Session| {
            let known = session.session_id.to_string();
            known == id || (id.len() >= 4 && known.starts_with(&id))
        };
        let by_bank = |session: &&Session| session.bank.name.to_lowercase() == id;
        let mut found: Vec<_> = all.iter().filter(by_id).collect();
        if found.is_empty() {
            found = all.iter().filter(by_bank).collect();
        }
        // The name of a bank stands for its current session and the ones that it replaced.
        let now = enablebanking_client::chrono::Utc::now();
        let current = found.iter().filter(|session| session.condition(now) != Condition::Replaced).count();
        let problem = match found.len() {
            0 => Some(format!("no session is called `{}`", clean(text))),
            _ if current > 1 => Some(format!("several sessions are called `{}`", clean(text))),
            _ => None,
        };
        if let Some(problem) = problem {
            let known = all.iter().map(|session| format!(" {} at {},", session.session_id, session.bank.name));
            let known: String = known.collect();
            let known = if known.is_empty() { " none".to_owned() } else { known };
            return Err(
                Failure::new(Exit::Usage, problem).hint(format!("the sessions are:{}", known.trim_end_matches(',')))
            );
        }
        chosen.extend(
            found
                .into_iter()
                .filter(|session| !chosen.iter().any(|other| other.session_id == session.session_id))
                .collect::<Vec<_>>(),
        );
    }
    Ok(chosen)
}
