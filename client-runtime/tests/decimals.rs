//! Decimals keep every digit, or are refused.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use openbanking_client_runtime::decode::{self, Decode, parse_decimal};
use openbanking_client_runtime::object;
use rust_decimal::Decimal;

/// Amounts of every kind.
#[derive(Debug, PartialEq)]
struct Amounts {
    text: Option<Decimal>,
    number: Decimal,
    maybe: Option<Decimal>,
    null: Option<Decimal>,
    many: Vec<Decimal>,
}
object! {
    Amounts {
        text: "text" => optional,
        number: "number" => required number,
        maybe: "maybe" => optional number,
        null: "null" => nullable number,
        many: "many" => list number,
    }
}

fn read(json: &str) -> Result<Decimal, serde_json::Error> {
    decode::from_slice(json.as_bytes())
}

#[test]
fn digits_and_scale_are_kept() {
    for (json, text) in [
        ("\"1.230\"", "1.230"),
        ("1.230", "1.230"),
        ("1.10", "1.10"),
        ("0.1", "0.1"),
        ("\"-12.50\"", "-12.50"),
        ("-12.50", "-12.50"),
        ("\"+5\"", "5"),
        ("0", "0"),
        ("\"0.00\"", "0.00"),
        ("\"007.50\"", "7.50"),
        ("12345678901234567890.12345678", "12345678901234567890.12345678"),
        ("\"9999999999999999999999999999\"", "9999999999999999999999999999"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
        ("9007199254740993", "9007199254740993"),
        ("\"\\u0031.5\"", "1.5"),
        ("1e3", "1000"),
        ("1.50E1", "15.0"),
        ("1.5e+3", "1500"),
        ("-25e-1", "-2.5"),
        ("10e-29", "0.0000000000000000000000000001"),
        ("0e999999999999999999999", "0"),
        ("0.0e-5", "0"),
        ("1e28", "10000000000000000000000000000"),
    ] {
        let value = read(json).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(value.to_string(), text, "{json}");
        let slow: Decimal = Decode::decode(&mut serde_json::Deserializer::from_reader(json.as_bytes())).unwrap();
        assert_eq!(slow.to_string(), text, "{json}");
    }
}

#[test]
fn the_sign_of_nothing_is_not_kept() {
    for json in ["-0", "\"-0.00\""] {
        assert!(read(json).unwrap().is_sign_positive(), "{json}");
    }
}

#[test]
fn what_is_no_plain_decimal_is_refused() {
    for json in [
        "\"\"",
        "\" \"",
        "\"1_000\"",
        "\"1,5\"",
        "\"1 000\"",
        "\" 1\"",
        "\"1 \"",
        "\"NaN\"",
        "\"Infinity\"",
        "\"+\"",
        "\"-\"",
        "\".\"",
        "\"1.\"",
        "\".5\"",
        "\"--1\"",
        "\"+-1\"",
        "\"1.2.3\"",
        "\"1e3\"",
        "\"0x10\"",
        "\"1.5-\"",
        "\"\u{661}\"",
        "\"1\\n\"",
        "\"€1\"",
        "\"1\u{0}\"",
        "null",
        "true",
        "[]",
        "{}",
        "[1]",
        "{\"a\":1}",
        "\"\\ud800\"",
        "79228162514264337593543950336",
        "99999999999999999999999999999",
        "0.00000000000000000000000000001",
        "\"1.00000000000000000000000000000\"",
        "1e29",
        "1e-29",
        "1e999999999999999999999",
        "1e-999999999999999999999",
        "1e9223372036854775807",
        "1e-9223372036854775808",
        "12345678901234567890.1234567890",
        "\"123456789012345678901234567890\"",
    ] {
        let error = read(json).map(|value| panic!("{json} was read as {value}")).unwrap_err().to_string();
        let known = ["expected a decimal of at most 28 digits", "lone leading surrogate", "control character"];
        assert!(known.iter().any(|text| error.contains(text)), "{json}: {error}");
    }
}

#[test]
fn it_agrees_with_the_exact_reader_of_rust_decimal() {
    for text in ["1.230", "-0.01", "79228162514264337593543950335", "0.0000000000000000000000000001", "00012"] {
        assert_eq!(parse_decimal(text), Decimal::from_str_exact(text).ok(), "{text}");
    }
    assert_eq!(parse_decimal("1e2"), None);
}

#[test]
fn numbers_are_written_as_numbers_and_the_rest_as_strings() {
    let json = r#"{"text":1.230,"number":"1.10","maybe":5.00,"null":null,"many":["0.10",2]}"#;
    let amounts: Amounts = serde_json::from_str(json).unwrap();
    let written = r#"{"text":"1.230","number":1.10,"maybe":5.00,"null":null,"many":[0.10,2]}"#;
    assert_eq!(serde_json::to_string(&amounts).unwrap(), written);
    assert_eq!(serde_json::from_str::<Amounts>(written).unwrap(), amounts);

    let long = r#"{"text":"0","number":"79228162514264337593543.950335"}"#;
    let amounts: Amounts = serde_json::from_str(long).unwrap();
    assert!(serde_json::to_string(&amounts).unwrap().contains("\"number\":79228162514264337593543.950335"));
}
