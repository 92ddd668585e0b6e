//! Reads the requests off progenitor's methods.

use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::visit::{Visit, visit_expr_if, visit_expr_method_call};
use syn::{Attribute, Expr, ExprIf, ExprLit, ExprMethodCall, FnArg, ImplItem, ImplItemFn, Item, Lit, Macro, Meta, Pat};
use syn::{Token, Type};

use crate::request::{BodyKind, Field, Request};

/// A method of progenitor's client.
#[derive(Clone, Debug)]
pub struct Method {
    /// The name of the method.
    pub name: String,
    /// The request that it makes.
    pub request: Request,
    /// The arguments in order.
    pub arguments: Vec<Argument>,
}

/// An argument of a method.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The part of the request that the argument becomes.
    pub location: Location,
    /// The name on the wire, or `body`.
    pub name: String,
    /// The type.
    pub ty: Type,
}

/// The part of a request that an argument becomes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Location {
    /// A part of the path.
    Path,
    /// A query parameter.
    Query,
    /// A header.
    Header,
    /// The body.
    Body,
}

/// Reads the methods that make a request.
///
/// # Errors
///
/// Returns the name of the method that is not as expected, and what is unexpected.
pub fn methods(file: &syn::File) -> Result<Vec<Method>, String> {
    functions(file)
        .map(|function| method(function).map_err(|what| format!("`{}`: {what}", function.sig.ident)))
        .collect()
}

/// Returns the functions that make a request.
pub(crate) fn functions(file: &syn::File) -> impl Iterator<Item = &ImplItemFn> {
    let blocks = file.items.iter().filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    blocks.flat_map(|block| &block.items).filter_map(|item| match item {
        ImplItem::Fn(function) if function.sig.asyncness.is_some() => Some(function),
        _ => None,
    })
}

fn method(function: &ImplItemFn) -> Result<Method, String> {
    let mut body = Body::default();
    body.visit_block(&function.block);
    let (format, path_arguments) = body.url.clone().ok_or("no URL is formatted")?;
    let path = documented_path(&function.attrs).ok_or("the documentation shows no path")?;
    if with_names_left_out(&path) != format.strip_prefix("{}").unwrap_or_default() {
        return Err(format!("the path is documented as `{path}`, and formatted by `{format}`"));
    }
    let names = path_names(&path);
    if names.len() != path_arguments.len() {
        return Err(format!("`{path}` is formatted with {} arguments", path_arguments.len()));
    }
    let place = |argument: &Ident| {
        let at = path_arguments.iter().position(|other| other == argument);
        let in_path = at.map(|at| (Location::Path, names[at].clone()));
        let in_query = || named(&body.query, argument).map(|name| (Location::Query, name));
        let in_header = || named(&body.headers, argument).map(|name| (Location::Header, name));
        let in_body = || (argument == "body").then(|| (Location::Body, "body".to_owned()));
        in_path.or_else(in_query).or_else(in_header).or_else(in_body)
    };
    let mut arguments = Vec::new();
    for input in &function.sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        let Pat::Ident(pattern) = &*input.pat else { return Err("an argument without a name".to_owned()) };
        let (location, name) = place(&pattern.ident).ok_or_else(|| format!("`{}` is not sent", pattern.ident))?;
        arguments.push(Argument { location, name, ty: (*input.ty).clone() });
    }
    let fields = |wanted| {
        let those = arguments.iter().filter(move |argument| argument.location == wanted);
        those.map(|argument| Field { name: argument.name.clone(), required: Some(!is_option(&argument.ty)) })
    };
    let lower = |field: Field| Field { name: field.name.to_ascii_lowercase(), ..field };
    let mut headers: Vec<_> = fields(Location::Header).map(lower).collect();
    headers.sort();
    // In the order of the calls, which is that of the URL.
    let query = body.query.iter().filter_map(|(name, _)| fields(Location::Query).find(|field| field.name == *name));
    let request = Request {
        method: body.method.clone().ok_or("no request is made")?,
        path,
        query: query.collect(),
        headers,
        accept: body.accept.clone(),
        body: body.kind,
    };
    Ok(Method { name: function.sig.ident.to_string(), request, arguments })
}

fn named(fields: &[(String, Ident)], argument: &Ident) -> Option<String> {
    fields.iter().find(|(_, other)| other == argument).map(|(name, _)| name.clone())
}

/// Returns whether a type is an `Option`.
pub(crate) fn is_option(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Option"))
}

