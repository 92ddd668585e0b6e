//! Transactions page by page and one by one.
//!
//! A request of `account_transactions` returns one page when it is awaited. Its methods `pages` and `stream` return all
//! pages and all transactions.

mod many;
mod pages;
mod query;

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

pub use self::many::{AccountsTransactions, transactions_of};
pub use self::pages::TransactionPages;
use self::query::Page;
pub use self::query::{ListTransactions, Query};

/// Returns all pages of a request, for the macro.
#[doc(hidden)]
pub fn pages<C: ListTransactions>(request: C::Request<'_>) -> TransactionPages<C> {
    TransactionPages::new(C::query(request))
}

/// Returns all transactions of a request, for the macro.
#[doc(hidden)]
pub fn stream<C: ListTransactions>(request: C::Request<'_>) -> Transactions<C> {
    Transactions::new(C::query(request))
}

/// All transactions of an account, requested page by page; from `account_transactions(…).stream()`.
#[must_use = "nothing is requested until this is polled"]
pub struct Transactions<C: ListTransactions> {
    pages: TransactionPages<C>,
    rows: VecDeque<C::Transaction>,
    /// Transactions that could not be decoded, each with the number of good ones before it.
    bad: VecDeque<(usize, C::Error)>,
    /// The number of transactions of the page that were returned.
    given: usize,
    left: usize,
}

impl<C: ListTransactions> Transactions<C> {
    fn new(query: Query<C>) -> Self {
        let pages = TransactionPages::new(query);
        Self { pages, rows: VecDeque::new(), bad: VecDeque::new(), given: 0, left: usize::MAX }
    }

    /// Stops after this number of transactions, and requests no page beyond them.
    #[doc(alias = "take")]
    pub fn limit(mut self, transactions: usize) -> Self {
        self.left = transactions;
        self
    }

    /// Sets the largest number of pages. The default is 10,000. More pages are an error, never a silent end.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// Sets whether the next page is requested while the caller works on this one; see
    /// [`TransactionPages::look_ahead`]. A page beyond the [`limit`](Self::limit) is never requested.
    pub fn look_ahead(mut self, looks_ahead: bool) -> Self {
        self.pages = self.pages.look_ahead(looks_ahead);
        self
    }

    /// Returns the next transaction, and `None` after the last.
    ///
    /// # Errors
    ///
    /// Those of the method `pages` of the request.
    pub async fn try_next(&mut self) -> Result<Option<C::Transaction>, C::Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl<C: ListTransactions> Stream for Transactions<C> {
    type Item = Result<C::Transaction, C::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while self.left > 0 {
            if self.bad.front().is_some_and(|(before, _)| *before == self.given)
                && let Some((_, error)) = self.bad.pop_front()
            {
                return Poll::Ready(Some(Err(error)));
            }
            if let Some(row) = self.rows.pop_front() {
                self.left -= 1;
                self.given += 1;
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(Page { mut body, bad, .. })) => {
                    let rows = std::mem::take(C::transactions(&mut body));
                    (self.rows, self.bad, self.given) = (rows.into(), bad, 0);
                    if self.rows.len() < self.left {
                        self.pages.prefetch();
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => break,
            }
        }
        Poll::Ready(None)
    }
}

impl<C: ListTransactions> fmt::Debug for Transactions<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Transactions").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}
