//! What the errors of the client mean for a person at a terminal.

use std::time::Duration;

use tilisy_client::consent::RedirectError;
use tilisy_client::types::ErrorCode;
use tilisy_client::{BuildError, CredentialsError, CredentialsErrorKind, Error, ErrorClass, ErrorKind, registration};

use super::{Exit, Failure};
use crate::text::{excerpt, wait};

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = exit(&error);
        let mut failure = Self::new(exit, error.to_string()).because(&error);
        if let Some(message) = error.message().map(excerpt).filter(|message| !message.is_empty()) {
            failure.text.push_str(&format!(" (the service says: {message})"));
        }
        let hint = by_code(&error).or_else(|| by_exit(exit, &error));
        let failure = hint.into_iter().fold(failure, Self::hint);
        if error.outcome_is_unknown() {
            return failure.hint("it may have been processed all the same: look before you do it again");
        }
        failure
    }
}

fn exit(error: &Error) -> Exit {
    match error.class() {
        ErrorClass::Auth => Exit::Auth,
        ErrorClass::Consent => Exit::Consent,
        ErrorClass::RateLimit => Exit::Wait,
        ErrorClass::Transient | ErrorClass::Bank => Exit::Unavailable,
        ErrorClass::Request => Exit::Refused,
        _ => match error.kind() {
            ErrorKind::NotSent | ErrorKind::NoWholeAnswer => Exit::Unavailable,
            ErrorKind::BadRow | ErrorKind::RepeatedPage | ErrorKind::TooManyPages => Exit::Incomplete,
            ErrorKind::Api => Exit::Refused,
            _ => Exit::Other,
        },
    }
}

/// What to do about some codes of the service.
fn by_code(error: &Error) -> Option<String> {
    let hint = match error.code()? {
        ErrorCode::PsuHeaderNotProvided => {
            "this bank answers only for a PSU who is there: pass `--psu-ip-address` (your public address) and \
             `--psu-user-agent` (what your browser calls itself)"
        }
        ErrorCode::WrongTransactionsPeriod => {
            "the bank does not tell that far back: give a later `--from` (90 days is usual)"
        }
        ErrorCode::RedirectUriNotAllowed => {
            "the redirect address has to be registered for the application, letter for letter: `tilisy app` lists \
             those that are, `--redirect-url` chooses one"
        }
        ErrorCode::WrongAspspProvided => "`tilisy banks` lists the banks there are",
        ErrorCode::NoAccountsAdded => "no account was shared: connect again, and choose accounts at the bank",
        ErrorCode::AccountDoesNotExist => "`tilisy accounts` lists the accounts there are",
        code if code.as_str() == "DATE_FROM_IN_FUTURE" => "give an earlier `--from`",
        code if code.as_str() == "PSU_HEADER_INVALID" => {
            "mend `--psu-ip-address` or `--psu-user-agent`, or leave both out"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

fn by_exit(exit: Exit, error: &Error) -> Option<String> {
    Some(match exit {
        Exit::Auth => "`tilisy doctor` checks key, application, and clock".to_owned(),
        Exit::Consent => "renew the consent: `tilisy connect BANK --country CC`".to_owned(),
        Exit::Wait => waiting(error.retry_after()),
        Exit::Unavailable if error.class() == ErrorClass::Bank => {
            "the bank failed, not the service: try again in some minutes, or hours".to_owned()
        }
        Exit::Unavailable if error.kind() == ErrorKind::NotSent => {
            "look at the network and at `--host`; nothing was sent".to_owned()
        }
        Exit::Unavailable => "try again in a minute".to_owned(),
        Exit::Refused => "mend what the service objects to, and ask again".to_owned(),
        Exit::Incomplete => "the bank's pages do not come to an end: ask for fewer days, or try again later".to_owned(),
        Exit::Other if error.kind() == ErrorKind::Unexpected => {
            "what answered may not be the API: look at `--host`, and at proxies between".to_owned()
        }
        _ => return None,
    })
}

fn waiting(asked: Option<Duration>) -> String {
    let until = asked.map_or_else(|| "some hours".to_owned(), wait);
    format!(
        "wait {until}; a bank answers few calls a day while its customer is away, and more with `--psu-ip-address` and \
         `--psu-user-agent` when you are at the keyboard"
    )
}

impl From<registration::Error> for Failure {
    fn from(error: registration::Error) -> Self {
        let (exit, hint) = match error.status() {
            Some(401 | 403) => (
                Exit::Auth,
                "the token is that of a person who is signed in to the control panel, not one of `tilisy token`, and \
                 does not last long: sign in again",
            ),
            Some(400..=499) => (Exit::Refused, "the control panel refuses one of the values: look at them"),
            Some(500..) => (Exit::Unavailable, "try again in a minute"),
            _ if error.kind() == ErrorKind::NotSent => {
                (Exit::Unavailable, "look at the network and at `--control-panel`; nothing was sent")
            }
            _ => (
                Exit::Other,
                "the application may be registered all the same: look in the control panel before you do it again",
            ),
        };
        Self::new(exit, error.to_string()).because(&error).hint(hint)
    }
}

impl From<CredentialsError> for Failure {
    fn from(error: CredentialsError) -> Self {
        let failure = Self::new(Exit::Setup, error.to_string());
        match error.kind() {
            CredentialsErrorKind::ApplicationId => {
                failure.hint("the application id is the one that `tilisy register` or the control panel gave")
            }
            kind if error.is_private_key() && kind != CredentialsErrorKind::Encrypted => {
                failure.hint("`tilisy keygen` makes a key that will do")
            }
            _ => failure,
        }
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        Self::new(Exit::Setup, error.to_string()).hint("look at `--host`, or at `host` in the profile")
    }
}

impl From<RedirectError> for Failure {
    fn from(error: RedirectError) -> Self {
        let said = error.denial().and_then(|denial| denial.description()).map(excerpt);
        let text = match (error.denial().is_some(), said) {
            (true, Some(said)) => format!("there is no consent (the bank says: {said})"),
            (true, None) => "there is no consent: it was denied, and nobody says why".to_owned(),
            (false, _) => return Self::new(Exit::Consent, error.to_string()).hint("connect again"),
        };
        Self::new(Exit::Consent, text)
            .hint("that may be a denial, a wrong password, or accounts without access: connect again")
    }
}
