//! Bounds: how much, how long, how many, and of which pattern.

use super::resolve::{Layers, Spot};
use super::rules;
use super::walk::Walk;
use crate::load::NodeValue;

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

impl<'a> Walk<'a> {
    pub(super) fn bounds(&mut self, old: &Layers<'a>, new: &Layers<'a>) {
        for (key, is_upper) in BOUNDS {
            let (was, is) = (old.get(key), new.get(key));
            let exclusive = match *key {
                "maximum" => "exclusiveMaximum",
                "minimum" => "exclusiveMinimum",
                _ => "",
            };
            let strict = (old.flag(exclusive), new.flag(exclusive));
            match (number(&was), number(&is)) {
                (None, None) => {}
                (None, Some(_)) => self.replaced(&rules::BOUND_SET, &format!("`{key}`"), &was, &is),
                (Some(_), None) => self.replaced(&rules::BOUND_DROPPED, &format!("`{key}`"), &was, &is),
                (Some(before), Some(after)) if before == after => match strict {
                    (false, true) => {
                        let message = format!("`{key}` no longer includes {}", is.show());
                        self.changed(&rules::BOUND_TIGHTENED, &was, &new.get(exclusive), message);
                    }
                    (true, false) => {
                        let message = format!("`{key}` includes {}", is.show());
                        self.changed(&rules::BOUND_LOOSENED, &was, &is, message);
                    }
                    _ => {}
                },
                (Some(before), Some(after)) => {
                    let is_tighter = (after < before) == *is_upper;
                    let rule = if is_tighter { &rules::BOUND_TIGHTENED } else { &rules::BOUND_LOOSENED };
                    self.replaced(rule, &format!("`{key}`"), &was, &is);
                }
            }
        }
        for key in ["multipleOf", "pattern", "uniqueItems"] {
            self.constraint(key, &old.get(key), &new.get(key));
        }
    }

    fn constraint(&mut self, key: &str, was: &Spot<'a>, is: &Spot<'a>) {
        let has = |spot: &Spot<'a>| spot.node.is_some_and(|node| node.as_bool() != Some(false));
        let rule = match (has(was), has(is)) {
            (false, false) => return,
            (false, true) => &rules::BOUND_SET,
            (true, false) => &rules::BOUND_DROPPED,
            (true, true) if was.means(is) => return,
            (true, true) => match (number(was), number(is)) {
                (Some(before), Some(after)) if before == after => return,
                (Some(before), Some(after)) if after % before == 0.0 => &rules::BOUND_TIGHTENED,
                (Some(before), Some(after)) if before % after == 0.0 => &rules::BOUND_LOOSENED,
                _ => &rules::CONSTRAINT_CHANGED,
            },
        };
        self.replaced(rule, &format!("`{key}`"), was, is);
    }
}

fn number(spot: &Spot<'_>) -> Option<f64> {
    match &spot.node?.value {
        NodeValue::Number(number) => number.as_f64(),
        _ => None,
    }
}
