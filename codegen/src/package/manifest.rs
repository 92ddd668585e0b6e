//! `Cargo.toml` of a generated crate.

use super::{Manifest, Runtime, VENDORED};
use crate::api::Api;
use crate::prose;

/// Prints the manifest.
pub(super) fn print(api: &Api, manifest: &Manifest<'_>) -> String {
    let Manifest { name, runtime, license, .. } = manifest;
    let what = if manifest.types_only { "The types" } else { "A client" };
    let description = format!("{what} of {}, generated from its OpenAPI description", prose::plain(&api.title));
    let defaults = if manifest.types_only { "" } else { "\"gzip\", \"rustls\"" };
    let license = match license {
        Some(license) => format!("license = {}", toml_text(license)),
        None => "# Choose a licence before you publish the crate.\n# license = \"MIT\"\npublish = false".to_owned(),
    };
    let members = if **runtime == Runtime::Vendored { format!("\nmembers = [{VENDORED:?}]") } else { String::new() };
    format!(
        r#"# {mark}
[package]
name = "{name}"
description = {description}
version = "0.1.0"
edition = "2024"
rust-version = "1.88"
{license}

# A workspace of its own, even inside another one's folder.
[workspace]{members}

[features]
default = [{defaults}]
gzip = ["openbanking-client-runtime/gzip"]
rustls = ["openbanking-client-runtime/rustls"]
native-tls = ["openbanking-client-runtime/native-tls"]

[dependencies]
chrono = {{ version = "0.4", default-features = false, features = ["clock", "serde", "std"] }}
openbanking-client-runtime = {{ {place}, default-features = false }}
rust_decimal = {{ version = "1.43", default-features = false, features = ["std"] }}
serde_json = "1"
uuid = {{ version = "1", features = ["serde"] }}
"#,
        mark = manifest.mark(),
        description = toml_text(&description),
        place = place(runtime),
    )
}

/// The keys of the dependency on the runtime.
fn place(runtime: &Runtime) -> String {
    let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"");
    match runtime {
        Runtime::Version => version.to_owned(),
        Runtime::Vendored => format!("{version}, path = {VENDORED:?}"),
        Runtime::Path(folder) => format!("{version}, path = {}", toml_text(folder)),
        Runtime::Git { url, rev } => format!("{version}, git = {}, rev = {}", toml_text(url), toml_text(rev)),
    }
}

/// A text as TOML writes it.
fn toml_text(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_toml() {
        for (path, text) in
            [("/a/it's", r#""/a/it's""#), (r"C:\a", r#""C:\\a""#), ("a\"b\n", r#""a\"b\u000A""#), ("/ä", "\"/ä\"")]
        {
            assert_eq!(toml_text(path), text);
        }
    }
}
