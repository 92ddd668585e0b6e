//! A server that plays the one with the certificate.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A response, and what the server does after it.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Sends a response with this status line and headers, and this body.
    Whole(String, Vec<u8>),
    /// Sends a text as it is, and closes the connection.
    Breaks(String),
    /// Sends a text as it is, and keeps the connection open.
    Hangs(String),
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::Whole("200 OK".to_owned(), body.into())
    }

    pub(crate) fn status(head: impl Into<String>) -> Self {
        Self::Whole(head.into(), Vec::new())
    }
}

/// A server on the loopback interface, which closes each connection after one response.
pub(crate) struct Server {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server that sends these replies by turns, and repeats the last one.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/webhooks.pem", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (replies, log) = (replies.into_iter().collect::<Vec<_>>(), Arc::clone(&seen));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(respond(stream, replies.clone(), Arc::clone(&log)));
            }
        });
        Self { address, seen }
    }

    /// The address of the certificate.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The requests so far, without bodies.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn respond(mut stream: TcpStream, replies: Vec<Reply>, log: Arc<Mutex<Vec<String>>>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut request).await.unwrap_or_default() == 0 {
            return;
        }
    }
    let place = {
        let mut log = log.lock().unwrap();
        log.push(String::from_utf8(request).unwrap());
        log.len() - 1
    };
    match replies.get(place).or(replies.last()).unwrap() {
        Reply::Whole(head, body) => {
            let length = body.len();
            let head = format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            // A client that has seen enough closes the connection.
            let _ = stream.write_all(&[head.as_bytes(), body].concat()).await;
        }
        Reply::Breaks(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
        }
        Reply::Hangs(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            // Until the client gives up.
            let _ = stream.read(&mut [0]).await;
        }
    }
}
