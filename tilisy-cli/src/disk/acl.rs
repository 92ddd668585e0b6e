//! Access control lists of files on Windows, where a file has no mode.
//!
//! They are set by `icacls`, which is part of Windows: the standard library cannot do it, and of the crates that can, the
//! maintained ones are `unsafe` to call.

use std::ffi::OsString;
use std::path::Path;

#[cfg(windows)]
pub(super) use self::system::restrict;

/// The subject of an access control list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Subject {
    File,
    /// A folder: what is created in it has the same list.
    Folder,
}

/// Returns the arguments of `icacls` that remove inherited access and grant full access to one user.
fn arguments(path: &Path, sid: &str, subject: Subject) -> [OsString; 5] {
    let inherited = match subject {
        Subject::File => "",
        Subject::Folder => "(OI)(CI)",
    };
    let grant = format!("*{sid}:{inherited}F");
    [plain(path), "/inheritance:r".into(), "/grant:r".into(), grant.into(), "/q".into()]
}

/// Returns a path without the prefix that canonical paths have, as `icacls` may take its question mark for a pattern.
fn plain(path: &Path) -> OsString {
    let Some(verbatim) = path.to_str().and_then(|text| text.strip_prefix(r"\\?\")) else {
        return path.as_os_str().to_owned();
    };
    match verbatim.strip_prefix(r"UNC\") {
        Some(share) => format!(r"\\{share}").into(),
        None => verbatim.into(),
    }
}

/// Returns the security identifier in a line of `whoami /user /fo csv /nh`.
///
/// The name before it may have any encoding; the identifier is ASCII.
fn sid(line: &[u8]) -> Option<String> {
    let line = String::from_utf8_lossy(line);
    let (_, last) = line.trim_end().rsplit_once(',')?;
    let sid = last.strip_prefix('"')?.strip_suffix('"')?;
    let numbers = sid.strip_prefix("S-1-")?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    numbers.split('-').all(is_number).then(|| sid.to_owned())
}

#[cfg(windows)]
mod system {
    use std::env;
    use std::io;
    use std::path::{Path, PathBuf, absolute};
    use std::process::{Command, Output};
    use std::sync::OnceLock;

    use super::{Subject, arguments, sid};

    /// The user of this process.
    static USER: OnceLock<String> = OnceLock::new();

    /// Limits the access to a file or folder to the user of this process.
    ///
    /// # Errors
    ///
    /// Returns an error if the list cannot be set, as on a file system without such lists.
    pub(in crate::disk) fn restrict(path: &Path, subject: Subject) -> io::Result<()> {
        // A path that starts with a slash would be an option.
        let path = absolute(path)?;
        run("icacls.exe", &mut |command| command.args(arguments(&path, user()?, subject)).output()).map(drop)
    }

    /// Returns the security identifier of the user.
    ///
    /// The owner of a file is not always the user: for an elevated process, it is the group of administrators.
    fn user() -> io::Result<&'static str> {
        if let Some(user) = USER.get() {
            return Ok(user);
        }
        let output = run("whoami.exe", &mut |command| command.args(["/user", "/fo", "csv", "/nh"]).output())?;
        let user = sid(&output.stdout).ok_or_else(|| io::Error::other("whoami.exe does not name the user"))?;
        Ok(USER.get_or_init(|| user))
    }

    /// Runs a program of the system. Its folder is named, because a program beside ours may have the same name.
    fn run(name: &str, start: &mut dyn FnMut(&mut Command) -> io::Result<Output>) -> io::Result<Output> {
        let root = env::var_os("SystemRoot").ok_or_else(|| io::Error::other("SystemRoot is not set"))?;
        let program: PathBuf = [Path::new(&root), Path::new("System32"), Path::new(name)].iter().collect();
        let output = start(&mut Command::new(program))?;
        match output.status.success() {
            true => Ok(output),
            // Its message is in the language and encoding of the system.
            false => Err(io::Error::other(format!("{name} cannot limit access to this user ({})", output.status))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_user_is_granted_access() {
        let of =
            |path, subject| arguments(Path::new(path), "S-1-5-21-1-2-3-1001", subject).map(|word| word.into_string());
        let words =
            |path: &str, grant: &str| [path, "/inheritance:r", "/grant:r", grant, "/q"].map(|word| Ok(word.to_owned()));
        assert_eq!(of(r"C:\a b\key", Subject::File), words(r"C:\a b\key", "*S-1-5-21-1-2-3-1001:F"));
        assert_eq!(of(r"C:\a", Subject::Folder), words(r"C:\a", "*S-1-5-21-1-2-3-1001:(OI)(CI)F"));
    }

    #[test]
    fn canonical_paths_lose_their_prefix() {
        for (path, expected) in [
            (r"\\?\C:\a\b", r"C:\a\b"),
            (r"\\?\UNC\host\share\b", r"\\host\share\b"),
            (r"\\host\share\b", r"\\host\share\b"),
            (r"C:\UNC\b", r"C:\UNC\b"),
        ] {
            assert_eq!(plain(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn the_user_is_read_from_the_line_of_whoami() {
        let line = b"\"desktop\\\x84ino, o\",\"S-1-5-21-10-20-30-1001\"\r\n";
        assert_eq!(sid(line).as_deref(), Some("S-1-5-21-10-20-30-1001"));
        for line in ["", "\r\n", "S-1-5-18", "\"a\",\"S-1-5-18:F\"", "\"a\",\"S-1-\"", "\"a\",S-1-5-18", "\"a\",\"b\""]
        {
            assert_eq!(sid(line.as_bytes()), None, "{line:?}");
        }
    }
}
