//! The private key, ready to sign.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

use super::error::CredentialsErrorKind as Kind;
use super::pem::{self, Der};

/// A parsed RSA key of 2048 to 8192 bits.
pub(super) struct Key(RsaKeyPair);

impl Key {
    /// The first private key in a PEM text.
    pub(super) fn from_pem(text: &[u8]) -> Result<Self, Kind> {
        let pair = match pem::private_key(text)? {
            Der::Pkcs1(der) => RsaKeyPair::from_der(&der),
            Der::Pkcs8(der) if is_rsa(&der) => RsaKeyPair::from_pkcs8(&der),
            Der::Pkcs8(_) => return Err(Kind::NotRsa),
        };
        pair.map(Self).map_err(|rejected| match rejected.description_() {
            "TooSmall" => Kind::TooShort,
            "TooLarge" => Kind::TooLong,
            _ => Kind::Damaged,
        })
    }

    /// The RS256 signature of `message`. The same each time: this padding draws no random numbers.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Kind> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        match self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature) {
            Ok(()) => Ok(signature),
            Err(_) => Err(Kind::Signing),
        }
    }
}

/// Returns whether a `PrivateKeyInfo` names rsaEncryption, which is near its start.
fn is_rsa(der: &[u8]) -> bool {
    const RSA_ENCRYPTION: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
    let beginning = &der[..der.len().min(32)];
    beginning.windows(RSA_ENCRYPTION.len()).any(|bytes| bytes == RSA_ENCRYPTION)
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}
