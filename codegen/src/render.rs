//! Prints the passes' output: one file for each module, formatted, marked as generated.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::quote;

use crate::polish::{client, codes, docs, objects, operations, raw, short};
use crate::surface::{Surface, TypeItem};

/// A part of a generated file.
pub(crate) enum Piece {
    /// An item, to be formatted.
    Item(TokenStream),
    /// Code in the formatter's own layout, but for lines that it would break. Most lines of a client are of few forms, and
    /// to write them out takes a fraction of the time that tokens, their parser and the formatter take.
    Laid(String),
    /// An item that is parsed already, to be formatted.
    Parsed(Box<syn::Item>),
    /// Text as it stands: calls of macros, which no formatter lays out.
    Text(String),
}

/// Parses a type that the surface holds as text. Text that is no type is printed as it is, and the compiler says so.
pub(crate) fn tokens(ty: &str) -> TokenStream {
    ty.parse().unwrap_or_else(|_| quote!(compile_error!("no type")))
}

/// How a client is printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style<'a> {
    /// The spec, as the header names it.
    pub(crate) spec: &'a str,
    /// The command that makes the files anew.
    pub(crate) command: &'a str,
    /// The path under which examples find the client.
    pub(crate) krate: &'a str,
}

/// All files of a client, by name.
///
/// # Errors
///
/// Output that does not parse, which would be a fault of a pass.
pub(crate) fn render(
    file: syn::File,
    surface: &Surface,
    style: Style<'_>,
) -> Result<BTreeMap<PathBuf, String>, String> {
    let open_codes: Vec<_> = surface
        .types
        .iter()
        .filter_map(|item| match item {
            TypeItem::Code(code) if code.unlisted.is_some() => Some(code.name.as_str()),
            _ => None,
        })
        .collect();
    let types = surface.types.iter().flat_map(|item| match item {
        TypeItem::Object(object) => {
            let is_error = surface.error.as_ref() == Some(&object.name);
            let label = is_error.then(|| objects::print_label(surface, object, &open_codes));
            objects::print(object).into_iter().chain(label).collect()
        }
        TypeItem::Code(code) => codes::print(code),
    });
    let field_types: Vec<_> = surface
        .types
        .iter()
        .filter_map(|item| match item {
            TypeItem::Object(object) => Some(object),
            TypeItem::Code(_) => None,
        })
        .flat_map(|object| object.fields.iter().map(|field| field.ty()))
        .collect();
    let operation_types: Vec<_> = surface
        .operations
        .iter()
        .flat_map(|operation| {
            let parameters = operation.arguments.iter().chain(&operation.setters);
            parameters.map(|parameter| parameter.ty.clone()).chain([operation.returns.clone()])
        })
        .collect();
    let argument_types: Vec<_> = surface
        .operations
        .iter()
        .flat_map(|operation| operation.arguments.iter().map(|argument| argument.ty.clone()))
        .collect();

    let mut files = BTreeMap::new();
    let mut add = |name: &str, head: Vec<Piece>, body: Vec<Piece>| -> Result<(), String> {
        let pieces = head.into_iter().chain(body);
        files.insert(PathBuf::from(name), print(pieces, style)?);
        Ok(())
    };
    add("mod.rs", Vec::new(), module(surface))?;
    add("types.rs", vec![imports(&field_types, "")], types.collect())?;
    let uses = "use openbanking_client_runtime::context::{Authorization, Operation};\nuse openbanking_client_runtime::response::{Pending, Response};\n\nuse super::{Client, Error, types};\n";
    add("operations.rs", vec![imports(&operation_types, uses)], operations::print(surface))?;
    let uses = "use openbanking_client_runtime::context::Context;\nuse openbanking_client_runtime::transport::Transport;\n\nuse super::{operations, types};\n";
    add("client.rs", vec![imports(&argument_types, uses)], client::print(surface, style.krate))?;
    let uses = "use openbanking_client_runtime::context::{Context, Operation};\n\nuse super::{operations, types};\n";
    add("raw.rs", vec![imports(&[], uses)], raw::print(file, surface))?;
    Ok(files)
}

