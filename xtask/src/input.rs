//! Files that are read, up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;
use openbanking_codegen::read::MAX_TEXT;

/// Reads the text of a spec, or of another file of the kind. `name` is the file in messages.
///
/// # Errors
///
/// A file that is missing, may not be read, is too large, or holds no text.
pub fn text(path: &Path, name: &str) -> anyhow::Result<String> {
    let bytes = bytes(path).with_context(|| format!("cannot read `{name}`"))?;
    String::from_utf8(bytes).with_context(|| format!("cannot read `{name}` (a spec is UTF-8 text)"))
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
pub(crate) fn too_large() -> io::Error {
    let text = format!("it has more than {MAX_TEXT} bytes (split the spec, or remove examples)");
    io::Error::new(io::ErrorKind::FileTooLarge, text)
}
