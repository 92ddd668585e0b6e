//! Payments: the rules for their requests, their statuses over time, and the webhooks that report them.

pub(crate) mod exchange;
pub(crate) mod life;
pub(crate) mod offers;
pub(crate) mod payment;
pub(crate) mod rules;
pub(crate) mod store;
pub(crate) mod webhook;
