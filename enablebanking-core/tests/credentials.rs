//! Keys that are accepted and refused, and the messages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a test that fails panics")]

mod support;

use std::time::Duration;

use enablebanking_core::CredentialsErrorKind::{self as Kind, *};
use enablebanking_core::{ApiHost, Credentials, CredentialsError};

use support::{ID, again, credentials_at, is_child, key, path};

const NOW: u64 = 1_601_456_798;

fn refusal(pem: impl AsRef<[u8]>) -> CredentialsError {
    Credentials::from_pem(ID, pem).expect_err("the key is refused")
}

/// The credentials sign what the committed key signs.
fn check_usable(credentials: &Credentials) {
    let clock = std::sync::Arc::new(support::Stopped(std::time::UNIX_EPOCH + Duration::from_secs(NOW)));
    let token = credentials.clone().with_clock(clock).token(&ApiHost::Tilisy).unwrap();
    assert_eq!(token.expose(), key("token.jwt").trim());
}

#[test]
fn both_forms_of_a_key_are_taken_however_their_lines_end() {
    for name in ["rsa2048.pkcs1.pem", "rsa2048.pkcs8.pem"] {
        let pem = key(name);
        let certificate = key("certificate.pem");
        for text in [
            pem.clone(),
            pem.trim().to_owned(),
            pem.replace('\n', "\r\n"),
            pem.replace('\n', r"\n"),
            pem.replace('\n', r"\r\n"),
            pem.replace('\n', " "),
            format!("\"{}\"", pem.trim().replace('\n', r"\n")),
            format!("\u{feff}  \n'{pem}' \n"),
            pem.lines().map(|line| format!("    {line}\n")).collect(),
            format!("Bag Attributes\n{certificate}{pem}"),
            format!("{pem}{certificate}"),
        ] {
            check_usable(&Credentials::from_pem(ID, &text).unwrap_or_else(|error| panic!("{error}")));
        }
        check_usable(&Credentials::from_file(ID, path(name)).unwrap());
    }
    check_usable(&Credentials::from_pem(&format!("\n \"{}\" ", ID.to_uppercase()), key("rsa2048.pkcs1.pem")).unwrap());
}

#[test]
fn each_unusable_key_is_refused_in_words_of_its_own() {
    let rsa = key("rsa2048.pkcs8.pem");
    let lines: Vec<_> = rsa.lines().collect();
    let without = |from: usize, to: usize| [&lines[..from], &lines[to..]].concat().join("\n");
    let made = "(register a key made by `openssl genrsa 4096`)";
    let not_rsa = format!("holds a private key that is not plain RSA {made}");
    let too_short = format!("holds an RSA key of fewer than 2048 bits {made}");
    let public = "holds a public key (give the private key that it belongs to)";
    let certificate = "holds a certificate (give the private key that it was made with)";
    let encrypted = "holds an encrypted key (decrypt it: `openssl pkey -in encrypted.pem -out private.pem`)";
    let none = "holds no private key in PEM (it begins with `-----BEGIN PRIVATE KEY-----`)";
    let damaged = "holds a private key that is cut short or garbled (copy it again, first line to last)";
    let ssh = "holds a key in the format of OpenSSH (convert a copy: `ssh-keygen -p -m PEM -f copy`)";
    for (text, kind, message) in [
        (key("public.pem"), PublicKey, public),
        (key("public.pkcs1.pem"), PublicKey, public),
        (key("certificate.pem"), Certificate, certificate),
        (key("encrypted.pkcs1.pem"), Encrypted, encrypted),
        (key("encrypted.pkcs8.pem"), Encrypted, encrypted),
        (key("encrypted.pkcs1.pem").replace('\n', r"\n"), Encrypted, encrypted),
        (key("certificate.pem") + &key("encrypted.pkcs8.pem"), Encrypted, encrypted),
        (key("ec.sec1.pem"), NotRsa, &not_rsa),
        (key("ec.pkcs8.pem"), NotRsa, &not_rsa),
        (key("ed25519.pkcs8.pem"), NotRsa, &not_rsa),
        (key("rsa-pss.pkcs8.pem"), NotRsa, &not_rsa),
        (key("openssh.pem"), OpenSsh, ssh),
        (key("rsa1024.pkcs1.pem"), TooShort, &too_short),
        (key("rsa1024.pkcs8.pem"), TooShort, &too_short),
        (without(27, 28), Damaged, damaged),
        (without(20, 28), Damaged, damaged),
        (without(1, 27), Damaged, damaged),
        (without(9, 10), Damaged, damaged),
        (rsa[..15].to_owned(), Damaged, damaged),
        (rsa.replacen("MII", "M?I", 1), Damaged, damaged),
        (rsa.replace("END PRIVATE", "END RSA PRIVATE"), Damaged, damaged),
        (rsa.replace("PRIVATE", "RSA PRIVATE"), Damaged, damaged),
        (key("rsa2048.pkcs1.pem").replace("RSA PRIVATE", "PRIVATE"), NotRsa, &not_rsa),
        (String::new(), NoPrivateKey, none),
        (path("rsa2048.pkcs8.pem").display().to_string(), NoPrivateKey, none),
        (without(0, 1), NoPrivateKey, none),
        (key("ec.sec1.pem").split_inclusive("END EC PARAMETERS-----").next().unwrap().to_owned(), NoPrivateKey, none),
    ] {
        let error = refusal(&text);
        assert_eq!((error.kind(), error.to_string()), (kind, format!("the PEM text {message}")));
        assert!(error.is_private_key() && !error.is_application_id() && !error.is_environment());
    }
    assert_eq!(refusal(b"\xff\xfe-\0-\0-\0").kind(), NoPrivateKey);
}

