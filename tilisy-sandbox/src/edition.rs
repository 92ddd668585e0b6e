//! Editions of the API.

pub(crate) mod document;

/// An edition of the API that the sandbox speaks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Edition {
    /// The API of Enable Banking, as `spec/enablebanking.yaml` describes it.
    #[default]
    Current,
    /// The API of the Tilisy documentation of 2020, as `spec/tilisy.yaml` describes it.
    Document2020,
}

impl Edition {
    /// Returns the edition with this name: `current` or `2020`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "current" => Some(Self::Current),
            "2020" => Some(Self::Document2020),
            _ => None,
        }
    }

    /// Returns the name of the edition.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Document2020 => "2020",
        }
    }

    /// Returns whether this is the current edition.
    pub(crate) fn is_current(self) -> bool {
        self == Self::Current
    }
}
