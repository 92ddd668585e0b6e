//! The way to a bank's page and back.

mod catcher;
mod pages;
mod validity;

pub(crate) use self::catcher::Catcher;
pub(crate) use self::validity::{listed_limit, reported_end, stated_limit};

use std::io::{BufRead as _, IsTerminal as _, stdin};

use tilisy_client::consent::{AuthorizationCode, Redirect, RedirectError, State};

use crate::failure::{Exit, Failure, say, warn};

/// Opens a browser, if there is one. The link is told in any case. A browser in the terminal goes on until it is left,
/// and is waited for by nobody.
pub(crate) fn open_browser(link: String) {
    tokio::task::spawn_blocking(move || {
        if webbrowser::open(&link).is_err() {
            say("(no browser could be started: open the link yourself, on this machine)");
        }
    });
}

/// Reads the address with which a browser came back to where this command cannot listen.
pub(crate) async fn pasted(state: State) -> Result<AuthorizationCode, Failure> {
    let read = tokio::task::spawn_blocking(move || {
        if stdin().is_terminal() {
            say("afterwards, paste the whole address of the page that the browser came back to:");
        }
        loop {
            let mut line = String::new();
            match stdin().lock().read_line(&mut line) {
                Ok(0) | Err(_) => {
                    return Err(Failure::new(Exit::Consent, "there is no consent: no address came on stdin").hint(
                        "the redirect address is not one of this machine: paste where the browser came back to",
                    ));
                }
                Ok(_) if line.trim().is_empty() => {}
                Ok(_) => match Redirect::parse(&line, &state) {
                    Ok(code) => return Ok(code),
                    Err(error @ RedirectError::Denied(_)) => return Err(error.into()),
                    Err(error) => warn(&format!("{error}: paste all of it, from https:// to its end")),
                },
            }
        }
    });
    read.await.unwrap_or_else(|_| Err(Failure::new(Exit::Other, "stdin cannot be read")))
}
