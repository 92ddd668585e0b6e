//! The values that both clients send in one call.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::de::DeserializeOwned;

use crate::theirs::Location;

/// The values of one call by the part of the request and the name on the wire, each as JSON text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Case {
    /// The name of the case, which is unique for an operation.
    pub name: String,
    /// The values.
    pub values: BTreeMap<(Location, String), String>,
}

impl Case {
    /// Returns the value of a parameter that every call has, as a client's method takes it.
    ///
    /// # Errors
    ///
    /// Returns a message if the value is missing or isn't a `T`.
    pub fn value<T: DeserializeOwned>(&self, location: Location, name: &str) -> Result<T, String> {
        self.maybe(location, name)?.ok_or_else(|| format!("there is no value for `{name}`"))
    }

    /// Returns the value of a parameter if this case has one.
    ///
    /// # Errors
    ///
    /// Returns a message if it is not a `T`.
    pub fn maybe<T: DeserializeOwned>(&self, location: Location, name: &str) -> Result<Option<T>, String> {
        let Some(json) = self.json(location, name) else { return Ok(None) };
        serde_json::from_str(json).map(Some).map_err(|error| format!("`{name}` cannot be {json}: {error}"))
    }

    /// Returns the text of a parameter that every call has.
    ///
    /// # Errors
    ///
    /// Returns a message if the value is missing.
    pub fn text(&self, location: Location, name: &str) -> Result<String, String> {
        self.maybe_text(location, name).ok_or_else(|| format!("there is no value for `{name}`"))
    }

    /// Returns the text of a parameter if this case has a value for it: a number is written as in JSON.
    pub fn maybe_text(&self, location: Location, name: &str) -> Option<String> {
        let json = self.json(location, name)?;
        Some(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned()))
    }

    fn json(&self, location: Location, name: &str) -> Option<&str> {
        self.values.get(&(location, name.to_owned())).map(String::as_str)
    }
}

/// Turns the outcome of a call into a message if it failed. The responses of the test's server are not the subject.
///
/// # Errors
///
/// Returns the error as text.
pub fn outcome<T, E: Display>(result: Result<T, E>) -> Result<(), String> {
    result.map(drop).map_err(|error| error.to_string())
}
