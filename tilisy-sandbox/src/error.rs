//! The errors of the library.

use std::net::SocketAddr;

/// The reason why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is in use, or is not one of this machine.
    #[error("cannot listen at {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the system.
        source: std::io::Error,
    },
    /// Everyone on the network could reach it.
    #[error(
        "{address} can be reached from other machines (a sandbox has no secrets, but call `.beyond_loopback()` if you mean it)"
    )]
    BeyondLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The address of links has another form.
    #[error(
        "the address of links must be http or https with a host, and without a path (such as http://localhost:8080)"
    )]
    Url,
    /// A redirect address has characters that no address has.
    #[error("cannot redirect to {url:?} (other characters than those of ASCII must be percent-encoded, spaces too)")]
    RedirectUrl {
        /// The address.
        url: String,
    },
    /// Webhooks cannot be sent to an origin.
    #[error(
        "webhooks cannot be sent to `{origin}` (it must be http and a loopback address, such as http://127.0.0.1:8080)"
    )]
    WebhookOrigin {
        /// The origin.
        origin: String,
    },
    /// No key could be made for the application.
    #[error("cannot make an RSA key")]
    Key,
}

/// A link leads to no consent that could be given or denied.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the link leads to no open consent or payment of this sandbox (links are used once)")]
pub struct NoConsent;

/// The reason why a consent cannot be approved as a user.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ApproveError {
    /// The link leads to no open consent.
    #[error("the link leads to no open consent or payment of this sandbox (links are used once)")]
    NoConsent,
    /// The bank has no such user.
    #[error("the bank has no user with this name among those of the PSU type that the consent is for")]
    UnknownUser,
    /// The user has no such account.
    #[error("an account is not among those of the user that the consent can cover")]
    UnknownAccount,
}

/// No scenario, or no quirk, has this name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no scenario or quirk has this name (the README of tilisy-sandbox lists them)")]
pub struct UnknownName;

/// The reason why a bank, a user, an account or a transaction cannot be added.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct AddError(pub(crate) &'static str);

/// The reason why a document of banks, users, accounts and transactions cannot be added.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct DataError(pub(crate) String);
