//! The client: one documented method for each operation.

use std::fmt::Write;
use std::iter;

use quote::quote;

use super::docs;
use super::layout::{literal, signature};
use super::operations::request_name;
use crate::render::Piece;
use crate::surface::{Operation, Surface};

/// The pieces of the module `client`. `krate` is the path under which examples find it.
pub(crate) fn print(surface: &Surface, krate: &str) -> Vec<Piece> {
    let title = &surface.title;
    let summary = docs::tokens(&format!("A client of the {title}.\n\n{}", surface.docs));
    let methods: Vec<_> = surface.operations.iter().map(|operation| method(operation, krate)).collect();
    vec![
        Piece::Item(quote! {
            #summary
            #[derive(Clone)]
            pub struct Client {
                pub(super) raw: super::raw::Client,
            }
        }),
        match methods.is_empty() {
            true => Piece::Item(quote!(impl Client {})),
            false => Piece::Laid(format!("impl Client {{\n{}}}\n", methods.join("\n"))),
        },
        Piece::Item(quote! {
            /// What hand-written code builds on; not all of it is used everywhere.
            #[allow(dead_code, reason = "not every crate needs all of it")]
            impl Client {
                /// A client that sends over `transport` what `context` holds.
                pub(crate) fn from_parts(transport: Transport, context: Context) -> Self {
                    let context = context.over(&transport);
                    Self { raw: super::raw::Client::new_with_client(&transport.base_url, transport.client, context) }
                }

                /// What every request of this client carries.
                pub(crate) fn context(&self) -> &Context {
                    &self.raw.inner
                }

                /// The same client, with requests that carry something else.
                pub(crate) fn with_context(&self, context: Context) -> Self {
                    let mut client = self.clone();
                    client.raw.inner = context;
                    client
                }
            }
        }),
        Piece::Item(quote! {
            impl ::std::fmt::Debug for Client {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.debug_struct("Client").field("context", self.context()).finish_non_exhaustive()
                }
            }
        }),
    ]
}

fn method(operation: &Operation, krate: &str) -> String {
    let mut text = docs::comment("    ", &description(operation));
    for line in example(operation, krate) {
        text.extend(["    ///", if line.is_empty() { "" } else { " " }, &line, "\n"]);
    }
    if operation.deprecated {
        text.push_str("    #[deprecated = \"the spec says that it will go away\"]\n");
    }
    let (name, request) = (&operation.name, request_name(operation));
    let given = operation.arguments.iter().map(|argument| format!("{}: {}", argument.name, argument.given));
    let arguments: Vec<_> = iter::once("&'a self".to_owned()).chain(given).collect();
    let kept = operation.arguments.iter().map(|argument| {
        let name = &argument.name;
        // Given by reference and kept by value: copied.
        let is_copied = argument.given.starts_with('&') && !argument.ty.starts_with('&');
        if is_copied { format!("{name}: *{name}") } else { name.clone() }
    });
    let setters = operation.setters.iter().map(|setter| format!("{}: None", setter.name));
    let values: Vec<_> = iter::once("client_: self".to_owned()).chain(kept).chain(setters).collect();
    let signature = signature(&format!("pub fn {name}<'a>"), &arguments, &format!("operations::{request}<'a>"));
    let literal = literal(&format!("operations::{request}"), &values);
    let _ = write!(text, "    {signature} {{\n        {literal}\n    }}\n");
    text
}

fn description(operation: &Operation) -> String {
    let Operation { summary, docs, method, path, .. } = operation;
    let mut text = String::new();
    if !summary.is_empty() {
        let _ = write!(text, "{}.\n\n", summary.trim_end_matches('.'));
    }
    let _ = write!(text, "`{method} {path}`\n\n{docs}\n");
    if !operation.arguments.is_empty() {
        text.push_str("\n# Arguments\n\n");
    }
    for argument in &operation.arguments {
        let _ = writeln!(text, "- `{}`: {}", argument.name, argument.docs.replace('\n', " "));
    }
    if !operation.context_headers.is_empty() {
        let headers: Vec<_> = operation.context_headers.iter().map(|header| format!("`{header}`")).collect();
        let _ = write!(text, "\nCarries these headers where the client has them: {}.\n", headers.join(", "));
    }
    text.push_str("\n# Errors\n\nWhatever keeps the answer from arriving whole, and every answer that is no success");
    let errors: Vec<_> = operation.responses.iter().filter(|(status, _)| !status.starts_with('2')).collect();
    text.push_str(if errors.is_empty() { "." } else { "; these are documented:\n\n" });
    for (status, description) in errors {
        let _ = writeln!(text, "- {status}: {}", description.replace('\n', " "));
    }
    text.trim_end().to_owned()
}

/// A call in a function that has its arguments, so that it compiles.
fn example(operation: &Operation, krate: &str) -> Vec<String> {
    let arguments: Vec<_> = operation.arguments.iter().map(|argument| argument.name.as_str()).collect();
    let parameters: String = operation
        .arguments
        .iter()
        .map(|argument| format!(", {}: {}", argument.name, public_type(&argument.given, krate)))
        .collect();
    let mut lines = vec![
        String::new(),
        "# Example".to_owned(),
        String::new(),
        "```no_run".to_owned(),
        format!("# async fn example(client: &{krate}::Client{parameters}) -> Result<(), {krate}::Error> {{"),
    ];
    if operation.deprecated {
        lines.push("# #[allow(deprecated)]".to_owned());
    }
    lines.push(format!("let answer = client.{}({}).await?;", operation.name, arguments.join(", ")));
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    lines
}

/// A type as a caller outside the crate writes it.
fn public_type(ty: &str, krate: &str) -> String {
    let ty = ty.replace("&'a ", "&").replace("types::", &format!("{krate}::types::"));
    let mut public = String::new();
    for part in ty.split_inclusive(|character: char| !character.is_alphanumeric() && character != '_') {
        let word = part.trim_end_matches(|character: char| !character.is_alphanumeric() && character != '_');
        let path = match word {
            "Uuid" => "uuid::Uuid",
            "NaiveDate" => "chrono::NaiveDate",
            "DateTime" => "chrono::DateTime",
            "Utc" => "chrono::Utc",
            "Decimal" => "rust_decimal::Decimal",
            "BTreeMap" => "std::collections::BTreeMap",
            "IpAddr" => "std::net::IpAddr",
            "Ipv4Addr" => "std::net::Ipv4Addr",
            "Ipv6Addr" => "std::net::Ipv6Addr",
            other => other,
        };
        public.push_str(path);
        public.push_str(&part[word.len()..]);
    }
    public
}
