//! A second opinion on a text, from the YAML reader that other tools use.

use std::cell::RefCell;
use std::fmt::{self, Formatter};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use super::{Node, NodeValue};
use crate::pointer::Pointer;

/// Returns the place of the first value that `serde_yaml` reads differently; `None` if it cannot read the text at all.
pub(super) fn disagreement(read: &Node, text: &str) -> Option<Pointer> {
    let steps = RefCell::new(None);
    // The error is either the difference, which is in `steps`, or one of the syntax.
    let _ = Comparison { node: read, steps: &steps }.deserialize(serde_yaml::Deserializer::from_str(text));
    let steps: Vec<String> = steps.into_inner()?;
    // An error of the syntax may come after the difference.
    serde_yaml::from_str::<Value>(text).ok()?;
    Some(Pointer::ROOT.join(steps.iter().rev().map(String::as_str)))
}

/// Compares a node with what a deserializer has in its place, without building another tree.
#[derive(Clone, Copy)]
struct Comparison<'a> {
    node: &'a Node,
    /// The steps to the first difference, the last step first; `None` as long as there is no difference.
    steps: &'a RefCell<Option<Vec<String>>>,
}

impl<'a> Comparison<'a> {
    fn expect<E: Error>(self, is_same: bool) -> Result<(), E> {
        if is_same {
            return Ok(());
        }
        *self.steps.borrow_mut() = Some(Vec::new());
        Err(E::custom("another value"))
    }

    fn number<E: Error>(self, number: Option<Number>) -> Result<(), E> {
        self.expect(matches!(&self.node.value, NodeValue::Number(ours) if Some(ours) == number.as_ref()))
    }

    fn child(self, node: &'a Node) -> Self {
        Self { node, ..self }
    }

    /// Adds a step to the way to a difference.
    fn within<T, E>(self, result: Result<T, E>, step: impl ToString) -> Result<T, E> {
        result.inspect_err(|_| {
            if let Some(steps) = self.steps.borrow_mut().as_mut() {
                steps.push(step.to_string());
            }
        })
    }
}

impl<'de> DeserializeSeed<'de> for Comparison<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Comparison<'_> {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.expect(matches!(self.node.value, NodeValue::Null))
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.expect(self.node.as_bool() == Some(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.number(Some(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.number(Some(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<(), E> {
        self.number(Number::from_f64(value as f64))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<(), E> {
        self.number(Number::from_f64(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.number(Number::from_f64(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.expect(self.node.as_str() == Some(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        self.expect(matches!(self.node.value, NodeValue::Sequence(_)))?;
        for (index, item) in self.node.items().iter().enumerate() {
            let compared = access.next_element_seed(self.child(item));
            self.expect(self.within(compared, index)?.is_some())?;
        }
        let more = access.next_element::<serde::de::IgnoredAny>()?;
        self.expect(more.is_none())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        self.expect(matches!(self.node.value, NodeValue::Mapping(_)))?;
        for entry in self.node.entries() {
            let key = access.next_key::<String>()?;
            self.expect(key.is_some_and(|key| key == entry.key))?;
            let compared = access.next_value_seed(self.child(&entry.value));
            self.within(compared, &entry.key)?;
        }
        let more = access.next_key::<serde::de::IgnoredAny>()?;
        self.expect(more.is_none())
    }
}
