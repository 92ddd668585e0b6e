//! The requests for the pages of an account.

use std::collections::VecDeque;

use openbanking_client_runtime::context::Operation;
use openbanking_client_runtime::error::{ClientError, Error as CallError, ErrorBody, ErrorLabel};
use openbanking_client_runtime::request::RequestExtra;
use openbanking_client_runtime::response::{BadRow, Pending, Response};
use serde::de::DeserializeOwned;

/// The operation that lists an account's transactions page by page, in one edition of the API.
///
/// It is implemented for the client of each edition. The readers of this module need no more of a client.
pub trait ListTransactions: Clone + Send + Sync + Unpin + Sized + 'static {
    /// The id of an account.
    type AccountId: Copy + Send + Sync + Unpin + 'static;
    /// The request for a page.
    type Request<'a>;
    /// The query parameters that every page repeats.
    type Filters: Clone + Default + PartialEq + Send + Sync + Unpin + 'static;
    /// The body of a page.
    type Page: DeserializeOwned + Send + Sync + Unpin + 'static;
    /// An element of a page.
    type Transaction: PartialEq + Send + Sync + Unpin + 'static;
    /// The body of an error response.
    type ErrorBody: ErrorBody + ErrorLabel + Send + Sync + Unpin + 'static;
    /// The error of a call.
    type Error: ClientError<Body = Self::ErrorBody> + Send + Sync + Unpin + 'static;

    /// The operation.
    #[doc(hidden)]
    const OPERATION: &'static Operation;

    /// Returns whether the client sends PSU headers.
    #[doc(hidden)]
    fn is_attended(&self) -> bool;

    /// Creates the request for the first page of an account.
    #[doc(hidden)]
    fn request<'a>(&'a self, account: &Self::AccountId) -> Self::Request<'a>;

    /// Takes a request apart.
    #[doc(hidden)]
    fn query(request: Self::Request<'_>) -> Query<Self>;

    /// Sends the request for the page behind a key, or for the first page.
    #[doc(hidden)]
    fn fetch<'a>(query: &'a Query<Self>, key: Option<&str>) -> Pending<'a, Response<Self::Page>, Self::Error>;

    /// Returns the key of the page after this one.
    #[doc(hidden)]
    fn continuation_key(page: &Self::Page) -> Option<&str>;

    /// Returns the transactions of a page.
    #[doc(hidden)]
    fn transactions(page: &mut Self::Page) -> &mut Vec<Self::Transaction>;
}

/// A request for transactions that does not borrow its client.
#[doc(hidden)]
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "it is not visible")]
pub struct Query<C: ListTransactions> {
    pub client: C,
    pub account_id: C::AccountId,
    /// The key of the first page to be read.
    pub continuation_key: Option<String>,
    pub filters: C::Filters,
    /// Query parameters and headers that the API description does not list. Every page repeats them.
    pub extra: RequestExtra,
}

impl<C: ListTransactions> Query<C> {
    /// Requests the page behind a key, or the first one.
    ///
    /// At some banks the service refuses the filters that it demands to be repeated. They get the key alone, in one more
    /// request and in all later ones.
    pub(super) async fn page(mut self, key: Option<String>) -> (Self, Result<Page<C>, C::Error>) {
        let mut result = self.send(key.as_deref()).await;
        let has_filters = self.filters != C::Filters::default();
        if key.is_some() && has_filters && result.as_ref().is_err_and(refuses_filters) {
            let bare = Self { filters: C::Filters::default(), ..self.clone() };
            result = bare.send(key.as_deref()).await;
            if result.is_ok() {
                self = bare;
            }
        }
        (self, result)
    }

    async fn send(&self, key: Option<&str>) -> Result<Page<C>, C::Error> {
        let response = C::fetch(self, key).await?;
        // Kept for as long as a page may repeat this one.
        let has_next = C::continuation_key(response.value()).is_some();
        let json = if has_next { response.body().to_vec() } else { Vec::new() };
        let error = |row: &BadRow| {
            let error = CallError::bad_row(row.clone(), C::OPERATION, response.meta());
            (row.position(), error.into())
        };
        let bad = response.bad_rows().iter().map(error).collect();
        Ok(Page { bad, body: response.into_value(), json })
    }
}

/// A page, with an error for each transaction that could not be decoded.
pub(super) struct Page<C: ListTransactions> {
    pub(super) body: C::Page,
    /// The body as it was received.
    pub(super) json: Vec<u8>,
    /// Each error with the number of good transactions before it.
    pub(super) bad: VecDeque<(usize, C::Error)>,
}

/// Returns whether an error is about parameters that differ from those of a continuation key.
fn refuses_filters<E: ClientError<Body: ErrorBody + ErrorLabel>>(error: &E) -> bool {
    let error = error.as_call();
    let code = error.api().and_then(ErrorLabel::label);
    error.status() == Some(422)
        && code == Some("WRONG_REQUEST_PARAMETERS")
        && error.message().is_some_and(|message| message.to_ascii_lowercase().contains("continuation"))
}
