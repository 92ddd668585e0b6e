//! Files that only their owner can read, written completely or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use super::claim::{beside, place, read_text, temporary};
use crate::failure::{Exit, Failure};

/// The longest time that another process may take to write a small file.
const PATIENCE: Duration = Duration::from_secs(10);

/// Creates a folder, and those above it, that only the owner can read.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    create(&builder, folder).map_err(|error| {
        Failure::new(Exit::Setup, format!("cannot create the folder `{}`", folder.display()))
            .because(error)
            .hint("set HOME, or XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_STATE_HOME, to folders that you can write to")
    })
}

#[cfg(unix)]
fn create(builder: &fs::DirBuilder, folder: &Path) -> io::Result<()> {
    builder.create(folder)
}

/// Creates a folder. One that is there already keeps its access control list, as it may be the user's.
#[cfg(windows)]
fn create(builder: &fs::DirBuilder, folder: &Path) -> io::Result<()> {
    let is_new = !folder.exists();
    builder.create(folder)?;
    if is_new { super::acl::restrict(folder, super::acl::Subject::Folder) } else { Ok(()) }
}

/// The suffix of a file that is being written. A run that is killed leaves it behind, and the next one overwrites it.
pub(crate) const NEW: &str = ".new";

/// Writes a file that only its owner can read, completely or not at all.
pub(crate) fn write_private(file: &Path, content: &[u8]) -> Result<(), Failure> {
    replace(file, &beside(file, NEW), content, true)
}

/// Writes a file that only its owner can read. An existing file is not overwritten.
pub(crate) fn write_new_private(file: &Path, content: &[u8]) -> Result<(), Failure> {
    replace(file, &beside(file, NEW), content, false)
}

/// Writes a file under a temporary name in the same folder, and renames it.
pub(crate) fn replace(file: &Path, new: &Path, content: &[u8], may_replace: bool) -> Result<(), Failure> {
    make_folder(folder(file))?;
    let written = temporary(new, PATIENCE).and_then(|temporary| {
        let mut temporary = temporary.ok_or(io::ErrorKind::ResourceBusy)?;
        temporary.write_all(content)?;
        temporary.as_file().sync_all()?;
        place(temporary, file, may_replace)
    });
    written.map_err(|error| cannot_write(file, error))
}

/// Returns the folder of a file.
pub(crate) fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns the failure of a file that cannot be written.
pub(crate) fn cannot_write(file: &Path, error: io::Error) -> Failure {
    let name = file.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::new(Exit::Setup, format!("`{name}` exists already, and is not overwritten"))
                .hint("move it away, or choose another place")
        }
        kind => Failure::new(Exit::Write, format!("cannot write `{name}`")).because(error).unwritten(kind),
    }
}

/// Reads a file, or returns `None` if it does not exist.
pub(crate) fn read(file: &Path) -> Result<Option<String>, Failure> {
    match read_text(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Failure::new(Exit::Setup, format!("cannot read `{}`", file.display()))
            .because(error)
            .hint("it must be a text file that you can read: fix it, or remove it")),
    }
}

/// Returns whether others than its owner may read a file; `None` if that is unknown.
#[cfg(unix)]
pub(crate) fn is_open_to_others(file: &Path) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).ok().map(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// Returns `None`: access control lists are set here, but not read.
#[cfg(windows)]
pub(crate) fn is_open_to_others(_: &Path) -> Option<bool> {
    None
}
