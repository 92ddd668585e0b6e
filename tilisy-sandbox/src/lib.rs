//! A pretend bank that speaks the Tilisy account information API, for tests and trials on one machine.
//!
//! [`Sandbox::builder`] starts one on a free port of the loopback interface, with an application, its key, banks, users,
//! accounts and up to a million transactions an account; it stops when it is dropped. It checks tokens for real, walks
//! sessions through their states, shows a consent page, and refuses what the service would refuse.
//!
//! ```no_run
//! # async fn example() -> Result<(), tilisy_sandbox::StartError> {
//! let sandbox = tilisy_sandbox::Sandbox::builder().auto_approve(true).start().await?;
//! println!("{} {}", sandbox.url(), sandbox.application_id());
//! # Ok(())
//! # }
//! ```

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod body;
mod builder;
mod call;
mod clock;
mod consent;
mod control;
mod data;
mod edition;
mod error;
mod key;
mod log;
mod names;
mod oddities;
mod operations;
mod own;
mod page;
mod paging;
mod panel;
mod pay;
mod payments;
mod psu;
mod quirk;
mod random;
mod refusal;
mod rehearsal;
mod respond;
mod scenario;
mod server;
mod service;
mod settlement;
mod state;
mod token;
mod webhooks;

pub use builder::{Builder, FIXED_DAY, Sandbox};
pub use chrono;
pub use clock::Clock;
pub use edition::Edition;
pub use error::{AddError, ApproveError, DataError, NoConsent, StartError, UnknownName};
pub use own::{Account, Bank, NewAccount, NewBank, NewTransaction, NewUser, User};
pub use rehearsal::{NoReply, Received, Reply};
pub use uuid;
