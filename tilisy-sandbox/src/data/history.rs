//! Generated transactions: each is a pure function of its number, however many there are.
//!
//! Numbers rise with time, and each day has three. The balance after a transaction is a function of its number, and its
//! amount is the difference to the balance before it. So balances and transactions agree without adding up a million
//! transactions, and a transaction stays the same when the clock moves on.

use chrono::{Days, NaiveDate};

use crate::random::mix;

/// The number of transactions that are booked on one day.
pub(super) const PER_DAY: i64 = 3;

/// The statuses of the transactions that are not booked, newest first; two of each are listed.
pub(super) const UNBOOKED: &[&str] = &["SCHD", "PDNG", "HOLD", "CNCL", "RJCT", "OTHR"];

/// Among so many booked transactions, the first two are alike at banks with twins. Both are of one day.
const TWINS: i64 = 16 * PER_DAY;

/// The number of booked transactions from which on an account also has some that are not booked.
const LONG: i64 = 88;

/// The day from which numbers count.
const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 31) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Returns the number of the first transaction that is booked on a day.
pub(super) fn first_of(day: NaiveDate) -> i64 {
    day.signed_duration_since(EPOCH).num_days() * PER_DAY
}

/// Returns the day on which a transaction is booked.
pub(super) fn day_of(number: i64) -> NaiveDate {
    let days = number.div_euclid(PER_DAY);
    let moved = Days::new(days.unsigned_abs());
    let day = if days < 0 { EPOCH.checked_sub_days(moved) } else { EPOCH.checked_add_days(moved) };
    day.unwrap_or(EPOCH)
}

/// Returns the value that the contents of a transaction derive from: it falls as numbers rise.
pub(super) fn key(number: i64) -> u64 {
    14_i64.saturating_sub(number).cast_unsigned()
}

/// The generated transactions of an account.
#[derive(Debug)]
pub(super) struct History {
    /// The values that everything about the account derives from.
    parts: [u64; 4],
    /// The number of transactions that were booked by the epoch.
    booked: i64,
    /// Set if each day brings new ones.
    grows: bool,
}

impl History {
    pub(super) fn new(parts: [u64; 4], rows: i64) -> Self {
        let is_long = rows >= LONG + 2 * UNBOOKED.len() as i64;
        let booked = if is_long { rows - 2 * UNBOOKED.len() as i64 } else { rows };
        Self { parts, booked, grows: is_long }
    }

    /// Returns the five values from which something derives.
    pub(super) fn parts(&self, own: u64) -> [u64; 5] {
        let [seed, bank, user, number] = self.parts;
        [seed, bank, user, number, own]
    }

    /// Returns the number of transactions that are listed before the booked ones.
    pub(super) fn unbooked(&self) -> u64 {
        if self.grows { 2 * UNBOOKED.len() as u64 } else { 0 }
    }

    /// Returns the number of the oldest transaction.
    pub(super) fn first(&self) -> i64 {
        PER_DAY - self.booked
    }

    /// Returns the number of the transaction that was booked last.
    pub(super) fn last(&self, today: NaiveDate) -> i64 {
        let last = first_of(today) + PER_DAY - 1;
        if self.grows { last } else { last.min(PER_DAY - 1) }
    }

    /// Returns how many transactions are booked.
    pub(super) fn count(&self, today: NaiveDate) -> u64 {
        u64::try_from(self.last(today) - self.first() + 1).unwrap_or_default()
    }

    /// Returns the transaction whose contents another has: its own, except for the second of two that are alike.
    pub(super) fn original(&self, number: i64, has_twins: bool) -> i64 {
        let is_second = has_twins && (PER_DAY - 1 - number).rem_euclid(TWINS) == 1 && number > self.first();
        if is_second { number + 1 } else { number }
    }

    /// Returns the balance after a booked transaction, in hundredths. Neighbors differ by an odd number, so that no
    /// amount is zero.
    pub(super) fn balance_after(&self, number: i64, has_twins: bool) -> i64 {
        match self.original(number, has_twins) {
            // Halfway between its neighbors, for two amounts that are the same.
            first if first != number => (self.plain_balance(first) + self.plain_balance(number - 1)) / 2,
            _ => self.plain_balance(number),
        }
    }

    fn plain_balance(&self, number: i64) -> i64 {
        let key = key(number.max(self.first() - 1));
        let spread = i64::try_from(mix(&self.parts(key)) % 250_000).unwrap_or_default();
        1_000_000 + 2 * spread + i64::from(key % 2 == 1)
    }

    /// Returns what a transaction adds to the balance, in hundredths.
    pub(super) fn signed(&self, number: i64, has_twins: bool) -> i64 {
        self.balance_after(number, has_twins) - self.balance_after(number - 1, has_twins)
    }

    /// Returns what a transaction would add to the balance that never will be booked.
    pub(super) fn unbooked_amount(&self, place: u64, today: NaiveDate) -> i64 {
        let parts = mix(&[mix(&self.parts(place)), first_of(today).cast_unsigned()]);
        let sum = i64::try_from(parts % 20_000).unwrap_or_default() * 2 + 1;
        if place.is_multiple_of(2) { -sum } else { sum }
    }
}
