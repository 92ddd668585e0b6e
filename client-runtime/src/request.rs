//! Requests of generated clients: built part by part, then sent.

mod body;
mod extra;
mod form;
mod members;
mod multipart;
mod parameter;
mod style;

use std::fmt;

use http::Method;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use self::body::RequestBody;
pub use self::extra::RequestExtra;
use self::form::Form;
pub use self::multipart::Files;
pub use self::parameter::{NotFinite, Parameter};
pub use self::style::Delimiter;
use crate::answer::{Answer, Undecoded};
use crate::call::Call;
use crate::context::Context;
use crate::decode::Decode;
use crate::error::{ClientError, DecodeError, Error};
use crate::exchange::HttpRequest;
use crate::operation::{Authorization, Operation};
use crate::place;
use crate::receive::finish;
use crate::response::Response;
use crate::transport::Transport;

/// Characters that are escaped in a segment of a path: those of the URL Standard, and `/` and `%`, so that a value stays
/// one segment.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'/')
    .add(b'%');

/// Characters that RFC 6265 does not allow in the value of a cookie, and `%`, so that the value can be decoded.
const NO_COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// A request in the making.
///
/// Problems with a value are kept until the request is sent, so that generated code is a plain list of calls.
pub struct Request {
    operation: &'static Operation,
    path: Vec<(&'static str, String)>,
    query: Form,
    headers: HeaderMap,
    body: RequestBody,
    extra: RequestExtra,
    problem: Option<String>,
}

impl Request {
    /// Creates a request of an operation, without any of its parts.
    #[must_use]
    pub fn new(operation: &'static Operation) -> Self {
        let (path, query, headers) = (Vec::new(), Form::default(), HeaderMap::new());
        let (body, extra, problem) = (RequestBody::default(), RequestExtra::default(), None);
        Self { operation, path, query, headers, body, extra, problem }
    }

    /// Sets the query parameters and headers that the API description does not list. Call it before
    /// [`query`](Self::query) and [`header`](Self::header), which refuse names that occur in both.
    pub fn extra(&mut self, extra: RequestExtra) {
        self.extra = extra;
    }

    /// Sets the value of a path parameter.
    pub fn path(&mut self, name: &'static str, value: &impl Parameter) {
        let path = &mut self.path;
        let result = value.texts(&mut |text| path.push((name, text)));
        self.check(name, result);
    }

    /// Adds a query parameter; a list adds one for each element, and `None` adds none.
    pub fn query(&mut self, name: &'static str, value: &impl Parameter) {
        if let Some(clash) = self.extra.clash_in_query(name) {
            self.refuse(clash);
        }
        let result = self.query.value(name, value);
        self.check(name, result);
    }

    /// Adds a header; `None` adds none.
    pub fn header(&mut self, name: &'static str, value: &impl Parameter) {
        if let Some(clash) = self.extra.clash_in_headers(name) {
            self.refuse(clash);
        }
        let mut texts = Vec::new();
        let result = value.texts(&mut |text| texts.push(text));
        self.check(name, result);
        for text in texts {
            match (HeaderName::try_from(name), HeaderValue::try_from(text)) {
                (Ok(name), Ok(mut value)) => {
                    // Any parameter may be about a person.
                    value.set_sensitive(true);
                    self.headers.append(name, value);
                }
                _ => self.refuse(format!("the header `{name}` contains characters that are not allowed in a header")),
            }
        }
    }

    /// Adds a cookie; `None` adds none. Characters that a cookie cannot have are percent-encoded.
    pub fn cookie(&mut self, name: &'static str, value: &impl Parameter) {
        let mut texts = Vec::new();
        let result = value.texts(&mut |text| texts.push(utf8_percent_encode(&text, NO_COOKIE).to_string()));
        self.check(name, result);
        for text in texts {
            if place::set_cookie(name, &text, &mut self.headers).is_none() {
                self.refuse(format!("`{name}` contains characters that are not allowed in the name of a cookie"));
            }
        }
    }

    fn check(&mut self, name: &str, result: Result<(), NotFinite>) {
        if result.is_err() {
            self.refuse(format!("`{name}` is not a finite number"));
        }
    }

    fn refuse(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }

    /// Builds the HTTP request, without credentials and context headers.
    fn build(self, base_url: &str) -> Result<HttpRequest, String> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let path = filled(self.operation.path, &self.path)?;
        let mut url = Url::parse(&format!("{base_url}{path}")).map_err(|_| "the URL is not valid".to_owned())?;
        let query = self.query.into_text();
        if !query.is_empty() {
            // A path template may have a query of its own.
            let query = url.query().map_or(query.clone(), |fixed| format!("{fixed}&{query}"));
            url.set_query(Some(&query));
        }
        let method = Method::from_bytes(self.operation.method.as_bytes()).map_err(|_| "the method is not valid")?;
        let authorization = self.operation.authorization.unwrap_or(Authorization::NONE);
        authorization.credentials.iter().try_for_each(|credential| place::check(credential.place))?;
        let mut headers = self.headers;
        let body = self.body.finish()?.map(|(content_type, bytes)| {
            headers.insert(CONTENT_TYPE, content_type);
            bytes
        });
        self.extra.add(self.operation, &mut url, &mut headers)?;
        Ok(HttpRequest { method, url, headers, body, authorization, problem: None })
    }
}

