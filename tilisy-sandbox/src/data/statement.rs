//! The transactions of an account on a day: those generated and those added, as one list.

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::accounts::Account;
use super::history::{PER_DAY, UNBOOKED, first_of};
use super::ledger::Entry;
use crate::oddities::Oddities;

/// The transactions that a caller asks for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Filter<'a> {
    pub(crate) from: Option<NaiveDate>,
    pub(crate) to: Option<NaiveDate>,
    pub(crate) status: Option<&'a str>,
}

/// An account as its bank shows it on a day.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) account: Arc<Account>,
    pub(crate) today: NaiveDate,
    pub(crate) odd: Oddities,
    /// The transactions that were added, newest first, with their numbers.
    entries: Vec<(usize, Entry)>,
}

/// A transaction of a statement.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Row {
    /// A generated transaction that is booked, or will be.
    Numbered { number: i64, status: &'static str },
    /// A generated transaction that never will be booked, by its place.
    Passing { place: u64, status: &'static str },
    /// A transaction that was added, by its number.
    Added(usize),
}

impl Statement {
    pub(crate) fn new(account: Arc<Account>, today: NaiveDate, odd: Oddities) -> Self {
        let mut entries = account.entries(today);
        entries.sort_by_key(|(number, entry)| std::cmp::Reverse((entry.day, *number)));
        Self { account, today, odd, entries }
    }

    /// Leaves out the transactions that were added after the first so many.
    pub(crate) fn with_entries(mut self, count: usize) -> Self {
        self.entries.retain(|(number, _)| *number < count);
        self
    }

    /// Returns a number above those of all transactions that were added.
    pub(crate) fn entry_count(&self) -> usize {
        self.entries.iter().map(|(number, _)| number + 1).max().unwrap_or_default()
    }

    pub(super) fn entry(&self, number: usize) -> Option<&Entry> {
        self.entries.iter().find(|(own, _)| *own == number).map(|(_, entry)| entry)
    }

    /// Returns a status as the bank lists it.
    pub(super) fn listed(&self, status: &'static str) -> &'static str {
        if self.odd.books(status) { "BOOK" } else { status }
    }

    fn unbooked(&self) -> u64 {
        self.account.history().map_or(0, super::history::History::unbooked)
    }

    /// Returns how many transactions are generated.
    fn generated(&self) -> u64 {
        self.unbooked() + self.account.history().map_or(0, |history| history.count(self.today))
    }

    /// Returns the statuses that are not booked with their places, in the order in which they are listed: those listed
    /// as booked come last, before the transactions that are booked.
    fn kinds(&self) -> impl Iterator<Item = (u64, &'static str)> + use<> {
        let odd = self.odd;
        let all = (0..).zip(UNBOOKED.iter().copied());
        let booked = all.clone().filter(move |(_, status)| odd.books(status));
        all.filter(move |(_, status)| !odd.books(status)).chain(booked)
    }

    /// Returns the place of the first generated transaction that is listed as booked.
    fn first_booked(&self) -> u64 {
        let booked = self.kinds().filter(|(_, status)| self.odd.books(status)).count() as u64;
        self.unbooked().saturating_sub(2 * booked)
    }

    /// Returns the generated transaction at a place.
    fn generated_row(&self, place: u64) -> Row {
        let unbooked = self.unbooked();
        let nth = usize::try_from(place / 2).ok().filter(|_| place < unbooked);
        let Some((kind, status)) = nth.and_then(|nth| self.kinds().nth(nth)) else {
            let last = self.account.history().map_or(0, |history| history.last(self.today));
            let back = i64::try_from(place.saturating_sub(unbooked)).unwrap_or(i64::MAX);
            return Row::Numbered { number: last.saturating_sub(back), status: "BOOK" };
        };
        let second = i64::from(place.is_multiple_of(2));
        // Scheduled transactions are pending a day later, and pending ones are booked a day later.
        let days_ahead = match status {
            "SCHD" => 2,
            "PDNG" => 1,
            _ => return Row::Passing { place: 2 * kind + place % 2, status },
        };
        Row::Numbered { number: first_of(self.today) + days_ahead * PER_DAY + second, status }
    }

    /// Returns the place of a generated transaction.
    fn generated_place(&self, row: Row) -> Option<u64> {
        if let Row::Numbered { number, status: "BOOK" } = row {
            let back = u64::try_from(self.account.history()?.last(self.today) - number).ok()?;
            return Some(self.unbooked() + back).filter(|place| *place < self.generated());
        }
        (0..self.unbooked()).find(|place| self.generated_row(*place) == row)
    }

    /// Returns the places of the generated transactions that a filter lets through. They stand in the order of their
    /// days, and those that are not booked before all others.
    fn generated_matching(&self, filter: &Filter<'_>) -> Range<u64> {
        let (rows, unbooked) = (self.generated(), self.unbooked());
        let range = match filter.status {
            None => 0..rows,
            Some("BOOK") => self.first_booked()..rows,
            Some(status) => match self.kinds().position(|(_, other)| other == status && !self.odd.books(other)) {
                Some(nth) if unbooked > 0 => 2 * nth as u64..2 * nth as u64 + 2,
                _ => 0..0,
            },
        };
        let start = filter.to.map_or(0, |to| self.first_not_after(to));
        let end = match filter.from {
            Some(from) if from > self.today => 0,
            Some(from) => self.first_not_after(from.pred_opt().unwrap_or(NaiveDate::MIN)),
            None => rows,
        };
        let (start, end) = (range.start.max(start), range.end.min(end));
        start..end.max(start)
    }

    /// Returns the place of the first generated transaction that is not newer than a day.
    fn first_not_after(&self, day: NaiveDate) -> u64 {
        let Some(history) = self.account.history() else { return 0 };
        let last = history.last(self.today);
        // Those that are not booked are of today.
        if day >= self.today {
            return 0;
        }
        self.unbooked() + u64::try_from(last - (first_of(day) + PER_DAY - 1)).unwrap_or_default()
    }

    /// Returns the transactions that a filter lets through.
    pub(crate) fn matching(&self, filter: &Filter<'_>) -> Listing<'_> {
        let fits = |entry: &Entry| {
            filter.from.is_none_or(|from| entry.day >= from)
                && filter.to.is_none_or(|to| entry.day <= to)
                && filter.status.is_none_or(|status| self.listed(entry.status) == status)
        };
        let generated = self.generated_matching(filter);
        let added = self.entries.iter().filter(|(_, entry)| fits(entry)).zip(0..);
        let places = added.map(|((number, entry), nth)| {
            let newer = self.first_not_after(entry.day).clamp(generated.start, generated.end) - generated.start;
            (nth + newer, *number)
        });
        let added = places.collect();
        Listing { statement: self, generated, added }
    }

    /// Returns the last balance by generated transactions of a day or before.
    fn generated_balance(&self, last: i64) -> Decimal {
        let twins = self.odd.has_twins;
        let Some(history) = self.account.history() else { return self.account.opening() };
        Decimal::new(history.balance_after(last.max(history.first() - 1), twins), 2)
    }

    /// Returns the number of the generated transaction that is listed as booked last.
    fn last_booked(&self) -> i64 {
        let last = self.account.history().map_or(0, |history| history.last(self.today));
        if self.odd.books_pending && self.unbooked() > 0 { last + 2 } else { last }
    }

    /// Returns the sum of the transactions that were added and that have a status.
    fn added(&self, status: &str, counts: impl Fn(usize, &Entry) -> bool) -> Decimal {
        let fits = |number: usize, entry: &Entry| self.effective(entry) == status && counts(number, entry);
        self.entries.iter().filter(|(number, entry)| fits(*number, entry)).map(|(_, entry)| entry.amount).sum()
    }

    /// Returns the status that counts for the balance: what is held does not count, even if it is listed as booked.
    fn effective(&self, entry: &Entry) -> &'static str {
        if entry.status == "HOLD" { "HOLD" } else { self.listed(entry.status) }
    }

    /// Returns the balance of all booked transactions.
    pub(super) fn booked(&self) -> Decimal {
        self.generated_balance(self.last_booked()) + self.added("BOOK", |_, _| true)
    }

    /// Returns the sum of all transactions with a status that is not booked.
    pub(super) fn sum_of(&self, status: &'static str) -> Decimal {
        if self.listed(status) == "BOOK" && status != "HOLD" {
            return Decimal::ZERO;
        }
        let places = (0..self.unbooked()).map(|place| self.generated_row(place));
        let rows = places.filter(
            |row| matches!(row, Row::Numbered { status: own, .. } | Row::Passing { status: own, .. } if *own == status),
        );
        rows.map(|row| self.amount(row)).sum::<Decimal>() + self.added(status, |_, _| true)
    }

    /// Returns what a transaction adds to the balance, or would.
    pub(super) fn amount(&self, row: Row) -> Decimal {
        match (row, self.account.history()) {
            (Row::Added(number), _) => self.entry(number).map(|entry| entry.amount).unwrap_or_default(),
            (Row::Numbered { number, .. }, Some(history)) => {
                Decimal::new(history.signed(number, self.odd.has_twins), 2)
            }
            (Row::Passing { place, .. }, Some(history)) => Decimal::new(history.unbooked_amount(place, self.today), 2),
            (_, None) => Decimal::ZERO,
        }
    }

    /// Returns the balance after a booked transaction, or `None` for one that is not booked.
    pub(super) fn balance_after(&self, row: Row) -> Option<Decimal> {
        match row {
            Row::Numbered { number, status } if self.listed(status) == "BOOK" => {
                let day = super::history::day_of(number).min(self.today);
                Some(self.generated_balance(number) + self.added("BOOK", |_, entry| entry.day < day))
            }
            Row::Added(number) => {
                let entry = self.entry(number).filter(|entry| self.effective(entry) == "BOOK")?;
                let until = (entry.day, number);
                let last = (first_of(entry.day) + PER_DAY - 1).min(self.last_booked());
                Some(self.generated_balance(last) + self.added("BOOK", |number, entry| (entry.day, number) <= until))
            }
            _ => None,
        }
    }
}

/// The transactions of a statement that a filter lets through, newest first.
#[derive(Debug)]
pub(crate) struct Listing<'a> {
    pub(crate) statement: &'a Statement,
    generated: Range<u64>,
    /// The places of those that were added, with their numbers.
    added: Vec<(u64, usize)>,
}

impl Listing<'_> {
    /// Returns how many there are.
    pub(crate) fn len(&self) -> u64 {
        self.generated.end - self.generated.start + self.added.len() as u64
    }

    /// Returns the transaction at a place.
    pub(crate) fn row(&self, place: u64) -> Row {
        let before = self.added.partition_point(|(own, _)| *own < place);
        match self.added.get(before) {
            Some((own, number)) if *own == place => Row::Added(*number),
            _ => self.statement.generated_row(self.generated.start + place - before as u64),
        }
    }

    /// Returns the place of a transaction, if it is among them.
    pub(super) fn find(&self, row: Row) -> Option<u64> {
        if let Row::Added(number) = row {
            return self.added.iter().find(|(_, own)| *own == number).map(|(place, _)| *place);
        }
        let place = self.statement.generated_place(row).filter(|place| self.generated.contains(place))?;
        let offset = place - self.generated.start;
        // Each that was added before it moves it by one.
        Some(self.added.iter().fold(offset, |place, (own, _)| if *own <= place { place + 1 } else { place }))
    }

    /// Returns the place of a generated transaction among those of its day, for references that count places.
    pub(super) fn place_in_day(&self, place: u64) -> u64 {
        let before = self.added.partition_point(|(own, _)| *own < place) as u64;
        let (place, unbooked) = (self.generated.start + place - before, self.statement.unbooked());
        let per_day = PER_DAY.unsigned_abs();
        if place < unbooked + per_day { place + 1 } else { (place - unbooked) % per_day + 1 }
    }
}
