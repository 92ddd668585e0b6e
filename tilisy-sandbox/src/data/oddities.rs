//! What may be odd about the data itself, and not only about how an answer is written.

/// How a bank tells its rows otherwise than it should; nothing of it unless a quirk asks for it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Oddities {
    /// References are a day and a place in it.
    pub(crate) counts_places: bool,
    /// The rows of the newest day have no reference yet.
    pub(crate) refers_late: bool,
    /// Some payments were made twice on a day, and differ in their references only.
    pub(crate) has_twins: bool,
    /// What was pending is booked by now.
    pub(crate) books_pending: bool,
    /// What is held is told as booked.
    pub(crate) books_held: bool,
    /// The parties that are named, if it is not as the bank does it.
    pub(crate) parties: Option<Parties>,
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
    /// Whether rows of this status are told as booked.
    pub(super) fn books(self, status: &str) -> bool {
        match status {
            "PDNG" => self.books_pending,
            "HOLD" => self.books_held,
            _ => false,
        }
    }
}
