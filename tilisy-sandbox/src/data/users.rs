//! The people and companies that bank here.

use super::banks::Bank;

/// A test user.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) name: &'static str,
    pub(crate) password: &'static str,
    pub(crate) otp: &'static str,
    pub(crate) psu_type: &'static str,
    /// The name of the account's holder.
    pub(crate) holder: &'static str,
    /// Whether there are accounts to choose from.
    pub(crate) has_accounts: bool,
}

/// Every user; each bank has those of its kinds of PSU.
pub(crate) static USERS: &[User] = &[
    User {
        name: "aino",
        password: "revontulet",
        otp: "123456",
        psu_type: "personal",
        holder: "Aino Mäkelä",
        has_accounts: true,
    },
    User {
        name: "tyyne",
        password: "hiljaa",
        otp: "000000",
        psu_type: "personal",
        holder: "Tyyne Ö. Aaltonen",
        has_accounts: false,
    },
    User {
        name: "yritys",
        password: "lasku",
        otp: "654321",
        psu_type: "business",
        holder: "Pähkinä & Poika Oy",
        has_accounts: true,
    },
];

/// The users of a bank.
pub(crate) fn of(bank: &Bank) -> impl Iterator<Item = &'static User> + use<> {
    let kinds = bank.psu_types;
    USERS.iter().filter(move |user| kinds.contains(&user.psu_type))
}

/// The user of a name at a bank.
pub(crate) fn find(bank: &Bank, name: &str) -> Option<&'static User> {
    of(bank).find(|user| user.name == name)
}

/// The first user of a kind who has accounts.
pub(crate) fn first(bank: &Bank, psu_type: &str) -> Option<&'static User> {
    of(bank).find(|user| user.psu_type == psu_type && user.has_accounts)
}
