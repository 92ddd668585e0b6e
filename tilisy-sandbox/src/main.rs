//! `tilisy-sandbox`: runs a sandbox until it is told to stop.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use tilisy_sandbox::chrono::{DateTime, NaiveDate, Utc};
use tilisy_sandbox::{Clock, Edition, Sandbox};

/// A pretend bank that speaks the Enable Banking API.
#[derive(Parser)]
#[command(name = "tilisy-sandbox", version)]
struct Arguments {
    /// The edition of the API: `current`, or `2020` for that of the Tilisy documentation.
    #[arg(long, default_value = "current", value_parser = edition)]
    edition: Edition,
    /// The newest day of the data, such as 2026-01-31; `today` follows the clock.
    #[arg(long, default_value = "today", value_name = "DAY", value_parser = newest_day)]
    newest_day: NewestDay,
    /// A JSON file with banks, users, accounts and transactions to add.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// A quirk of all responses, by its name in the README.
    #[arg(long, value_name = "NAME")]
    quirk: Vec<String>,
    /// A quirk of one bank, such as `Fjordbanken=HOLDER_ONLY`.
    #[arg(long, value_name = "BANK=NAME", value_parser = bank_quirk)]
    bank_quirk: Vec<(String, String)>,
    /// The scenario of all requests, such as EXPIRED_SESSION.
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// The time at which the clock starts, such as 2026-02-01T12:00:00Z; it stands still, and `/sandbox/clock` moves it.
    #[arg(long, value_name = "TIME")]
    time: Option<DateTime<Utc>>,
    /// Serve the control endpoint at an address that other machines can reach too.
    #[arg(long)]
    control: bool,
    /// The port; 0 for a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The address to listen at.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Allow an address that other machines can reach.
    #[arg(long)]
    beyond_loopback: bool,
    /// The address that links have, if it is not the one that is listened at, such as http://localhost:8080.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Another name of this machine, such as that of a container, under which requests may come.
    #[arg(long, value_name = "NAME")]
    host_name: Vec<String>,
    /// The number that all data is made from: same seed, same bytes.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Let PSUs agree at once, without the consent page.
    #[arg(long)]
    auto_approve: bool,
    /// Count how often an account is asked for while no PSU is there, and refuse the fifth time in a day.
    #[arg(long)]
    count_unattended: bool,
    /// Make a new key for the application, instead of the one that everybody has.
    #[arg(long)]
    fresh_key: bool,
    /// A redirect address of the application, before those of the examples.
    #[arg(long, value_name = "URL")]
    redirect_url: Vec<String>,
    /// An origin on this machine to which webhooks of payments may be sent, such as http://127.0.0.1:3000.
    #[arg(long, value_name = "ORIGIN")]
    webhook_origin: Vec<String>,
    /// The file that the application's private key is written to; it is replaced if it is there.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Print one line of JSON and nothing else.
    #[arg(long)]
    json: bool,
}

/// The newest day of the data.
#[derive(Clone, Copy)]
enum NewestDay {
    Today,
    Fixed(NaiveDate),
}

fn edition(name: &str) -> Result<Edition, String> {
    Edition::named(name).ok_or_else(|| "an edition is `current` or `2020`".to_owned())
}

fn bank_quirk(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').map(|(bank, quirk)| (bank.to_owned(), quirk.to_owned()));
    parts.ok_or_else(|| "a bank and a quirk are separated by `=`".to_owned())
}

fn newest_day(text: &str) -> Result<NewestDay, String> {
    match text {
        "today" => Ok(NewestDay::Today),
        day => day.parse().map(NewestDay::Fixed).map_err(|_| "a day is `today`, or such as 2026-01-31".to_owned()),
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut said = error.to_string();
            let mut source = error.source();
            while let Some(next) = source {
                said.push_str(&format!(": {next}"));
                source = next.source();
            }
            let _ = writeln!(std::io::stderr(), "error: {said}");
            ExitCode::from(2)
        }
    }
}

