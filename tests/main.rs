//! What is tested across crates. Everything here stays on this machine.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it needs by failing")]

mod aliases;
mod backends;
mod bank;
mod built;
mod calls;
mod cases;
mod clients;
mod control_panel;
mod errors;
mod examples;
mod examples_run;
mod examples_web;
mod leniency;
mod live;
mod messages;
mod mutations;
mod mutual_tls;
mod psu;
mod public;
mod redaction;
mod samples_over_http;
mod sandbox;
mod sandbox_current;
mod sandbox_payments;
mod sandbox_sign_in;
mod sandbox_webhooks;
mod transactions;
