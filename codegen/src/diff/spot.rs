//! Places of a side, and what stands there.

use serde_json::{Number, Value};

use crate::read::{Entry, Node, NodeValue, child};

/// A place of a side, and what stands there, if anything does.
#[derive(Clone, Debug)]
pub(super) struct Spot<'a> {
    pub(super) pointer: String,
    pub(super) node: Option<&'a Node>,
    /// Where other branches of an `allOf` say more of the same thing.
    pub(super) more: Vec<Self>,
}

impl<'a> Spot<'a> {
    pub(super) fn new(pointer: String, node: Option<&'a Node>) -> Self {
        Self { pointer, node, more: Vec::new() }
    }

    pub(super) fn get(&self, key: &str) -> Self {
        Self::new(child(&self.pointer, key), self.node.and_then(|node| node.get(key)))
    }

    /// What tells it from other places, with all that is said elsewhere.
    pub(super) fn key(&self) -> String {
        let more = self.more.iter().map(|spot| spot.pointer.as_str());
        [self.pointer.as_str()].into_iter().chain(more).collect::<Vec<_>>().join("&")
    }

    pub(super) fn exists(&self) -> bool {
        self.node.is_some()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.node.is_some_and(|node| node.get(key).is_some())
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.node?.get(key)?.as_str()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.node.and_then(|node| node.get(key)).and_then(Node::as_bool).unwrap_or_default()
    }

    pub(super) fn entries(&self) -> &'a [Entry] {
        self.node.map(Node::entries).unwrap_or_default()
    }

    /// The entries that are no extensions.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'a str, Spot<'a>)> + '_ {
        self.children().filter(|(key, _)| !key.starts_with("x-"))
    }

    pub(super) fn children(&self) -> impl Iterator<Item = (&'a str, Spot<'a>)> + '_ {
        self.entries()
            .iter()
            .map(|entry| (entry.key.as_str(), Spot::new(child(&self.pointer, &entry.key), Some(&entry.value))))
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Spot<'a>> + '_ {
        let items = self.node.map(Node::items).unwrap_or_default();
        items.iter().enumerate().map(|(index, node)| Spot::new(child(&self.pointer, index), Some(node)))
    }

    /// The value; the order of keys makes no difference, nor whether a whole number is written with a fraction.
    pub(super) fn value(&self) -> Value {
        let mut value = self.node.map(Node::to_json).unwrap_or_default();
        settle(&mut value);
        value
    }

    /// Whether a reference stands anywhere in it.
    pub(super) fn refers(&self) -> bool {
        self.value().to_string().contains("\"$ref\":")
    }

    /// Whether both say the same; what is left out says the same as `false` and as an empty list.
    pub(super) fn means(&self, other: &Self) -> bool {
        let meaning = |spot: &Self| match spot.value() {
            Value::Bool(false) => Value::Null,
            Value::Array(items) if items.is_empty() => Value::Null,
            Value::Object(entries) if entries.is_empty() => Value::Null,
            Value::String(text) => Value::String(text.trim().to_owned()),
            other => other,
        };
        meaning(self) == meaning(other)
    }

    /// The value as a message quotes it.
    pub(super) fn show(&self) -> String {
        self.text_of().map_or_else(nothing, |text| quoted(&text))
    }

    /// Two values as a message quotes them: where they are long, the part in which they differ.
    pub(super) fn show_both(&self, other: &Self) -> (String, String) {
        let (Some(one), Some(two)) = (self.text_of(), other.text_of()) else { return (self.show(), other.show()) };
        let equal = one.chars().zip(two.chars()).take_while(|(a, b)| a == b).count();
        if equal <= MAX_QUOTE / 2 || one.chars().count().max(two.chars().count()) <= MAX_QUOTE {
            return (quoted(&one), quoted(&two));
        }
        let from = equal - MAX_QUOTE / 4;
        let cut = |text: &str| quoted(&format!("…{}", text.chars().skip(from).collect::<String>()));
        (cut(&one), cut(&two))
    }

    fn text_of(&self) -> Option<String> {
        Some(match &self.node?.value {
            NodeValue::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            _ => self.value().to_string(),
        })
    }

    /// The component schema that the place belongs to.
    pub(super) fn component(&self) -> Option<String> {
        component(&self.pointer)
    }

    pub(super) fn is_component(&self) -> bool {
        self.pointer.strip_prefix("/components/schemas/").is_some_and(|rest| !rest.contains('/'))
    }
}

pub(super) fn component(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/")?.split('/').next()?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

fn settle(value: &mut Value) {
    match value {
        Value::Number(number) => {
            // Above 2^53, not every whole number is a float.
            let whole = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15);
            if let Some(whole) = whole {
                *number = Number::from(whole as i64);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        Value::Object(entries) => entries.values_mut().for_each(settle),
        _ => {}
    }
}

/// How many characters of a value a message quotes.
const MAX_QUOTE: usize = 80;

/// Text between backticks, cut where it gets long.
pub(super) fn quoted(text: &str) -> String {
    // One between backticks would end them.
    let text = text.replace('`', "'");
    match text.char_indices().nth(MAX_QUOTE) {
        Some((cut, _)) => format!("`{}…`", text.get(..cut).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

fn nothing() -> String {
    "nothing".to_owned()
}
