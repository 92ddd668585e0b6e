//! Registering an application: another host than the API's, and another token.
//!
//! The control panel at [`SERVER`] takes the token of a person who is signed in there, not the application's own.

#[rustfmt::skip]
#[allow(clippy::all, unused, reason = "the output of another printer, with items that only some clients use")]
mod generated;

pub use self::generated::{API_VERSION, Client, Error, SERVER, operations, types};
use crate::{BuildError, client};

/// The `User-Agent` of every request.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

impl Client {
    /// A client of the control panel at `base_url`, usually [`SERVER`], for whoever `token` belongs to.
    ///
    /// # Errors
    ///
    /// A base URL that is not https (plain http is for this machine only), or a token that no header can hold.
    pub fn with_token(base_url: &str, token: &str) -> Result<Self, BuildError> {
        let (transport, context) = client::with_token::<()>(base_url, token, USER_AGENT)?;
        Ok(Self::from_parts(transport, context))
    }
}
