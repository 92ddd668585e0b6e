//! The operations that a finding reaches.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::Schema;
use serde::{Serialize, Serializer};

use super::Finding;
use crate::diff::id_set::IdSet;

/// The size of all lists of operations in a report, in bytes. A list is cut if it takes more than its share.
///
/// A document of a megabyte whose schemas all refer to each other has thousands of findings that each reach a thousand
/// operations.
const MAX_SIZE: usize = 4_000_000;

/// Names of operations in alphabetical order, such as `GET /sessions`.
///
/// Findings that reach the same operations share one set. Reports list the beginning of a set if the lists of all
/// findings together would get too long, and say how many names are left out.
#[derive(Clone, Debug)]
pub struct Operations {
    /// The names of a whole revision.
    names: Arc<[String]>,
    members: Arc<IdSet>,
    listed: usize,
}

impl Operations {
    pub(in crate::diff) fn new(names: Arc<[String]>, members: Arc<IdSet>) -> Self {
        let listed = members.len();
        Self { names, members, listed }
    }

    /// Returns the number of operations.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Returns whether there are no operations.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Returns whether an operation is one of these.
    pub fn contains(&self, name: &str) -> bool {
        let index = self.names.binary_search_by(|other| other.as_str().cmp(name));
        index.is_ok_and(|index| self.members.contains(index))
    }

    /// Returns an iterator over all names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.members.iter().filter_map(|index| self.names.get(index)).map(String::as_str)
    }

    /// Returns an iterator over the names that reports list.
    pub fn listed(&self) -> impl Iterator<Item = &str> {
        self.iter().take(self.listed)
    }

    /// Returns the number of names that reports leave out.
    pub fn left_out(&self) -> usize {
        self.len() - self.listed
    }

    /// The first of the listed names as one text of at most `room` bytes, with the number of those that are left out.
    pub(super) fn summary(&self, room: usize) -> String {
        let mut text = String::new();
        let mut left = self.len();
        for name in self.listed() {
            if !text.is_empty() && text.len() + name.len() > room {
                break;
            }
            let comma = if text.is_empty() { "" } else { ", " };
            text.extend([comma, name]);
            left -= 1;
        }
        if left > 0 {
            text.push_str(&format!(", and {left} more"));
        }
        text
    }

    /// Equal for sets that are shared.
    fn identity(&self) -> (*const String, *const IdSet) {
        (self.names.as_ptr(), Arc::as_ptr(&self.members))
    }

    /// The length of the list of all names in a report.
    fn size(&self) -> usize {
        self.iter().map(size).sum()
    }

    /// Lists as many names as fit into a size, and at least one.
    fn limit(&mut self, allowed: usize) {
        let mut left = allowed;
        let fits = |name: &&str| {
            let rest = left.checked_sub(size(name));
            left = rest.unwrap_or(left);
            rest.is_some()
        };
        let listed = self.iter().take_while(fits).count();
        self.listed = listed.max(1).min(self.len());
    }
}

/// Limits the lists of findings, so that they fit into a report.
pub(super) fn limit(findings: &mut [Finding]) {
    let mut known = HashMap::new();
    let sizes = findings.iter().map(|finding| {
        let operations = &finding.operations;
        *known.entry(operations.identity()).or_insert_with(|| operations.size())
    });
    let allowed = share(sizes.collect(), MAX_SIZE);
    for finding in findings {
        finding.operations.limit(allowed);
    }
}

/// The largest size for each list with which all of them fit into a total size.
fn share(mut sizes: Vec<usize>, total: usize) -> usize {
    sizes.sort_unstable();
    let mut left = total;
    for (nth, size) in sizes.iter().enumerate() {
        let share = left / (sizes.len() - nth);
        if *size > share {
            return share;
        }
        left -= size;
    }
    usize::MAX
}

/// The length of a line of indented JSON.
fn size(name: &str) -> usize {
    name.len() + 12
}

impl From<Vec<String>> for Operations {
    fn from(mut names: Vec<String>) -> Self {
        names.sort_unstable();
        names.dedup();
        let mut members = IdSet::default();
        (0..names.len()).for_each(|id| members.extend(&IdSet::single(id)));
        Self::new(names.into(), Arc::new(members))
    }
}

impl FromIterator<String> for Operations {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        Self::from(Vec::from_iter(names))
    }
}

impl Default for Operations {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl PartialEq for Operations {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Operations {}

impl PartialOrd for Operations {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The order of the lists of names.
impl Ord for Operations {
    fn cmp(&self, other: &Self) -> Ordering {
        match Arc::ptr_eq(&self.names, &other.names) {
            true if Arc::ptr_eq(&self.members, &other.members) => Ordering::Equal,
            true => self.members.cmp(&other.members),
            false => self.iter().cmp(other.iter()),
        }
    }
}

impl Hash for Operations {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.iter().for_each(|name| name.hash(state));
    }
}

/// The form in reports.
#[derive(Serialize, JsonSchema)]
struct Listed<'a> {
    /// The operations that it reaches, such as `GET /sessions`; the first of them, if the report would get too long.
    operations: Vec<&'a str>,
    /// The number of operations that it reaches.
    operations_total: usize,
}

impl Serialize for Operations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Listed { operations: self.listed().collect(), operations_total: self.len() }.serialize(serializer)
    }
}

impl JsonSchema for Operations {
    fn schema_name() -> String {
        "Operations".to_owned()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Listed::json_schema(generator)
    }
}
