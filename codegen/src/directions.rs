//! The directions in which a value travels.

use std::ops::{BitAnd, BitOr, BitOrAssign};

/// The directions in which a value travels: in requests, in responses, in both, or in none.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Directions(u8);

impl Directions {
    /// In none.
    pub const NONE: Self = Self(0);
    /// From the client to the service.
    pub const REQUEST: Self = Self(1);
    /// From the service to the client.
    pub const RESPONSE: Self = Self(2);
    /// Both ways.
    pub const BOTH: Self = Self(3);

    /// Whether all of these directions are among them.
    pub fn contains(self, other: Self) -> bool {
        self & other == other
    }

    /// Whether there is no direction.
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }
}

impl BitOr for Directions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Directions {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl BitAnd for Directions {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
