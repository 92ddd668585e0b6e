//! Prints the application and the banks of a country: `cargo run -p enablebanking-client --example quickstart -- FI`
//!
//! Set `ENABLEBANKING_APPLICATION_ID` and `ENABLEBANKING_PRIVATE_KEY_FILE` first.
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use enablebanking_client::{Client, Credentials};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(Credentials::from_env()?).build()?;

    let application = client.application().await?;
    println!("{} ({})", application.name, application.environment);

    let country = std::env::args().nth(1).unwrap_or_else(|| "FI".to_owned());
    for bank in client.aspsps().country(country).await?.aspsps {
        println!("{}: consents of up to {} days", bank.name, bank.maximum_consent_validity / 86_400);
    }
    Ok(())
}
