//! The web application among the examples, driven over HTTP while a scripted server plays Enable Banking.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::json;
use xtask::workspace;

use crate::bank::{Bank, Reply, body_of};
use crate::examples_run::example;

/// The running example. It ends with this value.
struct Web {
    child: Child,
    address: String,
}

impl Web {
    fn start(bank: &Bank) -> Self {
        let key = workspace().unwrap().join("enablebanking-core/tests/keys/rsa2048.pkcs8.pem");
        let mut child = example("web")
            .env("ENABLEBANKING_APPLICATION_ID", "cf589be3-3755-465b-a8df-a90a16a31403")
            .env("ENABLEBANKING_PRIVATE_KEY_FILE", key)
            .env_remove("ENABLEBANKING_PRIVATE_KEY")
            .env_remove("WEB_URL")
            .env("ENABLEBANKING_HOST", bank.url())
            .env("WEB_ADDRESS", "127.0.0.1:0")
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").expect("the address").to_owned();
        Self { child, address }
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser, which keeps one cookie.
struct Browser<'w> {
    web: &'w Web,
    cookie: Option<String>,
}

struct Page {
    status: u16,
    location: String,
    text: String,
}

impl<'w> Browser<'w> {
    const fn new(web: &'w Web) -> Self {
        Self { web, cookie: None }
    }

    fn open(&mut self, path: &str) -> Page {
        let address = &self.web.address;
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let cookie = self.cookie.as_ref().map(|cookie| format!("cookie: theme=dark; {cookie}\r\n")).unwrap_or_default();
        let head = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{cookie}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, text) = response.split_once("\r\n\r\n").unwrap();
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        if let Some(cookie) = header("set-cookie: ") {
            assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        let location = header("location: ").unwrap_or_default();
        Page { status: head[9..12].parse().unwrap(), location, text: text.to_owned() }
    }
}

fn replies() -> [Reply; 4] {
    let bank = json!({
        "name": "Nordea", "country": "FI", "logo": "https://example.com/logo", "psu_types": ["personal"],
        "auth_methods": [], "beta": false, "maximum_consent_validity": 15_552_000,
    });
    let authorization = json!({
        "url": "http://bank.example/welcome", "authorization_id": "a0741105-0000-4000-8000-333344445555",
        "psu_id_hash": "hash",
    });
    let session = json!({
        "session_id": "5e551011-0000-4000-8000-333344445555", "psu_type": "personal",
        "aspsp": { "name": "Nordea", "country": "FI" }, "access": { "valid_until": "2026-06-29T23:55:00Z" },
        "accounts": [{
            "uid": "acc00947-0000-4000-8000-888899990000", "identification_hash": "a", "identification_hashes": ["a"],
            "cash_account_type": "CACC", "currency": "EUR", "product": "Current account",
        }],
    });
    let page = json!({
        "transactions": [{
            "transaction_amount": { "amount": "12.50", "currency": "EUR" }, "credit_debit_indicator": "DBIT",
            "creditor": { "name": "Kahvila" }, "status": "BOOK",
        }],
        "continuation_key": null,
    });
    [json!({ "aspsps": [bank] }), authorization, session, page].map(|body| Reply::json(200, body.to_string()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_connects_a_bank_and_no_other_browser_can_finish_it() {
    let bank = Bank::scripted(replies()).await;
    let web = Web::start(&bank);
    let mut browser = Browser::new(&web);
    assert_eq!(browser.open("/").text, "no accounts yet: open /connect/COUNTRY/BANK\n");

    let page = browser.open("/connect/FI/Nordea");
    assert_eq!((page.status, page.location.as_str()), (303, "https://bank.example/welcome"));
    let request = body_of(&bank.requests()[1]);
    assert_eq!(request["redirect_url"], format!("http://{}/callback", web.address));
    let back = format!("/callback?code=code&state={}", request["state"].as_str().unwrap());

    for wrong in ["/callback", "/callback?code=code", "/callback?code=code&state=wrong"] {
        assert_eq!(browser.open(wrong).status, 403, "{wrong}");
    }
    assert_eq!(Browser::new(&web).open(&back).status, 403, "another browser");
    assert_eq!(bank.requests().len(), 2, "no code was sent");

    let page = browser.open(&back);
    assert_eq!((page.status, page.location.as_str()), (303, "/"));
    assert_eq!(browser.open(&back).status, 403, "the state was used");
    assert_eq!(browser.open("/").text, "Nordea, until 2026-06-29\n  Current account EUR\n");

    let start = Instant::now();
    let mut read = String::new();
    while read.is_empty() && start.elapsed() < Duration::from_secs(20) {
        read = browser.open("/transactions").text;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(read, "-12.50 EUR Kahvila\n");
    assert_eq!(Browser::new(&web).open("/transactions").text, "", "another user");
    let requests = bank.requests();
    assert_eq!(requests.len(), 4);
    assert!(requests[3].target().contains("strategy=longest"));
}
