#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod bank;
pub mod consent;
#[rustfmt::skip]
#[allow(clippy::all, unused, reason = "the output of another printer, with items that only some clients use")]
mod generated;
pub mod payments;
mod stored;
pub mod webhook;

pub use chrono;
#[doc(inline)]
pub use enablebanking_core::{
    ApiHost, BuildError, Clock, Credentials, CredentialsError, CredentialsErrorKind, GeoLocation, MissingPsuHeaders,
    PsuHeaders, PsuHeadersError, Token,
};
#[doc(inline)]
pub use enablebanking_core::{control_panel, registration};
pub use openbanking_client_runtime::code::Unlisted;
pub use openbanking_client_runtime::error::{ErrorBody, ErrorClass, ErrorKind};
pub use openbanking_client_runtime::extra::{Extra, ExtraError};
pub use openbanking_client_runtime::newtype::NotUuid;
pub use openbanking_client_runtime::observe::{Deviation, DeviationKind};
pub use openbanking_client_runtime::response::{BadRow, Meta, Pending, RateLimit, Response};
pub use openbanking_client_runtime::retry::Retry;
pub use rust_decimal;
pub use uuid;

pub use self::generated::{API_VERSION, Client, Error, SERVER, operations, types};
pub use self::stored::{StoredAccount, StoredSession};

enablebanking_core::client! {
    crate "enablebanking_client",
    host EnableBanking at "https://api.enablebanking.com",
    account types::AccountUid,
    other hashes identification_hashes,
    filters {
        date_from: chrono::NaiveDate,
        date_to: chrono::NaiveDate,
        strategy: types::TransactionsFetchStrategy,
        transaction_status: types::TransactionStatus,
    },
}

/// Compiles the code of the migration page.
#[cfg(doctest)]
#[doc = include_str!("../MIGRATION.md")]
struct Migration;
