//! A sandbox that lasts as long as the command.

use std::net::TcpListener;
use std::time::Duration;

use enablebanking_client::Client;
use enablebanking_client::chrono::NaiveDate;
use enablebanking_client::consent::{Redirect, State, valid_until};
use enablebanking_client::types::{Access, Aspsp, StartAuthorizationRequest};
use tempfile::TempDir;
use tilisy_sandbox::Sandbox;

use crate::disk::Directories;
use crate::failure::{Exit, Failure};
use crate::stored::Session;

/// A sandbox, and the directories of its profile.
pub(crate) struct OwnSandbox {
    pub(crate) sandbox: Sandbox,
    /// Listens at the redirect address.
    pub(crate) listener: Option<TcpListener>,
    pub(crate) redirect_url: String,
    pub(crate) directories: Directories,
    _folder: TempDir,
}

impl OwnSandbox {
    /// Starts a sandbox whose data ends on `newest_day`, or else today.
    pub(super) async fn start(newest_day: Option<NaiveDate>) -> Result<Self, Failure> {
        let cannot = |error: &dyn std::error::Error| {
            Failure::new(Exit::Other, format!("the sandbox cannot be started: {error}"))
        };
        let folder = TempDir::new().map_err(|error| cannot(&error))?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| cannot(&error))?;
        let address = listener.local_addr().map_err(|error| cannot(&error))?;
        let redirect_url = format!("http://{address}/redirect");
        let mut builder = Sandbox::builder().redirect_url(&redirect_url);
        if let Some(day) = newest_day {
            builder = builder.newest_day(day);
        }
        let sandbox = builder.start().await.map_err(|error| cannot(&error))?;
        let directories = Directories::within(folder.path());
        Ok(Self { sandbox, listener: Some(listener), redirect_url, directories, _folder: folder })
    }
}

/// Asks for the consent of the first user of the sandbox, who agrees.
pub(crate) async fn consented(client: &Client, sandbox: &Sandbox, redirect_url: &str) -> Result<Session, Failure> {
    let odd = |_| Failure::new(Exit::Other, "the sandbox does not approve the consent");
    let state = State::generate().map_err(|error| Failure::new(Exit::Other, error.to_string()))?;
    let until = valid_until(sandbox.clock().now(), Duration::from_secs(90 * 86_400), None);
    let bank = Aspsp::new("FI", "Saimaan Pankki");
    let request = StartAuthorizationRequest::new(Access::new(until), bank, redirect_url, state.as_str());
    let link = client.start_authorization(&request).await?.link();
    let link = link.map_err(|error| Failure::new(Exit::Other, error.to_string()))?;
    let code = Redirect::parse(&sandbox.approve(&link).map_err(odd)?, &state)?;
    Ok(Session::new(&client.authorize_session(&code.into()).await?, sandbox.application_id()))
}
