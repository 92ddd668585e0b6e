//! What each kind of error asks for: `cargo run -p tilisy-client --example errors`
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use tilisy_client::{ApiHost, Client, Credentials, Error, ErrorClass};
use tilisy_sandbox::{Edition, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().edition(Edition::Document2020).start().await?;
    let credentials = Credentials::from_pem(&sandbox.application_id().to_string(), sandbox.private_key_pem())?;
    let client = Client::builder(credentials).host(ApiHost::custom(sandbox.url(), sandbox.audience())).build()?;
    if let Err(error) = client.aspsps().country("Finland").await {
        println!("a country that is none: {}", what_to_do(&error));
    }
    let session = sandbox.application_id(); // A UUID, and no session's.
    if let Err(error) = client.session(&session).await {
        println!("a session that is none: {}", what_to_do(&error));
    }
    sandbox.set_scenario(Some("UNAUTHORIZED_ACCESS"))?;
    if let Err(error) = client.application().await {
        println!("a token that is refused: {}", what_to_do(&error));
    }
    Ok(())
}

/// The classes tell apart what an application does next.
fn what_to_do(error: &Error) -> String {
    match error.class() {
        ErrorClass::Auth => "look at key, clock and application".to_owned(),
        ErrorClass::Consent => "send the PSU to the bank again".to_owned(),
        ErrorClass::RateLimit => format!("wait {:?}", error.retry_after()),
        ErrorClass::Transient if error.is_retryable() => "try again in a moment".to_owned(),
        ErrorClass::Bank => "the bank failed: try again in minutes, not in seconds".to_owned(),
        ErrorClass::Request => format!("mend the request: {}", error.message().unwrap_or("no reason given")),
        _ => error.to_string(),
    }
}
