#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use openbanking_client_runtime::context::{Authorization, BearerToken, Operation};

use super::*;

const CANARY: &str = "hunter2";
type Setter = fn(PsuHeaders, &str) -> Result<PsuHeaders, PsuHeadersError>;
const TEXTS: [(&str, Setter); 6] = [
    (USER_AGENT, PsuHeaders::user_agent),
    (REFERER, PsuHeaders::referer),
    (ACCEPT, PsuHeaders::accept),
    (ACCEPT_CHARSET, PsuHeaders::accept_charset),
    (ACCEPT_ENCODING, PsuHeaders::accept_encoding),
    (ACCEPT_LANGUAGE, PsuHeaders::accept_language),
];

fn full() -> PsuHeaders {
    let place = GeoLocation::new("60.170".parse().unwrap(), "-24.941".parse().unwrap()).unwrap();
    let psu = PsuHeaders::empty().ip_address("::ffff:203.0.113.7".parse().unwrap()).unwrap();
    let psu = psu.geo_location(place).unwrap();
    TEXTS.iter().fold(psu, |psu, (name, set)| set(psu, &format!("{CANARY} of {name}")).unwrap())
}

fn context() -> Context {
    Context::new().with_authorize(BearerToken::new("token").unwrap())
}

/// The PSU headers of a request with `context`, as `name: value`, sorted.
fn sent(context: &Context, context_headers: &'static [&'static str]) -> Vec<String> {
    let operation = Operation {
        id: "a",
        method: "GET",
        path: "/",
        successes: &[(200, 200)],
        context_headers,
        authorization: Some(Authorization::REQUIRED),
        request_id: None,
        single_use: false,
        gone: &[],
    };
    let prepared = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let prepared = prepared.block_on(context.prepared(&operation)).unwrap();
    let headers = prepared.iter().filter(|(name, _)| name.as_str().starts_with("psu-"));
    let mut lines: Vec<_> = headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    lines.sort();
    lines
}

