//! What the service's error codes mean for the caller.

use openbanking_client_runtime::error::{ErrorBody, ErrorClass};

use crate::types::{ErrorCode, ErrorResponse};

impl ErrorBody for ErrorResponse {
    type Code = ErrorCode;

    fn code(&self) -> Option<&ErrorCode> {
        self.error.as_ref()
    }

    fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    fn class(&self, _: u16) -> Option<ErrorClass> {
        self.error.as_ref().and_then(class)
    }
}

/// A status alone is not enough: 401 is both a token that is not accepted and a session that has ended.
fn class(code: &ErrorCode) -> Option<ErrorClass> {
    match code {
        ErrorCode::UnauthorizedAccess => Some(ErrorClass::Auth),
        ErrorCode::ExpiredSession
        | ErrorCode::SessionDoesNotExist
        | ErrorCode::WrongSessionStatus
        | ErrorCode::ExpiredAuthorizationCode
        | ErrorCode::WrongAuthorizationCode => Some(ErrorClass::Consent),
        ErrorCode::AspspError => Some(ErrorClass::Bank),
        ErrorCode::AccountDoesNotExist
        | ErrorCode::DateToWithoutDateFrom
        | ErrorCode::NoAccountsAdded
        | ErrorCode::PsuHeaderNotProvided
        | ErrorCode::RedirectUriNotAllowed
        | ErrorCode::WrongAspspProvided
        | ErrorCode::WrongDateInterval
        | ErrorCode::WrongRequestParameters
        | ErrorCode::WrongTransactionsPeriod => Some(ErrorClass::Request),
        // Codes that came after the document; of those not named here, the status says more.
        _ => match code.as_str() {
            "ASPSP_RATE_LIMIT_EXCEEDED" => Some(ErrorClass::RateLimit),
            "ASPSP_TIMEOUT" => Some(ErrorClass::Transient),
            "ALREADY_AUTHORIZED" | "ASPSP_PSU_ACTION_REQUIRED" => Some(ErrorClass::Consent),
            "DATE_FROM_IN_FUTURE" | "PSU_HEADER_INVALID" => Some(ErrorClass::Request),
            _ => None,
        },
    }
}
