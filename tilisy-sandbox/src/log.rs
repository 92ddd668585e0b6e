//! The log of requests, by which callers find out what became of theirs.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::extract::Request;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// The number of requests that are kept.
const KEPT: usize = 1_000;

/// A request, without its query, its headers and its body, and the outcome.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) id: Uuid,
    pub(crate) at: DateTime<Utc>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    /// The application that called, if it could be identified.
    pub(crate) application: Option<Uuid>,
    /// The session of a request about one.
    pub(crate) session: Option<Uuid>,
    pub(crate) error: Option<&'static str>,
}

impl Kept {
    /// Creates the record of a request that is not answered yet.
    pub(crate) fn new(request: &Request, id: Uuid, at: DateTime<Utc>) -> Self {
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        Self { id, at, method, path, status: 0, application: None, session: None, error: None }
    }
}

/// The last requests.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<VecDeque<Kept>>);

impl Log {
    pub(crate) fn keep(&self, request: Kept) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(request);
    }

    /// Returns the requests that fit, oldest first.
    pub(crate) fn shown(&self, fits: impl Fn(&Kept) -> bool) -> Vec<Value> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().filter(|request| fits(request)).map(shown).collect()
    }
}

fn shown(kept: &Kept) -> Value {
    json!({
        "request_id": kept.id,
        "time": kept.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "method": kept.method,
        "path": kept.path,
        "status": kept.status,
        "application_id": kept.application,
        "session_id": kept.session,
        "error": kept.error,
    })
}
