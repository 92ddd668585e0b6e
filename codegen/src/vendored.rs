//! The sources of the runtime, for crates that have a copy of it.

use std::collections::BTreeMap;

/// The files by path, as JSON. `cargo xtask codegen` writes it from the folder of the runtime.
const FILES: &str = include_str!("vendored/runtime.json");

/// Returns the files of the runtime's package, by path.
pub(crate) fn files() -> BTreeMap<String, String> {
    serde_json::from_str(FILES).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_is_a_whole_package() {
        let files = files();
        for name in ["Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "src/lib.rs"] {
            assert!(files.contains_key(name), "{name}");
        }
        assert!(files.len() > 50, "{}", files.len());
        assert!(!files["Cargo.toml"].contains("workspace"), "{}", files["Cargo.toml"]);
    }
}
