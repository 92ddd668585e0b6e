//! Bounds of numbers, lengths and counts, and patterns.

use std::collections::BTreeSet;

use super::rules;
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
}

impl<'a> Walk<'a> {
    pub(super) fn bounds(
        &mut self,
        (base, head): (&NodeRef<'a>, &NodeRef<'a>),
        old: &FlattenedSchema<'a>,
        new: &FlattenedSchema<'a>,
    ) {
        let is_whole = self.base.kind(base) == "integer" && self.head.kind(head) == "integer";
        for (key, is_upper) in BOUNDS {
            let limits = (limit(old, key, *is_upper, is_whole), limit(new, key, *is_upper, is_whole));
            match limits {
                (None, None) => {}
                (None, Some(is)) => self.replaced(&rules::BOUND_SET, &format!("`{key}`"), &old.get(key), &is.place),
                (Some(was), None) => {
                    self.replaced(&rules::BOUND_DROPPED, &format!("`{key}`"), &was.place, &new.get(key))
                }
                (Some(was), Some(is)) if was.value == is.value && was.strict == is.strict => {
                    // Beyond 2^53, numbers that are near each other are the same float.
                    if was.place.value() != is.place.value() && was.value.abs() >= 9e15 {
                        self.replaced(&rules::CONSTRAINT_CHANGED, &format!("`{key}`"), &was.place, &is.place);
                    }
                }
                (Some(was), Some(is)) if was.value == is.value => {
                    let (rule, word) = if is.strict {
                        (&rules::BOUND_TIGHTENED, "no longer includes")
                    } else {
                        (&rules::BOUND_LOOSENED, "includes")
                    };
                    let message = format!("`{key}` {word} {}", is.place.show());
                    self.changed(rule, &was.place, &is.place, message);
                }
                (Some(was), Some(is)) => {
                    let is_tighter = (is.value < was.value) == *is_upper;
                    let rule = if is_tighter { &rules::BOUND_TIGHTENED } else { &rules::BOUND_LOOSENED };
                    self.replaced(rule, &format!("`{key}`"), &was.place, &is.place);
                }
            }
        }
        for key in ["multipleOf", "pattern", "uniqueItems", "not"] {
            self.constraint(key, &old.merged(key), &new.merged(key));
        }
    }

    /// Compares what counts as often as it is said.
    fn constraint(&mut self, key: &str, was: &NodeRef<'a>, is: &NodeRef<'a>) {
        let old: BTreeSet<_> = said(was).map(|place| self.base.meaning(&place)).collect();
        let new: BTreeSet<_> = said(is).map(|place| self.head.meaning(&place)).collect();
        let rule = match (old.is_subset(&new), new.is_subset(&old)) {
            (true, true) => return,
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
        self.replaced(rule, &format!("`{key}`"), was, is);
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
        match (is_whole, is_upper) {
            (false, _) => Some(Limit { place, value, strict }),
            (true, true) => {
                Some(Limit { place, value: if strict && is_on { value - 1.0 } else { value.floor() }, strict: false })
            }
            (true, false) => {
                Some(Limit { place, value: if strict && is_on { value + 1.0 } else { value.ceil() }, strict: false })
            }
        }
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
