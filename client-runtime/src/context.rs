//! Credentials and headers of every request.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use http::Method;
use http::header::{HeaderMap, HeaderValue, USER_AGENT};
use url::Url;
use uuid::Uuid;

pub use crate::authorize::{Authorize, Authorizing, Refused};
use crate::cause::BuildError;
pub use crate::credentials::{ApiKey, BasicCredentials, BearerToken, Credentials};
use crate::error::{ErrorBody, ErrorClass};
pub use crate::exchange::HttpRequest;
use crate::header::header_value;
pub use crate::header::{AuthorizeError, ContextHeader, SecretHeader};
use crate::operation::is_psu_header;
pub use crate::operation::{Authorization, Credential, Operation, Place};
use crate::pace::Pace;
use crate::retry::Retry;

/// Returns the class of a decoded error body, by its status.
type Judge = fn(u16, &dyn Any) -> Option<ErrorClass>;

/// The credentials and headers of every request. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Context {
    authorize: Option<Arc<dyn Authorize>>,
    headers: Arc<[ContextHeader]>,
    user_agent: Option<HeaderValue>,
    judge: Option<Judge>,
    /// Takes the place of the retry policy of the transport.
    retry: Option<Retry>,
}

impl Context {
    /// Creates a context without credentials and headers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the credentials.
    #[must_use]
    pub fn with_authorize(mut self, authorize: impl Authorize + 'static) -> Self {
        self.authorize = Some(Arc::new(authorize));
        self
    }

    /// Sets the schema of error responses. Their class decides before the status whether a request is sent again.
    #[must_use]
    pub fn judged_by<E: ErrorBody + 'static>(mut self) -> Self {
        self.judge = Some(|status, body| body.downcast_ref::<E>()?.class(status));
        self
    }

    /// Sets the `User-Agent`.
    ///
    /// # Errors
    ///
    /// Returns an error if the text contains characters that are not allowed in a header.
    pub fn with_user_agent(mut self, user_agent: &str) -> Result<Self, BuildError> {
        self.user_agent = Some(header_value("user-agent", user_agent)?);
        Ok(self)
    }

    /// Returns a copy with these headers in place of all headers. Each is sent with the operations that list it.
    ///
    /// # Errors
    ///
    /// Returns an error if a name or value contains characters that are not allowed. It does not show the value.
    pub fn with_context_headers<'a>(
        &self,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, BuildError> {
        let headers = headers.into_iter().map(|(name, text)| ContextHeader::new(name, text));
        Ok(self.with_checked_headers(headers.collect::<Result<Vec<_>, _>>()?))
    }

    /// Returns a copy with these headers in place of all headers, like
    /// [`with_context_headers`](Self::with_context_headers) for headers that are checked already.
    #[must_use]
    pub fn with_checked_headers(&self, headers: impl IntoIterator<Item = ContextHeader>) -> Self {
        Self { headers: headers.into_iter().collect(), ..self.clone() }
    }

    /// Sets a header, in place of one with the same name.
    #[must_use]
    pub fn with_header(self, header: ContextHeader) -> Self {
        let others = self.headers.iter().filter(|other| other.name != header.name).cloned();
        let headers = others.chain([header.clone()]).collect();
        Self { headers, ..self }
    }

    /// Returns whether a context header of this name is set.
    #[must_use]
    pub fn has_context_header(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header.is_named(name))
    }

    /// Sets the retry policy, in place of the one that the client was built with.
    #[must_use]
    pub fn with_retry(self, retry: Retry) -> Self {
        Self { retry: Some(retry), ..self }
    }

    /// Returns the retry policy of a call with these limits.
    pub(crate) fn retry(&self, pace: &Pace) -> Retry {
        self.retry.unwrap_or(pace.retry)
    }

    /// Returns whether banks count a request of this operation as one without a PSU who waits for it.
    pub(crate) fn is_unattended(&self, operation: &Operation) -> bool {
        let attended = self.headers.iter().any(|header| is_psu_header(header.name.as_str()));
        operation.takes_psu_headers() && !attended
    }

    /// Adds credentials to a request.
    pub(crate) async fn authorize(&self, request: &mut HttpRequest, operation: &Operation) -> Result<(), String> {
        match (operation.authorization, &self.authorize) {
            (Some(_), Some(authorize)) => {
                authorize.authorize(request).await.map_err(|error| error.to_string())?;
                request.problem.take().map_or(Ok(()), |problem| Err(problem.to_owned()))
            }
            (Some(Authorization { optional: false, .. }), None) => Err("no credentials are set".to_owned()),
            _ => Ok(()),
        }
    }

    /// Returns the headers and credentials that a request of this operation gets, for tests of credentials.
    ///
    /// # Errors
    ///
    /// Returns an error if there are no credentials.
    #[doc(hidden)]
    pub async fn prepared(&self, operation: &Operation) -> Result<HeaderMap, String> {
        let url = Url::parse("https://localhost/").map_err(|error| error.to_string())?;
        let mut request = HttpRequest::without_credentials(Method::GET, url, HeaderMap::new(), None);
        request.authorization = operation.authorization.unwrap_or(Authorization::NONE);
        self.add_headers(&mut request.headers, operation)?;
        self.authorize(&mut request, operation).await?;
        Ok(request.headers)
    }

    /// Reports that a request with renewed credentials was refused too.
    pub(crate) fn renewed_in_vain(&self, refused: &Refused<'_>) {
        if let Some(authorize) = &self.authorize {
            authorize.renewed_in_vain(refused);
        }
    }

    /// Returns the class of the decoded body of an error response, if the body says what to do.
    pub(crate) fn class(&self, status: u16, body: &dyn Any) -> Option<ErrorClass> {
        self.judge.and_then(|judge| judge(status, body))
    }

    /// Returns whether a refused request should be sent again with new credentials.
    pub(crate) fn renews(&self, refused: &Refused<'_>) -> bool {
        self.authorize.as_ref().is_some_and(|authorize| authorize.renews(refused))
    }

    /// Adds context headers and a request id.
    ///
    /// # Errors
    ///
    /// Returns an error if a new request id is needed and there is no source of random numbers.
    pub(crate) fn add_headers(&self, headers: &mut HeaderMap, operation: &Operation) -> Result<(), String> {
        if let Some(user_agent) = &self.user_agent {
            headers.insert(USER_AGENT, user_agent.clone());
        }
        for header in self.headers.iter() {
            if operation.context_headers.iter().any(|name| header.is_named(name)) {
                headers.insert(header.name.clone(), header.value.clone());
            }
        }
        if let Some(name) = operation.request_id.filter(|name| !self.has_context_header(name)) {
            let id = new_id().ok_or("there is no source of random numbers for a request id")?;
            let id = ContextHeader::new(name, &id.to_string()).map_err(|error| error.to_string())?;
            headers.insert(id.name, id.value);
        }
        Ok(())
    }
}

