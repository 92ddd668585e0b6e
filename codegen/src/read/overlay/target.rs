//! The parts of a spec that an action changes, as a JSONPath (RFC 9535).

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

/// The longest target, in bytes.
const MAX_TARGET: usize = 1_024;

/// The most filters of a target. The time that the parser takes doubles with each level of them.
const MAX_FILTERS: usize = 8;

/// The most brackets and parentheses that a target opens. The parser recurses.
const MAX_BRACKETS: usize = 64;

/// A JSONPath.
pub(super) struct Target(JsonPath);

impl Target {
    /// Parses a JSONPath.
    ///
    /// # Errors
    ///
    /// The fault and a way to fix it.
    pub(super) fn parse(text: &str) -> Result<Self, (String, String)> {
        let count = |wanted: &[char]| text.chars().filter(|character| wanted.contains(character)).count();
        if text.len() > MAX_TARGET || count(&['?']) > MAX_FILTERS || count(&['[', '(']) > MAX_BRACKETS {
            let message = format!(
                "a target has at most {MAX_TARGET} bytes, {MAX_FILTERS} filters and {MAX_BRACKETS} opening brackets"
            );
            return Err((message, "make several actions of it".to_owned()));
        }
        JsonPath::parse(text).map(Self).map_err(|error| {
            let message = match text.chars().nth(error.position()) {
                _ if !text.starts_with('$') => format!("`{text}` is not a JSONPath: it must start with `$`"),
                Some(character) => {
                    format!("`{text}` is not a JSONPath (see `{character}`, at {})", error.position() + 1)
                }
                None => format!("`{text}` is not a JSONPath: the end is missing"),
            };
            (message, "write names with other characters than letters, digits and `_` as `['x-name']`".to_owned())
        })
    }

    /// Returns the parts of a document that are selected.
    pub(super) fn select(&self, document: &Value) -> Selection {
        let mut selection = Selection::default();
        for path in self.0.query_located(document).locations() {
            let mut at = &mut selection;
            for step in path.iter() {
                let step = match step {
                    PathElement::Name(name) => (*name).to_owned(),
                    PathElement::Index(index) => index.to_string(),
                };
                at = at.below.entry(step).or_default();
            }
            at.is_selected = true;
        }
        selection
    }
}

/// Parts of a tree.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Set if the node itself is one of the parts.
    pub(super) is_selected: bool,
    /// Parts inside the node, by the key or the index of the child.
    pub(super) below: BTreeMap<String, Self>,
}

impl Selection {
    /// Returns the number of parts.
    pub(super) fn count(&self) -> usize {
        usize::from(self.is_selected) + self.below.values().map(Self::count).sum::<usize>()
    }

    /// Returns the steps that lead to each part.
    pub(super) fn places(&self) -> Vec<Vec<&str>> {
        let own = self.is_selected.then(Vec::new);
        let below = self.below.iter().flat_map(|(step, selection)| {
            selection.places().into_iter().map(move |place| [vec![step.as_str()], place].concat())
        });
        own.into_iter().chain(below).collect()
    }
}
