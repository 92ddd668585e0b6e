//! Nodes of a tree, for tests that change specs.

use std::fmt::Display;

use openbanking_codegen::pointer::Pointer;
use serde_json::Value;

/// Pointers to all nodes of a tree, the root first.
pub(crate) fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut next = 0;
    while next < found.len() {
        let place = found[next].clone();
        match value.pointer(&place) {
            Some(Value::Object(map)) => {
                found.extend(map.keys().map(|key| child(&place, key)));
            }
            Some(Value::Array(list)) => found.extend((0..list.len()).map(|index| child(&place, index))),
            _ => {}
        }
        next += 1;
    }
    found
}

fn child(pointer: &str, step: impl Display) -> String {
    Pointer::parse(pointer).unwrap().child(step).to_string()
}
