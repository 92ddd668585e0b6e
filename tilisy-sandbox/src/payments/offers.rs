//! The payment types of banks, with their rules, as `GET /aspsps` lists them.

use serde_json::{Map, Value, json};

use crate::data::banks::Bank;

/// Returns the payment types of a bank (`ResponsePaymentType`): those that are usual in its country, with what is special
/// about it.
pub(crate) fn of(bank: &Bank) -> Vec<Value> {
    let profile = &bank.profile;
    let (country, name, currency) = (&profile.country, &profile.name, &profile.currency);
    offers(Offerer { country, name, currency, psu_types: profile.psu_types })
}

/// A bank, as far as its payment types depend on it.
#[derive(Clone, Copy, Debug)]
struct Offerer<'a> {
    country: &'a str,
    name: &'a str,
    currency: &'a str,
    psu_types: &'a [&'a str],
}

fn offers(bank: Offerer<'_>) -> Vec<Value> {
    let kinds = bank.psu_types.iter();
    kinds.flat_map(|psu_type| offers_to(bank, psu_type)).collect()
}

fn offers_to(bank: Offerer<'_>, psu_type: &str) -> Vec<Value> {
    let is_business = psu_type == "business";
    let mut found = match bank.country {
        "SE" => swedish(is_business),
        "NO" => norwegian(is_business),
        country if bank.currency == "EUR" => european(country, is_business),
        _ => vec![domestic(bank.currency)],
    };
    for record in &mut found {
        special(bank.name, record);
        record.insert("psu_type".to_owned(), json!(psu_type));
    }
    found.into_iter().map(Value::Object).collect()
}

type Record = Map<String, Value>;

fn record(fields: Value) -> Record {
    match fields {
        Value::Object(fields) => fields,
        _ => Record::new(),
    }
}

/// The same type for many transfers, with one authorisation.
fn bulk(single: &Record, payment_type: &str, most: u32) -> Record {
    let mut record = single.clone();
    record.insert("payment_type".to_owned(), json!(payment_type));
    record.insert("max_transactions".to_owned(), json!(most));
    record
}

fn european(country: &str, is_business: bool) -> Vec<Record> {
    let national = match country {
        "FI" => json!(["FIRF", "INTL"]),
        "BE" => json!(["BERF", "INTL"]),
        _ => json!(["INTL"]),
    };
    let sepa = record(json!({
        "payment_type": "SEPA",
        "max_transactions": 1,
        "currencies": ["EUR"],
        "debtor_account_required": false,
        "debtor_account_schemas": ["IBAN"],
        "creditor_account_schemas": ["IBAN"],
        "priority_codes": ["NORM"],
        "charge_bearer_values": ["SLEV"],
        "creditor_name_required": true,
        "remittance_information_required": true,
        "remittance_information_lines": [{ "min_length": 1, "max_length": 140, "pattern": "^.{1,140}$" }],
        "reference_number_supported": true,
        "reference_number_schemas": national,
        "requested_execution_date_supported": true,
        "requested_execution_date_max_period": 365,
        "final_successful_statuses": ["ACSC"],
        "deferred_submission_supported": false,
    }));
    let mut instant = sepa.clone();
    instant.insert("payment_type".to_owned(), json!("INST_SEPA"));
    instant.insert("priority_codes".to_owned(), json!(["HIGH", "NORM"]));
    instant.insert("requested_execution_date_supported".to_owned(), json!(false));
    instant.remove("requested_execution_date_max_period");
    instant.insert("final_successful_statuses".to_owned(), json!(["ACCC"]));
    let mut all = vec![sepa, instant];
    if is_business {
        all.extend(all.first().map(|sepa| bulk(sepa, "BULK_SEPA", 500)));
    }
    all
}

fn swedish(is_business: bool) -> Vec<Record> {
    let mut transfer = domestic("SEK");
    transfer.insert("debtor_account_schemas".to_owned(), json!(["IBAN", "BBAN"]));
    transfer.insert("creditor_account_schemas".to_owned(), json!(["BBAN"]));
    transfer.insert("remittance_information_lines".to_owned(), json!([{ "max_length": 12 }]));
    let giro = record(json!({
        "payment_type": "DOMESTIC_SE_GIRO",
        "max_transactions": 1,
        "currencies": ["SEK"],
        "debtor_account_schemas": ["IBAN", "BBAN"],
        "creditor_account_schemas": ["BGNR", "PGNR"],
        "remittance_information_lines": [{ "min_length": 1, "max_length": 25 }],
        "reference_number_supported": true,
        "reference_number_schemas": ["SEBG"],
        "requested_execution_date_supported": true,
        "requested_execution_date_max_period": 365,
        "final_successful_statuses": ["ACSC"],
    }));
    let mut all = vec![transfer, giro];
    if is_business {
        all.extend(all.last().map(|giro| bulk(giro, "BULK_DOMESTIC_SE_GIRO", 100)));
    }
    all
}

