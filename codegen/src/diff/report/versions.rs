//! Versions, compared with the part that must go up.

use schemars::JsonSchema;
use semver::{BuildMetadata, Prerelease, Version};
use serde::Serialize;

use super::{Finding, Rust, Wire};

/// The part of a version that must go up, the worst first; below 1.0, Cargo reads each of them one place further right.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// 1.x to 2.0, or 0.x to 0.(x+1).
    Major,
    /// 1.x to 1.(x+1), or 0.x.y to 0.x.(y+1).
    Minor,
    /// The last number.
    Patch,
    /// None.
    None,
}

impl Bump {
    /// The part that must go up by Cargo's rules for crates.
    pub(super) fn of_rust(findings: &[Finding]) -> Self {
        match findings.iter().map(|finding| finding.rust).min() {
            Some(Rust::Refused | Rust::Breaking) => Self::Major,
            Some(Rust::Additive) => Self::Minor,
            Some(Rust::Docs) => Self::Patch,
            Some(Rust::Unknown | Rust::None) | None => Self::None,
        }
    }

    /// The part of `info.version` that must go up by the same rules, applied to the wire.
    pub(super) fn of_wire(findings: &[Finding]) -> Self {
        let others = findings.iter().filter(|finding| finding.rule != "version-changed");
        match others.map(|finding| finding.wire).min() {
            Some(Wire::Breaking) => Self::Major,
            // Clients that follow the old description go on working, unless they rely on what it does not promise.
            Some(Wire::Potential | Wire::Compatible) => Self::Minor,
            Some(Wire::Docs) => Self::Patch,
            Some(Wire::None) | None => Self::None,
        }
    }

    /// Returns a description, with the rule for versions below 1.0.
    pub fn explain(self) -> &'static str {
        match self {
            Self::Major => "a major version: 1.x to 2.0, or 0.x to 0.(x+1)",
            Self::Minor => "a minor version: 1.x to 1.(x+1), or 0.x.y to 0.x.(y+1)",
            Self::Patch => "a patch version: 1.x.y to 1.x.(y+1), or 0.x.y to 0.x.(y+1)",
            Self::None => "no new version",
        }
    }

    /// The lowest sufficient release.
    fn after(self, base: &Version) -> Version {
        let Version { major, minor, patch, .. } = *base;
        let next = |part: u64| part.saturating_add(1);
        match (self, major, minor) {
            (Self::None, ..) => base.clone(),
            (Self::Major, 0, 0) | (Self::Minor, 0, _) | (Self::Patch, ..) => Version::new(major, minor, next(patch)),
            (Self::Major, 0, _) | (Self::Minor, ..) => Version::new(major, next(minor), 0),
            (Self::Major, ..) => Version::new(next(major), 0, 0),
        }
    }
}

/// A version on both sides, compared with the changes.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Versions {
    /// The version of the old side; null if it has none.
    pub base: Option<String>,
    /// The version of the new side; null if it has none.
    pub head: Option<String>,
    /// The part that must go up.
    pub bump: Bump,
    /// The lowest sufficient version; null if the version may stay, or the old one isn't a semantic version.
    pub needed: Option<String>,
    /// `true` if the new version is sufficient; null if the two cannot be compared.
    pub enough: Option<bool>,
}

impl Versions {
    /// Compares the new version with the old one.
    pub fn new(base: Option<&str>, head: Option<&str>, bump: Bump) -> Self {
        let (old, new) = (base.and_then(parse), head.and_then(parse));
        let is_one_sided = base.is_none() || head.is_none();
        let needed = old.as_ref().map(|old| needed(old, bump));
        let enough = match (&needed, new) {
            _ if is_one_sided => Some(true),
            (Some(needed), Some(new)) => {
                let is_later = old.is_none_or(|old| if bump == Bump::None { new >= old } else { new > old });
                Some(is_later && release(&new) >= release(needed))
            }
            _ if bump == Bump::None && base == head => Some(true),
            _ => None,
        };
        let needed = needed.filter(|_| bump != Bump::None && !is_one_sided).map(|version| version.to_string());
        Self { base: base.map(str::to_owned), head: head.map(str::to_owned), bump, needed, enough }
    }
}

/// The revision whose versions are the old ones.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Since {
    /// Its name.
    pub revision: String,
    /// The reason that it isn't a release; null if it is one.
    pub reason: Option<String>,
}

impl Since {
    /// The versions of a release.
    pub fn release(revision: &str) -> Self {
        Self { revision: revision.to_owned(), reason: None }
    }

    /// The versions of a revision that isn't a release, with the reason for it.
    pub fn unreleased(revision: &str, reason: &str) -> Self {
        Self { revision: revision.to_owned(), reason: Some(reason.to_owned()) }
    }

