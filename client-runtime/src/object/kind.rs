//! The kinds of field that [`object!`](crate::object) knows, one module each with the same three functions.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::MapAccess;

use super::{OptionalAtSeed, OptionalSeed};
use crate::decode::Decode;
use crate::observe::Place;

/// A list or a map: what may be empty.
pub trait Collection: Default {
    /// Whether there is nothing in it.
    fn is_empty(&self) -> bool;
}

impl<T> Collection for Vec<T> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<T> Collection for BTreeMap<String, T> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Collection for serde_json::Map<String, serde_json::Value> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

/// Reads a value that may be absent, `null` or `""`. Only lists and maps need to know the place.
fn read_optional<'de, T: Decode<'de>, A: MapAccess<'de>>(
    map: &mut A,
    place: &'static Place,
) -> Result<Option<T>, A::Error> {
    if T::HAS_ELEMENTS {
        map.next_value_seed(OptionalAtSeed(place, PhantomData))
    } else {
        map.next_value_seed(OptionalSeed(PhantomData))
    }
}

/// A value that must be there.
pub mod required {
    use std::marker::PhantomData;

    use serde::de::{Error, MapAccess};

    use crate::decode::Decode;
    use crate::object::kind::read_optional;
    use crate::object::{RequiredSeed, Slot};
    use crate::observe::Place;

    /// Reads the value after its key.
    ///
    /// # Errors
    ///
    /// When it is no `T`.
    pub fn read<'de, T: Decode<'de>, A: MapAccess<'de>>(map: &mut A, _place: &'static Place) -> Result<T, A::Error> {
        map.next_value_seed(RequiredSeed(PhantomData))
    }

    /// Reads the value after one of several keys, or `None` where another of them may have it.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not one of the field.
    pub fn read_aliased<'de, T: Decode<'de>, A: MapAccess<'de>>(
        map: &mut A,
        place: &'static Place,
    ) -> Result<Option<T>, A::Error> {
        read_optional(map, place)
    }

    /// The field's value at the end of the object.
    ///
    /// # Errors
    ///
    /// When it was absent.
    pub fn finish<T, E: Error>(slot: Slot<T>, name: &'static str) -> Result<T, E> {
        slot.value.ok_or_else(|| E::missing_field(name))
    }

    /// Whether the field is written.
    pub const fn is_written<T>(_value: &T) -> bool {
        true
    }
}

/// A value that may be absent, and is not written then.
pub mod optional {
    use serde::de::{Error, MapAccess};

    use crate::decode::Decode;
    use crate::object::Slot;
    use crate::object::kind::read_optional;
    use crate::observe::Place;

    /// Reads the value after its key.
    ///
    /// # Errors
    ///
    /// When it is neither nothing nor a `T`.
    pub fn read<'de, T: Decode<'de>, A: MapAccess<'de>>(
        map: &mut A,
        place: &'static Place,
    ) -> Result<Option<T>, A::Error> {
        read_optional(map, place)
    }

    /// Reads the value after one of several keys, or `None` where another of them may have it.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not one of the field.
    pub fn read_aliased<'de, T: Decode<'de>, A: MapAccess<'de>>(
        map: &mut A,
        place: &'static Place,
    ) -> Result<Option<Option<T>>, A::Error> {
        read(map, place).map(|value| value.map(Some))
    }

    /// The field's value at the end of the object.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn finish<T, E: Error>(slot: Slot<Option<T>>, _name: &'static str) -> Result<Option<T>, E> {
        Ok(slot.value.flatten())
    }

    /// Whether the field is written.
    pub const fn is_written<T>(value: &Option<T>) -> bool {
        value.is_some()
    }
}

/// A value that is `None` if it cannot be decoded: for error responses, of which every part helps.
pub mod salvaged {
    use serde::de::MapAccess;
    use serde_json::value::RawValue;

    pub use super::optional::{finish, is_written};
    use crate::decode::Decode;
    use crate::observe::Place;

    /// Reads the value after its key.
    ///
    /// # Errors
    ///
    /// When the JSON itself is broken.
    pub fn read<'de, T: for<'v> Decode<'v>, A: MapAccess<'de>>(
        map: &mut A,
        _place: &'static Place,
    ) -> Result<Option<T>, A::Error> {
        let value: Box<RawValue> = map.next_value()?;
        Ok(T::decode_optional(&mut serde_json::Deserializer::from_str(value.get())).unwrap_or_default())
    }

