//! A rule of a bank that a payment breaks.

use std::error::Error;
use std::fmt;

/// A rule of a bank that a payment breaks, from
/// [`CreatePaymentRequest::check`](crate::types::CreatePaymentRequest::check).
///
/// Neither `Display` nor `Debug` shows a value of the payment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Violation {
    path: String,
    kind: ViolationKind,
}

impl Violation {
    pub(super) fn new(path: impl Into<String>, kind: ViolationKind) -> Self {
        Self { path: path.into(), kind }
    }

    /// Returns the path of the property, such as `payment_request.debtor_account`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the rule.
    #[must_use]
    pub const fn kind(&self) -> &ViolationKind {
        &self.kind
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: {}", self.path, self.kind)
    }
}

impl Error for Violation {}

/// A rule of a bank about a property of a payment.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ViolationKind {
    /// The bank requires the property.
    Missing,
    /// The bank does not support the property.
    NotSupported,
    /// The bank does not support the property together with another one.
    NotTogether {
        /// The other property.
        with: &'static str,
    },
    /// The rules are about another payment type or another kind of PSU.
    OtherRules,
    /// The value is not among the values that the bank allows.
    NotAllowed {
        /// The allowed values that this version knows. There may be more.
        allowed: Vec<String>,
    },
    /// The list has more elements than the bank allows.
    TooMany {
        /// The largest number of elements.
        max: usize,
    },
    /// The text has fewer characters than the bank requires.
    TooShort {
        /// The smallest number of characters.
        min: usize,
    },
    /// The text has more characters than the bank allows.
    TooLong {
        /// The largest number of characters.
        max: usize,
    },
    /// The text does not match the bank's regular expression.
    Pattern,
    /// The amount is not greater than zero.
    NotPositive,
    /// The day is in the past.
    InThePast,
    /// The day is too far ahead.
    TooLate {
        /// The largest number of days from today.
        max_days: u64,
    },
}

impl fmt::Display for ViolationKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => formatter.write_str("the bank requires it"),
            Self::NotSupported => formatter.write_str("the bank does not support it (leave it out)"),
            Self::NotTogether { with } => write!(formatter, "the bank does not support it together with `{with}`"),
            Self::OtherRules => formatter.write_str("the rules are for another payment type or kind of PSU"),
            Self::NotAllowed { allowed } if allowed.is_empty() => {
                formatter.write_str("the bank does not allow this value")
            }
            Self::NotAllowed { allowed } => {
                write!(formatter, "the bank does not allow this value (allowed: {})", allowed.join(", "))
            }
            Self::TooMany { max } => write!(formatter, "the bank allows at most {max}"),
            Self::TooShort { min } => write!(formatter, "it is too short (at least {min} characters)"),
            Self::TooLong { max } => write!(formatter, "it is too long (at most {max} characters)"),
            Self::Pattern => formatter.write_str("it does not match the regular expression of the bank"),
            Self::NotPositive => formatter.write_str("the amount is not greater than zero"),
            Self::InThePast => formatter.write_str("the day is in the past"),
            Self::TooLate { max_days } => write!(formatter, "the day is too far ahead (at most {max_days} days)"),
        }
    }
}
