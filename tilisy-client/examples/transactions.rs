//! Prints the transactions of an account: `cargo run -p tilisy-client --example transactions -- UID`
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials, Error};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let account: Uuid = std::env::args().nth(1).ok_or("give the account's uid, as the session lists it")?.parse()?;
    let client = Client::builder(Credentials::from_env()?).host(ApiHost::EnableBanking).build()?;
    match print(&client, &account).await {
        Err(error) if error.needs_new_consent() => println!("the consent is over: authorize again"),
        Err(error) if error.is_rate_limited() => println!("too often: wait {:?}", error.retry_after()),
        outcome => outcome?,
    }
    Ok(())
}

async fn print(client: &Client, account: &Uuid) -> Result<(), Error> {
    let mut rows = client.account_transactions(account).stream();
    while let Some(row) = rows.try_next().await? {
        let amount = row.signed_amount().unwrap_or(row.transaction_amount.amount);
        println!("{:?} {amount} {}", row.booking_date, row.transaction_amount.currency);
    }
    Ok(())
}
