//! The directions in which a value travels.

/// A set of directions: in requests, from client to service, and in responses, from service to client.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Directions(u8);

impl Directions {
    /// In neither.
    pub const NONE: Self = Self(0);
    /// In requests.
    pub const REQUEST: Self = Self(1);
    /// In responses.
    pub const RESPONSE: Self = Self(2);
    /// In both.
    pub const BOTH: Self = Self(3);

    /// The directions of either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The directions of both sets.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The directions that the other set does not have.
    #[must_use]
    pub fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the set has all directions of another one.
    pub fn contains(self, other: Self) -> bool {
        self.intersection(other) == other
    }

    /// Whether there is no direction.
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_are_a_set() {
        let all = [Directions::NONE, Directions::REQUEST, Directions::RESPONSE, Directions::BOTH];
        for (one, other) in all.into_iter().flat_map(|one| all.map(|other| (one, other))) {
            assert!(one.union(other).contains(one) && one.contains(one.intersection(other)));
            assert_eq!(one.difference(other).union(one.intersection(other)), one);
            assert_eq!(one.contains(other), other.difference(one).is_empty());
        }
        assert_eq!(Directions::REQUEST.union(Directions::RESPONSE), Directions::BOTH);
    }
}
