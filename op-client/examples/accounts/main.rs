//! Lists the accounts of an end user, at a pretend bank on this machine: `cargo run -p op-client --example accounts`
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

mod bank;

use op_client::{ApplicationKey, Client, UserToken};

use bank::Bank;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bank = Bank::start().await?;

    // At the real one: your own key, and no `host`.
    let key = ApplicationKey::new(bank::KEY)?;
    let client = Client::builder(key, UserToken::new(bank::TOKEN)?).host(bank.url()).build()?;
    for account in client.accounts().await? {
        let (name, iban) = (account.account_name.unwrap_or_default(), account.iban.unwrap_or_default());
        let balance = account.balance.unwrap_or_default();
        println!("{name:<12} {iban} {balance:>10} {}", account.currency.unwrap_or_default());
    }
    Ok(())
}
