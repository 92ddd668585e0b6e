#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod amounts;
mod builder;
pub mod consent;
mod credentials;
mod errors;
#[rustfmt::skip]
#[allow(clippy::all, unused, reason = "the output of another printer, with items that only some clients use")]
mod generated;
mod host;
mod parties;
mod psu;
pub mod registration;
mod transactions;

pub use chrono;
pub use openbanking_client_runtime::code::Unlisted;
pub use openbanking_client_runtime::error::{BuildError, ErrorBody, ErrorClass, ErrorKind};
pub use openbanking_client_runtime::extra::{Extra, ExtraError};
pub use openbanking_client_runtime::response::{BadRow, Meta, Pending, RateLimit, Response};
pub use openbanking_client_runtime::retry::Retry;
pub use rust_decimal;
pub use uuid;

pub use self::builder::ClientBuilder;
pub use self::credentials::{Clock, Credentials, CredentialsError, CredentialsErrorKind, Token};
pub use self::generated::{API_VERSION, Client, Error, SERVER, operations, types};
pub use self::host::ApiHost;
pub use self::psu::{GeoLocation, PsuHeaders, PsuHeadersError};
pub use self::transactions::{AccountsTransactions, TransactionPages, Transactions};
use openbanking_client_runtime::context::{BearerToken, Context};
use openbanking_client_runtime::transport::{self, Options};

/// The `User-Agent` of every request.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

impl Client {
    /// Begins a client that signs its tokens with `credentials`.
    ///
    /// ```no_run
    /// use tilisy_client::{Client, Credentials};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::builder(Credentials::from_env()?).build()?;
    /// let application = client.application().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(credentials: Credentials) -> ClientBuilder {
        ClientBuilder::new(credentials)
    }

    /// A clone of this client that sends every request once, whatever comes of it.
    ///
    /// ```no_run
    /// # async fn example(client: &tilisy_client::Client) -> Result<(), tilisy_client::Error> {
    /// let application = client.without_retries().application().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    #[doc(alias = "disable retry")]
    pub fn without_retries(&self) -> Self {
        self.with_context(self.context().clone().with_retry(Retry::OFF))
    }

    /// A client of the service at `base_url`, which is [`SERVER`] or another host with the same paths, that sends a
    /// token made elsewhere until the service refuses it.
    ///
    /// # Errors
    ///
    /// A base URL that is not https (plain http is for this machine only), or a token that no header can hold.
    pub fn with_token(base_url: &str, token: &str) -> Result<Self, BuildError> {
        connect(base_url, token).map(|(transport, context)| Self::from_parts(transport, context))
    }
}

fn connect(base_url: &str, token: &str) -> Result<(transport::Transport, Context), BuildError> {
    let token = BearerToken::new(token).map_err(|error| BuildError::new(error.to_string()))?;
    let context = Context::new().with_authorize(token).with_user_agent(USER_AGENT)?;
    let context = context.judged_by::<types::ErrorResponse>();
    Ok((transport::build(base_url, &Options::default())?, context))
}