#[test]
fn a_key_cut_or_changed_anywhere_never_panics_and_signs_nothing_else() {
    let expected = key("token.jwt");
    for name in ["rsa2048.pkcs1.pem", "rsa2048.pkcs8.pem"] {
        let pem = key(name).into_bytes();
        for length in 0..pem.len() - 6 {
            assert!(Credentials::from_pem(ID, &pem[..length]).is_err(), "{name} cut to {length}");
        }
        for at in (0..pem.len()).step_by(7) {
            for byte in [b'A', b'-', b'\\', 0xff] {
                let mut changed = pem.clone();
                changed[at] = byte;
                let Ok(credentials) = Credentials::from_pem(ID, &changed) else { continue };
                // Accepted: the change is outside the key or has no effect. Or the key does not sign.
                let now = std::time::UNIX_EPOCH + Duration::from_secs(NOW);
                let credentials = credentials.with_clock(std::sync::Arc::new(support::Stopped(now)));
                if let Ok(token) = credentials.token(&ApiHost::Tilisy) {
                    assert_eq!(token.expose(), expected.trim(), "{name} changed at {at}");
                }
            }
        }
    }
}

#[test]
fn an_application_id_that_is_no_uuid_is_refused_without_being_shown() {
    for id in ["", "hunter2", "cf589be3-3755-465b-a8df-a90a16a3140", "cf589be3-3755-465b-a8df-a90a16a31403.pem"] {
        let error = Credentials::from_pem(id, key("rsa2048.pkcs8.pem")).unwrap_err();
        let message = "the application id is no UUID \
            (give the id that registration returned, like `cf589be3-3755-465b-a8df-a90a16a31403`)";
        assert_eq!((error.kind(), error.to_string()), (ApplicationId, message.to_owned()));
        assert!(error.is_application_id());
    }
    // Arguments in the wrong order.
    let error = Credentials::from_pem(&key("rsa2048.pkcs8.pem"), ID).unwrap_err();
    assert_eq!(error.kind(), ApplicationId);
}

#[test]
fn files_that_cannot_be_read_are_named_unless_their_path_looks_like_a_key() {
    let directory = tempfile::tempdir().unwrap();
    let large = directory.path().join("large.pem");
    std::fs::write(&large, vec![b' '; 64 * 1024 + 1]).unwrap();
    let hint = "(give the path of a file that holds the private key in PEM)";
    let shown = |path: &std::path::Path| format!("the file `{}`", path.display());
    for (path, message) in [
        (directory.path().join("none.pem"), "cannot be read: it does not exist"),
        (directory.path().to_owned(), "cannot be read: it is a directory"),
        (large, "cannot be read: it is larger than 64 KiB"),
    ] {
        let error = Credentials::from_file(ID, &path).unwrap_err();
        assert_eq!((error.kind(), error.is_environment()), (Unreadable, true));
        assert_eq!(error.to_string(), format!("{} {message} {hint}", shown(&path)));
    }
    let error = Credentials::from_file(ID, path("public.pem")).unwrap_err();
    let message = "holds a public key (give the private key that it belongs to)";
    assert_eq!(error.to_string(), format!("{} {message}", shown(&path("public.pem"))));

    let pem = key("rsa2048.pkcs8.pem");
    for text in [pem.clone(), pem.replace('\n', r"\n"), pem.replace('\n', "")[27..].to_owned()] {
        let error = Credentials::from_file(ID, &text).unwrap_err();
        assert_eq!(error.kind(), Unreadable);
        check_hidden(&format!("{error} {error:?}"), &pem);
    }
}

#[test]
fn a_time_to_live_is_between_one_second_and_a_day() {
    let credentials = credentials_at(NOW);
    for seconds in [0.0, 0.999, 86_400.001, 86_401.0, 1e15] {
        let error = credentials.clone().with_ttl(Duration::from_secs_f64(seconds)).unwrap_err();
        assert_eq!(error.kind(), TimeToLive);
        assert!(error.to_string().ends_with("is out of range (choose 1 s to 86400 s)"), "{error}");
    }
    for (seconds, counted) in [(1.0, 1), (1.9, 1), (3600.0, 3600), (86_400.0, 86_400)] {
        let token = credentials.clone().with_ttl(Duration::from_secs_f64(seconds)).unwrap();
        let token = token.token(&ApiHost::Tilisy).unwrap();
        let claims = jsonwebtoken::dangerous::insecure_decode::<serde_json::Value>(token.expose()).unwrap().claims;
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), counted);
    }
}

