//! A server that records requests as they arrive.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::wire::Sent;

/// A server on the loopback interface. It answers everything with status 204.
pub(crate) struct Server {
    /// The base URL.
    pub(crate) url: String,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sent = Arc::new(Mutex::new(Vec::new()));
        let records = Arc::clone(&sent);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&records)));
            }
        });
        Self { url, sent }
    }

    /// Returns the request that a call sent, or the call's error if it sent none.
    pub(crate) fn take(&self, outcome: Result<(), String>) -> Result<Sent, String> {
        let mut sent = std::mem::take(&mut *self.sent.lock().unwrap());
        assert!(sent.len() < 2, "one call sent {} requests: {sent:?}", sent.len());
        sent.pop().ok_or_else(|| outcome.err().unwrap_or_else(|| "nothing was sent".to_owned()))
    }
}

/// Reads one request, records it and closes the connection.
async fn serve(mut stream: TcpStream, records: Arc<Mutex<Vec<Sent>>>) {
    let mut bytes = Vec::new();
    let sent = loop {
        if let Some(sent) = Sent::read(&bytes) {
            break sent;
        }
        if stream.read_buf(&mut bytes).await.unwrap_or_default() == 0 {
            return;
        }
    };
    records.lock().unwrap().push(sent);
    // The client has closed the connection if it wants no response; that is its business.
    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await;
}
