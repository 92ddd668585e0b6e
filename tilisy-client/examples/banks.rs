//! Prints the banks of a country: `cargo run -p tilisy-client --example banks -- FI`
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use tilisy_client::{ApiHost, Client, Credentials};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The application's id and key: ENABLEBANKING_APPLICATION_ID and ENABLEBANKING_PRIVATE_KEY_FILE.
    let credentials = Credentials::from_env()?;
    let client = Client::builder(credentials).host(ApiHost::EnableBanking).build()?;
    let country = std::env::args().nth(1).unwrap_or_else(|| "FI".to_owned());
    for bank in client.aspsps().country(country).await?.aspsps {
        println!("{}", bank.name);
    }
    Ok(())
}
