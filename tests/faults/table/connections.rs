//! Faults of the way to the server and back, and of what is asked of a client.

use std::time::Duration;

use super::{Counts, Fault, Load, Play, Stage, plain, tls};
use crate::answer::{Answer, End};
use crate::bodies;
use crate::server::{Act, Place};
use crate::subject::Operation;
use crate::tls::{Identity, Refusal};

/// The good answer of an operation.
pub(super) fn good(operation: Operation) -> Answer {
    Answer::json(200, bodies::good(operation).to_string())
}

fn fine(operation: Operation) -> Act {
    Act::Fine(good(operation))
}

/// No fault, in the clear and over TLS: what shows that a cell fails for its fault alone.
#[cfg(test)]
pub(super) const NONE: &[Fault] = &[
    Fault::new("0a", "none", |operation| plain([fine(operation)])),
    Fault::new("0b", "none, over TLS", |operation| tls(Identity::Good, [fine(operation)])),
];

/// Rows 1 to 9.
pub(super) const BEFORE: &[Fault] = &[
    Fault::new("1", "connection refused", |_| Ok(Stage::Server(Place::Closed, vec![Act::Close])))
        .counts(Counts::LookUps),
    Fault::new("2", "accept, then reset", |_| plain([Act::ResetOnAccept])).counts(Counts::Connections),
    Fault::new("3a", "close after the request", |_| plain([Act::Close])),
    Fault::new("3b", "half close after the request", |_| plain([Act::HalfClose])),
    Fault::new("3c", "reset after the request", |_| plain([Act::Reset])),
    Fault::new("4a", "reset in the middle of the body", |operation| {
        plain([Act::Answer(good(operation).cut(End::Reset))])
    }),
    Fault::new("4b", "close in the middle of the body", |operation| {
        plain([Act::Answer(good(operation).cut(End::Close))])
    }),
    Fault::new("5", "no answer", |_| plain([Act::Silence])),
    Fault::new("6", "one byte of the body in 100 ms", |operation| {
        plain([Act::Answer(good(operation).dripping(Duration::from_millis(100)))])
    }),
    Fault::new("7", "no such host", |_| Ok(Stage::NoHost)).counts(Counts::LookUps),
    Fault::new("8a", "self-signed certificate", |operation| tls(Identity::SelfSigned, [fine(operation)]))
        .counts(Counts::Connections),
    Fault::new("8b", "certificate of another host", |operation| tls(Identity::OtherHost, [fine(operation)]))
        .counts(Counts::Connections),
    Fault::new("9a", "no TLS above 1.1, by an alert", |_| {
        Ok(Stage::Server(Place::OldTls(Refusal::Alert), vec![Act::Close]))
    })
    .counts(Counts::Connections),
    Fault::new("9b", "no TLS above 1.1, by its hello", |_| {
        Ok(Stage::Server(Place::OldTls(Refusal::Hello), vec![Act::Close]))
    })
    .counts(Counts::Connections),
];

/// Rows 37 to 44.
pub(super) const AFTER: &[Fault] = &[
    Fault::new("37", "11 MB of headers", |_| plain([Act::Headers(11 * 1024 * 1024)])),
    Fault::new("38a", "redirect 302 to another host", |_| plain([Act::Redirect(302)])),
    Fault::new("38b", "redirect 307 to another host", |_| plain([Act::Redirect(307)])),
    Fault::new("39", "gzip of 400 MiB", |_| {
        plain([Act::Answer(Answer::json(200, bodies::bomb(400)).header("content-encoding", "gzip"))])
    })
    .load(Load::Measured),
    Fault::new("40a", "400 MiB in chunks", |_| plain([Act::Answer(Answer::spaces(400 * 1024 * 1024))]))
        .load(Load::Measured),
    Fault::new("40b", "4 MiB of rows that are numbers", |operation| match bodies::places(operation).row {
        "" => Err("the answer has no rows that must be objects"),
        _ => plain([Act::Answer(Answer::json(200, bodies::rows(operation, 2 * 1024 * 1024)))]),
    })
    .load(Load::Measured),
    Fault::new("41a", "kept connection closed between two calls", |operation| {
        plain([Act::Closing(good(operation)), fine(operation)])
    })
    .play(Play::AfterAnother),
    Fault::new("41b", "kept connection closed at the second call", |operation| {
        plain([fine(operation), Act::Close, fine(operation)])
    })
    .play(Play::AfterAnother),
    Fault::new("42", "repeated continuation key", |operation| match bodies::has_pages(operation) {
        true => plain([Act::Answer(Answer::json(200, bodies::repeated_page(operation)))]),
        false => Err("the answer has no pages"),
    })
    .play(Play::Pages),
    Fault::new("43a", "dropped before the answer", |operation| plain([Act::Silence, fine(operation)]))
        .play(Play::Dropped),
    Fault::new("43b", "dropped in the middle of the body", |operation| {
        plain([Act::Answer(good(operation).cut(End::Silence)), fine(operation)])
    })
    .play(Play::Dropped),
    Fault::new("44", "1,000 first calls at once", |operation| plain([fine(operation)]))
        .play(Play::Crowd(1000))
        .load(Load::Heavy),
];
