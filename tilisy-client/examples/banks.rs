//! Prints the banks of a country: `cargo run -p tilisy-client --example banks -- FI`
#![expect(clippy::print_stdout, reason = "an example shows what it got")]

use tilisy_client::{Client, SERVER};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("TILISY_TOKEN").map_err(|_| "set TILISY_TOKEN to the application's token")?;
    let country = std::env::args().nth(1).unwrap_or_else(|| "FI".to_owned());
    let client = Client::with_token(SERVER, &token)?;
    for bank in client.aspsps().country(country).await?.aspsps {
        println!("{}", bank.name);
    }
    Ok(())
}
