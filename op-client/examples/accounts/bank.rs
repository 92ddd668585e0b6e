//! A pretend bank for the example and for the tests: it answers what the documentation shows and what others have recorded,
//! on this machine only.
#![allow(dead_code, reason = "the example and each test use a part of it")]

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The one key that the bank knows.
pub(crate) const KEY: &str = "a161-43ee-b222";
/// The token that the documentation prints.
pub(crate) const TOKEN: &str = "b6910384440ce06f495976f96a162e2ab1bafbb4";
const ACCOUNT: &str = "064418ca1d292a5112e9804af4dc66df5b90203c";

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
}

#[derive(Default)]
struct Memory {
    requests: Vec<Request>,
    /// Payments that wait to be confirmed, by their ids.
    payments: BTreeMap<String, Value>,
    /// What every request is answered with, where that is laid down: status, level and type.
    failure: Option<(u16, &'static str, &'static str)>,
}

/// A running bank; it goes away with the runtime that it was started on.
#[derive(Clone)]
pub(crate) struct Bank {
    url: String,
    memory: Arc<Mutex<Memory>>,
    /// How many requests it answers in a day that never ends.
    limit: usize,
}

impl Bank {
    /// A bank that answers 1,000 requests.
    pub(crate) async fn start() -> io::Result<Self> {
        Self::limited(1_000).await
    }

    /// A bank that answers so many requests, and then no more.
    pub(crate) async fn limited(limit: usize) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let bank = Self { url: format!("http://{}", listener.local_addr()?), memory: Arc::default(), limit };
        let shared = bank.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(shared.clone().serve(stream));
            }
        });
        Ok(bank)
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// All requests that came.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).requests.clone()
    }

    /// Answers every request with this status, and an error of this level and type.
    pub(crate) fn fail_with(&self, status: u16, level: &'static str, kind: &'static str) {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).failure = Some((status, level, kind));
    }

    async fn serve(self, mut stream: TcpStream) {
        while let Some(request) = read(&mut stream).await {
            let (status, headers, body) = self.answer(request);
            let body = body.to_string();
            let head = format!("HTTP/1.1 {status} Any\r\ncontent-type: application/json; charset=utf-8\r\n{headers}");
            let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn answer(&self, request: Request) -> (u16, String, Value) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.requests.push(request.clone());
        if memory.requests.len() > self.limit {
            let limit = self.limit;
            let headers =
                format!("x-ratelimit-limit: {limit}\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 86400\r\n");
            return (429, headers, error("ERROR", "TECHNICAL", "Too many requests"));
        }
        if let Some((status, level, kind)) = memory.failure {
            return (status, String::new(), error(level, kind, "As laid down"));
        }
        let (status, body) = route(&mut memory, &request);
        (status, String::new(), body)
    }
}

fn route(memory: &mut Memory, request: &Request) -> (u16, Value) {
    if request.header("x-api-key") != KEY {
        return (400, error("ERROR", "VALIDATION", "Invalid ApiKey"));
    }
    if request.header("x-authorization") != TOKEN {
        return (401, error("ERROR", "SECURITY", "Invalid token"));
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let steps: Vec<_> = path.trim_start_matches("/v1/").split('/').collect();
    match (request.method.as_str(), steps.as_slice()) {
        ("GET", ["accounts"]) => (200, json!([account(), savings()])),
        ("GET", ["accounts", ACCOUNT]) => (200, json!([account()])),
        ("GET", ["accounts", ACCOUNT, "transactions"]) => (200, json!([transaction(query), transaction(query)])),
        ("GET", ["accounts", ACCOUNT, "transactions", _]) => (200, json!({ "transaction": [transaction(query)] })),
        ("POST", ["payments", "initiate"]) => {
            let id = format!("43ee4ff0-c38a-11e7-abc4-{:012}", memory.payments.len());
            let mut payment = body;
            payment["paymentId"] = json!(id);
            memory.payments.insert(id, payment.clone());
            (200, payment)
        }
        ("POST", ["payments", "confirm"]) => {
            match memory.payments.remove(body["paymentId"].as_str().unwrap_or_default()) {
                Some(payment) => (200, payment),
                None => (500, error("ERROR", "BUSINESS", "No such payment")),
            }
        }
        ("POST", ["payments", "transfer"]) => {
            let upper = |key: &str| body[key].as_str().unwrap_or_default().to_uppercase();
            let (payer, receiver) = (upper("sourceAccountName"), upper("targetAccountName"));
            (
                200,
                json!({ "amount": body["amount"], "payerName": payer, "receiverName": receiver, "subject": body["message"] }),
            )
        }
        ("GET", ["funds"]) => {
            (200, json!([{ "isinCode": "FI0008800248", "nameOfFund": "OP-Delta A", "unitPrice": 136.0405 }]))
        }
        ("POST", ["funds", _, "subscriptions"]) => (200, json!({ "subscription": { "orderIdentifier": "1234" } })),
        // The key really is the other one.
        ("POST", ["funds", _, "redemptions"]) => (200, json!({ "subscription": { "redemptionIdentifier": "1235" } })),
        ("GET", ["holdings"]) => (
            200,
            json!({ "id": 1, "sumOfAllHoldings": { "marketValue": 1234.56 }, "fundHoldings": [{ "fundName": "OP-Delta A" }] }),
        ),
        _ => (400, error("ERROR", "VALIDATION", "There is nothing here")),
    }
}

fn error(level: &str, kind: &str, message: &str) -> Value {
    let code = (kind == "BUSINESS").then_some("ACC_ERR_123");
    let mut error = json!({ "id": "G_-20343744:143e886a59f:-7ff9", "level": level, "type": kind, "message": message });
    if let Some(code) = code {
        error["code"] = json!(code);
    }
    json!({ "errors": [error] })
}

fn account() -> Value {
    json!({
        "accountId": ACCOUNT, "accountType": "710001", "iban": "FI2350009421535899", "bic": "OKOYFIHH",
        "accountName": "KÄYTTÖTILI", "balance": 2275.71, "amountAvailable": 2075.71, "currency": "EUR",
    })
}

fn savings() -> Value {
    json!({
        "accountId": "b7d8a1c20e5f4a6d9c3b2e1f0a9d8c7b6e5f4a3d", "accountType": "712035", "iban": "FI7858400761900714",
        "bic": "OKOYFIHH", "accountName": "KASVUTUOTTO", "balance": 0, "amountAvailable": 0, "currency": "EUR",
    })
}

fn transaction(query: &str) -> Value {
    json!({ "transactionId": "77302960-fb2b-11e7-a10a-b5588c376575", "accountId": ACCOUNT, "amount": -12.35, "message": query })
}

/// Reads a request; nothing where the other side has hung up, or sends none.
async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ').map(str::to_owned);
    let mut request = Request { method: words.next()?, target: words.next()?, ..Request::default() };
    request.headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = request.header("content-length").parse().unwrap_or_default();
    let mut body = stream.take(length);
    body.read_to_end(&mut request.body).await.ok()?;
    Some(request)
}
