//! Lists of values beside the bounds and formats that they imply.

use serde_json::Value;

use crate::spec::FlattenedSchema;

/// The values of an enum that only one side has.
pub(super) struct Listed {
    values: Vec<Value>,
    /// Set if the new side has them.
    pub(super) is_new: bool,
}

impl Listed {
    /// Returns the values, if exactly one of the sides lists them.
    pub(super) fn new(old: &FlattenedSchema<'_>, new: &FlattenedSchema<'_>) -> Option<Self> {
        let (values, is_new) = match (old.values(), new.values()) {
            (Some(values), None) => (values, false),
            (None, Some(values)) => (values, true),
            _ => return None,
        };
        let values = values.keys().map(|json| serde_json::from_str(json));
        Some(Self { values: values.collect::<Result<_, _>>().ok()?, is_new })
    }

    /// Returns whether all values keep to a bound, such as `maximum`.
    pub(super) fn is_within(&self, key: &str, bound: f64, is_strict: bool) -> bool {
        self.values.iter().all(|value| {
            let measured = match key {
                "maximum" | "minimum" => value.as_f64(),
                "maxLength" | "minLength" => value.as_str().map(|text| text.chars().count() as f64),
                _ => None,
            };
            measured.is_some_and(|measured| match (key.starts_with("max"), is_strict) {
                (true, false) => measured <= bound,
                (true, true) => measured < bound,
                (false, false) => measured >= bound,
                (false, true) => measured > bound,
            })
        })
    }

    /// Returns whether a test holds for all values, which are numbers.
    pub(super) fn has_multiples(&self, is_multiple: impl Fn(f64) -> bool) -> bool {
        self.values.iter().all(|value| value.as_f64().is_some_and(|value| value == 0.0 || is_multiple(value)))
    }

    /// Returns whether all values have a format, as far as that is easy to decide.
    pub(super) fn has_format(&self, format: &str) -> bool {
        let within = |low: i128, high: i128| {
            let whole = |value: &Value| value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
            self.values.iter().all(|value| whole(value).is_some_and(|value| (low..=high).contains(&value)))
        };
        match format {
            "int8" => within(i8::MIN.into(), i8::MAX.into()),
            "int16" => within(i16::MIN.into(), i16::MAX.into()),
            "int32" => within(i32::MIN.into(), i32::MAX.into()),
            "int64" => within(i64::MIN.into(), i64::MAX.into()),
            "uint8" => within(0, u8::MAX.into()),
            "uint16" => within(0, u16::MAX.into()),
            "uint32" => within(0, u32::MAX.into()),
            "uint" | "uint64" => within(0, u64::MAX.into()),
            "float" | "double" => self.values.iter().all(Value::is_number),
            _ => false,
        }
    }
}
