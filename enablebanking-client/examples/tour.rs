//! From a new sandbox to transactions, without any account: `cargo run -p enablebanking-client --example tour`
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use std::time::Duration;

use enablebanking_client::chrono::Utc;
use enablebanking_client::consent::{Redirect, State, valid_until};
use enablebanking_client::types::{Access, Aspsp, StartAuthorizationRequest};
use enablebanking_client::{ApiHost, Client, Credentials};
use tilisy_sandbox::{FIXED_DAY, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // For the live service, leave out the sandbox and the host, and use the id and the key of your application.
    let sandbox = Sandbox::builder().newest_day(FIXED_DAY).start().await?;
    let host = ApiHost::custom(sandbox.url(), sandbox.audience());
    let credentials = Credentials::from_pem(&sandbox.application_id().to_string(), sandbox.private_key_pem())?;
    let client = Client::builder(credentials).host(host).build()?;

    println!("Banks in Finland:");
    for bank in client.aspsps().country("FI").await?.aspsps {
        println!("  {}", bank.name);
    }

    // The PSU opens the link in a browser, logs in at the bank, approves, and comes back with a code. Here, the sandbox does
    // that for a user with one account.
    let state = State::generate()?;
    let access = Access::new(valid_until(Utc::now(), Duration::from_secs(86_400), None));
    let bank = Aspsp::new("FI", "Saimaan Pankki");
    let request = StartAuthorizationRequest::new(access, bank, "http://127.0.0.1:8080/redirect", state.as_str());
    let link = client.start_authorization(&request).await?.link()?;
    let came_back = sandbox.approve_as::<&str>(&link, "vilho", &[])?;
    let code = Redirect::parse(&came_back, &state)?;
    let session = client.authorize_session(&code.into()).await?;

    for account in &session.accounts {
        let Some(uid) = &account.uid else { continue };
        println!("\n{} ({})", account.product.as_deref().unwrap_or("Account"), account.currency);
        if let Some(balance) = client.account_balances(uid).await?.balances.first() {
            println!("  {:40} {:>12}", balance.name, balance.balance_amount.amount);
        }
        let mut rows = client.account_transactions(uid).stream();
        while let Some(row) = rows.try_next().await? {
            let amount = row.signed_amount().unwrap_or_default();
            let day = row.value_date.unwrap_or_default();
            let other = row.counterparty().unwrap_or_default();
            println!("  {day} {:4} {other:24} {amount:>12}", row.status);
        }
    }
    client.delete_session(&session.session_id).await?;
    Ok(())
}
