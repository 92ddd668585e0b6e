//! The runtime that a generated crate uses.

use std::path::Path;
use std::str::FromStr;

/// The repository of this project.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The place from which a generated crate takes `openbanking-client-runtime`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Runtime {
    /// A copy in a folder of the crate, which needs no registry and no repository of ours.
    #[default]
    Vendored,
    /// The release with the version of this generator.
    Version,
    /// A commit, branch or tag of a git repository.
    Git {
        /// The URL of the repository.
        url: String,
        /// The revision.
        rev: String,
    },
    /// A folder, as the manifest names it.
    Path(String),
}

impl Runtime {
    /// Returns the option of the command line, with `DIR` in place of an absolute folder, which is of this machine only.
    pub fn argument(&self) -> String {
        match self {
            Self::Vendored => "vendored".to_owned(),
            Self::Version => "version".to_owned(),
            Self::Git { url, rev } if url == REPOSITORY => format!("git={rev}"),
            Self::Git { url, rev } => format!("git={url}#{rev}"),
            Self::Path(folder) if Path::new(folder).is_relative() => format!("path={folder}"),
            Self::Path(_) => "path=DIR".to_owned(),
        }
    }
}

/// Parses `vendored`, `version`, `git=REV`, `git=URL#REV` or `path=DIR`.
impl FromStr for Runtime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let message = "use `vendored`, `version`, `git=REV`, `git=URL#REV` or `path=DIR`";
        match text.split_once('=') {
            None if text == "vendored" => Ok(Self::Vendored),
            None if text == "version" => Ok(Self::Version),
            Some(("path", folder)) if !folder.is_empty() => Ok(Self::Path(folder.to_owned())),
            Some(("git", place)) => {
                let (url, rev) = place.rsplit_once('#').unwrap_or((REPOSITORY, place));
                match url.is_empty() || rev.is_empty() {
                    true => Err(message.to_owned()),
                    false => Ok(Self::Git { url: url.to_owned(), rev: rev.to_owned() }),
                }
            }
            _ => Err(message.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runtimes_are_parsed_and_written() {
        let git = |url: &str, rev: &str| Runtime::Git { url: url.to_owned(), rev: rev.to_owned() };
        for (text, runtime) in [
            ("path=../r=1", Some(Runtime::Path("../r=1".to_owned()))),
            ("vendored", Some(Runtime::Vendored)),
            ("version", Some(Runtime::Version)),
            ("git=v1.0", Some(git(REPOSITORY, "v1.0"))),
            ("git=https://git.example/a#b", Some(git("https://git.example/a", "b"))),
            ("git=", None),
            ("git=https://git.example/a#", None),
            ("path=", None),
            ("vendored=x", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<Runtime>().ok(), runtime, "{text}");
            if let Some(runtime) = runtime {
                assert_eq!(runtime.argument(), text);
            }
        }
        assert_eq!(Runtime::Path("/home/somebody".to_owned()).argument(), "path=DIR");
    }
}
