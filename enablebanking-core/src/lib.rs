#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod amounts;
mod client;
pub mod consent;
pub mod control_panel;
mod credentials;
mod errors;
mod host;
mod parties;
mod psu;
pub mod registration;
pub mod transactions;

pub use openbanking_client_runtime::error::BuildError;

pub use self::credentials::{Clock, Credentials, CredentialsError, CredentialsErrorKind, Token};
pub use self::errors::class;
pub use self::host::ApiHost;
pub use self::psu::{GeoLocation, MissingPsuHeaders, PsuHeaders, PsuHeadersError};

/// Called by the macros of this crate.
#[doc(hidden)]
pub mod __private {
    pub use futures_core::Stream;
    pub use openbanking_client_runtime as runtime;
    pub use rust_decimal::Decimal;

    pub use crate::amounts::signed;
    pub use crate::client::{build, with_token};
    pub use crate::parties::display_name;
    pub use crate::psu::{has_psu, with_psu};
}
