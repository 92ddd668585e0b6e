//! The clients that this project generates.

mod editions;
mod op;

use openbanking_oracle::case::Case;
use openbanking_oracle::theirs::Location::{self, Body, Path, Query};

pub(crate) use self::editions::{EnableBanking, Tilisy};
pub(crate) use self::op::Op;
use crate::bodies;
use crate::canary::{ACCOUNT, CONTINUATION_KEY, PAYMENT, SESSION, TRANSACTION};
use crate::checks::Expected;
use crate::clients::Api;
use crate::expected::expected;
use crate::subject::{Failure, Operation, Seen, Subject, Target};
use crate::table::Fault;

/// The values of parameters, by the names that the APIs give them. Other parameters are not sent.
const PARAMETERS: &[(Location, &str, &str)] = &[
    (Path, "accountId", ACCOUNT),
    (Path, "account_id", ACCOUNT),
    (Path, "isinCode", "FI0008800248"),
    (Path, "payment_id", PAYMENT),
    (Path, "session_id", SESSION),
    (Path, "transactionId", TRANSACTION),
    (Path, "transaction_id", TRANSACTION),
    (Query, "continuation_key", CONTINUATION_KEY),
    (Query, "country", "FI"),
];

/// A client of ours, with the operations of its spec.
pub(crate) trait Client: Send + Sync + Sized + 'static {
    const API: &'static Api;

    /// Creates the client.
    fn build(target: &Target) -> Self;

    /// Calls an operation by its id.
    fn call(&self, id: &str, case: &Case) -> impl Future<Output = Result<Result<Seen, Failure>, String>> + Send;

    /// Reads all pages of the transactions, `most` at most.
    fn pages(&self, most: usize) -> impl Future<Output = Result<Seen, Failure>> + Send;

    /// A secret of the client beyond `canary::ALL`.
    fn secret() -> &'static str;
}

impl<C: Client> Subject for C {
    const API: &'static Api = C::API;

    fn build(target: &Target) -> Self {
        C::build(target)
    }

    async fn call(&self, operation: Operation) -> Result<Seen, Failure> {
        let called = C::call(self, operation.id(), &case(operation)).await;
        called.unwrap_or_else(|missing| panic!("{operation:?}: {missing} among PARAMETERS in tests/faults/ours.rs"))
    }

    async fn pages(&self, most: usize) -> Result<Seen, Failure> {
        C::pages(self, most).await
    }

    fn expected(fault: &Fault, operation: Operation) -> Expected {
        expected(fault, operation)
    }

    fn secrets() -> Vec<(&'static str, String)> {
        vec![("key", C::secret().to_owned())]
    }
}

/// Returns the values that a call sends.
fn case(operation: Operation) -> Case {
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let parameters = PARAMETERS.iter().map(|(location, name, value)| ((*location, (*name).to_owned()), json(value)));
    let body = ((Body, "body".to_owned()), bodies::of(operation).request.to_string());
    Case { name: "canaries".to_owned(), values: parameters.chain([body]).collect() }
}
