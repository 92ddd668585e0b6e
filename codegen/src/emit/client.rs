//! The client: one documented method for each operation.

use std::fmt::Write;
use std::iter;

use super::imports::scalar_paths;
use super::layout::{literal, signature};
use super::operations::request_name;
use super::source::{Source, print};
use crate::api::{Api, Operation, Response, Returns, Ty};
use crate::prose;

/// The type of the client.
pub(super) fn definition(api: &Api) -> String {
    let summary = format!("A client for the {}.\n\n{}", prose::inline(&api.title), api.docs);
    let docs = prose::comment("", &summary);
    format!("{docs}#[derive(Clone)]\npub struct Client {{\n    pub(super) sender: Sender,\n}}\n")
}

/// The part of every client that does not depend on the API.
pub(super) const PARTS: &str = r#"/// The base for hand-written code; not every crate needs all of it.
#[allow(dead_code, reason = "not every crate needs all of it")]
impl Client {
    /// Creates a client that sends requests over `transport`, with the headers of `context`.
    pub(crate) fn from_parts(transport: Transport, context: Context) -> Self {
        Self { sender: Sender::new(transport, context) }
    }

    /// Returns the headers and credentials of every request.
    pub(crate) fn context(&self) -> &Context {
        self.sender.context()
    }

    /// Returns a client with other headers and credentials over the same connections.
    pub(crate) fn with_context(&self, context: Context) -> Self {
        Self { sender: self.sender.with_context(context) }
    }
}

impl ::std::fmt::Debug for Client {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.debug_struct("Client").field("context", self.context()).finish_non_exhaustive()
    }
}
"#;

/// The types of the arguments of a method.
pub(super) fn arguments(operation: &Operation) -> Vec<&Ty> {
    named_arguments(operation).into_iter().map(|(_, ty)| ty).collect()
}

/// The arguments of a method, the body last: name and type.
fn named_arguments(operation: &Operation) -> Vec<(&str, &Ty)> {
    let parameters = operation.arguments().map(|parameter| (parameter.name.as_str(), &parameter.ty));
    parameters.chain(operation.required_body().map(|ty| ("body", ty))).collect()
}

/// The method of an operation, as a member of an `impl` block. `client_path` is the path under which examples find the
/// client.
///
/// # Errors
///
/// Code that is not Rust.
pub(super) fn method(api: &Api, operation: &Operation, client_path: &str) -> Result<String, String> {
    let text = print(vec![block(api, operation, client_path)])?;
    let lines: Vec<_> = text.lines().collect();
    let [_, inner @ .., _] = lines.as_slice() else { return Ok(String::new()) };
    Ok(inner.iter().map(|line| format!("{line}\n")).collect())
}

/// An `impl` block with one method.
pub(super) fn block(api: &Api, operation: &Operation, client_path: &str) -> Source {
    let default = api.default_errors();
    let mut text = prose::comment("    ", &description(operation, &default));
    for line in example(operation, client_path) {
        text.extend(["    ///", if line.is_empty() { "" } else { " " }, &line, "\n"]);
    }
    if operation.deprecated {
        text.push_str("    #[deprecated = \"deprecated in the description of the API\"]\n");
    }
    let (name, request) = (&operation.name, request_name(operation));
    let arguments = named_arguments(operation);
    let listed = arguments.iter().map(|(name, ty)| format!("{name}: {}", ty.argument()));
    // The handle of a tag has the lifetime itself.
    let (owner, start, receiver, client) = match &operation.group {
        None => ("Client".to_owned(), format!("pub fn {name}<'a>"), "&'a self", "self"),
        Some(group) => (format!("<'a> {}<'a>", group.name), format!("pub fn {name}"), "&self", "self.client_"),
    };
    let listed: Vec<_> = iter::once(receiver.to_owned()).chain(listed).collect();
    let kept = arguments.iter().map(|(name, ty)| {
        // Some types are passed by reference and kept by value.
        let is_copied = ty.argument().starts_with('&') && !ty.kept().starts_with('&');
        if is_copied { format!("{name}: *{name}") } else { (*name).to_owned() }
    });
    let setters = operation.setters().into_iter().map(|setter| setter.name.as_str());
    let setters = setters.chain(operation.optional_body().map(|_| "body")).map(|name| format!("{name}: None"));
    let extra = iter::once("extra_: RequestExtra::default()".to_owned());
    let values: Vec<_> = iter::once(format!("client_: {client}")).chain(kept).chain(setters).chain(extra).collect();
    let signature = signature(&start, &listed, &format!("operations::{request}<'a>"));
    let literal = literal(&format!("operations::{request}"), &values);
    let _ = write!(text, "    {signature} {{\n        {literal}\n    }}\n");
    let space = if owner.starts_with('<') { "" } else { " " };
    Source::Formatted(format!("impl{space}{owner} {{\n{text}}}\n"))
}

