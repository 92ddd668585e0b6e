//! Files that one process writes at a time, under names that do not change from run to run.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::{NamedTempFile, TempPath};

/// The delay between two attempts to lock a file.
const DELAY: Duration = Duration::from_millis(2);

/// Appends an ending to the name of a file.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Opens a file that only its owner can read, for writing and for this process alone. Its content stays. Returns `None`
/// if another process still has the file after this time.
pub(crate) fn claim(path: &Path, patience: Duration) -> io::Result<Option<File>> {
    let started = Instant::now();
    loop {
        // A link may lead to a file that is not ours to write.
        if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
            fs::remove_file(path)?;
        }
        let file = open(path)?;
        // Not the method of `File`, which came after the oldest Rust that this builds with.
        match fs4::FileExt::try_lock(&file) {
            Ok(()) if is_at(&file, path) => {
                // It may have been another's, with other permissions.
                #[cfg(unix)]
                file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
                return Ok(Some(file));
            }
            // Before it was locked, its former owner has moved or removed it: the name means another file now.
            Ok(()) => {}
            Err(fs4::TryLockError::WouldBlock) if started.elapsed() >= patience => return Ok(None),
            Err(fs4::TryLockError::WouldBlock) => sleep(DELAY),
            Err(fs4::TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Creates an empty temporary file, in place of one that a killed run has left. It is removed unless it is persisted.
/// Returns `None` if another process still writes it after this time.
pub(crate) fn temporary(path: &Path, patience: Duration) -> io::Result<Option<NamedTempFile>> {
    let Some(file) = claim(path, patience)? else { return Ok(None) };
    let file = NamedTempFile::from_parts(file, TempPath::try_from_path(path)?);
    file.as_file().set_len(0)?;
    Ok(Some(file))
}

/// Opens a file that only its owner can read, and creates it if necessary.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Returns whether the file is still the one of this name.
#[cfg(unix)]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(file), Ok(path)) => (file.dev(), file.ino()) == (path.dev(), path.ino()),
        _ => false,
    }
}

/// Returns whether there is still a file of this name: more cannot be seen here.
#[cfg(not(unix))]
pub(crate) fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use std::io::Write as _;
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn a_temporary_file_is_whole_whoever_writes_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let [name, target] = ["file.new", "file"].map(|name| folder.path().join(name));
        fs::write(&name, "left by a killed run, and longer than what comes").unwrap();
        for _ in 0..250 {
            let barrier = Barrier::new(4);
            let write = |writer: u32| {
                barrier.wait();
                let mut file = temporary(&name, Duration::from_secs(60)).unwrap().unwrap();
                for _ in 0..=writer {
                    file.write_all(writer.to_string().as_bytes()).unwrap();
                }
                file.persist(&target).unwrap();
            };
            std::thread::scope(|scope| {
                let write = &write;
                (0..4).for_each(|writer| drop(scope.spawn(move || write(writer))));
            });
            let text = fs::read_to_string(&target).unwrap();
            assert!(["0", "11", "222", "3333"].contains(&&*text), "{text}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_being_written_cannot_be_claimed() {
        let folder = tempfile::TempDir::new().unwrap();
        let name = folder.path().join("file.new");
        let first = temporary(&name, Duration::ZERO).unwrap().unwrap();
        assert!(temporary(&name, Duration::from_millis(20)).unwrap().is_none());
        drop(first);
        assert!(!name.exists());
        assert!(temporary(&name, Duration::ZERO).unwrap().is_some());
    }
}
