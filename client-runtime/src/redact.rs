//! `Debug` without personal data.

use std::collections::BTreeMap;
use std::fmt;

/// What may be said of a hidden value.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Hidden {
    /// There is a value.
    Value,
    /// There is no optional value.
    Nothing,
    /// There is an optional value.
    Something,
    /// There are this many values.
    Many(usize),
}

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value => formatter.write_str("[redacted]"),
            Self::Nothing => formatter.write_str("None"),
            Self::Something => formatter.write_str("Some([redacted])"),
            Self::Many(count) => write!(formatter, "[{count} redacted]"),
        }
    }
}

/// A borrowed value of which [`Hidden`] is asked.
///
/// Options, lists and maps have a method of their own, which the compiler prefers to the one of [`Hide`].
pub struct Veil<'a, T>(pub &'a T);

impl<T> fmt::Debug for Veil<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hidden::Value.fmt(formatter)
    }
}

impl<T> Veil<'_, Option<T>> {
    /// Whether there is a value.
    #[must_use]
    pub const fn hide(&self) -> Hidden {
        match self.0 {
            Some(_) => Hidden::Something,
            None => Hidden::Nothing,
        }
    }
}

impl<T> Veil<'_, Vec<T>> {
    /// How many values there are.
    #[must_use]
    pub const fn hide(&self) -> Hidden {
        Hidden::Many(self.0.len())
    }
}

impl<T> Veil<'_, BTreeMap<String, T>> {
    /// How many values there are.
    #[must_use]
    pub fn hide(&self) -> Hidden {
        Hidden::Many(self.0.len())
    }
}

/// Says of any value only that it is there.
pub trait Hide {
    /// That there is a value.
    fn hide(&self) -> Hidden;
}

impl<T> Hide for Veil<'_, T> {
    fn hide(&self) -> Hidden {
        Hidden::Value
    }
}

/// Writes a `Debug` that shows the fields marked `shown` and hides those marked `hidden`.
///
/// A hidden option says whether there is a value, a hidden list or map how many.
///
/// ```
/// pub struct Account {
///     pub currency: String,
///     pub iban: Option<String>,
///     pub owners: Vec<String>,
/// }
/// openbanking_client_runtime::redacted_debug!(Account {
///     currency: shown,
///     iban: hidden,
///     owners: hidden,
/// });
///
/// let account = Account { currency: "EUR".into(), iban: Some("FI21".into()), owners: vec!["A".into()] };
/// assert_eq!(
///     format!("{account:?}"),
///     r#"Account { currency: "EUR", iban: Some([redacted]), owners: [1 redacted] }"#,
/// );
/// ```
///
/// `..extra` after the fields names a field of the type [`Extra`](crate::extra::Extra): `Debug` shows how many properties
/// it holds, if there are any.
///
/// For a struct around one value: `redacted_debug!(Name(hidden))`.
#[macro_export]
macro_rules! redacted_debug {
    ($name:ident { $($field:ident: $how:ident),* $(,)? $(..$extra:ident $(,)?)? }) => {
        #[automatically_derived]
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #[allow(unused_mut, reason = "there may be no field")]
                let mut object = formatter.debug_struct(::core::stringify!($name));
                $(object.field(
                    $crate::redact::name(::core::stringify!($field)),
                    &$crate::__debug_value!($how, &self.$field),
                );)*
                $(if !self.$extra.is_empty() {
                    object.field("extra", &self.$extra);
                })?
                object.finish()
            }
        }
    };
    ($name:ident($how:ident)) => {
        #[automatically_derived]
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter
                    .debug_tuple(::core::stringify!($name))
                    .field(&$crate::__debug_value!($how, &self.0))
                    .finish()
            }
        }
    };
}

/// A field as `Debug` is to show it.
#[doc(hidden)]
#[macro_export]
macro_rules! __debug_value {
    (shown, $value:expr) => {
        $value
    };
    (hidden, $value:expr) => {{
        #[allow(unused_imports, reason = "options, lists and maps do not need it")]
        use $crate::redact::Hide as _;
        $crate::redact::Veil($value).hide()
    }};
}

#[doc(hidden)]
#[must_use]
pub fn name(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}