    /// Reads the value after one of several keys, or `None` where another of them may have it.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not one of the field.
    pub fn read_aliased<'de, T: for<'v> Decode<'v>, A: MapAccess<'de>>(
        map: &mut A,
        place: &'static Place,
    ) -> Result<Option<Option<T>>, A::Error> {
        read(map, place).map(|value| value.map(Some))
    }
}

/// A value that may be absent, and is written as `null` then.
pub mod nullable {
    pub use super::optional::{finish, read, read_aliased};
    pub use super::required::is_written;
}

/// A value of three states, for a request that changes parts of a resource: left out, null, or a value.
pub mod patched {
    use serde::de::{Error, MapAccess};

    pub use super::optional::is_written;
    use crate::decode::Decode;
    use crate::object::Slot;
    use crate::object::kind::read_optional;
    use crate::observe::Place;

    /// Reads the value after its key.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is neither null nor a `T`.
    pub fn read<'de, T: Decode<'de>, A: MapAccess<'de>>(
        map: &mut A,
        place: &'static Place,
    ) -> Result<Option<Option<T>>, A::Error> {
        read_optional(map, place).map(Some)
    }

    /// Reads the value after one of several keys, or `None` where another of them may have it.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is neither null nor a `T`.
    pub fn read_aliased<'de, T: Decode<'de>, A: MapAccess<'de>>(
        map: &mut A,
        place: &'static Place,
    ) -> Result<Option<Option<Option<T>>>, A::Error> {
        Ok(read_optional(map, place)?.map(|value| Some(Some(value))))
    }

    /// Returns the value of the field at the end of the object.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn finish<T, E: Error>(slot: Slot<Option<Option<T>>>, _name: &'static str) -> Result<Option<Option<T>>, E> {
        Ok(slot.value.flatten())
    }
}

/// A list that may be absent, and is not written when it is empty.
pub mod list {
    use serde::de::{Error, MapAccess};

    use super::Collection;
    use crate::decode::Decode;
    use crate::object::Slot;
    use crate::object::kind::read_optional;
    use crate::observe::Place;

    /// Reads the value after its key.
    ///
    /// # Errors
    ///
    /// When it is neither nothing nor a `C`.
    pub fn read<'de, C: Collection + Decode<'de>, A: MapAccess<'de>>(
        map: &mut A,
        place: &'static Place,
    ) -> Result<C, A::Error> {
        Ok(read_optional(map, place)?.unwrap_or_default())
    }

    /// Reads the value after one of several keys, or `None` where another of them may have it.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not one of the field.
    pub fn read_aliased<'de, C: Decode<'de>, A: MapAccess<'de>>(
        map: &mut A,
        place: &'static Place,
    ) -> Result<Option<C>, A::Error> {
        read_optional(map, place)
    }

    /// The field's value at the end of the object.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn finish<C: Collection, E: Error>(slot: Slot<C>, _name: &'static str) -> Result<C, E> {
        Ok(slot.value.unwrap_or_default())
    }

    /// Whether the field is written.
    pub fn is_written<C: Collection>(value: &C) -> bool {
        !value.is_empty()
    }
}

/// A list that must be there, though it may be `null`.
pub mod required_list {
    use std::marker::PhantomData;

    use serde::de::MapAccess;

    pub use super::required::{finish, is_written, read_aliased};
    use crate::decode::Decode;
    use crate::object::{AtSeed, BodySeed};
    use crate::observe::Place;

    /// Reads the value after its key.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is neither `null` nor a `T`.
    pub fn read<'de, T: Decode<'de>, A: MapAccess<'de>>(map: &mut A, place: &'static Place) -> Result<T, A::Error> {
        map.next_value_seed(AtSeed(place, PhantomData))
    }

    /// Reads the value after its key in the body of a response, where `null` is an error.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not a list of the field's elements.
    pub fn read_body<'de, T: Decode<'de>, A: MapAccess<'de>>(
        map: &mut A,
        place: &'static Place,
    ) -> Result<T, A::Error> {
        map.next_value_seed(BodySeed(place, PhantomData))
    }
}

/// A map that may be absent, and is not written when it is empty.
pub mod map {
    pub use super::list::{finish, is_written, read, read_aliased};
}

/// A map that must be there, though it may be `null`.
pub mod required_map {
    pub use super::required_list::{finish, is_written, read, read_aliased};
}
