//! The visit of a PSU to the pages of a bank: login, one-time password, and the forms that carry them.

use std::fmt;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{Html, Response};

use crate::body::bytes;
use crate::data::banks::Bank;
use crate::data::users::User;
use crate::page::{Complaint, guarded, message};

/// The state of the PSU on the pages of a consent or a payment.
#[derive(Clone)]
pub(crate) struct Visit {
    /// The token that a form has to carry, so that no other page can send it.
    token: String,
    user: Option<Arc<User>>,
    /// True once the one-time password was right.
    is_known: bool,
    /// The number of wrong one-time passwords.
    failures: u32,
    /// True once a login was tried, with the credentials of the request or by the PSU.
    is_tried: bool,
}

/// The step at which a PSU is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Login,
    Otp,
    Decision,
}

impl Visit {
    /// Creates a visit that has not begun, with the token of its forms.
    pub(crate) fn new(token: String) -> Self {
        Self { token, user: None, is_known: false, failures: 0, is_tried: false }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn step(&self) -> Step {
        match (&self.user, self.is_known) {
            (None, _) => Step::Login,
            (Some(_), false) => Step::Otp,
            (Some(_), true) => Step::Decision,
        }
    }

    /// Returns the user who has logged in and confirmed it.
    pub(crate) fn user(&self) -> Option<&Arc<User>> {
        self.user.as_ref().filter(|_| self.is_known)
    }

    /// Returns whether the credentials of the request can still be used for the login.
    pub(crate) fn is_untried(&self) -> bool {
        self.user.is_none() && !self.is_tried
    }

    /// Returns the number of wrong one-time passwords.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    /// Logs a user of a PSU type in.
    pub(crate) fn log_in(&mut self, bank: &Bank, psu_type: &str, name: &str, password: &str) -> Result<(), Complaint> {
        self.is_tried = true;
        let user = bank.user(name.trim());
        let user = user.filter(|user| user.password == password.trim() && user.psu_type == psu_type);
        let wrong = Complaint::Fields("No user of this bank has this name and this password.");
        self.user = Some(user.ok_or(wrong)?);
        // Another user may have logged in before, on a page that was open twice: their confirmation is not this user's.
        self.is_known = false;
        Ok(())
    }

    /// Checks the one-time password of the user who has logged in.
    pub(crate) fn confirm(&mut self, otp: &str) -> Result<(), Complaint> {
        if self.user.as_ref().is_none_or(|user| user.otp != otp.trim()) {
            self.failures = self.failures.saturating_add(1);
            return Err(Complaint::Fields("The one-time password is wrong."));
        }
        self.is_known = true;
        Ok(())
    }
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit").field("step", &self.step()).field("failures", &self.failures).finish_non_exhaustive()
    }
}

/// A form that a PSU has sent.
pub(crate) struct Sent {
    fields: Vec<(String, String)>,
}

impl Sent {
    /// Reads a form, or returns the page that refuses it.
    pub(crate) async fn read(request: Request) -> Result<Self, Response> {
        let Ok(body) = bytes(request.into_body()).await else {
            let page = message("That was too much", "The form is larger than it can be.");
            return Err(guarded(StatusCode::UNPROCESSABLE_ENTITY, Html(page)));
        };
        Ok(Self { fields: form_urlencoded::parse(&body).into_owned().collect() })
    }

    /// Returns the page that refuses a form that did not come from the pages of this visit.
    pub(crate) fn refused(&self, visit: &Visit) -> Option<Response> {
        if self.field("token") == Some(visit.token()) {
            return None;
        }
        let text = "The form did not come from this page. Go back, load it again, and try once more.";
        Some(guarded(StatusCode::FORBIDDEN, Html(message("This form is not ours", text))))
    }

    /// Returns the first value of a field.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Returns whether a field, which may come more than once, has a value.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(other, own)| other == name && own == value)
    }

    /// Returns the name and the password of a login.
    pub(crate) fn login(&self) -> (&str, &str) {
        (self.field("username").unwrap_or_default(), self.field("password").unwrap_or_default())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]
mod tests {
    use super::*;

    #[test]
    fn a_visit_shows_neither_its_token_nor_its_user() {
        let shown = format!("{:?}", Visit::new("secret-token".to_owned()));
        assert_eq!(shown, "Visit { step: Login, failures: 0, .. }");
    }
}
