//! What an error means for the caller: by the service's own code first, then by the status.

use std::time::Duration;

use super::{Error, ErrorKind};
use crate::response::Meta;

/// What to do about an error.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The application's own authorization is not accepted: key, token, clock or registration.
    Auth,
    /// The consent or session is over: the PSU has to authorize again.
    Consent,
    /// Too many requests: wait.
    RateLimit,
    /// Something that passes: the same request may succeed a little later.
    Transient,
    /// The bank behind the service failed; it may work again later, and nobody knows when.
    Bank,
    /// The request is wrong, and stays wrong.
    Request,
    /// None of the others.
    Other,
}

/// What may be shown of the body of an error answer; the generator implements it for the error schema of a spec.
pub trait ErrorLabel {
    /// The service's error code, if it is one that the spec lists: those are no secret, and hold no data.
    fn label(&self) -> Option<&'static str>;

    /// Whether there is an error code at all, or what holds it: by that an error is known under a status of success.
    fn is_error(&self) -> bool {
        self.label().is_some()
    }
}

/// Where a spec has no error schema.
impl ErrorLabel for () {
    fn label(&self) -> Option<&'static str> {
        None
    }
}

/// Where a spec has no error schema, the status has to do.
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

/// What a service says of an error in the body of its answer.
pub trait ErrorBody {
    /// The service's own error codes.
    type Code;

    /// The code, if there is one.
    fn code(&self) -> Option<&Self::Code>;

    /// What the service says in words. It may name accounts or people.
    fn message(&self) -> Option<&str>;

    /// What to do about it, by the code first; nothing where the status has to decide alone.
    fn class(&self, status: u16) -> Option<ErrorClass>;
}

impl<E: ErrorBody> Error<E> {
    /// The service's own error code, if it gave one.
    #[must_use]
    pub fn code(&self) -> Option<&E::Code> {
        self.api()?.code()
    }

    /// What the service says in words. It may name accounts or people, so nothing else shows it.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.api()?.message()
    }

    /// What to do about it: the service's code decides, and where there is none the status.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self.kind() {
            ErrorKind::NotSent | ErrorKind::NoWholeAnswer if self.inner.report.passing => ErrorClass::Transient,
            ErrorKind::NotBuilt => ErrorClass::Request,
            ErrorKind::Api => {
                let status = self.status().unwrap_or_default();
                self.api().and_then(|body| body.class(status)).unwrap_or_else(|| by_status(status))
            }
            _ => ErrorClass::Other,
        }
    }

    /// Whether the same request can be sent again, without fear of doing something twice, and may then succeed.
    ///
    /// After [`retry_after`](Self::retry_after), where the service says so. What a POST did is not known when its answer
    /// does not arrive: then the answer is no.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match (self.kind(), self.class()) {
            (ErrorKind::NotSent, class) => class == ErrorClass::Transient,
            (ErrorKind::Api, ErrorClass::RateLimit) => true,
            (ErrorKind::NoWholeAnswer, _) | (ErrorKind::Api, ErrorClass::Transient) => self.inner.report.repeatable,
            _ => false,
        }
    }

    /// Whether the PSU has to authorize again: the session or consent is over, or its code is of no use.
    #[must_use]
    pub fn needs_new_consent(&self) -> bool {
        self.class() == ErrorClass::Consent
    }

    /// Whether there were too many requests.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.class() == ErrorClass::RateLimit
    }

    /// Whether the application's own authorization is not accepted: its key, its clock or its registration is wrong.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.class() == ErrorClass::Auth
    }
}

impl<E> Error<E> {
    /// How long the service asks to wait before the next request.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.meta().and_then(Meta::retry_after)
    }
}

fn by_status(status: u16) -> ErrorClass {
    match status {
        401 => ErrorClass::Auth,
        429 => ErrorClass::RateLimit,
        408 | 502..=504 => ErrorClass::Transient,
        400..=499 => ErrorClass::Request,
        _ => ErrorClass::Other,
    }
}
