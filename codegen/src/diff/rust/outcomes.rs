//! Effects of responses: enums by status, types of errors, and headers.

use std::collections::BTreeMap;

use super::super::report::Rust;
use super::effects::Effects;
use crate::api::{HeaderField, Operation, Outcome, Returns};
use crate::pointer::Pointer;

impl Effects<'_, '_> {
    /// Compares everything that the responses of an operation become.
    pub(super) fn outcomes(&mut self, was: &Operation, is: &Operation) {
        let name = &is.name;
        let successes = (self.base.successes(name), self.head.successes(name));
        let failures = (self.base.failures(name), self.head.failures(name));
        if was.errors.path() != is.errors.path() && !self.has_error_schema {
            let message = format!("errors of `{name}` are `{}`, no longer `{}`", is.errors.path(), was.errors.path());
            self.changed(Rust::Breaking, failures.clone(), message);
        }
        self.headers(was, is, &successes);
        self.variants((&was.returns, was.outcomes()), (&is.returns, is.outcomes()), successes);
        self.variants((&was.errors, was.error_outcomes()), (&is.errors, is.error_outcomes()), failures);
    }

    fn headers(&mut self, was: &Operation, is: &Operation, (base, head): &(Vec<Pointer>, Vec<Pointer>)) {
        let fields = |operation: &Operation| -> BTreeMap<String, HeaderField> {
            let headers = operation.headers.iter();
            let fields = headers.flat_map(|headers| {
                headers.fields.iter().map(|field| (format!("{}.{}", headers.name, field.name), field.clone()))
            });
            fields.collect()
        };
        let places = |responses: &[Pointer], field: &HeaderField| -> Vec<Pointer> {
            responses.iter().map(|response| response.join(["headers", field.wire.as_str()])).collect()
        };
        let (old, new) = (fields(was), fields(is));
        for (name, was) in &old {
            let Some(is) = new.get(name) else {
                self.removed(places(base, was), false, format!("the field `{name}` is gone"));
                continue;
            };
            let places = (places(base, was), places(head, is));
            if was.ty.path() != is.ty.path() {
                let message = format!("the field `{name}` is `{}`, no longer `{}`", is.ty.path(), was.ty.path());
                self.changed(Rust::Breaking, places, message);
            } else if was.wire != is.wire {
                self.changed(Rust::Docs, places, format!("the field `{name}` is read from another header"));
            } else if was.docs != is.docs {
                self.changed(Rust::Docs, places, format!("the documentation of `{name}` changes"));
            }
        }
        for (name, is) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            self.added(Rust::Additive, places(head, is), false, format!("the field `{name}` is new"));
        }
    }

    /// Compares the variants of an enum by status that both methods have.
    fn variants(
        &mut self,
        (was, old): (&Returns, Vec<Outcome<'_>>),
        (is, new): (&Returns, Vec<Outcome<'_>>),
        (base, head): (Vec<Pointer>, Vec<Pointer>),
    ) {
        let Returns::ByStatus(name) = is else { return };
        if was != is {
            return;
        }
        let variants = |outcomes: Vec<Outcome<'_>>| -> BTreeMap<_, _> {
            let variant = |outcome: &Outcome<'_>| (outcome.variant(), outcome.body.map(|(_, ty)| ty.path()));
            outcomes.iter().map(variant).collect()
        };
        let (old, new) = (variants(old), variants(new));
        for (variant, ty) in &old {
            match new.get(variant) {
                None => {
                    self.removed(base.clone(), false, format!("the variant `{name}::{variant}` is gone"));
                }
                Some(other) if other != ty => {
                    let places = (base.clone(), head.clone());
                    self.changed(Rust::Breaking, places, format!("the variant `{name}::{variant}` has another type"));
                }
                Some(_) => {}
            }
        }
        for variant in new.keys().filter(|variant| !old.contains_key(*variant)) {
            self.added(Rust::Additive, head.clone(), false, format!("the variant `{name}::{variant}` is new"));
        }
    }
}
