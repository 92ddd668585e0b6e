//! Consents of PSUs: starting an authorization, reading its result, and renewing it.
//!
//! ```
//! use std::time::Duration;
//!
//! use tilisy_client::Client;
//! use tilisy_client::chrono::Utc;
//! use tilisy_client::consent::{self, Redirect, State};
//! use tilisy_client::types::{Access, Aspsp, StartAuthorizationRequest};
//!
//! # fn store_state(_: &State) {}
//! # fn open(_: String) -> String { String::new() }
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! // One state for each authorization, stored where only this PSU's browser session can reach it.
//! let state = State::generate()?;
//! store_state(&state);
//!
//! let until = consent::valid_until(Utc::now(), Duration::from_secs(90 * 86_400), None);
//! let bank = Aspsp::new("FI", "Nordea");
//! let request = StartAuthorizationRequest::new(Access::new(until), bank, "https://app.example/back", state.as_str());
//! let started = client.start_authorization(&request).await?;
//!
//! // Send the PSU's browser to the link. It comes back to the redirect address.
//! let returned_to = open(started.link()?);
//! let code = Redirect::parse(&returned_to, &state)?;
//! let session = client.authorize_session(&code.into()).await?;
//! # Ok(())
//! # }
//! ```

#[doc(inline)]
pub use enablebanking_core::consent::*;
