//! A sequence of texts in few allocations.

use std::fmt::Write as _;
use std::mem::take;
use std::slice;

/// Texts are added to the same string up to this size. Growing a larger one would copy megabytes, and would hold up to
/// three times its size meanwhile.
const CHUNK: usize = 64 * 1024;

/// A sequence of texts, each of them stored after its length: `4:name3:1.5`.
///
/// A `Vec<String>` would take 40 to 60 bytes for each text, however short it is.
#[derive(Clone, Default)]
pub(super) struct Texts {
    full: Vec<String>,
    last: String,
}

impl Texts {
    /// Adds a text.
    pub(super) fn push(&mut self, text: &str) {
        self.push_pieces(text.len(), [text]);
    }

    /// Adds a text that is given in pieces of `length` bytes together.
    pub(super) fn push_pieces<'a>(&mut self, length: usize, pieces: impl IntoIterator<Item = &'a str>) {
        let digits = length.checked_ilog10().unwrap_or_default() as usize + 1;
        self.reserve(digits + ":".len() + length);
        // Writing to a string does not fail.
        let _ = write!(self.last, "{length}:");
        self.last.extend(pieces);
    }

    fn reserve(&mut self, more: usize) {
        if self.last.capacity() - self.last.len() >= more {
            return;
        }
        if !self.last.is_empty() && self.last.len() + more > CHUNK {
            self.shrink();
            self.full.push(take(&mut self.last));
        }
        match (self.last.is_empty(), self.full.is_empty()) {
            // Most objects that have unlisted properties have one or two.
            (true, true) => self.last.reserve_exact(more),
            (true, false) => self.last.reserve_exact(more.max(CHUNK)),
            (false, _) => self.last.reserve(more),
        }
    }

    /// Gives unused memory back.
    pub(super) fn shrink(&mut self) {
        self.last.shrink_to_fit();
    }

    pub(super) fn iter(&self) -> Iter<'_> {
        Iter { full: self.full.iter(), last: Some(&self.last), rest: "" }
    }
}

/// Iterates over [`Texts`].
pub(super) struct Iter<'a> {
    full: slice::Iter<'a, String>,
    last: Option<&'a str>,
    rest: &'a str,
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        while self.rest.is_empty() {
            self.rest = self.full.next().map(String::as_str).or_else(|| self.last.take())?;
        }
        let (length, rest) = self.rest.split_once(':')?;
        let (text, rest) = rest.split_at_checked(length.parse().ok()?)?;
        self.rest = rest;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, Texts};

    #[test]
    fn texts_of_all_sizes_come_back_in_order() {
        let lengths = [0, 1, 9, 10, 99, 100, 1_000, CHUNK - 10, CHUNK, 3 * CHUNK, 0, 7];
        let given: Vec<_> = lengths.iter().cycle().take(100).map(|length| "é:1".repeat(*length)).collect();
        let mut texts = Texts::default();
        given.iter().for_each(|text| texts.push(text));
        assert!(texts.iter().eq(given.iter()));
        texts.shrink();
        assert!(texts.clone().iter().eq(given.iter()));
        assert!(Texts::default().iter().eq([""; 0]));
    }

    #[test]
    fn short_texts_take_little_more_than_their_size() {
        let mut texts = Texts::default();
        (0..1_000_000).for_each(|_| texts.push("12345"));
        let taken: usize = texts.full.iter().chain([&texts.last]).map(|text| text.capacity() + 24).sum();
        assert!(taken < 7_000_000 + 2 * CHUNK, "{taken}");
    }
}
