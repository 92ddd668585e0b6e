//! A comparison in progress.
//!
//! Each pair of parts is compared once, however often it is used. The files beside this one compare one kind of part
//! each, record changes, and name the pairs that are to be compared next.

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use super::directions::Directions;
use super::graph::{Change, Kind, PairGraph};
use super::reach::Reach;
use super::revision::Revision;
use super::rules::{self, Rule};
use super::speculation::{Speculation, Speculations};
use super::verdicts::Verdicts;
use crate::pointer::Pointer;
use crate::spec::NodeRef;

/// The number of pairs of schemas beyond one for each schema. If a revision wires its schemas in a new way, each schema
/// may meet each other one, and the number of pairs would grow with the square of the number of schemas.
const MAX_CROSSED: usize = 20_000;

/// A comparison in progress.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) base: Revision<'a>,
    pub(super) head: Revision<'a>,
    pub(super) graph: PairGraph,
    open: VecDeque<(usize, Kind, NodeRef<'a>, NodeRef<'a>)>,
    /// The node that changes are recorded for.
    current: usize,
    /// The node that stands for the pairs that are too many, and their number.
    skipped: Option<(usize, usize)>,
    speculations: Speculations,
    /// The schemas of cases that a finding names, so that they are no findings of their own.
    pub(super) mentioned: HashSet<Pointer>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(base: Revision<'a>, head: Revision<'a>) -> Self {
        Self {
            base,
            head,
            graph: PairGraph::new(),
            open: VecDeque::new(),
            current: PairGraph::OUTSIDE,
            skipped: None,
            speculations: Speculations::new(),
            mentioned: HashSet::new(),
        }
    }

    /// Records what follows for an operation.
    pub(super) fn start(&mut self, name: String) {
        self.current = self.graph.add_operation(name);
    }

    /// Records what follows for the current operation under another name as well.
    pub(super) fn start_another(&mut self, name: String) {
        self.graph.roots.push((self.current, name));
    }

    /// Records what follows for a pair of schemas.
    pub(super) fn enter(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        self.current = self.graph.pair(Kind::Schema, base, head).unwrap_or(PairGraph::OUTSIDE);
    }

    /// Records what follows for no operation.
    pub(super) fn leave(&mut self) {
        self.current = PairGraph::OUTSIDE;
    }

    /// Compares all pairs that are open, and those that they lead to.
    pub(super) fn finish(&mut self) {
        while let Some((node, kind, base, head)) = self.open.pop_front() {
            if self.is_speculative() && !self.speculations.take_pair() {
                break;
            }
            self.current = node;
            match kind {
                Kind::Schema => self.schemas(&base, &head),
                Kind::Parameter => self.parameter(&base, &head),
                Kind::Body => self.body(&base, &head),
                Kind::Response => self.response(&base, &head),
                Kind::Header => self.header(&base, &head),
            }
        }
        self.leave();
    }

    /// Uses a pair, which is compared unless it has been met before.
    pub(super) fn edge(&mut self, kind: Kind, base: NodeRef<'a>, head: NodeRef<'a>, directions: Directions) {
        let node = match self.graph.pair(kind, &base, &head) {
            Some(known) => known,
            None if kind == Kind::Schema && self.is_one_too_many(&base, &head) => self.skip(),
            None => {
                let added = self.graph.add_pair(kind, &base, &head);
                self.open.push_back((added, kind, base, head));
                added
            }
        };
        self.graph.add_edge(self.current, node, directions);
    }

    fn is_one_too_many(&self, base: &NodeRef<'a>, head: &NodeRef<'a>) -> bool {
        self.graph.crossed() >= MAX_CROSSED && self.graph.would_cross(base, head)
    }

    fn skip(&mut self) -> usize {
        let (node, count) = self.skipped.unwrap_or_else(|| (self.graph.add_node(), 0));
        self.skipped = Some((node, count + 1));
        node
    }

    /// Records that pairs were skipped.
    pub(super) fn report_skipped(&mut self) {
        let Some((node, count)) = self.skipped else { return };
        self.current = node;
        let (base, head) = (self.base.components("schemas"), self.head.components("schemas"));
        let message =
            format!("{count} uses of a schema in place of another one are not compared, since there are too many");
        self.changed(&rules::OTHER_CHANGED, &base, &head, message);
        self.leave();
    }

    /// Returns whether two schemas have been met as revisions of one.
    pub(super) fn are_paired(&self, base: &NodeRef<'a>, head: &NodeRef<'a>) -> bool {
        self.graph.pair(Kind::Schema, base, head).is_some()
    }

    /// Returns whether the comparison is only made to find out how much two schemas differ.
    pub(super) fn is_speculative(&self) -> bool {
        self.speculations.is_nested()
    }

    /// Compares two schemas without recording changes. Returns `None` if that would take too long.
    pub(super) fn speculate(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) -> Option<Rc<Speculation>> {
        if self.speculations.is_too_deep() {
            return None;
        }
        let key = (base.key(), head.key());
        if let Some(known) = self.speculations.known.get(&key) {
            return Some(known.clone());
        }
        if self.speculations.is_exhausted() {
            return None;
        }
        let mut walk = Walk::new(self.base.clone(), self.head.clone());
        walk.speculations = self.speculations.nested();
        walk.start(String::new());
        walk.schema(base, head, Directions::BOTH);
        walk.finish();
        // Pairs that were skipped may differ more than those that were compared.
        if self.speculations.is_exhausted() || walk.skipped.is_some() {
            return None;
        }
        let speculation = Rc::new(walk.differences());
        self.speculations.known.insert(key, speculation.clone());
        Some(speculation)
    }

    fn differences(&self) -> Speculation {
        let reach = Reach::new(&self.graph);
        let mut verdicts = Verdicts::NONE;
        let mut messages = Vec::new();
        for (nth, node) in self.graph.nodes.iter().enumerate() {
            let reached = reach.of(nth).directions();
            for change in &node.changes {
                verdicts = verdicts.worse(change.verdicts, change.directions.intersection(reached));
                messages.push((change.verdicts.request.min(change.verdicts.response), change.message.clone()));
            }
        }
        messages.sort();
        messages.dedup();
        Speculation { verdicts, messages: messages.into_iter().map(|(_, message)| message).collect() }
    }

    pub(super) fn change(
        &mut self,
        rule: &'static Rule,
        base: Option<&NodeRef<'a>>,
        head: Option<&NodeRef<'a>>,
        message: String,
        directions: Directions,
    ) {
        self.judged(rule, base, head, message, (directions, Verdicts::of(rule)));
    }

    /// Records a change whose verdicts depend on the parts that it consists of.
    pub(super) fn judged(
        &mut self,
        rule: &'static Rule,
        base: Option<&NodeRef<'a>>,
        head: Option<&NodeRef<'a>>,
        message: String,
        (directions, verdicts): (Directions, Verdicts),
    ) {
        let pointer = |place: &NodeRef<'a>| -> Pointer { place.pointer.clone() };
        let change = Change { rule, base: base.map(pointer), head: head.map(pointer), message, directions, verdicts };
        self.graph.add_change(self.current, change);
    }

    /// Records a change of a part that both revisions have.
    pub(super) fn changed(&mut self, rule: &'static Rule, base: &NodeRef<'a>, head: &NodeRef<'a>, message: String) {
        self.change(rule, Some(base), Some(head), message, Directions::BOTH);
    }

    /// Records a change from one value to another, either of which may be missing.
    pub(super) fn replaced(&mut self, rule: &'static Rule, what: &str, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        self.changed(rule, base, head, format!("{what} {}", base.change(head)));
    }
}
