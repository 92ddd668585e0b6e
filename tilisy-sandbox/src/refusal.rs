//! Errors: responses with an `ErrorResponse`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::edition::Edition;

/// The error codes of the current edition, with the status of each.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $wire:literal, $status:literal;)+) => {
        /// A reason for an error, as the current edition lists them.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[expect(clippy::enum_variant_names, reason = "the names are those of the API")]
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
    AccessDenied = "ACCESS_DENIED", 403;
    AccountDoesNotExist = "ACCOUNT_DOES_NOT_EXIST", 422;
    AlreadyAuthorized = "ALREADY_AUTHORIZED", 422;
    AspspAccountNotAccessible = "ASPSP_ACCOUNT_NOT_ACCESSIBLE", 403;
    AspspError = "ASPSP_ERROR", 400;
    AspspPaymentNotAccessible = "ASPSP_PAYMENT_NOT_ACCESSIBLE", 422;
    AspspPsuActionRequired = "ASPSP_PSU_ACTION_REQUIRED", 422;
    AspspRateLimitExceeded = "ASPSP_RATE_LIMIT_EXCEEDED", 429;
    AspspTimeout = "ASPSP_TIMEOUT", 408;
    AuthorizationNotProvided = "AUTHORIZATION_NOT_PROVIDED", 401;
    ClosedSession = "CLOSED_SESSION", 401;
    DateFromInFuture = "DATE_FROM_IN_FUTURE", 422;
    DateToWithoutDateFrom = "DATE_TO_WITHOUT_DATE_FROM", 422;
    ExpiredAuthorizationCode = "EXPIRED_AUTHORIZATION_CODE", 422;
    ExpiredSession = "EXPIRED_SESSION", 401;
    InvalidAccountId = "INVALID_ACCOUNT_ID", 422;
    InvalidHost = "INVALID_HOST", 403;
    InvalidPayment = "INVALID_PAYMENT", 422;
    NoAccountsAdded = "NO_ACCOUNTS_ADDED", 403;
    PaymentLimitExceeded = "PAYMENT_LIMIT_EXCEEDED", 422;
    PaymentNotAuthorized = "PAYMENT_NOT_AUTHORIZED", 422;
    PaymentNotFinalized = "PAYMENT_NOT_FINALIZED", 422;
    PaymentNotFound = "PAYMENT_NOT_FOUND", 404;
    PaymentSubmissionNotDeferred = "PAYMENT_SUBMISSION_NOT_DEFERRED", 422;
    PaymentSubmissionNotSupported = "PAYMENT_SUBMISSION_NOT_SUPPORTED", 422;
    PsuHeaderInvalid = "PSU_HEADER_INVALID", 422;
    PsuHeaderNotProvided = "PSU_HEADER_NOT_PROVIDED", 422;
    RedirectUriNotAllowed = "REDIRECT_URI_NOT_ALLOWED", 422;
    RevokedSession = "REVOKED_SESSION", 401;
    SessionDoesNotExist = "SESSION_DOES_NOT_EXIST", 422;
    TransactionDoesNotExist = "TRANSACTION_DOES_NOT_EXIST", 404;
    UnauthorizedAccess = "UNAUTHORIZED_ACCESS", 401;
    UnauthorizedIp = "UNAUTHORIZED_IP", 403;
    UntrustedPaymentParty = "UNTRUSTED_PAYMENT_PARTY", 422;
    WebhookUriNotAllowed = "WEBHOOK_URI_NOT_ALLOWED", 422;
    WrongAspspProvided = "WRONG_ASPSP_PROVIDED", 422;
    WrongAuthorizationCode = "WRONG_AUTHORIZATION_CODE", 422;
    WrongContinuationKey = "WRONG_CONTINUATION_KEY", 422;
    WrongCredentialsProvided = "WRONG_CREDENTIALS_PROVIDED", 422;
    WrongDateInterval = "WRONG_DATE_INTERVAL", 422;
    WrongRequestParameters = "WRONG_REQUEST_PARAMETERS", 422;
    WrongSessionStatus = "WRONG_SESSION_STATUS", 422;
    WrongTransactionsPeriod = "WRONG_TRANSACTIONS_PERIOD", 422;
}

impl Code {
    /// Returns the code and the status in the document of 2020, whose codes are fewer.
    fn in_document(self) -> (Option<Self>, u16) {
        let code = match self {
            Self::AccessDenied | Self::UnauthorizedIp => return (Some(Self::UnauthorizedAccess), 403),
            Self::AspspAccountNotAccessible => return (Some(Self::UnauthorizedAccess), 403),
            Self::AspspError | Self::AspspTimeout | Self::AspspPsuActionRequired => {
                return (Some(Self::AspspError), 500);
            }
            Self::AspspRateLimitExceeded => return (None, 429),
            Self::InvalidHost => return (None, 403),
            Self::AlreadyAuthorized => Self::WrongAuthorizationCode,
            Self::AuthorizationNotProvided => Self::UnauthorizedAccess,
            Self::ClosedSession | Self::RevokedSession => return (Some(Self::WrongSessionStatus), 422),
            Self::DateFromInFuture => Self::WrongDateInterval,
            Self::InvalidAccountId
            | Self::PsuHeaderInvalid
            | Self::WrongContinuationKey
            | Self::WrongCredentialsProvided => Self::WrongRequestParameters,
            other => other,
        };
        (Some(code), code.status())
    }
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

    /// Returns the refusal as an edition has it.
    pub(crate) fn in_edition(self, edition: Edition) -> Self {
        let Some(code) = self.code.filter(|_| !edition.is_current()) else { return self };
        let (in_document, status) = code.in_document();
        // A status that was chosen apart from the code stays.
        let status = if self.status == code.status() { status } else { self.status };
        Self { code: in_document, status, ..self }
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

    /// Returns the error code on the wire.
    pub(crate) fn code(&self) -> Option<&'static str> {
        self.code.map(Code::wire)
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
