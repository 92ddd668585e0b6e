//! What the errors of the client mean for a person at a terminal.

use std::time::Duration;

use tilisy_client::consent::RedirectError;
use tilisy_client::{BuildError, CredentialsError, CredentialsErrorKind, Error, ErrorClass, ErrorKind, registration};

use super::said::{said, said_in};
use super::{Exit, Failure};
use crate::panel;
use crate::text::{excerpt, wait};

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = exit(&error);
        let mut failure = Self::new(exit, error.to_string()).because(&error);
        if let Some(said) = said(&error) {
            failure.text.push_str(&format!(" (the service says: {said})"));
        }
        let hint = by_code(&error).or_else(|| is_inactive(&error).then(panel::activation));
        let hint = hint.or_else(|| by_exit(exit, &error));
        let mut failure = hint.into_iter().fold(failure, Self::hint);
        if is_inactive(&error) && error.api().is_none() {
            failure = failure.hint(NOT_THE_API);
        }
        if error.outcome_is_unknown() {
            return failure.hint("it may have been processed all the same: look before you do it again");
        }
        failure
    }
}

/// Returns whether the session of a call is over, or unknown to the service. A body without a code or a message is not
/// one of the service's: then its host may be another.
pub(crate) fn is_over(error: &Error) -> bool {
    let is_known = error.api().is_some_and(|api| api.error.is_some() || api.message.is_some());
    // A bank that requires an action of the PSU, or hides an account, does not end the session.
    let is_of_bank = error.code().is_some_and(|code| code.as_str().starts_with("ASPSP_"));
    error.needs_new_consent() && !is_of_bank || is_known && matches!(error.status(), Some(404 | 410))
}

/// Returns whether the application may not be active: the service refuses it with 403 and no code of its own.
fn is_inactive(error: &Error) -> bool {
    error.kind() == ErrorKind::Api
        && error.status() == Some(403)
        && error.class() == ErrorClass::Request
        && error.code().is_none_or(|code| !code.is_listed())
        && by_code(error).is_none()
}

fn exit(error: &Error) -> Exit {
    match error.class() {
        _ if is_inactive(error) => Exit::Auth,
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
pub(super) fn by_code(error: &Error) -> Option<String> {
    let hint = match error.code()?.as_str() {
        "ACCESS_DENIED" => {
            return Some(format!(
                "the application has no access to account information: see its services in the control panel, {}",
                panel::ADDRESS
            ));
        }
        "ACCOUNT_DOES_NOT_EXIST" => "`tilisy accounts` lists the accounts there are",
        "ASPSP_PSU_ACTION_REQUIRED" => {
            "the bank wants something of you: log in there and do what it asks, then renew the consent with \
             `tilisy connect BANK --country CC`"
        }
        "DATE_FROM_IN_FUTURE" => "give an earlier `--from`",
        "NO_ACCOUNTS_ADDED" => {
            let linking = panel::linking();
            return Some(format!(
                "no account was shared: {linking}; if they are linked, select them on the bank's page"
            ));
        }
        "PSU_HEADER_INVALID" => "fix `--psu-ip-address` or `--psu-user-agent`, or leave both out",
        "PSU_HEADER_NOT_PROVIDED" => {
            "this bank answers only for a PSU who is there: pass `--psu-ip-address` (your public address) and \
             `--psu-user-agent` (what your browser calls itself)"
        }
        "REDIRECT_URI_NOT_ALLOWED" => {
            "the redirect address has to be registered for the application, letter for letter: `tilisy app` lists \
             those that are, `--redirect-url` chooses one"
        }
        "UNAUTHORIZED_IP" => {
            return Some(format!(
                "the application does not accept requests from this machine's address: see the control panel, {}",
                panel::ADDRESS
            ));
        }
        "WRONG_ASPSP_PROVIDED" => "`tilisy banks` lists the banks there are",
        "WRONG_TRANSACTIONS_PERIOD" => "the bank does not go that far back: give a later `--from` (90 days is usual)",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// Hint for a response that is not from the API.
const NOT_THE_API: &str = "what answered may not be the API: look at `--host`, and at proxies between";

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
        Exit::Refused => "fix what the service objects to, and ask again".to_owned(),
        Exit::Incomplete => "the bank's pages do not come to an end: ask for fewer days, or try again later".to_owned(),
        Exit::Other if error.kind() == ErrorKind::Unexpected => NOT_THE_API.to_owned(),
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
        let mut failure = Self::new(exit, error.to_string()).because(&error);
        if let Some(said) = error.body().filter(|_| error.kind() == ErrorKind::Api).and_then(said_in) {
            failure.text.push_str(&format!(" (the service says: {said})"));
        }
        failure.hint(hint)
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
