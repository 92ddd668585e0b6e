//! `tilisy sandbox`: simulated banks on this machine.

use std::net::{Ipv4Addr, SocketAddr};

use clap::Args;
use enablebanking_client::{ApiHost, Client, Credentials};
use serde_json::json;
use tilisy_sandbox::Sandbox;

use crate::consents::Consents;
use crate::disk::{Directories, Lock, cannot_write, write_private};
use crate::environment::{REDIRECT_URL, consented, find_locked, sandbox_directories};
use crate::failure::{Exit, Failure};
use crate::interrupt::interrupted;
use crate::message::say;
use crate::options::Global;
use crate::output::to_stdout;
use crate::stored::RunningSandbox;

/// Run simulated banks on this machine, for `--sandbox` and for programs.
///
/// The sandbox runs until Ctrl-C. Other commands use it with `--sandbox`, programs by its URL.
///
/// Its banks, people and payments are invented. It starts with an application, and with the consent of a test user for
/// her accounts. To log in with a browser, use the name `aino`, the password `revontulet` and the code `123456`. All state
/// is in memory.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The port; 0 for a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The seed of the data: the same seed gives the same data.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Approve consents at once, without the bank's page.
    #[arg(long)]
    auto_approve: bool,
    /// Count the requests for an account without a PSU who is present, and refuse the fifth one of a day.
    #[arg(long)]
    count_unattended: bool,
    /// Start without a consent.
    #[arg(long)]
    without_consent: bool,
    /// A redirect address to register besides `http://127.0.0.1:8080/redirect`; can be given more than once.
    #[arg(long, value_name = "URL")]
    redirect_url: Vec<String>,
    /// Print one line of JSON only.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let directories = Directories::of(&global.profile)?;
    // Held until the sandbox is recorded: if several start at once, all but one find the record.
    let lock = Lock::of(&directories).await?;
    if let Some(running) = find_locked(&directories, &lock).await? {
        return Err(Failure::new(Exit::Setup, format!("a sandbox of this profile runs already, at {}", running.url))
            .hint("use it, stop it, or choose another `--profile`"));
    }
    let mut builder = Sandbox::builder()
        .seed(arguments.seed)
        .address(SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port)))
        .auto_approve(arguments.auto_approve)
        .count_unattended(arguments.count_unattended);
    if let Some(day) = global.sandbox_newest_day {
        builder = builder.newest_day(day);
    }
    for url in &arguments.redirect_url {
        builder = builder.redirect_url(url);
    }
    let sandbox = builder.start().await.map_err(|error| {
        Failure::new(Exit::Setup, "the sandbox cannot be started").because(error).hint("try another `--port`")
    })?;
    let kept = sandbox_directories(global)?;
    forget(&kept).await?;
    let key_file = kept.state.join("application.key");
    write_private(&key_file, sandbox.private_key_pem().as_bytes())?;
    let record = RunningSandbox {
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
        Consents::of(&kept, None, global.command()).write(&consented(&client, &sandbox, REDIRECT_URL).await?)?;
    }
    // Before anything is printed: a program that reads it may send the signal at once.
    let stop = stopped()?;
    record.write(&directories)?;
    drop(lock);
    let printed = print(&record, arguments.json);
    let ended = match printed {
        Ok(()) => {
            tokio::select! {
                () = stop => Ok(()),
                failure = interrupted() => Err(failure),
            }
        }
        Err(failure) => Err(failure),
    };
    record.remove(&directories);
    match ended {
        // The usual way to stop it.
        Err(failure) if failure.exit() == Exit::Interrupted => Ok(()),
        ended => ended,
    }
}

/// Removes the sessions and settings of an earlier sandbox, which are not valid in this one. Keys stay.
async fn forget(kept: &Directories) -> Result<(), Failure> {
    let sessions = Consents::of(kept, None, String::new());
    for session in sessions.all().unwrap_or_default() {
        sessions.remove(session.session_id).await?;
    }
    match std::fs::remove_file(kept.settings()) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(cannot_write(&kept.settings(), error)),
        _ => Ok(()),
    }
}

fn print(record: &RunningSandbox, json: bool) -> Result<(), Failure> {
    let RunningSandbox { url, audience, application_id, key_file, registration_token } = record;
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

/// Waits for the end of the console or of the session, or for Ctrl-Break, by which other programs end this one: Windows
/// has no such signal. They are caught from the call on. Windows ends the process a few seconds later.
#[cfg(windows)]
fn stopped() -> Result<impl Future<Output = ()>, Failure> {
    use tokio::signal::windows::{ctrl_break, ctrl_close, ctrl_logoff, ctrl_shutdown};
    let cannot = |error| Failure::new(Exit::Other, "signals cannot be caught").because(error);
    let (mut closed, mut broken) = (ctrl_close().map_err(cannot)?, ctrl_break().map_err(cannot)?);
    let (mut logged_off, mut shut_down) = (ctrl_logoff().map_err(cannot)?, ctrl_shutdown().map_err(cannot)?);
    Ok(async move {
        tokio::select! {
            _ = closed.recv() => {}
            _ = broken.recv() => {}
            _ = logged_off.recv() => {}
            _ = shut_down.recv() => {}
        }
    })
}
