//! Pages of transactions, with protection against banks that never return a last page.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use openbanking_client_runtime::error::{Error as CallError, ErrorKind};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::query::{ListTransactions, Page, Query};

/// The default for the largest number of pages.
const MAX_PAGES: usize = 10_000;

/// The largest number of consecutive empty pages. With the pauses between them that takes about two minutes, which is
/// enough for a bank that is still collecting transactions.
const MAX_EMPTY_PAGES: u32 = 20;

/// The pause after a first empty page; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

type Answer<C> = (Query<C>, Result<Page<C>, <C as ListTransactions>::Error>);

/// All pages of an account's transactions, requested one by one; from
/// `account_transactions(…).pages()`.
#[must_use = "nothing is requested until this is polled"]
pub struct TransactionPages<C: ListTransactions> {
    state: State<C>,
    /// The transactions of the last page that could not be decoded.
    bad: VecDeque<(usize, C::Error)>,
    /// The hashes of the keys of all pages so far, because ten thousand keys take much memory.
    seen: HashSet<u64>,
    hasher: RandomState,
    pages: usize,
    empty: u32,
    max_pages: usize,
    looks_ahead: bool,
    /// The last page as it was received.
    last: Vec<u8>,
}

enum State<C: ListTransactions> {
    /// The next page is requested when the caller polls.
    Next(Box<Query<C>>, Option<String>),
    /// The next page was requested.
    Waiting(Pin<Box<dyn Future<Output = Answer<C>> + Send>>),
    /// The next page was requested by a task, before the caller asks for it.
    Ahead(Task<C>),
    /// The next result is this error, and the last one.
    Failed(C::Error),
    Done,
}

/// A task that ends with what holds it.
struct Task<C: ListTransactions>(JoinHandle<Answer<C>>);

impl<C: ListTransactions> Drop for Task<C> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<C: ListTransactions> TransactionPages<C> {
    pub(super) fn new(mut query: Query<C>) -> Self {
        let (key, looks_ahead) = (query.continuation_key.take(), query.client.is_attended());
        let hasher = RandomState::new();
        Self {
            seen: key.iter().map(|key| hasher.hash_one(key)).collect(),
            hasher,
            state: State::Next(Box::new(query), key),
            bad: VecDeque::new(),
            pages: 0,
            empty: 0,
            max_pages: MAX_PAGES,
            looks_ahead,
            last: Vec::new(),
        }
    }

    /// Sets whether the next page is requested while the caller works on this one. By default, it is requested if the client sends PSU
    /// headers, because banks count requests without them. It needs a task, which ends when this is dropped, and a second
    /// page in memory.
    #[doc(alias = "prefetch")]
    pub fn look_ahead(mut self, looks_ahead: bool) -> Self {
        self.looks_ahead = looks_ahead;
        self
    }

