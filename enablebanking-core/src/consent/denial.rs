//! An authorization that ended without a code.

use std::fmt;

use openbanking_client_runtime::code::Unlisted;

/// The reason why an authorization ended without a code, from the redirect.
///
/// Neither `Display` nor `Debug` shows the description or a code that is not listed: banks can write any text there.
#[derive(Clone, Eq, PartialEq)]
#[doc(alias = "cancelled")]
#[doc(alias = "rejected")]
pub struct Denial {
    code: DenialCode,
    description: Option<String>,
}

impl Denial {
    pub(super) fn new(code: &str, description: Option<String>) -> Self {
        Self { code: code.into(), description }
    }

    /// Returns the parameter `error`.
    #[must_use]
    pub const fn code(&self) -> &DenialCode {
        &self.code
    }

    /// Returns the parameter `error_description`, such as `Cancelled by user`. It is text of the bank, and anyone can write
    /// a link with any text: escape it where it is shown.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Returns whether access was denied. The PSU may not have wanted that: banks also say it after a wrong password or for
    /// accounts without access, with the reason in the [`description`](Self::description).
    #[must_use]
    #[doc(alias = "user cancelled")]
    pub fn is_access_denied(&self) -> bool {
        self.code == DenialCode::AccessDenied
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            DenialCode::Unknown(_) => formatter.write_str("the authorization was refused for an unlisted reason"),
            code => write!(formatter, "the authorization was refused: `{code}`"),
        }
    }
}

impl fmt::Debug for Denial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Denial").field("code", &self.code).finish_non_exhaustive()
    }
}

/// The reason for a [`Denial`]: those that OAuth 2.0 lists, of which the API documents `access_denied`.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum DenialCode {
    /// The PSU or the bank said no.
    AccessDenied,
    /// The request lacks something or does not fit together.
    InvalidRequest,
    /// The wanted access is not known.
    InvalidScope,
    /// The bank or the service failed.
    ServerError,
    /// The bank or the service cannot do it just now.
    TemporarilyUnavailable,
    /// The application may not ask for this.
    UnauthorizedClient,
    /// Codes are not given out.
    UnsupportedResponseType,
    /// A code that this version of the client does not list, kept as it was received.
    Unknown(Unlisted<Self>),
}

openbanking_client_runtime::open_code! {
    DenialCode, Unknown {
        AccessDenied => "access_denied",
        InvalidRequest => "invalid_request",
        InvalidScope => "invalid_scope",
        ServerError => "server_error",
        TemporarilyUnavailable => "temporarily_unavailable",
        UnauthorizedClient => "unauthorized_client",
        UnsupportedResponseType => "unsupported_response_type",
    }
}
