//! What is asked of every page, and the one way out where the service does not take it.

use std::collections::VecDeque;

use chrono::NaiveDate;
use openbanking_client_runtime::error::Error as CallError;
use openbanking_client_runtime::request::RequestExtra;
use uuid::Uuid;

use crate::operations::{ACCOUNT_TRANSACTIONS, AccountTransactions};
use crate::types::{ErrorCode, HalTransactions, TransactionStatus};
use crate::{BadRow, Client, Error};

/// A request for transactions that outlives the borrow of its client.
#[derive(Clone)]
pub(super) struct Query {
    client: Client,
    account_id: Uuid,
    /// The key that the caller begins with.
    first_key: Option<String>,
    date_from: Option<NaiveDate>,
    date_to: Option<NaiveDate>,
    transaction_status: Option<TransactionStatus>,
    /// Query parameters and headers that the API description does not list, which every page repeats.
    extra: RequestExtra,
}

impl Query {
    pub(super) fn new(request: AccountTransactions<'_>) -> Self {
        let AccountTransactions {
            client_: client,
            account_id,
            continuation_key,
            date_from,
            date_to,
            transaction_status,
            extra_: extra,
        } = request;
        let client = client.clone();
        Self { client, account_id, first_key: continuation_key, date_from, date_to, transaction_status, extra }
    }

    pub(super) fn has_psu(&self) -> bool {
        self.client.has_psu()
    }

    pub(super) fn first_key(&mut self) -> Option<String> {
        self.first_key.take()
    }

    /// Asks for the page behind a key, or for the first one.
    ///
    /// Some banks have the service refuse the very filters that it demands to be repeated; to these the key alone is
    /// sent once more, and from then on.
    pub(super) async fn page(mut self, key: Option<String>) -> (Self, Result<Page, Error>) {
        let mut answer = self.send(key.as_deref()).await;
        if key.is_some() && self.has_filters() && answer.as_ref().is_err_and(refuses_filters) {
            let bare = Self { date_from: None, date_to: None, transaction_status: None, ..self.clone() };
            answer = bare.send(key.as_deref()).await;
            if answer.is_ok() {
                self = bare;
            }
        }
        (self, answer)
    }

    fn has_filters(&self) -> bool {
        self.date_from.is_some() || self.date_to.is_some() || self.transaction_status.is_some()
    }

    async fn send(&self, key: Option<&str>) -> Result<Page, Error> {
        let mut request = self.client.account_transactions(&self.account_id);
        request.continuation_key = key.map(str::to_owned);
        request.date_from = self.date_from;
        request.date_to = self.date_to;
        request.transaction_status.clone_from(&self.transaction_status);
        request.extra_ = self.extra.clone();
        let answer = request.with_meta().await?;
        // Kept for as long as a page may repeat this one.
        let json = if answer.value().continuation_key.is_some() { answer.body().to_vec() } else { Vec::new() };
        let error = |row: &BadRow| {
            let error = CallError::bad_row(row.clone(), &ACCOUNT_TRANSACTIONS, answer.meta());
            (row.position(), error.into())
        };
        let bad = answer.bad_rows().iter().map(error).collect();
        Ok(Page { bad, body: answer.into_value(), json })
    }
}

/// A page, with an error for each row that could not be read.
pub(super) struct Page {
    pub(super) body: HalTransactions,
    /// The body as it was received.
    pub(super) json: Vec<u8>,
    /// By how many good rows come before it.
    pub(super) bad: VecDeque<(usize, Error)>,
}

/// Status 422 with `WRONG_REQUEST_PARAMETERS`, about what a continuation key holds.
fn refuses_filters(error: &Error) -> bool {
    error.status() == Some(422)
        && error.code() == Some(&ErrorCode::WrongRequestParameters)
        && error.message().is_some_and(|message| message.to_ascii_lowercase().contains("continuation"))
}
