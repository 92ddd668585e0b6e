//! Consents of PSUs: starting an authorization, reading its result, and renewing it.

mod accounts;
mod denial;
mod link;
mod redirect;
mod state;
mod validity;

pub use self::accounts::{AccountMatches, AmbiguousAccounts, IdentifiedAccount, match_accounts};
pub use self::denial::{Denial, DenialCode};
pub use self::link::{LinkError, link};
pub use self::redirect::{AuthorizationCode, Redirect, RedirectError};
pub use self::state::{State, StateError};
pub use self::validity::{LONGEST_CONSENT, valid_until};
