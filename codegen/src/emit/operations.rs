//! Operations: a request type for each, with a setter for every optional parameter.

use super::layout::{signature, texts};
use super::source::Source;
use crate::api::{Api, Authorization, Location, Object, Operation, Parameter};
use crate::names;
use crate::prose;

/// The methods of every request that add what the API description does not list.
const EXTRA: &str = r#"    /// Adds a query parameter that the API description does not list.
    ///
    /// The call fails if the operation has a parameter of this name.
    #[doc(alias = "custom parameter")]
    pub fn query_extra(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra_.query(name.into(), value.into());
        self
    }

    /// Adds a header that the API description does not list. `Debug` does not show its value.
    ///
    /// The call fails if the operation has a parameter of this name, or if the client sets the header itself:
    /// credentials, `Host`, headers about the PSU, and headers about the body and the connection.
    #[doc(alias = "custom header")]
    pub fn header_extra(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra_.header(name.into(), value.into());
        self
    }

"#;

/// The parts of one operation of an API.
pub(super) fn print(api: &Api, operation: &Operation) -> Vec<Source> {
    vec![
        Source::Formatted(description(operation)),
        Source::Formatted(definition(operation)),
        Source::Formatted(methods(operation, api.form(operation))),
        Source::Formatted(future(operation)),
        Source::Formatted(debug(operation)),
    ]
}

/// The request type: `account_transactions` is `AccountTransactions`.
pub(super) fn request_name(operation: &Operation) -> String {
    names::type_name(&operation.name)
}

fn constant(operation: &Operation) -> String {
    names::constant_name(&operation.name)
}

fn description(operation: &Operation) -> String {
    let Operation { name, method, path, context_headers, single_use, gone, .. } = operation;
    let statuses: Vec<_> = operation
        .successes()
        .filter_map(|response| response.status.bounds())
        .map(|(first, last)| format!("({first}, {last})"))
        .collect();
    let authorization = match &operation.authorization {
        Some(Authorization { header, optional }) => {
            format!("Some(Authorization {{\n        header: {header:?},\n        optional: {optional},\n    }})")
        }
        None => "None".to_owned(),
    };
    [
        format!("pub(crate) static {}: Operation = Operation {{\n", constant(operation)),
        format!("    id: {name:?},\n    method: {method:?},\n    path: {path:?},\n"),
        format!("    successes: &[{}],\n", statuses.join(", ")),
        texts("context_headers", context_headers),
        format!("    request_id: {:?},\n    authorization: {authorization},\n", operation.request_id),
        format!("    single_use: {single_use},\n"),
        texts("gone", gone),
        "};\n".to_owned(),
    ]
    .concat()
}

fn definition(operation: &Operation) -> String {
    let name = request_name(operation);
    let mut fields = "    pub(crate) client_: &'a Client,\n".to_owned();
    for (name, ty) in kept(operation) {
        fields.push_str(&format!("    pub(crate) {name}: {ty},\n"));
    }
    fields.push_str("    pub(crate) extra_: RequestExtra,\n");
    format!(
        "/// The request that [`Client::{0}`](super::Client::{0}) creates; `.await` sends it.\n\
         #[derive(Clone)]\n\
         #[must_use = \"a request does nothing until it is awaited\"]\n\
         pub struct {name}<'a> {{\n{fields}}}\n",
        operation.name
    )
}

/// The fields of a request: arguments, the body, then optional parameters.
fn kept(operation: &Operation) -> Vec<(&str, String)> {
    let arguments = operation.arguments().map(|parameter| (parameter.name.as_str(), parameter.ty.kept()));
    let body = operation.body_ty().map(|ty| ("body", ty.kept()));
    let setters = operation.setters().into_iter();
    let setters = setters.map(|parameter| (parameter.name.as_str(), format!("Option<{}>", parameter.ty.path())));
    arguments.chain(body).chain(setters).collect()
}

