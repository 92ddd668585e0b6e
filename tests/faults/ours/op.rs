//! The client of the OP sandbox API.

use op_client::{ApplicationKey, Client as Made, UserToken};
use openbanking_oracle::case::Case;

use super::Client;
use crate::canary::{SESSION, TOKEN};
use crate::clients::{Api, op};
use crate::subject::{Failure, Seen, Target};

const KEY: &str = "canary-application-key-77aa31";

/// `op-client`.
#[derive(Debug)]
pub(crate) struct Op {
    client: Made,
}

impl Client for Op {
    const API: &'static Api = &op::API;

    fn build(target: &Target) -> Self {
        let timeouts = target.timeouts;
        let (key, token) = (ApplicationKey::new(KEY).unwrap(), UserToken::new(TOKEN).unwrap());
        let mut builder = Made::builder(key, token)
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

    async fn call(&self, id: &str, case: &Case) -> Result<Result<Seen, Failure>, String> {
        op::call(&self.client, id, case).await
    }

    async fn pages(&self, _: usize) -> Result<Seen, Failure> {
        unreachable!("nothing here has pages")
    }

    fn secret() -> &'static str {
        KEY
    }
}
