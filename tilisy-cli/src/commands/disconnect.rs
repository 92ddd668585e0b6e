//! `tilisy disconnect`: ends consents.

use clap::Args;
use tilisy_client::Client;

use crate::arguments::{Global, Psu};
use crate::failure::{Exit, Failure, is_over, say, warn};
use crate::place::Place;
use crate::sessions::{Condition, Session};
use crate::text::{clean, quoted};

/// End consents.
///
/// They are ended at the service, and the accounts that they covered are forgotten. So are consents that are over
/// already, or that the service does not know.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The sessions to end, by id, or by the name of their bank.
    #[arg(value_name = "SESSION|BANK", required_unless_present = "all")]
    sessions: Vec<String>,
    /// End all of them.
    #[arg(long, conflicts_with = "sessions")]
    all: bool,
    /// Forget them without asking the service, such as those of an application that is gone. They may still be valid.
    #[arg(long)]
    forget: bool,
    #[command(flatten)]
    psu: Psu,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let place = Place::open_with_consent(global).await?;
    let sessions = place.sessions()?;
    let all = sessions.all()?;
    let chosen = if arguments.all { all.iter().collect() } else { choose(&all, &arguments.sessions)? };
    if chosen.is_empty() {
        say("there is no consent to end");
        return Ok(());
    }
    let client = if arguments.forget { None } else { Some(place.client_for(&arguments.psu)?) };
    let mut failed = None;
    for session in chosen {
        let of = format!("{} ({})", session.aspsp.name, session.session_id);
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
    place.say_what_stays();
    failed.map_or(Ok(()), |failure| {
        let all = Failure::new(failure.exit(), "not every consent was ended; those that were not are still kept");
        let all = failure.hints().iter().cloned().fold(all, Failure::hint);
        let names: Vec<_> = arguments.sessions.iter().map(|name| quoted(name)).collect();
        let names = if arguments.all { "--all".to_owned() } else { format!("-- {}", names.join(" ")) };
        let command = place.global.command();
        Err(all.hint(format!("`{command} disconnect --forget {names}` only forgets them on this machine")))
    })
}

async fn end(client: Option<&Client>, session: &Session) -> Result<&'static str, Failure> {
    let Some(client) = client else {
        return Ok("forgotten");
    };
    match client.delete_session(&session.session_id).await {
        Ok(_) => Ok("ended"),
        Err(error) if is_over(&error) => Ok("was over already"),
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
        let by_bank = |session: &&Session| session.aspsp.name.to_lowercase() == id;
        let mut found: Vec<_> = all.iter().filter(by_id).collect();
        if found.is_empty() {
            found = all.iter().filter(by_bank).collect();
        }
        // A bank's name means what is there now, and what it replaced.
        let now = tilisy_client::chrono::Utc::now();
        let current = found.iter().filter(|session| session.condition(now) != Condition::Replaced).count();
        let problem = match found.len() {
            0 => Some(format!("no session is called `{}`", clean(text))),
            _ if current > 1 => Some(format!("several sessions are called `{}`", clean(text))),
            _ => None,
        };
        if let Some(problem) = problem {
            let known = all.iter().map(|session| format!(" {} at {},", session.session_id, session.aspsp.name));
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
