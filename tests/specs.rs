//! What our specs make, without a word of the client's own types.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it needs by failing")]

mod budget;
mod freshness;
mod migration;
mod readme;
mod schemas;
