//! Lenient reading of objects, as generated code writes them: every leniency and every refusal.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use openbanking_client_runtime::{decode, object};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// One field of each kind and type.
#[derive(Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct Everything {
    text: Option<String>,
    flag: Option<bool>,
    count: Option<i32>,
    ratio: Option<f64>,
    day: Option<NaiveDate>,
    time: Option<DateTime<Utc>>,
    id: Option<Uuid>,
    amount: Option<Decimal>,
    inner: Option<Inner>,
    boxed: Option<Box<Everything>>,
    any: Option<Value>,
    free: Option<Map<String, Value>>,
    names: Vec<String>,
    inners: Vec<Inner>,
    labels: BTreeMap<String, String>,
    key: Option<String>,
    wished: Option<Vec<String>>,
    r#type: Option<String>,
    scopes: Option<Vec<String>>,
}
object! {
    Everything {
        text: "text" => optional,
        flag: "flag" => optional,
        count: "count" => optional,
        ratio: "ratio" => optional,
        day: "day" => optional,
        time: "time" => optional,
        id: "id" => optional,
        amount: "amount" => optional,
        inner: "inner" => optional,
        boxed: "boxed" => optional,
        any: "any" => optional,
        free: "free" => optional,
        names: "names" => list,
        inners: "inners" => list,
        labels: "labels" => map,
        key: "key" => nullable,
        wished: "wished" => optional,
        r#type: "type" => optional,
        scopes: "scopes" => optional,
    }
}

/// A struct with one required field.
#[derive(Debug, PartialEq)]
pub struct Inner {
    name: String,
}
object!(Inner { name: "name" => required });

/// A struct without fields.
#[derive(Debug, PartialEq)]
pub struct Nothing {}
object!(Nothing {});

/// Everything that must be there.
#[derive(Debug, PartialEq)]
pub struct Strict {
    list: Vec<Inner>,
    map: BTreeMap<String, i64>,
}
object!(Strict { list: "list" => required_list, map: "map" => required_map });

/// Other names.
#[derive(Debug, PartialEq)]
pub struct Aliased {
    number: Option<String>,
}
object!(Aliased { number: "numbder" | "number" | "no" => optional });

