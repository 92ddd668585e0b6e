//! Codes: enums that keep values which are not listed.

use super::source::Source;
use crate::api::{Code, CodeKind};
use crate::prose;

/// The parts of one code.
pub(super) fn print(code: &Code) -> Vec<Source> {
    let variants: String =
        code.variants.iter().map(|variant| format!("        {} => {:?},\n", variant.name, variant.wire)).collect();
    let head = match (&code.unlisted, code.kind) {
        (Some(unlisted), CodeKind::Integer) => format!("json_code! {{\n    integer {}, {unlisted}", code.name),
        (Some(unlisted), CodeKind::Mixed) => format!("json_code! {{\n    mixed {}, {unlisted}", code.name),
        (Some(unlisted), CodeKind::Text) => format!("open_code! {{\n    {}, {unlisted}", code.name),
        (None, _) => format!("closed_code! {{\n    {}", code.name),
    };
    vec![
        Source::Formatted(definition(code)),
        Source::Text(format!("::openbanking_client_runtime::{head} {{\n{variants}    }}\n}}\n")),
    ]
}

fn definition(code: &Code) -> String {
    let mut variants: String = code
        .variants
        .iter()
        .map(|variant| format!("{}    {},\n", prose::comment("    ", &variant.docs), variant.name))
        .collect();
    let derives = match &code.unlisted {
        Some(unlisted) => {
            variants.push_str("    /// A value that this version of the client does not list, kept as received.\n");
            variants.push_str(&format!("    {unlisted}(::openbanking_client_runtime::code::Unlisted<Self>),\n"));
            "#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]\n#[non_exhaustive]"
        }
        None => "#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]",
    };
    format!("{}{derives}\npub enum {} {{\n{variants}}}\n", prose::comment("", &code.docs), code.name)
}
