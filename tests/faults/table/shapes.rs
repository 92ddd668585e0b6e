//! Faults of the data: one thing in a good answer is not as described.

use serde_json::{Value, json};

use super::{Fault, Stage, plain};
use crate::answer::Answer;
use crate::bodies::{self, Places};
use crate::canary::IBAN;
use crate::server::Act;
use crate::subject::Operation;

/// Returns the place of a good response where a fault happens, or the reason why it cannot happen.
fn place(pick: Pick, operation: Operation, reason: &'static str) -> Result<&'static str, &'static str> {
    Some(pick(&bodies::places(operation))).filter(|pointer| !pointer.is_empty()).ok_or(reason)
}

type Pick = fn(&Places) -> &'static str;

fn changed(
    pick: Pick,
    operation: Operation,
    reason: &'static str,
    change: impl FnOnce(Value) -> Value,
) -> Result<Stage, &'static str> {
    let pointer = place(pick, operation, reason)?;
    let before = bodies::good(operation).pointer(pointer).cloned().expect("a pointer into the good body");
    answered(bodies::with(operation, pointer, change(before)))
}

fn answered(body: Vec<u8>) -> Result<Stage, &'static str> {
    plain([Act::Answer(Answer::json(200, body))])
}

/// A key that the answer holds anyway, with its value.
fn doubled(operation: Operation) -> String {
    let good = bodies::good(operation);
    let object = good.as_object().or_else(|| good.get(0)?.as_object());
    let (key, value) = object.and_then(|object| object.iter().next_back()).expect("no answer is empty");
    format!("\"{key}\":{value}")
}

fn deep() -> String {
    format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))
}

/// Rows 28 to 36.
pub(super) const SHAPES: &[Fault] = &[
    Fault::new("28", "unknown code in a row", |operation| {
        changed(|places| places.code, operation, "the answer has no code", |_| json!("INFO"))
    }),
    Fault::new("29a", "null for an array", |operation| {
        changed(|places| places.list, operation, "the answer has no array", |_| Value::Null)
    }),
    Fault::new("29b", "null for a row", |operation| {
        changed(|places| places.row, operation, "the answer has no list of objects", |_| Value::Null)
    }),
    Fault::new("29c", "null for all rows", |operation| {
        place(|places| places.row, operation, "the answer has no list of objects")?;
        let list = place(Places::rows, operation, "the answer is a list itself")?;
        answered(bodies::with(operation, list, Value::Null))
    }),
    Fault::new("30", "`\"\"` for an object", |operation| {
        changed(|places| places.object, operation, "the answer has no optional object", |_| json!(""))
    }),
    Fault::new("31", "string for an array of strings", |operation| {
        let first = |array: Value| array.get(0).cloned().unwrap_or_default();
        changed(|places| places.texts, operation, "the answer has no array of strings", first)
    }),
    Fault::new("32", "number for an amount", |operation| {
        let pointer = place(|places| places.amount, operation, "the answer has no amount")?;
        let body = String::from_utf8_lossy(&bodies::with(operation, pointer, json!("?"))).replacen("\"?\"", "10.10", 1);
        answered(body.into_bytes())
    }),
    Fault::new("33", "required field missing in a row", |operation| {
        let pointer = place(|places| places.required, operation, "no key of the answer is required")?;
        answered(bodies::without(operation, pointer))
    }),
    Fault::new("34", "more fields than described", |operation| {
        answered(bodies::beginning(operation, r#""news":{"a":[1,null,{}]},"more":"x""#))
    }),
    Fault::new("35", "duplicate key", |operation| answered(bodies::beginning(operation, &doubled(operation)))),
    Fault::new("36a", "unknown field 100,000 levels deep", |operation| {
        answered(bodies::beginning(operation, &format!("\"deep\":{}", deep())))
    }),
    Fault::new("36b", "422 with a `detail` 100,000 levels deep", |operation| {
        if operation.is_op() {
            let body =
                format!(r#"{{"errors":[{{"message":"{IBAN}","detailedConstraitViolations":{{"a":{}}}}}]}}"#, deep());
            return plain([Act::Answer(Answer::json(422, body))]);
        }
        let body = format!(r#"{{"code":422,"detail":{},"error":"EXPIRED_SESSION","message":"{IBAN}"}}"#, deep());
        plain([Act::Answer(Answer::json(422, body))])
    }),
];
