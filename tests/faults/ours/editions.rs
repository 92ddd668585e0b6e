//! The clients of both editions of the same service, speaking for a present PSU.

use enablebanking_core::{ApiHost, Credentials, PsuHeaders};
use openbanking_oracle::case::Case;

use super::Client;
use crate::canary::{ACCOUNT, PSU_ADDRESS};
use crate::clients::{Api, enablebanking, tilisy};
use crate::subject::{Failure, Seen, Target};

const APPLICATION: &str = "cf589be3-3755-465b-a8df-a90a16a31403";
const KEY: &str = include_str!("../../../enablebanking-core/tests/keys/rsa2048.pkcs8.pem");

/// Defines the subject of a client crate; `$generated` calls its operations by their ids.
macro_rules! edition {
    ($(#[$attribute:meta])* $name:ident, $client:ident, $generated:ident, $audience:literal) => {
        $(#[$attribute])*
        #[derive(Debug)]
        pub(crate) struct $name {
            client: $client::Client,
        }

        impl Client for $name {
            const API: &'static Api = &$generated::API;

            fn build(target: &Target) -> Self {
                let timeouts = target.timeouts;
                let mut builder = $client::Client::builder(Credentials::from_pem(APPLICATION, KEY).unwrap())
                    .host(ApiHost::custom(&target.url, $audience))
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
                Self { client: builder.build().unwrap().with_psu(psu()) }
            }

            async fn call(&self, id: &str, case: &Case) -> Result<Result<Seen, Failure>, String> {
                $generated::call(&self.client, id, case).await
            }

            async fn pages(&self, most: usize) -> Result<Seen, Failure> {
                let account = ACCOUNT.parse().unwrap();
                let mut pages = self.client.account_transactions(&account).pages().max_pages(most);
                let mut rows = Vec::new();
                while let Some(page) = pages.try_next().await.map_err(Failure::of)? {
                    rows.extend(page.transactions);
                }
                Ok(Seen::new(&rows))
            }

            fn secret() -> &'static str {
                // A line out of the middle of the key.
                KEY.lines().nth(5).unwrap()
            }
        }
    };
}

edition! {
    /// `tilisy-client`.
    Tilisy, tilisy_client, tilisy, "api.tilisy.com"
}

edition! {
    /// `enablebanking-client`.
    EnableBanking, enablebanking_client, enablebanking, "api.enablebanking.com"
}

fn psu() -> PsuHeaders {
    let psu = PsuHeaders::empty().allow_private_address().ip_address(PSU_ADDRESS.parse().unwrap());
    psu.and_then(|psu| psu.user_agent("Mozilla/5.0")).unwrap()
}
