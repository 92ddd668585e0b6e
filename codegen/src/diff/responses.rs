//! Responses and callbacks.

use std::collections::BTreeMap;

use super::directions::Directions;
use super::graph::Kind;
use super::operations::MAX_CALLBACKS;
use super::quote::quoted;
use super::report::Wire;
use super::revision::Revision;
use super::rules;
use super::verdicts::Verdicts;
use super::walk::Walk;
use crate::spec::{NodeRef, Operation};

impl<'a> Walk<'a> {
    pub(super) fn responses(&mut self, old: &NodeRef<'a>, new: &NodeRef<'a>, directions: Directions) {
        let was: BTreeMap<_, _> = old.members().collect();
        let is: BTreeMap<_, _> = new.members().collect();
        let (mut gone, mut fresh) = (Vec::new(), Vec::new());
        for (status, place) in &was {
            match is.get(status) {
                Some(other) => {
                    self.edge(Kind::Response, self.base.resolve(place), self.head.resolve(other), directions)
                }
                None => gone.push((*status, place.clone())),
            }
        }
        fresh.extend(
            is.iter().filter(|(status, _)| !was.contains_key(*status)).map(|(status, place)| (*status, place.clone())),
        );
        // A status that a range or the default stands for now, or no longer, is described elsewhere.
        let mut moved = Vec::new();
        for (status, place) in &gone {
            if let Some((other, covering)) = cover(status, &is) {
                moved.push((*status, other, place.clone(), covering.clone()));
            }
        }
        for (status, place) in &fresh {
            if let Some((other, covering)) = cover(status, &was) {
                moved.push((other, *status, covering.clone(), place.clone()));
            }
        }
        let succeeded = was.keys().any(|status| is_success(status, &was));
        let succeeds = is.keys().any(|status| is_success(status, &is));
        for (from, to, base, head) in &moved {
            let message = format!("the status {from} is described as {to}");
            let is_lost = is_success(from, &was) && !succeeds;
            let is_gained = is_success(to, &is) && !succeeded;
            let rule = match (is_lost, is_gained) {
                (true, _) => &rules::SUCCESS_STATUS_REMOVED,
                (_, true) => &rules::SUCCESS_STATUS_ADDED,
                _ => &rules::STATUS_RANGE_CHANGED,
            };
            let (old, new) = (self.base.resolve(base), self.head.resolve(head));
            // A default says little about a single error, and services differ in what they send for one.
            let are_errors = !is_success(from, &was) && !is_success(to, &is) && [*from, *to].contains(&"default");
            match self.other_body(&old, &new).filter(|_| are_errors) {
                // What clients do about an error depends on its status first.
                Some((differs, verdicts)) => {
                    let verdicts = Verdicts::of(rule).worse(verdicts.at_most(Wire::Potential), Directions::BOTH);
                    let message = format!("{message}, {differs}");
                    self.judged(rule, Some(base), Some(head), message, (directions, verdicts));
                }
                None => {
                    self.change(rule, Some(base), Some(head), message, directions);
                    self.edge(Kind::Response, old, new, directions);
                }
            }
        }
        for (status, place) in gone.iter().filter(|(status, _)| !moved.iter().any(|(from, ..)| from == status)) {
            let rule =
                if is_success(status, &was) { &rules::SUCCESS_STATUS_REMOVED } else { &rules::ERROR_STATUS_REMOVED };
            self.change(rule, Some(place), None, format!("the status {status} is gone"), directions);
        }
        for (status, place) in fresh.iter().filter(|(status, _)| !moved.iter().any(|(_, to, ..)| to == status)) {
            let rule = if is_success(status, &is) { &rules::SUCCESS_STATUS_ADDED } else { &rules::ERROR_STATUS_ADDED };
            self.change(rule, None, Some(place), format!("the status {status} is new"), directions);
        }
        let extensions = |place: &NodeRef<'a>| -> Vec<&'a str> { place.members().map(|(key, _)| key).collect() };
        let handled: Vec<_> = extensions(old).into_iter().chain(extensions(new)).collect();
        self.rest(&old.into(), &new.into(), &handled);
    }

    /// The difference between the bodies of two responses, in words, with its verdicts. `None` if both have bodies of one
    /// schema, or none.
    fn other_body(&mut self, old: &NodeRef<'a>, new: &NodeRef<'a>) -> Option<(String, Verdicts)> {
        let body =
            |response: &NodeRef<'a>| response.get("content").children().next().map(|(_, media)| media.get("schema"));
        let (was, is) = match (body(old), body(new)) {
            (Some(was), Some(is)) => (was, is),
            (Some(_), None) => {
                return Some(("without a body".to_owned(), Verdicts::of(&rules::MEDIA_TYPE_REMOVED)));
            }
            (None, Some(_)) => return Some(("with a body".to_owned(), Verdicts::of(&rules::MEDIA_TYPE_ADDED))),
            (None, None) => return None,
        };
        if self.base.schema(&was).core.pointer == self.head.schema(&is).core.pointer {
            return None;
        }
        let found = self.speculate(&was, &is).filter(|found| !found.is_equal())?;
        let some: Vec<_> = found.messages.iter().take(3).map(String::as_str).collect();
        let more = match found.messages.len() - some.len() {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        Some((format!("with another body: {}{more}", some.join("; ")), found.verdicts))
    }

    /// Compares the calls that the service makes: what it sends goes the other way.
    pub(super) fn callbacks(
        &mut self,
        old: &NodeRef<'a>,
        new: &NodeRef<'a>,
        directions: (Directions, Directions),
        depth: usize,
    ) {
        if depth == 0 {
            return self.note("callbacks", old, new);
        }
        let was: BTreeMap<_, _> = old.children().collect();
        let is: BTreeMap<_, _> = new.children().collect();
        for (name, was) in &was {
            match is.get(name) {
                Some(is) => self.callback(&self.base.resolve(was), &self.head.resolve(is), directions, depth),
                None => {
                    let message = format!("the callback `{name}` is gone");
                    self.change(&rules::CALLBACK_REMOVED, Some(was), None, message, Directions::BOTH);
                }
            }
        }
        for (name, is) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
            self.change(
                &rules::CALLBACK_ADDED,
                None,
                Some(is),
                format!("the callback `{name}` is new"),
                Directions::BOTH,
            );
        }
    }

