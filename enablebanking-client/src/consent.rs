//! Consents of PSUs: starting an authorization, reading its result, and renewing it.
//!
//! ```
//! use std::time::Duration;
//!
//! use enablebanking_client::chrono::Utc;
//! use enablebanking_client::consent::{Redirect, State};
//! use enablebanking_client::types::{Access, AspspData, PsuType, StartAuthorizationRequest};
//! use enablebanking_client::{Client, StoredSession};
//!
//! # fn store_state(_: &State) {}
//! # fn store(_: &StoredSession) {}
//! # fn open(_: String) -> String { String::new() }
//! # async fn example(client: Client, bank: AspspData) -> Result<(), Box<dyn std::error::Error>> {
//! // One state for each authorization, stored where only this PSU's browser session can reach it.
//! let state = State::generate()?;
//! store_state(&state);
//!
//! // As long as the bank allows, up to 180 days.
//! let access = Access::new(bank.valid_until(Utc::now(), Duration::MAX)).balances(true).transactions(true);
//! let back = "https://app.example/back";
//! let request = StartAuthorizationRequest::new(access, bank.to_aspsp(), back, state.as_str());
//! let started = client.start_authorization(&request.psu_type(PsuType::Personal)).await?;
//!
//! // Send the PSU's browser to the link. It comes back to the redirect address.
//! let returned_to = open(started.link()?);
//! let code = Redirect::parse(&returned_to, &state)?;
//! let session = client.authorize_session(&code.into()).await?;
//!
//! // Some details of accounts are only returned here.
//! store(&StoredSession::new(&session));
//! # Ok(())
//! # }
//! ```
//!
//! A session ends at `valid_until`, or earlier if the PSU or the bank revokes it: calls then fail with an error whose
//! [`needs_new_consent`](crate::Error::needs_new_consent) is `true`. Account ids differ in the new session.
//! [`match_accounts`] finds the accounts again.

#[doc(inline)]
pub use enablebanking_core::consent::*;
