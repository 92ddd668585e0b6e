//! Every type and operation of our clients by name, and the results of their calls.
//!
//! The source that names them is generated, so that a new client or operation needs no line here.
#![allow(dead_code, reason = "each test program uses a part of it")]

mod connect;
#[rustfmt::skip]
#[allow(unused_imports, reason = "some clients have no parameters of a kind")]
mod generated;
mod seen;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use self::generated::*;
pub(crate) use self::seen::{Failure, Seen};

/// A client of ours.
#[derive(Debug)]
pub(crate) struct Api {
    /// The name of its target, and of the folder with its samples.
    pub(crate) name: &'static str,
    pub(crate) codecs: &'static [Codec],
    pub(crate) operations: &'static [Operation],
}

/// An operation of a client.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The `operationId`.
    pub(crate) id: &'static str,
    /// The name of the method.
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    /// The path template.
    pub(crate) path: &'static str,
    pub(crate) takes_psu: bool,
    pub(crate) single_use: bool,
}

/// A generated type, for tests that only know its name.
#[derive(Debug)]
pub(crate) struct Codec {
    pub(crate) name: &'static str,
    /// Decodes and encodes again, or returns the path at which decoding failed.
    pub(crate) recode: fn(&str) -> Result<Value, String>,
    /// Decodes and prints for debugging, in both forms. Returns `None` if the text cannot be decoded.
    pub(crate) debug: fn(&str) -> Option<String>,
}

impl Api {
    /// Returns the type of this Rust name.
    pub(crate) fn codec(&self, name: &str) -> &'static Codec {
        self.codecs.iter().find(|codec| codec.name == name).expect(name)
    }

    /// Returns the folder of its samples, if it has any.
    pub(crate) fn samples(&self) -> Option<std::path::PathBuf> {
        let folder = xtask::workspace().unwrap().join("spec/examples").join(self.name);
        folder.is_dir().then_some(folder)
    }
}

/// Returns the clients whose specs have samples.
pub(crate) fn with_samples() -> impl Iterator<Item = &'static Api> {
    APIS.iter().copied().filter(|api| api.samples().is_some())
}

/// Returns the codec of a generated type.
pub(crate) const fn codec<T: DeserializeOwned + Serialize + std::fmt::Debug>(name: &'static str) -> Codec {
    Codec { name, recode: recode::<T>, debug: debug::<T> }
}

fn recode<T: DeserializeOwned + Serialize>(json: &str) -> Result<Value, String> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value: T = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| error.path().to_string())?;
    Ok(serde_json::to_value(value).expect("a value that was decoded can be encoded"))
}

fn debug<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> Option<String> {
    let value: T = serde_json::from_str(json).ok()?;
    Some(format!("{value:?}\n{value:#?}"))
}
