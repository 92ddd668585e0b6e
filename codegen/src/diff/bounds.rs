//! Bounds of numbers, lengths and counts, and patterns.

use std::collections::BTreeSet;

use super::directions::Directions;
use super::quote::quoted;
use super::report::Wire;
use super::rules::{self, Rule};
use super::values::Listed;
use super::verdicts::Verdicts;
use super::walk::Walk;
use crate::read::NodeValue;
use crate::spec::{FlattenedSchema, NodeRef};

/// Bounds from above, and bounds from below.
const BOUNDS: &[(&str, bool)] = &[
    ("maximum", true),
    ("minimum", false),
    ("maxLength", true),
    ("minLength", false),
    ("maxItems", true),
    ("minItems", false),
    ("maxProperties", true),
    ("minProperties", false),
];

/// The bound of one side that takes the fewest values.
#[derive(Debug)]
struct Limit<'a> {
    place: NodeRef<'a>,
    value: f64,
    /// `true` if the value itself is excluded.
    strict: bool,
    /// `true` if the description excludes its value, which is the next whole number for integers.
    says_exclusive: bool,
}

impl Limit<'_> {
    /// The values within the bound, such as `more than 0`.
    fn range(&self, is_upper: bool) -> String {
        let value = self.place.value();
        let range = match (self.says_exclusive, is_upper) {
            (true, true) => format!("less than {value}"),
            (true, false) => format!("more than {value}"),
            (false, true) => format!("{value} or less"),
            (false, false) => format!("{value} or more"),
        };
        quoted(&range)
    }
}

impl<'a> Walk<'a> {
    pub(super) fn bounds(
        &mut self,
        (base, head): (&NodeRef<'a>, &NodeRef<'a>),
        old: &FlattenedSchema<'a>,
        new: &FlattenedSchema<'a>,
        listed: Option<&Listed>,
    ) {
        let is_whole = self.base.kind(base) == "integer" && self.head.kind(head) == "integer";
        for (key, is_upper) in BOUNDS {
            let limits = (limit(old, key, *is_upper, is_whole), limit(new, key, *is_upper, is_whole));
            let is_implied = |limit: &Limit<'a>, is_new: bool| {
                let is_within =
                    |listed: &&Listed| listed.is_new != is_new && listed.is_within(key, limit.value, limit.strict);
                listed.filter(is_within).is_some()
            };
            match limits {
                (None, None) => {}
                (None, Some(is)) if is_implied(&is, true) => {}
                (Some(was), None) if is_implied(&was, false) => {}
                (None, Some(is)) => self.bound(&rules::BOUND_SET, (key, *is_upper), (None, Some(&is)), (old, new)),
                (Some(was), None) => {
                    self.bound(&rules::BOUND_DROPPED, (key, *is_upper), (Some(&was), None), (old, new));
                }
                (Some(was), Some(is)) if was.value == is.value && was.strict == is.strict => {
                    // Beyond 2^53, numbers that are near each other are the same float.
                    if was.place.value() != is.place.value() && was.value.abs() >= 9e15 {
                        self.bound(&rules::CONSTRAINT_CHANGED, (key, *is_upper), (Some(&was), Some(&is)), (old, new));
                    }
                }
                (Some(was), Some(is)) => {
                    let is_tighter =
                        if was.value == is.value { is.strict } else { (is.value < was.value) == *is_upper };
                    let rule = if is_tighter { &rules::BOUND_TIGHTENED } else { &rules::BOUND_LOOSENED };
                    self.bound(rule, (key, *is_upper), (Some(&was), Some(&is)), (old, new));
                }
            }
        }
        for key in ["multipleOf", "pattern", "uniqueItems", "not"] {
            self.constraint(key, &old.merged(key), &new.merged(key), listed);
        }
    }

    /// Records a change of a bound. A bound that excludes its value is described in words, since the number alone may
    /// stay the same.
    fn bound(
        &mut self,
        rule: &'static Rule,
        (key, is_upper): (&str, bool),
        (was, is): (Option<&Limit<'a>>, Option<&Limit<'a>>),
        (old, new): (&FlattenedSchema<'a>, &FlattenedSchema<'a>),
    ) {
        let place = |limit: Option<&Limit<'a>>, all: &FlattenedSchema<'a>| {
            limit.map_or_else(|| all.get(key), |limit| limit.place.clone())
        };
        let (base, head) = (place(was, old), place(is, new));
        if [was, is].into_iter().flatten().all(|limit| !limit.says_exclusive) {
            return self.replaced(rule, &format!("`{key}`"), &base, &head);
        }
        let range = |limit: Option<&Limit<'a>>| limit.map(|limit| limit.range(is_upper));
        let message = match (range(was), range(is)) {
            (Some(was), Some(is)) => format!("`{key}` is {is}, no longer {was}"),
            (None, Some(is)) => format!("`{key}` is {is}, no longer unlimited"),
            (Some(was), None) => format!("`{key}` is no longer {was}"),
            (None, None) => return,
        };
        self.changed(rule, &base, &head, message);
    }

    /// Compares what counts as often as it is said.
    fn constraint(&mut self, key: &str, was: &NodeRef<'a>, is: &NodeRef<'a>, listed: Option<&Listed>) {
        let old: BTreeSet<_> = said(was).map(|place| self.base.meaning(&place)).collect();
        let new: BTreeSet<_> = said(is).map(|place| self.head.meaning(&place)).collect();
        let rule = match (old.is_subset(&new), new.is_subset(&old)) {
            (true, true) => return,
            // Multiples of a number, all of which the list of values has.
            _ if key == "multipleOf"
                && listed.is_some_and(|listed| {
                    let (of, other) = if listed.is_new { (was, is) } else { (is, was) };
                    !other.exists() && number(of).is_some_and(|of| listed.has_multiples(|value| is_multiple(value, of)))
                }) =>
            {
                return;
            }
            (true, false) if old.is_empty() => &rules::BOUND_SET,
            (true, false) => &rules::BOUND_TIGHTENED,
            (false, true) if new.is_empty() => &rules::BOUND_DROPPED,
            (false, true) => &rules::BOUND_LOOSENED,
            (false, false) => match (number(was), number(is)) {
                (Some(before), Some(after)) if is_multiple(after, before) => &rules::BOUND_TIGHTENED,
                (Some(before), Some(after)) if is_multiple(before, after) => &rules::BOUND_LOOSENED,
                _ => &rules::CONSTRAINT_CHANGED,
            },
        };
        let mut verdicts = Verdicts::of(rule);
        if key == "pattern" {
            // Patterns describe values more often than they limit them: whether one is set, changed or dropped.
            verdicts = verdicts.at_most(Wire::Potential);
        }
        let message = format!("`{key}` {}", was.change(is));
        self.judged(rule, Some(was), Some(is), message, (Directions::BOTH, verdicts));
    }
}

