//! Tokens that were verified before.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

/// The number of tokens that are kept.
const KEPT: usize = 1_000;

/// A token whose signature and claims were verified, apart from the time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verified {
    pub(crate) application: Uuid,
    pub(crate) issued: i64,
    pub(crate) expires: i64,
}

/// The last tokens that were verified, by their text. Callers send one for many requests, and a signature costs more to
/// verify than the rest of a small request.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, Verified>>);

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    pub(crate) fn get(&self, token: &str) -> Option<Verified> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(token).copied()
    }

    pub(crate) fn keep(&self, token: &str, verified: Verified) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(token.to_owned(), verified);
    }
}