fn norwegian(is_business: bool) -> Vec<Record> {
    let mut transfer = domestic("NOK");
    transfer.insert("creditor_account_schemas".to_owned(), json!(["BBAN", "IBAN"]));
    transfer.insert("reference_number_supported".to_owned(), json!(true));
    transfer.insert("reference_number_schemas".to_owned(), json!(["NORF"]));
    transfer.insert("final_successful_statuses".to_owned(), json!(["ACCC"]));
    let abroad = record(json!({
        "payment_type": "CROSSBORDER",
        "max_transactions": 1,
        "currencies": ["NOK", "EUR", "USD", "SEK", "JPY"],
        "creditor_account_schemas": ["IBAN", "BBAN"],
        "priority_codes": ["NORM", "HIGH"],
        "charge_bearer_values": ["SHAR", "DEBT", "CRED"],
        "creditor_name_required": true,
        "creditor_country_required": true,
        "creditor_postal_address_required": true,
        "creditor_agent_bic_fi_required": true,
        "debtor_currency_required": true,
        "remittance_information_required": true,
        "remittance_information_lines": [{ "max_length": 35 }, { "max_length": 35 }, { "max_length": 35 }, { "max_length": 35 }],
        "regulatory_reporting_code_required": true,
        "regulatory_reporting_codes": [
            { "value": "14", "description": "Purchase or sale of goods" },
            { "value": "29", "description": "Other purchase or sale of services" },
            { "value": "81", "description": "Gifts and grants" },
        ],
        "final_successful_statuses": ["ACSC"],
    }));
    let mut all = vec![transfer, abroad];
    if is_business {
        all.extend(all.first().map(|single| bulk(single, "BULK_DOMESTIC", 100)));
    }
    all
}

fn domestic(currency: &str) -> Record {
    record(json!({
        "payment_type": "DOMESTIC",
        "max_transactions": 1,
        "currencies": [currency],
        "debtor_account_schemas": ["IBAN", "BBAN"],
        "creditor_account_schemas": ["BBAN", "IBAN"],
        "remittance_information_lines": [{ "max_length": 140 }],
        "requested_execution_date_supported": true,
        "requested_execution_date_max_period": 365,
        "final_successful_statuses": ["ACSC"],
    }))
}

/// Changes what is special about single banks.
fn special(bank: &str, record: &mut Record) {
    let mut set = |key: &str, value: Value| drop(record.insert(key.to_owned(), value));
    match bank {
        "Saimaan Pankki" => {
            set("deferred_submission_supported", json!(true));
            set("remittance_reference_supported", json!(true));
            set("remittance_information_required", json!(false));
        }
        "Revontuli" => set("remittance_information_required", json!(false)),
        "Fjällkassan" => set("creditor_agent_clearing_system_member_id_required", json!(true)),
        "Müller & Söhne" => {
            set("debtor_account_required", json!(true));
            set("allowed_auth_methods", json!(["password"]));
        }
        "Spreebank" => set("debtor_contact_phone_required", json!(true)),
        "Crédit du Midi" => {
            set("debtor_contact_email_required", json!(true));
            set("final_successful_statuses", json!(["ACSP", "ACSC"]));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(name: &str, country: &str, currency: &str, psu_types: &[&str]) -> Vec<String> {
        let records = offers(Offerer { country, name, currency, psu_types });
        let text = |record: &Value, key: &str| record[key].as_str().unwrap_or_default().to_owned();
        records.iter().map(|record| format!("{} {}", text(record, "psu_type"), text(record, "payment_type"))).collect()
    }

    #[test]
    fn banks_offer_what_is_usual_in_their_country() {
        assert_eq!(types("Spreebank", "DE", "EUR", &["personal"]), ["personal SEPA", "personal INST_SEPA"]);
        assert_eq!(
            types("Crédit du Midi", "FR", "EUR", &["business"]),
            ["business SEPA", "business INST_SEPA", "business BULK_SEPA"]
        );
        assert_eq!(
            types("Fjällkassan", "SE", "SEK", &["personal"]),
            ["personal DOMESTIC", "personal DOMESTIC_SE_GIRO"]
        );
        assert!(types("A", "SE", "SEK", &["business"]).contains(&"business BULK_DOMESTIC_SE_GIRO".to_owned()));
        assert_eq!(types("Fjordbanken", "NO", "NOK", &["personal"]), ["personal DOMESTIC", "personal CROSSBORDER"]);
        assert_eq!(types("Other", "PL", "PLN", &["personal"]), ["personal DOMESTIC"]);
    }

    #[test]
    fn deferred_submission_is_special_to_one_bank() {
        let deferred = |name: &str| {
            let records = offers(Offerer { country: "FI", name, currency: "EUR", psu_types: &["personal"] });
            records.iter().all(|record| record["deferred_submission_supported"] == json!(true))
        };
        assert!(deferred("Saimaan Pankki") && !deferred("Revontuli"));
    }
}
