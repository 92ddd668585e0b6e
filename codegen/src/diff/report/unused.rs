//! Acknowledgements without a finding that they apply to.

use schemars::JsonSchema;
use serde::Serialize;

/// The reason that an entry does not apply to a finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// No finding has its rule and its pointer.
    Unused,
    /// A finding has them, but the new side has reached the version until which the entry counted.
    Expired,
}

/// An entry that does not apply to a finding.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Left {
    /// The reason.
    pub why: Why,
    /// Its rule.
    pub rule: String,
    /// Its pointer.
    pub pointer: String,
    /// Its reason.
    pub reason: String,
    /// Its last version.
    pub until: String,
    /// File and line of the entry.
    pub place: String,
}