/// Values are left out: they may be personal.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Request").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

/// A path template with the values of its parameters.
fn filled(template: &str, values: &[(&'static str, String)]) -> Result<String, String> {
    let mut path = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        let Some((_, value)) = values.iter().find(|(known, _)| *known == name) else {
            return Err(format!("`{name}` has no value"));
        };
        if value.is_empty() {
            return Err(format!("`{name}` is empty, `.` or `..`, which leads to another path"));
        }
        path.push_str(literal);
        path.extend(utf8_percent_encode(value, SEGMENT));
        rest = after;
    }
    path.push_str(rest);
    // A URL resolves such segments, and the request would go to another path.
    if path.contains("/.") && path.split('/').any(|segment| matches!(segment, "." | "..")) {
        let name = values.iter().find(|(_, value)| matches!(value.as_str(), "." | "..")).map_or("the path", |it| it.0);
        return Err(format!("`{name}` is empty, `.` or `..`, which leads to another path"));
    }
    Ok(path)
}

/// The sending half of a generated client: a transport, and the headers and credentials of every request.
#[derive(Clone, Debug)]
pub struct Sender {
    transport: Transport,
    context: Context,
}

impl Sender {
    /// Creates a sender over a transport.
    #[must_use]
    pub fn new(transport: Transport, context: Context) -> Self {
        Self { transport, context }
    }

    /// Returns the headers and credentials of every request.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Returns a sender with other headers and credentials over the same connections.
    #[must_use]
    pub fn with_context(&self, context: Context) -> Self {
        Self { transport: self.transport.clone(), context }
    }

    /// Sends a request, and decodes its response, whose body is JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the request cannot be built, no complete response arrives, or the response is not a success
    /// that can be decoded.
    pub async fn send<T, E>(&self, request: Request) -> Result<Response<T>, E>
    where
        T: for<'de> Decode<'de>,
        E: ClientError<Body: DecodeError + 'static>,
    {
        self.send_as(request, Answer::json).await
    }

    /// Sends a request, and decodes its response with `decode`, which is called for documented statuses only.
    ///
    /// # Errors
    ///
    /// Returns an error if the request cannot be built, no complete response arrives, or the response is not a success
    /// that can be decoded.
    pub async fn send_as<T, E>(
        &self,
        request: Request,
        decode: impl Fn(&mut Answer<E::Body>) -> Result<T, Undecoded> + Send,
    ) -> Result<Response<T>, E>
    where
        E: ClientError<Body: DecodeError + 'static>,
    {
        let operation = request.operation;
        let not_built = |problem: String| Error::not_built(operation.id, problem);
        let mut request = request.build(&self.transport.base_url).map_err(not_built)?;
        // The texts of the context contain no values.
        self.context.add_headers(&mut request.headers, operation).map_err(not_built)?;
        self.context.authorize(&mut request, operation).await.map_err(not_built)?;
        let pace = &self.transport.pace;
        let retry = self.context.retry(pace);
        let call = Call { context: &self.context, backend: &self.transport, pace, retry, operation };
        Ok(finish(operation, &pace.limits, call.run(request).await, decode)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;
    use crate::operation::Credential;

    static OPERATION: Operation = Operation {
        id: "part",
        method: "GET",
        path: "/things/{thing-id}/parts/{a}{b}.json",
        successes: &[(200, 200)],
        context_headers: &[],
        request_id: None,
        authorization: Some(Authorization::REQUIRED),
        single_use: false,
        gone: &[],
    };

    fn part(thing: &str, a: &str, b: &str) -> Request {
        let mut request = Request::new(&OPERATION);
        request.path("thing-id", &thing);
        request.path("a", &a);
        request.path("b", &b);
        request
    }

    fn url(request: Request) -> Result<String, String> {
        request.build("https://api.example.com/v1").map(|request| request.url().to_owned())
    }

    #[test]
    fn a_value_stays_one_segment_of_the_path() {
        let found = url(part("a/b ?#%é", "1", "2")).unwrap();
        assert_eq!(found, "https://api.example.com/v1/things/a%2Fb%20%3F%23%25%C3%A9/parts/12.json");
        for thing in ["", ".", ".."] {
            let problem = url(part(thing, "1", "2")).unwrap_err();
            assert_eq!(problem, "`thing-id` is empty, `.` or `..`, which leads to another path");
        }
        let mut request = Request::new(&OPERATION);
        request.path("thing-id", &"x");
        assert_eq!(url(request).unwrap_err(), "`a` has no value");
    }

    #[test]
    fn cookies_share_one_header_and_keep_to_their_characters() {
        let mut request = part("t", "1", "2");
        request.cookie("none", &None::<String>);
        request.cookie("session", &"a; admin=1,\"é\\%\n");
        request.cookie("depth", &Some(3_i64));
        let built = request.build("https://api.example.com").unwrap();
        let expected = "session=a%3B%20admin=1%2C%22%C3%A9%5C%25%0A; depth=3";
        assert_eq!(built.header("cookie"), Some(expected));
        assert!(built.headers["cookie"].is_sensitive());
        let mut request = part("t", "1", "2");
        request.cookie("session", &f64::INFINITY);
        assert_eq!(url(request).unwrap_err(), "`session` is not a finite number");
    }

    #[test]
    fn values_of_the_query_are_encoded_as_forms_are() {
        let mut request = part("t", "1", "2");
        request.query("q", &"a b&c=d+é");
        request.query("list", &vec![1_i64, 2]);
        request.query("none", &None::<bool>);
        request.query("some", &Some(0.5_f64));
        let found = url(request).unwrap();
        assert!(found.ends_with("?q=a+b%26c%3Dd%2B%C3%A9&list=1&list=2&some=0.5"), "{found}");
    }

    #[test]
    fn an_extra_parameter_is_added_to_those_of_the_operation() {
        let mut request = part("t", "1", "2");
        let mut extra = RequestExtra::default();
        extra.query("strategy".into(), "long est&".into());
        extra.query("strategy".into(), "default".into());
        extra.header("X-Trial".into(), "yes".into());
        request.extra(extra);
        request.query("q", &Some("a"));
        let built = request.build("https://api.example.com").unwrap();
        assert!(built.url().ends_with("?q=a&strategy=long+est%26&strategy=default"), "{}", built.url());
        assert_eq!(built.header("x-trial"), Some("yes"));
        assert!(built.headers["x-trial"].is_sensitive());
    }

    #[test]
    fn an_extra_parameter_replaces_nothing_that_the_client_sends() {
        static KEYED: Operation = Operation {
            context_headers: &["X-Session"],
            request_id: Some("X-Request-Id"),
            authorization: Some(Authorization {
                credentials: &[Credential::header("a", "x-api-key"), Credential::query("b", "api key")],
                optional: true,
            }),
            ..OPERATION
        };
        let refused = |name: &str, value: &str| {
            let mut request = Request { operation: &KEYED, ..part("t", "1", "2") };
            let mut extra = RequestExtra::default();
            extra.header(name.into(), value.into());
            request.extra(extra);
            request.header("X-Described", &None::<String>);
            url(request)
        };
        for name in [
            "Authorization",
            "X-API-KEY",
            "Proxy-Authorization",
            "Cookie",
            "HOST",
            "Psu-Ip-Address",
            "PSU-Anything",
            "x-session",
            "X-Request-ID",
            "Content-Length",
            "Transfer-Encoding",
            "Connection",
            "Keep-Alive",
            "Accept",
            "User-Agent",
            "x-described",
        ] {
            let problem = refused(name, "hunter2").unwrap_err();
            let start = format!("`header_extra` cannot set `{name}`, which ");
            assert!(problem.to_lowercase().starts_with(&start.to_lowercase()), "{problem}");
        }
        for (name, value) in [("no name", "hunter2"), ("", "hunter2"), ("x-fine", "hunter2\r\nHost: other")] {
            let problem = refused(name, value).unwrap_err();
            assert!(problem.contains("not allowed in a header") && !problem.contains("hunter2"), "{problem}");
        }
        for name in ["q", "", "api key"] {
            let mut request = Request { operation: &KEYED, ..part("t", "1", "2") };
            let mut extra = RequestExtra::default();
            extra.query(name.into(), "hunter2".into());
            request.extra(extra);
            request.query("q", &None::<String>);
            let problem = url(request).unwrap_err();
            assert!(problem.starts_with("`query_extra` ") && !problem.contains("hunter2"), "{problem}");
        }
    }

    #[test]
    fn a_value_that_cannot_be_sent_is_reported_without_being_shown() {
        let mut request = part("t", "1", "2");
        request.header("X-Trace", &"secret\n");
        let problem = url(request).unwrap_err();
        assert_eq!(problem, "the header `X-Trace` contains characters that are not allowed in a header");
        let mut request = part("t", "1", "2");
        request.query("ratio", &f64::NAN);
        assert_eq!(url(request).unwrap_err(), "`ratio` is not a finite number");
    }
}
