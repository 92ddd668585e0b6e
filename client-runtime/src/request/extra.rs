//! Query parameters and headers that an API description does not list.

use std::fmt;

use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, EXPECT,
    HOST, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use url::Url;

use crate::operation::{Operation, Place, is_psu_header};

/// Headers that describe the body, the connection or the caller. The client sets them itself or leaves them out.
const OWN: &[HeaderName] = &[
    ACCEPT,
    ACCEPT_ENCODING,
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    EXPECT,
    HOST,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    USER_AGENT,
];

/// Headers that HTTP libraries and proxies treat like those above, but that have no constant.
const OWN_NAMES: &[&str] = &["keep-alive", "proxy-connection"];

const HAS_CREDENTIALS: &str = "which has credentials: they are set on the client";

/// Credentials in every API.
const CREDENTIALS: &[HeaderName] = &[AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION];

/// The query parameters and headers that a caller adds to a request.
#[derive(Clone, Default)]
pub struct RequestExtra(Option<Box<Parts>>);

/// Names and values are left out: they may be personal.
impl fmt::Debug for RequestExtra {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RequestExtra")
    }
}

/// Names and values, as the caller wrote them.
#[derive(Clone, Default)]
struct Parts {
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

impl RequestExtra {
    /// Adds a query parameter.
    pub fn query(&mut self, name: String, value: String) {
        self.0.get_or_insert_default().query.push((name, value));
    }

    /// Adds a header.
    pub fn header(&mut self, name: String, value: String) {
        self.0.get_or_insert_default().headers.push((name, value));
    }

    /// Returns the reason why a described query parameter forbids one of these.
    pub(super) fn clash_in_query(&self, described: &str) -> Option<String> {
        let clash = self.0.as_ref()?.query.iter().any(|(name, _)| name == described);
        clash.then(|| format!("`query_extra` cannot set `{described}`, which is a parameter of the operation"))
    }

    /// Returns the reason why a described header forbids one of these.
    pub(super) fn clash_in_headers(&self, described: &str) -> Option<String> {
        let clash = self.0.as_ref()?.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(described));
        clash.then(|| format!("`header_extra` cannot set `{described}`, which is a parameter of the operation"))
    }

    /// Adds all of them to a request that has its own parts already.
    pub(super) fn add(self, operation: &Operation, url: &mut Url, headers: &mut HeaderMap) -> Result<(), String> {
        let Some(parts) = self.0 else { return Ok(()) };
        if parts.query.iter().any(|(name, _)| name.is_empty()) {
            return Err("`query_extra` has an empty name".to_owned());
        }
        let is_named = |other: &str| parts.query.iter().any(|(name, _)| name == other);
        let places = credential_places(operation);
        let mut keys = places.filter_map(|place| if let Place::Query(name) = place { Some(name) } else { None });
        if let Some(name) = keys.find(|name| is_named(name)) {
            return Err(format!("`query_extra` cannot set `{name}`, {HAS_CREDENTIALS}"));
        }
        if !parts.query.is_empty() {
            url.query_pairs_mut().extend_pairs(parts.query);
        }
        for (name, value) in parts.headers {
            // An invalid name is not shown: it may be a value in the wrong place.
            let name = HeaderName::try_from(name)
                .map_err(|_| "`header_extra` has a name with characters that are not allowed in a header".to_owned())?;
            if let Some(reason) = reserved(&name, operation) {
                return Err(format!("`header_extra` cannot set `{name}`, {reason}"));
            }
            let mut value = HeaderValue::try_from(value)
                .map_err(|_| format!("the header `{name}` contains characters that are not allowed in a header"))?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
        Ok(())
    }
}

/// Returns the reason why a caller cannot add this header to a request of an operation.
fn reserved(name: &HeaderName, operation: &Operation) -> Option<&'static str> {
    let is_named = |other: &&str| name.as_str().eq_ignore_ascii_case(other);
    let has_credentials = credential_places(operation).any(|place| matches!(place, Place::Header(it) if is_named(&it)));
    if CREDENTIALS.contains(name) || has_credentials {
        return Some(HAS_CREDENTIALS);
    }
    if is_psu_header(name.as_str()) || operation.context_headers.iter().any(&is_named) {
        return Some("which is set on the client for all requests");
    }
    if OWN.contains(name) || OWN_NAMES.iter().any(&is_named) || operation.request_id.is_some_and(|it| is_named(&it)) {
        return Some("which the client sets itself");
    }
    None
}

fn credential_places(operation: &Operation) -> impl Iterator<Item = Place> {
    let credentials = operation.authorization.map_or(&[][..], |authorization| authorization.credentials);
    credentials.iter().map(|credential| credential.place)
}
