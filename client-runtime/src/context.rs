//! What a client says with every request: who it is, and for whom it speaks.

mod authorize;
mod header;
mod operation;

use std::fmt;
use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use uuid::Uuid;

pub use self::authorize::{ApiKey, Authorize, AuthorizeError, BearerToken, Refused, SecretHeader};
pub use self::header::ContextHeader;
use self::header::header_value;
use self::operation::is_psu_header;
pub use self::operation::{Authorization, Operation};
use crate::decode::{self, Decode};
use crate::error::{BuildError, ErrorBody, ErrorClass};
use crate::retry::Retry;
use crate::transport::{Pace, Transport};

/// What to do about an error answer, by its status and its body.
type Judge = fn(u16, &[u8]) -> Option<ErrorClass>;

/// What a client says with every request. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Context {
    authorize: Option<Arc<dyn Authorize>>,
    headers: Arc<[ContextHeader]>,
    user_agent: Option<HeaderValue>,
    judge: Option<Judge>,
    /// What was asked for, whatever the transport says.
    retry: Option<Retry>,
    pub(crate) pace: Pace,
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

    /// The same where the bodies of error answers are an `E`, whose class decides before the status whether a request is
    /// sent again.
    #[must_use]
    pub fn judged_by<E: for<'de> Decode<'de> + ErrorBody>(mut self) -> Self {
        self.judge = Some(|status, body| decode::from_slice::<E>(body).ok()?.class(status));
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

    /// The same with this header, in place of one of the same name.
    #[must_use]
    pub fn with_header(self, header: ContextHeader) -> Self {
        let others = self.headers.iter().filter(|other| other.name != header.name).cloned();
        let headers = others.chain([header.clone()]).collect();
        Self { headers, ..self }
    }

    /// Whether a context header of this name is set.
    #[must_use]
    pub fn has_context_header(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header.is_named(name))
    }

    /// The same for requests over this transport.
    #[must_use]
    pub fn over(self, transport: &Transport) -> Self {
        let mut pace = transport.pace.clone();
        pace.retry = self.retry.unwrap_or(pace.retry);
        Self { pace, ..self }
    }

    /// The same with requests that are sent again by another rule.
    #[must_use]
    pub fn with_retry(self, retry: Retry) -> Self {
        Self { retry: Some(retry), pace: Pace { retry, ..self.pace }, ..self }
    }

    /// Whether a request of this operation goes out without a PSU who waits for it, as banks count it.
    pub(crate) fn is_unattended(&self, operation: &Operation) -> bool {
        let attended = self.headers.iter().any(|header| is_psu_header(header.name.as_str()));
        operation.takes_psu_headers() && !attended
    }

    /// Gives a request the authorization of now.
    pub(crate) fn sign(&self, headers: &mut HeaderMap, operation: &Operation) -> Result<(), String> {
        match (operation.authorization, &self.authorize) {
            (Some(authorization), Some(authorize)) => {
                let value = authorize.authorization().map_err(|error| error.to_string())?;
                let name = match authorization.header {
                    "authorization" => AUTHORIZATION,
                    name => HeaderName::try_from(name).map_err(|_| "no header can have that name")?,
                };
                headers.insert(name, value.0);
            }
            (Some(Authorization { optional: false, .. }), None) => return Err("no credentials are set".to_owned()),
            _ => {}
        }
        Ok(())
    }

    /// Told that what was renewed has been refused too.
    pub(crate) fn renewed_in_vain(&self, refused: &Refused<'_>) {
        if let Some(authorize) = &self.authorize {
            authorize.renewed_in_vain(refused);
        }
    }

    /// What the body of an error answer says, where it says what to do.
    pub(crate) fn class(&self, status: u16, body: &[u8]) -> Option<ErrorClass> {
        self.judge.and_then(|judge| judge(status, body))
    }

    /// Whether a request that was refused is worth another attempt with a new authorization.
    pub(crate) fn renews(&self, refused: &Refused<'_>) -> bool {
        self.authorize.as_ref().is_some_and(|authorize| authorize.renews(refused))
    }

    /// Adds credentials, context headers and a request id to a request.
    ///
    /// # Errors
    ///
    /// When there is no authorization; the text says why and holds no secret.
    #[doc(hidden)]
    pub fn prepare(&self, request: &mut reqwest::Request, operation: &Operation) -> Result<(), String> {
        let headers = request.headers_mut();
        self.sign(headers, operation)?;
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

/// An id that nobody else has; nothing where there is no source of random numbers.
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
            .field("pace", &self.pace)
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

    fn request() -> reqwest::Request {
        reqwest::Request::new(reqwest::Method::GET, "https://localhost/a".parse().unwrap())
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
