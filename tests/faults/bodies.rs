//! Bodies of requests and responses: good ones full of canaries, and the same with one thing wrong.

mod enablebanking;
mod op;
mod tilisy;

use std::io::Write as _;

use flate2::{Compress, Compression, Crc, FlushCompress};
use serde_json::{Value, json};

use crate::canary::{ACCOUNT, CONTINUATION_KEY, IBAN, REMITTANCE};
use crate::subject::Operation;

/// The request and the good response of an operation, with the places of the response where faults happen.
#[derive(Clone, Debug)]
pub(crate) struct Bodies {
    /// The body of the request, or null if it has none.
    pub(crate) request: Value,
    /// The response. Every list of objects has two rows, and the second one holds the text `row-2`.
    pub(crate) good: Value,
    pub(crate) places: Places,
}

/// JSON pointers into a good response. An empty one stands for none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    /// A value of an enum.
    pub(crate) code: &'static str,
    /// A list.
    pub(crate) list: &'static str,
    /// The first row of a required list of objects, which is the response or directly inside of it.
    pub(crate) row: &'static str,
    /// An optional object.
    pub(crate) object: &'static str,
    /// A list of strings.
    pub(crate) texts: &'static str,
    pub(crate) amount: &'static str,
    /// A required property, in a row if there are rows with one.
    pub(crate) required: &'static str,
}

impl Places {
    const NONE: Self = Self { code: "", list: "", row: "", object: "", texts: "", amount: "", required: "" };

    /// Returns the list that holds the rows.
    pub(crate) fn rows(&self) -> &'static str {
        self.row.strip_suffix("/0").unwrap_or_default()
    }
}

impl Bodies {
    fn new(request: Value, good: Value, places: Places) -> Self {
        Self { request, good, places }
    }
}

/// Returns the bodies of an operation.
pub(crate) fn of(operation: Operation) -> Bodies {
    let (api, id) = (operation.api(), operation.id());
    let bodies = match api {
        "tilisy" => tilisy::bodies(id),
        "op" => op::bodies(id),
        "enablebanking" => enablebanking::bodies(id),
        _ => None,
    };
    bodies.unwrap_or_else(|| panic!("add the request, the good response and its places of `{id}` to bodies/{api}.rs"))
}

/// Returns the response without a fault.
pub(crate) fn good(operation: Operation) -> Value {
    of(operation).good
}

pub(crate) fn places(operation: Operation) -> Places {
    of(operation).places
}

/// Returns whether the response is a list with nothing around it.
pub(crate) fn is_list(operation: Operation) -> bool {
    good(operation).is_array()
}

/// The good body with another value at a JSON pointer.
pub(crate) fn with(operation: Operation, pointer: &str, value: Value) -> Vec<u8> {
    let mut body = good(operation);
    *body.pointer_mut(pointer).expect("a pointer into the good body") = value;
    body.to_string().into_bytes()
}

/// The good body without the key at the end of a JSON pointer.
pub(crate) fn without(operation: Operation, pointer: &str) -> Vec<u8> {
    let mut body = good(operation);
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer with a key");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    parent.remove(key).expect("the key is there");
    body.to_string().into_bytes()
}

/// The good body with more text after the first `{`.
pub(crate) fn beginning(operation: Operation, more: &str) -> Vec<u8> {
    good(operation).to_string().replacen('{', &format!("{{{more},"), 1).into_bytes()
}

/// The good body with so many numbers in place of its rows.
pub(crate) fn rows(operation: Operation, count: usize) -> Vec<u8> {
    let body = String::from_utf8_lossy(&with(operation, places(operation).rows(), json!("?"))).into_owned();
    let rows = format!("[{}1]", "1,".repeat(count - 1));
    body.replacen("\"?\"", &rows, 1).into_bytes()
}

/// An error of the service, with data that must not be in a log.
pub(crate) fn error(operation: Operation, status: u16, code: &str) -> Vec<u8> {
    if operation.is_op() {
        return op::error(code).to_string().into_bytes();
    }
    let mut body = words(status);
    body["error"] = code.into();
    body.to_string().into_bytes()
}

/// The same without a code: what the status says is all there is.
pub(crate) fn error_without_code(status: u16) -> Vec<u8> {
    words(status).to_string().into_bytes()
}

fn words(status: u16) -> Value {
    let detail = json!({ "account": ACCOUNT, "key": CONTINUATION_KEY });
    json!({ "code": status, "detail": detail, "message": format!("{IBAN}: {REMITTANCE}") })
}

/// A page of a gateway or a login, which repeats what it was asked.
pub(crate) fn page(title: &str) -> String {
    let body = format!("<p>{title}</p><p>{IBAN} {REMITTANCE}</p>");
    format!("<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>")
}

/// Returns whether the response can have a key to the next page.
pub(crate) fn has_pages(operation: Operation) -> bool {
    good(operation).get("continuation_key").is_some()
}

/// A page of transactions with a key to the next one, which is the one that was asked for.
pub(crate) fn repeated_page(operation: Operation) -> Vec<u8> {
    with(operation, "/continuation_key", json!(CONTINUATION_KEY))
}

/// Spaces as gzip: 400 MiB in about as many KiB.
///
/// One MiB is compressed to a piece that depends on nothing before it, and repeated.
pub(crate) fn bomb(mebibytes: usize) -> Vec<u8> {
    let spaces = vec![b' '; 1024 * 1024];
    let mut piece = Vec::with_capacity(64 * 1024);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(&spaces, &mut piece, FlushCompress::Full).expect("a piece fits");
    let mut one = Crc::new();
    one.update(&spaces);
    let mut sum = Crc::new();
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    for _ in 0..mebibytes {
        bytes.extend(&piece);
        sum.combine(&one);
    }
    // The last block, which is empty; then what came before, as gzip wants it.
    bytes.extend([3, 0]);
    bytes.write_all(&sum.sum().to_le_bytes()).expect("a vector takes it");
    bytes.extend(((mebibytes * 1024 * 1024) as u32).to_le_bytes());
    bytes
}
