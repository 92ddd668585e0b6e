//! One header of a context.

use std::fmt;

use reqwest::header::{HeaderName, HeaderValue};

use crate::error::BuildError;

/// A header that was checked and waits to be sent. Nothing shows its value.
#[derive(Clone)]
pub struct ContextHeader {
    pub(super) name: HeaderName,
    pub(super) value: HeaderValue,
}

impl ContextHeader {
    /// A header of this name and value.
    ///
    /// # Errors
    ///
    /// When the name or the value holds what no header may. The value is not shown.
    pub fn new(name: &str, text: &str) -> Result<Self, BuildError> {
        let value = header_value(name, text)?;
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => Ok(Self { name, value }),
            Err(_) => Err(BuildError::new("a name is none that a header may have")),
        }
    }

    /// Whether it has this name, in whatever case.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name.as_str().eq_ignore_ascii_case(name)
    }
}

impl fmt::Debug for ContextHeader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ContextHeader").field("name", &self.name).finish_non_exhaustive()
    }
}

pub(super) fn header_value(name: &str, text: &str) -> Result<HeaderValue, BuildError> {
    let Ok(mut value) = HeaderValue::from_str(text) else {
        return Err(BuildError::new(format!(
            "the value of `{}` holds characters that no header may",
            name.escape_debug()
        )));
    };
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn a_header_shows_its_name_alone() {
        let header = ContextHeader::new("Psu-Referer", "hunter2").unwrap();
        assert_eq!(format!("{header:?}"), r#"ContextHeader { name: "psu-referer", .. }"#);
        assert!(header.is_named("PSU-REFERER") && !header.is_named("psu"));
        assert!(!ContextHeader::new("psu-referer", "hunter2\n").unwrap_err().to_string().contains("hunter2"));
    }
}
