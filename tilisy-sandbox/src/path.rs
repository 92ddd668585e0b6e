//! Paths of requests.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

/// The segments of a path, percent-decoded. Unlike axum's `Path`, it takes bytes that are not UTF-8, so that requests with
/// them are refused as others are.
#[derive(Clone, Debug)]
pub(crate) struct Segments(pub(crate) Vec<String>);

impl Segments {
    pub(crate) fn of(path: &str) -> Self {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        Self(path.trim_start_matches('/').split('/').map(decoded).collect())
    }

    /// Returns a segment, or an empty text if the path is shorter.
    pub(crate) fn get(&self, nth: usize) -> &str {
        self.0.get(nth).map(String::as_str).unwrap_or_default()
    }
}

/// Returns the id of the page that a link leads to.
pub(crate) fn page_of(link: &str) -> Option<&str> {
    link.split(['?', '#']).next()?.rsplit('/').next()
}

impl<S: Sync> FromRequestParts<S> for Segments {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts.uri.path()))
    }
}
