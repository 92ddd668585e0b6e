//! Who is on the other side of a transaction.

use serde_json::{Value, json};

use super::check::iban;
use crate::random::{mix, pick};

/// Names with letters that trip careless programs, none of anybody.
static NAMES: &[&str] = &[
    "Kahvila Käpylä",
    "Ångström & Söner AB",
    "Bäckerei Grüß Gott",
    "Boulangerie Œuvre",
    "Smørrebrød ApS",
    "O’Hara’s \"Pub\" <Ltd>",
    "Lähikauppa Tähti",
    "Žižka Elektro s.r.o.",
    "Pääkirjasto",
    "Ærø Færge",
];

static SCHEMES: &[&str] = &[
    "ARNU", "BANK", "BBAN", "BGNR", "CCPT", "CHID", "COID", "CPAN", "CUSI", "CUST", "DRLC", "DUNS", "IBAN", "EMPL",
    "GS1G", "NIDN", "OAUT", "OTHC", "OTHI", "PGNR", "SOSE", "SREN", "SRET", "TXID", "MIBN",
];

static ADDRESS_TYPES: &[&str] =
    &["Business", "Correspondence", "DeliveryTo", "MailTo", "POBox", "Postal", "Residential", "Statement"];

static TOWNS: &[(&str, &str, &str)] = &[
    ("Jyväskylä", "40100", "FI"),
    ("Örebro", "702 10", "SE"),
    ("Köln", "50667", "DE"),
    ("Besançon", "25000", "FR"),
    ("Tromsø", "9008", "NO"),
    ("Pärnu", "80010", "EE"),
];

/// A party, and the account that it uses.
pub(super) fn party(number: u64, index: u64) -> (Value, Value) {
    let name = pick(NAMES, number).copied().unwrap_or_default();
    // By index, so that some hundred rows show every scheme and every type of address.
    let scheme = pick(SCHEMES, index).copied().unwrap_or_default();
    let identified = json!({ "identification": format!("{:09}", number % 1_000_000_000), "scheme_name": scheme });
    let mut party = json!({ "name": name });
    if index.is_multiple_of(3) {
        party["organisation_id"] = identified.clone();
    } else if index % 3 == 1 {
        party["private_id"] = identified.clone();
    }
    if index.is_multiple_of(2) {
        party["postal_address"] = address(number, index / 2);
    }
    let account = if index % 5 == 4 {
        json!({ "other": identified })
    } else {
        json!({ "iban": iban("FI", &format!("{:014}", mix(&[number]) % 100_000_000_000_000)) })
    };
    (party, account)
}

/// An address of a party.
pub(super) fn address(number: u64, index: u64) -> Value {
    let (town, post_code, country) = pick(TOWNS, number >> 8).copied().unwrap_or_default();
    let kind = pick(ADDRESS_TYPES, index).copied().unwrap_or_default();
    let building = number % 120 + 1;
    json!({
        "address_type": kind,
        "address_line": [format!("Pitkäkatu {building}"), format!("{post_code} {town}")],
        "street_name": "Pitkäkatu",
        "building_number": building.to_string(),
        "post_code": post_code,
        "town_name": town,
        "country": country,
    })
}