    fn callback(&mut self, old: &NodeRef<'a>, new: &NodeRef<'a>, directions: (Directions, Directions), depth: usize) {
        let was: BTreeMap<_, _> = self.calls(true, old);
        let mut is: BTreeMap<_, _> = self.calls(false, new);
        for (key, was) in was {
            match is.remove(&key) {
                Some(is) => {
                    self.call("the callback", &was, &is, directions);
                    let inner = (was.node.get("callbacks"), is.node.get("callbacks"));
                    self.callbacks(&inner.0, &inner.1, (directions.1, directions.0), depth - 1);
                }
                None => {
                    let message = format!("the callback {} is gone", was.name());
                    self.change(&rules::CALLBACK_REMOVED, Some(&was.node), None, message, Directions::BOTH);
                }
            }
        }
        for is in is.into_values() {
            let message = format!("the callback {} is new", is.name());
            self.change(&rules::CALLBACK_ADDED, None, Some(&is.node), message, Directions::BOTH);
        }
    }

    /// Compares a call that the service makes with its revision.
    fn call(&mut self, what: &str, was: &Operation<'a>, is: &Operation<'a>, directions: (Directions, Directions)) {
        self.exchange(was, is, directions);
        self.deprecated(what, &was.node, &is.node);
        let handled =
            ["parameters", "requestBody", "responses", "operationId", "callbacks", "deprecated", "security", "servers"];
        self.rest(&(&was.node).into(), &(&is.node).into(), &handled);
    }

    /// Compares the calls that the service makes by itself.
    pub(super) fn webhooks(&mut self) {
        let calls = |revision: &Revision<'a>| -> BTreeMap<String, Operation<'a>> {
            let items = revision.root().get("x-webhooks").children().collect::<Vec<_>>();
            let operations = items.into_iter().flat_map(|(name, item)| revision.operations_of(name, &item));
            operations.map(|operation| (operation.name(), operation)).collect()
        };
        let (was, mut is) = (calls(&self.base), calls(&self.head));
        for (name, was) in was {
            self.start(format!("webhook {name}"));
            match is.remove(&name) {
                Some(is) => self.call("the webhook", &was, &is, (Directions::RESPONSE, Directions::REQUEST)),
                None => {
                    let message = format!("the webhook {} is gone", quoted(&name));
                    self.change(&rules::WEBHOOK_REMOVED, Some(&was.node), None, message, Directions::BOTH);
                }
            }
        }
        for (name, is) in is {
            self.start(format!("webhook {name}"));
            let message = format!("the webhook {} is new", quoted(&name));
            self.change(&rules::WEBHOOK_ADDED, None, Some(&is.node), message, Directions::BOTH);
        }
        self.leave();
    }

    /// Compares the callbacks among the components, whether an operation uses them or not.
    pub(super) fn callback_components(&mut self) {
        let head = self.head.components("callbacks");
        for (name, was) in self.base.components("callbacks").children() {
            let is = head.get(name);
            if [&was, &is].iter().all(|place| place.exists() && !place.has("$ref")) {
                self.callback(&was, &is, (Directions::RESPONSE, Directions::REQUEST), MAX_CALLBACKS);
            }
        }
    }

    /// The operations of a callback, by method and URL.
    fn calls(&self, is_base: bool, callback: &NodeRef<'a>) -> BTreeMap<String, Operation<'a>> {
        let revision = if is_base { &self.base } else { &self.head };
        let operations = callback.members().flat_map(|(url, item)| revision.operations_of(url, &item));
        operations.map(|operation| (operation.name(), operation)).collect()
    }
}

/// The response that applies to a status without one of its own: that of its range, or else the default.
fn cover<'s, 'a>(status: &str, all: &'s BTreeMap<&'a str, NodeRef<'a>>) -> Option<(&'a str, &'s NodeRef<'a>)> {
    let is_range = |other: &str| other.get(1..).is_some_and(|rest| rest.eq_ignore_ascii_case("xx"));
    let is_within = |other: &&str| *other != status && other.get(..1) == status.get(..1);
    if is_range(status) && all.keys().any(is_within) {
        // The range is compared as its members.
        return None;
    }
    let range = all.iter().find(|(other, _)| is_range(other) && other.get(..1) == status.get(..1));
    let found = range.or_else(|| all.get_key_value("default")).filter(|(other, _)| **other != status);
    found.map(|(other, place)| (*other, place))
}

/// Returns whether a status is one of success. The default is if there is no other one.
fn is_success(status: &str, all: &BTreeMap<&str, NodeRef<'_>>) -> bool {
    let is_plain = |status: &str| status.starts_with('2') || status.starts_with('3');
    is_plain(status) || status == "default" && !all.keys().any(|status| is_plain(status))
}
