//! The balances of an account, which agree with its transactions.

use serde_json::{Value, json};

use super::accounts::Account;
use super::transactions::{amount, balance_after, entry_reference, first_booked, signed, unbooked};

/// Every kind of balance: as booked, with what is held taken off, and with what is on its way.
pub(crate) fn balances(account: &Account) -> Value {
    let unbooked = unbooked(account);
    let mut booked = balance_after(account, unbooked);
    let mut last = unbooked;
    // By their number among the rows that are not booked: SCHD, PDNG, HOLD.
    let sum = |from: u64| if unbooked == 0 { 0 } else { signed(account, from) + signed(account, from + 1) };
    let (mut pending, held) = (sum(2), sum(4));
    if account.odd.books_pending {
        booked += std::mem::take(&mut pending);
        last = first_booked(account);
    }
    let row = |kind: &str, name: &str, hundredths: i64| {
        json!({
            "name": name,
            "balance_type": kind,
            "balance_amount": amount(account, hundredths),
            "reference_date": account.newest,
            "last_change_date_time": format!("{}T12:00:00Z", account.newest),
            "last_committed_transaction": entry_reference(account, last),
        })
    };
    json!([
        row("CLBD", "Booked balance", booked),
        row("ITBD", "Booked balance today", booked),
        row("ITAV", "Available balance", booked + held.min(0)),
        row("FWAV", "Available balance tomorrow", booked + held.min(0)),
        row("XPCD", "Expected balance", booked + pending),
        row("VALU", "Balance by value date", booked),
        row("OTHR", "Credit limit left", 500_000),
    ])
}
