//! Open and closed enumerations, as generated code writes them.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use openbanking_client_runtime::code::{NotListed, OpenCode, Unlisted};
use openbanking_client_runtime::{closed_code, decode, object, open_code};

/// How a balance was made up.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum BalanceStatus {
    /// Closing booked.
    Clbd,
    /// Interim available.
    Itav,
    /// Not listed.
    Unknown(::openbanking_client_runtime::code::Unlisted<Self>),
}
open_code!(BalanceStatus { Clbd => "CLBD", Itav => "ITAV" });

/// An enumeration that lists a value called "unknown".
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Usage {
    /// Listed.
    Unknown,
    /// Not listed.
    Unlisted(Unlisted<Self>),
}
open_code!(Usage, Unlisted { Unknown => "UNKNOWN" });

/// Who is asked.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum PsuType {
    /// A company.
    Business,
    /// A person.
    Personal,
}
closed_code!(PsuType { Business => "business", Personal => "personal" });

#[derive(Debug, PartialEq)]
struct Holder {
    one: Option<BalanceStatus>,
    many: Vec<BalanceStatus>,
}
object!(Holder { one: "one" => optional, many: "many" => list });

const CANARY: &str = "FI2112345600000785";

#[test]
fn a_listed_text_is_its_variant_by_every_way_in() {
    let listed = BalanceStatus::Clbd;
    assert_eq!(BalanceStatus::from("CLBD"), listed);
    assert_eq!(BalanceStatus::from("CLBD".to_owned()), listed);
    assert_eq!("CLBD".parse(), Ok(listed.clone()));
    assert_eq!(BalanceStatus::from_text("CLBD"), listed);
    assert_eq!(serde_json::from_str::<BalanceStatus>(r#""CLBD""#).unwrap(), listed);
    assert_eq!(serde_json::from_str::<BalanceStatus>(r#""\u0043LBD""#).unwrap(), listed);
    assert_eq!(serde_json::from_value::<BalanceStatus>("CLBD".into()).unwrap(), listed);
    assert_eq!(decode::from_slice::<BalanceStatus>(br#""CLBD""#).unwrap(), listed);
}

#[test]
fn an_unlisted_text_is_kept_and_written_as_it_came() {
    for text in ["clbd", "NEW", "", " CLBD", "\u{1f4b6}"] {
        let code = BalanceStatus::from(text);
        assert!(!code.is_listed());
        assert!(matches!(&code, BalanceStatus::Unknown(kept) if kept.as_str() == text));
        assert_eq!(code.as_str(), text);
        assert_eq!(code.to_string(), text);
        let json = serde_json::to_string(&code).unwrap();
        assert_eq!(json, serde_json::to_string(text).unwrap());
        assert_eq!(serde_json::from_str::<BalanceStatus>(&json).unwrap(), code);
    }
}

#[test]
fn listed_values_are_told() {
    assert_eq!(BalanceStatus::LISTED, ["CLBD", "ITAV"]);
    assert_eq!(PsuType::LISTED, ["business", "personal"]);
    assert!(BalanceStatus::Itav.is_listed());
}

#[test]
fn the_variant_for_the_unlisted_may_have_another_name() {
    assert_eq!(Usage::from("UNKNOWN"), Usage::Unknown);
    assert!(matches!(Usage::from("X"), Usage::Unlisted(_)));
    assert_eq!(format!("{:?} {:?}", Usage::Unknown, Usage::from("X")), "Unknown Unlisted([redacted])");
}

#[test]
fn debug_hides_unlisted_text() {
    let code = BalanceStatus::from(CANARY);
    assert_eq!(format!("{code:?}"), "Unknown([redacted])");
    assert_eq!(format!("{code:#?}"), "Unknown([redacted])");
    let BalanceStatus::Unknown(text) = &code else { panic!("{CANARY} is listed") };
    assert_eq!(format!("{text:?}"), "[redacted]");
    assert_eq!(format!("{text:>20}").len(), 20);
    assert_eq!(format!("{:?}", BalanceStatus::Clbd), "Clbd");
}

#[test]
fn display_honours_width() {
    assert_eq!(format!("{:<6}|{:>6}", BalanceStatus::Clbd, BalanceStatus::from("X")), "CLBD  |     X");
    assert_eq!(format!("{:>10}", PsuType::Business), "  business");
}

#[test]
fn only_strings_are_codes() {
    for json in ["1", "null", "true", "[]", "{}", r#"["CLBD"]"#, r#"{"CLBD":null}"#] {
        assert!(serde_json::from_str::<BalanceStatus>(json).is_err(), "{json}");
        assert!(serde_json::from_str::<PsuType>(json).is_err(), "{json}");
    }
}

#[test]
fn codes_in_objects_are_read_leniently() {
    let cases = [
        (r"{}", None, vec![]),
        (r#"{"one":"","many":""}"#, None, vec![]),
        (r#"{"one":null,"many":null}"#, None, vec![]),
        (r#"{"one":"ITAV","many":"CLBD"}"#, Some(BalanceStatus::Itav), vec![BalanceStatus::Clbd]),
        (r#"{"many":[null,"X"]}"#, None, vec![BalanceStatus::from("X")]),
    ];
    for (json, one, many) in cases {
        assert_eq!(serde_json::from_str::<Holder>(json).unwrap(), Holder { one, many }, "{json}");
    }
}

#[test]
fn a_closed_enumeration_refuses_other_text() {
    assert_eq!("personal".parse(), Ok(PsuType::Personal));
    let refused: Result<PsuType, NotListed> = CANARY.parse();
    assert_eq!(refused.unwrap_err().to_string(), "expected one of the listed values");
    let error = serde_json::from_str::<PsuType>(&format!("\"{CANARY}\"")).unwrap_err();
    assert!(!error.to_string().contains(CANARY), "{error}");
    assert_eq!(serde_json::to_string(&PsuType::Business).unwrap(), r#""business""#);
    assert_eq!(format!("{:?} {}", PsuType::Business, PsuType::Business.as_str()), "Business business");
}
