//! What the sandbox answers when it cannot do what was asked: always an `ErrorResponse`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The documented error codes, with the status of each.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $wire:literal, $status:literal;)+) => {
        /// A documented reason of an error.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[expect(clippy::enum_variant_names, reason = "the names are the documentation's")]
        pub(crate) enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            /// Every code.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];

            pub(crate) fn wire(self) -> &'static str {
                match self { $(Self::$name => $wire),+ }
            }

            fn status(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }
        }
    };
}

codes! {
    AccountDoesNotExist = "ACCOUNT_DOES_NOT_EXIST", 422;
    AspspError = "ASPSP_ERROR", 500;
    DateToWithoutDateFrom = "DATE_TO_WITHOUT_DATE_FROM", 422;
    ExpiredAuthorizationCode = "EXPIRED_AUTHORIZATION_CODE", 422;
    ExpiredSession = "EXPIRED_SESSION", 401;
    NoAccountsAdded = "NO_ACCOUNTS_ADDED", 403;
    PsuHeaderNotProvided = "PSU_HEADER_NOT_PROVIDED", 422;
    RedirectUriNotAllowed = "REDIRECT_URI_NOT_ALLOWED", 422;
    SessionDoesNotExist = "SESSION_DOES_NOT_EXIST", 422;
    UnauthorizedAccess = "UNAUTHORIZED_ACCESS", 401;
    WrongAspspProvided = "WRONG_ASPSP_PROVIDED", 422;
    WrongAuthorizationCode = "WRONG_AUTHORIZATION_CODE", 422;
    WrongDateInterval = "WRONG_DATE_INTERVAL", 422;
    WrongRequestParameters = "WRONG_REQUEST_PARAMETERS", 422;
    WrongSessionStatus = "WRONG_SESSION_STATUS", 422;
    WrongTransactionsPeriod = "WRONG_TRANSACTIONS_PERIOD", 422;
}

/// An answer that is no success.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    status: u16,
    code: Option<Code>,
    message: String,
    detail: Value,
    /// Seconds after which to ask again.
    retry_after: Option<i64>,
}

impl Refusal {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            status: code.status(),
            code: Some(code),
            message: message.into(),
            detail: Value::Null,
            retry_after: None,
        }
    }

    /// Something in the request is not acceptable.
    pub(crate) fn parameters(message: impl Into<String>) -> Self {
        Self::new(Code::WrongRequestParameters, message)
    }

    /// The token does not show who calls.
    pub(crate) fn token(message: impl Into<String>) -> Self {
        Self::new(Code::UnauthorizedAccess, message)
    }

    /// The caller is known, and may not do this.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self { status: 403, ..Self::new(Code::UnauthorizedAccess, message) }
    }

    /// A refusal for which the documentation has no code.
    pub(crate) fn uncoded(status: u16, message: impl Into<String>) -> Self {
        Self { status, code: None, message: message.into(), detail: Value::Null, retry_after: None }
    }

    pub(crate) fn detail(self, detail: Value) -> Self {
        Self { detail, ..self }
    }

    pub(crate) fn retry_after(self, seconds: i64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Returns the body.
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "message": self.message, "code": self.status });
        if let Some(code) = self.code {
            body["error"] = code.wire().into();
        }
        if !self.detail.is_null() {
            body["detail"] = self.detail.clone();
        }
        body
    }

    /// Returns the status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the response with this body, which is [`body`](Self::body) or what a quirk made of it.
    pub(crate) fn with_body(&self, kind: &'static str, body: String) -> Response {
        let mut response = (self.status(), [(header::CONTENT_TYPE, kind)], body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.with_body("application/json", self.body().to_string())
    }
}
