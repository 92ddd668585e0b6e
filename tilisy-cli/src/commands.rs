//! The commands, a file each.

pub(crate) mod accounts;
pub(crate) mod app;
pub(crate) mod balances;
pub(crate) mod banks;
pub(crate) mod connect;
pub(crate) mod disconnect;
pub(crate) mod doctor;
pub(crate) mod generated;
pub(crate) mod keygen;
pub(crate) mod register;
pub(crate) mod sandbox;
pub(crate) mod sessions;
pub(crate) mod token;
pub(crate) mod transactions;

use std::pin::pin;
use std::time::Duration;

use crate::arguments::{Arguments, Command};
use crate::failure::{Exit, Failure};
use crate::output::Output;

/// The time that a command has to stop by itself: enough to write down how far it got.
const GRACE: Duration = Duration::from_secs(1);

/// Runs a command until it is done, or Ctrl-C.
pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { global, command } = arguments;
    output(&command).map_or(Ok(()), Output::check)?;
    let handles_interrupts = matches!(command, Command::Transactions(_) | Command::Sandbox(_));
    let work = async {
        match command {
            Command::Keygen(arguments) => keygen::run(&global, arguments),
            Command::Register(arguments) => register::run(&global, arguments).await,
            Command::Token(arguments) => token::run(&global, arguments).await,
            Command::Banks(arguments) => banks::run(&global, arguments).await,
            Command::App(arguments) => app::run(&global, arguments).await,
            Command::Connect(arguments) => connect::run(&global, arguments).await,
            Command::Sessions(arguments) => sessions::run(&global, arguments).await,
            Command::Accounts(arguments) => accounts::run(&global, arguments).await,
            Command::Balances(arguments) => balances::run(&global, arguments).await,
            // These two handle Ctrl-C themselves, because there is more to do than to stop.
            Command::Transactions(arguments) => transactions::run(&global, arguments).await,
            Command::Sandbox(arguments) => sandbox::run(&global, arguments).await,
            Command::Disconnect(arguments) => disconnect::run(&global, arguments).await,
            Command::Doctor(arguments) => doctor::run(&global, arguments).await,
            Command::Completions(arguments) => generated::completions(&arguments),
            Command::Man(arguments) => generated::man(&arguments),
        }
    };
    // The work goes first. A prompt at its beginning is ended as any program is, since Ctrl-C is not caught yet.
    let mut work = pin!(work);
    tokio::select! {
        biased;
        done = &mut work => done,
        failure = interrupted() => match handles_interrupts {
            // It sees the same signal, but perhaps a moment later.
            true => tokio::time::timeout(GRACE, work).await.unwrap_or(Err(failure)),
            false => Err(failure),
        },
    }
}

/// Returns the output options of a command.
const fn output(command: &Command) -> Option<&Output> {
    match command {
        Command::Accounts(arguments) => Some(&arguments.output),
        Command::App(arguments) => Some(&arguments.output),
        Command::Balances(arguments) => Some(&arguments.output),
        Command::Banks(arguments) => Some(&arguments.output),
        Command::Doctor(arguments) => Some(&arguments.output),
        Command::Sessions(arguments) => Some(&arguments.output),
        Command::Transactions(arguments) => Some(&arguments.output),
        Command::Completions(_)
        | Command::Connect(_)
        | Command::Disconnect(_)
        | Command::Keygen(_)
        | Command::Man(_)
        | Command::Register(_)
        | Command::Sandbox(_)
        | Command::Token(_) => None,
    }
}

/// Waits for Ctrl-C.
pub(crate) async fn interrupted() -> Failure {
    match tokio::signal::ctrl_c().await {
        Ok(()) => Failure::new(Exit::Interrupted, "interrupted"),
        // Then nobody can interrupt in this way.
        Err(_) => std::future::pending().await,
    }
}
