//! The client that progenitor alone makes, set up as its users set it up.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use openbanking_baseline::types::{
    Access, Aspsp, AuthorizeSessionRequest, ErrorResponse, HalTransactions, StartAuthorizationRequest,
};
use openbanking_baseline::{Client, Error, ResponseValue};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use uuid::Uuid;

use crate::canary::{ACCOUNT, CODE, CONTINUATION_KEY, CREDENTIAL, PSU_ADDRESS, SESSION, STATE, TOKEN};
use crate::checks::Expected;
use crate::clients::{Api, tilisy};
use crate::subject::{Failure, Operation, Seen, Subject, Target};
use crate::table::{Fault, Load};

/// What `tests/baseline` holds.
#[derive(Debug)]
pub(crate) struct Bare {
    client: Client,
}

impl Subject for Bare {
    const API: &'static Api = &tilisy::API;

    fn build(target: &Target) -> Self {
        let mut token = HeaderValue::try_from(format!("Bearer {TOKEN}")).unwrap();
        token.set_sensitive(true);
        let roots = target.root.map(|pem| reqwest::Certificate::from_pem(pem.as_bytes()).unwrap());
        let mut builder = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, token)]))
            // The tests stay on this machine.
            .no_proxy()
            .tls_certs_only(roots)
            .connect_timeout(target.timeouts.connect)
            .timeout(target.timeouts.attempt);
        if let Some(resolver) = &target.resolver {
            builder = builder.dns_resolver(Arc::new(resolver.clone()));
        }
        Self { client: Client::new_with_client(&target.url, builder.build().unwrap()) }
    }

    async fn call(&self, operation: Operation) -> Result<Seen, Failure> {
        let client = &self.client;
        let (psu, agent) = (Some(PSU_ADDRESS), Some("Mozilla/5.0"));
        let (account, session) = (id(ACCOUNT), id(SESSION));
        match operation.id() {
            "startAuthorization" => seen(client.start_authorization(&authorization()).await),
            "authorizeSession" => {
                seen(client.authorize_session(&AuthorizeSessionRequest { code: CODE.to_owned() }).await)
            }
            "session" => seen(client.session(&session).await),
            "deleteSession" => {
                seen(client.delete_session(&session, None, None, None, None, None, psu, None, agent).await)
            }
            "accountBalances" => {
                seen(client.account_balances(&account, None, None, None, None, None, psu, None, agent).await)
            }
            "accountTransactions" => seen(self.page(Some(CONTINUATION_KEY)).await),
            "application" => seen(client.application().await),
            "aspsps" => seen(client.aspsps(Some("FI"), None).await),
            _ => unreachable!("`tests/baseline` does not have {operation:?}"),
        }
    }

    // It has no paging of its own: this is the loop that its users write.
    async fn pages(&self, most: usize) -> Result<Seen, Failure> {
        let mut key = None;
        let mut rows = Vec::new();
        for _ in 0..most {
            let page = self.page(key.as_deref()).await.map_err(failure)?.into_inner();
            rows.extend(page.transactions);
            key = page.continuation_key;
            if key.is_none() {
                break;
            }
        }
        Ok(Seen::new(&rows))
    }

    fn expected(fault: &Fault, _: Operation) -> Expected {
        let within = if fault.load == Load::Light { Expected::any().within } else { Duration::from_secs(40) };
        Expected { within, ..Expected::any() }
    }
}

impl Bare {
    async fn page(&self, key: Option<&str>) -> Result<ResponseValue<HalTransactions>, Error<ErrorResponse>> {
        let (psu, agent) = (Some(PSU_ADDRESS), Some("Mozilla/5.0"));
        let account = id(ACCOUNT);
        self.client
            .account_transactions(&account, key, None, None, None, None, None, None, None, None, psu, None, agent)
            .await
    }
}

fn id(text: &str) -> Uuid {
    text.parse().unwrap()
}

fn authorization() -> StartAuthorizationRequest {
    StartAuthorizationRequest {
        access: Access {
            accounts: Vec::new(),
            balances: None,
            transactions: None,
            valid_until: chrono::Utc::now() + chrono::TimeDelta::days(1),
        },
        aspsp: Aspsp { country: "FI".to_owned(), name: "Nordea".to_owned() },
        auth_method: None,
        credentials: [("userId".to_owned(), CREDENTIAL.to_owned())].into(),
        credentials_autosubmit: None,
        psu_type: None,
        redirect_url: "https://shop.example/back".to_owned(),
        state: STATE.to_owned(),
    }
}

fn seen<T, E>(answer: Result<ResponseValue<T>, Error<E>>) -> Result<Seen, Failure>
where
    T: serde::Serialize,
    E: Debug + Send + 'static,
{
    answer.map(|answer| Seen::new(&*answer)).map_err(failure)
}

fn failure<E: Debug + Send + 'static>(error: Error<E>) -> Failure {
    let class = match &error {
        Error::InvalidRequest(_) => "InvalidRequest",
        Error::CommunicationError(_) => "CommunicationError",
        Error::InvalidUpgrade(_) => "InvalidUpgrade",
        Error::ErrorResponse(_) => "ErrorResponse",
        Error::ResponseBodyError(_) => "ResponseBodyError",
        Error::InvalidResponsePayload(..) => "InvalidResponsePayload",
        Error::UnexpectedResponse(_) => "UnexpectedResponse",
        Error::Custom(_) => "Custom",
    };
    Failure {
        class: class.to_owned(),
        status: error.status().map(|status| status.as_u16()),
        retryable: error.is_retryable(),
        attempts: None,
        error: Box::new(error),
    }
}
