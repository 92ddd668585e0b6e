//! Reading the transactions of accounts, one after another, into a file or onto stdout.

mod encoder;
mod part;

use std::future::ready;
use std::pin::{Pin, pin};

use serde::{Deserialize, Serialize};
use tilisy_client::chrono::NaiveDate;
use tilisy_client::types::{HalTransactions, TransactionStatus};
use tilisy_client::uuid::Uuid;
use tilisy_client::{Client, Error, ErrorClass, ErrorKind, TransactionPages};

use self::encoder::Encoder;
use self::part::{Part, Reached};
use crate::accounts::Chosen;
use crate::commands::interrupted;
use crate::failure::{Exit, Failure, say, warn};
use crate::output::{Format, Output, Whole, is_special, show};
use crate::progress::Progress;
use crate::text::counted;

/// What was asked for: an export goes on only where all of it is the same.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Question {
    pub(crate) accounts: Vec<Uuid>,
    pub(crate) from: Option<NaiveDate>,
    pub(crate) to: Option<NaiveDate>,
    pub(crate) status: Option<TransactionStatus>,
    pub(crate) limit: Option<u64>,
    pub(crate) skip_unreadable: bool,
    pub(crate) format: Format,
}

/// An export on its way.
pub(crate) struct Export {
    client: Client,
    accounts: Vec<Chosen>,
    question: Question,
    encoder: Encoder,
    target: Target,
    /// How far each account was read.
    reached: Vec<Reached>,
    /// Whether a bank does not know the key any more that an earlier run left.
    is_stale: bool,
    progress: Progress,
    /// Ctrl-C, from the first page on: one that comes while a page is written counts too.
    stop: Pin<Box<dyn Future<Output = Failure> + Send>>,
}

/// Where the rows go.
enum Target {
    Stdout,
    /// A file that is kept when it is whole, and gone on with when it is not.
    Part(Part),
    /// A file of which nothing is left when it is not whole: a table, which is drawn at the end, or a device.
    Whole(Whole),
}

/// What becomes of an export that is not whole.
enum Rest {
    GoesOn,
    /// Accounts have other ids in another session, and keys are good for one.
    BeginsAnew,
    /// There is nothing to go on from, or going on would leave out the same rows without a word.
    Hopeless,
}

/// How the reading of an account ended.
enum End {
    Whole,
    Failed(Failure),
    Interrupted,
}

impl Export {
    pub(crate) fn begin(
        client: Client,
        accounts: Vec<Chosen>,
        question: Question,
        output: &Output,
        restart: bool,
    ) -> Result<Self, Failure> {
        let encoder = Encoder::new(question.format, output.is_on_screen());
        let mut reached: Vec<_> = accounts.iter().map(|account| Reached::none(account.uid)).collect();
        let target = match output.file() {
            None => Target::Stdout,
            Some(file) if question.format == Format::Table || is_special(file) => Target::Whole(Whole::begin(file)?),
            Some(file) => {
                let part = Part::open(file, &question, restart)?;
                if let Some((begun, before)) = part.goes_on() {
                    let rows = counted(before.iter().map(|account| account.rows).sum(), "row");
                    say(&format!("going on after {rows}, with what there was on {}", begun.format("%F %R UTC")));
                    reached = before.to_vec();
                }
                Target::Part(part)
            }
        };
        let (progress, stop) = (Progress::new(), Box::pin(interrupted()));
        Ok(Self { client, accounts, question, encoder, target, reached, is_stale: false, progress, stop })
    }

