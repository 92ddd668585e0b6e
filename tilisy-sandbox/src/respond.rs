//! Responses, changed by the quirks of a request.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::edition::{Edition, document};
use crate::quirk::Quirks;
use crate::refusal::Refusal;

const HTML: &str = "<html><body>Something is wrong</body></html>";

/// Returns a response without quirks, in an edition.
pub(crate) fn respond(answer: Result<Value, Refusal>, edition: Edition) -> Response {
    respond_oddly(answer, &Quirks::default(), "", edition)
}

/// Returns the response to a request with these quirks, in an edition. The key is the one under which lists have what the
/// response has, such as `transactions[]`.
pub(crate) fn respond_oddly(answer: Result<Value, Refusal>, quirks: &Quirks, key: &str, edition: Edition) -> Response {
    let text = |mut body: Value, key: &str| {
        quirks.apply(key, &mut body);
        if quirks.is_html { ("text/html", HTML.to_owned()) } else { ("application/json", body.to_string()) }
    };
    match answer {
        Ok(mut value) => {
            if !edition.is_current() {
                document::rewrite(&mut value);
            }
            let (kind, body) = text(value, key);
            (StatusCode::OK, [(header::CONTENT_TYPE, kind)], body).into_response()
        }
        Err(refusal) => {
            let refusal = refusal.in_edition(edition);
            let (kind, body) = text(refusal.body(), "");
            refusal.with_body(kind, body)
        }
    }
}
