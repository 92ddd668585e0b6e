//! Ids of transactions for the details call: opaque, and good for one account.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;

use super::statement::{Row, Statement};
use crate::oddities::Oddities;
use crate::quirk::FRESH;

/// Returns the id of a transaction. Like those of the service, it may have characters that must be encoded in a path.
pub(super) fn write(statement: &Statement, row: Row) -> String {
    let content = match row {
        Row::Numbered { number, .. } => format!("n{number}"),
        Row::Passing { place, .. } => format!("p{place}.{}", statement.today.format("%Y%m%d")),
        Row::Added(number) => format!("a{number}"),
    };
    let seal = seal(statement, &content);
    URL_SAFE.encode(format!("{content}/{seal}"))
}

/// Returns the transaction with an id, if the account still has it.
pub(super) fn read(statement: &Statement, id: &str) -> Option<Row> {
    let id = id.split(FRESH).next()?;
    let text = String::from_utf8(URL_SAFE.decode(id).ok()?).ok()?;
    let (content, sealed) = text.split_once('/')?;
    if seal(statement, content) != sealed {
        return None;
    }
    // An id is found whatever the oddities of the request are: it was listed under others.
    let plain = Statement::new(Arc::clone(&statement.account), statement.today, Oddities::default());
    let everything = plain.matching(&super::statement::Filter::default());
    let row = match (content.get(..1)?, content.get(1..)?) {
        ("n", number) => {
            let number = number.parse().ok()?;
            let front = (0..everything.len().min(64)).map(|place| everything.row(place));
            let listed =
                front.into_iter().find(|row| matches!(row, Row::Numbered { number: own, .. } if *own == number));
            let history = statement.account.history()?;
            let is_booked = number >= history.first() && number <= history.last(statement.today);
            listed.or(is_booked.then_some(Row::Numbered { number, status: "BOOK" }))?
        }
        ("p", place) => {
            let (place, day) = place.split_once('.')?;
            let place = place.parse().ok().filter(|_| day == statement.today.format("%Y%m%d").to_string())?;
            let status = super::history::UNBOOKED.get(usize::try_from(place / 2).ok()?)?;
            Row::Passing { place, status }
        }
        ("a", number) => Row::Added(number.parse().ok().filter(|number| statement.entry(*number).is_some())?),
        _ => return None,
    };
    Some(row)
}

fn seal(statement: &Statement, content: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, statement.account.hash().as_bytes());
    let tag = hmac::sign(&key, content.as_bytes());
    tag.as_ref().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
