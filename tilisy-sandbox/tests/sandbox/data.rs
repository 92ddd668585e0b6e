//! What the banks know: enough of everything, in agreement with itself, and the same each time.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tilisy_sandbox::Sandbox;

use crate::Caller;

/// All accounts of a bank's first user of a kind, with the rows of each.
async fn accounts(caller: &Caller, country: &str, bank: &str, psu_type: &str) -> Vec<(Value, Vec<Value>)> {
    let mut body = caller.authorization(country, bank);
    body["psu_type"] = json!(psu_type);
    let session = caller.session(&body).await;
    let mut all = Vec::new();
    for account in session["accounts"].as_array().unwrap() {
        let target = format!("/accounts/{}/transactions", account["uid"].as_str().unwrap());
        let mut rows = Vec::new();
        let mut key: Option<String> = None;
        for _ in 0..12 {
            let query = key.as_deref().map(|key| {
                format!("?continuation_key={}", form_urlencoded::byte_serialize(key.as_bytes()).collect::<String>())
            });
            let page = caller.get(&format!("{target}{}", query.unwrap_or_default())).await.ok();
            rows.extend(page["transactions"].as_array().unwrap().iter().cloned());
            key = page["continuation_key"].as_str().map(str::to_owned);
            if key.is_none() {
                break;
            }
        }
        all.push((account.clone(), rows));
    }
    all
}

/// Every text that stands under a key, anywhere.
fn under(value: &Value, key: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(text)) = map.get(key) {
                found.insert(text.clone());
            }
            map.values().for_each(|value| under(value, key, found));
        }
        Value::Array(items) => items.iter().for_each(|item| under(item, key, found)),
        _ => {}
    }
}

fn values(schema: &str) -> BTreeSet<String> {
    let spec: Value = serde_yaml::from_str(include_str!("../../../spec/tilisy.yaml")).unwrap();
    let values = spec["components"]["schemas"][schema]["oneOf"].as_array().unwrap();
    values.iter().map(|value| value["enum"][0].as_str().unwrap().to_owned()).collect()
}

fn remainder(text: &str) -> u64 {
    text.chars()
        .map(|character| character.to_digit(36).unwrap())
        .fold(0, |rest, digit| (rest * if digit > 9 { 100 } else { 10 } + u64::from(digit)) % 97)
}

#[tokio::test]
async fn there_is_some_of_everything() {
    let caller = Caller::new().await;
    let mut all = accounts(&caller, "FI", "Saimaan Pankki", "personal").await;
    all.extend(accounts(&caller, "SE", "Älvsbanken", "business").await);
    let whole = json!(all);
    let found = |key: &str| {
        let mut found = BTreeSet::new();
        under(&whole, key, &mut found);
        found
    };
    assert_eq!(found("status"), values("TransactionStatus"));
    assert_eq!(found("balance_type"), values("BalanceStatus"));
    assert_eq!(found("cash_account_type"), values("CashAccountType"));
    assert_eq!(found("scheme_name"), values("SchemeName"));
    assert_eq!(found("address_type"), values("AddressType"));
    assert_eq!(found("usage"), values("Usage"));
    assert_eq!(found("credit_debit_indicator"), values("CreditDebitIndicator"));
    assert!(found("currency").len() > 3, "{:?}", found("currency"));
    assert!(found("name").iter().any(|name| !name.is_ascii()));
    for iban in found("iban") {
        assert_eq!(remainder(&format!("{}{}", &iban[4..], &iban[..4])), 1, "{iban}");
    }
    assert!(!found("reference_number").is_empty());
    for reference in found("reference_number") {
        assert_eq!(remainder(&format!("{}{}", &reference[4..], &reference[..4])), 1, "{reference}");
    }
}

#[tokio::test]
async fn there_are_leap_days() {
    let caller = Caller::new().await;
    let mut body = caller.authorization("NO", "Fjordbanken");
    body["psu_type"] = json!("business");
    let session = caller.session(&body).await;
    let uid = session["accounts"][0]["uid"].as_str().unwrap();
    let day = caller.get(&format!("/accounts/{uid}/transactions?date_from=2024-02-29&date_to=2024-02-29")).await.ok();
    assert_eq!(day["transactions"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn balances_agree_with_transactions() {
    let caller = Caller::new().await;
    let hundredths = |value: &Value| value.as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    for (account, rows) in accounts(&caller, "FI", "Saimaan Pankki", "personal").await {
        if rows.len() == 1200 {
            continue; // Not the whole history.
        }
        let balances = account["balances"].as_array().unwrap();
        let balance = |kind: &str| {
            let found = balances.iter().find(|balance| balance["balance_type"] == kind).unwrap();
            hundredths(&found["balance_amount"]["amount"])
        };
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for row in &rows {
            let amount = hundredths(&row["transaction_amount"]["amount"]);
            assert!(amount > 0);
            let signed = if row["credit_debit_indicator"] == "CRDT" { amount } else { -amount };
            *sums.entry(row["status"].as_str().unwrap()).or_default() += signed;
        }
        let sum = |status: &str| sums.get(status).copied().unwrap_or_default();
        assert_eq!(balance("XPCD"), balance("CLBD") + sum("PDNG"));
        assert_eq!(balance("ITAV"), balance("CLBD") + sum("HOLD").min(0));
        // The day before the newest: what is booked since is the difference of two balances. The history has its own
        // beginning, so that booked rows lead from there to today.
        let opening = balance("CLBD") - sum("BOOK");
        assert!((1_000_000..1_600_000).contains(&opening), "{opening}");
    }
}

#[tokio::test]
async fn the_same_seed_makes_the_same_bytes_and_another_makes_others() {
    let data = |seed: u64| async move {
        let caller = Caller::with(Sandbox::builder().seed(seed)).await;
        json!(accounts(&caller, "DE", "Spreebank", "personal").await).to_string()
    };
    let (one, again, other) = (data(1).await, data(1).await, data(2).await);
    assert_eq!(one, again);
    assert_ne!(one, other);
}
