//! The balances of an account, which agree with its transactions.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::statement::{Filter, Row, Statement};
use super::transactions::{amount, reference};

/// Returns every kind of balance: as booked, less what is held, and with what is pending.
pub(crate) fn balances(statement: &Statement) -> Value {
    let booked = statement.booked();
    let (pending, held) = (statement.sum_of("PDNG"), statement.sum_of("HOLD").min(Decimal::ZERO));
    let last = last_booked(statement).and_then(|row| reference(statement, row));
    let balance = |kind: &str, name: &str, sum: Decimal| {
        let mut balance = json!({
            "name": name,
            "balance_type": kind,
            "balance_amount": amount(statement, sum),
            "reference_date": statement.today,
            "last_change_date_time": format!("{}T00:00:00Z", statement.today),
        });
        if let Some(last) = &last {
            balance["last_committed_transaction"] = json!(last);
        }
        balance
    };
    json!([
        balance("CLBD", "Booked balance", booked),
        balance("ITBD", "Booked balance today", booked),
        balance("ITAV", "Available balance", booked + held),
        balance("FWAV", "Available balance tomorrow", booked + held),
        balance("XPCD", "Expected balance", booked + pending),
        balance("VALU", "Balance by value date", booked),
        balance("OTHR", "Credit limit left", Decimal::new(500_000, 2)),
    ])
}

/// Returns the transaction that was booked last.
fn last_booked(statement: &Statement) -> Option<Row> {
    let booked = statement.matching(&Filter { status: Some("BOOK"), ..Filter::default() });
    let listed = (0..booked.len()).map(|place| booked.row(place));
    // Holds that are listed as booked do not count.
    listed.into_iter().find(|row| !matches!(row, Row::Passing { .. }))
}