    /// Sets the largest number of pages. The default is 10,000. More pages are an error, never a silent end.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.max_pages = pages;
        self
    }

    /// Returns the next page, and `None` after the last.
    ///
    /// # Errors
    ///
    /// Those of the method `pages` of the request.
    pub async fn try_next(&mut self) -> Result<Option<C::Page>, C::Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// Requests the next page before the caller polls, if that is allowed.
    pub(super) fn prefetch(&mut self) {
        let Ok(runtime) = Handle::try_current() else { return };
        if !self.looks_ahead || self.is_too_many() {
            return;
        }
        self.state = match std::mem::replace(&mut self.state, State::Done) {
            State::Next(query, key) => State::Ahead(Task(runtime.spawn(self.asked(*query, key)))),
            other => other,
        };
    }

    fn is_too_many(&self) -> bool {
        self.pages >= self.max_pages || self.empty > MAX_EMPTY_PAGES
    }

    /// Requests the next page.
    fn ask(&mut self, query: Query<C>, key: Option<String>) -> Result<State<C>, C::Error> {
        if self.is_too_many() {
            return Err(CallError::paging(C::OPERATION.id, ErrorKind::TooManyPages).into());
        }
        Ok(State::Waiting(Box::pin(self.asked(query, key))))
    }

    /// Requests a page, after a pause if the last one was empty.
    fn asked(&mut self, query: Query<C>, key: Option<String>) -> impl Future<Output = Answer<C>> + Send + use<C> {
        self.pages += 1;
        let pause = match self.empty {
            0 => None,
            empty => Some(FIRST_PAUSE.saturating_mul(1 << (empty - 1).min(16)).min(LONGEST_PAUSE)),
        };
        async move {
            if let Some(pause) = pause {
                tokio::time::sleep(pause).await;
            }
            query.page(key).await
        }
    }

    /// Prepares the request for the page after this one. After an error the stream ends: the client has repeated the request
    /// as often as banks allow for one page.
    fn take(&mut self, query: Query<C>, page: Result<Page<C>, C::Error>) -> Result<Page<C>, C::Error> {
        let mut page = page?;
        self.state = self.follow(query, &mut page)?;
        self.last = std::mem::take(&mut page.json);
        Ok(page)
    }

    /// Returns the state after a page.
    fn follow(&mut self, query: Query<C>, page: &mut Page<C>) -> Result<State<C>, C::Error> {
        let key = C::continuation_key(&page.body).map(str::to_owned);
        let Some(key) = key.filter(|key| !key.is_empty()) else {
            return Ok(State::Done);
        };
        let is_empty = C::transactions(&mut page.body).is_empty() && page.bad.is_empty();
        if !self.seen.insert(self.hasher.hash_one(&key)) {
            let error = CallError::paging(C::OPERATION.id, ErrorKind::RepeatedPage).into();
            // Some banks send the last page with the key of the page before it. Its rows are not lost.
            return if is_empty || self.repeats_last(page) { Err(error) } else { Ok(State::Failed(error)) };
        }
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        Ok(State::Next(Box::new(query), Some(key)))
    }

    /// Returns whether a page has the same rows as the page before it.
    fn repeats_last(&self, page: &mut Page<C>) -> bool {
        let last = serde_json::from_slice::<C::Page>(&self.last);
        page.json == self.last
            || last.is_ok_and(|mut last| C::transactions(&mut last) == C::transactions(&mut page.body))
    }

    /// The next page, with what is wrong in it.
    pub(super) fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<C>, C::Error>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Failed(error) => return Poll::Ready(Some(Err(error))),
                State::Next(query, key) => match self.ask(*query, key) {
                    Ok(state) => self.state = state,
                    Err(error) => return Poll::Ready(Some(Err(error))),
                },
                State::Waiting(mut answer) => {
                    let Poll::Ready((query, page)) = answer.as_mut().poll(context) else {
                        self.state = State::Waiting(answer);
                        return Poll::Pending;
                    };
                    return Poll::Ready(Some(self.take(query, page)));
                }
                State::Ahead(mut task) => match Pin::new(&mut task.0).poll(context) {
                    Poll::Pending => {
                        self.state = State::Ahead(task);
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok((query, page))) => return Poll::Ready(Some(self.take(query, page))),
                    // As it would without a task.
                    Poll::Ready(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
                    // Only this type aborts the task, so the runtime is shutting down.
                    Poll::Ready(Err(_)) => {
                        let cause = "the runtime ended while the page was asked for";
                        return Poll::Ready(Some(Err(CallError::not_built(C::OPERATION.id, cause).into())));
                    }
                },
            }
        }
    }
}

impl<C: ListTransactions> Stream for TransactionPages<C> {
    type Item = Result<C::Page, C::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some((_, error)) = self.bad.pop_front() {
            return Poll::Ready(Some(Err(error)));
        }
        let page = ready!(self.poll_page(context));
        Poll::Ready(page.map(|page| {
            page.map(|Page { body, bad, .. }| {
                self.bad = bad;
                self.prefetch();
                body
            })
        }))
    }
}

impl<C: ListTransactions> fmt::Debug for TransactionPages<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TransactionPages").field("pages", &self.pages).finish_non_exhaustive()
    }
}
