//! Kinds of accounts, the same at every bank.

/// A kind of account with generated transactions.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) is_business: bool,
    pub(super) cash_account_type: &'static str,
    pub(super) product: &'static str,
    /// The currency; that of the bank if `None`.
    pub(super) currency: Option<&'static str>,
    /// The number of transactions on the first day of the history.
    pub(super) rows: i64,
    pub(super) by: Identified,
}

/// The identifiers of an account outside this service.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Identified {
    Iban,
    /// The number of a card, masked.
    Card,
    /// An account number as the country writes it.
    Domestic,
    Both,
}

pub(super) static KINDS: &[Kind] = &[
    Kind {
        is_business: false,
        cash_account_type: "CACC",
        product: "Käyttötili",
        currency: None,
        rows: 1_000,
        by: Identified::Iban,
    },
    Kind {
        is_business: false,
        cash_account_type: "CARD",
        product: "Luottokortti",
        currency: None,
        rows: 100_000,
        by: Identified::Card,
    },
    Kind {
        is_business: false,
        cash_account_type: "LOAN",
        product: "Asuntolaina",
        currency: None,
        rows: 1,
        by: Identified::Domestic,
    },
    Kind {
        is_business: false,
        cash_account_type: "SVGS",
        product: "Säästötili",
        currency: Some("USD"),
        rows: 0,
        by: Identified::Both,
    },
    Kind {
        is_business: true,
        cash_account_type: "CACC",
        product: "Yritystili",
        currency: None,
        rows: 1_000_000,
        by: Identified::Iban,
    },
    Kind {
        is_business: true,
        cash_account_type: "CASH",
        product: "Kassatili",
        currency: Some("CHF"),
        rows: 1_000,
        by: Identified::Both,
    },
];
