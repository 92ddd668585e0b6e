//! The documents that are compared.

use std::path::Path;
use std::{fs, io};

/// The folder of the corpus, from the workspace's folder.
pub const CORPUS: &str = "tests/oracle/corpus";

/// A document whose operations are compared.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name of the document, which is a Rust identifier.
    pub name: String,
    /// The file, from the workspace's folder.
    pub file: String,
    /// The text of the file.
    pub text: String,
}

/// Reads the documents of the corpus in the workspace at `root`, in order of their names.
///
/// # Errors
///
/// Returns an error if a file cannot be read.
pub fn corpus(root: &Path) -> io::Result<Vec<Source>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(CORPUS))? {
        let path = entry?.path();
        let (Some(name), Some("yaml")) = (stem(&path), path.extension().and_then(|extension| extension.to_str()))
        else {
            continue;
        };
        // Git may have turned the line ends into those of this machine.
        let text = fs::read_to_string(&path)?.replace("\r\n", "\n");
        found.push(Source { name: name.replace('-', "_"), file: format!("{CORPUS}/{name}.yaml"), text });
    }
    found.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(found)
}

fn stem(path: &Path) -> Option<&str> {
    path.file_stem().and_then(|stem| stem.to_str())
}
