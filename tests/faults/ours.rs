//! The client that this project makes.

use tilisy_client::chrono::{TimeDelta, Utc};
use tilisy_client::types::{Access, Aspsp, AuthorizeSessionRequest, StartAuthorizationRequest};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials, PsuHeaders};

use crate::canary::{ACCOUNT, CODE, CONTINUATION_KEY, CREDENTIAL, PSU_ADDRESS, SESSION, STATE};
use crate::checks::Expected;
use crate::expected::expected;
use crate::subject::{Failure, Operation, Seen, Subject, Target};
use crate::table::Fault;

const APPLICATION: &str = "cf589be3-3755-465b-a8df-a90a16a31403";
const KEY: &str = include_str!("../../enablebanking-core/tests/keys/rsa2048.pkcs8.pem");

/// `tilisy-client`, speaking for a present PSU.
#[derive(Debug)]
pub(crate) struct Ours {
    client: Client,
}

impl Subject for Ours {
    fn build(target: &Target) -> Self {
        let timeouts = target.timeouts;
        let mut builder = Client::builder(Credentials::from_pem(APPLICATION, KEY).unwrap())
            .host(ApiHost::custom(&target.url, "api.tilisy.com"))
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
        let psu = PsuHeaders::empty().allow_private_address().ip_address(PSU_ADDRESS.parse().unwrap());
        let psu = psu.and_then(|psu| psu.user_agent("Mozilla/5.0")).unwrap();
        Self { client: builder.build().unwrap().with_psu(psu) }
    }

    async fn call(&self, operation: Operation) -> Result<Seen, Failure> {
        let client = &self.client;
        let (account, session) = (id(ACCOUNT), id(SESSION));
        match operation {
            Operation::StartAuthorization => Seen::of(client.start_authorization(&authorization()).with_meta().await),
            Operation::AuthorizeSession => {
                Seen::of(client.authorize_session(&AuthorizeSessionRequest::new(CODE)).with_meta().await)
            }
            Operation::Session => Seen::of(client.session(&session).with_meta().await),
            Operation::DeleteSession => Seen::of(client.delete_session(&session).with_meta().await),
            Operation::AccountBalances => Seen::of(client.account_balances(&account).with_meta().await),
            Operation::AccountTransactions => {
                Seen::of(client.account_transactions(&account).continuation_key(CONTINUATION_KEY).with_meta().await)
            }
            Operation::Application => Seen::of(client.application().with_meta().await),
            Operation::Aspsps => Seen::of(client.aspsps().country("FI").with_meta().await),
            other => unreachable!("{other:?} is of the other API"),
        }
    }

    async fn pages(&self, most: usize) -> Result<Seen, Failure> {
        let mut pages = self.client.account_transactions(&id(ACCOUNT)).pages().max_pages(most);
        let mut rows = Vec::new();
        while let Some(page) = pages.try_next().await.map_err(Failure::of)? {
            rows.extend(page.transactions);
        }
        Ok(Seen::new(&rows))
    }

    fn expected(fault: &Fault, operation: Operation) -> Expected {
        expected(fault, operation)
    }

    fn secrets() -> Vec<(&'static str, String)> {
        // A line out of the middle of the key.
        vec![("key", KEY.lines().nth(5).unwrap().to_owned())]
    }
}

fn id(text: &str) -> Uuid {
    text.parse().unwrap()
}

fn authorization() -> StartAuthorizationRequest {
    let access = Access::new(Utc::now() + TimeDelta::days(1));
    let bank = Aspsp::new("FI", "Nordea");
    StartAuthorizationRequest::new(access, bank, "https://shop.example/back", STATE)
        .credentials([("userId".to_owned(), CREDENTIAL.to_owned())].into())
}
