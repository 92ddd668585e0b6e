//! Asking for a PSU's consent, and renewing it.
//!
//! The order of things:
//!
//! ```
//! use std::time::Duration;
//!
//! use enablebanking_client::chrono::Utc;
//! use enablebanking_client::consent::{self, Redirect, State};
//! use enablebanking_client::types::{Access, Aspsp, StartAuthorizationRequest};
//! use enablebanking_client::Client;
//!
//! # fn keep(_: &State) {}
//! # fn open(_: String) -> String { String::new() }
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! // One state for each attempt, kept where only this PSU's browser session leads to it.
//! let state = State::generate()?;
//! keep(&state);
//!
//! let until = consent::valid_until(Utc::now(), Duration::from_secs(90 * 86_400), None);
//! let bank = Aspsp::new("FI", "Nordea");
//! let request = StartAuthorizationRequest::new(Access::new(until), bank, "https://app.example/back", state.as_str());
//! let answer = client.start_authorization(&request).await?;
//!
//! // The PSU's browser goes there, and comes back to the redirect address.
//! let came_back = open(answer.link()?);
//! let code = Redirect::parse(&came_back, &state)?;
//! let session = client.authorize_session(&code.into()).await?;
//! # Ok(())
//! # }
//! ```

#[doc(inline)]
pub use enablebanking_core::consent::*;
