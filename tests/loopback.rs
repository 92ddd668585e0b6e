//! A server on this machine that answers what a test tells it to, and keeps what it was asked.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came over the wire.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body, or null where there is none.
    pub(crate) fn json(&self) -> Value {
        if self.body.is_empty() { Value::Null } else { serde_json::from_slice(&self.body).unwrap() }
    }
}

/// What the server answers.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: &'static str,
    pub(crate) body: String,
    /// Hangs up after this many bytes of the body.
    pub(crate) cut: Option<usize>,
}

impl Answer {
    /// JSON with a status.
    pub(crate) fn json(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: "content-type: application/json\r\n", body: body.into(), cut: None }
    }
}

/// The server; it goes away with its runtime.
pub(crate) struct Loopback {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Loopback {
    /// Answers every request with this status and this body.
    pub(crate) async fn answering(status: u16, body: impl Into<String>) -> Self {
        Self::scripted([Answer::json(status, body)]).await
    }

    /// Answers one request after another; the last answer is given again and again.
    pub(crate) async fn scripted(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::default();
        let (kept, answers) = (Arc::clone(&requests), Arc::<[Answer]>::from_iter(answers));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answers), Arc::clone(&kept)));
            }
        });
        Self { url, requests }
    }

    /// All requests that came, in their order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The only request that came.
    pub(crate) fn request(&self) -> Request {
        let requests = self.requests.lock().unwrap();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests[0].clone()
    }
}

async fn serve(mut stream: TcpStream, answers: Arc<[Answer]>, requests: Arc<Mutex<Vec<Request>>>) {
    while let Some(request) = read(&mut stream).await {
        let number = {
            let mut requests = requests.lock().unwrap();
            requests.push(request);
            requests.len() - 1
        };
        let Answer { status, headers, body, cut } = &answers[number.min(answers.len() - 1)];
        let head = format!(
            "HTTP/1.1 {status} Whatever\r\n{headers}x-request-id: r-1\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let body = &body.as_bytes()[..cut.unwrap_or(body.len())];
        let sent = stream.write_all(head.as_bytes()).await.and(stream.write_all(body).await);
        if sent.is_err() || cut.is_some() {
            return;
        }
    }
}

/// Reads one request; none where the other side has hung up.
async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let mut request =
        Request { method: words.next()?.to_owned(), target: words.next()?.to_owned(), ..Request::default() };
    request.headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    request.body = vec![0; length];
    stream.read_exact(&mut request.body).await.ok()?;
    Some(request)
}
