//! Failures and hints for the errors of the client.

use std::time::Duration;

use enablebanking_client::consent::RedirectError;
use enablebanking_client::{
    BuildError, CredentialsError, CredentialsErrorKind, Error, ErrorClass, ErrorKind, registration,
};

use super::said::{said, said_in};
use super::{Exit, Failure};
use crate::hints;
use crate::text::{excerpt, wait};

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = exit(&error);
        let mut failure = Self::new(exit, error.to_string()).because(&error);
        if let Some(said) = said(&error) {
            failure.text.push_str(&format!(" (the service says: {said})"));
        }
        let hint = by_code(&error).or_else(|| is_inactive(&error).then(hints::activation));
        let hint = hint.or_else(|| by_exit(exit, &error));
        let mut failure = hint.into_iter().fold(failure, Self::hint);
        if is_inactive(&error) && error.api().is_none() {
            failure = failure.hint(NOT_THE_API);
        }
        if error.outcome_is_unknown() {
            return failure.hint("the request may have been processed: check before you repeat it");
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
            // Without a code, and not retried: the request may have been processed.
            ErrorKind::Api if error.status().is_some_and(|status| status >= 500) => Exit::Unavailable,
            ErrorKind::Api => Exit::Refused,
            _ => Exit::Other,
        },
    }
}

/// Returns the hint for a code of the service.
pub(super) fn by_code(error: &Error) -> Option<String> {
    let hint = match error.code()?.as_str() {
        "ACCESS_DENIED" => {
            return Some(format!(
                "the application has no access to account information: see its services in the control panel, {}",
                hints::ADDRESS
            ));
        }
        "ACCOUNT_DOES_NOT_EXIST" => "`tilisy accounts` lists the accounts",
        "ASPSP_PSU_ACTION_REQUIRED" => {
            "the bank requires an action of you: log in there and do what it asks, then renew the consent with \
             `tilisy connect BANK --country CC`"
        }
        "DATE_FROM_IN_FUTURE" => "give an earlier `--from`",
        "NO_ACCOUNTS_ADDED" => {
            let linking = hints::linking();
            return Some(format!(
                "no account was shared: {linking}; if they are linked, select them on the bank's page"
            ));
        }
        "PSU_HEADER_INVALID" => "fix `--psu-ip-address` or `--psu-user-agent`, or leave both out",
        "PSU_HEADER_NOT_PROVIDED" => {
            "this bank requires more headers of a PSU who is present: pass `--psu-ip-address` (your public IP address) \
             and `--psu-user-agent` (the user agent of your browser), or neither"
        }
        "REDIRECT_URI_NOT_ALLOWED" => {
            "the redirect address must be registered for the application, letter for letter: `tilisy app` lists the \
             registered ones, `--redirect-url` chooses one"
        }
        "UNAUTHORIZED_IP" => {
            return Some(format!(
                "the application does not accept requests from this machine's address: see the control panel, {}",
                hints::ADDRESS
            ));
        }
        "WRONG_ASPSP_PROVIDED" => "`tilisy banks` lists the banks",
        "WRONG_TRANSACTIONS_PERIOD" => "the bank does not go that far back: give a later `--from` (90 days is usual)",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// Hint for a response that is not from the API.
const NOT_THE_API: &str = "the response may not be from the API: check `--host`, and any proxies in between";

fn by_exit(exit: Exit, error: &Error) -> Option<String> {
    Some(match exit {
        Exit::Auth => "`tilisy doctor` checks key, application, and clock".to_owned(),
        Exit::Consent => "renew the consent: `tilisy connect BANK --country CC`".to_owned(),
        Exit::Wait => waiting(error.retry_after()),
        Exit::Unavailable if error.class() == ErrorClass::Bank => {
            "the bank failed, not the service: try again in a few minutes, or hours".to_owned()
        }
        Exit::Unavailable if error.kind() == ErrorKind::NotSent => {
            "check the network and `--host`; no request was sent".to_owned()
        }
        Exit::Unavailable => "try again in a minute".to_owned(),
        Exit::Refused => "fix what the service refuses, and try again".to_owned(),
        Exit::Incomplete => "the pages of the bank do not end: ask for fewer days, or try again later".to_owned(),
        Exit::Other if error.kind() == ErrorKind::Unexpected => NOT_THE_API.to_owned(),
        _ => return None,
    })
}

fn waiting(asked: Option<Duration>) -> String {
    let until = asked.map_or_else(|| "a few hours".to_owned(), wait);
    format!(
        "wait {until}; banks allow few requests a day unless a PSU is present: pass `--psu-ip-address` and \
         `--psu-user-agent` while you are at the keyboard"
    )
}

impl From<registration::Error> for Failure {
    fn from(error: registration::Error) -> Self {
        let (exit, hint) = match error.status() {
            Some(401 | 403) => (
                Exit::Auth,
                "the token must be that of a person who is signed in to the control panel, not one of `tilisy token`, and \
                 it expires soon: sign in again",
            ),
            Some(400..=499) => (Exit::Refused, "the control panel refuses one of the values: check them"),
            Some(500..) => (Exit::Unavailable, "try again in a minute"),
            _ if error.kind() == ErrorKind::NotSent => {
                (Exit::Unavailable, "check the network and `--control-panel`; no request was sent")
            }
            _ => {
                (Exit::Other, "the application may have been registered: check the control panel before you repeat it")
            }
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
                failure.hint("`tilisy keygen` creates a suitable key")
            }
            _ => failure,
        }
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        Self::new(Exit::Setup, error.to_string()).hint("check `--host`, or `host` in the profile")
    }
}

impl From<RedirectError> for Failure {
    fn from(error: RedirectError) -> Self {
        let said = error.denial().and_then(|denial| denial.description()).map(excerpt);
        let text = match (error.denial().is_some(), said) {
            (true, Some(said)) => format!("no consent was given (the bank says: {said})"),
            (true, None) => "no consent was given: the bank does not say why".to_owned(),
            (false, _) => return Self::new(Exit::Consent, error.to_string()).hint("connect again"),
        };
        Self::new(Exit::Consent, text)
            .hint("the reason may be a denial, a wrong password, or accounts without access: connect again")
    }
}