fn methods(operation: &Operation, form: Option<&Object>) -> String {
    let name = request_name(operation);
    let setters: String = operation.setters().into_iter().map(setter).collect();
    let returns = format!("Pending<'a, Response<{}>, Error>", operation.returns());
    let signature = signature("pub fn with_meta", &["self".to_owned()], &returns);
    format!(
        "impl<'a> {name}<'a> {{\n{setters}{EXTRA}\
         \x20   /// Sends the request and returns the response with its status, headers, raw body and rate limit.\n\
         \x20   ///\n\
         \x20   /// List elements that cannot be decoded are left out of the body and reported by\n\
         \x20   /// [`bad_rows`](Response::bad_rows). Without `with_meta`, such a response is an error.\n\
         \x20   #[doc(alias = \"raw response\")]\n\
         \x20   #[doc(alias = \"response headers\")]\n\
         \x20   {signature} {{\n\
         \x20       Pending::new(self.send_())\n\
         \x20   }}\n\n\
         \x20   async fn send_(self) -> Result<Response<{}>, Error> {{\n\
         {}\
         \x20       self.client_.sender.send(request).await\n\
         \x20   }}\n\
         }}\n",
        operation.returns(),
        request(operation, form)
    )
}

/// The statements that build the request. `form` is its body, if that is sent as a form.
fn request(operation: &Operation, form: Option<&Object>) -> String {
    let mut lines = vec![
        format!("let mut request = Request::new(&{});", constant(operation)),
        "request.extra(self.extra_);".to_owned(),
    ];
    for Parameter { name, wire, location, .. } in &operation.parameters {
        let method = match location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            // `unsupported` has refused it.
            Location::Cookie => continue,
        };
        lines.push(format!("request.{method}({wire:?}, &self.{name});"));
    }
    if let Some(form) = form {
        let fields = form.fields.iter();
        lines.extend(fields.map(|field| format!("request.form({:?}, &self.body.{});", field.wire, field.name)));
        lines.push("request.form_extra(self.body.extra());".to_owned());
    } else if let Some(ty) = operation.body_ty() {
        let method = if ty.is_decimal_number() { "json_number" } else { "json" };
        lines.push(format!("request.{method}({}self.body);", if ty.kept().starts_with('&') { "" } else { "&" }));
    }
    if operation.returns() != "()" {
        lines.push("request.accept_json();".to_owned());
    }
    lines.iter().map(|line| format!("        {line}\n")).collect()
}

fn setter(parameter: &Parameter) -> String {
    let name = &parameter.name;
    let argument = parameter.ty.setter_argument();
    let value = if argument.starts_with("impl Into") { format!("{name}.into()") } else { name.clone() };
    let start = format!("pub fn {}", parameter.setter());
    let signature = signature(&start, &["mut self".to_owned(), format!("{name}: {argument}")], "Self");
    format!(
        "{}    {signature} {{\n        self.{name} = Some({value});\n        self\n    }}\n\n",
        prose::comment("    ", &parameter.docs)
    )
}

fn future(operation: &Operation) -> String {
    let (name, constant, returns) = (request_name(operation), constant(operation), operation.returns());
    format!(
        "impl<'a> ::std::future::IntoFuture for {name}<'a> {{\n\
         \x20   type Output = Result<{returns}, Error>;\n\
         \x20   type IntoFuture = Pending<'a, {returns}, Error>;\n\n\
         \x20   fn into_future(self) -> Self::IntoFuture {{\n\
         \x20       Pending::new(async move {{ self.send_().await?.into_whole(&{constant}) }})\n\
         \x20   }}\n\
         }}\n"
    )
}

fn debug(operation: &Operation) -> String {
    let name = request_name(operation);
    format!(
        "impl ::std::fmt::Debug for {name}<'_> {{\n\
         \x20   fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {{\n\
         \x20       f.debug_struct({name:?}).finish_non_exhaustive()\n\
         \x20   }}\n\
         }}\n"
    )
}