    /// The comparison as a sentence.
    pub(super) fn sentence(&self) -> String {
        match &self.reason {
            None => format!("versions are compared with the release `{}`", self.revision),
            Some(reason) => format!("versions are compared with {}: {reason}", self.revision),
        }
    }
}

/// A pre-release makes no promises, so that its release is sufficient.
fn needed(old: &Version, bump: Bump) -> Version {
    if old.pre.is_empty() || bump == Bump::None { bump.after(old) } else { release(old) }
}

/// The release of a version: `0.2.0` for `0.2.0-rc.1`.
fn release(version: &Version) -> Version {
    Version { pre: Prerelease::EMPTY, build: BuildMetadata::EMPTY, ..version.clone() }
}

/// Parses a version as people write it, such as `1`, `v1.2` or `1.2.3-rc.1`. Returns `None` for dates, such as
/// `2024-01-31`, for versions with the hash of a build, such as `1.0.0-3030f99c`, and for other texts.
pub(in crate::diff) fn parse(text: &str) -> Option<Version> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let missing = 3_usize.saturating_sub(text.split('.').count());
    let version = Version::parse(&format!("{text}{}", ".0".repeat(missing))).ok()?;
    Some(version).filter(|version| !is_hash(&version.pre))
}

/// Returns whether a pre-release looks like an abbreviated Git hash (7 to 40 hexadecimal digits), which cannot be ordered.
fn is_hash(pre: &str) -> bool {
    let is_hex = pre.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    // Digits alone may be a date.
    is_hex && (7..=40).contains(&pre.len()) && pre.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// A crate that is generated from the specs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version, compared with the changes in Rust.
    pub version: Versions,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Old version, bump, what is needed, new versions that are enough, new versions that are not.
    type Case = (&'static str, Bump, &'static str, &'static [&'static str], &'static [&'static str]);

    const CASES: &[Case] = &[
        ("1.2.3", Bump::Major, "2.0.0", &["2.0.0", "2.0.0-rc.1", "3.1"], &["1.3.0", "1.2.3", "0.9.0"]),
        ("1.2.3", Bump::Minor, "1.3.0", &["1.3.0", "2"], &["1.2.4", "1.2.3"]),
        ("1.2.3", Bump::Patch, "1.2.4", &["1.2.4", "v1.3"], &["1.2.3", "1.2.3+build"]),
        ("0.2.3", Bump::Major, "0.3.0", &["0.3.0", "1.0.0"], &["0.2.4"]),
        ("0.2.3", Bump::Minor, "0.2.4", &["0.2.4"], &["0.2.3"]),
        ("0.0.3", Bump::Major, "0.0.4", &["0.0.4"], &["0.0.3"]),
        ("0.0.3", Bump::Minor, "0.0.4", &["0.0.4"], &["0.0.3"]),
        ("1.0.0-rc.1", Bump::Major, "1.0.0", &["1.0.0-rc.2", "1.0.0"], &["1.0.0-rc.1", "1.0.0-alpha", "0.9.0"]),
    ];

    #[test]
    fn cargo_s_rules_hold_below_one_too() {
        for (base, bump, needed, enough, not) in CASES {
            for (heads, is_enough) in [(enough, true), (not, false)] {
                for head in *heads {
                    let versions = Versions::new(Some(base), Some(head), *bump);
                    let told = (versions.needed.as_deref(), versions.enough);
                    assert_eq!(told, (Some(*needed), Some(is_enough)), "{base} to {head}, {bump:?}");
                }
            }
        }
    }

    #[test]
    fn a_version_may_go_up_without_need_and_never_down() {
        let enough = |base, head| Versions::new(Some(base), Some(head), Bump::None).enough;
        assert_eq!(enough("1.0.0", "1.0.0"), Some(true));
        assert_eq!(enough("1.0.0", "1.1.0"), Some(true));
        assert_eq!(enough("1.1.0", "1.0.0"), Some(false));
    }

    #[test]
    fn other_texts_are_not_judged() {
        for (base, head) in [
            ("spring", "summer"),
            ("1.0.0", "1.0.0.1"),
            ("2024-01-31", "2024-02-01"),
            ("1.0.0-8e8ab97c", "1.0.0-3030f99c"),
            ("1.0.0-8e8ab97c", "1.0.0-f30f2f09"),
        ] {
            assert_eq!(Versions::new(Some(base), Some(head), Bump::Major).enough, None, "{base} to {head}");
        }
        assert_eq!(Versions::new(Some("spring"), Some("spring"), Bump::None).enough, Some(true));
        assert_eq!(Versions::new(None, Some("1.0.0"), Bump::Minor).enough, Some(true));
    }
}
