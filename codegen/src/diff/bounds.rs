//! Bounds: how much, how long, how many, and of which pattern.

use std::collections::BTreeSet;

use super::layers::Layers;
use super::rules;
use super::spot::Spot;
use super::walk::Walk;
use crate::read::NodeValue;

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
    spot: Spot<'a>,
    value: f64,
    /// Whether the value itself is beyond it.
    strict: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn bounds(&mut self, old: &Layers<'a>, new: &Layers<'a>) {
        let is_whole = self.base.kind(old) == "integer" && self.head.kind(new) == "integer";
        for (key, is_upper) in BOUNDS {
            let limits = (limit(old, key, *is_upper, is_whole), limit(new, key, *is_upper, is_whole));
            match limits {
                (None, None) => {}
                (None, Some(is)) => self.replaced(&rules::BOUND_SET, &format!("`{key}`"), &old.get(key), &is.spot),
                (Some(was), None) => {
                    self.replaced(&rules::BOUND_DROPPED, &format!("`{key}`"), &was.spot, &new.get(key))
                }
                (Some(was), Some(is)) if was.value == is.value && was.strict == is.strict => {
                    // Beyond 2^53, numbers that are near each other are the same float.
                    if was.spot.value() != is.spot.value() && was.value.abs() >= 9e15 {
                        self.replaced(&rules::CONSTRAINT_CHANGED, &format!("`{key}`"), &was.spot, &is.spot);
                    }
                }
                (Some(was), Some(is)) if was.value == is.value => {
                    let (rule, word) = if is.strict {
                        (&rules::BOUND_TIGHTENED, "no longer includes")
                    } else {
                        (&rules::BOUND_LOOSENED, "includes")
                    };
                    let message = format!("`{key}` {word} {}", is.spot.show());
                    self.changed(rule, &was.spot, &is.spot, message);
                }
                (Some(was), Some(is)) => {
                    let is_tighter = (is.value < was.value) == *is_upper;
                    let rule = if is_tighter { &rules::BOUND_TIGHTENED } else { &rules::BOUND_LOOSENED };
                    self.replaced(rule, &format!("`{key}`"), &was.spot, &is.spot);
                }
            }
        }
        for key in ["multipleOf", "pattern", "uniqueItems", "not"] {
            self.constraint(key, &old.merged(key), &new.merged(key));
        }
    }

    /// Compares what counts as often as it is said.
    fn constraint(&mut self, key: &str, was: &Spot<'a>, is: &Spot<'a>) {
        let old: BTreeSet<_> = said(was).map(|spot| self.base.meaning(&spot).to_string()).collect();
        let new: BTreeSet<_> = said(is).map(|spot| self.head.meaning(&spot).to_string()).collect();
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
fn said<'s, 'a>(spot: &'s Spot<'a>) -> impl Iterator<Item = Spot<'a>> + 's {
    let all = [spot].into_iter().chain(&spot.more);
    all.filter(|spot| spot.node.is_some_and(|node| node.as_bool() != Some(false))).cloned()
}

/// The tightest of all bounds of a kind.
fn limit<'a>(layers: &Layers<'a>, key: &str, is_upper: bool, is_whole: bool) -> Option<Limit<'a>> {
    let exclusive = match key {
        "maximum" => "exclusiveMaximum",
        "minimum" => "exclusiveMinimum",
        _ => "",
    };
    let limits = layers.0.iter().filter_map(|layer| {
        let spot = layer.get(key);
        let value = number(&spot)?;
        let strict = layer.flag(exclusive);
        // Of whole numbers, what is below 11 is up to 10.
        let is_on = value.fract() == 0.0;
        match (is_whole, is_upper) {
            (false, _) => Some(Limit { spot, value, strict }),
            (true, true) => {
                Some(Limit { spot, value: if strict && is_on { value - 1.0 } else { value.floor() }, strict: false })
            }
            (true, false) => {
                Some(Limit { spot, value: if strict && is_on { value + 1.0 } else { value.ceil() }, strict: false })
            }
        }
    });
    let is_tighter = |a: &Limit<'a>, b: &Limit<'a>| {
        if a.value == b.value { a.strict && !b.strict } else { (a.value < b.value) == is_upper }
    };
    let tightest = limits.reduce(|best, other| if is_tighter(&other, &best) { other } else { best });
    // There is nothing below none.
    let is_idle = key.starts_with("min") && key != "minimum";
    tightest.filter(|limit| !(is_idle && limit.value == 0.0))
}

/// Whether all multiples of a number are multiples of another; decimal fractions are not exact as floats.
fn is_multiple(number: f64, of: f64) -> bool {
    let ratio = number / of;
    ratio.is_finite() && (ratio - ratio.round()).abs() < 1e-9 && ratio.round() != 0.0
}

fn number(spot: &Spot<'_>) -> Option<f64> {
    match &spot.node?.value {
        NodeValue::Number(number) => number.as_f64(),
        _ => None,
    }
}
