//! `Debug` never shows what is marked hidden.

#![allow(dead_code, reason = "only `Debug` reads some fields")]

use std::collections::BTreeMap;

use openbanking_client_runtime::redacted_debug;

const CANARY: &str = "FI2112345600000785";

struct Account {
    r#type: String,
    name: String,
    iban: Option<String>,
    alias: Option<String>,
    lines: Vec<String>,
    labels: BTreeMap<String, String>,
    owner: Option<Vec<String>>,
    parent: Box<(String,)>,
    currency: Option<String>,
}
redacted_debug! {
    Account {
        r#type: shown,
        name: hidden,
        iban: hidden,
        alias: hidden,
        lines: hidden,
        labels: hidden,
        owner: hidden,
        parent: hidden,
        currency: shown,
    }
}

struct Names(Vec<String>);
redacted_debug!(Names(hidden));

struct Count(u8);
redacted_debug!(Count(shown));

struct Empty {}
redacted_debug!(Empty {});

#[test]
fn hidden_fields_say_only_whether_and_how_many() {
    let secret = || CANARY.to_owned();
    let account = Account {
        r#type: "CACC".into(),
        name: secret(),
        iban: Some(secret()),
        alias: None,
        lines: vec![secret(), secret()],
        labels: BTreeMap::from([(secret(), secret())]),
        owner: Some(vec![secret()]),
        parent: Box::new((secret(),)),
        currency: Some("EUR".into()),
    };
    let text = format!("{account:?}");
    assert_eq!(
        text,
        "Account { type: \"CACC\", name: [redacted], iban: Some([redacted]), alias: None, lines: [2 redacted], \
         labels: [1 redacted], owner: Some([redacted]), parent: [redacted], currency: Some(\"EUR\") }"
    );
    assert!(!format!("{account:#?}").contains(CANARY));
    assert_eq!((account.name, account.iban), (secret(), Some(secret())));
    assert_eq!((account.alias, account.lines.len(), account.labels.len()), (None, 2, 1));
    assert_eq!((account.owner.map(|all| all.len()), account.parent.0), (Some(1), secret()));
}

#[test]
fn structs_around_one_value_and_around_none_work() {
    let names = Names(vec![CANARY.into()]);
    assert_eq!(format!("{names:?} {:?} {:?}", Count(3), Empty {}), "Names([1 redacted]) Count(3) Empty");
}
