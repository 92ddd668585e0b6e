//! A service that costs next to nothing: prepared answers over HTTP/1.1 with keep-alive, on a thread of its own.

#![allow(dead_code, reason = "each benchmark needs some of it")]

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

/// The service's description of an application.
pub(crate) const APPLICATION: &[u8] = br#"{"active":true,"description":"Shows how money moves","environment":"SANDBOX","kid":"cf589be3-3755-465b-a8df-a90a16a31403","name":"Example","redirect_urls":["https://app.example/back"]}"#;

/// An answer with this body, head and all.
pub(crate) fn answer(body: &[u8]) -> Arc<[u8]> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat().into()
}

/// Answers every request after `delay` with what `choose` makes of its head, until the process ends. Gives the URL.
pub(crate) fn serve(delay: Duration, choose: impl Fn(&str) -> Arc<[u8]> + Send + Sync + 'static) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let choose = Arc::new(choose);
    std::thread::spawn(move || {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let choose = Arc::clone(&choose);
                tokio::spawn(async move { converse(stream, delay, &*choose).await });
            }
        });
    });
    url
}

/// One connection. That the client leaves is no error.
async fn converse(mut stream: TcpStream, delay: Duration, choose: &(dyn Fn(&str) -> Arc<[u8]> + Send + Sync)) {
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::with_capacity(8 * 1024);
    // No request here has a body: a head is all of it.
    while let Ok(1..) = stream.read_buf(&mut buffer).await {
        if !buffer.ends_with(b"\r\n\r\n") {
            continue;
        }
        let answer = choose(std::str::from_utf8(&buffer).unwrap());
        buffer.clear();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}
