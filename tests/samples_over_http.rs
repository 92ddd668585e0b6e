//! Every operation with samples over real HTTP: the request sample goes out, and the response sample comes back.

use std::collections::BTreeSet;
use std::error::Error as StdError;

use openbanking_client_runtime::error::Error;
use serde_json::Value;

use crate::bank::{Bank, body_of};
use crate::cases::Call;
use crate::clients::{self, Api, Failure, Operation, drive, with_samples};
use crate::examples::Sample;

/// A sample of a response, with what the index says about it.
struct Answer {
    api: &'static Api,
    operation: &'static Operation,
    sample: Sample,
    status: u16,
}

impl Answer {
    /// All samples of responses that decode.
    fn all() -> impl Iterator<Item = Self> {
        with_samples().flat_map(|api| api.index().into_iter().filter_map(move |sample| Self::new(api, sample)))
    }

    fn new(api: &'static Api, sample: Sample) -> Option<Self> {
        let mut parts = sample.file.strip_prefix("operations/")?.split('.');
        let (id, status) = (parts.next()?, parts.next()?.parse().ok()?);
        let operation = api.operations.iter().find(|operation| operation.id == id).expect(id);
        sample.decodes.then_some(Self { api, operation, sample, status })
    }
}

#[tokio::test]
async fn every_operation_sends_its_request_and_takes_its_response() {
    let mut driven = BTreeSet::new();
    for answer in Answer::all().filter(|answer| answer.status < 300) {
        let Answer { api, operation, sample, status } = &answer;
        for request in api.requests(operation) {
            let place = format!("{} of {}", sample.file, api.name);
            let server = Bank::answering(*status, api.json(&sample.file)).await;
            let call = Call::new(api, operation, &request.to_string());
            let outcome = drive(api.name, server.url(), operation.id, &call.case).await.expect(&place);
            let received = server.request();
            assert_eq!((received.method(), received.target()), (operation.method, &*call.target), "{place}");
            let body = if call.has_body { request } else { Value::Null };
            assert_eq!(body_of(&received), body, "{place}");
            let seen = outcome.unwrap_or_else(|failure| panic!("{place}: {:?}", failure.error));
            assert!(seen.bad_rows.is_empty(), "{place}");
            assert_eq!(serde_json::from_str::<Value>(&seen.json).unwrap(), api.normal(sample), "{place}");
        }
        driven.insert((api.name, operation.id));
    }
    let count = |name| driven.iter().filter(|(api, _)| *api == name).count();
    assert_eq!(count("enablebanking"), clients::enablebanking::API.operations.len());
    // The document's samples of the others do not decode.
    assert_eq!((count("tilisy"), count("op")), (5, 1));
}

#[tokio::test]
async fn every_error_comes_back_with_its_status_and_its_code() {
    let mut codes = BTreeSet::new();
    for answer in Answer::all().filter(|answer| answer.status >= 400) {
        let Answer { api, operation, sample, status } = &answer;
        let place = format!("{} of {}", sample.file, api.name);
        let server = Bank::answering(*status, api.json(&sample.file)).await;
        let call = Call::new(api, operation, &api.request(operation).to_string());
        let outcome = drive(api.name, server.url(), operation.id, &call.case).await.expect(&place);
        let failure = outcome.err().expect(&place);
        assert_eq!((&*failure.class, failure.status), ("Api", Some(*status)), "{place}");
        let text: Value = serde_json::from_str(&api.json(&sample.file)).unwrap();
        // The OP sandbox has a list of errors, each with its own code.
        let expected = text["error"].as_str().or_else(|| text["errors"][0]["code"].as_str());
        assert_eq!(code(&failure).as_deref(), expected, "{place}");
        // Only the bank's timeout is worth another try, and one alone where the bank counts requests without a PSU.
        let requests = match status {
            408 if operation.takes_psu => 2,
            408 => 3,
            _ => 1,
        };
        assert_eq!(server.requests().len(), requests, "{place}");
        codes.extend(expected.map(|code| (api.name, code.to_owned())));
    }
    assert!(codes.len() >= 15, "{codes:?}");
}

/// The service's own code in an error of any client.
fn code(failure: &Failure) -> Option<String> {
    macro_rules! code {
        ($($client:ident $body:ident),+) => {{
            let error: &(dyn StdError + 'static) = &*failure.error;
            let mut code = None;
            $(
                let known = error.downcast_ref::<Error<$client::types::$body>>();
                code = code.or_else(|| known?.code().map(|code| code.as_str().to_owned()));
            )+
            code
        }};
    }
    code!(enablebanking_client ErrorResponse, tilisy_client ErrorResponse, op_client ErrorDescriptor)
}
