//! Credentials that do not change, and several of them together.

use std::fmt;
use std::slice;
use std::sync::Arc;

use crate::authorize::{Authorize, Authorizing, Refused};
use crate::exchange::HttpRequest;
use crate::header::{AuthorizeError, SecretHeader};
use crate::operation::Place;

/// A bearer token that does not change.
#[derive(Clone, Debug)]
pub struct BearerToken(SecretHeader);

impl BearerToken {
    /// Creates credentials from a token.
    ///
    /// # Errors
    ///
    /// Returns an error if the token is empty or contains characters that are not allowed in a header.
    pub fn new(token: &str) -> Result<Self, AuthorizeError> {
        SecretHeader::bearer(token).map(Self)
    }
}

impl Authorize for BearerToken {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        Authorizing::ready(set_authorization(request, &self.0))
    }
}

/// A user name and password for HTTP basic authentication ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).
///
/// ```
/// use openbanking_client_runtime::context::{BasicCredentials, Context};
///
/// let context = Context::new().with_authorize(BasicCredentials::new("aladdin", "open sesame")?);
/// # Ok::<(), openbanking_client_runtime::context::AuthorizeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct BasicCredentials(SecretHeader);

impl BasicCredentials {
    /// Creates credentials, which are sent in UTF-8. The password may be empty.
    ///
    /// # Errors
    ///
    /// Returns an error if the user name contains a colon, or if one of them contains a control character.
    pub fn new(user: &str, password: &str) -> Result<Self, AuthorizeError> {
        SecretHeader::basic(user, password).map(Self)
    }
}

impl Authorize for BasicCredentials {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        Authorizing::ready(set_authorization(request, &self.0))
    }
}

/// An API key that does not change. The operation decides if it is sent in a header, a query parameter or a cookie.
#[derive(Clone, Debug)]
pub struct ApiKey(SecretHeader);

impl ApiKey {
    /// Creates credentials from a key.
    ///
    /// # Errors
    ///
    /// Returns an error if the key is empty or contains characters that are not allowed in a header.
    pub fn new(key: &str) -> Result<Self, AuthorizeError> {
        SecretHeader::plain(key).map(Self)
    }
}

impl Authorize for ApiKey {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        let places: Vec<_> = request.authorization.credentials.iter().map(|credential| credential.place).collect();
        // Beside a token, the key goes into the other place.
        let place = places.iter().find(|place| !is_authorization(**place)).or(places.first());
        if let Some(place) = place {
            request.put(*place, self.0.clone());
        }
        Authorizing::ready(Ok(()))
    }
}

/// Credentials for operations with other security schemes, or with several at once. Each is used where the API description
/// names its scheme.
///
/// ```
/// use openbanking_client_runtime::context::{ApiKey, BearerToken, Context, Credentials};
///
/// let credentials = Credentials::new()
///     .with("clientId", ApiKey::new("f3a1")?)
///     .with("bearerAuth", BearerToken::new("8c1e")?);
/// let context = Context::new().with_authorize(credentials);
/// # Ok::<(), openbanking_client_runtime::context::AuthorizeError>(())
/// ```
#[derive(Clone, Default)]
pub struct Credentials {
    schemes: Vec<(String, Arc<dyn Authorize>)>,
    signer: Option<Arc<dyn Authorize>>,
}

impl Credentials {
    /// Creates an empty set of credentials.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the credentials for a security scheme, in place of others for it.
    #[must_use]
    pub fn with(mut self, scheme: &str, authorize: impl Authorize + 'static) -> Self {
        self.schemes.retain(|(other, _)| other != scheme);
        self.schemes.push((scheme.to_owned(), Arc::new(authorize)));
        self
    }

    /// Sets what signs requests. It is called after all other credentials, so that it can sign them too.
    #[must_use]
    pub fn with_signer(mut self, signer: impl Authorize + 'static) -> Self {
        self.signer = Some(Arc::new(signer));
        self
    }

    async fn add(&self, request: &mut HttpRequest) -> Result<(), AuthorizeError> {
        let all = request.authorization;
        let mut missing = None;
        let mut is_any_set = false;
        for credential in all.credentials {
            let Some((_, authorize)) = self.schemes.iter().find(|(scheme, _)| scheme == credential.scheme) else {
                missing = missing.or(Some(credential.scheme));
                continue;
            };
            // It sees the place of its own scheme alone.
            request.authorization.credentials = slice::from_ref(credential);
            let result = authorize.authorize(request).await;
            request.authorization = all;
            result?;
            is_any_set = true;
        }
        if let Some(scheme) = missing.filter(|_| is_any_set || !all.optional) {
            return Err(AuthorizeError::new(format!("no credentials are set for the security scheme `{scheme}`")));
        }
        match &self.signer {
            Some(signer) => signer.authorize(request).await,
            None => Ok(()),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Arc<dyn Authorize>> {
        self.schemes.iter().map(|(_, authorize)| authorize).chain(&self.signer)
    }
}

impl Authorize for Credentials {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        Authorizing::new(self.add(request))
    }

    fn renews(&self, refused: &Refused<'_>) -> bool {
        // All of them are asked, because each may drop what was refused.
        self.all().filter(|authorize| authorize.renews(refused)).count() > 0
    }

    fn renewed_in_vain(&self, refused: &Refused<'_>) {
        self.all().for_each(|authorize| authorize.renewed_in_vain(refused));
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemes: Vec<_> = self.schemes.iter().map(|(scheme, _)| scheme).collect();
        formatter
            .debug_struct("Credentials")
            .field("schemes", &schemes)
            .field("signs", &self.signer.is_some())
            .finish_non_exhaustive()
    }
}

/// Sets a value that starts with an HTTP scheme. Beside a key, it goes into the header `Authorization`.
///
/// # Errors
///
/// Returns an error if the operation has a place for a key alone, in a URL or cookie: a token must not get there.
pub(crate) fn set_authorization(request: &mut HttpRequest, value: &SecretHeader) -> Result<(), AuthorizeError> {
    let places: Vec<_> = request.authorization.credentials.iter().map(|credential| credential.place).collect();
    let is_header = |place: &&Place| matches!(place, Place::Header(_));
    let place = places.iter().find(|place| is_authorization(**place)).or_else(|| places.iter().find(is_header));
    match place {
        Some(place) => request.put(*place, value.clone()),
        None if places.is_empty() => {}
        None => return Err(AuthorizeError::new("the API expects a key in the query or a cookie, not in a header")),
    }
    Ok(())
}

fn is_authorization(place: Place) -> bool {
    place == Place::Header("authorization")
}
