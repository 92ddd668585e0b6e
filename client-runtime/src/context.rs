//! What a client says with every request: who it is, and for whom it speaks.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use reqwest::header::{HeaderName, HeaderValue, USER_AGENT};

pub use self::header::ContextHeader;
use self::header::header_value;
use crate::error::BuildError;
use crate::transport::Limits;

mod header;

/// What the generator knows of an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Operation {
    /// Its name in the service's description.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path with its parameters unfilled.
    pub path: &'static str,
    /// The headers it takes from the [`Context`].
    pub context_headers: &'static [&'static str],
    /// How it shows who calls, if it does.
    pub authorization: Option<Authorization>,
}

/// How an operation shows who calls.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Authorization {
    /// The header that says it, in lower case.
    pub header: &'static str,
    /// Whether it is sent without, where a client has no credentials.
    pub optional: bool,
}

impl Authorization {
    /// The usual: it has to be there, in the header `Authorization`.
    pub const REQUIRED: Self = Self { header: "authorization", optional: false };
}

/// Gives the `Authorization` header of each request.
pub trait Authorize: Send + Sync {
    /// The header for a request sent now. Called for every request: keep what is costly to make.
    ///
    /// # Errors
    ///
    /// When there is none; the request is not sent then.
    fn authorization(&self) -> Result<SecretHeader, AuthorizeError>;
}

/// A header value that nothing shows.
#[derive(Clone)]
pub struct SecretHeader(HeaderValue);

impl SecretHeader {
    /// A value as it is, such as an API key.
    ///
    /// # Errors
    ///
    /// When it holds what no header may.
    pub fn plain(value: &str) -> Result<Self, AuthorizeError> {
        let valid = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::try_from(value).ok().filter(|_| valid);
        let mut value = value.ok_or(AuthorizeError::new("the key is empty or holds characters that no header may"))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// `Bearer` and a token.
    ///
    /// # Errors
    ///
    /// When the token holds what no header may.
    pub fn bearer(token: &str) -> Result<Self, AuthorizeError> {
        let valid = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::try_from(format!("Bearer {token}")).ok().filter(|_| valid);
        let mut value =
            value.ok_or(AuthorizeError::new("the token is empty or holds characters that no header may"))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl fmt::Debug for SecretHeader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretHeader([redacted])")
    }
}

/// Why there is no authorization.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthorizeError(Cow<'static, str>);

impl AuthorizeError {
    /// An error that shows `text`, which must hold no secret.
    #[must_use]
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for AuthorizeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for AuthorizeError {}

/// A token that stays the same.
#[derive(Clone, Debug)]
pub struct BearerToken(SecretHeader);

impl BearerToken {
    /// Authorization by `token`.
    ///
    /// # Errors
    ///
    /// When the token holds what no header may.
    pub fn new(token: &str) -> Result<Self, AuthorizeError> {
        SecretHeader::bearer(token).map(Self)
    }
}

impl Authorize for BearerToken {
    fn authorization(&self) -> Result<SecretHeader, AuthorizeError> {
        Ok(self.0.clone())
    }
}

/// A key that stays the same, for services that want it in a header of their own.
#[derive(Clone, Debug)]
pub struct ApiKey(SecretHeader);

impl ApiKey {
    /// Authorization by `key`.
    ///
    /// # Errors
    ///
    /// When the key holds what no header may.
    pub fn new(key: &str) -> Result<Self, AuthorizeError> {
        SecretHeader::plain(key).map(Self)
    }
}

impl Authorize for ApiKey {
    fn authorization(&self) -> Result<SecretHeader, AuthorizeError> {
        Ok(self.0.clone())
    }
}

/// What a client says with every request. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Context {
    authorize: Option<Arc<dyn Authorize>>,
    headers: Arc<[ContextHeader]>,
    user_agent: Option<HeaderValue>,
    limits: Limits,
}

impl Context {
    /// A context that says nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with authorization.
    #[must_use]
    pub fn with_authorize(mut self, authorize: impl Authorize + 'static) -> Self {
        self.authorize = Some(Arc::new(authorize));
        self
    }

    /// The same with a `User-Agent`.
    ///
    /// # Errors
    ///
    /// When the text holds what no header may.
    pub fn with_user_agent(mut self, user_agent: &str) -> Result<Self, BuildError> {
        self.user_agent = Some(header_value("user-agent", user_agent)?);
        Ok(self)
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// A copy with these headers in place of all that were set. Each is sent on the operations that name it.
    ///
    /// # Errors
    ///
    /// When a name or a value holds what no header may. The value is not shown.
    pub fn with_context_headers<'a>(
        &self,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, BuildError> {
        let headers = headers.into_iter().map(|(name, text)| ContextHeader::new(name, text));
        Ok(self.with_checked_headers(headers.collect::<Result<Vec<_>, _>>()?))
    }

    /// A copy with these headers in place of all that were set, like
    /// [`with_context_headers`](Self::with_context_headers) for headers that were checked before.
    #[must_use]
    pub fn with_checked_headers(&self, headers: impl IntoIterator<Item = ContextHeader>) -> Self {
        Self { headers: headers.into_iter().collect(), ..self.clone() }
    }

    /// Whether a context header of this name is set.
    #[must_use]
    pub fn has_context_header(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header.is_named(name))
    }

