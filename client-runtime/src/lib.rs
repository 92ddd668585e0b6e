//! What a generated open-banking client needs at run time, and nothing about any one bank.
//!
//! The generator writes plain structs and enums and completes them with [`object!`], [`open_code!`],
//! [`closed_code!`] and [`redacted_debug!`]. Its client holds a [`request::Sender`], which sends a [`request::Request`] and
//! returns a [`response::Response`] or an [`error::Error`].

mod call;
pub mod code;
pub mod context;
pub mod decode;
pub mod encode;
pub mod error;
#[doc(hidden)]
pub mod object;
#[doc(hidden)]
pub mod receive;
#[doc(hidden)]
pub mod redact;
#[doc(hidden)]
pub mod request;
pub mod response;
pub mod retry;
pub mod transport;

#[doc(hidden)]
pub mod __private {
    pub use serde;
}
