//! The versions of files.

use std::path::Path;

use serde::Deserialize;

use crate::failure::{Exit, Failure};

/// Returns the version of a JSON file. The first version of each file did not write its number.
///
/// # Errors
///
/// Returns an error if the version is later than `newest`, the last one that this program reads.
pub(crate) fn of_json(text: &str, file: &Path, newest: u32) -> Result<u32, Failure> {
    #[derive(Deserialize)]
    struct Versioned {
        #[serde(default = "first")]
        version: u32,
    }
    // A file without a version that can be read is damaged, which its reader reports.
    let version = serde_json::from_str::<Versioned>(text).map_or(1, |versioned| versioned.version);
    check(version.into(), file, newest)?;
    Ok(version)
}

/// Refuses a version that is later than `newest`.
pub(crate) fn check(version: u64, file: &Path, newest: u32) -> Result<(), Failure> {
    if (1..=u64::from(newest)).contains(&version) {
        return Ok(());
    }
    let name = file.display();
    let text = format!("`{name}` has format {version}, and this version of tilisy reads formats up to {newest}");
    Err(Failure::new(Exit::Setup, text).hint("update tilisy, or choose another `--profile`; the file is left as it is"))
}

const fn first() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_versions_are_refused_by_their_number() {
        let of = |text: &str| of_json(text, Path::new("x.json"), 2).map_err(|failure| failure.text().to_owned());
        assert_eq!((of("{}"), of(r#"{"version": 2}"#), of("not JSON")), (Ok(1), Ok(2), Ok(1)));
        for version in ["0", "3", "4294967295"] {
            let refused = of(&format!(r#"{{"version": {version}}}"#)).err().unwrap_or_default();
            assert!(refused.contains(&format!("`x.json` has format {version},")), "{refused}");
        }
    }
}
