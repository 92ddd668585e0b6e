//! The transactions of many accounts at once.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use uuid::Uuid;

use super::Transactions;
use crate::operations::AccountTransactions;
use crate::types::Transaction;
use crate::{Client, Error, ErrorKind};

/// How many accounts are read at the same time unless the caller says otherwise.
const CONCURRENCY: usize = 4;

type Change = Box<dyn for<'a> Fn(AccountTransactions<'a>) -> AccountTransactions<'a> + Send>;

impl Client {
    /// The transactions of many accounts, such as all of a session, several accounts at a time: a [`Stream`], or
    /// [`AccountsTransactions::next`].
    ///
    /// Those of one account come in their order, and of the accounts that are being read each gets its turn. An account
    /// that fails gives its error and nothing more; the others go on. A row that cannot be read
    /// ([`ErrorKind::BadRow`]) ends nothing.
    ///
    /// ```no_run
    /// # async fn example(
    /// #     client: &tilisy_client::Client,
    /// #     session: &tilisy_client::types::AuthorizeSessionResponse,
    /// #     day: tilisy_client::chrono::NaiveDate,
    /// # ) {
    /// let accounts = session.accounts.iter().filter_map(|account| account.uid);
    /// let mut rows = client.transactions_of(accounts).each(move |request| request.date_from(day));
    /// while let Some((account, row)) = rows.next().await {
    ///     match row {
    ///         Ok(row) => println!("{account} {:?}", row.signed_amount()),
    ///         Err(error) => println!("{account} {error}"),
    ///     }
    /// }
    /// # }
    /// ```
    #[doc(alias = "all accounts")]
    #[doc(alias = "batch")]
    pub fn transactions_of(&self, accounts: impl IntoIterator<Item = Uuid>) -> AccountsTransactions {
        AccountsTransactions {
            client: self.clone(),
            waiting: accounts.into_iter().collect(),
            open: VecDeque::new(),
            change: Box::new(|request| request),
            concurrency: CONCURRENCY,
        }
    }
}

/// The transactions of many accounts; from [`Client::transactions_of`].
#[must_use = "nothing is asked for until this is polled"]
pub struct AccountsTransactions {
    client: Client,
    waiting: VecDeque<Uuid>,
    /// The accounts that are being read; the first is the next to be looked at.
    open: VecDeque<(Uuid, Transactions)>,
    change: Change,
    concurrency: usize,
}

impl AccountsTransactions {
    /// How many accounts are read at the same time: 4 if this is not called, and 1 at the least.
    pub fn concurrency(mut self, accounts: usize) -> Self {
        self.concurrency = accounts.max(1);
        self
    }

    /// What is asked of each account, such as `|request| request.date_from(day)`.
    pub fn each(
        mut self,
        change: impl for<'a> Fn(AccountTransactions<'a>) -> AccountTransactions<'a> + Send + 'static,
    ) -> Self {
        self.change = Box::new(change);
        self
    }

    /// The next transaction of whichever account has one, or the error of an account; nothing after the last.
    pub async fn next(&mut self) -> Option<(Uuid, Result<Transaction, Error>)> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next account to be read.
    fn next_account(&mut self) -> Option<(Uuid, Transactions)> {
        let account = self.waiting.pop_front()?;
        let rows = (self.change)(self.client.account_transactions(&account)).stream();
        Some((account, rows))
    }
}

impl Stream for AccountsTransactions {
    type Item = (Uuid, Result<Transaction, Error>);

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
                    let goes_on = row.as_ref().err().is_none_or(|error| error.kind() == ErrorKind::BadRow);
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

impl fmt::Debug for AccountsTransactions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccountsTransactions")
            .field("waiting", &self.waiting.len())
            .field("open", &self.open.len())
            .finish_non_exhaustive()
    }
}
