//! The results that each fault has to have with our clients.

use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use crate::bodies;
use crate::cell::fitting;
use crate::checks::Expected;
use crate::subject::Operation;
use crate::table::{Fault, Play};

const GOOD: &str = "good";
const NOT_SENT: &str = "NotSent";
const NO_WHOLE: &str = "NoWholeAnswer";
const API: &str = "Api";
const UNEXPECTED: &str = "Unexpected";

/// Returns the expected result of a cell; a fault that is not here fails.
pub(crate) fn expected(fault: &Fault, operation: Operation) -> Expected {
    let post = operation.is_post();
    let places = bodies::places(operation);
    // A request that is safe to repeat is sent three times.
    let repeated = if post { 1 } else { 3 };
    let is = |outcome, attempts| Expected {
        outcomes: vec![outcome],
        attempts: Some(attempts..=attempts),
        ..Expected::any()
    };
    // Refused once, and answered if the request is repeated after this time.
    let patient = |pause| match post {
        true => is(API, 1),
        false => Expected { pause: Duration::from_millis(pause), ..is(GOOD, 2) },
    };
    match fault.id {
        "1" | "7" => is(NOT_SENT, 3),
        // The reset may come before or after the first byte of the request.
        "2" => Expected { outcomes: vec![NOT_SENT, NO_WHOLE], attempts: Some(repeated..=3), ..Expected::any() },
        "3a" | "3b" | "3c" | "4a" | "4b" | "5" | "6" => is(NO_WHOLE, repeated),
        "8a" | "8b" | "9a" | "9b" => is(NOT_SENT, 1),
        "12" if operation.is_delete() => is(GOOD, 1),
        // In the first row of a list with nothing around it.
        "35" if bodies::is_list(operation) => Expected { keeps: vec!["row-2"], bad_rows: 1, ..is(GOOD, 1) },
        // Damage costs its row alone, and nothing where the API description lists no such property.
        "27b" | "27e" => Expected { bad_rows: 1, ..is(GOOD, 1) },
        "27a" | "27c" if is_damage_left_out(operation) => Expected { bad_rows: 1, ..is(GOOD, 1) },
        "27a" | "27c" => is(UNEXPECTED, 1),
        // Required lists of objects: an empty one would hide that there are some.
        "29a" if places.list == places.rows() => Expected { bad_rows: 1, ..is(GOOD, 1) },
        "29b" | "29c" => Expected { bad_rows: 1, ..is(GOOD, 1) },
        // A thousand are reported one by one, then the number of the others, and that the rest was not read.
        "40b" => Expected { bad_rows: 1_002, ..is(GOOD, 1) },
        "10" | "11" | "12" | "13" | "26b" | "26c" | "35" | "37" | "38a" | "38b" | "39" | "40a" => is(UNEXPECTED, 1),
        "15" | "17c" => is(API, repeated),
        // A quota is not restored within seconds, and the service does not say when it is.
        "18" => is(API, 1),
        "17a" => patient(1000),
        // A 429 is a refusal before processing. What is sent once is sent once, all the same.
        "19" if operation.is_single_use() => is(API, 1),
        "19" => Expected { pause: Duration::from_millis(1000), ..is(GOOD, 2) },
        // Dates have no fractions of a second.
        "17b" => patient(800),
        "16" | "20" | "21" | "22" | "23d" | "24" | "25" | "26a" | "26d" | "26e" | "27f" | "36b" => is(API, 1),
        // A code is spent by its first use, and a payment may be made twice.
        "23a" | "23b" | "23c" if operation.is_single_use() => is(API, 1),
        "23a" | "23b" | "23c" => is(GOOD, 2),
        "28" => Expected { keeps: vec!["INFO"], ..is(GOOD, 1) },
        // Written back as the API has it: as text, or as a number.
        "32" if operation.is_op() => Expected { keeps: vec![":10.10"], ..is(GOOD, 1) },
        "32" => Expected { keeps: vec!["\"10.10\""], ..is(GOOD, 1) },
        "33" if !places.row.is_empty() && places.required.starts_with(places.row) => {
            Expected { keeps: vec!["row-2"], bad_rows: 1, ..is(GOOD, 1) }
        }
        "33" => is(UNEXPECTED, 1),
        "14" | "27d" | "29a" | "30" | "31" | "34" | "36a" | "41a" | "43a" | "43b" => is(GOOD, 1),
        "41b" if post => is(NO_WHOLE, 1),
        "41b" => is(GOOD, 2),
        "42" => is("RepeatedPage", 2),
        "44" => match fault.play {
            Play::Crowd(size) => {
                Expected { tokens: Some(1), within: Duration::from_secs(60), ..is(GOOD, fitting(size)) }
            }
            _ => unreachable!("a crowd"),
        },
        other => unreachable!("nothing is expected of {other}"),
    }
}

/// Returns whether a response is decoded although its last text is damaged.
///
/// Damage in a list costs one row. A response that cannot be requested again is decoded with damaged text, which a UUID
/// cannot be.
fn is_damage_left_out(operation: Operation) -> bool {
    let good = bodies::good(operation);
    let last = good.as_object().and_then(|members| members.values().next_back());
    let is_id = || last.and_then(Value::as_str).is_some_and(|text| text.parse::<Uuid>().is_ok());
    last.is_none_or(Value::is_array) || operation.is_single_use() && !is_id()
}
