//! The address with which the PSU's browser comes back.

use std::error::Error;
use std::fmt;

use super::{Denial, State};

/// The return of a PSU's browser to the redirect address.
#[derive(Debug)]
#[doc(alias = "callback")]
#[doc(alias = "redirect url")]
pub enum Redirect {}

impl Redirect {
    /// Reads the code out of the address with which the browser came back: a whole URL, its path and query, or the
    /// query alone.
    ///
    /// The state is compared first. Codes and denials with another state are ignored.
    ///
    /// ```
    /// use enablebanking_client::consent::{Redirect, RedirectError, State};
    ///
    /// let state = State::from_stored("3a57e2d3-2e0c")?;
    /// let code = Redirect::parse("/back?state=3a57e2d3-2e0c&code=eyJhIjoxfQ%3D%3D", &state)?;
    /// assert_eq!(code.expose(), "eyJhIjoxfQ==");
    ///
    /// let denied = "error=access_denied&error_description=Cancelled+by+user&state=3a57e2d3-2e0c";
    /// match Redirect::parse(denied, &state) {
    ///     Err(RedirectError::Denied(denial)) => assert_eq!(denial.description(), Some("Cancelled by user")),
    ///     other => panic!("{other:?}"),
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the PSU or the bank refused, if the state is missing or differs, or if there is not exactly one
    /// code.
    pub fn parse(url_or_query: &str, state: &State) -> Result<AuthorizationCode, RedirectError> {
        let found = Parameters::of(url_or_query, state)?;
        match (found.code, found.error) {
            (Some(_), Some(_)) => Err(RedirectError::CodeAndError),
            (None, Some(error)) => Err(RedirectError::Denied(Denial::new(&error, found.description))),
            (None, None) => Err(RedirectError::MissingCode),
            // The replacement for bytes that are not UTF-8, and characters that codes do not contain.
            (Some(code), None) if code.contains(|c: char| c == '\u{fffd}' || c.is_control()) => {
                Err(RedirectError::UnreadableCode)
            }
            (Some(code), None) => Ok(AuthorizationCode(code)),
        }
    }

    /// Reads the outcome of a payment from the address to which the browser returned. It has no code: if the PSU
    /// authorized the payment, the redirect has the state only.
    ///
    /// This is not a proof that the payment was made. `GET /payments/{payment_id}` returns its status.
    ///
    /// ```
    /// use enablebanking_client::consent::{Redirect, State};
    ///
    /// let state = State::from_stored("3a57e2d3-2e0c")?;
    /// Redirect::parse_payment("/back?state=3a57e2d3-2e0c", &state)?;
    ///
    /// let denied = "error=access_denied&error_description=Cancelled+by+user&state=3a57e2d3-2e0c";
    /// let error = Redirect::parse_payment(denied, &state).unwrap_err();
    /// assert!(error.denial().is_some_and(|denial| denial.is_access_denied()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the PSU or the bank refused the payment, if the state is missing or differs, or if there is a
    /// `code`, which belongs to a consent.
    #[doc(alias = "payment callback")]
    pub fn parse_payment(url_or_query: &str, state: &State) -> Result<(), RedirectError> {
        let found = Parameters::of(url_or_query, state)?;
        match (found.code, found.error) {
            (Some(_), Some(_)) => Err(RedirectError::CodeAndError),
            (None, Some(error)) => Err(RedirectError::Denied(Denial::new(&error, found.description))),
            (Some(_), None) => Err(RedirectError::UnexpectedCode),
            (None, None) => Ok(()),
        }
    }

    /// Returns the state that came back, to look up the authorization that it belongs to.
    ///
    /// It is not verified: anyone can write such a URL. Compare it afterwards, with
    /// [`parse`](Self::parse) and the state that was stored for the PSU's own browser session.
    ///
    /// ```
    /// use enablebanking_client::consent::Redirect;
    ///
    /// assert_eq!(Redirect::unverified_state("/back?state=3a57e2d3-2e0c&code=a").as_deref(), Some("3a57e2d3-2e0c"));
    /// assert_eq!(Redirect::unverified_state("/back?code=a"), None);
    /// ```
    #[must_use]
    pub fn unverified_state(url_or_query: &str) -> Option<String> {
        Parameters::read(query(url_or_query.trim())).ok()?.state
    }
}

