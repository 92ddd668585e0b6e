//! Values as the text of a path, a query, a header or a form.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A value that has no text: a float that is infinite or not a number.
#[derive(Debug)]
pub struct NotFinite;

/// A value that goes into the path, the query, a header or a form of a request.
pub trait Parameter {
    /// Calls back with the text of each value: one for a scalar, one for each element of a list, none for `None`.
    ///
    /// # Errors
    ///
    /// Returns an error for a float that has no text.
    fn texts(&self, add: &mut dyn FnMut(String)) -> Result<(), NotFinite>;
}

/// Implements [`Parameter`] for types whose `Display` is the text of the wire.
macro_rules! displayed {
    ($($ty:ty),* $(,)?) => {$(
        impl Parameter for $ty {
            fn texts(&self, add: &mut dyn FnMut(String)) -> Result<(), NotFinite> {
                add(self.to_string());
                Ok(())
            }
        }
    )*};
}

displayed!(bool, i32, i64, u32, u64, str, String, Decimal, NaiveDate, Uuid, IpAddr, Ipv4Addr, Ipv6Addr);

impl Parameter for DateTime<Utc> {
    fn texts(&self, add: &mut dyn FnMut(String)) -> Result<(), NotFinite> {
        add(self.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        Ok(())
    }
}

/// Implements [`Parameter`] for floats: plain digits without an exponent, which every service can parse.
macro_rules! floats {
    ($($ty:ty),*) => {$(
        impl Parameter for $ty {
            fn texts(&self, add: &mut dyn FnMut(String)) -> Result<(), NotFinite> {
                if !self.is_finite() {
                    return Err(NotFinite);
                }
                add(self.to_string());
                Ok(())
            }
        }
    )*};
}

floats!(f32, f64);

impl<T: Parameter + ?Sized> Parameter for &T {
    fn texts(&self, add: &mut dyn FnMut(String)) -> Result<(), NotFinite> {
        (**self).texts(add)
    }
}

impl<T: Parameter> Parameter for Option<T> {
    fn texts(&self, add: &mut dyn FnMut(String)) -> Result<(), NotFinite> {
        self.as_ref().map_or(Ok(()), |value| value.texts(add))
    }
}

impl<T: Parameter> Parameter for Vec<T> {
    fn texts(&self, add: &mut dyn FnMut(String)) -> Result<(), NotFinite> {
        self.iter().try_for_each(|value| value.texts(add))
    }
}
