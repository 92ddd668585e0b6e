//! The classes of the service's error codes.

use openbanking_client_runtime::error::ErrorClass;

/// Returns what to do about an error code of the service, or `None` if the code is not known.
///
/// The table has the codes of both editions and matches their text, so that it does not matter which of them an API
/// description lists. A status is not enough: 401 means a token that is not accepted as well as a session that has ended.
///
/// ```
/// use enablebanking_core::class;
/// use openbanking_client_runtime::error::ErrorClass;
///
/// assert_eq!(class("EXPIRED_SESSION"), Some(ErrorClass::Consent));
/// assert_eq!(class("UNAUTHORIZED_ACCESS"), Some(ErrorClass::Auth));
/// ```
#[must_use]
pub fn class(code: &str) -> Option<ErrorClass> {
    match code {
        "ACCESS_DENIED" | "AUTHORIZATION_NOT_PROVIDED" | "UNAUTHORIZED_ACCESS" | "UNAUTHORIZED_IP" => {
            Some(ErrorClass::Auth)
        }
        "ALREADY_AUTHORIZED"
        | "ASPSP_ACCOUNT_NOT_ACCESSIBLE"
        | "ASPSP_PSU_ACTION_REQUIRED"
        | "CANCELLED_SESSION"
        | "CLOSED_SESSION"
        | "EXPIRED_AUTHORIZATION_CODE"
        | "EXPIRED_SESSION"
        | "INVALID_SESSION"
        | "REVOKED_SESSION"
        | "SESSION_DOES_NOT_EXIST"
        | "WRONG_AUTHORIZATION_CODE"
        | "WRONG_SESSION_STATUS" => Some(ErrorClass::Consent),
        "ASPSP_ERROR" | "ASPSP_PAYMENT_NOT_ACCESSIBLE" => Some(ErrorClass::Bank),
        "ASPSP_RATE_LIMIT_EXCEEDED" => Some(ErrorClass::RateLimit),
        "ASPSP_TIMEOUT" => Some(ErrorClass::Transient),
        "ACCOUNT_DOES_NOT_EXIST"
        | "DATE_FROM_IN_FUTURE"
        | "DATE_TO_WITHOUT_DATE_FROM"
        | "INVALID_ACCOUNT_ID"
        | "INVALID_HOST"
        | "INVALID_PAYMENT"
        | "NO_ACCOUNTS_ADDED"
        | "PAYMENT_LIMIT_EXCEEDED"
        | "PAYMENT_NOT_AUTHORIZED"
        | "PAYMENT_NOT_FINALIZED"
        | "PAYMENT_NOT_FOUND"
        | "PAYMENT_SUBMISSION_NOT_DEFERRED"
        | "PAYMENT_SUBMISSION_NOT_SUPPORTED"
        | "PSU_HEADER_INVALID"
        | "PSU_HEADER_NOT_PROVIDED"
        | "REDIRECT_URI_NOT_ALLOWED"
        | "TRANSACTION_DOES_NOT_EXIST"
        | "UNTRUSTED_PAYMENT_PARTY"
        | "WEBHOOK_URI_NOT_ALLOWED"
        | "WRONG_ASPSP_PROVIDED"
        | "WRONG_CONTINUATION_KEY"
        | "WRONG_CREDENTIALS_PROVIDED"
        | "WRONG_DATE_INTERVAL"
        | "WRONG_REQUEST_PARAMETERS"
        | "WRONG_TRANSACTIONS_PERIOD" => Some(ErrorClass::Request),
        // The service names the end of a session by its status, such as `CLOSED`, and gets new statuses over time.
        code if code.ends_with("_SESSION") => Some(ErrorClass::Consent),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_session_is_recognized_whatever_ended_it() {
        for code in ["CLOSED_SESSION", "REVOKED_SESSION", "EXPIRED_SESSION", "CANCELLED_SESSION", "SUSPENDED_SESSION"] {
            assert_eq!(class(code), Some(ErrorClass::Consent), "{code}");
        }
        for code in ["", "SESSION", "closed_session", "SOMETHING_NEW"] {
            assert_eq!(class(code), None, "{code}");
        }
    }
}
