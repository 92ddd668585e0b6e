//! Newtypes, as generated code writes them.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::collections::{BTreeMap, HashSet};
use std::fmt::{Debug, Display};

use openbanking_client_runtime::newtype::NotUuid;
use openbanking_client_runtime::request::Parameter;
use openbanking_client_runtime::{decode, newtype, object, redacted_debug};
use uuid::Uuid;

newtype! {
    /// The id of an account.
    pub struct AccountUid(Uuid);
}

newtype! {
    /// A reference of a bank.
    pub struct Reference(String);
}

#[derive(Clone, PartialEq)]
struct Holder {
    one: AccountUid,
    maybe: Option<AccountUid>,
    null: Option<Reference>,
    text: Option<Reference>,
    many: Vec<AccountUid>,
    texts: Vec<Reference>,
    by_name: BTreeMap<String, AccountUid>,
}
object! {
    Holder {
        one: "one" => required,
        maybe: "maybe" => optional,
        null: "null" => nullable,
        text: "text" => optional,
        many: "many" => list,
        texts: "texts" => list,
        by_name: "by_name" => map,
    }
}
redacted_debug! {
    Holder { one: hidden, maybe: hidden, null: hidden, text: hidden, many: hidden, texts: hidden, by_name: hidden }
}

/// The same, were its fields not marked as hidden.
struct Shown {
    one: AccountUid,
    maybe: Option<Reference>,
    many: Vec<AccountUid>,
}
redacted_debug!(Shown { one: shown, maybe: shown, many: shown });

const ID: &str = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const CANARY: &str = "FI2112345600000785";

fn id() -> AccountUid {
    ID.parse().unwrap()
}

fn holder() -> Holder {
    Holder {
        one: id(),
        maybe: Some(id()),
        null: None,
        text: Some(CANARY.into()),
        many: vec![id(), id()],
        texts: vec![CANARY.into()],
        by_name: BTreeMap::from([("a".to_owned(), id())]),
    }
}

fn texts(value: &impl Parameter) -> Vec<String> {
    let mut texts = Vec::new();
    value.texts(&mut |text| texts.push(text)).unwrap();
    texts
}

#[test]
fn a_value_goes_in_and_out_by_every_way() {
    let uuid = Uuid::parse_str(ID).unwrap();
    assert_eq!(AccountUid::from(uuid), id());
    assert_eq!(Uuid::from(id()), uuid);
    assert_eq!(serde_json::from_str::<AccountUid>(&format!("\"{ID}\"")).unwrap(), id());
    assert_eq!(serde_json::to_string(&id()).unwrap(), format!("\"{ID}\""));
    assert_eq!((id().to_string(), format!("{:>20}", Reference::from(CANARY))), (ID.to_owned(), format!("  {CANARY}")));
    assert_eq!(texts(&id()), [ID]);
    assert_eq!(texts(&vec![id(), id()]), [ID, ID]);

    let reference = Reference::from(CANARY);
    assert_eq!(Reference::from(CANARY.to_owned()), reference);
    assert_eq!(CANARY.parse(), Ok(reference.clone()));
    assert_eq!(serde_json::from_value::<Reference>(CANARY.into()).unwrap(), reference);
    assert_eq!(serde_json::to_value(&reference).unwrap(), CANARY);
    assert_eq!((reference.as_str(), reference.as_ref(), reference.to_string().as_str()), (CANARY, CANARY, CANARY));
    assert_eq!(texts(&Some(reference.clone())), [CANARY]);
    assert_eq!(String::from(reference), CANARY);
}

#[test]
fn an_object_with_newtypes_encodes_to_what_it_was_decoded_from() {
    let json = serde_json::to_string(&holder()).unwrap();
    let expected = format!(
        r#"{{"one":"{ID}","maybe":"{ID}","null":null,"text":"{CANARY}","many":["{ID}","{ID}"],"texts":["{CANARY}"],"by_name":{{"a":"{ID}"}}}}"#
    );
    assert_eq!(json, expected);
    assert!(decode::from_slice::<Holder>(json.as_bytes()).unwrap() == holder());
}

#[test]
fn a_newtype_is_read_as_leniently_as_its_value() {
    let json = format!(r#"{{"one":"{ID}","maybe":"","null":"","text":"","many":"{ID}","texts":[null,""]}}"#);
    let holder: Holder = serde_json::from_str(&json).unwrap();
    assert!(holder.maybe.is_none());
    // An empty string is a value of a string.
    assert_eq!((holder.null, holder.text), (Some("".into()), Some("".into())));
    assert_eq!((holder.many, holder.texts), (vec![id()], vec!["".into()]));
    let upper = ID.to_uppercase().replace('-', "");
    assert_eq!(serde_json::from_str::<AccountUid>(&format!("\"{upper}\"")).unwrap(), id());
    assert_eq!(upper.parse(), Ok(id()));
}

#[test]
fn debug_hides_the_value_wherever_it_is() {
    assert_eq!(format!("{:?} {:?}", id(), Reference::from(CANARY)), "AccountUid([redacted]) Reference([redacted])");
    assert_eq!(format!("{:?}", vec![id()]), "[AccountUid([redacted])]");
    let text = format!("{:?}", holder());
    assert_eq!(
        text,
        "Holder { one: [redacted], maybe: Some([redacted]), null: None, text: Some([redacted]), many: [2 redacted], \
         texts: [1 redacted], by_name: [1 redacted] }"
    );
    let shown = Shown { one: id(), maybe: Some(CANARY.into()), many: vec![id()] };
    let text = format!("{shown:?}{shown:#?}");
    assert!(!text.contains(ID) && !text.contains(CANARY), "{text}");
    assert_eq!((shown.one, shown.maybe, shown.many), (id(), Some(CANARY.into()), vec![id()]));
}

#[test]
fn errors_do_not_show_the_text() {
    fn check(error: &(impl Debug + Display)) {
        let text = format!("{error} {error:?} {error:#?}");
        // Not even the first character that does not fit.
        assert!(!text.contains(CANARY) && !text.contains('F'), "{text}");
    }
    let error = CANARY.parse::<AccountUid>().unwrap_err();
    assert_eq!((error, error.to_string().as_str()), (error, "expected a UUID"));
    assert_eq!(format!("{error:?}"), "NotUuid");
    let _: NotUuid = error;
    for json in [format!("\"{CANARY}\""), format!("[\"{CANARY}\"]"), "17".to_owned(), "null".to_owned()] {
        check(&serde_json::from_str::<AccountUid>(&json).unwrap_err());
    }
    check(&serde_json::from_str::<Holder>(&format!(r#"{{"one":"{CANARY}"}}"#)).unwrap_err());
    check(&serde_json::from_str::<Reference>(&format!("[\"{CANARY}\"]")).unwrap_err());
}

#[test]
fn newtypes_are_compared_and_hashed_as_their_values() {
    let other = AccountUid::from(Uuid::nil());
    assert!(other < id() && other != id());
    assert_eq!(HashSet::from([id(), id(), other]).len(), 2);
    let mut all = vec![Reference::from("b"), Reference::from("a")];
    all.sort();
    assert_eq!(all, ["a".into(), "b".into()]);
    // A UUID is copied.
    let copy = other;
    assert_eq!(copy, other);
}
