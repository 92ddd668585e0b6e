//! Deviations of responses from the API description.
//!
//! Decoding is lenient: it keeps properties and codes that the API description does not list, and accepts some nulls.
//! While [`collect`] runs, decoding on the same thread records these deviations by their names. Values are not recorded.
//! [`Response::deviations`](crate::response::Response::deviations) does this for a response that was received.
//!
//! `null` counts as an absent property, so it is a deviation only in place of a required property, of an element of a
//! list, and of a value of a map.
//!
//! ```
//! use openbanking_client_runtime::extra::Extra;
//! use openbanking_client_runtime::observe::{DeviationKind, collect};
//!
//! pub struct Account {
//!     pub currency: String,
//!     extra_: Extra,
//! }
//! openbanking_client_runtime::object! {
//!     Account {
//!         currency: "currency" => required,
//!         ..extra_
//!     }
//! }
//!
//! let json = r#"{"currency": "EUR", "nickname": "Holidays"}"#;
//! let (account, deviations) = collect(|| serde_json::from_str::<Account>(json));
//! assert!(account.is_ok());
//! assert_eq!(deviations.len(), 1);
//! assert_eq!(deviations[0].kind(), DeviationKind::UndeclaredProperty);
//! assert_eq!(deviations[0].path(), "Account.nickname");
//! ```

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

/// The most deviations that are recorded under names that the service chose, of which there could be millions.
const MOST: usize = 1_000;

/// The longest code that is shown, and the most digits in it.
const LONGEST: usize = 40;
const MOST_DIGITS: usize = 4;

thread_local! {
    static COLLECTOR: Cell<Option<Collector>> = const { Cell::new(None) };
}

/// The kind of a [`Deviation`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum DeviationKind {
    /// A property that the object does not list.
    UndeclaredProperty,
    /// `null` in place of a required property, of an element of a list, or of a value of a map.
    UnexpectedNull,
    /// A code that the enumeration does not list.
    UnlistedCode,
    /// A required property that is absent. Only [`Response::deviations`](crate::response::Response::deviations) reports it.
    MissingProperty,
    /// A value of another type. Only [`Response::deviations`](crate::response::Response::deviations) reports it.
    UnexpectedValue,
}

/// A deviation from the API description, with the number of its occurrences.
///
/// It has no value of a response, but the service chooses the names of undeclared properties and the texts of unlisted
/// codes: clean them before printing. `Debug` does not show them.
#[derive(Clone, Eq, PartialEq)]
pub struct Deviation {
    found: Found,
    count: usize,
}

#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
struct Found {
    kind: DeviationKind,
    path: Cow<'static, str>,
    code: Option<String>,
}

impl Deviation {
    /// Returns the kind.
    #[must_use]
    pub const fn kind(&self) -> DeviationKind {
        self.found.kind
    }

    /// Returns the path of the property, such as `Transaction.balance_after`, or the type of an unlisted code.
    ///
    /// `[]` is an element of a list, and `.*` a value of a map. The path of a value that cannot be decoded starts at the
    /// response: `transactions[].transaction_amount.amount`. If there are too many undeclared properties, the rest of them
    /// is `Transaction.…`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.found.path
    }

    /// Returns the text of an unlisted code, or `None` if it does not look like a code: then it may be personal.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.found.code.as_deref()
    }

    /// Returns the number of occurrences.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }
}

impl fmt::Debug for Deviation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Deviation");
        shown.field("kind", &self.found.kind);
        if self.found.kind != DeviationKind::UndeclaredProperty {
            shown.field("path", &self.found.path);
        }
        shown.field("count", &self.count).finish_non_exhaustive()
    }
}

/// Calls `decode`, and returns its result with the deviations that it recorded: each once, sorted by kind and path.
///
/// Deviations of a call within another one are returned by the inner call only.
pub fn collect<T>(decode: impl FnOnce() -> T) -> (T, Vec<Deviation>) {
    let installed = Installed::new(Some(Collector::default()));
    let value = decode();
    let Collector { counts } = installed.finish().unwrap_or_default();
    (value, counts.into_iter().map(|(found, count)| Deviation { found, count }).collect())
}

/// Calls `decode` without recording deviations, because it decodes the same JSON more than once.
pub(crate) fn paused<T>(decode: impl FnOnce() -> T) -> T {
    let _installed = Installed::new(None);
    decode()
}

/// A property of an object, by the names of the API description.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub object: &'static str,
    pub property: &'static str,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.object, self.property)
    }
}

/// Records a property that an object does not list.
#[cold]
pub(crate) fn undeclared(object: &'static str, name: &str) {
    record(|others| {
        let name = if others { "…" } else { name };
        Found { kind: DeviationKind::UndeclaredProperty, path: format!("{object}.{name}").into(), code: None }
    });
}

/// Records `null` at a place, or in a list or map there: `part` is then `[]` or `.*`.
#[cold]
pub(crate) fn null(place: Option<&Place>, part: &'static str) {
    record(|_| {
        let path = place.map_or(part.into(), |place| format!("{place}{part}").into());
        Found { kind: DeviationKind::UnexpectedNull, path, code: None }
    });
}

/// Records a code that an enumeration does not list.
#[cold]
pub(crate) fn unlisted(code_type: &'static str, text: &str) {
    record(|others| {
        let code = Some(text.to_owned()).filter(|text| !others && is_code(text));
        Found { kind: DeviationKind::UnlistedCode, path: code_type.into(), code }
    });
}

/// Records a value that cannot be decoded, at a path of the response, whose indices are removed.
pub(crate) fn undecoded(kind: DeviationKind, path: &str) {
    record(|_| {
        let mut names = path.split('[');
        let mut path = names.next().unwrap_or_default().to_owned();
        for name in names {
            path.push_str("[]");
            path.push_str(name.split_once(']').map_or("", |(_, rest)| rest));
        }
        Found { kind, path: path.into(), code: None }
    });
}

/// Adds a deviation to the collector of this thread, if there is one. `found` is called with `true` if names that the
/// service chose must be left out.
fn record(found: impl Fn(bool) -> Found) {
    let Some(mut collector) = replace(None) else { return };
    collector.add(found);
    replace(Some(collector));
}

/// Replaces the collector of this thread. A thread that is about to end has none.
fn replace(collector: Option<Collector>) -> Option<Collector> {
    COLLECTOR.try_with(|current| current.replace(collector)).unwrap_or_default()
}

/// Returns whether a text looks like a code, and neither like a name nor like an account number.
fn is_code(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.len() <= LONGEST
        && digits <= MOST_DIGITS
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The deviations so far.
#[derive(Default)]
struct Collector {
    counts: BTreeMap<Found, usize>,
}

impl Collector {
    fn add(&mut self, found: impl Fn(bool) -> Found) {
        let mut key = found(false);
        if self.counts.len() >= MOST && !self.counts.contains_key(&key) {
            key = found(true);
        }
        *self.counts.entry(key).or_default() += 1;
    }
}

/// Restores the collector that was installed before, even after a panic.
struct Installed {
    before: Option<Collector>,
}

impl Installed {
    fn new(collector: Option<Collector>) -> Self {
        Self { before: replace(collector) }
    }

    fn finish(self) -> Option<Collector> {
        replace(None)
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        replace(self.before.take());
    }
}
