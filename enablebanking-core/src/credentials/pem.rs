//! The private key in a PEM text, as DER.
//!
//! jsonwebtoken could do this, but it leaves copies of the key in memory, reports all refusals alike, and walks ASN.1 with
//! a recursion that a text can make as deep as it likes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::error::CredentialsErrorKind as Kind;

/// A private key that is not encrypted.
pub(super) enum Der {
    /// `RSAPrivateKey` of RFC 8017.
    Pkcs1(Zeroizing<Vec<u8>>),
    /// `PrivateKeyInfo` of RFC 5958.
    Pkcs8(Zeroizing<Vec<u8>>),
}

/// Returns the first private key in `text`, or the reason why it has no usable one.
pub(super) fn private_key(text: &[u8]) -> Result<Der, Kind> {
    let Ok(text) = std::str::from_utf8(text) else {
        return Err(Kind::NoPrivateKey);
    };
    let mut refusal = Kind::NoPrivateKey;
    let mut rest = text;
    while let Some((label, after)) = begin(rest) {
        match label {
            "RSA PRIVATE KEY" => return decode(label, after).map(Der::Pkcs1),
            "PRIVATE KEY" => return decode(label, after).map(Der::Pkcs8),
            _ => refusal = telling(refusal, refusal_of(label)),
        }
        rest = after;
    }
    // A text that breaks off within its first label.
    let broken = text.contains(BEGIN) && begin(text).is_none();
    Err(if broken { Kind::Damaged } else { refusal })
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// The label of the next block and what follows it.
fn begin(text: &str) -> Option<(&str, &str)> {
    let (_, after) = text.split_once(BEGIN)?;
    after.split_once(DASHES)
}

fn refusal_of(label: &str) -> Kind {
    match label {
        "ENCRYPTED PRIVATE KEY" => Kind::Encrypted,
        "OPENSSH PRIVATE KEY" => Kind::OpenSsh,
        _ if label.ends_with(" PRIVATE KEY") => Kind::NotRsa,
        "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => Kind::Certificate,
        _ if label.ends_with("PUBLIC KEY") => Kind::PublicKey,
        _ => Kind::NoPrivateKey,
    }
}

/// Returns the more specific of two refusals: an unusable private key before a public part, and that before no key.
fn telling(left: Kind, right: Kind) -> Kind {
    let rank = |kind| match kind {
        Kind::NoPrivateKey => 0,
        Kind::Certificate | Kind::PublicKey => 1,
        _ => 2,
    };
    if rank(right) > rank(left) { right } else { left }
}

fn decode(label: &str, after: &str) -> Result<Zeroizing<Vec<u8>>, Kind> {
    let Some((body, end)) = after.split_once("-----END ") else {
        return Err(if encrypted(after) { Kind::Encrypted } else { Kind::Damaged });
    };
    if encrypted(body) {
        return Err(Kind::Encrypted);
    }
    if end.split_once(DASHES).is_none_or(|(ending, _)| ending != label) {
        return Err(Kind::Damaged);
    }
    let body = unfolded(body);
    let mut der = Zeroizing::new(vec![0; base64::decoded_len_estimate(body.len())]);
    let length = STANDARD.decode_slice(&*body, &mut der).map_err(|_| Kind::Damaged)?;
    der.truncate(length);
    if is_whole(&der) { Ok(der) } else { Err(Kind::Damaged) }
}

/// The header that RFC 1421 puts above an encrypted body: `Proc-Type: 4,ENCRYPTED`.
fn encrypted(body: &str) -> bool {
    body.contains("Proc-Type:") && body.contains("ENCRYPTED")
}

/// The body without white space. Line ends may have become a backslash and a letter on their way here.
fn unfolded(body: &str) -> Zeroizing<Vec<u8>> {
    let mut kept = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut bytes = body.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' && matches!(bytes.peek(), Some(b'n' | b'r')) {
            bytes.next();
        } else if !byte.is_ascii_whitespace() {
            kept.push(byte);
        }
    }
    kept
}

/// Returns whether `der` is one sequence with the length that it declares.
fn is_whole(der: &[u8]) -> bool {
    let [0x30, first, rest @ ..] = der else {
        return false;
    };
    if *first < 0x80 {
        return rest.len() == usize::from(*first);
    }
    let count = usize::from(first & 0x7f);
    match rest.split_at_checked(count) {
        Some((length, content)) if (1..=4).contains(&count) => {
            content.len() == length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))
        }
        _ => false,
    }
}
