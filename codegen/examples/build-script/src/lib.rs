//! Lists the accounts at a bank, with a client that the build script generates.

/// The generated client.
#[allow(clippy::all, missing_docs, unused, reason = "not every item is called, nor described in the document")]
pub mod api {
    include!(concat!(env!("OUT_DIR"), "/api/mod.rs"));

    use openbanking_client_runtime::error::BuildError;
    use openbanking_client_runtime::transport::{self, Options};

    impl Client {
        /// Creates a client of the API at a base URL.
        ///
        /// # Errors
        ///
        /// Returns an error if the URL is neither https nor one of this machine.
        pub fn new(base_url: &str, context: openbanking_client_runtime::context::Context) -> Result<Self, BuildError> {
            Ok(Self::from_parts(transport::build(base_url, &Options::default())?, context))
        }
    }
}

/// Returns the IBANs of all accounts.
///
/// # Errors
///
/// Returns an error if the call fails.
pub async fn ibans(client: &api::Client) -> Result<Vec<String>, api::Error> {
    let accounts = client.accounts().await?;
    Ok(accounts.into_iter().map(|account| account.iban).collect())
}
