//! Exports of transactions: the reader of each account, the format, and the destination.

mod checkpoint;
mod destination;
mod line;
mod part;
mod reader;

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;

use enablebanking_client::chrono::{DateTime, Utc};
use enablebanking_client::types::{Transaction, TransactionStatus, TransactionsFetchStrategy};
use enablebanking_client::{Client, ErrorClass};

pub(crate) use self::checkpoint::Question;
use self::checkpoint::Reached;
use self::destination::{Destination, Rest};
use self::line::Line;
use self::reader::{Event, Reader};
use crate::accounts::Chosen;
use crate::failure::{Exit, Failure};
use crate::interrupt::interrupted;
use crate::message::{say, warn};
use crate::output::{Encoder, Layout, Output, say_left_out};
use crate::progress::Progress;
use crate::text::counted;

/// An export of the transactions of some accounts, one after another.
pub(crate) struct Export {
    client: Client,
    accounts: Vec<Arc<Chosen>>,
    question: Question,
    encoder: Encoder<Line>,
    destination: Destination,
    /// The progress of each account.
    reached: Vec<Reached>,
    /// Set if the bank refuses the key that an earlier run stored.
    is_stale: bool,
    progress: Progress,
    /// Ctrl-C, from the first page on: one that is pressed while a page is written counts too.
    stop: Pin<Box<dyn Future<Output = Failure> + Send>>,
}

/// The end of an account.
enum End {
    Complete,
    Failed(Failure),
    Interrupted,
}

impl Export {
    /// Returns the selection of columns.
    pub(crate) fn layout(output: &Output) -> Result<Layout, Failure> {
        output.layout::<Line>()
    }

    pub(crate) fn begin(
        client: Client,
        accounts: Vec<Chosen>,
        question: Question,
        output: &Output,
        restart: bool,
    ) -> Result<Self, Failure> {
        let mut layout = Self::layout(output)?;
        let mut reached: Vec<_> = accounts.iter().map(|account| Reached::none(account.uid.into())).collect();
        let destination = Destination::open(output.file().map(AsRef::as_ref), &question, restart)?;
        if let Destination::Part(part) = &destination
            && let Some(checkpoint) = part.continued()
        {
            let rows = counted(checkpoint.reached.iter().map(|account| account.rows).sum(), "transaction");
            let begun = checkpoint.begun.format("%F %R UTC");
            say(&format!("continuing after {rows}, with the state of {begun}"));
            layout = checkpoint.layout(&layout);
            reached.clone_from(&checkpoint.reached);
        }
        let empty = "there are no such transactions";
        let mut encoder = Encoder::new(question.format, &layout, output.is_on_screen(), empty)?;
        if reached.iter().any(|account| account.rows > 0) {
            encoder = encoder.continued();
        }
        let (progress, stop) = (Progress::new(), Box::pin(interrupted()));
        let accounts = accounts.into_iter().map(Arc::new).collect();
        Ok(Self { client, accounts, question, encoder, destination, reached, is_stale: false, progress, stop })
    }

    /// Returns the start of the export that this one continues.
    pub(crate) fn begun(&self) -> Option<DateTime<Utc>> {
        match &self.destination {
            Destination::Part(part) => part.continued().map(|checkpoint| checkpoint.begun),
            Destination::Stdout(_) | Destination::Whole(_) => None,
        }
    }

    pub(crate) async fn run(mut self) -> Result<(), Failure> {
        // The signal is caught from the first poll on, and pages may come before the next one.
        tokio::select! {
            biased;
            _ = &mut self.stop => return Err(self.interrupted()),
            () = ready(()) => {}
        }
        let mut failures = Vec::new();
        for index in 0..self.accounts.len() {
            if self.reached[index].is_done {
                continue;
            }
            match self.account(index).await {
                Ok(End::Complete) => {}
                Ok(End::Failed(failure)) => {
                    failures.push(failure);
                    // A file that is continued later has the accounts in their order.
                    if matches!(self.destination, Destination::Part(_)) {
                        break;
                    }
                }
                Ok(End::Interrupted) => return Err(self.interrupted()),
                Err(failure) => return Err(self.destination.leave(failure, Rest::Continues)),
            }
        }
        self.finish(failures)
    }

    /// Reads an account to its end.
    ///
    /// # Errors
    ///
    /// Returns an error if the output cannot be written.
    async fn account(&mut self, index: usize) -> Result<End, Failure> {
        let account = self.accounts[index].clone();
        let key = self.reached[index].key.clone();
        let is_continued = key.is_some();
        let mut reader = self.reader(&account, key, self.reached[index].rows);
        loop {
            // The reader goes first: it waits only after the checkpoint of a page.
            let event = tokio::select! {
                biased;
                event = reader.next() => event,
                _ = &mut self.stop => return Ok(End::Interrupted),
            };
            match event {
                Event::Page { rows, key, is_last } => self.page(index, &account, rows, key, is_last)?,
                Event::Unreadable(place) => {
                    let text = format!("{}: a transaction cannot be read, at `{place}` of its page", account.label());
                    self.progress.suspend(|| warn(&text));
                    self.reached[index].unreadable += 1;
                }
                Event::PageEnd => self.destination.note(&self.reached)?,
                Event::End => {
                    self.reached[index].is_done = true;
                    self.destination.note(&self.reached)?;
                    return Ok(End::Complete);
                }
                Event::Failed(error) => {
                    // A key of another day, which the bank refuses now.
                    let is_stale = is_continued && error.class() == ErrorClass::Request;
                    self.is_stale |= is_stale;
                    let failure = account.failure_of_period(error, self.question.from);
                    return Ok(End::Failed(if is_stale {
                        failure.hint("start over with `--restart`")
                    } else {
                        failure
                    }));
                }
            }
        }
    }

