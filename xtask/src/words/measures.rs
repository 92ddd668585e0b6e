//! The fingerprint: what is counted, and the goals.

use super::prose::Comment;

/// Occurrences among a number of words, or of doc comments.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// The occurrences.
    pub count: u64,
    /// The number of words or doc comments.
    pub of: u64,
}

impl Count {
    /// Returns whether the rate is higher than that of `other`, exactly: the fractions are multiplied crosswise.
    pub fn exceeds(self, other: Self) -> bool {
        u128::from(self.count) * u128::from(other.of) > u128::from(other.count) * u128::from(self.of)
    }
}

/// The side of the goal where a rate has to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Goal {
    /// The rate may not be higher.
    AtMost(Count),
    /// The rate may not be lower.
    AtLeast(Count),
}

impl Goal {
    /// Returns the rate itself.
    pub fn rate(self) -> Count {
        match self {
            Self::AtMost(rate) | Self::AtLeast(rate) => rate,
        }
    }
}

/// The occurrences that a measure counts.
#[derive(Clone, Copy, Debug)]
enum Subject {
    /// Doc comments whose first word is one of these, among doc comments.
    Opening(&'static [&'static str]),
    /// These words, among the words of all comments.
    Words(&'static [&'static str]),
    /// One of these words directly after the first, among the words of all comments.
    Pair(&'static str, &'static [&'static str]),
}

/// A line of the fingerprint.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Its key in the baseline.
    pub key: &'static str,
    /// Its heading in the table.
    pub title: &'static str,
    /// The goal for the rate.
    pub goal: Goal,
    /// Rates are printed per this many.
    pub per: u64,
    subject: Subject,
}

const INTERROGATIVES: &[&str] = &["what", "where", "whether", "how", "whom", "who", "when", "which", "why", "of"];

const fn at_most(count: u64, of: u64) -> Goal {
    Goal::AtMost(Count { count, of })
}

/// All measures, in the order of the table.
pub const MEASURES: [Measure; 7] = [
    Measure {
        key: "openings",
        title: "What/Where… %",
        goal: at_most(3, 100),
        per: 100,
        subject: Subject::Opening(INTERROGATIVES),
    },
    Measure {
        key: "nothing",
        title: "nothing",
        goal: at_most(5, 10_000),
        per: 10_000,
        subject: Subject::Words(&["nothing"]),
    },
    Measure {
        key: "told",
        title: "tell/told",
        goal: at_most(1, 10_000),
        per: 10_000,
        subject: Subject::Words(&["tell", "tells", "told"]),
    },
    Measure {
        key: "is-no",
        title: "is no/none",
        goal: at_most(5, 10_000),
        per: 10_000,
        subject: Subject::Pair("is", &["no", "none"]),
    },
    Measure {
        key: "nobody",
        title: "nobody",
        goal: at_most(5, 100_000),
        per: 10_000,
        subject: Subject::Words(&["nobody"]),
    },
    Measure {
        key: "mend",
        title: "mend/anew",
        goal: at_most(1, 100_000),
        per: 10_000,
        subject: Subject::Words(&["mend", "mends", "mended", "mending", "anew"]),
    },
    Measure {
        key: "returns",
        title: "returns",
        goal: Goal::AtLeast(Count { count: 20, of: 10_000 }),
        per: 10_000,
        subject: Subject::Words(&["return", "returns"]),
    },
];

impl Measure {
    /// Counts the occurrences in a comment, and what they are counted among; calls `found` with each line.
    pub fn count(&self, comment: &Comment, found: &mut dyn FnMut(usize)) -> Count {
        let words = &comment.words;
        let is_one =
            |index: usize, wanted: &[&str]| words.get(index).is_some_and(|word| wanted.contains(&word.text.as_str()));
        let (of, matches): (usize, Vec<usize>) = match self.subject {
            Subject::Opening(_) if !comment.is_doc => (0, Vec::new()),
            Subject::Opening(wanted) => (1, (0..1).filter(|&index| is_one(index, wanted)).collect()),
            Subject::Words(wanted) => (words.len(), (0..words.len()).filter(|&index| is_one(index, wanted)).collect()),
            Subject::Pair(first, second) => {
                let is_pair = |&index: &usize| is_one(index, &[first]) && is_one(index + 1, second);
                (words.len(), (0..words.len()).filter(is_pair).collect())
            }
        };
        matches.iter().filter_map(|&index| words.get(index)).for_each(|word| found(word.line));
        Count { count: matches.len() as u64, of: of as u64 }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]
mod tests {
    use super::super::prose::comments;
    use super::*;

    fn check(key: &str, source: &str, count: u64, of: u64, lines: &[usize]) {
        let measure = MEASURES.iter().find(|measure| measure.key == key).unwrap();
        let mut found = Vec::new();
        let mut total = Count::default();
        for comment in comments(source) {
            let counted = measure.count(&comment, &mut |line| found.push(line));
            total = Count { count: total.count + counted.count, of: total.of + counted.of };
        }
        assert_eq!((total, found.as_slice()), (Count { count, of }, lines), "{key}: {source}");
    }

    #[test]
    fn openings_are_counted_among_doc_comments() {
        check("openings", "/// What it is.\nfn f() {}\n/// A what.\nfn g() {}\n// What else.", 1, 2, &[1]);
        check("openings", "/// `What` it is.\nfn f() {}", 0, 1, &[]);
        check("openings", "/// *How*: it is.\nfn f() {}", 1, 1, &[1]);
    }

    #[test]
    fn words_are_counted_among_all_words() {
        check("nothing", "/// Nothing here.\n// Or `nothing`.\nfn nothing() {}", 1, 4, &[1]);
        check("told", "// It tells. It told.\n// Telling.", 2, 5, &[1, 1]);
        check("mend", "// Mended anew", 2, 2, &[1, 1]);
        check("nobody", "// nobody's nobody", 1, 2, &[1]);
        check("returns", "/// Returns it.\n/// return\n/// returned", 2, 4, &[1, 2]);
    }

    #[test]
    fn pairs_may_be_split_over_lines() {
        check("is-no", "// It is\n// no number, and is None, not no.", 2, 9, &[1, 2]);
        check("is-no", "// It is.\nfn f() {}\n// No.", 0, 3, &[]);
    }

    #[test]
    fn rates_are_compared_exactly() {
        let rate = |count, of| Count { count, of };
        assert!(rate(1, 3).exceeds(rate(333, 1000)));
        assert!(!rate(1, 3).exceeds(rate(334, 1000)));
        assert!(!rate(2, 6).exceeds(rate(1, 3)));
        assert!(rate(u64::MAX, 1).exceeds(rate(1, 1)));
        assert!(!rate(0, 0).exceeds(rate(1, 1)));
    }
}
