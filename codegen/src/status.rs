//! Statuses of responses, and those of success.

use std::fmt;

/// The status of a response.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Status {
    /// One status.
    Code(u16),
    /// All statuses with this first digit, such as `4XX`.
    Range(u16),
    /// Every status that is not listed.
    Default,
}

impl Status {
    /// Parses the key of a response. Returns `None` for a key that OpenAPI does not know.
    pub fn parse(key: &str) -> Option<Self> {
        match key.as_bytes() {
            b"default" => Some(Self::Default),
            [first @ b'1'..=b'5', b'X', b'X'] => Some(Self::Range(u16::from(first - b'0'))),
            [b'1'..=b'5', rest @ ..] if rest.len() == 2 => key.parse().ok().map(Self::Code),
            _ => None,
        }
    }

    /// Returns whether it is a success.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }

    /// Returns whether it is an error.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Code(400..=599) | Self::Range(4 | 5))
    }

    /// Returns whether it is an interim response or a redirect, which are neither successes nor errors.
    fn is_between(self) -> bool {
        matches!(self, Self::Code(100..=199 | 300..=399) | Self::Range(1 | 3))
    }

    /// The first and the last status that it stands for; `None` for the default.
    pub fn bounds(self) -> Option<(u16, u16)> {
        match self {
            Self::Code(code) => Some((code, code)),
            Self::Range(digit) => Some((digit * 100, digit * 100 + 99)),
            Self::Default => None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(digit) => write!(f, "{digit}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The responses of an operation that are its success.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Success {
    /// Those with a status of success.
    Listed,
    /// The default, because no status of success is listed.
    Default,
    /// Redirects or interim responses, because no other status is listed. Their bodies are not decoded.
    Between,
    /// Any status from 200 to 299, without a body, because at most errors are listed.
    Undescribed,
}

impl Success {
    /// Decides by the statuses that an operation describes.
    pub fn of(statuses: impl Iterator<Item = Status> + Clone) -> Self {
        if statuses.clone().any(Status::is_success) {
            Self::Listed
        } else if statuses.clone().any(|status| status == Status::Default) {
            Self::Default
        } else if statuses.clone().any(Status::is_between) {
            Self::Between
        } else {
            Self::Undescribed
        }
    }

    /// Returns whether the response with this status is among them.
    pub fn includes(self, status: Status) -> bool {
        match self {
            Self::Listed => status.is_success(),
            Self::Default => status == Status::Default,
            Self::Between => status.is_between(),
            Self::Undescribed => false,
        }
    }

    /// Returns whether the body of the response with this status is decoded.
    pub fn decodes(self, status: Status) -> bool {
        self != Self::Between && self.includes(status)
    }
}

/// Decides by the keys of `responses` which of them are decoded.
pub(crate) fn decoded<'a>(keys: impl Iterator<Item = &'a str> + Clone) -> impl Fn(&str) -> bool {
    let success = Success::of(keys.filter_map(Status::parse));
    move |key| Status::parse(key).is_some_and(|status| success.decodes(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_a_success_only_if_no_other_is_listed() {
        for (keys, expected) in [
            (&["404", "default", "201"][..], &["201"][..]),
            (&["2XX", "404"], &["2XX"]),
            (&["404", "default", "302"], &["default"]),
            (&["302", "101", "404"], &[]),
            (&["404"], &[]),
            (&[], &[]),
        ] {
            let is_decoded = decoded(keys.iter().copied());
            let found: Vec<_> = keys.iter().copied().filter(|key| is_decoded(key)).collect();
            assert_eq!(found, expected);
        }
    }
}
