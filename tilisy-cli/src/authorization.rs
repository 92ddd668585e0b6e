//! The way to the page of a bank and back.

mod validity;

use std::io::{BufRead as _, IsTerminal as _, stdin};

use enablebanking_client::consent::{AuthorizationCode, Redirect, RedirectError, State};

pub(crate) use self::validity::{listed_limit, stated_limit};
use crate::callback::{Arrival, Callback};
use crate::failure::{Exit, Failure};
use crate::message::{say, warn};
use crate::progress::Progress;

/// Opens a browser. Its failure is not an error, because the link is printed too. A browser within the terminal runs until
/// the user leaves it, and is not waited for.
pub(crate) fn open_browser(link: String) {
    tokio::task::spawn_blocking(move || {
        if webbrowser::open(&link).is_err() {
            say("(no browser could be started: open the link yourself, on this machine)");
        }
    });
}

/// Waits until a browser comes back with this state.
pub(crate) async fn caught(callback: Callback, state: State) -> Result<AuthorizationCode, Failure> {
    let progress = Progress::waiting("waiting for the browser");
    let result = callback.wait(progress, move |query| arrival(Redirect::parse(query, &state))).await?;
    Ok(result?)
}

fn arrival(result: Result<AuthorizationCode, RedirectError>) -> Arrival<Result<AuthorizationCode, RedirectError>> {
    match result {
        Ok(code) => Arrival {
            result: Ok(Ok(code)),
            title: "Thank you",
            text: "You can close this window and go back to the terminal.",
        },
        Err(error @ RedirectError::Denied(_)) => Arrival {
            result: Ok(Err(error)),
            title: "No consent",
            text: "Nothing was shared. You can close this window.",
        },
        Err(error) => Arrival {
            result: Err(error.to_string()),
            title: "Not this one",
            text: "This address does not belong to the consent that the terminal waits for.",
        },
    }
}

/// Reads the address that a browser ended up at, because this command cannot listen there.
pub(crate) async fn pasted(state: State) -> Result<AuthorizationCode, Failure> {
    let read = tokio::task::spawn_blocking(move || {
        if stdin().is_terminal() {
            say("afterwards, paste the whole address of the page that the browser ends up at:");
        }
        loop {
            let mut line = String::new();
            match stdin().lock().read_line(&mut line) {
                Ok(0) | Err(_) => {
                    return Err(Failure::new(Exit::Consent, "no consent was given: stdin contains no address").hint(
                        "the redirect address is not on this machine: paste the address that the browser ends up at",
                    ));
                }
                Ok(_) if line.trim().is_empty() => {}
                Ok(_) => match Redirect::parse(&line, &state) {
                    Ok(code) => return Ok(code),
                    Err(error @ RedirectError::Denied(_)) => return Err(error.into()),
                    Err(error) => warn(&format!("{error}: paste the whole address, from https:// to its end")),
                },
            }
        }
    });
    read.await.unwrap_or_else(|_| Err(Failure::new(Exit::Other, "stdin cannot be read")))
}
