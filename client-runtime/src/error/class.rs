//! The class of an error, by the service's own code first and then by the status.

use std::time::Duration;

use super::Error;
use crate::meta::Meta;
use crate::outcome::{ErrorClass, ErrorKind, Outcome};

/// The part of an error response that may be shown. It is generated for the error schema of an API description.
pub trait ErrorLabel {
    /// Returns the error code, if the API description lists it. Listed codes contain no data.
    fn label(&self) -> Option<&'static str>;

    /// Returns whether there is any error code, which shows that a response with a status of success is an error.
    fn is_error(&self) -> bool {
        self.label().is_some()
    }
}

/// For API descriptions without an error schema.
impl ErrorLabel for () {
    fn label(&self) -> Option<&'static str> {
        None
    }
}

/// For API descriptions without an error schema.
impl ErrorBody for () {
    type Code = ();

    fn code(&self) -> Option<&()> {
        None
    }

    fn message(&self) -> Option<&str> {
        None
    }

    fn class(&self, _: u16) -> Option<ErrorClass> {
        None
    }
}

/// The body of an error response.
pub trait ErrorBody {
    /// The type of the error codes.
    type Code;

    /// Returns the error code, if there is one.
    fn code(&self) -> Option<&Self::Code>;

    /// Returns the message. It may contain personal data.
    fn message(&self) -> Option<&str>;

    /// Returns what to do about the error, or `None` if only the status says so.
    fn class(&self, status: u16) -> Option<ErrorClass>;
}

impl<E: ErrorBody> Error<E> {
    /// Returns the service's own error code, if there is one.
    #[must_use]
    pub fn code(&self) -> Option<&E::Code> {
        self.api()?.code()
    }

    /// Returns the service's message. It may contain personal data, so `Display` and `Debug` do not show it.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.api()?.message()
    }

    /// Returns what to do about the error, by the service's own code if there is one, and otherwise by the status.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        let by_code = self.status().filter(|_| self.kind() == ErrorKind::Api);
        let by_code = by_code.and_then(|status| self.api()?.class(status));
        by_code.unwrap_or_else(|| self.outcome().verdict().class)
    }

    /// Returns whether the same request may be sent again without doing something twice, and may then succeed.
    ///
    /// Wait for [`retry_after`](Self::retry_after) first, if the service says so. It is `false` where the limits on attempts
    /// kept the client from sending the request again itself: banks count requests, and a loop around the client must not
    /// exceed these limits. It is also `false` if a rate limit is exceeded and the service does not say until when.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let report = &self.inner.report;
        self.outcome().verdict().repeat.allows(report.safety) && !report.exhausted
    }

    /// Returns the outcome with the class of the service's own code.
    fn outcome(&self) -> Outcome {
        match self.inner.report.outcome {
            Outcome::Refused { status, class: None, says_when } => {
                Outcome::Refused { status, class: self.api().and_then(|body| body.class(status)), says_when }
            }
            outcome => outcome,
        }
    }

    /// Returns whether the PSU has to authorize again, because the session, consent or code is not valid any more.
    #[must_use]
    pub fn needs_new_consent(&self) -> bool {
        self.class() == ErrorClass::Consent
    }

    /// Returns whether there were too many requests.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.class() == ErrorClass::RateLimit
    }

    /// Returns whether the application's own credentials are not accepted: key, token, clock or registration.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.class() == ErrorClass::Auth
    }
}

impl<E> Error<E> {
    /// Returns how long the service asks to wait before the next request.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.meta().and_then(Meta::retry_after)
    }
}
