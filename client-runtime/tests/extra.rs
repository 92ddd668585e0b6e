//! Properties that a type does not list are kept, read, set and written.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::collections::{BTreeMap, HashMap};

use openbanking_client_runtime::decode::{self, Decode};
use openbanking_client_runtime::extra::Extra;
use openbanking_client_runtime::{object, redacted_debug};
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, MapDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const CANARY: &str = "FI2112345600000785";

#[derive(Clone, PartialEq)]
struct Account {
    id: Option<String>,
    owner: Option<Box<Account>>,
    parts: Vec<Account>,
    extra_: Extra,
}
object! {
    Account {
        id: "id" | "identifier" => optional,
        owner: "owner" => optional,
        parts: "parts" => list,
        ..extra_
    }
}
redacted_debug!(Account { id: shown, owner: shown, parts: shown, ..extra_ });

#[derive(Clone, PartialEq)]
struct Bare {
    extra_: Extra,
}
object!(Bare { ..extra_ });
redacted_debug!(Bare { ..extra_ });

fn read(json: &str) -> Account {
    decode::from_slice(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn properties(extra: &Extra) -> Vec<(&str, &str)> {
    extra.iter().collect()
}

fn empty() -> Account {
    read("{}")
}

#[test]
fn unlisted_properties_are_kept_as_text_and_written_again() {
    let json = r#"{"id":"1","a":{ "b": 1.10 },"ä\"":"\u00e4","n":null,"big":123456789012345678901234567890}"#;
    let account = read(json);
    assert_eq!(account.id.as_deref(), Some("1"));
    assert_eq!(
        properties(&account.extra_),
        [("a", r#"{ "b": 1.10 }"#), ("ä\"", r#""\u00e4""#), ("n", "null"), ("big", "123456789012345678901234567890")]
    );
    assert_eq!((account.extra_.len(), account.extra_.is_empty()), (4, false));
    assert_eq!(serde_json::to_string(&account).unwrap(), json);
    assert_eq!(read(&serde_json::to_string(&account).unwrap()), account);
}

#[test]
fn objects_inside_of_others_keep_their_own() {
    let json = r#"{"owner":{"x":1},"parts":[{"y":[2]},{"owner":{"w":true},"z":"3"}],"v":{}}"#;
    let account = read(json);
    assert_eq!(properties(&account.owner.as_ref().unwrap().extra_), [("x", "1")]);
    assert_eq!(properties(&account.parts[0].extra_), [("y", "[2]")]);
    assert_eq!(properties(&account.extra_), [("v", "{}")]);
    assert_eq!(serde_json::to_string(&account).unwrap(), json);
}

#[test]
fn listed_names_and_aliases_are_not_extra() {
    let account = read(r#"{"identifier":"a","id":"b","owner":null,"parts":null,"Id":"c"}"#);
    assert_eq!(account.id.as_deref(), Some("b"));
    assert_eq!(properties(&account.extra_), [("Id", r#""c""#)]);
    assert!(empty().extra_.is_empty() && empty().extra_.iter().next().is_none());
}

#[test]
fn values_are_parsed_on_access() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Limits<'a> {
        currency: &'a str,
        daily: f64,
    }
    let account = read(r#"{"limits":{"currency":"EUR","daily":5.5},"tier":3,"none":null,"big":1e999}"#);
    let extra = &account.extra_;
    assert_eq!(extra.get("limits"), Ok(Some(Limits { currency: "EUR", daily: 5.5 })));
    assert_eq!(extra.get("tier"), Ok(Some(3_u8)));
    assert_eq!(extra.get::<Option<u8>>("none"), Ok(Some(None)));
    assert_eq!(extra.get::<u8>("other"), Ok(None));
    assert_eq!(extra.get::<Value>("limits").unwrap(), Some(json!({ "currency": "EUR", "daily": 5.5 })));
    let error = extra.get::<u8>("limits").unwrap_err();
    assert_eq!(error.to_string(), "the unlisted property has another type: expected u8");
    let error = extra.get::<f64>("big").unwrap_err();
    assert_eq!(error.to_string(), "the unlisted property is nested too deeply, or has a number that is too large");
}

#[test]
fn errors_and_debug_show_no_name_and_no_value() {
    let account = read(&format!(r#"{{"{CANARY}":"{CANARY}","owner":{{"b":"{CANARY}"}}}}"#));
    let error = account.extra_.get::<u8>(CANARY).unwrap_err();
    let shown = format!("{account:?} {account:#?} {:?} {error} {error:?}", account.extra_);
    assert!(!shown.contains(CANARY), "{shown}");
    let owner = "Some(Account { id: None, owner: None, parts: [], extra: [1 redacted] })";
    assert_eq!(
        format!("{account:?}"),
        format!("Account {{ id: None, owner: {owner}, parts: [], extra: [1 redacted] }}")
    );
    assert_eq!(format!("{:?}", empty()), "Account { id: None, owner: None, parts: [] }");
    assert_eq!(format!("{:?}", serde_json::from_str::<Bare>("{}").unwrap()), "Bare");
}

#[test]
fn a_repeated_name_keeps_all_values_and_the_last_one_counts() {
    let json = r#"{"a":1,"b":2,"a":3}"#;
    let account = read(json);
    assert_eq!(account.extra_.get("a"), Ok(Some(3)));
    assert_eq!(account.extra_.len(), 3);
    assert_eq!(serde_json::to_string(&account).unwrap(), json);
}

#[test]
fn equality_does_not_depend_on_the_order_of_names() {
    assert_eq!(read(r#"{"a":1,"b":2}"#), read(r#"{"b":2,"a":1}"#));
    for json in [r#"{"a":1}"#, r#"{"a":1,"b":3}"#, r#"{"a":1,"c":2}"#, r#"{"a":1,"b":2,"b":2}"#] {
        assert_ne!(read(r#"{"a":1,"b":2}"#), read(json), "{json}");
    }
    assert_ne!(read(r#"{"a":1,"a":2}"#), read(r#"{"a":2,"a":1}"#));
}

#[test]
fn text_with_line_breaks_is_kept_on_one_line() {
    let account = read("{\"a\": {\n\t\"b c\" : [ 1,\r\n 2 ]\n} }");
    assert_eq!(account.extra_.raw("a"), Some(r#"{"b c":[1,2]}"#));
    assert_eq!(read(&serde_json::to_string(&account).unwrap()), account);
}

#[test]
fn a_set_property_is_written_and_replaces_one_of_the_same_name() {
    let mut account = read(r#"{"a":1,"b":2,"a":3}"#);
    account.extra_.set::<Account>("a", "x").unwrap();
    account.extra_.set::<Account>("c", &json!({ "d": [1, null] })).unwrap();
    assert_eq!(serde_json::to_string(&account).unwrap(), r#"{"b":2,"a":"x","c":{"d":[1,null]}}"#);
    let before = account.clone();
    for name in ["id", "identifier", "owner", "parts"] {
        let error = account.extra_.set::<Account>(name, &1).unwrap_err();
        let wanted = format!("`{name}` is a property that the API description lists (set its field instead)");
        assert_eq!(error.to_string(), wanted);
    }
    let error = account.extra_.set::<Account>("f", &HashMap::from([((1, 2), CANARY)])).unwrap_err();
    assert_eq!(error.to_string(), "the value cannot be written as JSON");
    assert_eq!(account, before);
}

#[test]
fn other_deserializers_than_that_of_json_text_work() {
    let json = json!({ "id": "1", "a": { "b": [1, 1.5, true, null, "c"] }, "owner": { "x": -1 } });
    let from_text = read(&json.to_string());
    assert_eq!(serde_json::from_value::<Account>(json.clone()).unwrap(), from_text);
    assert_eq!(Account::deserialize(&json).unwrap(), from_text);
    assert_eq!(serde_json::from_reader::<_, Account>(json.to_string().as_bytes()).unwrap(), from_text);
    assert_eq!(serde_json::from_slice::<Account>(json.to_string().as_bytes()).unwrap(), from_text);
    let mut track = serde_path_to_error::Track::new();
    let text = json.to_string();
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    assert_eq!(Account::decode(tracked).unwrap(), from_text);
    assert_eq!(serde_json::to_value(&from_text).unwrap(), json);

    // serde keeps the values of such types in a form of its own first.
    #[derive(Deserialize)]
    struct Outer {
        #[serde(flatten)]
        account: Account,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Account(Account),
    }
    assert!(serde_json::from_value::<Outer>(json.clone()).unwrap().account == from_text);
    let Either::Account(account) = serde_json::from_str(&json.to_string()).unwrap();
    assert_eq!(account, from_text);
}

#[test]
fn values_that_json_does_not_have_are_null() {
    let values: BTreeMap<&str, f64> = BTreeMap::from([("id_", 1.5), ("nan", f64::NAN)]);
    let map = MapDeserializer::<_, ValueError>::new(values.into_iter());
    let account = Account::deserialize(map).unwrap();
    assert_eq!(properties(&account.extra_), [("id_", "1.5"), ("nan", "null")]);

    let bytes = HashMap::from([("bytes", serde::de::value::BytesDeserializer::<ValueError>::new(b"\xff"))]);
    let account = Account::deserialize(MapDeserializer::new(bytes.into_iter().map(|(k, v)| (k, Wrapped(v))))).unwrap();
    assert_eq!(properties(&account.extra_), [("bytes", "null")]);

    let keys = BTreeMap::from([(-1, true), (2, false)]);
    let map = MapDeserializer::<_, ValueError>::new(keys.into_iter());
    let outer =
        MapDeserializer::new([("keys", Wrapped(serde::de::value::MapAccessDeserializer::new(map)))].into_iter());
    let account = Account::deserialize(outer).unwrap();
    assert_eq!(properties(&account.extra_), [("keys", r#"{"-1":true,"2":false}"#)]);
}

/// A deserializer as a value of another one.
struct Wrapped<D>(D);

impl<'de, D: serde::Deserializer<'de, Error = ValueError>> IntoDeserializer<'de, ValueError> for Wrapped<D> {
    type Deserializer = D;

    fn into_deserializer(self) -> D {
        self.0
    }
}

#[test]
fn a_member_named_as_serde_json_names_raw_text_is_data() {
    let json = r#"{"a":{"$serde_json::private::RawValue":"]"},"$serde_json::private::RawValue":"]"}"#;
    let account = read(json);
    assert_eq!(serde_json::to_string(&account).unwrap(), json);
}

#[test]
fn broken_and_deep_json_is_no_danger() {
    for json in [r#"{"a":}"#, r#"{"a":1"#, r#"{"a":[1}"#, r#"{"a":nul}"#, r#"{"a" 1}"#, "{\"a\":\"\n\"}"] {
        assert!(decode::from_slice::<Account>(json.as_bytes()).is_err(), "{json}");
    }
    let deep = 100_000;
    let json = format!(r#"{{"a":{}{}}}"#, "[".repeat(deep), "]".repeat(deep));
    let account = read(&json);
    assert!(account.extra_.get::<Value>("a").is_err());
    assert_eq!(serde_json::to_string(&account).unwrap(), json);
    assert!(serde_json::to_value(&account).is_err());
}

#[test]
fn an_empty_extra_takes_one_pointer() {
    assert_eq!(size_of::<Extra>(), size_of::<usize>());
    assert_eq!(Extra::new(), Extra::default());
}

#[test]
fn a_generated_type_can_be_the_value_of_an_unlisted_property() {
    #[derive(Serialize)]
    struct Mine<'a>(&'a Account);
    let inner = read(r#"{"id":"1","x":1}"#);
    let mut account = empty();
    account.extra_.set::<Account>("inner", &Mine(&inner)).unwrap();
    assert_eq!(account.extra_.get::<Account>("inner"), Ok(Some(inner)));
}
