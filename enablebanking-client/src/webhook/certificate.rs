//! The certificate whose key signs webhooks.

use std::ops::RangeInclusive;
use std::str;
use std::time::Duration;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use x509_cert::der::asn1::UintRef;
use x509_cert::der::{Decode, Reader, SliceReader};
use x509_cert::spki::ObjectIdentifier;

use super::error::{Error, ErrorKind};

/// The longest certificate that is read, in bytes. A chain in PEM has about 10 KiB.
pub(super) const LONGEST: usize = 64 * 1024;

/// `rsaEncryption` of RFC 8017. `RS256` is not for keys that are limited to PSS.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

const BITS: RangeInclusive<usize> = 2048..=8192;

/// The key of a certificate, and the time in which it is valid.
pub(super) struct Certificate {
    /// `RSAPublicKey` of RFC 8017.
    key: Box<[u8]>,
    /// Both since the epoch, and both inclusive.
    validity: RangeInclusive<Duration>,
}

impl Certificate {
    /// Reads a certificate in PEM or DER. Of a chain in PEM, the first certificate counts (RFC 7515, section 4.1.5).
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let parsed = if bytes.len() > LONGEST { None } else { parse(bytes) };
        let Some(x509_cert::TbsCertificate { validity, subject_public_key_info, .. }) = parsed else {
            return Err(Error::new(ErrorKind::Certificate, "the file at `x5u` is not an X.509 certificate"));
        };
        let refuse = |text: &'static str| Err(Error::new(ErrorKind::CertificateKey, text));
        if subject_public_key_info.algorithm.oid != RSA {
            return refuse("the key of the certificate is not an RSA key");
        }
        match subject_public_key_info.subject_public_key.as_bytes() {
            Some(key) if modulus_bits(key).is_some_and(|bits| BITS.contains(&bits)) => {
                let validity = validity.not_before.to_unix_duration()..=validity.not_after.to_unix_duration();
                Ok(Self { key: key.into(), validity })
            }
            _ => refuse("the RSA key of the certificate does not have 2048 to 8192 bits"),
        }
    }

    /// Checks that the certificate is valid now, and that its key signed `message` with RS256.
    pub(super) fn check(&self, now: Duration, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        // Dates have whole seconds.
        if !self.validity.contains(&Duration::from_secs(now.as_secs())) {
            let text = "the certificate has expired or is not valid yet (is the clock of this machine right?)";
            return Err(Error::new(ErrorKind::CertificateValidity, text));
        }
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.key);
        let text = "the key of the certificate did not sign the token";
        key.verify(message, signature).map_err(|_| Error::new(ErrorKind::Signature, text))
    }
}

fn parse(bytes: &[u8]) -> Option<x509_cert::TbsCertificate> {
    let decoded;
    let der = match str::from_utf8(bytes).ok().and_then(|text| text.split_once("-----BEGIN CERTIFICATE-----")) {
        Some((_, text)) => {
            let (body, _) = text.split_once("-----END CERTIFICATE-----")?;
            let body: String = body.split_ascii_whitespace().collect();
            decoded = STANDARD.decode(body).ok()?;
            &decoded
        }
        None => bytes,
    };
    Some(x509_cert::Certificate::from_der(der).ok()?.tbs_certificate)
}

/// Returns the length of the modulus of an `RSAPublicKey`.
fn modulus_bits(key: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(key).ok()?;
    let modulus = reader.sequence(|reader| {
        let modulus: UintRef<'_> = reader.decode()?;
        reader.decode::<UintRef<'_>>()?;
        Ok(modulus)
    });
    // Leading zeros are not part of it.
    let bytes = modulus.ok()?.as_bytes();
    Some(bytes.len() * 8 - usize::try_from(bytes.first()?.leading_zeros()).ok()?)
}
