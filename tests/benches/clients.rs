//! The clients under measurement, each as its users set it up.
#![allow(dead_code, reason = "each benchmark needs some of it")]

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openbanking_baseline::handwritten;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials};

/// The account that everybody asks for.
pub(crate) const ACCOUNT: Uuid = Uuid::from_u128(0xcf58_9be3_3755_465b_a8df_a90a_16a3_1403);

const APPLICATION: &str = "cf589be3-3755-465b-a8df-a90a16a31403";

const AUDIENCE: &str = "api.tilisy.com";

/// The service at `url`, with the audience of the documented host.
pub(crate) fn host(url: &str) -> ApiHost {
    ApiHost::custom(url, AUDIENCE)
}

/// A new key of 4096 bits, as PKCS#8.
pub(crate) fn key() -> Vec<u8> {
    let pair = KeyPair::generate(KeySize::Rsa4096).unwrap();
    AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap().as_ref().to_vec()
}

/// What an application signs with that has this key.
pub(crate) fn credentials(key: &[u8]) -> Credentials {
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(key));
    Credentials::from_pem(APPLICATION, pem).unwrap()
}

/// Ours, with all that it does by itself: tokens, retries, limits.
pub(crate) fn ours(url: &str, credentials: Credentials) -> Client {
    Client::builder(credentials).host(host(url)).build().unwrap()
}

/// What progenitor alone makes, with a token made beforehand.
pub(crate) fn bare(url: &str, credentials: &Credentials) -> openbanking_baseline::Client {
    let token = credentials.token(&host(url)).unwrap();
    let mut token = HeaderValue::try_from(format!("Bearer {}", token.expose())).unwrap();
    token.set_sensitive(true);
    let http = http().default_headers(HeaderMap::from_iter([(AUTHORIZATION, token)])).build().unwrap();
    openbanking_baseline::Client::new_with_client(url, http)
}

/// The one written by hand, with a token made beforehand.
pub(crate) fn hand(url: &str, credentials: &Credentials) -> handwritten::Client {
    let token = credentials.token(&host(url)).unwrap();
    handwritten::Client::new(http().build().unwrap(), url, token.expose())
}

/// As reqwest comes, but for a proxy of the environment: benchmarks stay on this machine.
fn http() -> reqwest::ClientBuilder {
    reqwest::Client::builder().no_proxy()
}
