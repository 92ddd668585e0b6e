//! Webhooks of payments: verification of their signature, their sender and their body.
//!
//! The service sends a webhook when the status of a payment changes, to the
//! [`webhook_url`](crate::types::CreatePaymentRequest::webhook_url) of the payment, whose origin has to be allowed for the
//! application in the control panel. Its `Authorization` header holds a JSON Web Token with a digest of the body, signed
//! with the key of a certificate that the token links to.
//!
//! A [`Verifier`] checks all of it. In a handler for axum:
//!
//! ```
//! use axum::body::Bytes;
//! use axum::extract::State;
//! use axum::http::{HeaderMap, StatusCode, header};
//! use enablebanking_client::{Client, webhook};
//!
//! async fn payment_changed(
//!     State((client, verifier)): State<(Client, webhook::Verifier)>,
//!     headers: HeaderMap,
//!     body: Bytes,
//! ) -> StatusCode {
//!     let authorization = headers.get(header::AUTHORIZATION).map_or(&[][..], |value| value.as_bytes());
//!     let webhook = match verifier.verify(authorization, &body).await {
//!         Ok(webhook) => webhook,
//!         Err(error) if error.is_retryable() => return StatusCode::SERVICE_UNAVAILABLE,
//!         Err(_) => return StatusCode::UNAUTHORIZED,
//!     };
//!     // The service waits for ten seconds. A real application puts the id into a queue.
//!     tokio::spawn(async move {
//!         if let Some(id) = webhook.payment_id() {
//!             let payment = client.payment(&id).await;
//!         }
//!     });
//!     StatusCode::OK
//! }
//!
//! # use enablebanking_client::types::Environment;
//! # use enablebanking_client::webhook::{Expected, Verifier};
//! # fn router(client: Client, expected: Expected) -> Result<axum::Router, enablebanking_client::BuildError> {
//! let verifier = Verifier::builder(expected).build()?;
//! let router = axum::Router::new()
//!     .route("/webhooks", axum::routing::post(payment_changed))
//!     .with_state((client, verifier));
//! # Ok(router)
//! # }
//! ```
//!
//! # A webhook is a hint
//!
//! Request the payment with [`Client::payment`](crate::Client::payment), and act on that response only. The service does not
//! document the body of a webhook, so that [`Verified::payment_id`] may be `None`; put a reference of your own into the
//! path of `webhook_url` to find the payment then. A token is not bound to one delivery: a webhook that was recorded can be
//! sent again, and the service repeats those that were not acknowledged. Requesting the payment once more is harmless.
//!
//! # Checks
//!
//! | Part | Check |
//! | --- | --- |
//! | `alg`, `typ` | `RS256` and `JWT`; no critical extensions |
//! | `x5u` | https, the default port, and `enablebanking.com` or one of its subdomains, before it is requested |
//! | `sub`, `environment` | those of [`Expected`] |
//! | `msgi` | the SHA-256 of the body's bytes, compared in constant time |
//! | `exp`, `nbf`, `iat` | if they are there, with a leeway of one minute; the documentation does not mention them |
//! | certificate | valid now, with an RSA key of 2048 to 8192 bits |
//! | signature | by the key of the certificate |
//!
//! The chain of the certificate is not checked, nor its name, use and revocation: TLS to `enablebanking.com` is what
//! authenticates it. A certificate from elsewhere must not be passed to [`Unverified::verify`].
//!
//! # Other HTTP clients
//!
//! [`Unverified`] does the same in two steps and without a connection, for applications that fetch or keep the certificate
//! themselves, and for tests:
//!
//! ```
//! use enablebanking_client::webhook::{Error, Expected, Unverified, Verified};
//!
//! fn verify(
//!     authorization: &str,
//!     body: &[u8],
//!     expected: &Expected,
//!     fetch: impl Fn(&str) -> Vec<u8>,
//! ) -> Result<Verified, Error> {
//!     let unverified = Unverified::parse(authorization, expected)?;
//!     // The address has been checked. Follow no redirect from it.
//!     let certificate = fetch(unverified.certificate_url());
//!     unverified.verify(certificate, body)
//! }
//! ```

mod address;
mod cache;
mod certificate;
mod error;
mod expected;
mod token;
mod verified;
mod verifier;

pub use self::error::{Error, ErrorKind};
pub use self::expected::Expected;
pub use self::token::Unverified;
pub use self::verified::Verified;
pub use self::verifier::{Verifier, VerifierBuilder};
