//! JSON pointers (RFC 6901).

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter, Write};
use std::hash::{Hash, Hasher};
use std::iter;
use std::sync::Arc;

/// A JSON pointer.
///
/// Pointers share their beginnings: a child costs its own step and no copy of the steps above it, so that the memory of
/// all pointers into a document is proportional to the document. The text is put together by `Display`, which is the
/// one place that escapes, as [`parse`](Self::parse) is the one place that unescapes.
#[derive(Clone, Default)]
pub struct Pointer(Option<Arc<Link>>);

struct Link {
    parent: Pointer,
    step: Box<str>,
}

impl Pointer {
    /// The pointer of the whole document.
    pub const ROOT: Self = Self(None);

    /// Parses the text of a pointer: `""`, or `/` before each escaped step. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        if !text.is_empty() && !text.starts_with('/') {
            return None;
        }
        let unescaped = |step: &str| match step.contains('~') {
            true => step.replace("~1", "/").replace("~0", "~"),
            false => step.to_owned(),
        };
        Some(text.split('/').skip(1).fold(Self::ROOT, |pointer, step| pointer.push(unescaped(step).into())))
    }

    /// The pointer in a `$ref` into the same document, such as `#/components/schemas/Account`.
    ///
    /// The fragment of a URI may be percent-encoded. Returns `None` for a reference to another document, or to an
    /// anchor.
    pub fn of_reference(reference: &str) -> Option<Self> {
        let fragment = reference.strip_prefix('#')?;
        match fragment.contains('%') {
            true => Self::parse(&percent_decoded(fragment)?),
            false => Self::parse(fragment),
        }
    }

    /// The pointer of a key, or of the element with an index, inside this one.
    pub fn child(&self, step: impl Display) -> Self {
        self.push(step.to_string().into())
    }

    /// The pointer below this one that these keys lead to.
    pub fn join<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Self {
        keys.into_iter().fold(self.clone(), |pointer, key| pointer.push(key.into()))
    }

    fn push(&self, step: Box<str>) -> Self {
        Self(Some(Arc::new(Link { parent: self.clone(), step })))
    }

    /// Whether this is the pointer of the whole document.
    pub fn is_root(&self) -> bool {
        self.0.is_none()
    }

    /// The pointer that this one is a child of; `None` for the root.
    pub fn parent(&self) -> Option<&Self> {
        self.0.as_deref().map(|link| &link.parent)
    }

    /// The last step, unescaped: a key or an index.
    pub fn last(&self) -> Option<&str> {
        self.0.as_deref().map(|link| &*link.step)
    }

    /// The steps from the root, unescaped.
    pub fn steps(&self) -> Vec<&str> {
        let mut steps: Vec<_> = self.ancestors().filter_map(Self::last).collect();
        steps.reverse();
        steps
    }

    /// The pointer itself, and all pointers above it up to the root.
    pub fn ancestors(&self) -> impl Iterator<Item = &Self> {
        iter::successors(Some(self), |pointer| pointer.parent())
    }

    /// The steps that lead from another pointer to this one; `None` where the other isn't above it.
    pub fn strip_prefix(&self, prefix: &Self) -> Option<Vec<&str>> {
        let below = self.depth().checked_sub(prefix.depth())?;
        let mut steps: Vec<_> = self.ancestors().take(below).filter_map(Self::last).collect();
        steps.reverse();
        (self.ancestors().nth(below) == Some(prefix)).then_some(steps)
    }

    fn depth(&self) -> usize {
        self.ancestors().skip(1).count()
    }

    /// The name of the component schema that this pointer leads into.
    pub fn schema_name(&self) -> Option<&str> {
        match *self.steps().as_slice() {
            ["components", "schemas", name, ..] => Some(name),
            _ => None,
        }
    }

    /// Whether this is the pointer of a component schema itself.
    pub fn is_schema_component(&self) -> bool {
        matches!(*self.steps().as_slice(), ["components", "schemas", _])
    }

    fn is_same_link(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(link), Some(other)) => Arc::ptr_eq(link, other),
            _ => false,
        }
    }
}

