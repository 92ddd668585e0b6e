//! The transactions of many accounts at once.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use openbanking_client_runtime::error::{ClientError as _, ErrorKind};

use super::{ListTransactions, Query, Transactions};

/// The default number of accounts that are read at the same time.
const CONCURRENCY: usize = 4;

type Start<C> = Box<dyn Fn(&C, &<C as ListTransactions>::AccountId) -> Query<C> + Send>;

type Item<C> =
    (<C as ListTransactions>::AccountId, Result<<C as ListTransactions>::Transaction, <C as ListTransactions>::Error>);

/// Returns the transactions of many accounts, for the macro.
#[doc(hidden)]
pub fn transactions_of<C: ListTransactions>(
    client: &C,
    accounts: impl IntoIterator<Item = C::AccountId>,
) -> AccountsTransactions<C> {
    AccountsTransactions {
        client: client.clone(),
        waiting: accounts.into_iter().collect(),
        open: VecDeque::new(),
        start: Box::new(|client, account| C::query(client.request(account))),
        concurrency: CONCURRENCY,
    }
}

/// The transactions of many accounts; from the method `transactions_of` of a client.
#[must_use = "nothing is requested until this is polled"]
pub struct AccountsTransactions<C: ListTransactions> {
    client: C,
    waiting: VecDeque<C::AccountId>,
    /// The accounts that are being read; the first is the next to be looked at.
    open: VecDeque<(C::AccountId, Transactions<C>)>,
    /// Creates the request for an account.
    start: Start<C>,
    concurrency: usize,
}

impl<C: ListTransactions> AccountsTransactions<C> {
    /// Sets how many accounts are read at the same time, at least 1. The default is 4.
    pub fn concurrency(mut self, accounts: usize) -> Self {
        self.concurrency = accounts.max(1);
        self
    }

    /// Sets how the request for an account is created.
    #[doc(hidden)]
    pub fn each(mut self, start: impl Fn(&C, &C::AccountId) -> Query<C> + Send + 'static) -> Self {
        self.start = Box::new(start);
        self
    }

    /// Returns the next transaction of an account, or the error of an account, and `None` after the last.
    pub async fn next(&mut self) -> Option<Item<C>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next account to be read.
    fn next_account(&mut self) -> Option<(C::AccountId, Transactions<C>)> {
        let account = self.waiting.pop_front()?;
        let rows = Transactions::new((self.start)(&self.client, &account));
        Some((account, rows))
    }
}

impl<C: ListTransactions> Stream for AccountsTransactions<C> {
    type Item = Item<C>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while self.open.len() < self.concurrency
            && let Some(next) = self.next_account()
        {
            self.open.push_back(next);
        }
        let mut pending = 0;
        while pending < self.open.len() {
            let Some((account, mut rows)) = self.open.pop_front() else { break };
            match Pin::new(&mut rows).poll_next(context) {
                Poll::Pending => {
                    pending += 1;
                    self.open.push_back((account, rows));
                }
                // To the front: those at the back have been looked at.
                Poll::Ready(None) => {
                    let next = self.next_account();
                    next.into_iter().for_each(|next| self.open.push_front(next));
                }
                Poll::Ready(Some(row)) => {
                    let goes_on = row.as_ref().err().is_none_or(|error| error.as_call().kind() == ErrorKind::BadRow);
                    if goes_on {
                        self.open.push_back((account, rows));
                    }
                    return Poll::Ready(Some((account, row)));
                }
            }
        }
        if self.open.is_empty() { Poll::Ready(None) } else { Poll::Pending }
    }
}

impl<C: ListTransactions> fmt::Debug for AccountsTransactions<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccountsTransactions")
            .field("waiting", &self.waiting.len())
            .field("open", &self.open.len())
            .finish_non_exhaustive()
    }
}
