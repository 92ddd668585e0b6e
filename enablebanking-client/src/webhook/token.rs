//! The JSON Web Token of a webhook.

use std::fmt;
use std::str;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use url::Url;
use uuid::Uuid;

use super::address;
use super::certificate::Certificate;
use super::error::{Error, ErrorKind};
use super::expected::Expected;
use super::verified::Verified;

/// The longest header that is read, in bytes. A token with a key of 8192 bits has about 2 KiB.
const LONGEST: usize = 16 * 1024;

/// The largest difference between two clocks that is tolerated, in seconds.
const LEEWAY: f64 = 60.0;

/// A webhook whose header passes all checks that need neither its body nor a certificate.
///
/// Its signature is not checked yet: anyone may have written it. [`verify`](Self::verify) checks it with a certificate that
/// the caller has fetched. [`Verifier`](super::Verifier) does both.
pub struct Unverified<'e> {
    expected: &'e Expected,
    certificate_url: Url,
    /// The digest of the body by the claim `msgi`.
    digest: Vec<u8>,
    /// Header and claims as they were signed, with the dot between them.
    message: String,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: Option<String>,
    typ: Option<String>,
    x5u: Option<String>,
    crit: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    sub: Option<String>,
    environment: Option<String>,
    msgi: Option<String>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
}

impl<'e> Unverified<'e> {
    /// Parses the value of the `Authorization` header and checks everything in it except for the signature: the algorithm,
    /// the address of the certificate, the application, the environment, and times if there are any.
    ///
    /// # Errors
    ///
    /// Returns an error with the [kind](Error::kind) of the first check that fails.
    pub fn parse(authorization: impl AsRef<[u8]>, expected: &'e Expected) -> Result<Self, Error> {
        let (message, signature) = split(authorization.as_ref())?;
        let (header, claims) = message.split_once('.').ok_or_else(malformed)?;
        let certificate_url = check_header(decode_json(header)?, expected)?;
        let digest = check_claims(&decode_json(claims)?, expected)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed())?;
        Ok(Self { expected, certificate_url, digest, message: message.to_owned(), signature })
    }

    /// Returns the address of the certificate, which is https on `enablebanking.com` or one of its subdomains, or plain http
    /// on a host that [`Expected::allow_insecure_host`] names.
    ///
    /// Fetch it without following redirects, with a limit of time and size.
    #[must_use]
    pub fn certificate_url(&self) -> &str {
        self.certificate_url.as_str()
    }

    /// Checks the body and the signature by a certificate in PEM or DER, which must come from
    /// [`certificate_url`](Self::certificate_url).
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not the one that was signed, if the certificate is not valid now or its key is not
    /// usable, or if the signature is not by this key.
    pub fn verify(&self, certificate: impl AsRef<[u8]>, body: impl AsRef<[u8]>) -> Result<Verified, Error> {
        self.check_body(body.as_ref())?;
        self.check_signature(&Certificate::read(certificate.as_ref())?)?;
        Ok(Verified::new(body.as_ref()))
    }

    pub(super) const fn url(&self) -> &Url {
        &self.certificate_url
    }

    pub(super) fn check_body(&self, body: &[u8]) -> Result<(), Error> {
        let text = "the body is not the one that was signed (pass the bytes as they were received)";
        let digest = digest(&SHA256, body);
        verify_slices_are_equal(digest.as_ref(), &self.digest).map_err(|_| Error::new(ErrorKind::Body, text))
    }

    pub(super) fn check_signature(&self, certificate: &Certificate) -> Result<(), Error> {
        certificate.check(self.expected.now(), self.message.as_bytes(), &self.signature)
    }
}

// The token of a webhook is a credential until it is verified: anyone who has it can send its body again.
impl fmt::Debug for Unverified<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Unverified([redacted])")
    }
}

/// Splits a header into the part of its token that was signed, and the signature.
fn split(authorization: &[u8]) -> Result<(&str, &str), Error> {
    let refuse = |text: &'static str| Error::new(ErrorKind::Authorization, text);
    if authorization.len() > LONGEST {
        return Err(refuse("the `Authorization` header is too long"));
    }
    let text = str::from_utf8(authorization).ok().and_then(|text| text.split_once(' '));
    let Some((_, token)) = text.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer")) else {
        return Err(refuse("the `Authorization` header is missing or is not `Bearer` and a token"));
    };
    token.trim_matches(' ').rsplit_once('.').ok_or_else(malformed)
}

fn decode_json<T: DeserializeOwned>(part: &str) -> Result<T, Error> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed())?;
    // The derived code of serde also takes a list for the fields in order.
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err(malformed());
    }
    serde_json::from_slice(&json).map_err(|_| malformed())
}

fn malformed() -> Error {
    Error::new(ErrorKind::Token, "the token is not a JSON Web Token of the documented form")
}

fn check_header(header: Header, expected: &Expected) -> Result<Url, Error> {
    if header.alg.as_deref() != Some("RS256") {
        return Err(Error::new(ErrorKind::Algorithm, "the token is not signed with RS256"));
    }
    if header.typ.as_deref() != Some("JWT") {
        return Err(Error::new(ErrorKind::Token, "`typ` of the token is not `JWT`"));
    }
    // A recipient has to refuse extensions that it does not know, and these change what is signed (RFC 7515, section 4.1.11).
    if header.crit.is_some() {
        return Err(Error::new(ErrorKind::Token, "the token has critical extensions (`crit`)"));
    }
    address::checked(&header.x5u.unwrap_or_default(), &expected.insecure_hosts)
}

/// Checks the claims, and returns the digest of the body among them.
fn check_claims(claims: &Claims, expected: &Expected) -> Result<Vec<u8>, Error> {
    let refuse = |kind, text: &'static str| Err(Error::new(kind, text));
    let application = claims.sub.as_deref().and_then(|sub| Uuid::try_parse(sub).ok());
    if application != Some(expected.application_id) {
        return refuse(ErrorKind::Application, "the webhook is for another application (`sub`)");
    }
    if claims.environment.as_deref() != Some(expected.environment.as_str()) {
        return refuse(ErrorKind::Environment, "the webhook is for another environment (`environment`)");
    }
    let now = expected.now().as_secs_f64();
    if claims.exp.is_some_and(|expires| expires + LEEWAY <= now) {
        return refuse(ErrorKind::Expired, "the token has expired (`exp`)");
    }
    if [claims.nbf, claims.iat].into_iter().flatten().any(|start| start - LEEWAY > now) {
        return refuse(ErrorKind::NotYetValid, "the token is not valid yet (`nbf` or `iat`)");
    }
    let digest = claims.msgi.as_deref().and_then(|msgi| STANDARD.decode(msgi.strip_prefix("sha256-")?).ok());
    digest.ok_or_else(|| Error::new(ErrorKind::Body, "the token has no SHA-256 digest of the body (`msgi`)"))
}