/// What the types of a module need, then what the module itself uses.
fn imports(types: &[String], uses: &str) -> Piece {
    Piece::Text(format!("{}{uses}", short::imports(types.iter().map(String::as_str))))
}

/// The module that holds the others.
fn module(surface: &Surface) -> Vec<Piece> {
    let error = operations::error_body(surface.error.as_deref());
    let server = surface.server.as_ref().map(|server| {
        let server = server.trim_end_matches('/');
        let docs = docs::tokens(&format!("Where the {} is served.", surface.title));
        quote! { #docs pub const SERVER: &str = #server; }
    });
    let version = &surface.version;
    let version_docs = docs::tokens(&format!("The version of the {} that this client is made for.", surface.title));
    vec![
        Piece::Item(quote! {
            mod client;
            /// A request for each operation.
            pub mod operations;
            mod raw;
            /// What requests and answers hold.
            pub mod types;

            pub use client::Client;
        }),
        Piece::Item(quote! {
            /// What can go wrong with a call.
            pub type Error = ::openbanking_client_runtime::error::Error<#error>;
        }),
        Piece::Item(quote! { #server #version_docs pub const API_VERSION: &str = #version; }),
    ]
}

fn print(pieces: impl Iterator<Item = Piece>, style: Style<'_>) -> Result<String, String> {
    let mut text = format!(
        "// @generated by `{}` from {}. Do not edit: change the spec and run it again.\n",
        docs::lines(style.command).join(" "),
        docs::lines(style.spec).join(" ")
    );
    for piece in pieces {
        let printed = match piece {
            Piece::Text(text) => text,
            Piece::Laid(text) if is_narrow(&text) => text,
            Piece::Laid(text) => format(syn::parse_str(&text))?,
            Piece::Item(tokens) => format(syn::parse2(tokens))?,
            Piece::Parsed(item) => {
                format(Ok(syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![*item] }))?
            }
        };
        if !printed.is_empty() {
            text.push('\n');
            text.push_str(&printed);
        }
    }
    Ok(text)
}

/// The longest line that the formatter does not break, unless it is a comment.
pub(crate) const WIDTH: usize = 89;

fn is_narrow(code: &str) -> bool {
    code.lines().all(|line| line.len() <= WIDTH || line.trim_start().starts_with("///"))
}

fn format(file: syn::Result<syn::File>) -> Result<String, String> {
    let file = file.map_err(|error| format!("a pass printed what is no Rust: {error}"))?;
    Ok(airy(&prettyplease::unparse(&file)))
}

/// Puts an empty line between the functions of a block, which the formatter leaves out.
fn airy(code: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut airy = String::with_capacity(code.len() + code.len() / 20);
    let mut previous: Option<&str> = None;
    for line in code.lines() {
        let opens = ["///", "#[", "pub ", "fn ", "async fn ", "impl", "type ", "const "];
        let follows = previous.is_some_and(|previous| {
            let is_comment = previous.trim_start().starts_with("//");
            let ends = previous.trim() == "}" || (previous.ends_with(';') && indent(previous) == 0);
            ends && !is_comment && indent(previous) == indent(line)
        });
        let import = |line: &str| line.starts_with("use ") || line.starts_with("pub use ");
        if follows && opens.iter().any(|open| line.trim_start().starts_with(open)) && !import(line) {
            airy.push('\n');
        }
        airy.push_str(line);
        airy.push('\n');
        previous = Some(line);
    }
    airy
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;
    use crate::surface::{Code, Field, Object, Operation, Parameter, Presence, Variant};

    fn field(name: &str, inner: &str, presence: Presence) -> Field {
        Field {
            name: name.to_owned(),
            wire: name.to_owned(),
            aliases: Vec::new(),
            docs: "One line.\n\nAnd one more, with `code`: //".to_owned(),
            inner: inner.to_owned(),
            presence,
            hidden: false,
            number: false,
            deprecated: false,
        }
    }

    fn check_layout(pieces: Vec<Piece>) {
        for piece in pieces {
            let Piece::Laid(text) = piece else { continue };
            if is_narrow(&text) {
                assert_eq!(text, format(syn::parse_str(&text)).unwrap());
            } else {
                assert!(print([Piece::Laid(text)].into_iter(), STYLE).unwrap().contains('\n'));
            }
        }
    }

    const STYLE: Style<'_> = Style { spec: "s", command: "c", krate: "k" };

    fn parameter(name: String, ty: &str, given: &str) -> Parameter {
        let (ty, given) = (ty.to_owned(), given.to_owned());
        Parameter { wire: name.clone(), name, location: "path", docs: "A part\nof it.".to_owned(), ty, given, place: 0 }
    }

    fn operation(name: String, arguments: Vec<Parameter>, setters: Vec<Parameter>) -> Operation {
        Operation {
            name,
            method: "GET".to_owned(),
            path: "/a/{b}".to_owned(),
            summary: "One".to_owned(),
            docs: "More\n\n```\nx\n```".to_owned(),
            arguments,
            setters,
            returns: "()".to_owned(),
            responses: vec![("404".to_owned(), "None such.".to_owned())],
            context_headers: vec!["Psu-Ip-Address".to_owned()],
            request_id: None,
            authorization: None,
            single_use: false,
            gone: Vec::new(),
            deprecated: true,
        }
    }

    #[test]
    fn methods_are_laid_out_as_the_formatter_would_have_it() {
        for length in 1..100 {
            let name = |start: &str| format!("{start}{}", "n".repeat(length));
            let id = || parameter(name("id_"), "Uuid", "&Uuid");
            let text = || parameter(name("text_"), "&'a str", "&'a str");
            let operations = [
                operation(name("method_"), Vec::new(), Vec::new()),
                operation("one".to_owned(), vec![id()], Vec::new()),
                operation("two".to_owned(), vec![text()], vec![parameter(name("setter_"), "bool", "bool")]),
                operation("m".to_owned(), vec![text(), id()], Vec::new()),
            ];
            for operations in [&operations[..0], &operations[..1], &operations[1..]] {
                let operations = operations.to_vec();
                let (title, version) = ("API".to_owned(), "1".to_owned());
                let (types, error_code, docs) = (Vec::new(), Vec::new(), String::new());
                let surface =
                    Surface { title, version, docs, server: None, error: None, error_code, types, operations };
                check_layout(client::print(&surface, "k"));
            }
        }
    }

    #[test]
    fn what_is_laid_out_by_hand_is_as_the_formatter_would_have_it() {
        let all = [
            Presence::Required,
            Presence::RequiredList,
            Presence::RequiredMap,
            Presence::List,
            Presence::Map,
            Presence::Nullable,
            Presence::Optional,
            Presence::Salvaged,
        ];
        let types = ["String", "bool", "Box<Name>", "Vec<DateTime<Utc>>", "serde_json::Map<String, serde_json::Value>"];
        for length in 1..100 {
            let name = "n".repeat(length);
            for (presence, inner) in all.iter().flat_map(|presence| types.map(|inner| (*presence, inner))) {
                for others in [0, 1, 2] {
                    let mut fields = vec![field(&name, inner, presence)];
                    fields.extend((0..others).map(|nth| field(&format!("other{nth}"), inner, presence)));
                    check_layout(objects::print(&Object { name: "Name".to_owned(), docs: String::new(), fields }));
                }
            }
            for unlisted in [None, Some("Unknown".to_owned())] {
                let variants = vec![Variant { name: "N".repeat(length), wire: String::new(), docs: String::new() }];
                check_layout(codes::print(&Code {
                    name: "N".repeat(length),
                    docs: "A code.".to_owned(),
                    unlisted,
                    variants,
                }));
            }
        }
    }
}