fn read(value: Value) -> Everything {
    decode::from_slice(value.to_string().as_bytes()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

#[test]
fn nothing_is_none() {
    let written = json!({ "key": null });
    assert_eq!(serde_json::to_value(Everything::default()).unwrap(), written);
    assert_eq!(read(json!({})), Everything::default());
    for key in [
        "text",
        "flag",
        "count",
        "ratio",
        "day",
        "time",
        "id",
        "amount",
        "inner",
        "boxed",
        "any",
        "free",
        "names",
        "inners",
        "labels",
        "key",
        "wished",
        "type",
        "scopes",
        "never heard of",
    ] {
        assert_eq!(read(json!({ key: null })), Everything::default(), "{key}");
    }
}

#[test]
fn an_empty_string_is_none_unless_the_type_is_a_string() {
    for key in [
        "flag", "count", "ratio", "day", "time", "id", "amount", "inner", "boxed", "free", "inners", "labels", "names",
        "wished", "scopes",
    ] {
        assert_eq!(read(json!({ key: "" })), Everything::default(), "{key}");
    }
    assert_eq!(read(json!({"text": ""})).text.as_deref(), Some(""));
    assert_eq!(read(json!({"key": ""})).key.as_deref(), Some(""));
    assert_eq!(read(json!({"any": ""})).any, Some(json!("")));
}

#[test]
fn lists_lose_null_and_take_one_string() {
    assert_eq!(read(json!({"names": [null, "a", null, ""]})).names, ["a", ""]);
    assert_eq!(read(json!({"names": "a"})).names, ["a"]);
    assert_eq!(read(json!({"wished": "a"})).wished, Some(vec!["a".to_owned()]));
    assert_eq!(read(json!({"wished": []})).wished, Some(vec![]));
    assert_eq!(read(json!({"scopes": [null]})).scopes, Some(vec![]));
    assert_eq!(read(json!({"inners": [null, {"name": "a"}]})).inners, [Inner { name: "a".into() }]);
}

#[test]
fn maps_lose_null_and_free_objects_keep_it() {
    let labels = read(json!({"labels": {"a": null, "b": "c"}})).labels;
    assert_eq!(labels, BTreeMap::from([("b".to_owned(), "c".to_owned())]));
    let free = read(json!({"free": {"a": null, "b": [null]}})).free;
    assert_eq!(Value::from(free.unwrap()), json!({"a": null, "b": [null]}));
}

#[test]
fn what_is_written_reads_back() {
    let full = json!({
        "text": "t", "flag": true, "count": -1, "ratio": 0.5, "day": "2024-02-29", "time": "2024-02-29T12:00:00Z",
        "id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "amount": "1.230", "inner": {"name": "n"},
        "boxed": {"key": null, "text": ""}, "any": [1, null], "free": {"a": null}, "names": ["a"],
        "inners": [{"name": "b"}], "labels": {"x": "y"}, "key": "k", "wished": [], "type": "t", "scopes": [],
    });
    assert_eq!(serde_json::to_value(read(full.clone())).unwrap(), full);
    let from_value: Everything = serde_json::from_value(full.clone()).unwrap();
    let from_reader: Everything = serde_json::from_reader(full.to_string().as_bytes()).unwrap();
    assert_eq!(from_value, read(full.clone()));
    assert_eq!(from_reader, read(full));
}

#[test]
fn everything_else_is_refused() {
    let cases = [
        ("text", json!(1)),
        ("flag", json!("true")),
        ("flag", json!(1)),
        ("count", json!("1")),
        ("count", json!(1.5)),
        ("count", json!(3_000_000_000_i64)),
        ("ratio", json!("0.5")),
        ("day", json!("2024-1-5")),
        ("day", json!("2024-02-30")),
        ("day", json!("2024-02-29T00:00:00Z")),
        ("day", json!("+024-02-29")),
        ("day", json!(" ")),
        ("day", json!(20240229)),
        ("time", json!("2024-02-29")),
        ("time", json!("2024-02-29T12:00:00")),
        ("id", json!("no uuid")),
        ("inner", json!([])),
        ("inner", json!(["a"])),
        ("inner", json!("a")),
        ("inner", json!({})),
        ("inner", json!({"name": null})),
        ("inner", json!(7)),
        ("free", json!([])),
        ("free", json!("a")),
        ("names", json!({})),
        ("names", json!(1)),
        ("names", json!([1])),
        ("names", json!(false)),
        ("inners", json!("a")),
        ("inners", json!({"name": "a"})),
        ("inners", json!([""])),
        ("inners", json!([[]])),
        ("labels", json!([])),
        ("labels", json!("a")),
        ("labels", json!({"a": 1})),
        ("wished", json!({})),
        ("scopes", json!({})),
    ];
    for (key, value) in cases {
        let json = json!({ key: value }).to_string();
        assert!(decode::from_slice::<Everything>(json.as_bytes()).is_err(), "{json}");
        assert!(serde_json::from_str::<Everything>(&json).is_err(), "{json}");
    }
    for json in ["", "null", "[]", "\"\"", "1", "{", "{}x", "{} {}", r#"{"text":"a" "b"}"#, "\u{feff}{}"] {
        assert!(decode::from_slice::<Everything>(json.as_bytes()).is_err(), "{json}");
        assert!(decode::from_slice::<Nothing>(json.as_bytes()).is_err(), "{json}");
    }
    assert!(decode::from_slice::<Everything>(b"{\"text\":\"\xff\"}").is_err());
    assert!(decode::from_slice::<Everything>(b"{\"labels\":{\"\xff\":\"\"}}").is_err());
    assert!(decode::from_slice::<Everything>(br#"{"labels":{"\ud800":""}}"#).is_err());
}

#[test]
fn a_required_list_or_map_may_be_null_and_not_absent() {
    let empty = Strict { list: vec![], map: BTreeMap::new() };
    let read = |json: &str| serde_json::from_str::<Strict>(json).map_err(|error| error.to_string());
    assert_eq!(read(r#"{"list":null,"map":null}"#).as_ref(), Ok(&empty));
    assert_eq!(read(r#"{"list":[null],"map":{"a":null}}"#).as_ref(), Ok(&empty));
    assert_eq!(serde_json::to_string(&empty).unwrap(), r#"{"list":[],"map":{}}"#);
    assert!(read(r#"{"list":[]}"#).unwrap_err().starts_with("missing field `map`"));
    assert!(read(r#"{"map":{}}"#).unwrap_err().starts_with("missing field `list`"));
    for list in ["\"\"", "\"a\"", "{}", "0", "[\"\"]"] {
        assert!(read(&format!(r#"{{"list":{list},"map":{{}}}}"#)).is_err(), "{list}");
    }
    assert!(read(r#"{"list":[],"map":""}"#).is_err());
    assert!(read(r#"{"code":422,"error":"EXPIRED_SESSION"}"#).is_err());
}

#[test]
fn the_wire_name_wins_over_its_aliases() {
    let cases = [
        (r#"{"numbder":"w"}"#, Some("w")),
        (r#"{"number":"a"}"#, Some("a")),
        (r#"{"no":"b"}"#, Some("b")),
        (r#"{"numbder":"w","number":"a"}"#, Some("w")),
        (r#"{"number":"a","numbder":"w"}"#, Some("w")),
        (r#"{"no":"b","number":"a"}"#, Some("a")),
        (r#"{"number":"a","no":"b"}"#, Some("a")),
        (r#"{"no":"b","number":"a","numbder":"w"}"#, Some("w")),
        (r#"{"numbder":"w","number":{"not":"read"}}"#, Some("w")),
        // Null gives way to a value under another name, whichever comes first.
        (r#"{"numbder":null,"number":"a"}"#, Some("a")),
        (r#"{"number":"a","numbder":null}"#, Some("a")),
        (r#"{"numbder":null,"no":"b","number":null}"#, Some("b")),
        (r#"{"numbder":null,"number":null}"#, None),
    ];
    for (json, number) in cases {
        let read: Aliased = serde_json::from_str(json).unwrap();
        assert_eq!(read.number.as_deref(), number, "{json}");
    }
    let written = serde_json::to_string(&Aliased { number: Some("w".into()) }).unwrap();
    assert_eq!(written, r#"{"numbder":"w"}"#);
}

#[test]
fn a_key_given_twice_is_an_error_that_names_the_field() {
    let error = |json: &str| serde_json::from_str::<Aliased>(json).unwrap_err().to_string();
    for json in
        [r#"{"numbder":"a","numbder":"a"}"#, r#"{"number":"a","number":"a"}"#, r#"{"numbder":null,"numbder":null}"#]
    {
        assert!(error(json).starts_with("duplicate field `numbder`"), "{json}");
    }
    for json in [r#"{"labels":{"a":"b","a":"b"}}"#, r#"{"labels":{"a":"b","a":null}}"#] {
        let error = serde_json::from_str::<Everything>(json).unwrap_err().to_string();
        assert!(error.starts_with("expected each key once"), "{error}");
    }
}

#[test]
fn an_object_without_fields_works() {
    assert_eq!(serde_json::from_str::<Nothing>(r#"{"a":1}"#).unwrap(), Nothing {});
    assert_eq!(serde_json::to_string(&Nothing {}).unwrap(), "{}");
}

#[test]
fn deep_and_large_input_is_no_danger() {
    let deep = 100_000;
    let ignored = format!(r#"{{"unheard":{}{},"text":"t"}}"#, "[".repeat(deep), "]".repeat(deep));
    assert_eq!(serde_json::from_str::<Everything>(&ignored).unwrap().text.as_deref(), Some("t"));
    for (open, close) in [(r#"{"boxed":"#, "}"), (r#"{"any":["#, "]}"), (r#"{"inners":["#, "]}")] {
        let json = format!("{}null{}", open.repeat(deep), close.repeat(deep));
        assert!(serde_json::from_str::<Everything>(&json).is_err());
        assert!(serde_json::from_str::<Everything>(&open.repeat(deep)).is_err());
    }
    let digits = format!(r#"{{"amount":{}}}"#, "9".repeat(deep));
    assert!(serde_json::from_str::<Everything>(&digits).is_err());
    let many = format!(r#"{{"names":[{}"a"]}}"#, "null,".repeat(deep));
    assert_eq!(serde_json::from_str::<Everything>(&many).unwrap().names, ["a"]);
}

#[test]
fn nothing_reads_as_unit() {
    for json in ["null", "{}", "[1]", "\"a\""] {
        decode::from_slice::<()>(json.as_bytes()).unwrap();
    }
}
