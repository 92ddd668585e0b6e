//! Values as messages quote them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::pointer::Pointer;
use crate::read::NodeValue;
use crate::spec::{FlattenedSchema, NodeRef};

/// The longest quotation, in characters.
const MAX_QUOTE: usize = 80;

/// Puts text between backticks, shortened if it is long.
pub(super) fn quoted(text: &str) -> String {
    // A backtick inside of the text would end the quotation.
    let text = text.replace('`', "'");
    match text.char_indices().nth(MAX_QUOTE) {
        Some((cut, _)) => format!("`{}…`", text.get(..cut).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

/// A value of an enum in words. `json` is its JSON.
pub(super) fn value_name(json: &str) -> String {
    if json == r#""""# { "`\"\"` (the empty text)".to_owned() } else { quoted(json.trim_matches('"')) }
}

/// The number of properties and values by which a case is named.
const MAX_NAMED: usize = 3;

/// A case of a `oneOf` or `anyOf` by what distinguishes it: the name of its component, a property that has one value, its
/// title, its values, its properties, or its type.
pub(super) fn case_name(case: &NodeRef<'_>) -> String {
    let reference = |place: &NodeRef<'_>| place.text("$ref").and_then(Pointer::of_reference);
    if let Some(name) = reference(case).as_ref().and_then(Pointer::last) {
        return quoted(name);
    }
    let flat = FlattenedSchema::from(case);
    let constant = flat.properties().into_iter().find_map(|(name, place)| {
        let values = FlattenedSchema::from(&place).values()?;
        let only = values.keys().next().filter(|_| values.len() == 1)?;
        Some(quoted(&format!("{name}: {}", only.trim_matches('"'))))
    });
    if let Some(name) = constant.or_else(|| case.text("title").map(quoted)) {
        return name;
    }
    if let Some(values) = flat.values() {
        let names = some(values.keys().map(|value| value_name(value)));
        return if values.len() == 1 { names } else { format!("one of {names}") };
    }
    let names = flat.property_names();
    if !names.is_empty() {
        return format!("an object with {}", some(names.iter().map(|name| quoted(name))));
    }
    if let Some(name) = case.get("allOf").items().find_map(|branch| reference(&branch)).as_ref().and_then(Pointer::last)
    {
        return format!("{} and more", quoted(name));
    }
    match (case.text("type"), case.text("format")) {
        (Some("array"), _) => format!("a list of {}", case_name(&case.get("items"))),
        (Some(kind), Some(format)) => format!("{} ({})", quoted(kind), quoted(format)),
        (Some(kind), None) => quoted(kind),
        (None, _) => "any value".to_owned(),
    }
}

/// The first of some names, with the number of the others.
fn some(names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(MAX_NAMED);
    let mut shown: Vec<_> = names.take(MAX_NAMED).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The parts of two values that are not the same, as sentences.
fn differences(was: &Value, is: &Value) -> Vec<String> {
    let (old, new) = (parts(was), parts(is));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let changed = keys.into_iter().filter_map(|key| match (old.get(key), new.get(key)) {
        (Some(was), Some(is)) if was == is => None,
        (Some(was), Some(is)) => Some(format!("{} from {} to {}", quoted(key), quoted(was), quoted(is))),
        (Some(_), None) => Some(format!("{} is gone", quoted(key))),
        (None, _) => Some(format!("{} is new", quoted(key))),
    });
    changed.collect()
}

/// The parts of a value by the way to each: `flows.implicit.tokenUrl`. Texts and numbers in a list are their own ways.
pub(super) fn parts(value: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), value)];
    while let Some((way, value)) = open.pop() {
        let dot = if way.is_empty() { "" } else { "." };
        match value {
            Value::Object(members) if !members.is_empty() => {
                open.extend(members.iter().map(|(key, value)| (format!("{way}{dot}{key}"), value)));
            }
            Value::Array(items) if !items.is_empty() => {
                for (nth, item) in items.iter().enumerate() {
                    match item {
                        Value::Object(_) | Value::Array(_) => open.push((format!("{way}{dot}{nth}"), item)),
                        scalar => drop(found.insert(format!("{way}{dot}{}", text(scalar)), String::new())),
                    }
                }
            }
            Value::Object(_) | Value::Array(_) => drop(found.insert(way, "empty".to_owned())),
            scalar => drop(found.insert(way, text(scalar))),
        }
    }
    found
}

fn text(scalar: &Value) -> String {
    scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned)
}

impl NodeRef<'_> {
    /// The quoted value, or the word `nothing` if it is missing.
    pub(super) fn show(&self) -> String {
        self.text_of().map_or_else(|| "nothing".to_owned(), |text| quoted(&text))
    }

    /// Both values quoted. Of long ones, the part is shown in which they differ.
    pub(super) fn show_both(&self, other: &Self) -> (String, String) {
        let (Some(mut one), Some(mut two)) = (self.text_of(), other.text_of()) else {
            return (self.show(), other.show());
        };
        if one == two {
            // A text beside another value: `"12345"` and `12345`.
            (one, two) = (self.value().to_string(), other.value().to_string());
        }
        let equal = one.chars().zip(two.chars()).take_while(|(a, b)| a == b).count();
        if equal <= MAX_QUOTE / 2 || one.chars().count().max(two.chars().count()) <= MAX_QUOTE {
            return (quoted(&one), quoted(&two));
        }
        let from = equal - MAX_QUOTE / 4;
        let cut = |text: &str| quoted(&format!("…{}", text.chars().skip(from).collect::<String>()));
        (cut(&one), cut(&two))
    }

    /// The change from this value to another one, as the end of a sentence. Of objects and lists, the parts that differ.
    pub(super) fn change(&self, other: &Self) -> String {
        let has_parts = |place: &Self| {
            place.node.is_some_and(|node| matches!(node.value, NodeValue::Mapping(_) | NodeValue::Sequence(_)))
        };
        match (has_parts(self), has_parts(other)) {
            (false, false) => {
                let (was, is) = self.show_both(other);
                format!("changes from {was} to {is}")
            }
            (false, true) if !self.exists() => "is new".to_owned(),
            (true, false) if !other.exists() => "is gone".to_owned(),
            _ => match differences(&self.value(), &other.value()) {
                none if none.is_empty() => "changes".to_owned(),
                all => format!("changes: {}", some(all.into_iter())),
            },
        }
    }

    fn text_of(&self) -> Option<String> {
        Some(match &self.node?.value {
            NodeValue::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            _ => self.value().to_string(),
        })
    }
}
