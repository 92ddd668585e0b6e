//! The second client that this project makes.

use op_client::types::{FundOrderRequest, PaymentConfirmation, PaymentInitiation, TransferRequest};
use op_client::{ApplicationKey, Client, UserToken};

use crate::canary::{ACCOUNT, IBAN, REMITTANCE, SESSION, TOKEN};
use crate::checks::Expected;
use crate::expected::expected;
use crate::subject::{Failure, Operation, Seen, Subject, Target};
use crate::table::Fault;

const KEY: &str = "canary-application-key-77aa31";

/// `op-client`.
#[derive(Debug)]
pub(crate) struct OursOp {
    client: Client,
}

impl Subject for OursOp {
    const OPERATIONS: &'static [Operation] = Operation::OP;

    fn build(target: &Target) -> Self {
        let timeouts = target.timeouts;
        let (key, token) = (ApplicationKey::new(KEY).unwrap(), UserToken::new(TOKEN).unwrap());
        let mut builder = Client::builder(key, token)
            .host(&target.url)
            .session_id(SESSION)
            .unwrap()
            .connect_timeout(timeouts.connect)
            .read_timeout(timeouts.idle)
            .attempt_timeout(timeouts.attempt)
            .total_timeout(timeouts.total);
        if let Some(root) = target.root {
            builder = builder.extra_root_certificate(root);
        }
        if let Some(resolver) = target.resolver.clone() {
            builder = builder.resolver(move |_| resolver.find());
        }
        Self { client: builder.build().unwrap() }
    }

    async fn call(&self, operation: Operation) -> Result<Seen, Failure> {
        let client = &self.client;
        let order = FundOrderRequest::new(IBAN, 3.into());
        match operation {
            Operation::OpAccounts => Seen::of(client.accounts().with_meta().await),
            Operation::OpAccount => Seen::of(client.account(ACCOUNT).with_meta().await),
            Operation::OpTransactions => Seen::of(client.account_transactions(ACCOUNT).with_meta().await),
            Operation::OpTransaction => Seen::of(client.account_transaction(ACCOUNT, SESSION).with_meta().await),
            Operation::OpInitiate => {
                let payment = PaymentInitiation::new(3.into(), IBAN, IBAN).subject(REMITTANCE);
                Seen::of(client.initiate_payment(&payment).with_meta().await)
            }
            Operation::OpConfirm => {
                Seen::of(client.confirm_payment(&PaymentConfirmation::new(SESSION)).with_meta().await)
            }
            Operation::OpTransfer => Seen::of(
                client.transfer(&TransferRequest::new(3.into(), "a", "b").message(REMITTANCE)).with_meta().await,
            ),
            Operation::OpFunds => Seen::of(client.funds().with_meta().await),
            Operation::OpSubscribe => Seen::of(client.subscribe("FI0008800248", &order).with_meta().await),
            Operation::OpRedeem => Seen::of(client.redeem("FI0008800248", &order).with_meta().await),
            Operation::OpHoldings => Seen::of(client.holdings().with_meta().await),
            other => unreachable!("{other:?} is of the other API"),
        }
    }

    async fn pages(&self, _: usize) -> Result<Seen, Failure> {
        unreachable!("nothing here has pages")
    }

    fn expected(fault: &Fault, operation: Operation) -> Expected {
        expected(fault, operation)
    }

    fn secrets() -> Vec<(&'static str, String)> {
        vec![("key", KEY.to_owned())]
    }
}
