//! The command that generates a crate again, for headers and the README.

use std::path::Path;

use super::options::Options;
use crate::package::Runtime;

/// Prints the command for a shell in the folder of the spec and of the crate. `runtime` is as the manifest names it.
pub(super) fn again(program: &str, spec: &Path, out: &Path, options: &Options, runtime: &Runtime) -> String {
    let full = out.canonicalize().unwrap_or_else(|_| out.to_path_buf());
    let folder = short(&full);
    let mut words = vec!["--spec".to_owned(), short(spec), "--out".to_owned(), folder.clone()];
    for overlay in &options.overlay {
        words.extend(["--overlay".to_owned(), short(overlay)]);
    }
    if let Some(name) = &options.name {
        words.extend(["--name".to_owned(), name.clone()]);
    }
    if *runtime != Runtime::default() {
        words.extend(["--runtime".to_owned(), outside(runtime, &folder).argument()]);
    }
    if options.types_only {
        words.push("--types-only".to_owned());
    }
    if options.by_tag {
        words.push("--by-tag".to_owned());
    }
    if let Some(license) = &options.license {
        words.extend(["--license".to_owned(), license.clone()]);
    }
    if options.strict {
        words.push("--strict".to_owned());
    }
    words.iter().fold(program.to_owned(), |command, word| format!("{command} {}", quoted(word)))
}

/// The name of a file without its folder, which is of this machine only.
pub(super) fn short(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// A runtime whose folder is relative to a crate, as seen from the folder around the crate.
fn outside(runtime: &Runtime, folder: &str) -> Runtime {
    match runtime {
        Runtime::Path(path) if Path::new(path).is_relative() => Runtime::Path(match path.strip_prefix("../") {
            Some(outside) => outside.to_owned(),
            None if path == ".." => ".".to_owned(),
            None => format!("{folder}/{path}"),
        }),
        other => other.clone(),
    }
}

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./=+:@%,".contains(character);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (word, text) in [
            ("bank.yaml", "bank.yaml"),
            ("pankki-ä.yaml", "pankki-ä.yaml"),
            ("git=https://git.example/a#b", "'git=https://git.example/a#b'"),
            ("my bank.yaml", "'my bank.yaml'"),
            ("it's; $(x)", r"'it'\''s; $(x)'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), text);
        }
    }

    #[test]
    fn folders_of_a_runtime_are_seen_from_around_the_crate() {
        for (path, seen) in [("../runtime", "runtime"), ("..", "."), ("../../a", "../a"), ("sub/a", "bank/sub/a")] {
            assert_eq!(outside(&Runtime::Path(path.to_owned()), "bank"), Runtime::Path(seen.to_owned()), "{path}");
        }
    }
}