    fn reader(&self, account: &Chosen, key: Option<String>, rows: usize) -> Reader {
        let mut request = self.client.account_transactions(&account.uid);
        if let Some(day) = self.question.from {
            request = request.date_from(day);
        }
        if let Some(day) = self.question.to {
            request = request.date_to(day);
        }
        if let Some(status) = &self.question.status {
            request = request.transaction_status(TransactionStatus::from(status.as_str()));
        }
        if self.question.longest {
            request = request.strategy(TransactionsFetchStrategy::Longest);
        }
        if let Some(key) = key {
            request = request.continuation_key(key);
        }
        let limit = self.question.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        Reader::new(request.pages(), limit.saturating_sub(rows))
    }

    /// Writes the transactions of a page.
    fn page(
        &mut self,
        index: usize,
        account: &Arc<Chosen>,
        rows: Vec<Transaction>,
        key: Option<String>,
        is_last: bool,
    ) -> Result<(), Failure> {
        let count = rows.len();
        self.encoder.group(&account.label());
        for row in rows {
            self.encoder.record(&Line { account: account.clone(), row })?;
        }
        // The start of a format is written together with the first transaction.
        if count > 0 {
            let bytes = self.encoder.take()?;
            self.destination.write(&bytes, &self.progress)?;
        }
        let reached = &mut self.reached[index];
        reached.rows += count;
        reached.key = key;
        reached.is_done = is_last;
        self.progress.page(count, &account.label());
        Ok(())
    }

    /// Returns the number of transactions so far.
    fn rows(&self) -> usize {
        self.reached.iter().map(|account| account.rows).sum()
    }

    fn finish(mut self, failures: Vec<Failure>) -> Result<(), Failure> {
        let unreadable: usize = self.reached.iter().map(|account| account.unreadable).sum();
        let is_complete = failures.is_empty() && (unreadable == 0 || self.question.skip_unreadable);
        // A table is drawn at its end. JSON that is not complete must not look so.
        let is_shown = matches!(self.destination, Destination::Stdout(_)) && self.encoder.is_table() && self.rows() > 0;
        if !is_complete && !is_shown {
            return Err(self.incomplete(failures, unreadable));
        }
        let (bytes, left_out) = self.encoder.finish()?;
        self.destination.write(&bytes, &self.progress)?;
        self.progress.suspend(|| say_left_out(&left_out));
        if !is_complete {
            return Err(self.incomplete(failures, unreadable));
        }
        if unreadable > 0 {
            let text = format!("{} left out", counted(unreadable, "unreadable transaction"));
            self.progress.suspend(|| warn(&text));
        }
        self.destination.keep()
    }

    fn incomplete(self, mut failures: Vec<Failure>, unreadable: usize) -> Failure {
        let nothing_came = self.rows() == 0 && unreadable == 0;
        // If nothing came of a single account, the reason is all there is to report.
        if self.accounts.len() == 1 && nothing_came && failures.len() == 1 {
            self.destination.forget();
            return failures.remove(0);
        }
        failures.iter().for_each(|failure| self.progress.suspend(|| warn(failure.text())));
        let mut missing = self.missing();
        if unreadable > 0 {
            missing.push(counted(unreadable, "unreadable transaction"));
        }
        let text = format!("the output is incomplete: missing {}", missing.join(", "));
        let failure = Failure::of_all(&failures, nothing_came, text);
        match () {
            () if failures.is_empty() => {
                let failure = failure.hint("`--skip-unreadable` leaves such transactions out");
                self.destination.leave(failure, Rest::Removed)
            }
            () if nothing_came => self.destination.leave(failure, Rest::Removed),
            () if self.is_stale => failure,
            () if failures.iter().any(|failure| failure.exit() == Exit::Consent) => {
                self.destination.leave(failure, Rest::StartsOver)
            }
            () => self.destination.leave(failure, Rest::Continues),
        }
    }

    fn interrupted(self) -> Failure {
        let missing = self.missing().join(", ");
        let rows = counted(self.rows(), "transaction");
        let failure = Failure::new(Exit::Interrupted, format!("interrupted after {rows}: missing {missing}"));
        self.destination.leave(failure, Rest::Continues)
    }

    /// Returns what is missing of the accounts.
    fn missing(&self) -> Vec<String> {
        let open = self.accounts.iter().zip(&self.reached).filter(|(_, reached)| !reached.is_done);
        let missing = open.map(|(account, reached)| match reached.rows {
            0 => format!("all of {}", account.label()),
            rows => format!("the rest of {} (after {})", account.label(), counted(rows, "transaction")),
        });
        missing.collect()
    }
}
