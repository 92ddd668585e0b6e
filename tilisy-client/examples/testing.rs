//! Testing your own code with the sandbox: `cargo run -p tilisy-client --example testing`
//!
//! In a crate of your own, `main` is a `#[tokio::test]`, and `tilisy-sandbox` a dependency for development.
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use std::time::Duration;

use tilisy_client::chrono::{TimeDelta, Utc};
use tilisy_client::consent::{Redirect, State, valid_until};
use tilisy_client::types::{Access, Aspsp, StartAuthorizationRequest};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials, Error};
use tilisy_sandbox::{Clock, Edition, FIXED_DAY, Sandbox};

/// The code under test: how many transactions an account has, or that the PSU has to agree again.
async fn count(client: &Client, account: &Uuid) -> Result<Option<usize>, Error> {
    let mut rows = client.account_transactions(account).stream();
    let mut count = 0;
    loop {
        match rows.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => return Ok(Some(count)),
            Err(error) if error.needs_new_consent() => return Ok(None),
            Err(error) => return Err(error),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock = Clock::default();
    let sandbox =
        Sandbox::builder().edition(Edition::Document2020).newest_day(FIXED_DAY).clock(clock.clone()).start().await?;
    let credentials = Credentials::from_pem(&sandbox.application_id().to_string(), sandbox.private_key_pem())?;
    let client = Client::builder(credentials).host(ApiHost::custom(sandbox.url(), sandbox.audience())).build()?;
    let account = authorized(&sandbox, &client).await?;

    assert_eq!(count(&client, &account).await?, Some(1000));
    // Half an hour later, the consent still holds; then it is over.
    clock.advance(TimeDelta::minutes(30));
    assert_eq!(count(&client, &account).await?, Some(1000));
    sandbox.set_scenario(Some("EXPIRED_SESSION"))?;
    assert_eq!(count(&client, &account).await?, None);
    println!("all is well");
    Ok(())
}

/// The first account of a consent that was just given.
async fn authorized(sandbox: &Sandbox, client: &Client) -> Result<Uuid, Box<dyn std::error::Error>> {
    let state = State::generate()?;
    let access = Access::new(valid_until(Utc::now(), Duration::from_secs(86_400), None));
    let bank = Aspsp::new("NO", "Fjordbanken");
    let request = StartAuthorizationRequest::new(access, bank, "http://127.0.0.1:8080/redirect", state.as_str());
    let link = client.start_authorization(&request).await?.link()?;
    let code = Redirect::parse(&sandbox.approve(&link)?, &state)?;
    let session = client.authorize_session(&code.into()).await?;
    Ok(session.accounts.first().and_then(|account| account.uid).ok_or("no account")?)
}
