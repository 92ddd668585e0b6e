//! The checks of the certificate.

use enablebanking_client::webhook::ErrorKind;

use super::*;

/// The first and the last second of the certificates here: 2020-01-01 and 2126-01-01.
const VALID: [u64; 2] = [1_577_836_800, 4_922_899_200];

fn check_at(seconds: u64, certificate: impl AsRef<[u8]>) -> Option<ErrorKind> {
    let authorization = signed(&header(), &claims());
    verify_at(seconds, &authorization, certificate.as_ref(), BODY.as_bytes()).err().map(|error| error.kind())
}

fn check(certificate: impl AsRef<[u8]>) -> Option<ErrorKind> {
    check_at(NOW, certificate)
}

#[test]
fn certificates_are_read_in_pem_and_der() {
    assert_eq!(check(CERTIFICATE), None);
    assert_eq!(check(der(CERTIFICATE)), None);
    assert_eq!(check(CERTIFICATE.replace('\n', "\r\n")), None);
    assert_eq!(check(CERTIFICATE.trim_end()), None);
    assert_eq!(check(format!("subject=CN = any text\n{CERTIFICATE}")), None);
}

#[test]
fn the_first_certificate_of_a_chain_counts() {
    assert_eq!(check(format!("{CERTIFICATE}{OTHER_CERTIFICATE}")), None);
    assert_eq!(check(format!("{OTHER_CERTIFICATE}{CERTIFICATE}")), Some(ErrorKind::Signature));
}

#[test]
fn a_certificate_of_another_key_does_not_fit() {
    assert_eq!(check(OTHER_CERTIFICATE), Some(ErrorKind::Signature));
}

#[test]
fn a_certificate_counts_while_it_is_valid() {
    let [first, last] = VALID;
    for seconds in [first, first + 1, NOW, last - 1, last] {
        assert_eq!(check_at(seconds, CERTIFICATE), None, "{seconds}");
    }
    for seconds in [0, first - 1, last + 1] {
        assert_eq!(check_at(seconds, CERTIFICATE), Some(ErrorKind::CertificateValidity), "{seconds}");
    }
}

#[test]
fn a_clock_before_1970_finds_no_certificate_valid() {
    struct Early;

    impl Clock for Early {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH - Duration::from_secs(1)
        }
    }

    let expected = expected(Arc::new(Early));
    let authorization = signed(&header(), &claims());
    let error = Unverified::parse(authorization, &expected).unwrap().verify(CERTIFICATE, BODY).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CertificateValidity);
}

#[test]
fn only_rsa_keys_of_enough_bits_are_used() {
    for (name, certificate) in [
        ("ec", include_str!("../certificates/ec.crt")),
        ("rsa-pss", include_str!("../certificates/rsa-pss.crt")),
        ("rsa1024", include_str!("../certificates/rsa1024.crt")),
    ] {
        assert_eq!(check(certificate), Some(ErrorKind::CertificateKey), "{name}");
    }
}

#[test]
fn other_files_are_not_certificates() {
    let der = der(CERTIFICATE);
    let label = "CERTIFICATE";
    for (case, file) in [
        ("empty", Vec::new()),
        ("text", b"<!DOCTYPE html><title>Not found</title>".to_vec()),
        ("no utf-8", vec![0xff; 300]),
        ("private key", PRIVATE_KEY.into()),
        ("renamed private key", PRIVATE_KEY.replace("PRIVATE KEY", label).into()),
        ("no end", CERTIFICATE.split("-----END").next().unwrap().into()),
        ("no body", b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".to_vec()),
        ("other label", CERTIFICATE.replace(label, "X509 CRL").into()),
        ("letter changed", CERTIFICATE.replacen("MII", "MI!", 1).into()),
        ("cut", der[..der.len() - 1].to_vec()),
        ("longer", [&*der, &[0]].concat()),
        ("deep", [0x30, 0x80].repeat(20_000)),
        ("too long", format!("{}{CERTIFICATE}", " ".repeat(64 * 1024)).into()),
    ] {
        assert_eq!(check(file), Some(ErrorKind::Certificate), "{case}");
    }
}

#[test]
fn a_damaged_certificate_never_panics() {
    let der = der(CERTIFICATE);
    let (authorization, expected) = (signed(&header(), &claims()), expected_at(NOW));
    let unverified = Unverified::parse(authorization, &expected).unwrap();
    for at in 0..der.len() {
        let mut damaged = der.clone();
        damaged[at] ^= 0x55;
        // Bytes outside of key and validity, such as the name, do not matter.
        let _ = unverified.verify(&damaged, BODY);
        assert!(unverified.verify(&der[..at], BODY).is_err(), "{at}");
    }
}
