//! Transactions page by page and one by one.
//!
//! [`operations::AccountTransactions`](crate::operations::AccountTransactions) awaited gives one page; its
//! [`pages`](crate::operations::AccountTransactions::pages) and
//! [`stream`](crate::operations::AccountTransactions::stream) give them all.

mod many;
mod pages;
mod query;

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

pub use self::many::AccountsTransactions;
pub use self::pages::TransactionPages;
use self::query::{Page, Query};
use crate::operations::AccountTransactions;
use crate::types::Transaction;
use crate::{Client, Error};

impl AccountTransactions<'_> {
    /// All pages, one after another: a [`Stream`], or [`TransactionPages::try_next`].
    ///
    /// Every request repeats the filters that are set here, as the service demands, with the key of the page before. The
    /// last page is the one whose key is null, missing or empty; an empty page is not, so after one of those the next is
    /// asked for a little later.
    ///
    /// # Errors
    ///
    /// Those of [`Client::account_transactions`]; a page that leads back to one that was read before
    /// ([`ErrorKind::RepeatedPage`](crate::ErrorKind::RepeatedPage)), which is not given out; more pages than allowed
    /// ([`ErrorKind::TooManyPages`](crate::ErrorKind::TooManyPages)). After a page
    /// come the errors of its rows that could not be decoded ([`ErrorKind::BadRow`](crate::ErrorKind::BadRow)), one each,
    /// and then the next page. Any other error ends the stream: the client has already repeated the request as often as
    /// banks allow for one page. To continue later, start with the key of the last page
    /// ([`continuation_key`](crate::operations::AccountTransactions::continuation_key)).
    ///
    /// ```no_run
    /// # async fn example(client: &tilisy_client::Client, account: &uuid::Uuid) -> Result<(), tilisy_client::Error> {
    /// let mut pages = client.account_transactions(account).pages();
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("{} transactions", page.transactions.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "pagination")]
    #[doc(alias = "cursor")]
    #[doc(alias = "paging")]
    #[doc(alias = "next page")]
    pub fn pages(self) -> TransactionPages {
        TransactionPages::new(Query::new(self))
    }

    /// All transactions of all [`pages`](Self::pages), one after another: a [`Stream`], or [`Transactions::try_next`].
    ///
    /// # Errors
    ///
    /// Those of [`pages`](Self::pages); a row that could not be read is an error in its place, and the others are given
    /// out.
    ///
    /// ```no_run
    /// # async fn example(client: &tilisy_client::Client, account: &uuid::Uuid) -> Result<(), tilisy_client::Error> {
    /// let mut rows = client.account_transactions(account).stream().limit(1_000);
    /// while let Some(row) = rows.try_next().await? {
    ///     println!("{:?} {:?}", row.booking_date, row.signed_amount());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "since")]
    #[doc(alias = "history")]
    #[doc(alias = "download")]
    #[doc(alias = "iterator")]
    #[doc(alias = "sync")]
    pub fn stream(self) -> Transactions {
        Transactions { pages: self.pages(), rows: VecDeque::new(), bad: VecDeque::new(), given: 0, left: usize::MAX }
    }
}

/// All transactions of an account, as they are asked for; from
/// [`stream`](crate::operations::AccountTransactions::stream).
#[must_use = "nothing is asked for until this is polled"]
pub struct Transactions {
    pages: TransactionPages,
    rows: VecDeque<Transaction>,
    /// Rows that could not be read, by how many of the others come first.
    bad: VecDeque<(usize, Error)>,
    /// How many rows of the page were given out.
    given: usize,
    left: usize,
}

impl Transactions {
    /// Stops after this many transactions, and asks for no page beyond them.
    #[doc(alias = "take")]
    pub fn limit(mut self, transactions: usize) -> Self {
        self.left = transactions;
        self
    }

    /// Allows this many pages: 10,000 if it is not called. More are an error, never a silent end.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// Whether the next page is asked for while the caller works on this one; see
    /// [`TransactionPages::look_ahead`]. It is never asked for where the [`limit`](Self::limit) lies before it.
    pub fn look_ahead(mut self, looks_ahead: bool) -> Self {
        self.pages = self.pages.look_ahead(looks_ahead);
        self
    }

    /// The next transaction, or nothing after the last.
    ///
    /// # Errors
    ///
    /// Those of [`pages`](crate::operations::AccountTransactions::pages).
    pub async fn try_next(&mut self) -> Result<Option<Transaction>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl Stream for Transactions {
    type Item = Result<Transaction, Error>;

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
                Some(Ok(Page { body, bad, .. })) => {
                    (self.rows, self.bad, self.given) = (body.transactions.into(), bad, 0);
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

impl fmt::Debug for Transactions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Transactions").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

const _: fn() = || {
    fn is_shareable<T: Clone + Send + Sync>() {}
    fn is_movable<T: Send + Unpin>() {}
    is_shareable::<Client>();
    is_movable::<Transactions>();
    is_movable::<TransactionPages>();
    is_movable::<AccountsTransactions>();
};
