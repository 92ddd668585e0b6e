//! Files that are read, up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::read::{MAX_TEXT, Source};

/// Reads the text of a spec, or of another file of the kind. `name` is the file in messages.
///
/// # Errors
///
/// A file that is missing, may not be read, is too large, or holds no text.
pub fn text(path: &Path, name: &str) -> anyhow::Result<String> {
    let bytes = bytes(path).with_context(|| format!("cannot read `{name}`"))?;
    String::from_utf8(bytes).with_context(|| format!("cannot read `{name}` (a spec is UTF-8 text)"))
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Text {
    /// The file in messages.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Text {
    /// Returns it as the library takes it.
    pub fn source(&self) -> Source<'_> {
        Source { file: &self.name, text: &self.text }
    }
}

/// Reads files such as overlays.
///
/// # Errors
///
/// The same as for [`text`].
pub fn texts(paths: &[PathBuf]) -> anyhow::Result<Vec<Text>> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        Ok(Text { text: text(path, &name)?, name })
    };
    paths.iter().map(read).collect()
}

/// Reads a file. A device or a pipe may have no end, so that the size cannot be checked before.
///
/// # Errors
///
/// A file that cannot be read, or has more than [`MAX_TEXT`] bytes.
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_TEXT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_TEXT { Err(too_large()) } else { Ok(bytes) }
}

/// The error for a file of more bytes than are read.
pub fn too_large() -> io::Error {
    let text = format!("it has more than {MAX_TEXT} bytes (split the spec, or remove examples)");
    io::Error::new(io::ErrorKind::FileTooLarge, text)
}
