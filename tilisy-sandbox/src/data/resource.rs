//! Accounts as the API returns them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::balances::balances;
use super::statement::Statement;
use crate::edition::Edition;

/// Returns the account as `POST /sessions` and `GET /accounts/{account_id}/details` do, with its id in that session.
///
/// Each edition has properties that the other does not have.
pub(crate) fn resource(statement: &Statement, uid: Option<Uuid>, edition: Edition) -> Value {
    let account = &statement.account;
    let owner = &account.owner;
    let mut value = json!({
        "account_id": account.identification(),
        "identification_hash": account.hash(),
        "name": owner.holder,
        "product": account.product,
        "cash_account_type": account.cash_account_type,
        "currency": account.currency,
        "usage": if owner.is_business { "ORGA" } else { "PRIV" },
        "psu_status": "Account Holder",
        "details": format!("{} {}", account.product, account.currency),
    });
    if let Some(uid) = uid {
        value["uid"] = json!(uid);
    }
    if !edition.is_current() {
        value["bic_fi"] = json!(owner.bic);
        value["balances"] = balances(statement);
        return value;
    }
    value["identification_hashes"] = json!(account.hashes());
    value["all_account_ids"] = json!(account.identifications());
    value["account_servicer"] = json!({ "bic_fi": owner.bic, "name": owner.bank });
    value["postal_address"] = json!({
        "address_type": if owner.is_business { "Business" } else { "Residential" },
        "street_name": "Rantatie", "building_number": "7", "post_code": "00100", "town_name": "Mallila",
        "country": owner.country,
    });
    if !owner.is_business {
        value["legal_age"] = json!(true);
    }
    if account.cash_account_type == "CARD" {
        value["credit_limit"] = json!({ "amount": "5000.00", "currency": account.currency });
    }
    value
}