/// The text, with `~` and `/` in steps escaped.
impl Display for Pointer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for step in self.steps() {
            f.write_char('/')?;
            for character in step.chars() {
                match character {
                    '~' => f.write_str("~0")?,
                    '/' => f.write_str("~1")?,
                    other => f.write_char(other)?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Pointer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl PartialEq for Pointer {
    fn eq(&self, other: &Self) -> bool {
        let (mut left, mut right) = (self, other);
        loop {
            if left.is_same_link(right) {
                return true;
            }
            match (&left.0, &right.0) {
                (Some(one), Some(two)) if one.step == two.step => (left, right) = (&one.parent, &two.parent),
                _ => return false,
            }
        }
    }
}

impl Eq for Pointer {}

impl Hash for Pointer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.ancestors().for_each(|pointer| pointer.last().hash(state));
    }
}

impl PartialOrd for Pointer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Step by step from the root.
impl Ord for Pointer {
    fn cmp(&self, other: &Self) -> Ordering {
        let (depth, other_depth) = (self.depth(), other.depth());
        let common = depth.min(other_depth);
        let above = |pointer: &Self, depth: usize| pointer.ancestors().nth(depth - common).cloned().unwrap_or_default();
        above(self, depth).cmp_at_depth(&above(other, other_depth)).then(depth.cmp(&other_depth))
    }
}

impl Pointer {
    /// Compares pointers of one depth, without a list of their steps.
    fn cmp_at_depth(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Some(one), Some(two)) if !Arc::ptr_eq(one, two) => {
                one.parent.cmp_at_depth(&two.parent).then_with(|| one.step.cmp(&two.step))
            }
            _ => Ordering::Equal,
        }
    }
}

/// The text that a percent-encoded one stands for; `None` where that is not UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        // `from_str_radix` would take a sign for a digit.
        let digits = after.get(..2).filter(|digits| byte == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        match digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()) {
            Some(code) => {
                bytes.push(code);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn steps_are_escaped_and_unescaped() {
        for (text, steps) in [
            ("", &[][..]),
            ("/", &[""]),
            ("/paths/~1accounts~1{id}/get", &["paths", "/accounts/{id}", "get"]),
            ("/a~0b/~01/0", &["a~b", "~1", "0"]),
        ] {
            let pointer = Pointer::parse(text).unwrap();
            assert_eq!((pointer.to_string().as_str(), pointer.steps().as_slice()), (text, steps));
            assert_eq!(pointer, Pointer::ROOT.join(steps.iter().copied()));
        }
        assert_eq!(Pointer::parse("paths"), None);
    }

    #[test]
    fn references_lead_into_the_same_document() {
        for (reference, pointer) in [
            ("#/components/schemas/Account", Some("/components/schemas/Account")),
            ("#/paths/~1accounts~1%7Bid%7D", Some("/paths/~1accounts~1{id}")),
            ("#", Some("")),
            ("#/100%", Some("/100%")),
            ("#/%ff", None),
            ("#anchor", None),
            ("other.yaml#/a", None),
        ] {
            let found = Pointer::of_reference(reference).map(|pointer| pointer.to_string());
            assert_eq!(found.as_deref(), pointer, "{reference}");
        }
    }

    #[test]
    fn equal_pointers_are_equal_however_they_were_made() {
        let parsed = Pointer::parse("/components/schemas/A").unwrap();
        let built = Pointer::ROOT.child("components").child("schemas").child("A");
        assert_eq!(parsed, built);
        assert_eq!(parsed.cmp(&built), Ordering::Equal);
        assert!(built < built.child("properties") && parsed < built.child(0));
        assert_ne!(parsed, parsed.child(""));
        assert!(built.is_schema_component() && built.child("x").schema_name() == Some("A"));
        assert_eq!(built.child("x").ancestors().count(), 5);
        assert_eq!(built.child("x").child("y").strip_prefix(&parsed), Some(vec!["x", "y"]));
        assert_eq!(built.strip_prefix(&parsed), Some(vec![]));
        assert_eq!((parsed.strip_prefix(&built.child("x")), built.strip_prefix(&parsed.child(""))), (None, None));
    }

    #[test]
    fn pointers_are_ordered_by_their_steps() {
        let texts = ["", "/a", "/a/b", "/a/b/0", "/a/c", "/a-b", "/a~1b", "/ab", "/b/a"];
        let mut pointers: Vec<_> = texts.iter().rev().map(|text| Pointer::parse(text).unwrap()).collect();
        pointers.sort();
        assert_eq!(pointers.iter().map(Pointer::to_string).collect::<Vec<_>>(), texts);
    }
}