/// A place and all others that say the same key, those without effect left out.
fn said<'s, 'a>(place: &'s NodeRef<'a>) -> impl Iterator<Item = NodeRef<'a>> + 's {
    let all = [place].into_iter().chain(&place.more);
    all.filter(|place| place.node.is_some_and(|node| node.as_bool() != Some(false))).cloned()
}

/// The tightest of all bounds of a kind.
fn limit<'a>(layers: &FlattenedSchema<'a>, key: &str, is_upper: bool, is_whole: bool) -> Option<Limit<'a>> {
    let exclusive = match key {
        "maximum" => "exclusiveMaximum",
        "minimum" => "exclusiveMinimum",
        _ => "",
    };
    let limits = layers.0.iter().filter_map(|layer| {
        let place = layer.get(key);
        let value = number(&place)?;
        let strict = layer.flag(exclusive);
        // Of whole numbers, what is below 11 is up to 10.
        let is_on = value.fract() == 0.0;
        let value = match (is_whole, is_upper) {
            (false, _) => return Some(Limit { place, value, strict, says_exclusive: strict }),
            (true, true) if strict && is_on => value - 1.0,
            (true, true) => value.floor(),
            (true, false) if strict && is_on => value + 1.0,
            (true, false) => value.ceil(),
        };
        Some(Limit { place, value, strict: false, says_exclusive: strict })
    });
    let is_tighter = |a: &Limit<'a>, b: &Limit<'a>| {
        if a.value == b.value { a.strict && !b.strict } else { (a.value < b.value) == is_upper }
    };
    let tightest = limits.reduce(|best, other| if is_tighter(&other, &best) { other } else { best });
    // Lengths and counts are never below zero.
    let is_idle = key.starts_with("min") && key != "minimum";
    tightest.filter(|limit| !(is_idle && limit.value == 0.0))
}

/// Returns whether all multiples of a number are multiples of another. Decimal fractions aren't exact as floats.
fn is_multiple(number: f64, of: f64) -> bool {
    let ratio = number / of;
    ratio.is_finite() && (ratio - ratio.round()).abs() < 1e-9 && ratio.round() != 0.0
}

fn number(place: &NodeRef<'_>) -> Option<f64> {
    match &place.node?.value {
        NodeValue::Number(number) => number.as_f64(),
        _ => None,
    }
}