/// Returns the path in "Sends a `GET` request to `/a/{b}`".
fn documented_path(attributes: &[Attribute]) -> Option<String> {
    let docs = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => text(&meta.value),
        _ => None,
    });
    let docs = docs.collect::<Vec<_>>().join("\n");
    let line = docs.lines().rfind(|line| line.trim_start().starts_with("Sends a `"))?;
    let (_, path) = line.trim_end().split_once(" request to `")?;
    path.strip_suffix('`').map(str::to_owned)
}

fn path_names(path: &str) -> Vec<String> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

fn with_names_left_out(path: &str) -> String {
    path_names(path).iter().fold(path.to_owned(), |path, name| path.replace(&format!("{{{name}}}"), "{}"))
}

fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        Expr::Reference(reference) => text(&reference.expr),
        _ => None,
    }
}

/// Returns the identifier that an expression is about: `a` in `&a`, `a.to_string()` and `encode_path(&a.to_string())`.
fn subject(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Reference(reference) => subject(&reference.expr),
        Expr::MethodCall(call) => subject(&call.receiver),
        Expr::Call(call) => subject(call.args.first()?),
        Expr::Try(inner) => subject(&inner.expr),
        _ => None,
    }
}

/// The facts that the body of a method holds.
#[derive(Default)]
struct Body {
    /// The format of the URL and the arguments in it.
    url: Option<(String, Vec<Ident>)>,
    method: Option<String>,
    query: Vec<(String, Ident)>,
    headers: Vec<(String, Ident)>,
    accept: Option<String>,
    content_type: Option<String>,
    kind: Option<BodyKind>,
    /// The argument in the `if let Some(value) = …` around the current expression.
    given: Option<Ident>,
}

impl<'ast> Visit<'ast> for Body {
    fn visit_macro(&mut self, node: &'ast Macro) {
        let arguments = node.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        if let (true, Ok(arguments)) = (node.path.is_ident("format") && self.url.is_none(), arguments) {
            // After the format comes the base URL.
            let format = arguments.first().and_then(text);
            let idents = arguments.iter().skip(2).filter_map(subject).cloned().collect();
            self.url = format.map(|format| (format, idents));
        }
    }

    fn visit_expr_if(&mut self, node: &'ast ExprIf) {
        let before = self.given.clone();
        if let Expr::Let(condition) = &*node.cond {
            self.given = subject(&condition.expr).cloned();
        }
        visit_expr_if(self, node);
        self.given = before;
    }

    fn visit_expr_method_call(&mut self, node: &'ast ExprMethodCall) {
        // The receiver comes first, so that calls are seen in the order in which they are made.
        visit_expr_method_call(self, node);
        let arguments: Vec<_> = node.args.iter().collect();
        match (node.method.to_string().as_str(), arguments.as_slice()) {
            (verb, [_]) if is_client(&node.receiver) && verb != "execute" => self.method = Some(verb.to_uppercase()),
            ("query", [Expr::Reference(field)]) => {
                if let Expr::Call(call) = &*field.expr
                    && let (Some(name), Some(value)) =
                        (call.args.first().and_then(text), call.args.last().and_then(subject))
                {
                    self.query.push((name, value.clone()));
                }
            }
            ("append", [name, value]) => {
                let argument = self.given.as_ref().or_else(|| subject(value));
                if let (Some(name), Some(argument)) = (text(name), argument) {
                    self.headers.push((name, argument.clone()));
                }
            }
            ("header", [Expr::Path(name), Expr::Call(value)]) => {
                self.own_header(name, value.args.first().and_then(text))
            }
            ("json", [_]) => self.kind = Some(BodyKind::Json),
            ("form_urlencoded", [_]) => self.kind = Some(BodyKind::Form),
            ("body", [_]) => {
                let is_text = self.content_type.as_ref().is_some_and(|kind| kind.starts_with("text/"));
                self.kind = Some(if is_text { BodyKind::Text } else { BodyKind::Bytes });
            }
            _ => {}
        }
    }
}

impl Body {
    fn own_header(&mut self, name: &syn::ExprPath, value: Option<String>) {
        match name.path.segments.last().map(|segment| segment.ident.to_string()).as_deref() {
            Some("ACCEPT") => self.accept = value,
            Some("CONTENT_TYPE") => self.content_type = value,
            _ => {}
        }
    }
}

/// Returns whether an expression is `self.client`.
fn is_client(expression: &Expr) -> bool {
    matches!(expression, Expr::Field(field) if matches!(&field.member, syn::Member::Named(name) if name == "client"))
}
