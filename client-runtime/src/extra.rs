//! Properties that the API description does not list.

mod raw;
mod texts;

use std::fmt;

use serde::de::MapAccess;
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;

pub(crate) use self::raw::json_text;
use self::raw::{RawSeed, push_json};
use self::texts::Texts;
use crate::decode::Decode;
use crate::explain::explained;
use crate::object::Rest;
use crate::redact::Hidden;

/// The properties of an object that the API description does not list, as JSON text that is parsed on access.
///
/// `extra()` of a generated type returns them. They are written again with the object, and `Debug` shows only how many
/// there are. Values are kept as they came, digit for digit; whitespace in a value is dropped if it has line breaks.
///
/// ```
/// use openbanking_client_runtime::extra::Extra;
///
/// #[derive(Clone, PartialEq)]
/// pub struct Account {
///     pub currency: String,
///     extra_: Extra,
/// }
/// openbanking_client_runtime::object! {
///     Account {
///         currency: "currency" => required,
///         ..extra_
///     }
/// }
/// openbanking_client_runtime::redacted_debug!(Account { currency: shown, ..extra_ });
///
/// let json = r#"{"currency":"EUR","tier":3,"limits":{"daily":500.00}}"#;
/// let account: Account = serde_json::from_str(json)?;
/// assert_eq!(account.extra_.get("tier")?, Some(3));
/// assert_eq!(account.extra_.raw("limits"), Some(r#"{"daily":500.00}"#));
/// assert_eq!(account.extra_.get::<bool>("currency")?, None);
/// assert_eq!(serde_json::to_string(&account)?, json);
/// assert_eq!(format!("{account:?}"), r#"Account { currency: "EUR", extra: [2 redacted] }"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Repeated names
///
/// A response may have the same unlisted name twice. Both values are kept and written again; [`get`](Self::get) and
/// [`raw`](Self::raw) return the last one, as most JSON parsers do.
///
/// # Other formats
///
/// Values that do not come as JSON text, such as those of a [`serde_json::Value`], are kept as the JSON text that they
/// make. Only JSON can be written with such properties. [`serde_json::to_value`] has to parse them, and returns an error
/// for values that it cannot hold: nested more than 127 levels deep, or numbers that are too large for an `f64`.
#[derive(Clone, Default)]
#[doc(alias = "additional properties")]
#[doc(alias = "unknown fields")]
pub struct Extra(Option<Box<Kept>>);

/// Names and values by turns.
#[derive(Clone, Default)]
struct Kept {
    count: usize,
    texts: Texts,
}

impl Extra {
    /// Creates a value without properties, which allocates nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Returns whether there are no properties.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the number of properties.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |kept| kept.count)
    }

    /// Parses the value of a property; `None` if there is no such property.
    ///
    /// This looks at each name; [`iter`](Self::iter) is faster where many values are needed.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not have the type `T`. `null` is a value as well, which `Option<T>` accepts.
    pub fn get<'a, T: Deserialize<'a>>(&'a self, name: &str) -> Result<Option<T>, ExtraError> {
        let Some(json) = self.raw(name) else { return Ok(None) };
        serde_json::from_str(json).map(Some).map_err(|error| ExtraError::unreadable(&error))
    }

    /// Returns the JSON text of a property.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.iter().filter(|(other, _)| *other == name).last().map(|(_, json)| json)
    }

    /// Iterates over the names and the JSON texts of all properties, in the order of the response.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut texts = self.0.iter().flat_map(|kept| kept.texts.iter());
        std::iter::from_fn(move || Some((texts.next()?, texts.next()?)))
    }

    /// Sets a property that the type `T` does not list; an earlier value of the same name is replaced.
    ///
    /// # Errors
    ///
    /// Returns an error if `T` lists the name, or if the value cannot be written as JSON.
    #[doc(hidden)]
    pub fn set<T: for<'de> Decode<'de>>(
        &mut self,
        name: &str,
        value: &(impl Serialize + ?Sized),
    ) -> Result<(), ExtraError> {
        let listed = <T as Decode<'_>>::KEYS.unwrap_or_default();
        if let Some(listed) = listed.iter().find(|listed| **listed == name) {
            return Err(ExtraError(Problem::Listed(listed)));
        }
        // The message of serde_json may quote a value.
        let json = serde_json::to_string(value).map_err(|_| ExtraError(Problem::Unwritable))?;
        if self.raw(name).is_some() {
            let mut others = Self::new();
            self.iter().filter(|(other, _)| *other != name).for_each(|(other, json)| others.push(other, json));
            *self = others;
        }
        self.push(name, &json);
        Ok(())
    }

    /// The properties by name, those of the same name in their order.
    fn sorted(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<_> = self.iter().collect();
        all.sort_by_key(|(name, _)| *name);
        all
    }

    fn push(&mut self, name: &str, json: &str) {
        let kept = self.0.get_or_insert_default();
        kept.texts.push(name);
        push_json(&mut kept.texts, json);
        kept.count += 1;
    }
}

/// Equal if both have the same names with the same texts, in any order.
impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && (self.iter().eq(other.iter()) || self.sorted() == other.sorted())
    }
}

impl Eq for Extra {}

/// Shows the number of properties: even a name may be personal.
impl fmt::Debug for Extra {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hidden::Many(self.len()).fmt(formatter)
    }
}

impl Rest for Extra {
    #[cold]
    fn name(&mut self, name: &str) {
        self.0.get_or_insert_default().texts.push(name);
    }

    #[cold]
    fn value<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error> {
        let kept = self.0.get_or_insert_default();
        map.next_value_seed(RawSeed(&mut kept.texts))?;
        kept.count += 1;
        Ok(())
    }

    fn finished(mut self) -> Self {
        if let Some(kept) = &mut self.0 {
            kept.texts.shrink();
        }
        self
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        for (name, json) in self.iter() {
            let raw: &RawValue = serde_json::from_str(json).map_err(M::Error::custom)?;
            map.serialize_entry(name, raw)?;
        }
        Ok(())
    }
}

/// The reason why an unlisted property cannot be read or set.
///
/// `Display` and `Debug` show no value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExtraError(Problem);

#[derive(Clone, Debug, Eq, PartialEq)]
enum Problem {
    Listed(&'static str),
    Unwritable,
    WrongType(String),
    Unreadable,
}

impl ExtraError {
    pub(crate) fn unwritable() -> Self {
        Self(Problem::Unwritable)
    }

    pub(crate) fn unreadable(error: &serde_json::Error) -> Self {
        Self(match error.classify() {
            Category::Data => Problem::WrongType(explained(error).to_string()),
            _ => Problem::Unreadable,
        })
    }
}

impl fmt::Display for ExtraError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Problem::Listed(name) => {
                write!(formatter, "`{name}` is a property that the API description lists (set its field instead)")
            }
            Problem::Unwritable => formatter.write_str("the value cannot be written as JSON"),
            Problem::WrongType(wanted) => write!(formatter, "the unlisted property has another type: {wanted}"),
            Problem::Unreadable => {
                formatter.write_str("the unlisted property is nested too deeply, or has a number that is too large")
            }
        }
    }
}

impl std::error::Error for ExtraError {}
