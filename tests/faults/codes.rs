//! Every error code of the document, on every operation, in every form that banks were seen to give it.

use openbanking_client_runtime::error::{Error, ErrorBody};
use serde_json::{Value, json};
use tilisy_client::types::{ErrorCode, ErrorResponse};

use crate::answer::Answer;
use crate::canary::{ACCOUNT, IBAN, REMITTANCE, Search};
use crate::ours::Ours;
use crate::server::{Act, Place, Server};
use crate::subject::{Operation, Subject, Target, Timeouts};

/// The codes, each with the status that it comes with.
const CODES: [(&str, u16); 16] = [
    ("ACCOUNT_DOES_NOT_EXIST", 422),
    ("ASPSP_ERROR", 500),
    ("DATE_TO_WITHOUT_DATE_FROM", 422),
    ("EXPIRED_AUTHORIZATION_CODE", 422),
    ("EXPIRED_SESSION", 401),
    ("NO_ACCOUNTS_ADDED", 403),
    ("PSU_HEADER_NOT_PROVIDED", 422),
    ("REDIRECT_URI_NOT_ALLOWED", 422),
    ("SESSION_DOES_NOT_EXIST", 422),
    ("UNAUTHORIZED_ACCESS", 401),
    ("WRONG_ASPSP_PROVIDED", 422),
    ("WRONG_AUTHORIZATION_CODE", 422),
    ("WRONG_DATE_INTERVAL", 422),
    ("WRONG_REQUEST_PARAMETERS", 422),
    ("WRONG_SESSION_STATUS", 422),
    ("WRONG_TRANSACTIONS_PERIOD", 422),
];

/// The body of an error in all its forms.
fn forms(code: &str, status: u16) -> [Value; 8] {
    let form = |detail: Value| json!({ "code": status, "error": code, "message": REMITTANCE, "detail": detail });
    [
        json!({ "code": status, "error": code, "message": REMITTANCE }),
        json!({ "code": status, "error": code }),
        json!({ "code": "PERIOD_INVALID", "error": code, "message": null }),
        json!({ "error": code, "message": [REMITTANCE], "code": null }),
        form(Value::Null),
        form(json!(IBAN)),
        form(json!({ "account": ACCOUNT, "deep": [{ "a": 1 }] })),
        form(json!([{ "loc": ["body", IBAN], "msg": REMITTANCE }, null])),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_is_told_in_every_form_on_every_operation() {
    let spec: Value = serde_yaml::from_str(include_str!("../../spec/tilisy.yaml")).unwrap();
    let listed = spec["components"]["schemas"]["ErrorCode"]["oneOf"].as_array().unwrap();
    assert!(listed.iter().map(|value| value["enum"][0].as_str().unwrap()).eq(CODES.map(|(code, _)| code)));
    let mut cells = 0;
    for (code, status) in CODES {
        for form in forms(code, status) {
            let answer = Act::Answer(Answer::json(status, form.to_string()));
            let server = Server::start(Place::Plain, vec![answer], None).await.unwrap();
            let url = format!("http://{}", server.address);
            let ours = Ours::build(&Target { url, root: None, resolver: None, timeouts: Timeouts::SHORT });
            for &operation in Operation::TILISY {
                let failure = ours.call(operation).await.err().expect("an error");
                let place = format!("{code} {form} {}", operation.name());
                let error: &Error<ErrorResponse> = failure.error.downcast_ref().unwrap();
                assert_eq!(
                    (error.code().map(ErrorCode::as_str), error.status()),
                    (Some(code), Some(status)),
                    "{place}"
                );
                assert_eq!(error.message(), form["message"].as_str(), "{place}");
                let detail = form.get("detail").filter(|detail| !detail.is_null());
                assert_eq!(error.api().unwrap().detail.as_ref(), detail, "{place}");
                assert_eq!(error.class(), error.api().unwrap().class(status).unwrap(), "{place}");
                assert_eq!(error.attempts(), 1, "{place}");
                let mut search = Search::new(Ours::secrets());
                failure.write(&mut search).unwrap();
                assert!(search.found().is_empty(), "{place}");
                cells += 1;
            }
            assert_eq!(server.record().requests.len(), 8);
        }
    }
    assert_eq!(cells, 16 * 8 * 8);
}
