//! 100,000 pages of transactions with something wrong in them, and mutants of every sample: never a panic, and every row
//! that was not touched is kept. Seeded: a failure names the number of its mutant.

use std::collections::BTreeMap;

use fastrand::Rng;
use openbanking_tests::{answered, decode, generate};
use serde_json::{Value, json};
use tilisy_client::types::{HalTransactions, Transaction};
use xtask::workspace;

/// A row with everything in it that a bank tells, and little of it that is required.
fn row(number: usize, random: &mut Rng) -> Value {
    let mut row = json!({
        "entry_reference": number.to_string(),
        "transaction_amount": { "currency": "EUR", "amount": format!("{}.{:02}", random.u32(..10_000), random.u8(..100)) },
        "credit_debit_indicator": random.choice(["CRDT", "DBIT"]),
        "status": random.choice(["BOOK", "PDNG", "NEWS"]),
        "booking_date": "2024-02-29",
        "remittance_information": ["Kiitos", "FI8821291587733472"],
    });
    if random.bool() {
        row["creditor"] = json!({
            "name": "Åsa", "postal_address": { "country": "FI", "address_line": ["a", "b"], "address_type": "HOME" },
        });
        row["creditor_account"] = json!({ "iban": "FI8821291587733472", "other": null });
    }
    if random.bool() {
        row["balance_after_transaction"] = json!({ "currency": "EUR", "amount": -1 });
        row["bank_transaction_code"] = json!({ "description": "x", "code": "12", "sub_code": null });
        row["value_date"] = Value::Null;
    }
    row
}

/// JSON of whatever kind, as text: what a parser of JSON values would not write belongs here too.
const ODD: &[&str] = &[
    "null",
    "true",
    "\"\"",
    "\"[\"",
    "\"x\"",
    "\"2024-02-30\"",
    "\"1e400\"",
    "\"\\ud800\"",
    "\"\\u0000\\u202e\"",
    "[]",
    "[null]",
    "[[[]]]",
    "[\"a\",1]",
    "{}",
    "{\"amount\":1}",
    "{\"a\":1,\"a\":2}",
    "0",
    "-0.0",
    "1e-400",
    "1e400",
    "12345678901234567890123456789012345678901234567890.1",
    "18446744073709551616",
];

/// Changes one thing in a row, and writes it.
fn mutated(mut row: Value, random: &mut Rng) -> String {
    let places = places(&row);
    let Some(place) = random.choice(&places).cloned() else { return row.to_string() };
    let odd = match random.u8(..12) {
        0 => format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)),
        1 => format!("\"{}\"", "ä".repeat(5_000)),
        _ => (*random.choice(ODD.iter()).unwrap()).to_owned(),
    };
    let (parent, key) = place.rsplit_once('/').unwrap();
    let parent = row.pointer_mut(parent).unwrap();
    let mark = "\u{1}mark";
    match (random.u8(..4), parent) {
        (0, Value::Object(entries)) => {
            entries.remove(key);
        }
        // A key that is there twice, or that nobody knows.
        (1, Value::Object(entries)) => {
            let name = if random.bool() { format!("{key}\u{1}") } else { "unknown".to_owned() };
            entries.insert(name, json!(mark));
        }
        (_, Value::Object(entries)) => {
            entries.insert(key.to_owned(), json!(mark));
        }
        (_, Value::Array(items)) => {
            let index: usize = key.parse().unwrap();
            items[index] = json!(mark);
        }
        _ => unreachable!("only what is in something has a place"),
    }
    row.to_string().replace("\\u0001\"", "\"").replace("\"\\u0001mark\"", &odd)
}

/// Where something stands inside of a value.
fn places(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(entries) => entries.iter().map(|(key, value)| (format!("/{key}"), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (format!("/{index}"), value)).collect(),
        _ => Vec::new(),
    };
    inner
        .into_iter()
        .flat_map(|(place, value)| {
            let deeper = places(value).into_iter().map({
                let place = place.clone();
                move |rest| format!("{place}{rest}")
            });
            [place].into_iter().chain(deeper).collect::<Vec<_>>()
        })
        .collect()
}

