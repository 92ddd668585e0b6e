//! The command line.

use std::pin::pin;
use std::time::Duration;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::commands::{
    accounts, app, balances, banks, connect, disconnect, doctor, keygen, login, logout, register, sandbox, sessions,
    setup, shell, token, transactions,
};
use crate::failure::{EXIT_CODES, Failure};
use crate::interrupt::interrupted;
use crate::options::Global;
use crate::output::Output;

/// Export the transactions of your bank accounts with the Enable Banking (formerly Tilisy) API.
///
/// `tilisy setup` leads through all steps: `login` signs in to the control panel, `keygen` creates a key, `register`
/// registers an application with it, `connect` asks for consent at your bank, and `accounts`, `balances` and `transactions`
/// read the accounts. With `--sandbox`, every command works with simulated banks on this machine, without any set-up.
#[derive(Debug, Parser)]
#[command(name = "tilisy", version, after_long_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Setup(setup::Arguments),
    Login(login::Arguments),
    Keygen(keygen::Arguments),
    Register(register::Arguments),
    Token(token::Arguments),
    #[command(visible_alias = "aspsps")]
    Banks(banks::Arguments),
    App(app::Arguments),
    Connect(connect::Arguments),
    Sessions(sessions::Arguments),
    Accounts(accounts::Arguments),
    Balances(balances::Arguments),
    Transactions(transactions::Arguments),
    Disconnect(disconnect::Arguments),
    Logout(logout::Arguments),
    Doctor(doctor::Arguments),
    Sandbox(sandbox::Arguments),
    Completions(shell::Completions),
    Man(shell::Man),
}

/// The time that a command has to stop by itself: enough to store its progress.
const GRACE: Duration = Duration::from_secs(1);

/// Runs a command until it is done, or Ctrl-C.
pub(crate) async fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { global, command } = cli;
    output(&command).map_or(Ok(()), Output::check)?;
    let handles_interrupts = matches!(command, Command::Transactions(_) | Command::Sandbox(_));
    let work = async {
        match command {
            Command::Setup(arguments) => setup::run(&global, arguments).await,
            Command::Login(arguments) => login::run(&global, arguments).await,
            Command::Logout(arguments) => logout::run(&global, arguments).await,
            Command::Keygen(arguments) => keygen::run(&global, arguments).await,
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
            Command::Completions(arguments) => shell::completions(&arguments, Cli::command()),
            Command::Man(arguments) => shell::man(&arguments, Cli::command()),
        }
    };
    // The work goes first. Ctrl-C at its first prompt ends the program, because it is not caught yet.
    let mut work = pin!(work);
    tokio::select! {
        biased;
        done = &mut work => done,
        failure = interrupted() => match handles_interrupts {
            // It gets the same signal, but perhaps a moment later.
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
        | Command::Login(_)
        | Command::Logout(_)
        | Command::Man(_)
        | Command::Register(_)
        | Command::Sandbox(_)
        | Command::Setup(_)
        | Command::Token(_) => None,
    }
}
