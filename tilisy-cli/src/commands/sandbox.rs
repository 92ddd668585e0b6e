//! `tilisy sandbox`: a pretend bank on this machine.

use std::net::{Ipv4Addr, SocketAddr};

use clap::Args;
use serde_json::json;
use tilisy_client::{ApiHost, Client, Credentials};
use tilisy_sandbox::{Edition, FIXED_DAY, Sandbox};

use super::interrupted;
use crate::arguments::Global;
use crate::failure::{Exit, Failure, say};
use crate::home::{Home, write_private};
use crate::lock::Lock;
use crate::output::to_stdout;
use crate::place::{REDIRECT_URL, consented, sandbox_home};
use crate::record::Record;
use crate::sessions::Sessions;

/// Run a pretend bank on this machine, for `--sandbox` and for programs.
///
/// It runs until Ctrl-C. Other commands use it with `--sandbox`, programs by its address.
///
/// None of its banks, people and payments exists. It begins with an application, and with the consent of a test user
/// for her accounts; a browser can log in as `aino` with `revontulet` and `123456`. It keeps everything in memory.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The port; 0 for a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The number that all data is made from: same seed, same bytes.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Let customers agree at once, without the bank's page.
    #[arg(long)]
    auto_approve: bool,
    /// Count how often an account is asked for while no customer is there, and refuse the fifth time in a day.
    #[arg(long)]
    count_unattended: bool,
    /// Begin without a consent.
    #[arg(long)]
    without_consent: bool,
    /// Where customers may be sent back to, besides `http://127.0.0.1:8080/redirect`.
    #[arg(long, value_name = "URL")]
    redirect_url: Vec<String>,
    /// Print one line of JSON and nothing else.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let home = Home::of(&global.profile)?;
    // Until it is recorded, so that of several that start at once, all but one find it.
    let lock = Lock::of(&home).await?;
    if let Some(running) = Record::find_locked(&home, &lock).await? {
        return Err(Failure::new(Exit::Setup, format!("a sandbox of this profile runs already, at {}", running.url))
            .hint("use that one, stop it, or choose another `--profile`"));
    }
    let mut builder = Sandbox::builder()
        .edition(Edition::Document2020)
        .newest_day(FIXED_DAY)
        .seed(arguments.seed)
        .address(SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port)))
        .auto_approve(arguments.auto_approve)
        .count_unattended(arguments.count_unattended);
    for url in &arguments.redirect_url {
        builder = builder.redirect_url(url);
    }
    let sandbox = builder.start().await.map_err(|error| {
        Failure::new(Exit::Setup, "the sandbox cannot be started").because(error).hint("another `--port` may be free")
    })?;
    let kept = sandbox_home(global)?;
    forget(&kept).await?;
    let key_file = kept.state.join("application.key");
    write_private(&key_file, sandbox.private_key_pem().as_bytes())?;
    let record = Record {
        url: sandbox.url().to_owned(),
        audience: sandbox.audience().to_owned(),
        application_id: sandbox.application_id(),
        key_file,
        registration_token: sandbox.registration_token().to_owned(),
    };
    if !arguments.without_consent {
        let credentials = Credentials::from_file(&record.application_id.to_string(), &record.key_file)?;
        let host = ApiHost::custom(&record.url, &record.audience);
        let client = Client::builder(credentials).host(host).build()?;
        Sessions::of(&kept, None, global.command()).write(&consented(&client, &sandbox, REDIRECT_URL).await?)?;
    }
    // Before anything is printed: whoever reads it may ask for the end at once.
    let stop = stopped()?;
    record.write(&home)?;
    drop(lock);
    let printed = tell(&record, arguments.json);
    let ended = match printed {
        Ok(()) => {
            tokio::select! {
                () = stop => Ok(()),
                failure = interrupted() => Err(failure),
            }
        }
        Err(failure) => Err(failure),
    };
    record.remove(&home);
    match ended {
        // That is how it is stopped.
        Err(failure) if failure.exit() == Exit::Interrupted => Ok(()),
        ended => ended,
    }
}

/// Takes away what belongs to a sandbox that ran before: this one knows nothing of it. Keys stay.
async fn forget(kept: &Home) -> Result<(), Failure> {
    let sessions = Sessions::of(kept, None, String::new());
    for session in sessions.all().unwrap_or_default() {
        sessions.remove(session.session_id).await?;
    }
    match std::fs::remove_file(kept.settings()) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(crate::home::cannot_write(&kept.settings(), error))
        }
        _ => Ok(()),
    }
}

fn tell(record: &Record, json: bool) -> Result<(), Failure> {
    let Record { url, audience, application_id, key_file, registration_token } = record;
    let text = match json {
        true => {
            let line = json!({
                "url": url,
                "application_id": application_id,
                "key_file": key_file,
                "audience": audience,
                "registration_token": registration_token,
            });
            format!("{line}\n")
        }
        false => format!(
            "listening at        {url}\napplication id      {application_id}\nprivate key         {}\n\
             audience            {audience}\nregistration token  {registration_token}\n",
            key_file.display()
        ),
    };
    to_stdout(text.as_bytes())?;
    if !json {
        say("other commands use it with `--sandbox`; stop it with Ctrl-C");
    }
    Ok(())
}

/// Waits for the signal that asks a program to end. It is caught from the call on.
#[cfg(unix)]
fn stopped() -> Result<impl Future<Output = ()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())
        .map_err(|error| Failure::new(Exit::Other, "signals cannot be caught").because(error))?;
    Ok(async move {
        terminate.recv().await;
    })
}

/// Waits for nothing: there is no such signal here.
#[cfg(not(unix))]
fn stopped() -> Result<impl Future<Output = ()>, Failure> {
    Ok(std::future::pending())
}
