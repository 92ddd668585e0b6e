//! One table of all outcomes of a request: may it have been processed, may it be repeated, and what class of error it is.
//!
//! The retry loop and the predicates of [`Error`](crate::error::Error) read the same table, so that they cannot disagree.

use crate::operation::Operation;

/// The stage at which a call failed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be built. It was not sent.
    NotBuilt,
    /// No connection was made. The request was not sent.
    NotSent,
    /// The response was interrupted or never started. The request may have been processed.
    NoWholeAnswer,
    /// The service responded with an error status, or with an error under a status of success.
    Api,
    /// The response does not match the API description.
    Unexpected,
    /// One element of a list does not match the API description. The elements before and after it are available.
    BadRow,
    /// The key of the next page was seen before, so that paging would never end.
    RepeatedPage,
    /// There are more pages, or more empty pages in a row, than allowed.
    TooManyPages,
}

/// The remedy that an error calls for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The application's own credentials are not accepted: key, token, clock or registration.
    Auth,
    /// The consent or session has ended. The PSU has to authorize again.
    Consent,
    /// There were too many requests. Wait before the next one.
    RateLimit,
    /// A temporary fault. The same request may succeed a little later.
    Transient,
    /// The bank behind the service failed. It may work again later, but it is unknown when.
    Bank,
    /// The request is wrong. The same request will fail again.
    Request,
    /// None of the other classes.
    Other,
}

/// The outcome of one request, or of the last one of a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// The request was not built.
    NotBuilt,
    /// No connection was made. `passing` if the next attempt may succeed.
    NotSent { passing: bool },
    /// The response was interrupted or never started.
    Interrupted,
    /// The response has an error status, with the class that its body stands for, if that is known.
    Refused { status: u16, class: Option<ErrorClass>, says_when: bool },
    /// A complete response that is not an error status: a success, a redirect, or an error under a status of success.
    Complete,
    /// Nothing was sent for this: an element of a list, or the paging itself, is wrong.
    Local,
}

/// The consequences of an [`Outcome`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Verdict {
    /// Set if the service may have processed the request.
    pub(crate) maybe_processed: bool,
    pub(crate) repeat: Repeat,
    pub(crate) class: ErrorClass,
}

/// The operations whose request may be sent again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Repeat {
    Never,
    /// Those for which two requests have the effect of one.
    IfSafe,
    /// All but those that send something which can be used only once.
    IfReusable,
    Always,
}

/// The effect of sending a request of an operation twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Safety {
    /// Two requests have the effect of one.
    Safe,
    /// A second request may do something a second time.
    Unsafe,
    /// The request contains something that can be used only once.
    SingleUse,
}

impl Safety {
    pub(crate) fn of(operation: &Operation) -> Self {
        match operation {
            Operation { single_use: true, .. } => Self::SingleUse,
            _ if operation.is_repeatable() => Self::Safe,
            _ => Self::Unsafe,
        }
    }
}

impl Repeat {
    pub(crate) fn allows(self, safety: Safety) -> bool {
        match self {
            Self::Never => false,
            Self::IfSafe => safety == Safety::Safe,
            Self::IfReusable => safety != Safety::SingleUse,
            Self::Always => true,
        }
    }
}

impl Outcome {
    /// Looks up the outcome in the table.
    ///
    /// 408 and 503 count as "may have been processed": a 408 of these services means that the bank took too long, and
    /// gateways respond with 503 when the connection behind them breaks in the middle of a request. 429 is a refusal before
    /// processing, and is repeated only if the service says when: a daily quota is not restored within seconds.
    pub(crate) fn verdict(self) -> Verdict {
        use ErrorClass as Class;
        let (maybe_processed, repeat, class) = match self {
            Self::NotBuilt => (false, Repeat::Never, Class::Request),
            Self::NotSent { passing: true } => (false, Repeat::Always, Class::Transient),
            Self::NotSent { passing: false } => (false, Repeat::Never, Class::Other),
            Self::Interrupted => (true, Repeat::IfSafe, Class::Transient),
            Self::Complete => (true, Repeat::Never, Class::Other),
            Self::Local => (false, Repeat::Never, Class::Other),
            Self::Refused { status, class, says_when } => match class.unwrap_or_else(|| by_status(status)) {
                Class::RateLimit if says_when => (false, Repeat::IfReusable, Class::RateLimit),
                Class::RateLimit => (false, Repeat::Never, Class::RateLimit),
                Class::Transient => (true, Repeat::IfSafe, Class::Transient),
                class => (status >= 500 || status == 408, Repeat::Never, class),
            },
        };
        Verdict { maybe_processed, repeat, class }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns whether the request may have been processed, the safeties with which it may be repeated, and the class.
    fn row(outcome: Outcome) -> (bool, Vec<Safety>, ErrorClass) {
        let Verdict { maybe_processed, repeat, class } = outcome.verdict();
        let all = [Safety::Safe, Safety::Unsafe, Safety::SingleUse];
        (maybe_processed, all.into_iter().filter(|safety| repeat.allows(*safety)).collect(), class)
    }

    #[test]
    fn a_request_that_may_have_been_processed_is_repeated_only_if_that_is_safe() {
        use Safety::{Safe, SingleUse, Unsafe};
        let refused = |status, class, says_when| Outcome::Refused { status, class, says_when };
        for (outcome, maybe_processed, repeated, class) in [
            (Outcome::NotBuilt, false, vec![], ErrorClass::Request),
            (Outcome::NotSent { passing: true }, false, vec![Safe, Unsafe, SingleUse], ErrorClass::Transient),
            (Outcome::NotSent { passing: false }, false, vec![], ErrorClass::Other),
            (Outcome::Interrupted, true, vec![Safe], ErrorClass::Transient),
            (Outcome::Complete, true, vec![], ErrorClass::Other),
            (Outcome::Local, false, vec![], ErrorClass::Other),
            (refused(400, None, false), false, vec![], ErrorClass::Request),
            (refused(401, None, false), false, vec![], ErrorClass::Auth),
            (refused(401, Some(ErrorClass::Consent), false), false, vec![], ErrorClass::Consent),
            (refused(408, None, false), true, vec![Safe], ErrorClass::Transient),
            (refused(408, Some(ErrorClass::Bank), false), true, vec![], ErrorClass::Bank),
            (refused(422, None, true), false, vec![], ErrorClass::Request),
            (refused(422, Some(ErrorClass::Transient), false), true, vec![Safe], ErrorClass::Transient),
            (refused(429, None, true), false, vec![Safe, Unsafe], ErrorClass::RateLimit),
            (refused(429, None, false), false, vec![], ErrorClass::RateLimit),
            (refused(400, Some(ErrorClass::RateLimit), false), false, vec![], ErrorClass::RateLimit),
            (refused(500, None, true), true, vec![], ErrorClass::Other),
            (refused(500, Some(ErrorClass::Bank), false), true, vec![], ErrorClass::Bank),
            (refused(502, None, false), true, vec![Safe], ErrorClass::Transient),
            (refused(503, None, true), true, vec![Safe], ErrorClass::Transient),
            (refused(503, Some(ErrorClass::Request), false), true, vec![], ErrorClass::Request),
            (refused(504, None, false), true, vec![Safe], ErrorClass::Transient),
        ] {
            assert_eq!(row(outcome), (maybe_processed, repeated, class), "{outcome:?}");
        }
    }
}
