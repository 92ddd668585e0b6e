//! Clients of the API: what their constructors do, and the macro that adds these constructors to a generated client.

mod builder;
mod transactions;
mod types;

use openbanking_client_runtime::context::{BearerToken, Context};
use openbanking_client_runtime::error::{BuildError, ErrorBody};
use openbanking_client_runtime::transport::{self, Options, Transport};

use crate::credentials::Signer;
use crate::{ApiHost, Credentials};

/// Creates the parts of a client that signs its own tokens.
///
/// # Errors
///
/// Returns an error if the host, an option or the user agent is not usable. It shows none of these values.
pub fn build<E: ErrorBody + 'static>(
    credentials: Credentials,
    host: &ApiHost,
    options: &Options,
    user_agent: &str,
) -> Result<(Transport, Context), BuildError> {
    let transport = transport::build(host.base_url(), options)?;
    let signer = Signer::new(credentials, host.audience()).map_err(|error| BuildError::new(error.to_string()))?;
    let context = Context::new().with_authorize(signer).with_user_agent(user_agent)?;
    Ok((transport, context.judged_by::<E>()))
}

/// Creates the parts of a client that sends a token made elsewhere.
///
/// # Errors
///
/// Returns an error if the base URL is not https, or if the token contains characters that are not allowed in a header.
pub fn with_token<E: ErrorBody + 'static>(
    base_url: &str,
    token: &str,
    user_agent: &str,
) -> Result<(Transport, Context), BuildError> {
    let token = BearerToken::new(token).map_err(|error| BuildError::new(error.to_string()))?;
    let context = Context::new().with_authorize(token).with_user_agent(user_agent)?;
    Ok((transport::build(base_url, &Options::default())?, context.judged_by::<E>()))
}

/// Creates the parts of a client without credentials.
///
/// # Errors
///
/// Returns an error if the base URL is not https.
pub(crate) fn without_token<E: ErrorBody + 'static>(
    base_url: &str,
    user_agent: &str,
) -> Result<(Transport, Context), BuildError> {
    let context = Context::new().with_user_agent(user_agent)?;
    Ok((transport::build(base_url, &Options::default())?, context.judged_by::<E>()))
}

/// Adds to a generated client crate what both editions of the API share.
///
/// It is called once, at the root of the crate, where `Client`, `Error`, `operations` and `types` are in scope:
///
/// ```text
/// enablebanking_core::client! {
///     crate "enablebanking_client",
///     host EnableBanking at "https://api.enablebanking.com",
///     account types::AccountUid,
///     other hashes identification_hashes,
///     filters {
///         date_from: chrono::NaiveDate,
///         date_to: chrono::NaiveDate,
///     },
/// }
/// ```
///
/// - `crate`: the name of the crate, for the examples in its documentation.
/// - `host`: the host that a builder starts with, and its URL.
/// - `account`: the type of `account_id` in paths. An example value is `account.into()` of a UUID.
/// - `other hashes`: the field of an account with all of its identification hashes, if the edition has one.
/// - `filters`: the query parameters of a list of transactions, without the continuation key.
#[macro_export]
macro_rules! client {
    (
        crate $name:literal,
        host $host:ident at $url:literal,
        account $account:ty,
        $(other hashes $hashes:ident,)?
        filters { $($filter:ident: $type:ty),+ $(,)? } $(,)?
    ) => {
        /// The `User-Agent` of every request.
        const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

        $crate::__client_builder!($name, $host, $url);
        $crate::__client_types!($name, $account, $($hashes)?);
        $crate::__client_transactions!($name, $account, $($filter: $type),+);
    };
}
