//! Every error code of both editions, with its class.

use std::collections::BTreeSet;

use enablebanking_client::ErrorClass::{self, Auth, Bank, Consent, RateLimit, Request, Transient};
use enablebanking_core::class;

const CODES: [(&str, ErrorClass); 43] = [
    ("ACCESS_DENIED", Auth),
    ("ACCOUNT_DOES_NOT_EXIST", Request),
    ("ALREADY_AUTHORIZED", Consent),
    ("ASPSP_ACCOUNT_NOT_ACCESSIBLE", Consent),
    ("ASPSP_ERROR", Bank),
    ("ASPSP_PAYMENT_NOT_ACCESSIBLE", Bank),
    ("ASPSP_PSU_ACTION_REQUIRED", Consent),
    ("ASPSP_RATE_LIMIT_EXCEEDED", RateLimit),
    ("ASPSP_TIMEOUT", Transient),
    ("AUTHORIZATION_NOT_PROVIDED", Auth),
    ("CLOSED_SESSION", Consent),
    ("DATE_FROM_IN_FUTURE", Request),
    ("DATE_TO_WITHOUT_DATE_FROM", Request),
    ("EXPIRED_AUTHORIZATION_CODE", Consent),
    ("EXPIRED_SESSION", Consent),
    ("INVALID_ACCOUNT_ID", Request),
    ("INVALID_HOST", Request),
    ("INVALID_PAYMENT", Request),
    ("NO_ACCOUNTS_ADDED", Request),
    ("PAYMENT_LIMIT_EXCEEDED", Request),
    ("PAYMENT_NOT_AUTHORIZED", Request),
    ("PAYMENT_NOT_FINALIZED", Request),
    ("PAYMENT_NOT_FOUND", Request),
    ("PAYMENT_SUBMISSION_NOT_DEFERRED", Request),
    ("PAYMENT_SUBMISSION_NOT_SUPPORTED", Request),
    ("PSU_HEADER_INVALID", Request),
    ("PSU_HEADER_NOT_PROVIDED", Request),
    ("REDIRECT_URI_NOT_ALLOWED", Request),
    ("REVOKED_SESSION", Consent),
    ("SESSION_DOES_NOT_EXIST", Consent),
    ("TRANSACTION_DOES_NOT_EXIST", Request),
    ("UNAUTHORIZED_ACCESS", Auth),
    ("UNAUTHORIZED_IP", Auth),
    ("UNTRUSTED_PAYMENT_PARTY", Request),
    ("WEBHOOK_URI_NOT_ALLOWED", Request),
    ("WRONG_ASPSP_PROVIDED", Request),
    ("WRONG_AUTHORIZATION_CODE", Consent),
    ("WRONG_CONTINUATION_KEY", Request),
    ("WRONG_CREDENTIALS_PROVIDED", Request),
    ("WRONG_DATE_INTERVAL", Request),
    ("WRONG_REQUEST_PARAMETERS", Request),
    ("WRONG_SESSION_STATUS", Consent),
    ("WRONG_TRANSACTIONS_PERIOD", Request),
];

#[test]
fn every_code_of_the_live_api_has_its_class() {
    for (code, expected) in CODES {
        assert_eq!(class(code), Some(expected), "{code}");
    }
    let listed: BTreeSet<_> = enablebanking_client::types::ErrorCode::LISTED.iter().copied().collect();
    assert_eq!(listed, CODES.iter().map(|(code, _)| *code).collect());
}

#[test]
fn every_code_of_the_documentation_is_one_of_the_live_api() {
    for code in tilisy_client::types::ErrorCode::LISTED {
        assert!(CODES.iter().any(|(known, _)| known == code), "{code}");
    }
}
