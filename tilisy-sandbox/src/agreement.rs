//! Approval and denial on behalf of a PSU, of consents as of payments.

use crate::consent::{self, Unable};
use crate::pay;
use crate::state::World;

/// Approves what a link leads to as the bank's first user, and returns the address that the PSU comes back with.
pub(crate) fn approve(world: &World, link: &str) -> Option<String> {
    consent::agreed(world, link).or_else(|| pay::agreed(world, link))
}

/// Approves what a link leads to as a user of the bank: a consent to some accounts or all, a payment from one of them.
pub(crate) fn approve_as(world: &World, link: &str, user: &str, hashes: Option<&[String]>) -> Result<String, Unable> {
    match consent::agreed_as(world, link, user, hashes) {
        Err(Unable::Link) => pay::agreed_as(world, link, user, hashes),
        location => location,
    }
}

/// Denies what a link leads to, and returns the address that the PSU comes back with.
pub(crate) fn deny(world: &World, link: &str) -> Option<String> {
    consent::denied(world, link).or_else(|| pay::denied(world, link))
}
