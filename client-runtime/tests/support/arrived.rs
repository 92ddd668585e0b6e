//! One request as it arrives at a server on this machine.

use openbanking_client_runtime::context::Context;
use openbanking_client_runtime::error::Error;
use openbanking_client_runtime::request::{Request, Sender};
use openbanking_client_runtime::transport::{self, Options};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Sends a request, and returns its head in lower case and its body as they arrived.
pub async fn arrived(request: Request) -> (String, Vec<u8>) {
    all_arrived(request, &["200 OK"]).await.remove(0)
}

/// Sends a request to a server that answers with one status after the other. Returns what arrived each time.
pub async fn all_arrived(request: Request, statuses: &[&str]) -> Vec<(String, Vec<u8>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = async {
        let mut all = Vec::new();
        for status in statuses {
            let (mut stream, _) = listener.accept().await.unwrap();
            all.push(read(&mut stream).await);
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        all
    };
    let transport = transport::build(&url, &Options::default()).unwrap();
    let sender = Sender::new(transport, Context::new());
    let (all, response) = tokio::join!(server, sender.send::<(), Error<()>>(request));
    response.unwrap();
    all
}

async fn read(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "the request has no end");
        let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let lower = head.to_ascii_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.unwrap_or_default().parse().unwrap_or_default();
        if bytes.len() >= end + 4 + length {
            return (lower, bytes[end + 4..].to_vec());
        }
    }
}

/// The values of a header.
pub fn values<'a>(head: &'a str, name: &str) -> Vec<&'a str> {
    head.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
}
