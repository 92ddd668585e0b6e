//! The server's side of TLS: with the wrong certificate, or too old.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::answer::Sent;
use crate::server::{Act, State, gone, read};

/// The authority that clients are told to trust.
pub(crate) const AUTHORITY: &str = include_str!("certificates/authority.pem");

/// What the server shows of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Identity {
    /// Signed by the authority, for this machine.
    Good,
    /// For this machine, signed by nobody else.
    SelfSigned,
    /// Signed by the authority, for another host.
    OtherHost,
}

impl Identity {
    /// The certificate and its key.
    const fn pem(self) -> (&'static str, &'static str) {
        match self {
            Self::Good => (include_str!("certificates/loopback.pem"), include_str!("certificates/loopback.key.pem")),
            Self::SelfSigned => {
                (include_str!("certificates/self-signed.pem"), include_str!("certificates/self-signed.key.pem"))
            }
            Self::OtherHost => {
                (include_str!("certificates/other-host.pem"), include_str!("certificates/other-host.key.pem"))
            }
        }
    }

    fn config(self) -> Result<ServerConfig, rustls::Error> {
        let (certificate, key) = self.pem();
        let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).expect("a certificate in PEM");
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key in PEM");
        ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
    }
}

/// How a server that is too old says so.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    /// By the alert `protocol_version`.
    Alert,
    /// By choosing TLS 1.1 in its own hello.
    Hello,
}

/// Counts the beginning of TLS, if it is one.
async fn hello(stream: &TcpStream, state: &State) -> bool {
    let mut first = [0];
    let is_hello = stream.peek(&mut first).await.is_ok_and(|count| count == 1) && first == [0x16];
    if is_hello {
        state.record().hellos += 1;
    }
    is_hello
}

pub(crate) async fn serve(stream: TcpStream, identity: Identity, state: &State) {
    hello(&stream, state).await;
    let config = identity.config().expect("a certificate with its key");
    match TlsAcceptor::from(Arc::new(config)).accept(stream).await {
        // A client says by an alert that it does not like the certificate.
        Err(error) => match error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::AlertReceived(alert)) => state.happened(format!("the peer's alert: {alert:?}")),
            _ => state.happened(format!("the peer went away: {:?}", error.kind())),
        },
        Ok(stream) => {
            let mut wire = BufReader::new(stream);
            while let Some(request) = read(&mut wire).await {
                state.record().requests.push(request);
                let Act::Fine(answer) = state.next() else { return };
                if !matches!(answer.send(&mut wire).await, Sent::Whole) || wire.flush().await.is_err() {
                    return;
                }
            }
        }
    }
}

/// A record with the fatal alert `protocol_version`.
const ALERT: [u8; 7] = [0x15, 3, 2, 0, 2, 2, 70];

pub(crate) async fn refuse(mut stream: TcpStream, refusal: Refusal, state: &State) {
    if !hello(&stream, state).await {
        return state.failed("no TLS came");
    }
    let mut received = [0; 4096];
    let _ = stream.read(&mut received).await;
    let sent = match refusal {
        Refusal::Alert => stream.write_all(&ALERT).await,
        Refusal::Hello => stream.write_all(&old_hello()).await,
    };
    let answer = stream.read(&mut received).await.unwrap_or(0);
    let alert = received[..answer].starts_with(&[0x15]);
    gone(&mut stream).await;
    match sent {
        Ok(()) if alert => state.happened("TLS 1.1 offered; the peer's answer is an alert"),
        Ok(()) => state.happened("TLS 1.1 offered; the peer went away"),
        Err(_) => state.failed("the peer went away before TLS 1.1 was offered"),
    }
}

/// A hello that chooses TLS 1.1 and a cipher of its time (ECDHE, RSA, AES-256, CBC, SHA-1).
fn old_hello() -> Vec<u8> {
    let mut body = vec![3, 2];
    body.extend([7; 32]);
    body.extend([0, 0xc0, 0x14, 0]);
    let mut handshake = vec![2, 0, 0, body.len() as u8];
    handshake.extend(body);
    let mut record = vec![0x16, 3, 2, 0, handshake.len() as u8];
    record.extend(handshake);
    record
}
