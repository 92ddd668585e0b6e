//! One call of a made-up operation, to a server on this machine.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

pub mod arrived;

use std::sync::{Arc, Mutex};

use openbanking_client_runtime::context::{Authorization, BearerToken, Context, Operation};
use openbanking_client_runtime::decode::Decode;
use openbanking_client_runtime::error::{Error, ErrorBody, ErrorClass, ErrorLabel};
use openbanking_client_runtime::object;
use openbanking_client_runtime::request::{Request, Sender};
use openbanking_client_runtime::response::Response;
use openbanking_client_runtime::transport::{self, Options, Transport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// In every URL and header of these tests, and in no text of ours.
pub const CANARY: &str = "FI2112345600000785";

pub static OPERATION: Operation = Operation {
    id: "rows",
    method: "GET",
    path: "/rows/{row}",
    successes: &[(200, 200)],
    context_headers: &["Psu-Ip-Address"],
    request_id: None,
    authorization: Some(Authorization::REQUIRED),
    single_use: false,
    gone: &[],
};

#[derive(Debug, PartialEq)]
pub struct Failure {
    pub error: Option<String>,
}
object!(Failure { error: "error" => salvaged });

impl ErrorLabel for Failure {
    fn label(&self) -> Option<&'static str> {
        ["BUSY", "GONE"].into_iter().find(|label| self.error.as_deref() == Some(*label))
    }
}

impl ErrorBody for Failure {
    type Code = String;

    fn code(&self) -> Option<&String> {
        self.error.as_ref()
    }

    fn message(&self) -> Option<&str> {
        None
    }

    fn class(&self, _: u16) -> Option<ErrorClass> {
        None
    }
}

/// A server that answers request after request with what it was given, and the last again and again.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Each answer as it goes over the wire; an empty one, or one that says so, closes the connection.
    pub async fn new(answers: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (seen, answers) = (Arc::clone(&seen), answers.clone());
                tokio::spawn(async move {
                    loop {
                        let mut request = Vec::new();
                        while !request.ends_with(b"\r\n\r\n") {
                            if !stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {
                                return;
                            }
                        }
                        let nth = {
                            let mut seen = seen.lock().unwrap();
                            seen.push(String::from_utf8(request).unwrap());
                            seen.len() - 1
                        };
                        let answer = &answers[nth.min(answers.len() - 1)];
                        let ends = answer.is_empty() || answer.windows(5).any(|part| part == b"close");
                        if stream.write_all(answer).await.is_err() || ends {
                            return;
                        }
                    }
                });
            }
        });
        Self { url, requests }
    }

    /// The heads of the requests that came.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// An answer on the wire.
pub fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Any\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

pub fn transport(url: &str, change: impl FnOnce(&mut Options)) -> (Transport, Context) {
    let mut options = Options::default();
    change(&mut options);
    let transport = transport::build(url, &options).unwrap();
    let context = Context::new().with_authorize(BearerToken::new(CANARY).unwrap());
    (transport, context)
}

/// A call as a generated method makes it, with the status 200 for a success.
pub async fn call<T: for<'de> Decode<'de>>(
    (transport, context): &(Transport, Context),
    operation: &'static Operation,
) -> Result<Response<T>, Error<Failure>> {
    let mut request = Request::new(operation);
    request.path("row", &CANARY);
    Sender::new(transport.clone(), context.clone()).send(request).await
}

/// One call that is answered like this.
pub async fn fetch<T: for<'de> Decode<'de>>(status: u16, body: &str) -> Result<Response<T>, Error<Failure>> {
    let server = Server::new(vec![answer(status, "", body)]).await;
    call(&transport(&server.url, |_| {}), &OPERATION).await
}
