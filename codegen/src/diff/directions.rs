//! The directions in which values travel, as reports name them.

use super::report::Direction;
pub(super) use crate::directions::Directions;

impl Directions {
    /// The set as messages name it.
    pub(in crate::diff) fn name(self) -> &'static str {
        match Direction::from(self) {
            Direction::Request => "requests",
            Direction::Response => "responses",
            Direction::Both => "requests and responses",
            Direction::None => "neither requests nor responses",
        }
    }
}

impl From<Directions> for Direction {
    fn from(directions: Directions) -> Self {
        match directions {
            Directions::REQUEST => Self::Request,
            Directions::RESPONSE => Self::Response,
            Directions::BOTH => Self::Both,
            _ => Self::None,
        }
    }
}
