//! `tilisy login`: signs in to the control panel.

use std::io::{BufRead as _, IsTerminal as _, stdin};
use std::net::TcpListener;
use std::time::Duration;

use clap::Args;
use enablebanking_client::consent::State;
use enablebanking_client::control_panel::types::SignInLinkRequest;

use crate::authorization::open_browser;
use crate::callback::{Arrival, Callback};
use crate::disk::Lock;
use crate::environment::{Backend, Environment, newest_mail};
use crate::failure::{Exit, Failure};
use crate::message::say;
use crate::options::Global;
use crate::panel;
use crate::progress::Progress;
use crate::steps;
use crate::stored::Login;
use crate::text::{clean, wait};

/// Sign in to the control panel of the service, by a link in a mail.
///
/// Without an account yet, the first sign-in creates one. Open the link on this machine. The tokens are stored in a file
/// that only you can read, renewed when necessary, and removed by `tilisy logout`. They are for `tilisy register` only: banks
/// are read with the key of the application.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Your mail address.
    #[arg(required_unless_present = "token", value_parser = address)]
    email: Option<String>,
    /// Ask for a token of the control panel instead of sending a mail. It is read from TILISY_REGISTRATION_TOKEN, or from
    /// the terminal without being shown, and cannot be renewed.
    #[arg(long, conflicts_with_all = ["email", "paste"])]
    token: bool,
    /// Read the address that the browser ends up at from stdin, for a browser on another machine.
    #[arg(long)]
    paste: bool,
    /// The time to wait for the link, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// The URL of the control panel's API, with its path [default: that of the service].
    #[arg(long, value_name = "URL", hide_short_help = true)]
    control_panel: Option<String>,
}

fn address(text: &str) -> Result<String, &'static str> {
    let is_address = text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    let has_odd = text.len() > 254 || text.contains(|c: char| c.is_whitespace() || c.is_control());
    if is_address && !has_odd { Ok(text.to_owned()) } else { Err("a mail address looks like name@example.com") }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let environment = Environment::open(global).await?;
    // A file of a later version is reported before a mail is sent.
    Login::read(&environment.directories)?;
    let base = panel::base(&environment, arguments.control_panel.as_deref());
    let login = match &arguments.email {
        Some(email) => by_mail(&environment, &arguments, &base, email).await?,
        None => Login::new(&base, None, panel::token()?, None),
    };
    {
        let _lock = Lock::of(&environment.directories).await?;
        login.write(&environment.directories)?;
    }
    say("signed in to the control panel");
    environment.say_what_stays();
    steps::say_next(&environment);
    Ok(())
}

async fn by_mail(environment: &Environment, arguments: &Arguments, base: &str, email: &str) -> Result<Login, Failure> {
    let cannot =
        |error: &dyn std::error::Error| Failure::new(Exit::Other, format!("cannot listen for the browser: {error}"));
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| cannot(&error))?;
    let address = listener.local_addr().map_err(|error| cannot(&error))?;
    // A path that other pages cannot guess.
    let path = format!("/{}", State::generate().map_err(|error| cannot(&error))?.as_str());
    let request = SignInLinkRequest::to_program(email, format!("http://{address}{path}"));
    panel::client(base)?.send_sign_in_link(&request).await.map_err(|error| panel::explained(&error))?;
    match simulated_mail(environment, email).await {
        Some(link) => {
            say(&format!("the mail of the sandbox has this link: {}", clean(&link)));
            if let Backend::Own(_) = environment.backend {
                open_browser(link);
            }
        }
        None => say("a mail with a link was sent: open the link on this machine"),
    }
    let patience = Duration::from_secs(arguments.timeout);
    let code = async {
        if arguments.paste {
            return pasted().await;
        }
        let progress = Progress::waiting("waiting for the link to be opened");
        Callback::on(listener, &path).wait(progress, arrival).await
    };
    let code = tokio::time::timeout(patience, code).await.map_err(|_| {
        let text = format!("the link was not opened on this machine within {}", wait(patience));
        Failure::new(Exit::Auth, text)
            .hint("run the command again; `--timeout` waits longer, and `--paste` is for a browser on another machine")
    })??;
    panel::sign_in(base, email, &code).await
}

/// Returns the link of the mail that a sandbox simulates.
async fn simulated_mail(environment: &Environment, email: &str) -> Option<String> {
    match &environment.backend {
        Backend::Service => None,
        Backend::Own(own) => own.sandbox.login_link(email),
        Backend::Running(record) => newest_mail(record, email).await,
    }
}

fn arrival(query: &str) -> Arrival<String> {
    match code(query) {
        Some(code) => Arrival {
            result: Ok(code),
            title: "Signed in",
            text: "You can close this window and go back to the terminal.",
        },
        None => Arrival {
            result: Err("its address has no code".to_owned()),
            title: "Not this one",
            text: "This address does not belong to the sign-in that the terminal waits for.",
        },
    }
}

/// Returns the code in the query of an address.
fn code(query: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let code = pairs.find(|(name, _)| name == "oobCode").map(|(_, code)| code.into_owned());
    code.filter(|code| !code.is_empty())
}

/// Reads the address that the browser ended up at.
async fn pasted() -> Result<String, Failure> {
    let read = tokio::task::spawn_blocking(|| {
        if stdin().is_terminal() {
            say("open the link, and paste the whole address of the page that the browser ends up at:");
        }
        for line in stdin().lock().lines() {
            let line = line.unwrap_or_default();
            let query = line.trim().split_once('?').map_or("", |(_, query)| query);
            match code(query.split('#').next().unwrap_or_default()) {
                Some(code) => return Ok(code),
                None if line.trim().is_empty() => {}
                None => say("(this address has no `oobCode`: paste all of it, from http:// to its end)"),
            }
        }
        Err(Failure::new(Exit::Auth, "not signed in: there is no address on stdin")
            .hint("paste the address that the browser ends up at after the link was opened"))
    });
    read.await.unwrap_or_else(|_| Err(Failure::new(Exit::Other, "stdin cannot be read")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_from_the_addresses_of_links() {
        for (query, expected) in [
            ("oobCode=abc", Some("abc")),
            ("mode=signIn&oobCode=a%2Bb%3D&apiKey=x", Some("a+b=")),
            ("oobCode=", None),
            ("oobcode=abc", None),
            ("", None),
        ] {
            assert_eq!(code(query).as_deref(), expected, "{query}");
        }
    }

    #[test]
    fn mail_addresses_are_checked() {
        for text in ["a@b", "first.last+tag@example.com"] {
            assert!(address(text).is_ok(), "{text}");
        }
        for text in ["", "a", "@b", "a@", "a b@c", "a@b\n", "a@\u{7}"] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
