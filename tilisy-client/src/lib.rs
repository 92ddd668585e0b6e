#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

pub mod consent;
#[rustfmt::skip]
#[allow(clippy::all, unused, reason = "the output of another printer, with items that only some clients use")]
mod generated;

pub use chrono;
#[doc(inline)]
pub use enablebanking_core::registration;
#[doc(inline)]
pub use enablebanking_core::{
    ApiHost, BuildError, Clock, Credentials, CredentialsError, CredentialsErrorKind, GeoLocation, MissingPsuHeaders,
    PsuHeaders, PsuHeadersError, Token,
};
pub use openbanking_client_runtime::code::Unlisted;
pub use openbanking_client_runtime::error::{ErrorBody, ErrorClass, ErrorKind};
pub use openbanking_client_runtime::extra::{Extra, ExtraError};
pub use openbanking_client_runtime::observe::{Deviation, DeviationKind};
pub use openbanking_client_runtime::response::{BadRow, Meta, Pending, RateLimit, Response};
pub use openbanking_client_runtime::retry::Retry;
pub use rust_decimal;
pub use uuid;

pub use self::generated::{API_VERSION, Client, Error, SERVER, operations, types};

enablebanking_core::client! {
    crate "tilisy_client",
    host Tilisy at "https://api.tilisy.com",
    account uuid::Uuid,
    filters {
        date_from: chrono::NaiveDate,
        date_to: chrono::NaiveDate,
        transaction_status: types::TransactionStatus,
    },
}
