//! Odd ways in which banks keep their data and answer, apart from the form of single values.

/// The oddities of a bank or of a request; none by default.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Oddities {
    /// References are a day and a place in it.
    pub(crate) counts_places: bool,
    /// The transactions of the newest day have no reference yet.
    pub(crate) refers_late: bool,
    /// Some payments were made twice on a day, and differ in their references only.
    pub(crate) has_twins: bool,
    /// Pending transactions are listed as booked.
    pub(crate) books_pending: bool,
    /// Pending transactions have another reference than when they are booked.
    pub(crate) refers_provisionally: bool,
    /// Holds are listed as booked.
    pub(crate) books_held: bool,
    /// The parties that transactions name, if they differ from the bank's own.
    pub(crate) parties: Option<Parties>,
    /// The bank answers no request for data.
    pub(crate) is_down: bool,
    /// The bank does not answer in time.
    pub(crate) is_slow: bool,
    /// The PSU has to do something at the bank before it answers.
    pub(crate) wants_action: bool,
    /// The bank answers four unattended requests for an account in a day.
    pub(crate) limits_days: bool,
    /// The bank answers a fixed number of requests under one consent.
    pub(crate) limits_consents: bool,
    /// The last page is sent twice, with the same key.
    pub(crate) repeats_last_page: bool,
    /// Pages have ten transactions.
    pub(crate) has_small_pages: bool,
    /// A period that is too long is refused in the bank's own words.
    pub(crate) refuses_period_in_words: bool,
    /// A period that is too long is refused without the first day that would work.
    pub(crate) refuses_period_without_date: bool,
    /// The key of a next page is refused.
    pub(crate) refuses_keys: bool,
    /// Only current accounts are shared, unless a consent asks for balances and transactions in so many words.
    pub(crate) shares_current_accounts: bool,
    /// Pending transactions cannot be asked for.
    pub(crate) refuses_pending: bool,
    /// Balances cannot be asked for.
    pub(crate) refuses_balances: bool,
    /// Payments are rejected after their authorisation.
    pub(crate) rejects_payments: bool,
    /// Every second transfer of a payment is rejected.
    pub(crate) pays_in_part: bool,
    /// Payments never come to their last status.
    pub(crate) never_settles: bool,
}

/// The parties that a bank names in a transaction.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Parties {
    /// The other party, without the holder of the account.
    Other,
    /// Both parties.
    Both,
    /// The holder of the account, without the other party.
    Holder,
    /// The other party, by its address and without a name.
    Address,
}

impl Oddities {
    /// Returns whether transactions with this status are listed as booked.
    pub(crate) fn books(self, status: &str) -> bool {
        match status {
            "PDNG" => self.books_pending,
            "HOLD" => self.books_held,
            _ => false,
        }
    }
}
