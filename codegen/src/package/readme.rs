//! `README.md` of a generated crate.

use super::{Manifest, Runtime, schemes};
use crate::api::{Api, Operation};
use crate::compile::Compiled;
use crate::emit;
use crate::omitted::LeftOut;
use crate::prose;

/// The most operations that are listed.
const LISTED: usize = 50;

/// Prints the text.
pub(super) fn print(compiled: &Compiled, manifest: &Manifest<'_>) -> String {
    let api = &compiled.api;
    let again = format!("## Generate it again\n\n```console\n{}\n```\n", prose::plain(manifest.command));
    // A file name must not end the comment.
    let mark = manifest.mark().replace('>', "&gt;");
    let (name, krate) = (manifest.name, manifest.name.replace('-', "_"));
    let (title, version, spec) = (prose::inline(&api.title), prose::code(&api.version), prose::code(manifest.spec));
    if manifest.types_only {
        return format!(
            "<!-- {mark} -->\n# {name}\n\nThe types of {title} (version {version}), generated from {spec}. They implement \
             `serde::Serialize` and `serde::Deserialize`. The crate depends on the runtime of clients, and so on an HTTP client, \
             which it does not use.\n\n{again}\n{}",
            licence(compiled, manifest)
        );
    }
    let server = match &api.server {
        Some(_) => format!("{krate}::SERVER"),
        None => "\"https://api.example.com\"".to_owned(),
    };
    let owner = if api.groups().is_empty() { "of `Client`" } else { "of `Client`, or of the handle of its tag," };
    let example = example(api, &krate, &server);
    let sections =
        [operations(api), credentials(api), left_out(&compiled.left_out), again, licence(compiled, manifest)];
    let sections: String = sections.iter().filter(|text| !text.is_empty()).map(|text| format!("\n{text}")).collect();
    format!(
        r#"<!-- {mark} -->
# {name}

A client of {title} (version {version}), generated from {spec}.

```rust,no_run
use {krate}::{{Client, Context}};

{example}```

Each operation is a method {owner} that returns a request. `.await` sends it and returns the decoded body;
`.with_meta().await` returns the status and headers with it.
{sections}"#
    )
}

/// A function that makes one of the simplest calls.
fn example(api: &Api, krate: &str, server: &str) -> String {
    let is_simple = |operation: &&Operation| {
        let arguments = operation.arguments().count() + usize::from(operation.required_body().is_some());
        (operation.deprecated, arguments, operation.method != "GET")
    };
    let (parameters, call) = match api.operations.iter().min_by_key(is_simple) {
        Some(operation) => emit::call(operation, krate),
        None => {
            return format!(
                "let client = Client::new({server}, Context::new())?;\n# Ok::<(), {krate}::BuildError>(())\n"
            );
        }
    };
    format!(
        "async fn example({}) -> Result<(), Box<dyn std::error::Error>> {{\n\
         \x20   let client = Client::new({server}, Context::new())?;\n\
         \x20   let response = {call};\n\
         \x20   println!(\"{{response:?}}\");\n\
         \x20   Ok(())\n}}\n",
        parameters.join(", ")
    )
}

fn operations(api: &Api) -> String {
    if api.operations.is_empty() {
        return String::new();
    }
    let mut text = "## Operations\n\n".to_owned();
    for operation in api.operations.iter().take(LISTED) {
        let request = prose::code(&format!("{} {}", operation.method, operation.path));
        text.push_str(&format!("- `{}`: {request}\n", operation.call()));
    }
    if let Some(more @ 1..) = api.operations.len().checked_sub(LISTED) {
        text.push_str(&format!("\n{more} more are in the documentation (`cargo doc --open`).\n"));
    }
    text
}

fn credentials(api: &Api) -> String {
    match schemes(api) {
        none if none.is_empty() => none,
        // The links lead to items of the crate's documentation.
        schemes => format!("## Credentials\n\n{}", schemes.replace("[`", "`").replace("`]", "`")),
    }
}

fn left_out(operations: &[LeftOut]) -> String {
    if operations.is_empty() {
        return String::new();
    }
    let mut text = "## Operations without a method\n\nThey cannot be generated faithfully.\n\n".to_owned();
    for LeftOut { method, path, reason, .. } in operations {
        let operation = prose::code(&format!("{method} {path}"));
        text.push_str(&format!("- {operation}: {}\n", prose::inline(&reason.message)));
    }
    text
}

fn licence(compiled: &Compiled, manifest: &Manifest<'_>) -> String {
    let own = match manifest.license {
        Some(license) => format!("{}.", prose::inline(license)),
        None => "None yet: set `license` in `Cargo.toml` before you publish the crate.".to_owned(),
    };
    let runtime = match manifest.runtime {
        Runtime::Vendored => " The runtime in `runtime/` is under MIT or Apache-2.0.",
        _ => "",
    };
    let document = match &compiled.license {
        Some(license) => format!(" The licence of the document is {}.", prose::code(license)),
        None => String::new(),
    };
    format!("## Licence\n\n{own}{runtime}{document}\n")
}
