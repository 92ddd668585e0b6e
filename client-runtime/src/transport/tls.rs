//! Certificates.

use reqwest::ClientBuilder;

use super::options::Identity;
use crate::cause::BuildError;

#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) fn with_roots(builder: ClientBuilder, roots: &[Vec<u8>]) -> Result<ClientBuilder, BuildError> {
    let mut certificates = Vec::new();
    for pem in roots {
        match reqwest::Certificate::from_pem_bundle(pem) {
            Ok(found) if !found.is_empty() => certificates.extend(found),
            _ => return Err(BuildError::new("an extra root is not a certificate in PEM")),
        }
    }
    let builder = builder.tls_version_min(reqwest::tls::Version::TLS_1_2);
    // Without extra certificates, the builder keeps its usual verifier.
    Ok(if certificates.is_empty() { builder } else { builder.tls_certs_merge(certificates) })
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) fn with_identity(builder: ClientBuilder, identity: Option<&Identity>) -> Result<ClientBuilder, BuildError> {
    let Some(Identity { certificate, private_key }) = identity else {
        return Ok(builder);
    };
    #[cfg(feature = "rustls")]
    let identity = reqwest::Identity::from_pem(&[certificate.as_slice(), b"\n", private_key].concat());
    #[cfg(not(feature = "rustls"))]
    let identity = reqwest::Identity::from_pkcs8_pem(certificate, private_key);
    match identity {
        Ok(identity) => Ok(builder.identity(identity)),
        Err(_) => Err(BuildError::new("the identity is not a certificate with a private key in PEM (PKCS#8)")),
    }
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn with_identity(builder: ClientBuilder, identity: Option<&Identity>) -> Result<ClientBuilder, BuildError> {
    match identity {
        None => Ok(builder),
        Some(_) => Err(BuildError::new("an identity needs TLS (enable the feature `rustls` or `native-tls`)")),
    }
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn with_roots(builder: ClientBuilder, roots: &[Vec<u8>]) -> Result<ClientBuilder, BuildError> {
    match roots {
        [] => Ok(builder),
        _ => Err(BuildError::new("extra roots need TLS (enable the feature `rustls` or `native-tls`)")),
    }
}

/// Removes the need for CA certificates, which the machine may not have, from a client that never uses TLS.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) fn without_platform_roots(builder: ClientBuilder) -> ClientBuilder {
    builder.tls_certs_only([])
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn without_platform_roots(builder: ClientBuilder) -> ClientBuilder {
    builder
}