#[test]
fn the_names_are_those_of_the_spec() {
    for spec in ["tilisy", "enablebanking"] {
        let path = format!("{}/../spec/{spec}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let (_, list) = text.split_once("\n  context-headers:\n").unwrap();
        let names: Vec<_> = list.lines().map_while(|line| line.strip_prefix("    - ")).collect();
        assert_eq!(names, PsuHeaders::NAMES, "{spec}");
    }
}

#[test]
fn all_eight_are_sent_where_the_operation_names_them() {
    let online = with_psu(&context(), full());
    let expected = [
        "psu-accept-charset: hunter2 of Psu-Accept-Charset",
        "psu-accept-encoding: hunter2 of Psu-Accept-Encoding",
        "psu-accept-language: hunter2 of Psu-Accept-language",
        "psu-accept: hunter2 of Psu-Accept",
        "psu-geo-location: 60.170,-24.941",
        "psu-ip-address: 203.0.113.7",
        "psu-referer: hunter2 of Psu-Referer",
        "psu-user-agent: hunter2 of Psu-User-Agent",
    ];
    assert_eq!(sent(&online, PsuHeaders::NAMES), expected);
    assert_eq!(sent(&online, &[IP_ADDRESS]), ["psu-ip-address: 203.0.113.7"]);
    assert!(sent(&online, &[]).is_empty());
    assert!(has_psu(&online) && !has_psu(&context()));
    let without = with_psu(&online, PsuHeaders::empty());
    assert!(!has_psu(&without) && sent(&without, PsuHeaders::NAMES).is_empty());
}

#[test]
fn a_second_psu_leaves_nothing_of_the_first() {
    let other = PsuHeaders::new("2001:db8::1".parse().unwrap(), "first").unwrap().user_agent(" second ").unwrap();
    let online = with_psu(&with_psu(&context(), full()), other);
    assert_eq!(sent(&online, PsuHeaders::NAMES), ["psu-ip-address: 2001:db8::1", "psu-user-agent: second"]);
}

#[test]
fn bad_texts_are_refused_without_being_shown() {
    for (name, set) in TEXTS {
        for text in ["", "  ", "hunter2\r\nX: y", "hunter2\n", "hunter2\0", "hunter2\t", "hunter2\u{7f}", "hunter2 ä"]
        {
            let error = set(PsuHeaders::empty(), text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert_eq!(error.header(), name, "{text:?}");
            assert!(shown.contains(name) && !shown.contains(CANARY) && !error.to_string().contains('\n'), "{shown}");
        }
    }
}

#[test]
fn private_addresses_are_refused_unless_allowed() {
    for text in ["10.1.2.3", "127.0.0.1", "::1", "fd00::1", "::ffff:10.1.2.3", "100.64.1.2", "0.0.0.0"] {
        let address: IpAddr = text.parse().unwrap();
        let error = PsuHeaders::new(address, "a").unwrap_err();
        assert_eq!(error.header(), IP_ADDRESS);
        assert!(!format!("{error} {error:?}").contains(text));
        let psu = PsuHeaders::empty().allow_private_address().ip_address(address).unwrap();
        assert!(psu.missing([IP_ADDRESS]).is_empty());
    }
}

#[test]
fn missing_names_what_a_bank_requires_and_is_not_set() {
    let psu = PsuHeaders::new("203.0.113.7".parse().unwrap(), "a").unwrap();
    for (required, missing) in [
        (&[][..], &[][..]),
        (&["psu-ip-address", "PSU-USER-AGENT"], &[]),
        (&["Psu-Ip-Address", "psu-accept-language", "psu-device-id"], &["psu-accept-language", "psu-device-id"]),
        (&[" psu-ip-address ", ""], &[""]),
    ] {
        assert_eq!(psu.missing(required), missing, "{required:?}");
    }
    assert!(full().missing(PsuHeaders::NAMES).is_empty());
    assert_eq!(PsuHeaders::empty().missing(PsuHeaders::NAMES.to_vec()), PsuHeaders::NAMES);
}

#[test]
fn debug_says_which_headers_are_set() {
    let shown = format!("{:?} {:#?} {:?}", full(), full(), with_psu(&context(), full()));
    assert!(!shown.contains(CANARY) && !shown.contains("203.0") && !shown.contains("60.17"), "{shown}");
    let psu = PsuHeaders::new("203.0.113.7".parse().unwrap(), "first").unwrap().user_agent(CANARY).unwrap();
    assert_eq!(format!("{psu:?}"), r#"PsuHeaders { set: ["Psu-Ip-Address", "Psu-User-Agent"], .. }"#);
}

#[test]
fn a_bank_gets_all_the_headers_that_it_requires_or_none() {
    let psu = PsuHeaders::new("203.0.113.7".parse().unwrap(), "a").unwrap();
    assert_eq!(psu.check(["psu-ip-address", "PSU-USER-AGENT"]), Ok(()));
    assert_eq!(psu.check([""; 0]), Ok(()));
    assert_eq!(PsuHeaders::empty().check(["psu-referer"]), Ok(()));
    let error = psu.check(["psu-referer", "PSU-ACCEPT", "hunter2"]).unwrap_err();
    assert_eq!(error.names(), ["psu-referer", "PSU-ACCEPT", "hunter2"]);
    let text = "the bank requires more PSU headers: `Psu-Referer`, `Psu-Accept` and 1 that this version does not know \
        (set all of them, or send no PSU headers)";
    assert_eq!(error.to_string(), text);
    assert_eq!(format!("{error:?}"), r#"MissingPsuHeaders(["Psu-Referer", "Psu-Accept"])"#);
    let unknown = psu.check(["hunter2"]).unwrap_err();
    assert!(!format!("{unknown} {unknown:?}").contains(CANARY), "{unknown}");
}
