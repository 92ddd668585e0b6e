//! Accounts as the API returns them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::accounts::Account;
use super::balances::balances;

/// Returns the account as `POST /sessions` does, with its id in that session.
pub(crate) fn resource(account: &Account, uid: Uuid) -> Value {
    let (kind, user) = (account.kind(), account.user());
    json!({
        "uid": uid,
        "account_id": account.identification(),
        "identification_hash": account.hash(),
        "name": user.holder,
        "product": kind.product,
        "cash_account_type": kind.cash_account_type,
        "currency": account.currency(),
        "usage": if user.psu_type == "business" { "ORGA" } else { "PRIV" },
        "psu_status": "Account Holder",
        "bic_fi": account.bank().bic,
        "details": format!("{} {}", kind.product, account.currency()),
        "balances": balances(account),
    })
}
