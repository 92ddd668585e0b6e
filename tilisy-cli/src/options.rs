//! Options that several commands have.

use std::path::PathBuf;

use clap::{ArgAction, Args};
use enablebanking_client::chrono::NaiveDate;

/// The profile without `--profile`.
const DEFAULT_PROFILE: &str = "default";

/// The options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The set of settings, keys and sessions to use.
    #[arg(long, global = true, env = "TILISY_PROFILE", default_value = DEFAULT_PROFILE, value_parser = profile_name)]
    pub(crate) profile: String,
    /// Use simulated banks on this machine: those of a running `tilisy sandbox`, or else a sandbox that lasts as long as
    /// the command. It has its own application and key.
    #[arg(long, global = true)]
    pub(crate) sandbox: bool,
    /// The last day of the data of a sandbox that this command starts [default: today].
    #[arg(
        long,
        global = true,
        env = "TILISY_SANDBOX_NEWEST_DAY",
        hide_env_values = true,
        value_name = "YYYY-MM-DD",
        hide_short_help = true
    )]
    pub(crate) sandbox_newest_day: Option<NaiveDate>,
    /// The host of the API: `enablebanking` (the live service, the default), `tilisy` (its former host), or a URL.
    #[arg(
        long,
        global = true,
        env = "TILISY_HOST",
        hide_env_values = true,
        value_name = "HOST",
        hide_short_help = true
    )]
    pub(crate) host: Option<String>,
    /// The audience of tokens, if the host is a URL [default: its domain name].
    #[arg(long, global = true, env = "TILISY_AUDIENCE", value_name = "NAME", hide_short_help = true)]
    pub(crate) audience: Option<String>,
    /// The id of the application.
    #[arg(long, global = true, env = "TILISY_APPLICATION_ID", value_name = "UUID", hide_short_help = true)]
    pub(crate) application_id: Option<String>,
    /// The file of the application's private key. (The variable TILISY_PRIVATE_KEY can hold the key itself.)
    #[arg(long, global = true, env = "TILISY_PRIVATE_KEY_FILE", value_name = "FILE", hide_short_help = true)]
    pub(crate) key_file: Option<PathBuf>,
    /// Print no progress and no hints about the next step on stderr.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Log retries on stderr; given twice, log each call. Tokens, account numbers and responses are never logged.
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

impl Global {
    /// Returns the start of a command for the same profile and backend.
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

/// Headers of a PSU (the customer of the bank) who is present. Without them, banks allow few requests a day.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "A PSU who is present")]
pub(crate) struct Psu {
    /// Your public IP address.
    #[arg(long, env = "TILISY_PSU_IP_ADDRESS", value_name = "ADDRESS")]
    pub(crate) psu_ip_address: Option<std::net::IpAddr>,
    /// The user agent of your browser.
    #[arg(long, env = "TILISY_PSU_USER_AGENT", value_name = "TEXT")]
    pub(crate) psu_user_agent: Option<String>,
}

/// Checks the name of a profile, which is the name of a folder.
fn profile_name(text: &str) -> Result<String, &'static str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !(1..=64).contains(&text.len()) || !text.chars().all(fits) {
        return Err("the name of a profile has 1 to 64 letters, digits, `-` or `_`");
    }
    if is_device(text) {
        return Err("on Windows, this is the name of a device: choose another one");
    }
    Ok(text.to_owned())
}

/// Returns whether Windows takes the name of a folder for that of a device. Profiles can be moved between systems.
fn is_device(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let numbered = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    matches!(name.as_str(), "con" | "prn" | "aux" | "nul")
        || numbered.is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::profile_name;

    #[test]
    fn names_of_profiles_are_names_of_folders_everywhere() {
        for name in ["default", "A-1_b", "console", "com", "com10", "lptx"] {
            assert!(profile_name(name).is_ok(), "{name}");
        }
        for name in ["", "a b", "../x", "ä", "con", "NUL", "Com1", "lpt9", &"x".repeat(65)] {
            assert!(profile_name(name).is_err(), "{name}");
        }
    }
}
