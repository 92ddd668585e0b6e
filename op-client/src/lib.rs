#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod builder;
mod caller;
mod errors;
#[rustfmt::skip]
#[allow(clippy::all, unused, reason = "the output of another printer, with items that only some clients use")]
mod generated;

pub use chrono;
pub use openbanking_client_runtime::code::Unlisted;
pub use openbanking_client_runtime::error::{BuildError, ErrorBody, ErrorClass, ErrorKind};
pub use openbanking_client_runtime::extra::{Extra, ExtraError};
pub use openbanking_client_runtime::observe::{Deviation, DeviationKind};
pub use openbanking_client_runtime::response::{BadRow, Meta, Pending, RateLimit, Response};
pub use openbanking_client_runtime::retry::Retry;
pub use rust_decimal;
pub use uuid;

pub use self::builder::ClientBuilder;
pub use self::caller::{ApplicationKey, InvalidHeader, UserToken};
pub use self::errors::Descriptor;
pub use self::generated::{API_VERSION, Client, Error, SERVER, operations, types};

/// The `User-Agent` of every request.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