/// A page in which some rows were touched.
fn check_page(number: u64) -> (usize, usize) {
    let mut random = Rng::with_seed(number);
    let rows: Vec<_> = (0..random.usize(1..8)).map(|number| row(number, &mut random)).collect();
    let mut untouched = BTreeMap::new();
    let texts: Vec<_> = rows
        .into_iter()
        .enumerate()
        .map(|(index, row)| {
            if random.u8(..3) == 0 {
                return mutated(row, &mut random);
            }
            let text = row.to_string();
            untouched.insert(index, serde_json::from_str::<Transaction>(&text).unwrap());
            text
        })
        .collect();
    let page = format!(r#"{{"continuation_key":null,"transactions":[{}]}}"#, texts.join(","));
    let response = answered::<HalTransactions>(200, page.as_bytes());
    let response = response.unwrap_or_else(|error| panic!("mutant {number}: the page is lost: {error}\n{page}"));
    let (good, bad) = (&response.value().transactions, response.bad_rows());
    assert_eq!(good.len() + bad.len(), texts.len(), "mutant {number}: a row is missing\n{page}");
    let mut good = good.iter();
    for (index, text) in texts.iter().enumerate() {
        if let Some(bad) = bad.iter().find(|bad| bad.index() == index) {
            assert!(!untouched.contains_key(&index), "mutant {number}: a good row is refused: {bad}\n{page}");
            assert_eq!(bad.json(), text.as_bytes(), "mutant {number}");
            continue;
        }
        let read = good.next().unwrap();
        assert!(untouched.get(&index).is_none_or(|row| row == read), "mutant {number}: row {index} has changed");
    }
    (texts.len() - untouched.len(), bad.len())
}

#[test]
fn every_row_that_was_not_touched_is_kept() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let counts: Vec<_> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                scope.spawn(move || (part..100_000).step_by(threads as usize).map(check_page).collect::<Vec<_>>())
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert_eq!(counts.len(), 100_000);
    let (touched, bad) = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    // Mutants that all pass, or are all refused, would try nothing.
    assert!(touched > 100_000 && (touched / 10..touched * 9 / 10).contains(&bad), "{bad} of {touched}");
}

/// Changes some bytes.
fn scribbled(text: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..random.usize(1..4) {
        let place = random.usize(..text.len().max(1));
        match random.u8(..4) {
            0 if !text.is_empty() => drop(text.remove(place)),
            1 => text.truncate(place),
            2 => text.insert(place.min(text.len()), random.u8(..)),
            _ if !text.is_empty() => text[place] ^= 1 << random.u8(..8),
            _ => {}
        }
    }
    text
}

#[test]
fn scribbled_samples_are_read_or_refused() {
    let folder = workspace().unwrap().join("spec/examples/tilisy");
    let mut files: Vec<_> = ["operations", "schemas"]
        .iter()
        .flat_map(|inside| std::fs::read_dir(folder.join(inside)).unwrap().map(|entry| entry.unwrap().path()))
        .collect();
    files.sort();
    assert!(files.len() >= 49);
    for (number, file) in files.iter().enumerate() {
        let text = std::fs::read(file).unwrap();
        decode(&text);
        for mutant in 0..100 {
            decode(&scribbled(&text, &mut Rng::with_seed((number * 100 + mutant) as u64)));
        }
    }
}

#[test]
fn scribbled_specs_are_compiled_or_refused() {
    for (spec, mutants) in [("registration", 40), ("tilisy", 4)] {
        let text = std::fs::read(workspace().unwrap().join("spec").join(spec).with_extension("yaml")).unwrap();
        generate(&text);
        for mutant in 0..mutants {
            generate(&scribbled(&text, &mut Rng::with_seed(mutant)));
        }
    }
}
