//! Reads the transactions of an account as a sequence of events.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use enablebanking_client::types::{HalTransactions, Transaction};
use enablebanking_client::{Error, ErrorKind, TransactionPages};

/// A step in reading an account.
pub(super) enum Event {
    /// A page, without the transactions that cannot be decoded.
    Page {
        rows: Vec<Transaction>,
        /// The key of the next page.
        key: Option<String>,
        /// Set for the last page to read, because of its key or the limit.
        is_last: bool,
    },
    /// A transaction of the last page that cannot be decoded, and its place in the page.
    Unreadable(String),
    /// All events of the last page came before this one, and no other page has been waited for.
    PageEnd,
    /// The account was read.
    End,
    Failed(Error),
}

/// Reads pages until the account has no more, or the limit is reached.
pub(super) struct Reader {
    pages: Option<TransactionPages>,
    /// The number of transactions that may still be read.
    left: usize,
    /// The place in the last page from which transactions are beyond the limit.
    enough: Option<usize>,
    is_page_open: bool,
    is_last: bool,
    /// The result after the last page, which came with it.
    next: Option<Result<Option<HalTransactions>, Error>>,
}

impl Reader {
    pub(super) fn new(pages: TransactionPages, limit: usize) -> Self {
        let pages = Some(pages.max_pages(usize::MAX));
        Self { pages, left: limit, enough: None, is_page_open: false, is_last: false, next: None }
    }

    /// Returns the next event. It can be cancelled: a request that was sent is waited for by the next call.
    pub(super) async fn next(&mut self) -> Event {
        loop {
            let result = match self.next.take() {
                Some(result) => result,
                None => match self.poll().await {
                    Some(result) => result,
                    None => {
                        self.is_page_open = false;
                        return Event::PageEnd;
                    }
                },
            };
            if let Err(error) = &result
                && error.kind() == ErrorKind::BadRow
            {
                if self.is_counted(error) {
                    return Event::Unreadable(error.path().unwrap_or("?").to_owned());
                }
                continue;
            }
            if self.is_page_open {
                self.is_page_open = false;
                self.next = Some(result);
                return Event::PageEnd;
            }
            return match result {
                // After the last page comes the end, or the refusal to request another one.
                _ if self.is_last => Event::End,
                Ok(Some(page)) => self.page(page),
                Ok(None) => Event::End,
                Err(error) => Event::Failed(error),
            };
        }
    }

    /// Returns the next result, or `None` if a page is open and the next result has to be waited for.
    async fn poll(&mut self) -> Option<Result<Option<HalTransactions>, Error>> {
        let is_page_open = self.is_page_open;
        let Some(pages) = &mut self.pages else { return Some(Ok(None)) };
        let mut next = pin!(pages.try_next());
        poll_fn(|context| match next.as_mut().poll(context) {
            Poll::Pending if is_page_open => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
            Poll::Ready(result) => Poll::Ready(Some(result)),
        })
        .await
    }

    fn page(&mut self, page: HalTransactions) -> Event {
        let HalTransactions { transactions: mut rows, continuation_key, .. } = page;
        rows.truncate(self.left);
        self.left -= rows.len();
        let key = continuation_key.filter(|key| !key.is_empty());
        if self.left == 0 {
            self.enough = Some(rows.len());
            // No other page is requested; errors of this one still come.
            self.pages = self.pages.take().map(|pages| pages.max_pages(0));
        }
        self.is_page_open = true;
        self.is_last = key.is_none() || self.left == 0;
        Event::Page { rows, key, is_last: self.is_last }
    }

    /// Returns whether a transaction that cannot be decoded is within the limit.
    fn is_counted(&mut self, error: &Error) -> bool {
        let Some(enough) = &mut self.enough else { return true };
        if error.row().is_some_and(|row| row >= *enough) {
            return false;
        }
        *enough += 1;
        true
    }
}
