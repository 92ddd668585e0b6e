//! Sets of small numbers.

use std::cmp::Ordering;

const BITS: usize = u64::BITS as usize;

/// A set of small numbers as bits, from the first word that has any to the last.
///
/// Equal sets have equal words, so that sets can be compared and hashed.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(super) struct IdSet {
    start: usize,
    words: Vec<u64>,
}

impl IdSet {
    pub(super) fn single(id: usize) -> Self {
        Self { start: id / BITS, words: vec![1 << (id % BITS)] }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn contains(&self, id: usize) -> bool {
        self.word(id / BITS) & (1 << (id % BITS)) != 0
    }

    /// Returns whether all numbers of another set are in this one.
    pub(super) fn is_superset(&self, other: &Self) -> bool {
        (other.start..other.end()).all(|at| self.word(at) & other.word(at) == other.word(at))
    }

    /// Adds all numbers of another set.
    pub(super) fn extend(&mut self, other: &Self) {
        if other.is_empty() {
            return;
        }
        if self.is_empty() {
            return self.clone_from(other);
        }
        let start = self.start.min(other.start);
        self.words.splice(0..0, std::iter::repeat_n(0, self.start - start));
        self.start = start;
        self.words.resize(self.end().max(other.end()) - start, 0);
        for (word, more) in self.words.iter_mut().skip(other.start - start).zip(&other.words) {
            *word |= more;
        }
    }

    /// The numbers, the smallest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(nth, word)| {
            let base = (self.start + nth) * BITS;
            (0..BITS).filter(move |bit| word & (1 << bit) != 0).map(move |bit| base + bit)
        })
    }

    fn end(&self) -> usize {
        self.start + self.words.len()
    }

    fn word(&self, at: usize) -> u64 {
        at.checked_sub(self.start).and_then(|nth| self.words.get(nth)).copied().unwrap_or_default()
    }
}

impl PartialOrd for IdSet {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The order of the lists of numbers.
impl Ord for IdSet {
    fn cmp(&self, other: &Self) -> Ordering {
        let mut all = self.start.min(other.start)..self.end().max(other.end());
        let Some(at) = all.find(|at| self.word(*at) != other.word(*at)) else { return Ordering::Equal };
        let first = (self.word(at) ^ other.word(at)).trailing_zeros();
        // The set that lacks the number goes on with a larger one, or ends.
        let is_own = self.word(at) >> first & 1 == 1;
        let lacking = if is_own { other } else { self };
        let goes_on = lacking.end() > at + 1 || lacking.word(at) >> first != 0;
        if is_own == goes_on { Ordering::Less } else { Ordering::Greater }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_behave_as_sorted_lists() {
        let lists: &[&[usize]] =
            &[&[], &[0], &[0, 1], &[0, 63], &[0, 64], &[1], &[63, 64, 200], &[64], &[64, 129], &[129], &[200]];
        let set = |list: &[usize]| {
            let mut set = IdSet::default();
            list.iter().rev().for_each(|id| set.extend(&IdSet::single(*id)));
            set
        };
        for one in lists {
            assert_eq!((set(one).iter().collect::<Vec<_>>().as_slice(), set(one).len()), (*one, one.len()));
            assert!((0..300).all(|id| set(one).contains(id) == one.contains(&id)));
            for other in lists {
                assert_eq!(set(one).cmp(&set(other)), one.cmp(other), "{one:?} and {other:?}");
                let is_superset = other.iter().all(|id| one.contains(id));
                assert_eq!(set(one).is_superset(&set(other)), is_superset, "{one:?} and {other:?}");
                let mut union = set(one);
                union.extend(&set(other));
                let mut all = [*one, *other].concat();
                all.sort_unstable();
                all.dedup();
                assert_eq!(union, set(&all), "{one:?} and {other:?}");
            }
        }
    }
}
