//! Writes the transactions of an account as CSV: `cargo run -p tilisy-client --example export > transactions.csv`
//!
//! Amounts are written digit for digit, with the sign that the direction gives them. The file is whole or the program
//! ends with an error: a history that broke off must not look complete.

use std::io;
use std::time::Duration;

use tilisy_client::chrono::Utc;
use tilisy_client::consent::{Redirect, State, valid_until};
use tilisy_client::types::{Access, Aspsp, StartAuthorizationRequest, Transaction};
use tilisy_client::{ApiHost, Client, Credentials};
use tilisy_sandbox::{Edition, FIXED_DAY, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().edition(Edition::Document2020).newest_day(FIXED_DAY).start().await?;
    let credentials = Credentials::from_pem(&sandbox.application_id().to_string(), sandbox.private_key_pem())?;
    let client = Client::builder(credentials).host(ApiHost::custom(sandbox.url(), sandbox.audience())).build()?;
    let state = State::generate()?;
    let access = Access::new(valid_until(Utc::now(), Duration::from_secs(86_400), None));
    let bank = Aspsp::new("FI", "Saimaan Pankki");
    let request = StartAuthorizationRequest::new(access, bank, "http://127.0.0.1:8080/redirect", state.as_str());
    let link = client.start_authorization(&request).await?.link()?;
    let code = Redirect::parse(&sandbox.approve(&link)?, &state)?;
    let session = client.authorize_session(&code.into()).await?;
    let account = session.accounts.first().and_then(|account| account.uid).ok_or("no account")?;

    let mut file = csv::Writer::from_writer(io::stdout().lock());
    file.write_record(["date", "status", "amount", "currency", "party", "reference", "information"])?;
    let mut rows = client.account_transactions(&account).stream();
    while let Some(row) = rows.try_next().await? {
        file.write_record(record(row))?;
    }
    file.flush()?;
    Ok(())
}

fn record(row: Transaction) -> [String; 7] {
    let amount = row.signed_amount().unwrap_or(row.transaction_amount.amount);
    let day = row.booking_date.or(row.value_date).map(|day| day.to_string());
    let party = row.counterparty().unwrap_or_default().to_owned();
    [
        day.unwrap_or_default(),
        row.status.to_string(),
        amount.to_string(),
        row.transaction_amount.currency,
        party,
        row.entry_reference.unwrap_or_default(),
        row.remittance_information.join(" "),
    ]
}