/// The query of a URL, of a path with a query, or of what is a query already.
fn query(text: &str) -> &str {
    let text = text.split_once('#').map_or(text, |(before, _)| before);
    let (before, after) = text.split_once('?').unwrap_or((text, ""));
    let is_address = before.starts_with('/') || has_scheme(before);
    // A query may hold a `?` of its own, but the name of its first parameter ends before.
    if is_address || !before.contains(['=', '&']) { after } else { text }
}

fn has_scheme(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else {
        return false;
    };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// The parameters of a redirect, each at most once. Empty ones count as absent.
#[derive(Default)]
struct Parameters {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

impl Parameters {
    /// Reads the parameters of a redirect that belongs to `state`.
    fn of(url_or_query: &str, state: &State) -> Result<Self, RedirectError> {
        let mut found = Self::read(query(url_or_query.trim()))?;
        match found.state.take() {
            None => Err(RedirectError::MissingState),
            Some(text) if state.matches(&text) => Ok(found),
            Some(_) => Err(RedirectError::WrongState),
        }
    }

    fn read(query: &str) -> Result<Self, RedirectError> {
        let (mut found, mut seen) = (Self::default(), Vec::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let (name, place) = match &*name {
                "code" => ("code", &mut found.code),
                "state" => ("state", &mut found.state),
                "error" => ("error", &mut found.error),
                "error_description" => ("error_description", &mut found.description),
                _ => continue,
            };
            if seen.contains(&name) {
                return Err(RedirectError::Repeated(name));
            }
            seen.push(name);
            *place = Some(value.into_owned()).filter(|value| !value.is_empty());
        }
        Ok(found)
    }
}

/// The code that `POST /sessions` exchanges for a session. It can be used once, within a short time. `Debug` does not show
/// it.
#[doc(alias = "code")]
#[doc(alias = "exchange")]
pub struct AuthorizationCode(String);

impl AuthorizationCode {
    /// Returns the code, percent-decoded.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<AuthorizationCode> for String {
    fn from(code: AuthorizationCode) -> Self {
        code.0
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AuthorizationCode([redacted])")
    }
}

/// An error about a redirect. It shows no text of the redirect.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RedirectError {
    /// The authorization was refused, and the state is right.
    Denied(Denial),
    /// The parameter `state` is missing, so that the redirect cannot be matched to an authorization.
    MissingState,
    /// The state differs: the redirect belongs to another authorization, or is forged.
    WrongState,
    /// There is neither a `code` nor an `error`.
    MissingCode,
    /// The code is not text.
    UnreadableCode,
    /// The redirect of a payment has a `code`, so that it belongs to a consent.
    UnexpectedCode,
    /// There are a `code` and an `error`.
    CodeAndError,
    /// This parameter occurs more than once.
    Repeated(&'static str),
}

impl RedirectError {
    /// Returns the answer of the service or the bank if the authorization was refused.
    #[must_use]
    pub const fn denial(&self) -> Option<&Denial> {
        match self {
            Self::Denied(denial) => Some(denial),
            _ => None,
        }
    }
}

impl fmt::Display for RedirectError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Denied(denial) => return denial.fmt(formatter),
            Self::MissingState => "the redirect has no `state`",
            Self::WrongState => "the redirect has another `state` (it belongs to another authorization, or is forged)",
            Self::MissingCode => "the redirect has neither `code` nor `error`",
            Self::UnreadableCode => "the `code` of the redirect is not readable text",
            Self::UnexpectedCode => "the redirect of a payment has a `code` (it belongs to a consent)",
            Self::CodeAndError => "the redirect has both `code` and `error`",
            Self::Repeated(name) => return write!(formatter, "the redirect has `{name}` more than once"),
        })
    }
}

impl Error for RedirectError {}

#[cfg(test)]
mod tests;