fn description(operation: &Operation, default: &Returns) -> String {
    let Operation { summary, docs, method, path, .. } = operation;
    let mut text = String::new();
    if !summary.is_empty() {
        let _ = write!(text, "{}.\n\n", prose::inline(summary.trim_end_matches('.')));
    }
    let _ = writeln!(text, "{}", prose::code(&format!("{method} {path}")));
    // Printed on its own, so that a list or quote at its end does not go on behind it.
    let docs = prose::lines(docs).join("\n");
    if !docs.is_empty() {
        let _ = writeln!(text, "\n{docs}");
    }
    let parameters = operation.arguments().map(|parameter| (parameter.name.as_str(), parameter.docs.as_str()));
    let body = operation.body.as_ref().filter(|_| operation.required_body().is_some());
    let arguments: Vec<_> = parameters.chain(body.map(|body| ("body", body.docs.as_str()))).collect();
    if !arguments.is_empty() {
        text.push_str("\n# Arguments\n\n");
    }
    for (name, docs) in arguments {
        let _ = writeln!(text, "- `{name}`: {}", prose::inline(docs));
    }
    if !operation.context_headers.is_empty() {
        let headers: Vec<_> = operation.context_headers.iter().map(|header| prose::code(header)).collect();
        let _ = write!(text, "\nSends these headers if they are set on the client: {}.\n", headers.join(", "));
    }
    text.push_str(
        "\n# Errors\n\nReturns an error if no complete response arrives, or if the status is not one of success.",
    );
    let success = operation.success();
    let errors: Vec<_> = operation.responses.iter().filter(|response| !success.includes(response.status)).collect();
    if !errors.is_empty() {
        text.push_str(" Documented statuses:\n\n");
    }
    for Response { status, docs, .. } in errors {
        let _ = writeln!(text, "- {status}: {}", prose::inline(docs));
    }
    let errors = match &operation.errors {
        errors if errors == default => return text.trim_end().to_owned(),
        Returns::Nothing => return text.trim_end().to_owned(),
        Returns::ByStatus(name) => format!("operations::{name}"),
        errors => errors.path(),
    };
    format!("{}\n\n`Error::api` returns the body as {}.", text.trim_end(), prose::code(&errors))
}

/// The parameters of a function that makes a call, and the call.
pub(crate) fn call(operation: &Operation, client_path: &str) -> (Vec<String>, String) {
    let arguments = named_arguments(operation);
    let names: Vec<_> = arguments.iter().map(|(name, _)| *name).collect();
    let parameters = arguments.iter().map(|(name, ty)| format!("{name}: {}", public_type(ty, client_path)));
    (parameters.collect(), format!("client.{}({}).await?", operation.call(), names.join(", ")))
}

/// A call in a function that has its arguments, so that it compiles.
fn example(operation: &Operation, client_path: &str) -> Vec<String> {
    let (parameters, call) = call(operation, client_path);
    let parameters: String = parameters.iter().map(|parameter| format!(", {parameter}")).collect();
    let mut lines = vec![
        String::new(),
        "# Example".to_owned(),
        String::new(),
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: &{client_path}::Client{parameters}) -> Result<(), {client_path}::Error> {{"
        ),
    ];
    if operation.deprecated {
        lines.push("# #[allow(deprecated)]".to_owned());
    }
    lines.push(format!("let response = {call};"));
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    lines
}

/// The type of an argument as a caller outside the crate writes it.
fn public_type(ty: &Ty, client_path: &str) -> String {
    let borrow = if ty.argument().starts_with('&') { "&" } else { "" };
    let path = full_path(ty, client_path);
    match ty.argument().as_str() {
        "&'a str" => "&str".to_owned(),
        "&'a [u8]" => "&[u8]".to_owned(),
        _ => format!("{borrow}{path}"),
    }
}

fn full_path(ty: &Ty, client_path: &str) -> String {
    match ty {
        Ty::Scalar(scalar) => scalar_paths(*scalar).iter().fold(scalar.rust().to_owned(), |text, path| {
            let name = path.rsplit("::").next().unwrap_or_default();
            text.replace(name, path)
        }),
        Ty::List(inner) => format!("Vec<{}>", full_path(inner, client_path)),
        Ty::Nullable(inner) => format!("Option<{}>", full_path(inner, client_path)),
        Ty::Map(inner) if ty.is_typed_map() => {
            format!("std::collections::BTreeMap<String, {}>", full_path(inner, client_path))
        }
        Ty::Object(name) | Ty::Code(name) | Ty::Union(name) | Ty::Newtype(name, _) => {
            format!("{client_path}::types::{name}")
        }
        other => other.path(),
    }
}
