//! The command line.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::commands::{
    accounts, app, balances, banks, connect, disconnect, doctor, generated, keygen, register, sandbox, sessions, token,
    transactions,
};
use crate::failure::EXIT_CODES;

/// From a key to the transactions of your bank accounts, by the Tilisy (today Enable Banking) API.
///
/// The way there: `keygen` makes a key, `register` an application with it, `connect` asks a bank's customer for their
/// consent, and `accounts`, `balances` and `transactions` read what the consent covers. With `--sandbox`, every command
/// works on a pretend bank on this machine, and nothing has to be set up.
#[derive(Debug, Parser)]
#[command(name = "tilisy", version, after_long_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The profile of those who name none.
const DEFAULT_PROFILE: &str = "default";

/// What every command takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Which set of settings, keys and sessions to use.
    #[arg(long, global = true, env = "TILISY_PROFILE", default_value = DEFAULT_PROFILE, value_parser = profile_name)]
    pub(crate) profile: String,
    /// Use a pretend bank: the one that `tilisy sandbox` runs, or else one that lives as long as the command. Host,
    /// application and key are its own then.
    #[arg(long, global = true)]
    pub(crate) sandbox: bool,
    /// The host of the API: `enablebanking` (the service of today), `tilisy` (the host of its documentation), or a URL.
    #[arg(
        long,
        global = true,
        env = "TILISY_HOST",
        hide_env_values = true,
        value_name = "HOST",
        hide_short_help = true
    )]
    pub(crate) host: Option<String>,
    /// Whom tokens are for, where the host is a URL; its domain name if this is not given.
    #[arg(long, global = true, env = "TILISY_AUDIENCE", value_name = "NAME", hide_short_help = true)]
    pub(crate) audience: Option<String>,
    /// The application's id.
    #[arg(long, global = true, env = "TILISY_APPLICATION_ID", value_name = "UUID", hide_short_help = true)]
    pub(crate) application_id: Option<String>,
    /// The file of the application's private key. (The variable TILISY_PRIVATE_KEY can hold the key itself.)
    #[arg(long, global = true, env = "TILISY_PRIVATE_KEY_FILE", value_name = "FILE", hide_short_help = true)]
    pub(crate) key_file: Option<PathBuf>,
    /// Tell on stderr what is sent again, and twice, each call; never tokens, addresses of accounts, or answers.
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

impl Global {
    /// How to call this command again, for the same profile and the same side.
    pub(crate) fn command(&self) -> String {
        let mut command = "tilisy".to_owned();
        if self.profile != DEFAULT_PROFILE {
            command.push_str(&format!(" --profile {}", self.profile));
        }
        if self.sandbox {
            command.push_str(" --sandbox");
        }
        command
    }
}

/// Speaking for a PSU (the bank's customer) who is at the keyboard. Banks answer few calls a day without.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "A customer who is present")]
pub(crate) struct Psu {
    /// Your public IP address, as the bank would see it.
    #[arg(long, env = "TILISY_PSU_IP_ADDRESS", value_name = "ADDRESS")]
    pub(crate) psu_ip_address: Option<std::net::IpAddr>,
    /// What your browser calls itself.
    #[arg(long, env = "TILISY_PSU_USER_AGENT", value_name = "TEXT")]
    pub(crate) psu_user_agent: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
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
    Doctor(doctor::Arguments),
    Sandbox(sandbox::Arguments),
    Completions(generated::Completions),
    Man(generated::Man),
}

/// A profile's name is the name of a folder.
fn profile_name(text: &str) -> Result<String, &'static str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match text {
        _ if (1..=64).contains(&text.len()) && text.chars().all(fits) => Ok(text.to_owned()),
        _ => Err("1 to 64 letters, digits, `-` and `_` make the name of a profile"),
    }
}