    pub(crate) async fn run(mut self) -> Result<(), Failure> {
        // It is listened for from the first look on, and pages may come before the next one.
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
                Ok(End::Whole) => {}
                Ok(End::Failed(failure)) => {
                    failures.push(failure);
                    // A file that goes on later is to have the accounts in their order.
                    if matches!(self.target, Target::Part(_)) {
                        break;
                    }
                }
                Ok(End::Interrupted) => return Err(self.interrupted()),
                Err(failure) => return Err(self.afterwards(failure, Rest::GoesOn)),
            }
        }
        self.finish(failures)
    }

    /// Reads an account to its end, or to where it ends all the same. An error is one of the output.
    async fn account(&mut self, index: usize) -> Result<End, Failure> {
        let account = self.accounts[index].clone();
        let begins_anew = self.reached[index].key.is_none();
        let mut pages = self.pages(&account, self.reached[index].key.clone());
        let mut enough = None;
        loop {
            let page = {
                let mut next = pin!(pages.try_next());
                tokio::select! {
                    biased;
                    page = &mut next => page,
                    // By now, all that cannot be read in the last page has been told.
                    noted = async { self.note() } => {
                        noted?;
                        tokio::select! {
                            page = &mut next => page,
                            _ = &mut self.stop => return Ok(End::Interrupted),
                        }
                    }
                }
            };
            if let Err(error) = &page
                && error.kind() == ErrorKind::BadRow
            {
                self.unreadable(index, &account, error, &mut enough);
                continue;
            }
            self.note()?;
            match page {
                // Nothing follows, or nothing that was asked for.
                _ if self.reached[index].is_done => return Ok(End::Whole),
                Ok(Some(page)) => {
                    enough = self.page(index, &account, page)?;
                    if enough.is_some() {
                        // No other page is asked for; what is wrong in this one still comes.
                        pages = pages.max_pages(0);
                    }
                }
                Ok(None) => {
                    self.reached[index].is_done = true;
                    self.note()?;
                    return Ok(End::Whole);
                }
                // A key of another day, which the bank does not know any more.
                Err(error) if !begins_anew && error.class() == ErrorClass::Request => {
                    self.is_stale = true;
                    let failure = account.failure_of_period(error, self.question.from);
                    return Ok(End::Failed(failure.hint("begin anew with `--restart`")));
                }
                Err(error) => return Ok(End::Failed(account.failure_of_period(error, self.question.from))),
            }
        }
    }

    fn pages(&self, account: &Chosen, key: Option<String>) -> TransactionPages {
        let mut request = self.client.account_transactions(&account.uid);
        if let Some(day) = self.question.from {
            request = request.date_from(day);
        }
        if let Some(day) = self.question.to {
            request = request.date_to(day);
        }
        if let Some(status) = &self.question.status {
            request = request.transaction_status(status.clone());
        }
        if let Some(key) = key {
            request = request.continuation_key(key);
        }
        request.pages().max_pages(usize::MAX)
    }

    /// Writes the rows of a page. Where the limit is reached, gives the place in the page from which on nothing counts.
    fn page(&mut self, index: usize, account: &Chosen, page: HalTransactions) -> Result<Option<usize>, Failure> {
        let HalTransactions { mut transactions, continuation_key, .. } = page;
        let limit = self.question.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        transactions.truncate(limit.saturating_sub(self.reached[index].rows));
        let count = transactions.len();
        let is_first = self.rows() == 0;
        let mut text = if is_first && count > 0 { self.encoder.begin() } else { Vec::new() };
        text.extend(self.encoder.rows(is_first, account, transactions)?);
        self.put(&text)?;
        let reached = &mut self.reached[index];
        reached.rows += count;
        reached.key = continuation_key.filter(|key| !key.is_empty());
        reached.is_done = reached.key.is_none() || reached.rows >= limit;
        let enough = (reached.rows >= limit).then_some(count);
        self.progress.page(count, &account.label());
        Ok(enough)
    }

    fn unreadable(&mut self, index: usize, account: &Chosen, error: &Error, enough: &mut Option<usize>) {
        if let Some(enough) = enough {
            if error.row().is_some_and(|row| row >= *enough) {
                return;
            }
            *enough += 1;
        }
        let place = error.path().unwrap_or("?");
        let text = format!("{}: a row cannot be read, at `{place}` of its page", account.label());
        self.progress.say(|| warn(&text));
        self.reached[index].unreadable += 1;
    }

    /// All rows so far.
    fn rows(&self) -> usize {
        self.reached.iter().map(|account| account.rows).sum()
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match &mut self.target {
            // The line that tells how far it went may be on the same screen.
            Target::Stdout => self.progress.say(|| show(self.question.format, bytes)),
            Target::Part(part) => part.write(bytes),
            Target::Whole(whole) => whole.write(bytes),
        }
    }

    /// Notes how far it went.
    fn note(&mut self) -> Result<(), Failure> {
        match &mut self.target {
            Target::Part(part) => part.note(&self.reached),
            Target::Stdout | Target::Whole(_) => Ok(()),
        }
    }

    fn finish(mut self, mut failures: Vec<Failure>) -> Result<(), Failure> {
        let unreadable: usize = self.reached.iter().map(|account| account.unreadable).sum();
        let is_whole = failures.is_empty() && (unreadable == 0 || self.question.skip_unreadable);
        // A table is drawn at its end. Of JSON, what is not whole shall not look so.
        let is_shown = matches!((&self.target, &self.encoder), (Target::Stdout, Encoder::Table { .. }));
        if is_whole || (is_shown && self.rows() > 0) {
            let mut end = if self.rows() == 0 { self.encoder.begin() } else { Vec::new() };
            end.extend(self.encoder.end());
            self.put(&end)?;
        }
        if is_whole {
            if unreadable > 0 {
                self.progress.say(|| warn(&format!("{} left out", counted(unreadable, "unreadable row"))));
            }
            return match self.target {
                Target::Stdout => Ok(()),
                Target::Part(part) => part.keep(),
                Target::Whole(whole) => whole.keep(),
            };
        }
        let nothing_came = self.rows() == 0 && unreadable == 0;
        // Of one account of which nothing came, there is nothing to say but why.
        if self.accounts.len() == 1 && nothing_came && failures.len() == 1 {
            if let Target::Part(part) = self.target {
                part.forget();
            }
            return Err(failures.remove(0));
        }
        failures.iter().for_each(|failure| self.progress.say(|| warn(failure.text())));
        let mut missing = self.missing();
        if unreadable > 0 {
            missing.push(format!("{} that cannot be read", counted(unreadable, "row")));
        }
        let text = format!("this is not all: missing {}", missing.join(", "));
        let failure = Failure::of_all(&failures, nothing_came, text);
        Err(match () {
            () if failures.is_empty() => {
                self.afterwards(failure.hint("`--skip-unreadable` leaves such rows out"), Rest::Hopeless)
            }
            () if nothing_came => self.afterwards(failure, Rest::Hopeless),
            () if self.is_stale => failure,
            () if failures.iter().any(|failure| failure.exit() == Exit::Consent) => {
                self.afterwards(failure, Rest::BeginsAnew)
            }
            () => self.afterwards(failure, Rest::GoesOn),
        })
    }

    fn interrupted(self) -> Failure {
        let missing = self.missing().join(", ");
        let rows = counted(self.rows(), "row");
        let failure = Failure::new(Exit::Interrupted, format!("interrupted after {rows}: missing {missing}"));
        self.afterwards(failure, Rest::GoesOn)
    }

    /// What is missing of the accounts.
    fn missing(&self) -> Vec<String> {
        let open = self.accounts.iter().zip(&self.reached).filter(|(_, reached)| !reached.is_done);
        let missing = open.map(|(account, reached)| match reached.rows {
            0 => format!("all of {}", account.label()),
            rows => format!("the rest of {} (after {})", account.label(), counted(rows, "row")),
        });
        missing.collect()
    }

    /// Says what became of the file.
    fn afterwards(self, failure: Failure, rest: Rest) -> Failure {
        match self.target {
            Target::Stdout => failure,
            Target::Whole(_) => failure.hint("no file was written"),
            Target::Part(part) => match rest {
                Rest::Hopeless => {
                    part.forget();
                    failure.hint("no file was written")
                }
                Rest::BeginsAnew => failure.hint("with a renewed consent, the same command begins anew"),
                Rest::GoesOn => {
                    let name = part.name();
                    failure.hint(format!("what was read is kept in `{name}`: the same command goes on from there"))
                }
            },
        }
    }
}
