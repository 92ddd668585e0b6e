use super::*;

const ALLOWED: &[(&str, &str)] = &[
    ("https://enablebanking.com/webhooks.pem", "https://enablebanking.com/webhooks.pem"),
    ("https://api.enablebanking.com/webhooks.pem", "https://api.enablebanking.com/webhooks.pem"),
    ("https://a.b.enablebanking.com/c?d=1", "https://a.b.enablebanking.com/c?d=1"),
    ("https://xn--bcher-kva.enablebanking.com/", "https://xn--bcher-kva.enablebanking.com/"),
    ("HTTPS://API.EnableBanking.COM/Key.pem", "https://api.enablebanking.com/Key.pem"),
    ("https://api.enablebanking.com:443/key.pem", "https://api.enablebanking.com/key.pem"),
    ("https://api.enablebanking.com", "https://api.enablebanking.com/"),
    ("https://api.enablebanking.com/a@b:c", "https://api.enablebanking.com/a@b:c"),
    ("https://api.enablebanking.com/a/../b", "https://api.enablebanking.com/b"),
];

const REFUSED: &[&str] = &[
    "",
    "enablebanking.com",
    "//enablebanking.com/key.pem",
    "https:",
    "https://",
    "https:///",
    // Other hosts.
    "https://evil-enablebanking.com/key.pem",
    "https://evilenablebanking.com/key.pem",
    "https://enablebanking.com.evil.example/key.pem",
    "https://enablebanking.co/key.pem",
    "https://enablebanking.community/key.pem",
    "https://com.enablebanking/key.pem",
    "https://com/key.pem",
    "https://evil.example/enablebanking.com/key.pem",
    "https://evil.example/?https://enablebanking.com/",
    "https://evil.example#.enablebanking.com/",
    "https://evil.example?.enablebanking.com/",
    "https://xn--enablebanking-8jg.com/key.pem",
    // A Cyrillic letter.
    "https://enabl\u{435}banking.com/key.pem",
    // User names, which some parsers take for the host.
    "https://enablebanking.com@evil.example/key.pem",
    "https://enablebanking.com:pass@evil.example/key.pem",
    "https://evil.example@enablebanking.com/key.pem",
    "https://@enablebanking.com/key.pem",
    "https://:@enablebanking.com/key.pem",
    // Characters that parsers convert or drop.
    "https://evil.example\\.enablebanking.com/key.pem",
    "https://evil.example\\@enablebanking.com/key.pem",
    "https:\\\\enablebanking.com/key.pem",
    "https://enablebanking.com\\key.pem",
    "https://enablebanking%2ecom/key.pem",
    "https://%65nablebanking.com/key.pem",
    "https://enablebanking\u{3002}com/key.pem",
    "https://\u{ff45}nablebanking.com/key.pem",
    "https://enable\tbanking.com/key.pem",
    "https://enable\u{ad}banking.com/key.pem",
    " https://enablebanking.com/key.pem",
    "https://enablebanking.com/key.pem\n",
    "https://enablebanking.com/\0",
    "https:enablebanking.com/key.pem",
    "https:/enablebanking.com/key.pem",
    "https:///enablebanking.com/key.pem",
    "https://enablebanking.com#key",
    "https://enablebanking.com/key.pem#key",
    // Dots.
    "https://enablebanking.com./key.pem",
    "https://api.enablebanking.com./key.pem",
    "https://.enablebanking.com/key.pem",
    "https://api..enablebanking.com/key.pem",
    "https://enablebanking..com/key.pem",
    // Ports.
    "https://enablebanking.com:8443/key.pem",
    "https://enablebanking.com:80/key.pem",
    "https://enablebanking.com:/key.pem",
    "https://enablebanking.com:0443/key.pem",
    "https://enablebanking.com:443:443/key.pem",
    "https://enablebanking.com:x/key.pem",
    // Schemes.
    "http://enablebanking.com/key.pem",
    "http://api.enablebanking.com:443/key.pem",
    "ftp://enablebanking.com/key.pem",
    "wss://enablebanking.com/key.pem",
    "file://enablebanking.com/key.pem",
    "javascript://enablebanking.com/key.pem",
    "data:application/x-pem-file,key",
    // Addresses.
    "https://127.0.0.1/key.pem",
    "https://[::1]/key.pem",
    "https://[::ffff:127.0.0.1]/key.pem",
    "https://2130706433/key.pem",
    "https://169.254.169.254/latest",
    "https://localhost/key.pem",
    "http://127.0.0.1/key.pem",
    "http://localhost:8080/key.pem",
];

fn check_refused(text: &str, insecure_hosts: &[String]) {
    let error = checked(text, insecure_hosts).expect_err(text);
    assert_eq!(error.kind(), ErrorKind::CertificateUrl, "{text:?}");
    let shown = format!("{error} {error:?}");
    assert!(text.is_empty() || !shown.contains(text), "{shown}");
}

#[test]
fn addresses_of_the_service_are_allowed_in_their_normal_form() {
    for (text, normal) in ALLOWED {
        assert_eq!(checked(text, &[]).as_ref().map(Url::as_str), Ok(*normal), "{text}");
    }
}

#[test]
fn all_other_addresses_are_refused() {
    for text in REFUSED {
        check_refused(text, &[]);
    }
    let long = format!("https://enablebanking.com/{}", "a".repeat(LONGEST));
    check_refused(&long, &[]);
}

#[test]
fn an_insecure_host_is_allowed_over_plain_http_alone() {
    let hosts = ["127.0.0.1", "[::1]", "Sandbox"].map(str::to_owned);
    for text in ["http://127.0.0.1:8080/a.pem", "http://127.0.0.1/a.pem", "http://[::1]:1/a.pem", "http://sandbox:80/"]
    {
        assert!(checked(text, &hosts).is_ok(), "{text}");
        check_refused(text, &[]);
    }
    for text in [
        "https://127.0.0.1:8080/a.pem",
        "https://sandbox/a.pem",
        "http://127.0.0.2/a.pem",
        "http://127.1/a.pem",
        "http://0x7f000001/a.pem",
        "http://127.0.0.1@evil.example/a.pem",
        "http://evil.example@127.0.0.1/a.pem",
        "http://127.0.0.1.evil.example/a.pem",
        "http://a.sandbox/a.pem",
        "http://sandbox./a.pem",
        "http://enablebanking.com/a.pem",
    ] {
        check_refused(text, &hosts);
    }
    // The hosts of the service stay allowed.
    assert!(checked("https://enablebanking.com/a.pem", &hosts).is_ok());
}

#[test]
fn an_insecure_host_that_is_not_a_host_allows_no_address() {
    for host in ["", "*", "127.0.0.1:8080", "http://127.0.0.1", "example..com:"] {
        check_refused("http://127.0.0.1:8080/a.pem", &[host.to_owned()]);
    }
}
