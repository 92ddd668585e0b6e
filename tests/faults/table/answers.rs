//! Faults of a whole answer: its status, its headers, a body of another kind.

use serde_json::Value;

use super::connections::good;
use super::{Fault, Stage, plain};
use crate::answer::Answer;
use crate::bodies;
use crate::canary::{IBAN, REMITTANCE};
use crate::server::Act;
use crate::subject::Operation;

fn always(answer: Answer) -> Result<Stage, &'static str> {
    plain([Act::Answer(answer)])
}

fn once(answer: Answer, operation: Operation) -> Result<Stage, &'static str> {
    plain([Act::Answer(answer), Act::Fine(good(operation))])
}

fn skewed(seconds: i64, operation: Operation) -> Result<Stage, &'static str> {
    if operation.is_op() {
        return Err("what shows who calls knows no time");
    }
    plain([Act::Clock(seconds, good(operation))])
}

/// Too busy, with the service's words on it.
fn busy(status: u16) -> Answer {
    Answer::json(status, bodies::error_without_code(status))
}

/// Nothing about the error but data.
fn detailed() -> Answer {
    Answer::json(422, format!(r#"{{"detail":[{{"loc":["{IBAN}"],"msg":"{REMITTANCE}"}}]}}"#))
}

/// A good body with another byte at the end of its last string, which is a value.
fn damaged(operation: Operation, byte: u8) -> Vec<u8> {
    let mut body = bodies::good(operation).to_string().into_bytes();
    let end = body.iter().rposition(|byte| *byte == b'"').expect("no answer is without text");
    body.insert(end, byte);
    body
}

/// Rows 10 to 27.
pub(super) const ANSWERS: &[Fault] = &[
    Fault::new("10", "truncated JSON, 200", |operation| {
        let mut body = bodies::good(operation).to_string();
        body.truncate(body.len() - 2);
        always(Answer::json(200, body))
    }),
    Fault::new("11", "empty body, 200", |_| always(Answer::json(200, ""))),
    Fault::new("12", "204 for 200", |_| always(Answer::without_body(204))),
    Fault::new("13", "HTML, 200", |_| always(Answer::html(200, bodies::page("Log in to the network")))),
    Fault::new("14", "JSON as text/html", |operation| always(Answer::html(200, bodies::good(operation).to_string()))),
    Fault::new("15", "HTML, 502", |_| always(Answer::html(502, bodies::page("Bad gateway")))),
    Fault::new("16", "HTML, 401", |_| always(Answer::html(401, bodies::page("Who are you")))),
    Fault::new("17a", "503, `Retry-After: 1`, then good", |operation| {
        once(busy(503).header("retry-after", "1"), operation)
    }),
    Fault::new("17b", "503, `Retry-After` as a date, then good", |operation| {
        once(busy(503).time("retry-after", 2), operation)
    }),
    Fault::new("17c", "503 without `Retry-After`", |_| always(busy(503))),
    Fault::new("18", "429 without `Retry-After`", |_| always(busy(429))),
    Fault::new("19", "429, `Retry-After: 1`, then good", |operation| {
        once(busy(429).header("retry-after", "1"), operation)
    }),
    Fault::new("20", "429, `Retry-After: 3600`", |_| always(busy(429).header("retry-after", "3600"))),
    Fault::new("21", "500 `ASPSP_ERROR`", |operation| {
        always(Answer::json(500, bodies::error(operation, 500, "ASPSP_ERROR")))
    }),
    Fault::new("22", "401 JSON, the clocks agree", |operation| {
        always(Answer::json(401, bodies::error(operation, 401, "UNAUTHORIZED_ACCESS")).time("date", 0))
    }),
    Fault::new("23a", "401, the service's clock is 120 s behind", |operation| skewed(-120, operation)),
    Fault::new("23b", "401, the service's clock is 120 s ahead", |operation| skewed(120, operation)),
    Fault::new("23c", "401, the service's clock is a day ahead", |operation| skewed(86_400, operation)),
    Fault::new("23d", "401 for a session, the service's clock is 120 s ahead", |operation| {
        always(Answer::json(401, bodies::error(operation, 401, "EXPIRED_SESSION")).time("date", 120))
    }),
    Fault::new("24", "422 with an unknown code", |operation| {
        always(Answer::json(422, bodies::error(operation, 422, "NEW_CODE")))
    }),
    Fault::new("25", "422 with a list for `detail`, no `message`", |_| always(detailed())),
    Fault::new("26a", "error body, 200", |operation| {
        always(Answer::json(200, bodies::error(operation, 422, "EXPIRED_SESSION")))
    }),
    Fault::new("26b", "`{}`, 200", |operation| match operation.is_delete() {
        true => Err("`{}` is a good answer: no key is required"),
        false => always(Answer::json(200, "{}")),
    }),
    Fault::new("26c", "`[]`, 200", |operation| match bodies::is_list(operation) {
        true => Err("`[]` is a good answer: the answer is a list"),
        false => always(Answer::json(200, "[]")),
    }),
    Fault::new("26d", "error body with an unknown code, 200", |operation| {
        always(Answer::json(200, bodies::error(operation, 409, "SESSION_LOCKED")))
    }),
    Fault::new("26e", "error body of 70 KiB, 200", |operation| {
        let mut body: Value =
            serde_json::from_slice(&bodies::error(operation, 422, "EXPIRED_SESSION")).expect("a body of ours is JSON");
        body["padding"] = "x".repeat(70 * 1024).into();
        always(Answer::json(200, body.to_string()))
    }),
    Fault::new("27a", "invalid UTF-8", |operation| always(Answer::json(200, damaged(operation, 0xff)))),
    Fault::new("27b", "invalid UTF-8 in an unknown field", |operation| {
        let mut body = bodies::beginning(operation, r#""x":"?""#);
        let mark = body.iter().position(|byte| *byte == b'?').expect("it is put there");
        body[mark] = 0xff;
        always(Answer::json(200, body))
    }),
    Fault::new("27c", "line break in a string", |operation| always(Answer::json(200, damaged(operation, b'\n')))),
    Fault::new("27d", "byte order mark", |operation| {
        always(Answer::json(200, format!("\u{feff}{}", bodies::good(operation))))
    }),
    Fault::new("27e", "text after the JSON", |operation| {
        always(Answer::json(200, format!("{}<!-- 3 ms -->", bodies::good(operation))))
    }),
    Fault::new("27f", "422 with invalid UTF-8", |operation| {
        let error = bodies::error(operation, 422, "EXPIRED_SESSION");
        always(Answer::json(422, [error.as_slice(), b"\xff"].concat()))
    }),
];
