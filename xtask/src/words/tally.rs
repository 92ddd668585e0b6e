//! The counts of a crate.

use std::path::PathBuf;

use super::measures::{Count, MEASURES};
use super::prose::comments;
use super::units::Unit;

/// The counts of a crate, and where the occurrences are.
#[derive(Debug)]
pub struct Tally {
    /// The name of the crate.
    pub name: String,
    /// The words of all comments.
    pub words: u64,
    /// A count for each of [`MEASURES`].
    pub counts: [Count; MEASURES.len()],
    /// The occurrences for each of [`MEASURES`].
    pub places: [Vec<Place>; MEASURES.len()],
}

/// A line that a measure counts.
#[derive(Debug, Eq, PartialEq)]
pub struct Place {
    /// The file, from the workspace's folder.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The text of the line.
    pub text: String,
}

/// Counts the words of a crate.
pub fn tally(unit: &Unit) -> Tally {
    let mut tally = Tally { name: unit.name.clone(), words: 0, counts: Default::default(), places: Default::default() };
    for (file, source) in &unit.files {
        let lines: Vec<_> = source.lines().collect();
        for comment in comments(source) {
            tally.words += comment.words.len() as u64;
            for ((measure, total), places) in MEASURES.iter().zip(&mut tally.counts).zip(&mut tally.places) {
                let counted = measure.count(&comment, &mut |line| {
                    let text = lines.get(line.saturating_sub(1)).map_or("", |text| text.trim());
                    places.push(Place { file: file.clone(), line, text: text.to_owned() });
                });
                total.count += counted.count;
                total.of += counted.of;
            }
        }
    }
    tally
}
