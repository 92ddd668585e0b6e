//! `tilisy-sandbox`: runs a sandbox until it is told to stop.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use tilisy_sandbox::Sandbox;

/// A pretend bank that speaks the Tilisy account information API.
#[derive(Parser)]
#[command(name = "tilisy-sandbox", version)]
struct Arguments {
    /// The port; 0 for a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The address to listen at.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Allow an address that other machines can reach.
    #[arg(long)]
    beyond_loopback: bool,
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
    /// Where PSUs may be sent back to, besides the addresses of the examples.
    #[arg(long, value_name = "URL")]
    redirect_url: Vec<String>,
    /// The file that the application's private key is written to; it is replaced if it is there.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Print one line of JSON and nothing else.
    #[arg(long)]
    json: bool,
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
        .seed(arguments.seed)
        .address(SocketAddr::new(arguments.address, arguments.port))
        .auto_approve(arguments.auto_approve)
        .count_unattended(arguments.count_unattended);
    if arguments.beyond_loopback {
        builder = builder.beyond_loopback();
    }
    if arguments.fresh_key {
        builder = builder.fresh_key();
    }
    for url in arguments.redirect_url {
        builder = builder.redirect_url(url);
    }
    for name in arguments.host_name {
        builder = builder.host_name(name);
    }
    let sandbox = builder.start().await?;
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

/// Writes the key so that nobody else on the machine reads it.
fn write_key(file: &Path, pem: &str) -> std::io::Result<()> {
    // A file of other permissions would keep them, and a link would lead elsewhere.
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