#[test]
fn nothing_of_a_key_or_a_token_is_shown() {
    let pem = key("rsa2048.pkcs8.pem");
    let credentials = credentials_at(NOW);
    let token = credentials.token(&ApiHost::Tilisy).unwrap();
    let text = format!("{credentials:?} {credentials:#?} {token:?} {token:#?}");
    assert!(text.contains(ID) && text.contains("[redacted]"), "{text}");
    assert!(!text.contains(&token.expose()[..20]) && !text.contains("eyJ"), "{text}");
    check_hidden(&text, &pem);
    for length in (0..pem.len() - 6).step_by(50) {
        let error = refusal(&pem[..length]);
        check_hidden(&format!("{error} {error:?} {error:#?}"), &pem);
    }
}

/// No line of the key's body is in `text`, nor a part of one.
fn check_hidden(text: &str, pem: &str) {
    for line in pem.lines().filter(|line| !line.starts_with('-')) {
        assert!(!text.contains(&line[..line.len().min(12)]), "{text}");
    }
}

type Variables<'a> = &'a [(&'a str, &'a str)];

#[test]
fn the_environment_is_read() {
    const NAME: &str = "the_environment_is_read";
    if is_child() {
        match Credentials::from_env() {
            Ok(credentials) => check_usable(&credentials),
            Err(error) => println!("refused: {:?} {error}", error.kind()),
        }
        return;
    }
    let pem = key("rsa2048.pkcs1.pem");
    let (file, escaped) = (path("rsa2048.pkcs8.pem").display().to_string(), pem.replace('\n', r"\n"));
    let quoted = format!(" \"{file}\"\n");
    let (id, text, at) =
        ("ENABLEBANKING_APPLICATION_ID", "ENABLEBANKING_PRIVATE_KEY", "ENABLEBANKING_PRIVATE_KEY_FILE");
    let former = ("TILISY_APPLICATION_ID", "TILISY_PRIVATE_KEY_FILE");
    let cases: &[(Variables<'_>, Option<(Kind, &str)>)] = &[
        (&[(id, ID), (text, &pem)], None),
        (&[(id, ID), (text, &escaped), (at, "")], None),
        (&[(id, " 'cf589be3-3755-465b-a8df-a90a16a31403'\r\n"), (at, &file)], None),
        (&[(id, ID), (at, &quoted), (text, " ")], None),
        (&[(former.0, ID), (former.1, &file)], None),
        // The names are not mixed, and the current ones come first.
        (&[(id, ID), (text, &pem), (former.0, "x"), (former.1, "x")], None),
        (
            &[(id, ID), (former.1, &file)],
            Some((
                VariableMissing,
                "neither `ENABLEBANKING_PRIVATE_KEY` nor `ENABLEBANKING_PRIVATE_KEY_FILE` is set (set one of them)",
            )),
        ),
        (
            &[],
            Some((
                VariableMissing,
                "`ENABLEBANKING_APPLICATION_ID` is not set (set it to the application id; the former name \
                 `TILISY_APPLICATION_ID` works too)",
            )),
        ),
        (
            &[(text, &pem)],
            Some((VariableMissing, "`ENABLEBANKING_APPLICATION_ID` is not set (set it to the application id)")),
        ),
        (
            &[(former.1, &file)],
            Some((VariableMissing, "`TILISY_APPLICATION_ID` is not set (set it to the application id)")),
        ),
        (
            &[(id, ID), (text, ""), (at, " ")],
            Some((
                VariableMissing,
                "neither `ENABLEBANKING_PRIVATE_KEY` nor `ENABLEBANKING_PRIVATE_KEY_FILE` is set (set one of them)",
            )),
        ),
        (
            &[(id, ID), (text, &pem), (at, &file)],
            Some((
                VariableConflict,
                "both `ENABLEBANKING_PRIVATE_KEY` and `ENABLEBANKING_PRIVATE_KEY_FILE` are set (unset one of them)",
            )),
        ),
        (&[(id, "x"), (text, &pem)], Some((ApplicationId, "`ENABLEBANKING_APPLICATION_ID` is no UUID (give"))),
        (
            &[(id, ID), (text, &file)],
            Some((NoPrivateKey, "`ENABLEBANKING_PRIVATE_KEY` holds no private key in PEM (it")),
        ),
        (&[(id, ID), (at, &escaped)], Some((Unreadable, "a file whose path looks like a key cannot be read: "))),
    ];
    for (variables, refused) in cases {
        let output = again(NAME, variables);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}");
        match refused {
            Some((kind, message)) => assert!(said.contains(&format!("refused: {kind:?} {message}")), "{said}"),
            None => assert!(!said.contains("refused: "), "{said}"),
        }
        check_hidden(&said, &pem);
    }
}