#[tokio::main]
async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Sandbox::builder()
        .edition(arguments.edition)
        .seed(arguments.seed)
        .address(SocketAddr::new(arguments.address, arguments.port))
        .auto_approve(arguments.auto_approve)
        .count_unattended(arguments.count_unattended);
    if let NewestDay::Fixed(day) = arguments.newest_day {
        builder = builder.newest_day(day);
    }
    if let Some(time) = arguments.time {
        let clock = Clock::default();
        clock.stop_at(time);
        builder = builder.clock(clock).machine_time_tokens();
    }
    if arguments.control {
        builder = builder.control(true);
    }
    if arguments.beyond_loopback {
        builder = builder.beyond_loopback();
    }
    if let Some(url) = arguments.url {
        builder = builder.url(url);
    }
    if arguments.fresh_key {
        builder = builder.fresh_key();
    }
    for url in arguments.redirect_url {
        builder = builder.redirect_url(url);
    }
    for origin in arguments.webhook_origin {
        builder = builder.webhook_origin(origin);
    }
    for name in arguments.host_name {
        builder = builder.host_name(name);
    }
    let sandbox = builder.start().await?;
    if let Some(file) = &arguments.data {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("cannot read the data file `{}`: {error}", file.display()))?;
        sandbox.add_data(&text).map_err(|error| format!("cannot use the data file `{}`: {error}", file.display()))?;
    }
    set(&sandbox, &arguments.quirk, arguments.bank_quirk, arguments.scenario.as_deref())?;
    let named = format!("tilisy-sandbox-{}.pem", sandbox.application_id());
    let file = arguments.key_file.unwrap_or_else(|| std::env::temp_dir().join(named));
    write_key(&file, sandbox.private_key_pem())
        .map_err(|error| format!("cannot write the key file `{}`: {error}", file.display()))?;
    let key_file = file.display().to_string();
    // Before anything is printed: whoever reads it may ask for the end at once.
    let stop = stopped()?;
    let page = match arguments.json {
        true => {
            let line = serde_json::json!({
                "url": sandbox.url(),
                "application_id": sandbox.application_id(),
                "key_file": key_file,
                "audience": sandbox.audience(),
                "edition": sandbox.edition().name(),
                "registration_token": sandbox.registration_token(),
            });
            format!("{line}\n")
        }
        false => format!(
            "listening at        {}\napplication id      {}\nprivate key         {key_file}\naudience            {}\n\
             registration token  {}\nstop it with Ctrl-C\n",
            sandbox.url(),
            sandbox.application_id(),
            sandbox.audience(),
            sandbox.registration_token(),
        ),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(page.as_bytes()).and_then(|()| out.flush())?;
    drop(out);
    stop.await?;
    Ok(())
}

/// Sets quirks and the scenario.
fn set(
    sandbox: &Sandbox,
    quirks: &[String],
    bank_quirks: Vec<(String, String)>,
    scenario: Option<&str>,
) -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<_> = quirks.iter().map(String::as_str).collect();
    sandbox.set_quirks(&names).map_err(|error| format!("cannot use `--quirk`: {error}"))?;
    sandbox.set_scenario(scenario).map_err(|error| format!("cannot use `--scenario`: {error}"))?;
    let mut by_bank: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (bank, quirk) in bank_quirks {
        by_bank.entry(bank).or_default().push(quirk);
    }
    for (bank, quirks) in by_bank {
        let names: Vec<_> = quirks.iter().map(String::as_str).collect();
        let found = sandbox.find_bank(&bank);
        let found = found.ok_or_else(|| format!("cannot use `--bank-quirk`: no bank has the name `{bank}`"))?;
        found.set_quirks(&names).map_err(|error| format!("cannot use `--bank-quirk`: {error}"))?;
    }
    Ok(())
}

/// Writes the key so that other users of this machine cannot read it.
fn write_key(file: &Path, pem: &str) -> std::io::Result<()> {
    // An existing file would keep its permissions, and a link would lead elsewhere.
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(pem.as_bytes())
}

/// Waits for Ctrl-C, or for the signal that asks a program to end. Both are caught from the call on.
#[cfg(unix)]
fn stopped() -> std::io::Result<impl Future<Output = std::io::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn stopped() -> std::io::Result<impl Future<Output = std::io::Result<()>>> {
    Ok(tokio::signal::ctrl_c())
}