/// Returns a random UUID, or `None` if there is no source of random numbers.
#[must_use]
pub fn new_id() -> Option<Uuid> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

impl fmt::Debug for Context {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|header| header.name.as_str()).collect();
        formatter
            .debug_struct("Context")
            .field("authorized", &self.authorize.is_some())
            .field("context_headers", &names)
            .field("retry", &self.retry)
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
        successes: &[(200, 200)],
        context_headers: &["Psu-Ip-Address"],
        request_id: None,
        authorization: Some(Authorization::REQUIRED),
        single_use: false,
        gone: &[],
    };

    fn prepared(context: &Context, operation: &Operation) -> Result<HeaderMap, String> {
        let mut waker = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::pin!(context.prepared(operation)).poll(&mut waker) {
            std::task::Poll::Ready(result) => result,
            std::task::Poll::Pending => panic!("these credentials never wait"),
        }
    }

    fn context() -> Context {
        let context = Context::new().with_authorize(BearerToken::new(CANARY).unwrap());
        let context = context.with_user_agent("tests/1").unwrap();
        context.with_context_headers([("Psu-Ip-Address", "192.0.2.1"), ("psu-referer", CANARY)]).unwrap()
    }

    #[test]
    fn a_request_gets_what_its_operation_names_and_no_more() {
        let headers = prepared(&context(), &OPERATION).unwrap();
        assert_eq!(headers["authorization"], format!("Bearer {CANARY}"));
        assert!(headers["authorization"].is_sensitive() && headers["psu-ip-address"].is_sensitive());
        assert_eq!(
            (&headers["user-agent"], &headers["psu-ip-address"]),
            (&"tests/1".parse().unwrap(), &"192.0.2.1".parse().unwrap())
        );
        assert_eq!(headers.len(), 3, "{:?}", headers.keys());

        let open = Operation { context_headers: &[], authorization: None, ..OPERATION };
        assert!(prepared(&Context::new(), &open).unwrap().is_empty());
    }

    #[test]
    fn new_context_headers_replace_the_old() {
        let other = context().with_context_headers([("psu-accept", "*/*")]).unwrap();
        assert!(other.has_context_header("Psu-Accept") && !other.has_context_header("psu-ip-address"));
        assert!(context().has_context_header("PSU-IP-ADDRESS"));
    }

    #[test]
    fn a_key_goes_where_the_operation_wants_it() {
        const KEY: &[Credential] = &[Credential::header("key", "x-api-key")];
        let authorization = Some(Authorization { credentials: KEY, optional: true });
        let operation = Operation { authorization, ..OPERATION };
        let with = prepared(&Context::new().with_authorize(ApiKey::new(CANARY).unwrap()), &operation).unwrap();
        assert_eq!(with["x-api-key"], CANARY);
        assert!(with["x-api-key"].is_sensitive() && !with.contains_key("authorization"));
        assert!(prepared(&Context::new(), &operation).unwrap().is_empty());
    }

    #[test]
    fn a_request_without_credentials_is_not_made() {
        let error = prepared(&Context::new(), &OPERATION).unwrap_err();
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
    fn a_call_is_unattended_where_psu_headers_are_missing() {
        let own = |headers| Operation { context_headers: headers, ..OPERATION };
        for (context, headers, expected) in [
            (context(), OPERATION.context_headers, false),
            (Context::new(), OPERATION.context_headers, true),
            (Context::new().with_context_headers([("x-session", "1")]).unwrap(), &["X-Session", "PSU-Accept"], true),
            (Context::new(), &["X-Session"], false),
            (Context::new(), &[], false),
        ] {
            assert_eq!(context.is_unattended(&own(headers)), expected, "{headers:?}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let text = format!("{:?} {:#?} {:?}", context(), context(), BearerToken::new(CANARY));
        assert!(!text.contains(CANARY) && !text.contains("192.0.2.1"), "{text}");
        assert!(text.contains("psu-ip-address"), "{text}");
    }
}
