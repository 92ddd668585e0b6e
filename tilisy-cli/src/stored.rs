//! The files of a profile, in formats of their own.
//!
//! The formats are independent of the generated types, so that a new edition of the API does not change them. Each has a
//! version: earlier versions are read, later ones are refused by their number.

mod calls;
mod exports;
mod login;
mod profile;
mod sandbox;
mod session;
mod version;

pub(crate) use self::calls::Calls;
pub(crate) use self::exports::Exports;
pub(crate) use self::login::Login;
pub(crate) use self::profile::Profile;
pub(crate) use self::sandbox::RunningSandbox;
pub(crate) use self::session::{Account, Bank, Condition, Session};
pub(crate) use self::version::of_json as json_version;
