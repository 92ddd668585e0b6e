//! Asks for a PSU's consent and stores the session:
//! `cargo run -p enablebanking-client --example consent -- FI Nordea session.json`
//!
//! Set `ENABLEBANKING_APPLICATION_ID` and `ENABLEBANKING_PRIVATE_KEY_FILE` first. The example uses the first redirect
//! address of the application. It does not have to be reachable: copy the address from the browser and paste it.
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use std::fs;
use std::io::{Write as _, stdin, stdout};
use std::time::Duration;

use enablebanking_client::chrono::Utc;
use enablebanking_client::consent::{Redirect, RedirectError, State};
use enablebanking_client::types::{Access, StartAuthorizationRequest};
use enablebanking_client::{Client, Credentials, StoredSession};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(Credentials::from_env()?).build()?;
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [country, name, file] = arguments.as_slice() else {
        return Err("usage: consent COUNTRY BANK FILE, for example: consent FI Nordea session.json".into());
    };

    let banks = client.aspsps().country(country).await?.aspsps;
    let Some(bank) = banks.iter().find(|bank| bank.name == *name) else {
        let names: Vec<_> = banks.iter().map(|bank| bank.name.as_str()).collect();
        return Err(format!("no bank has this name; there are: {}", names.join(", ")).into());
    };
    let application = client.application().await?;
    let back = application.redirect_urls.first().ok_or("the application has no redirect address")?;

    let state = State::generate()?;
    let until = bank.valid_until(Utc::now(), Duration::from_secs(180 * 86_400));
    let access = Access::new(until).balances(true).transactions(true);
    let request = StartAuthorizationRequest::new(access, bank.to_aspsp(), back, state.as_str());
    println!("Open this address in a browser:\n{}", client.start_authorization(&request).await?.link()?);

    print!("Paste the address to which the browser returned: ");
    stdout().flush()?;
    let mut came_back = String::new();
    stdin().read_line(&mut came_back)?;
    let code = match Redirect::parse(&came_back, &state) {
        Ok(code) => code,
        Err(RedirectError::Denied(denial)) => {
            // The description is text of the bank: escape it before you show it on a web page.
            println!("Not authorized: {}", denial.description().unwrap_or("no reason given"));
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };

    // Some details of accounts are only in this response, so store all of it.
    let session = StoredSession::new(&client.authorize_session(&code.into()).await?);
    fs::write(file, serde_json::to_string_pretty(&session)?)?;
    println!("{} accounts until {}, stored in {file}", session.accounts.len(), session.valid_until.date_naive());
    Ok(())
}
