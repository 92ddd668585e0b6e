//! A pretend bank that speaks the API of Enable Banking, for tests on one machine.
//!
//! [`Sandbox::builder`] starts one on a free port of the loopback interface, with an application, its key, banks, users,
//! accounts, and up to a million transactions in an account. It stops when it is dropped. It verifies tokens, moves sessions
//! and payments through their statuses, shows the pages of the bank, and refuses the requests that the service refuses.
//! Tests add users, accounts and transactions of their own, move the clock, and approve as any user.
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

mod agreement;
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
mod logins;
mod names;
mod oddities;
mod operations;
mod own;
mod page;
mod paging;
mod panel;
mod path;
mod pay;
mod payments;
mod psu;
mod quirk;
mod random;
mod refusal;
mod rehearsal;
mod respond;
mod sandbox;
mod scenario;
mod server;
mod service;
mod settlement;
mod state;
mod token;
mod tokens;
mod visit;
mod webhooks;

pub use builder::{Builder, FIXED_DAY};
pub use chrono;
pub use clock::Clock;
pub use edition::Edition;
pub use error::{AddError, ApproveError, DataError, NoConsent, StartError, UnknownName};
pub use own::{Account, Bank, NewAccount, NewBank, NewTransaction, NewUser, User};
pub use rehearsal::{NoReply, Received, Reply};
pub use sandbox::Sandbox;
pub use uuid;
