//! Wire verdicts by direction.

use super::directions::Directions;
use super::report::Wire;
use super::rules::{self, Rule};

/// The effect of a change in requests and in responses, for old clients and, in `reverse`, for new ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdicts {
    pub(super) request: Wire,
    pub(super) response: Wire,
    pub(super) reverse: (Wire, Wire),
}

impl Verdicts {
    pub(super) const NONE: Self = Self { request: Wire::None, response: Wire::None, reverse: (Wire::None, Wire::None) };

    pub(super) fn of(rule: &Rule) -> Self {
        let inverse = rules::find(rule.inverse).unwrap_or(rule);
        Self { request: rule.request, response: rule.response, reverse: (inverse.request, inverse.response) }
    }

    /// The same verdicts, of which none is worse than a limit.
    pub(super) fn at_most(self, limit: Wire) -> Self {
        let Self { request, response, reverse } = self;
        let reverse = (reverse.0.max(limit), reverse.1.max(limit));
        Self { request: request.max(limit), response: response.max(limit), reverse }
    }

    /// The worse of both, in each of the directions.
    pub(super) fn worse(self, other: Self, directions: Directions) -> Self {
        let worse =
            |direction, own: Wire, other: Wire| if directions.contains(direction) { own.min(other) } else { own };
        Self {
            request: worse(Directions::REQUEST, self.request, other.request),
            response: worse(Directions::RESPONSE, self.response, other.response),
            reverse: (
                worse(Directions::REQUEST, self.reverse.0, other.reverse.0),
                worse(Directions::RESPONSE, self.reverse.1, other.reverse.1),
            ),
        }
    }

    /// Returns whether the change is neither in requests nor in responses.
    pub(super) fn is_silent(self) -> bool {
        self.request == Wire::None && self.response == Wire::None
    }

    /// The verdict where values travel in these directions.
    pub(super) fn wire(self, directions: Directions) -> Wire {
        within((self.request, self.response), directions)
    }

    /// The verdict for new clients of the old service.
    pub(super) fn reverse(self, directions: Directions) -> Wire {
        within(self.reverse, directions)
    }
}

/// The worse verdict of the directions. A change that no operation reaches isn't on the wire.
fn within((request, response): (Wire, Wire), directions: Directions) -> Wire {
    match directions {
        Directions::REQUEST => request,
        Directions::RESPONSE => response,
        Directions::BOTH => request.min(response),
        _ if request == Wire::Docs => Wire::Docs,
        _ => Wire::None,
    }
}
