//! The cycles among imports that break the rule.
//!
//! A file and the files of its submodules may import each other. Any other import must not lead back to the file that
//! it is in, whichever way.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::imports::Imports;
use super::modules::{FileId, Modules};

/// Files that import each other, as a shortest cycle among them.
#[derive(Debug, Eq, PartialEq)]
pub struct Cycle {
    /// The number of files that all reach each other.
    pub files: usize,
    /// The number of imports among them that break the rule.
    pub imports: usize,
    /// The files of the cycle in order. Each imports the next, and the last imports the first.
    pub steps: Vec<FileId>,
}

/// Returns a cycle for each set of files that reach each other and break the rule.
pub fn cycles(modules: &Modules, imports: &Imports) -> Vec<Cycle> {
    let files: Vec<_> = (0..modules.files.len()).collect();
    let reached: Vec<BTreeSet<_>> = files.iter().map(|&file| reach(file, imports)).collect();
    let reaches = |from: FileId, to: FileId| reached.get(from).is_some_and(|reached| reached.contains(&to));
    // The first of the files that reach each other stands for all of them.
    let mut broken: BTreeMap<FileId, Vec<(FileId, FileId)>> = BTreeMap::new();
    for &(from, to) in imports.keys().filter(|&&(from, to)| !modules.are_kin(from, to) && reaches(to, from)) {
        let first = files.iter().copied().find(|&file| reaches(from, file) && reaches(file, from));
        broken.entry(first.unwrap_or(from)).or_default().push((from, to));
    }
    let cycle = |(first, broken): (&FileId, &Vec<(FileId, FileId)>)| {
        let shortest = broken.iter().map(|&(from, to)| path(to, from, imports)).min_by_key(Vec::len);
        Cycle {
            files: files.iter().filter(|&&file| reaches(*first, file) && reaches(file, *first)).count(),
            imports: broken.len(),
            steps: shortest.unwrap_or_default(),
        }
    };
    broken.iter().map(cycle).collect()
}

fn next(file: FileId, imports: &Imports) -> impl Iterator<Item = FileId> {
    imports.range((file, FileId::MIN)..=(file, FileId::MAX)).map(|((_, to), _)| *to)
}

/// Returns the files that a file imports, directly or not.
fn reach(file: FileId, imports: &Imports) -> BTreeSet<FileId> {
    let mut found = BTreeSet::new();
    let mut open = vec![file];
    while let Some(file) = open.pop() {
        open.extend(next(file, imports).filter(|to| found.insert(*to)));
    }
    found
}

/// Returns a shortest path.
fn path(from: FileId, to: FileId, imports: &Imports) -> Vec<FileId> {
    let mut previous = BTreeMap::from([(from, from)]);
    let mut open = VecDeque::from([from]);
    while let Some(file) = open.pop_front().filter(|file| *file != to) {
        for next in next(file, imports) {
            previous.entry(next).or_insert_with(|| {
                open.push_back(next);
                file
            });
        }
    }
    let mut steps = vec![to];
    while let Some(&before) = steps.last().and_then(|last| previous.get(last)).filter(|before| !steps.contains(before))
    {
        steps.push(before);
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests;
