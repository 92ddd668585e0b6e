//! A client that identifies itself by a certificate, and a server that asks for one.

use std::sync::Arc;

use tilisy_client::{ApiHost, Client, ClientBuilder, Credentials, ErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

const AUTHORITY: &str = include_str!("faults/certificates/authority.pem");
const SERVER: (&str, &str) =
    (include_str!("faults/certificates/loopback.pem"), include_str!("faults/certificates/loopback.key.pem"));
/// Signed by the authority.
const KNOWN: (&str, &str) =
    (include_str!("faults/certificates/other-host.pem"), include_str!("faults/certificates/other-host.key.pem"));
const UNKNOWN: (&str, &str) =
    (include_str!("faults/certificates/self-signed.pem"), include_str!("faults/certificates/self-signed.key.pem"));

fn config() -> ServerConfig {
    let certificate = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(certificate(AUTHORITY)).unwrap();
    let provider = Arc::new(default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![certificate(SERVER.0)], PrivateKeyDer::from_pem_slice(SERVER.1.as_bytes()).unwrap())
        .unwrap()
}

/// Starts a server that asks for a certificate, and returns its URL.
async fn serving() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let acceptor = TlsAcceptor::from(Arc::new(config()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") && stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {}
            let body = r#"{"error":"UNAUTHORIZED_ACCESS"}"#;
            let head = format!("HTTP/1.1 401 No\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    url
}

fn builder(url: &str) -> ClientBuilder {
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/../enablebanking-core/tests/keys/rsa2048.pkcs8.pem");
    let key = std::fs::read_to_string(key).unwrap();
    let credentials = Credentials::from_pem("cf589be3-3755-465b-a8df-a90a16a31403", key).unwrap();
    let host = ApiHost::custom(url, "api.tilisy.com");
    Client::builder(credentials).host(host).extra_root_certificate(AUTHORITY).without_retries()
}

#[tokio::test]
async fn a_client_identifies_itself_by_its_certificate() {
    let url = serving().await;
    let known = builder(&url).identity(KNOWN.0, KNOWN.1).build().unwrap();
    let error = known.application().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(401)), "the request arrived");
    for refused in [builder(&url), builder(&url).identity(UNKNOWN.0, UNKNOWN.1)] {
        let error = refused.build().unwrap().application().await.unwrap_err();
        assert_ne!(error.kind(), ErrorKind::Api, "{error}");
    }
}

#[test]
fn an_identity_that_is_not_one_is_refused_and_not_shown() {
    let marked = "-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----\n";
    for (certificate, key) in [("hunter2", KNOWN.1), (KNOWN.0, "hunter2"), (marked, KNOWN.1), ("", "")] {
        let builder = builder("https://localhost").identity(certificate, key);
        assert!(!format!("{builder:?}").contains("hunter2"));
        let error = builder.build().unwrap_err().to_string();
        let (unread, unusable) = (
            "the identity is not a certificate with a private key in PEM (PKCS#8)",
            "the HTTP client cannot be built (is the identity or an extra root damaged?)",
        );
        assert_eq!(error, if certificate == marked { unusable } else { unread });
    }
}
