//! Sends a PSU to the bank and catches the way back: `cargo run -p tilisy-client --example browser`
//!
//! The bank is the sandbox; open the link in a browser, and log in as `aino` with `revontulet` and `123456`.
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use std::time::Duration;

use tilisy_client::chrono::Utc;
use tilisy_client::consent::{AuthorizationCode, Redirect, RedirectError, State, valid_until};
use tilisy_client::types::{Access, Aspsp, StartAuthorizationRequest};
use tilisy_client::{ApiHost, Client, Credentials};
use tilisy_sandbox::{Edition, Sandbox};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Where the PSU comes back to must be registered for the application, letter for letter.
    let catcher = TcpListener::bind("127.0.0.1:0").await?;
    let redirect_url = format!("http://{}/redirect", catcher.local_addr()?);
    let sandbox = Sandbox::builder().edition(Edition::Document2020).redirect_url(&redirect_url).start().await?;
    let credentials = Credentials::from_pem(&sandbox.application_id().to_string(), sandbox.private_key_pem())?;
    let client = Client::builder(credentials).host(ApiHost::custom(sandbox.url(), sandbox.audience())).build()?;

    let state = State::generate()?;
    let access = Access::new(valid_until(Utc::now(), Duration::from_secs(90 * 86_400), None));
    let bank = Aspsp::new("FI", "Saimaan Pankki");
    let request = StartAuthorizationRequest::new(access, bank, redirect_url, state.as_str());
    println!("open {}", client.start_authorization(&request).await?.link()?);

    match came_back(&catcher, &state).await? {
        Ok(code) => {
            let session = client.authorize_session(&code.into()).await?;
            println!("{} accounts until the consent ends", session.accounts.len());
            client.delete_session(&session.session_id).await?;
        }
        Err(RedirectError::Denied(denial)) => println!("denied: {}", denial.description().unwrap_or("no reason given")),
        Err(error) => println!("this is not the answer to our request: {error}"),
    }
    Ok(())
}

/// Waits for the browser to come back, and tells the PSU to go on in the application.
async fn came_back(catcher: &TcpListener, state: &State) -> std::io::Result<Result<AuthorizationCode, RedirectError>> {
    loop {
        let (mut stream, _) = catcher.accept().await?;
        let mut line = String::new();
        BufReader::new(&mut stream).read_line(&mut line).await?;
        let target = line.split(' ').nth(1).unwrap_or_default();
        let (status, page) = match target.starts_with("/redirect?") {
            true => ("200 OK", "You can close this window."),
            // Browsers ask for an icon as well.
            false => ("404 Not Found", ""),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            page.len()
        );
        stream.write_all(format!("{head}{page}").as_bytes()).await?;
        if !page.is_empty() {
            return Ok(Redirect::parse(target, state));
        }
    }
}
