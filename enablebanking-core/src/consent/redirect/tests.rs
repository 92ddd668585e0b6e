#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use super::*;
use crate::consent::DenialCode;

const CANARY: &str = "hunter2";

fn state() -> State {
    State::from_stored("s t=a").unwrap()
}

fn parse(text: &str) -> Result<AuthorizationCode, RedirectError> {
    Redirect::parse(text, &state())
}

fn denied(text: &str) -> Denial {
    match parse(text) {
        Err(RedirectError::Denied(denial)) => denial,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_code_is_read_out_of_every_form_of_address() {
    for (text, code) in [
        ("https://app.example/back?code=a&state=s+t%3Da", "a"),
        ("https://app.example:8443/back?x=1&state=s%20t=a&code=a#fragment?code=b", "a"),
        ("http://localhost:8080?code=a&state=s+t=a", "a"),
        ("localhost:8080/back?code=a&state=s+t=a", "a"),
        ("com.example.app:/back?code=a&state=s+t=a", "a"),
        ("app.example/back?code=a&state=s+t=a", "a"),
        ("/back;v=1?code=a&state=s+t=a", "a"),
        ("?code=a&state=s+t=a", "a"),
        ("code=a&state=s+t=a", "a"),
        (" \n?code=a&state=s+t=a\r\n", "a"),
        ("x&code=a&state=s+t=a", "a"),
        ("code=a?b&state=s+t=a", "a?b"),
        ("/?code=a?b&state=s+t=a", "a?b"),
        ("/?code=http://a/&state=s+t=a", "http://a/"),
        ("/?code=eyJhIjoxfQ==&state=s+t=a", "eyJhIjoxfQ=="),
        ("/?code=eyJhIjoxfQ%3D%3d&state=s+t=a", "eyJhIjoxfQ=="),
        ("/?code=a%2Bb+c%26d&state=s+t=a", "a+b c&d"),
        ("/?code=%zz%&state=s+t=a", "%zz%"),
        ("/?code=%C3%A4&state=s+t=a", "ä"),
        ("/?%63ode=a&state=s+t=a&Code=b&error=&error_description=x", "a"),
    ] {
        let found = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(found.expose(), code, "{text}");
        assert_eq!(String::from(found), code);
    }
}

#[test]
fn every_defect_is_an_error_of_its_own() {
    use RedirectError::*;
    for (text, error) in [
        ("", MissingState),
        ("https://app.example/back", MissingState),
        ("https://app.example/code=hunter2&state=s+t=a", MissingState),
        ("/?code=hunter2", MissingState),
        ("/?code=hunter2&state=", MissingState),
        ("/?code=hunter2#state=s+t=a", MissingState),
        ("/?error=access_denied", MissingState),
        ("/?code=hunter2&state=hunter2", WrongState),
        ("/?code=hunter2&state=s+t=", WrongState),
        ("/?code=hunter2&state=S+T=A", WrongState),
        ("/?error=access_denied&state=hunter2", WrongState),
        ("/?state=s+t=a", MissingCode),
        ("/?state=s+t=a&code=", MissingCode),
        ("/?state=s+t=a&error_description=hunter2", MissingCode),
        ("/?state=s+t=a&code=hunter2%FF", UnreadableCode),
        ("/?state=s+t=a&code=hunter2%00", UnreadableCode),
        ("/?state=s+t=a&code=hunter2%0D%0A", UnreadableCode),
        ("/?state=s+t=a&code=hunter2&error=hunter2", CodeAndError),
        ("/?state=s+t=a&code=hunter2&code=hunter2", Repeated("code")),
        ("/?state=s+t=a&code=&code=hunter2", Repeated("code")),
        ("/?state=hunter2&state=s+t=a&code=a", Repeated("state")),
        ("/?state=s+t=a&error=a&error=a", Repeated("error")),
        ("/?state=s+t=a&error=a&error_description=&error_description=a", Repeated("error_description")),
    ] {
        let found = parse(text).unwrap_err();
        assert_eq!(found, error, "{text}");
        let shown = format!("{found} {found:?}");
        assert!(!shown.contains(CANARY), "{shown}");
    }
}

#[test]
fn a_refusal_keeps_what_was_said() {
    for (text, code, description, access_denied) in [
        (
            "error=access_denied&error_description=Denied%20data%20sharing%20consent",
            "access_denied",
            Some("Denied data sharing consent"),
            true,
        ),
        (
            "error=access_denied&error_description=Invalid+credentials",
            "access_denied",
            Some("Invalid credentials"),
            true,
        ),
        ("error=access_denied", "access_denied", None, true),
        ("error=server_error&error_description=", "server_error", None, false),
        ("error=ACCESS_DENIED", "ACCESS_DENIED", None, false),
        ("error=hunter2&error_description=%FF&code=", "hunter2", Some("\u{fffd}"), false),
    ] {
        let denial = denied(&format!("https://app.example/?{text}&state=s+t%3Da"));
        assert_eq!(denial.code().as_str(), code, "{text}");
        assert_eq!(denial.description(), description, "{text}");
        assert_eq!(denial.is_access_denied(), access_denied, "{text}");
    }
}

#[test]
fn a_refusal_shows_listed_codes_alone() {
    for code in DenialCode::LISTED {
        let denial = denied(&format!("error={code}&error_description=hunter2&state=s+t=a"));
        assert_eq!(denial.to_string(), format!("the authorization was refused: `{code}`"));
        assert!(!format!("{denial:?}").contains(CANARY), "{denial:?}");
    }
    let error = parse("error=hunter2&error_description=hunter2&state=s+t=a").unwrap_err();
    assert!(error.denial().is_some_and(|denial| denial.code().as_str() == CANARY));
    assert_eq!(error.to_string(), "the authorization was refused for an unlisted reason");
    assert!(!format!("{error:?}").contains(CANARY), "{error:?}");
}

#[test]
fn a_code_is_not_shown() {
    let code = parse("code=hunter2&state=s+t=a").unwrap();
    assert_eq!(format!("{code:?}"), "AuthorizationCode([redacted])");
}

#[test]
fn no_text_makes_it_panic() {
    const PIECES: [&str; 20] = [
        "code",
        "state",
        "error",
        "error_description",
        "=",
        "&",
        "?",
        "#",
        "%",
        "%3D",
        "%F",
        "%FF",
        "+",
        "/",
        ":",
        "://",
        "s+t=a",
        "\0",
        "ä€𝄞",
        "\n",
    ];
    let (mut random, mut codes) = (fastrand::Rng::with_seed(20_200_930), 0);
    for _ in 0..10_000 {
        let mut text = if random.bool() { "state=s+t=a&code=".to_owned() } else { String::new() };
        for _ in 0..random.usize(..24) {
            match random.usize(..4) {
                0 => text.push(random.char(..)),
                _ => text.push_str(PIECES[random.usize(..PIECES.len())]),
            }
        }
        match parse(&text) {
            Ok(code) => {
                codes += 1;
                assert!(text.contains("state") && text.contains("code") && !code.expose().is_empty(), "{text:?}");
            }
            Err(error) => assert!(!error.to_string().contains('\n'), "{text:?}"),
        }
    }
    assert!(codes > 100, "only {codes} of them hold a code: the texts are too wild");
}

#[test]
fn the_redirect_of_a_payment_has_no_code() {
    let state = State::from_stored("a b").unwrap();
    let parse = |query: &str| Redirect::parse_payment(query, &state);
    for good in ["state=a+b", "/back?state=a%20b", "https://app.example/back?x=1&state=a+b#f", "state=a+b&code=&error="]
    {
        assert_eq!(parse(good), Ok(()), "{good}");
    }
    for (query, error) in [
        ("", RedirectError::MissingState),
        ("state=", RedirectError::MissingState),
        ("state=b", RedirectError::WrongState),
        ("error=access_denied&state=b", RedirectError::WrongState),
        ("code=c&state=a+b", RedirectError::UnexpectedCode),
        ("code=c&error=e&state=a+b", RedirectError::CodeAndError),
        ("state=a+b&state=a+b", RedirectError::Repeated("state")),
    ] {
        assert_eq!(parse(query), Err(error), "{query}");
    }
    let denied = parse("error=access_denied&error_description=Cancelled+by+user&state=a+b").unwrap_err();
    assert_eq!(denied.denial().and_then(Denial::description), Some("Cancelled by user"));
}

#[test]
fn the_state_can_be_looked_up_before_it_is_verified() {
    for (query, expected) in [
        ("/back?state=a+b&code=c", Some("a b")),
        ("error=access_denied&state=x", Some("x")),
        ("code=c", None),
        ("state=", None),
        ("state=a&state=b", None),
    ] {
        assert_eq!(Redirect::unverified_state(query).as_deref(), expected, "{query}");
    }
}
