//! Errors in the input: each has an exit code and a hint.

use std::fs;
use std::net::TcpListener;

use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Desk, Done, free_port};

const ID: &str = "00000000-0000-0000-0000-000000000001";

/// A command line (after variables of the environment), its exit code, and parts of its messages.
type Case = (&'static str, i32, &'static [&'static str]);

#[track_caller]
fn check(desk: &Desk, cases: &[Case]) {
    for (line, code, said) in cases {
        let mut words: Vec<_> = line.split(' ').collect();
        let arguments = words.split_off(words.iter().position(|word| !word.contains('=')).unwrap());
        let mut command = desk.tilisy(&arguments);
        command.envs(words.iter().map(|word| word.split_once('=').unwrap()));
        Done::from(command.output().unwrap()).refuses(*code, said);
    }
}

fn write(desk: &Desk, name: &str, content: impl AsRef<[u8]>) {
    let file = desk.path(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
}

/// Returns PEM text with this label, and without valid content.
fn pem(label: &str) -> String {
    format!("-----BEGIN {label}-----\nMIIhunter2\n-----END {label}-----\n")
}

#[test]
fn every_kind_of_unusable_key_has_its_own_message() {
    let desk = Desk::new();
    fs::create_dir(desk.path("folder")).unwrap();
    write(&desk, "garbage", b"\xff hunter2");
    for (name, label) in [
        ("encrypted", "ENCRYPTED PRIVATE KEY"),
        ("public", "PUBLIC KEY"),
        ("certificate", "CERTIFICATE"),
        ("openssh", "OPENSSH PRIVATE KEY"),
        ("ec", "EC PRIVATE KEY"),
        ("damaged", "PRIVATE KEY"),
    ] {
        write(&desk, name, pem(label));
    }
    let with = |name: &str| {
        let arguments = ["token", "--application-id", ID, "--key-file", name];
        desk.run(&arguments)
    };
    for (name, said) in [
        ("folder", "it is a directory"),
        ("garbage", "holds no private key in PEM"),
        ("encrypted", "openssl pkey"),
        ("public", "holds a public key"),
        ("certificate", "holds a certificate"),
        ("openssh", "ssh-keygen"),
        ("ec", "RSA"),
        ("damaged", "cut short or garbled"),
        ("nowhere", "it does not exist"),
    ] {
        with(name).refuses(3, &[&format!("the file `{name}`"), said]);
    }
    check(
        &desk,
        &[
            ("token", 3, &["no private key exists at", "hint: `tilisy keygen` creates one"]),
            (
                "TILISY_PRIVATE_KEY=hunter2 TILISY_APPLICATION_ID=00000000-0000-0000-0000-000000000001 token",
                3,
                &["the PEM text holds no private key"],
            ),
            ("TILISY_PRIVATE_KEY=hunter2 token --key-file x", 3, &["two private keys", "unset TILISY_PRIVATE_KEY"]),
            ("TILISY_PRIVATE_KEY=x TILISY_PRIVATE_KEY_FILE=x token", 3, &["two private keys"]),
        ],
    );
}

#[test]
fn errors_in_the_command_line_are_found_first() {
    check(
        &Desk::new(),
        &[
            ("transactions --from 2026-02-01 --to 2026-01-01", 2, &["`--to 2026-01-01` is before", "swap them"]),
            ("transactions --from 9999-01-01", 2, &["is in the future", "give an earlier day"]),
            ("transactions --to 2026-01-01", 2, &["--from <DAY>"]),
            ("transactions --from 2026-02-30", 2, &["2026-02-30"]),
            ("transactions --status gone", 2, &["it is one of BOOK, CNCL"]),
            ("transactions --limit 0", 2, &["--limit"]),
            ("transactions --restart", 2, &["--output"]),
            ("token --profile a/b", 2, &["the name of a profile has 1 to 64"]),
            ("token --profile ..", 2, &["the name of a profile has 1 to 64"]),
            ("banks --country FIN", 2, &["a country is two letters"]),
            ("token --ttl 86401", 2, &["86400"]),
            ("keygen --subject hunter", 2, &["has no `=`"]),
            ("keygen --key a --certificate a", 2, &["cannot be the same file"]),
            ("connect", 2, &["<BANK>"]),
            ("connect X --valid-for 181d", 2, &["it is 1h to 180d"]),
            ("register --environment production --sandbox", 2, &["a sandbox has no production"]),
            ("nonsense", 2, &["unrecognized subcommand"]),
        ],
    );
}

#[test]
fn problems_of_this_machine_are_explained() {
    let desk = Desk::new();
    let bank = Bank::new();
    write(&desk, "good.key", bank.sandbox.private_key_pem());
    write(&desk, ".config/tilisy/broken/profile.toml", "redirect_url = \"x\"\nhost = x\n");
    write(&desk, ".config/tilisy/unknown/profile.toml", "\n\nhsot = \"tilisy\"\n");
    write(&desk, ".config/tilisy/uuid/profile.toml", "application_id = \"1\"\n");
    write(&desk, ".config/tilisy/bytes/profile.toml", b"\xff\xfe");
    write(&desk, ".local/share/tilisy/damaged/sessions/x.json", "{");
    write(&desk, "file", "");
    check(
        &desk,
        &[
            ("token --profile broken", 3, &["/broken/profile.toml:2: ", "fix that line"]),
            ("token --profile unknown", 3, &["/unknown/profile.toml:3: unknown field `hsot`", "`host`"]),
            ("token --profile uuid", 3, &["/uuid/profile.toml:1: "]),
            ("token --profile bytes", 3, &["cannot read `", "/bytes/profile.toml`"]),
            ("accounts --profile damaged", 3, &["/x.json` is not a session", "move the file away"]),
            (
                "keygen --key file --certificate c",
                3,
                &["`file` exists already, and is not overwritten", "move it away"],
            ),
            ("keygen --key k --certificate file", 3, &["`file` exists already, and is not overwritten"]),
            ("HOME=/dev/null/x keygen --bits 2048", 3, &["cannot create the folder", "set HOME"]),
            ("HOME=/dev/null/x token", 3, &["no private key exists at `/dev/null/x/"]),
            ("HOME=x accounts", 3, &["there is no home directory", "set HOME"]),
            ("token --key-file good.key", 3, &["no application id is set", "`tilisy register`"]),
            (
                "token --key-file good.key --host https://u:hunter2@x.example \
                 --application-id 00000000-0000-0000-0000-000000000001",
                2,
                &["has a name or a password in it"],
            ),
            ("doctor --host https://u:hunter2@x.example", 2, &["has a name or a password in it"]),
            ("token --key-file good.key --application-id x", 3, &["the application id is not a UUID"]),
        ],
    );
    assert!(!desk.path("k").exists() && fs::read(desk.path("file")).unwrap().is_empty());
    // A sandbox of the command needs no home folder.
    let mut banks = desk.tilisy(&["banks", "--sandbox"]);
    Done::from(banks.env("HOME", "/dev/null/x").output().unwrap()).well();
}

#[test]
fn hosts_are_https_or_this_machine() {
    let (desk, bank) = (Desk::new(), Bank::new());
    for (host, code, said) in [
        ("api.example.com", 2, "the host is neither a name nor a URL"),
        ("http://api.example.com", 3, "the base URL is not https"),
        ("http://10.0.0.1:8080", 3, "the base URL is not https"),
        (&*format!("http://127.0.0.1:{}", free_port()), 7, "the request was not sent"),
    ] {
        bank.run(&desk, &["banks", "--host", host]).refuses(code, &[said, "`--host`"]);
    }
    bank.run(&desk, &["banks", "--host", "tilisy", "--audience", "x"]).refuses(2, &["has its own audience"]);
}

#[test]
fn registering_asks_for_a_certificate_and_a_token() {
    let desk = Desk::new();
    write(&desk, "certificate", pem("CERTIFICATE"));
    write(&desk, "key", pem("CERTIFICATE") + &pem("PRIVATE KEY"));
    write(&desk, "garbage", b"\xff");
    write(&desk, "empty", "");
    check(
        &desk,
        &[
            ("TILISY_REGISTRATION_TOKEN=hunter2 register", 3, &["no certificate exists at", "`tilisy keygen`"]),
            (
                "TILISY_REGISTRATION_TOKEN=hunter2 register --certificate key",
                3,
                &["`key` contains a private key, which must not be sent", "the certificate alone"],
            ),
            ("TILISY_REGISTRATION_TOKEN=hunter2 register --certificate garbage", 3, &["cannot read `garbage`"]),
            (
                "TILISY_REGISTRATION_TOKEN=hunter2 register --certificate empty",
                3,
                &["`empty` does not contain a certificate"],
            ),
            ("register --certificate certificate", 3, &["there is no token", "TILISY_REGISTRATION_TOKEN"]),
            ("register --id x", 2, &["--id <UUID>"]),
            (
                "TILISY_REGISTRATION_TOKEN=hunter2 register --certificate certificate --redirect-url x",
                2,
                &["`x` is not a URL"],
            ),
        ],
    );
    let bank = Bank::new();
    let panel = format!("{}/api", bank.sandbox.url());
    let arguments = ["register", "--certificate", "certificate", "--control-panel", &panel];
    let mut register = desk.tilisy(&arguments);
    let refused = Done::from(register.env("TILISY_REGISTRATION_TOKEN", "hunter2").output().unwrap());
    refused.refuses(4, &["`register_application`", "sign in again"]);
    register.env("TILISY_REGISTRATION_TOKEN", bank.sandbox.registration_token());
    Done::from(register.output().unwrap()).refuses(8, &["`register_application`", "refuses one of the values"]);
}

#[test]
fn text_that_is_not_a_token_is_not_shown() {
    let desk = Desk::new();
    for text in ["", "hunter2", "hunter2.hunter2.hunter2", "e30.e30.", "\0"] {
        write(&desk, "token", text);
        let mut decode = desk.tilisy(&["token", "--decode"]);
        decode.stdin(fs::File::open(desk.path("token")).unwrap());
        Done::from(decode.output().unwrap()).refuses(2, &["has three parts, separated by dots"]);
    }
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    for (arguments, code, said) in [
        (&["connect", "saiman", "--country", "FI"] as &[&str], 2, &["`saiman`", "did you mean `Saimaan Pankki` (FI)?"]),
        (&["connect", "Muller"], 2, &["no bank is called", "`Müller & Söhne` (DE)"]),
        (&["connect", "Nordea"], 2, &["no bank is called", "`tilisy banks`"]),
        (&["connect", "Spreebank", "--psu-type", "business"], 2, &["does not serve business", "it serves: personal"]),
        (&["connect", "Saimaan Pankki", "--auth-method", "x"], 2, &["called `x`", "it has: password, app\n"]),
        (&["transactions"], 2, &["there are several accounts", "Käyttötili (FI"]),
        (&["transactions", "unknown"], 2, &["no account is called `unknown`", "Luottokortti"]),
        (&["balances", "Käyttötili", "--history", "--from", "0026-01-01"], 2, &["a hundred years", "a later day"]),
        (
            &["balances", "Käyttötili", "--history", "--from", "2026-02-01"],
            2,
            &["is after the day of the balance", "an earlier day"],
        ),
        (&["balances", "unknown"], 2, &["no account is called `unknown`", "Luottokortti"]),
        // The start of several account numbers is too short.
        (&["transactions", "FI"], 2, &["no account is called `FI`", "Säästötili"]),
        (&["disconnect", "unknown"], 2, &["no session is called `unknown`", "at Saimaan Pankki"]),
    ] {
        bank.run(&desk, arguments).refuses(code, said);
    }
    bank.consent(&desk, &["--psu-type", "business"]).well();
    bank.run(&desk, &["disconnect", "saimaan pankki"]).refuses(2, &["several sessions are called"]);
}

#[test]
fn accounts_with_the_same_name_are_listed_with_their_numbers() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let sessions = desk.path(".local/share/tilisy/default/sessions");
    let file = fs::read_dir(sessions).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("Säästötili"));
    fs::write(&file, text.replace("Säästötili", "Käyttötili")).unwrap();
    let refused = bank.run(&desk, &["transactions", "käyttötili"]);
    let refused = refused.refuses(2, &["several accounts are called `käyttötili`", "give more of the number"]);
    assert_eq!(refused.err.matches("Käyttötili (FI").count(), 2, "{refused:?}");
}

#[test]
fn errors_of_the_service_have_exit_codes_and_hints() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let told = |status, code: &str| Reply::json(status, format!(r#"{{"message": "told so", "error": "{code}"}}"#));
    let html = || Reply::new(200).header("content-type", "text/html").body("<html>hunter2</html>");
    for (reply, code, said) in [
        (
            told(401, "UNAUTHORIZED_ACCESS"),
            4,
            &["told so", "`tilisy doctor` checks key, application, and clock"] as &[&str],
        ),
        (
            told(401, "EXPIRED_SESSION"),
            5,
            &["told so", "renew the consent", "tilisy connect 'Saimaan Pankki' --country FI"],
        ),
        (told(422, "SESSION_DOES_NOT_EXIST"), 5, &["renew the consent"]),
        (told(422, "WRONG_SESSION_STATUS"), 5, &["renew the consent"]),
        (Reply::new(429).header("retry-after", "7200"), 6, &["wait 2 h;", "--psu-ip-address"]),
        (Reply::new(429).header("retry-after", "90000"), 6, &["wait 25 h;"]),
        (told(429, "ASPSP_RATE_LIMIT_EXCEEDED").header("retry-after", "86400"), 6, &["wait 24 h;"]),
        (told(500, "ASPSP_ERROR"), 7, &["the bank failed, not the service"]),
        (told(422, "PSU_HEADER_NOT_PROVIDED"), 8, &["`--psu-ip-address`", "`--psu-user-agent`"]),
        (told(422, "WRONG_TRANSACTIONS_PERIOD"), 8, &["give a later `--from`"]),
        (told(422, "ACCOUNT_DOES_NOT_EXIST"), 8, &["`tilisy accounts`"]),
        (told(422, "DATE_FROM_IN_FUTURE"), 8, &["give an earlier `--from`"]),
        (told(422, "PSU_HEADER_INVALID"), 8, &["fix `--psu-ip-address`"]),
        (told(418, "SOMETHING_NEW"), 8, &["told so", "fix what the service refuses"]),
        (told(422, "WRONG_REQUEST_PARAMETERS"), 8, &["told so"]),
        (html(), 1, &["may not be from the API: check `--host`"]),
        // The body of a success is data, and not shown.
        (
            Reply::json(200, r#"{"transactions": 1, "description": "hunter2"}"#),
            1,
            &["`transactions`", "may not be from the API"],
        ),
    ] {
        for format in ["table", "csv", "json", "ndjson"] {
            bank.says([reply.clone().repeated()]);
            bank.run(&desk, &["transactions", "Käyttötili", "--format", format]).refuses(code, said);
        }
    }
    bank.says([]);
    for (scenario, arguments, code, said) in [
        ("REDIRECT_URI_NOT_ALLOWED", &["connect", "Revontuli", "--no-browser"] as &[&str], 8, "`tilisy app` lists"),
        ("WRONG_ASPSP_PROVIDED", &["connect", "Revontuli", "--no-browser"], 8, "`tilisy banks` lists"),
        ("UNAUTHORIZED_ACCESS", &["app"], 4, "`tilisy doctor`"),
        ("UNAUTHORIZED_ACCESS", &["banks"], 4, "`tilisy doctor`"),
        ("ASPSP_ERROR", &["balances", "Käyttötili"], 7, "the bank failed"),
    ] {
        bank.sandbox.set_scenario(Some(scenario)).unwrap();
        bank.run(&desk, arguments).refuses(code, &[said]);
    }
    bank.sandbox.set_scenario(None).unwrap();
    bank.run(&desk, &["banks", "--application-id", ID]).refuses(4, &["`tilisy doctor`"]);
    bank.run(&desk, &["banks", "--audience", "api.example.com"]).refuses(4, &["`tilisy doctor`"]);
}

#[test]
fn a_redirect_address_that_is_in_use_is_reported() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let redirect = format!("http://{}/back", taken.local_addr().unwrap());
    let arguments = ["connect", "Revontuli", "--no-browser", "--redirect-url", &redirect];
    bank.run(&desk, &arguments).refuses(3, &["cannot listen at the redirect address", "another program"]);
}
