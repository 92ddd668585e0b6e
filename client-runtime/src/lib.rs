//! The runtime of generated open-banking clients.
//!
//! The generator writes plain structs and enums and completes them with [`object!`], [`open_code!`],
//! [`closed_code!`] and [`redacted_debug!`]; [`newtype!`] defines an identifier as a type of its own. Its client holds a
//! [`request::Sender`], which sends a [`request::Request`] and returns a [`response::Response`] or an [`error::Error`].
//!
//! A call goes through these steps: `request` builds an [`HttpRequest`](context::HttpRequest), `context` adds headers and
//! credentials, `call` sends it until its retry policy says stop, `receive` decodes the response. These steps know neither
//! an HTTP library nor an async runtime; `transport` contains both.

#[doc(hidden)]
pub mod answer;
mod authorize;
mod bad_row;
mod call;
mod cause;
pub mod code;
pub mod context;
mod credentials;
pub mod decode;
pub mod encode;
pub mod error;
mod exchange;
mod explain;
pub mod extra;
mod file;
mod header;
mod meta;
pub mod newtype;
pub mod oauth2;
#[doc(hidden)]
pub mod object;
pub mod observe;
mod operation;
mod outcome;
mod pace;
mod place;
pub mod raw_json;
#[doc(hidden)]
pub mod receive;
#[doc(hidden)]
pub mod redact;
mod repair;
#[doc(hidden)]
pub mod request;
pub mod response;
pub mod retry;
mod rows;
pub mod transport;
#[doc(hidden)]
pub mod union;

pub use bytes::Bytes;

pub use self::file::File;

#[doc(hidden)]
pub mod __private {
    pub use {serde, uuid};
}