    /// Completes a request that the raw client built.
    ///
    /// # Errors
    ///
    /// When there is no authorization; the text says why and holds no secret.
    #[doc(hidden)]
    pub fn prepare(&self, request: &mut reqwest::Request, operation: &Operation) -> Result<(), String> {
        let headers = request.headers_mut();
        // progenitor sends the version of the service's description; no service asked for it.
        headers.remove("api-version");
        match (operation.authorization, &self.authorize) {
            (Some(authorization), Some(authorize)) => {
                let value = authorize.authorization().map_err(|error| error.to_string())?;
                let name = HeaderName::try_from(authorization.header).map_err(|_| "no header can have that name")?;
                headers.insert(name, value.0);
            }
            (Some(Authorization { optional: false, .. }), None) => return Err("no credentials are set".to_owned()),
            _ => {}
        }
        if let Some(user_agent) = &self.user_agent {
            headers.insert(USER_AGENT, user_agent.clone());
        }
        for header in self.headers.iter() {
            if operation.context_headers.iter().any(|name| header.is_named(name)) {
                headers.insert(header.name.clone(), header.value.clone());
            }
        }
        Ok(())
    }

    /// Sends a prepared request.
    ///
    /// # Errors
    ///
    /// When no answer began.
    #[doc(hidden)]
    pub async fn execute(
        &self,
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let mut response = client.execute(request).await?;
        response.extensions_mut().insert(self.limits);
        Ok(response)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|header| header.name.as_str()).collect();
        formatter
            .debug_struct("Context")
            .field("authorized", &self.authorize.is_some())
            .field("context_headers", &names)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    const CANARY: &str = "FI2112345600000785";
    const OPERATION: Operation = Operation {
        id: "account_balances",
        method: "GET",
        path: "/accounts/{account_id}/balances",
        context_headers: &["Psu-Ip-Address"],
        authorization: Some(Authorization::REQUIRED),
    };

    fn request() -> reqwest::Request {
        let mut request = reqwest::Request::new(reqwest::Method::GET, "https://localhost/a".parse().unwrap());
        request.headers_mut().insert("api-version", "1".parse().unwrap());
        request
    }

    fn context() -> Context {
        let context = Context::new().with_authorize(BearerToken::new(CANARY).unwrap());
        let context = context.with_user_agent("tests/1").unwrap();
        context.with_context_headers([("Psu-Ip-Address", "192.0.2.1"), ("psu-referer", CANARY)]).unwrap()
    }

    #[test]
    fn a_request_gets_what_its_operation_names_and_no_more() {
        let mut prepared = request();
        context().prepare(&mut prepared, &OPERATION).unwrap();
        let headers = prepared.headers();
        assert_eq!(headers["authorization"], format!("Bearer {CANARY}"));
        assert!(headers["authorization"].is_sensitive() && headers["psu-ip-address"].is_sensitive());
        assert_eq!(
            (&headers["user-agent"], &headers["psu-ip-address"]),
            (&"tests/1".parse().unwrap(), &"192.0.2.1".parse().unwrap())
        );
        assert_eq!(headers.len(), 3, "{:?}", headers.keys());

        let mut bare = request();
        let open = Operation { context_headers: &[], authorization: None, ..OPERATION };
        Context::new().prepare(&mut bare, &open).unwrap();
        assert!(bare.headers().is_empty());
    }

    #[test]
    fn new_context_headers_replace_the_old() {
        let other = context().with_context_headers([("psu-accept", "*/*")]).unwrap();
        assert!(other.has_context_header("Psu-Accept") && !other.has_context_header("psu-ip-address"));
        assert!(context().has_context_header("PSU-IP-ADDRESS"));
    }

    #[test]
    fn a_key_goes_where_the_operation_wants_it() {
        let authorization = Some(Authorization { header: "x-api-key", optional: true });
        let operation = Operation { authorization, ..OPERATION };
        let mut with = request();
        Context::new().with_authorize(ApiKey::new(CANARY).unwrap()).prepare(&mut with, &operation).unwrap();
        assert_eq!(with.headers()["x-api-key"], CANARY);
        assert!(with.headers()["x-api-key"].is_sensitive() && !with.headers().contains_key("authorization"));
        let mut without = request();
        Context::new().prepare(&mut without, &operation).unwrap();
        assert!(without.headers().is_empty());
    }

    #[test]
    fn a_request_without_credentials_is_not_made() {
        let error = Context::new().prepare(&mut request(), &OPERATION).unwrap_err();
        assert_eq!(error, "no credentials are set");
    }

    #[test]
    fn unusable_values_are_refused_without_being_shown() {
        let bad = format!("{CANARY}\n");
        let errors = [
            BearerToken::new(&bad).unwrap_err().to_string(),
            BearerToken::new("").unwrap_err().to_string(),
            ApiKey::new(&bad).unwrap_err().to_string(),
            context().with_user_agent(&bad).unwrap_err().to_string(),
            context().with_context_headers([("psu-referer", &*bad)]).unwrap_err().to_string(),
            context().with_context_headers([("no name", "x")]).unwrap_err().to_string(),
        ];
        for error in errors {
            assert!(!error.contains(CANARY) && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let text = format!("{:?} {:#?} {:?}", context(), context(), BearerToken::new(CANARY));
        assert!(!text.contains(CANARY) && !text.contains("192.0.2.1"), "{text}");
        assert!(text.contains("psu-ip-address"), "{text}");
    }
}
