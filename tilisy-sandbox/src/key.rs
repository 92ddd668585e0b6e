//! RSA keys: the public ones of applications, and the private one that the sandbox hands out.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use x509_cert::Certificate;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{DecodePem, pem};
use x509_cert::spki::{ObjectIdentifier, SubjectPublicKeyInfoOwned};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A key for development only: it is in the source of this crate, so that everybody has it.
const DEVELOPMENT_KEY: &str = include_str!("../keys/development-only.pem");

/// The certificate of that key, in PEM form, with which webhooks are verified.
pub(crate) const DEVELOPMENT_CERTIFICATE: &str = include_str!("../keys/development-only.crt");

/// The public key of an application.
#[derive(Clone)]
pub(crate) struct PublicKey(Vec<u8>);

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey")
    }
}

impl PublicKey {
    /// Reads a PEM certificate, or a PEM public key; says why where it is neither of RSA.
    pub(crate) fn from_pem(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.contains("PRIVATE KEY") {
            return Err("this is a private key, which must stay with the application");
        }
        let info = match Certificate::from_pem(text) {
            Ok(certificate) => certificate.tbs_certificate.subject_public_key_info,
            Err(_) => SubjectPublicKeyInfoOwned::from_pem(text)
                .map_err(|_| "this is neither a certificate nor a public key in PEM form")?,
        };
        if info.algorithm.oid != RSA {
            return Err("this is no RSA key");
        }
        let bytes = info.subject_public_key.raw_bytes().to_vec();
        // 2048 bits are 256 bytes of modulus, and some of framing.
        if bytes.len() < 256 { Err("the key has less than 2048 bits") } else { Ok(Self(bytes)) }
    }

    /// Returns whether a signature of a message (RS256) is by this key.
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0).verify(message, signature).is_ok()
    }
}

/// The private key of the application that the sandbox begins with, and its public half.
pub(crate) struct Keys {
    pub(crate) private_pem: String,
    pub(crate) public: PublicKey,
}

/// The key of this crate, or a new one.
pub(crate) fn keys(fresh: bool) -> Option<Keys> {
    let pair = match fresh {
        true => KeyPair::generate(KeySize::Rsa2048).ok()?,
        false => development_pair()?,
    };
    let private_pem = match fresh {
        true => {
            let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).ok()?;
            pem::encode_string("PRIVATE KEY", LineEnding::LF, der.as_ref()).ok()?
        }
        false => DEVELOPMENT_KEY.to_owned(),
    };
    Some(Keys { private_pem, public: PublicKey(pair.public_key().as_ref().to_vec()) })
}

/// Signs a message with the key of this crate (RS256), whatever key the application has.
pub(crate) fn sign(message: &[u8]) -> Option<Vec<u8>> {
    let pair = development_pair()?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
    Some(signature)
}

fn development_pair() -> Option<KeyPair> {
    let (_, der) = pem::decode_vec(DEVELOPMENT_KEY.as_bytes()).ok()?;
    KeyPair::from_pkcs8(&der).ok()
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_is_handed_out_is_one_of_rsa() {
        for fresh in [false, true] {
            let keys = keys(fresh).expect("a key");
            assert!(keys.private_pem.starts_with("-----BEGIN PRIVATE KEY-----"));
            assert!(PublicKey::from_pem(&keys.private_pem).is_err());
        }
        assert_eq!(
            PublicKey::from_pem("hello").unwrap_err(),
            "this is neither a certificate nor a public key in PEM form"
        );
    }

    #[test]
    fn the_certificate_is_of_the_key_that_signs() {
        let key = PublicKey::from_pem(DEVELOPMENT_CERTIFICATE).unwrap();
        let signature = sign(b"message").unwrap();
        assert!(key.has_signed(b"message", &signature) && !key.has_signed(b"another", &signature));
    }
}
