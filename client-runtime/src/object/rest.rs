//! Properties that an object does not list, and the writing of objects with or without them.

use serde::de::{IgnoredAny, MapAccess};
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

/// A place for the properties that an object does not list: [`Extra`](crate::extra::Extra) keeps them, `()` does not.
pub trait Rest: Sized {
    /// Takes the name of an unlisted property, whose value follows.
    fn name(&mut self, name: &str);

    /// Reads the value after the name.
    ///
    /// # Errors
    ///
    /// When the input cannot be parsed.
    fn value<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error>;

    /// Returns the properties at the end of the object.
    #[must_use]
    fn finished(self) -> Self;

    /// Returns the number of kept properties.
    fn count(&self) -> usize;

    /// Returns whether there are unlisted properties, or `None` if they are not kept.
    fn has_any(&self) -> Option<bool> {
        Some(self.count() > 0)
    }

    /// Writes the kept properties.
    ///
    /// # Errors
    ///
    /// When the serializer fails.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

impl Rest for () {
    fn name(&mut self, _name: &str) {}

    fn value<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error> {
        map.next_value::<IgnoredAny>().map(|_| ())
    }

    fn finished(self) -> Self {}

    fn count(&self) -> usize {
        0
    }

    fn has_any(&self) -> Option<bool> {
        None
    }

    fn write<M: SerializeMap>(&self, _map: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

/// Writes the fields of an object: as a struct, or as a map if there are names that no type lists.
#[derive(Debug)]
pub enum Writer<S: Serializer> {
    /// All names are known at compile time.
    Struct(S::SerializeStruct),
    /// Unlisted names follow.
    Map(S::SerializeMap),
}

impl<S: Serializer> Writer<S> {
    /// Starts an object with this many written fields.
    ///
    /// # Errors
    ///
    /// When the serializer fails.
    #[inline]
    pub fn new(serializer: S, name: &'static str, fields: usize, rest: &impl Rest) -> Result<Self, S::Error> {
        match rest.count() {
            0 => serializer.serialize_struct(name, fields).map(Self::Struct),
            more => serializer.serialize_map(Some(fields + more)).map(Self::Map),
        }
    }

    /// Writes a field.
    ///
    /// # Errors
    ///
    /// When the serializer fails.
    #[inline]
    pub fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        match self {
            Self::Struct(object) => object.serialize_field(name, value),
            Self::Map(map) => map.serialize_entry(name, value),
        }
    }

    /// Writes the unlisted properties, and ends the object.
    ///
    /// # Errors
    ///
    /// When the serializer fails.
    #[inline]
    pub fn end(self, rest: &impl Rest) -> Result<S::Ok, S::Error> {
        match self {
            Self::Struct(object) => object.end(),
            Self::Map(mut map) => {
                rest.write(&mut map)?;
                map.end()
            }
        }
    }
}
