//! The client that a competent user writes by hand for one page of transactions: reqwest, serde's derive, plain structs
//! with every field of the document, texts as `String`, what may be missing as `Option`.
#![allow(missing_docs, reason = "as a user would write it")]

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base_url: String,
    token: String,
}

impl Client {
    pub fn new(http: reqwest::Client, base_url: impl Into<String>, token: impl Into<String>) -> Self {
        Self { http, base_url: base_url.into(), token: token.into() }
    }

    pub async fn transactions(&self, account: &str, key: Option<&str>) -> reqwest::Result<Page> {
        let url = format!("{}/accounts/{account}/transactions", self.base_url);
        let mut request = self.http.get(url).bearer_auth(&self.token);
        if let Some(key) = key {
            request = request.query(&[("continuation_key", key)]);
        }
        request.send().await?.error_for_status()?.json().await
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Page {
    pub continuation_key: Option<String>,
    pub transactions: Vec<Transaction>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Transaction {
    pub bank_transaction_code: Option<BankTransactionCode>,
    pub booking_date: Option<String>,
    pub credit_debit_indicator: String,
    pub creditor: Option<Party>,
    pub creditor_account: Option<Account>,
    pub debtor: Option<Party>,
    pub debtor_account: Option<Account>,
    pub entry_reference: Option<String>,
    pub merchant_category_code: Option<String>,
    pub reference_number: Option<String>,
    #[serde(default)]
    pub remittance_information: Vec<String>,
    pub status: String,
    pub transaction_amount: Amount,
    pub transaction_date: Option<String>,
    pub value_date: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Amount {
    pub amount: String,
    pub currency: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct BankTransactionCode {
    pub code: Option<String>,
    pub description: String,
    pub sub_code: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Party {
    pub name: Option<String>,
    pub organisation_id: Option<Identification>,
    pub postal_address: Option<Address>,
    pub private_id: Option<Identification>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Account {
    pub iban: Option<String>,
    pub other: Option<Identification>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Identification {
    pub identification: String,
    pub issuer: Option<String>,
    pub scheme_name: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Address {
    #[serde(default)]
    pub address_line: Vec<String>,
    pub address_type: Option<String>,
    #[serde(rename = "building_numbder")]
    pub building_number: Option<String>,
    pub country: String,
    pub country_sub_division: Option<String>,
    pub department: Option<String>,
    pub post_code: Option<String>,
    pub street_name: Option<String>,
    pub sub_department: Option<String>,
    pub town_name: Option<String>,
}
