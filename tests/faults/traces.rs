//! Everything that anything in this process traces, looked through for canaries.

use std::fmt::{Debug, Write};
use std::sync::{Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::canary::Search;

/// What was traced so far.
static TRACED: Mutex<Option<Search>> = Mutex::new(None);

struct Listener;

/// Listens from now on, for canaries and for these.
pub(crate) fn listen(secrets: impl IntoIterator<Item = (&'static str, String)>) {
    let mut traced = TRACED.lock().unwrap_or_else(PoisonError::into_inner);
    if traced.is_none() {
        *traced = Some(Search::new(secrets));
        tracing::subscriber::set_global_default(Listener).expect("nobody else listens");
    }
}

/// How much was traced so far, in bytes, and what of it should not have been.
pub(crate) fn heard() -> (usize, Vec<&'static str>) {
    let mut traced = TRACED.lock().unwrap_or_else(PoisonError::into_inner);
    traced.as_mut().map_or((0, Vec::new()), |search| (search.total, search.found_so_far()))
}

struct Fields<'a>(&'a mut Search);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.bytes = 0;
        let _ = writeln!(self.0, " {field}={value:?}");
    }
}

fn write(record: impl FnOnce(&mut Fields<'_>)) {
    if let Some(search) = TRACED.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
        record(&mut Fields(search));
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        write(|fields| span.record(fields));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        write(|fields| values.record(fields));
    }

    fn event(&self, event: &Event<'_>) {
        write(|fields| event.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
