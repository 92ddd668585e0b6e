//! Files that one process writes at a time, under names that do not change from run to run.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::{NamedTempFile, TempPath};

/// The delay between two attempts to lock a file.
const DELAY: Duration = Duration::from_millis(2);

/// The longest time for which another process has a file open that it only reads or puts in its place.
const MOMENT: Duration = Duration::from_secs(1);

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
        // A link may lead to a file that must not be overwritten.
        if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
            fs::remove_file(path)?;
        }
        let file = open(path)?;
        // Not the method of `File`, which came after the oldest Rust that this builds with.
        match fs4::FileExt::try_lock(&file) {
            Ok(()) if is_at(&file, path) => {
                // A file that existed before may have other permissions.
                restrict(&file, path)?;
                return Ok(Some(file));
            }
            // Its former owner has moved or removed it before it was locked here: the name belongs to another file now.
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

/// Moves a temporary file to its place. It is still locked, so that no other process can write it in between.
pub(crate) fn place(mut file: NamedTempFile, target: &Path, may_replace: bool) -> io::Result<()> {
    let started = Instant::now();
    loop {
        // Windows moves a file that is open only if it was opened with `FILE_SHARE_DELETE`, as the standard library does
        // unless `share_mode` says otherwise.
        let placed = if may_replace { file.persist(target) } else { file.persist_noclobber(target) };
        match placed {
            Ok(_) => return Ok(()),
            Err(refused) if is_in_use(&refused.error, cfg!(windows)) && started.elapsed() < MOMENT => {
                file = refused.file;
                sleep(DELAY);
            }
            Err(refused) => return Err(refused.error),
        }
    }
}

/// Reads a file that another process may be replacing.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    let started = Instant::now();
    loop {
        match fs::read_to_string(path) {
            // The lock on a new file, which on Windows is for readers too, ends just after the file is in its place.
            Err(error) if is_in_use(&error, cfg!(windows)) && started.elapsed() < MOMENT => sleep(DELAY),
            read => return read,
        }
    }
}

/// Opens a file that only its owner can read, and creates it if necessary. On Windows, [`claim`] limits the access.
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

/// Returns whether the file is still the one of this name.
#[cfg(windows)]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use same_file::Handle;
    let file = file.try_clone().and_then(Handle::from_file);
    matches!((file, Handle::from_path(path)), (Ok(file), Ok(path)) if file == path)
}

/// Removes the access of others to a file.
#[cfg(unix)]
fn restrict(file: &File, _: &Path) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

/// Removes the access of others to a file.
#[cfg(windows)]
fn restrict(_: &File, path: &Path) -> io::Result<()> {
    super::acl::restrict(path, super::acl::Subject::File)
}

/// Returns whether the error is the one of Windows for a file that another process, such as a virus scanner, has open.
fn is_in_use(error: &io::Error, is_windows: bool) -> bool {
    // ERROR_ACCESS_DENIED, which is also for a target that is open, ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.
    is_windows && matches!(error.raw_os_error(), Some(5 | 32 | 33))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use std::io::Write as _;
    use std::sync::Barrier;

    use super::*;

    /// Windows starts a process for each file.
    const ROUNDS: usize = if cfg!(windows) { 20 } else { 250 };

    #[test]
    fn a_temporary_file_is_complete_if_several_threads_write_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let [name, target] = ["file.new", "file"].map(|name| folder.path().join(name));
        fs::write(&name, "left by a killed run, and longer than the new content").unwrap();
        for _ in 0..ROUNDS {
            let barrier = Barrier::new(4);
            let write = |writer: u32| {
                barrier.wait();
                let mut file = temporary(&name, Duration::from_secs(60)).unwrap().unwrap();
                for _ in 0..=writer {
                    file.write_all(writer.to_string().as_bytes()).unwrap();
                }
                place(file, &target, true).unwrap();
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

    #[test]
    fn a_file_can_be_read_while_it_is_replaced() {
        let folder = tempfile::TempDir::new().unwrap();
        let [name, target] = ["file.new", "file"].map(|name| folder.path().join(name));
        fs::write(&target, "0").unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for round in 0..ROUNDS {
                    let mut file = temporary(&name, Duration::ZERO).unwrap().unwrap();
                    write!(file, "{round}").unwrap();
                    place(file, &target, true).unwrap();
                }
            });
            while !writer.is_finished() {
                let text = read_text(&target).unwrap();
                assert!(text.parse::<usize>().is_ok_and(|round| round < ROUNDS), "{text}");
            }
        });
    }

    #[test]
    fn a_file_under_another_name_is_not_at_its_former_one() {
        let folder = tempfile::TempDir::new().unwrap();
        let [name, other] = ["file", "other"].map(|name| folder.path().join(name));
        let file = claim(&name, Duration::ZERO).unwrap().unwrap();
        assert!(is_at(&file, &name));
        fs::rename(&name, &other).unwrap();
        assert!(!is_at(&file, &name));
        fs::write(&name, "of another process").unwrap();
        assert!(!is_at(&file, &name) && is_at(&file, &other));
    }

    #[test]
    fn a_file_is_not_placed_over_another_unless_it_may_be() {
        let folder = tempfile::TempDir::new().unwrap();
        let [name, target] = ["file.new", "file"].map(|name| folder.path().join(name));
        fs::write(&target, "old").unwrap();
        let file = temporary(&name, Duration::ZERO).unwrap().unwrap();
        assert_eq!(place(file, &target, false).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        assert!(!name.exists());
    }

    #[test]
    fn only_errors_of_windows_are_those_of_a_file_in_use() {
        for code in [5, 32, 33] {
            assert!(is_in_use(&io::Error::from_raw_os_error(code), true), "{code}");
            assert!(!is_in_use(&io::Error::from_raw_os_error(code), false), "{code}");
        }
        assert!(!is_in_use(&io::Error::from_raw_os_error(2), true));
        assert!(!is_in_use(&io::ErrorKind::PermissionDenied.into(), true));
    }

    /// `icacls` prints an entry for each user or group; an inherited one has `(I)`.
    #[cfg(windows)]
    #[test]
    fn a_claimed_file_has_one_entry_which_is_its_own() {
        let folder = tempfile::TempDir::new().unwrap();
        let name = folder.path().join("file");
        claim(&name, Duration::ZERO).unwrap().unwrap();
        let output = std::process::Command::new("icacls.exe").arg(&name).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let entries: Vec<_> = text.lines().filter(|line| line.contains(":(")).collect();
        assert!(matches!(*entries, [entry] if entry.trim_end().ends_with(":(F)")), "{text}");
        assert_eq!(fs::read_to_string(&name).unwrap(), "");
    }
}
