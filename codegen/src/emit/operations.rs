//! Operations: a request type for each, with a setter for every optional parameter.

use super::layout::{list, signature, texts};
use super::source::Source;
use super::{bodies, headers, returns};
use crate::api::{Api, Authorization, Credential, Location, Operation, Parameter, ParameterStyle, Success, Ty};
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
    let mut sources = vec![
        Source::Formatted(description(operation)),
        Source::Formatted(definition(operation)),
        Source::Formatted(methods(api, operation)),
        Source::Formatted(future(api, operation)),
        Source::Formatted(debug(operation)),
    ];
    let parts = returns::definitions(operation).into_iter().chain(headers::print(operation));
    sources.extend(parts.map(Source::Formatted));
    sources
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
    let path = path.split_once('#').map_or(path.as_str(), |(path, _)| path);
    let bounds = |(first, last): (u16, u16)| format!("({first}, {last})");
    let statuses: Vec<_> = match operation.success() {
        Success::Default | Success::Undescribed => vec![bounds((200, 299))],
        _ => operation.successes().filter_map(|response| response.status.bounds()).map(bounds).collect(),
    };
    let authorization = operation.authorization.as_ref().map_or_else(|| "None".to_owned(), authorization);
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

fn authorization(authorization: &Authorization) -> String {
    let credential = |credential: &Credential| {
        let Credential { scheme, location, name } = credential;
        format!("context::Credential::{}({scheme:?}, {name:?})", location.keyword())
    };
    let credentials: Vec<_> = authorization.credentials.iter().map(credential).collect();
    let credentials = list("        ", "credentials", &credentials);
    format!("Some(Authorization {{\n{credentials}        optional: {},\n    }})", authorization.optional)
}

fn definition(operation: &Operation) -> String {
    let name = request_name(operation);
    let mut fields = "    pub(crate) client_: &'a Client,\n".to_owned();
    for (name, ty) in kept(operation) {
        fields.push_str(&format!("    pub(crate) {name}: {ty},\n"));
    }
    fields.push_str("    pub(crate) extra_: RequestExtra,\n");
    format!(
        "/// The request that {} creates; `.await` sends it.\n\
         #[derive(Clone)]\n\
         #[must_use = \"a request does nothing until it is awaited\"]\n\
         pub struct {name}<'a> {{\n{fields}}}\n",
        operation.link()
    )
}

/// The fields of a request: arguments, the body, then optional parameters.
fn kept(operation: &Operation) -> Vec<(&str, String)> {
    let arguments = operation.arguments().map(|parameter| (parameter.name.as_str(), parameter.ty.kept()));
    let body = operation.required_body().map(|ty| ("body", ty.kept()));
    let setters = operation.setters().into_iter().map(|parameter| (parameter.name.as_str(), &parameter.ty));
    let setters = setters.chain(operation.optional_body().map(|ty| ("body", ty)));
    let setters = setters.map(|(name, ty)| (name, format!("Option<{}>", ty.path())));
    arguments.chain(body).chain(setters).collect()
}

fn methods(api: &Api, operation: &Operation) -> String {
    let name = request_name(operation);
    let setters = operation
        .setters()
        .into_iter()
        .map(|parameter| setter(&parameter.name, &parameter.setter(), &parameter.ty, &parameter.docs));
    let docs = operation.body.as_ref().map(|body| body.docs.as_str()).filter(|docs| !docs.is_empty());
    let docs = docs.unwrap_or("Sets the body of the request.");
    let body = operation.optional_body().map(|ty| setter("body", "body", ty, docs));
    let setters: String = setters.chain(body).collect();
    let (returned, error) = (operation.returns.path(), error(api, operation));
    let returns = format!("Pending<'a, Response<{returned}>, {error}>");
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
         \x20   async fn send_(self) -> Result<Response<{returned}>, {error}> {{\n\
         {}\
         \x20       {}.await\n\
         \x20   }}\n\
         {}\
         }}\n",
        request(api, operation),
        returns::sending(operation),
        returns::decoder(operation)
    )
}

/// The statements that build the request.
fn request(api: &Api, operation: &Operation) -> String {
    let mut lines = vec![
        format!("let mut request = Request::new(&{});", constant(operation)),
        "request.extra(self.extra_);".to_owned(),
    ];
    lines.extend(operation.parameters.iter().map(parameter));
    lines.extend(bodies::statements(api, operation));
    lines.extend(returns::accept(operation));
    lines.iter().map(|line| format!("        {line}\n")).collect()
}

/// The statement that adds a parameter.
fn parameter(parameter: &Parameter) -> String {
    let Parameter { name, wire, location, style, .. } = parameter;
    let delimiter = match style {
        ParameterStyle::Joined(' ') => "Space",
        ParameterStyle::Joined('|') => "Pipe",
        _ => "Comma",
    };
    let method = match (location, style) {
        (Location::Path, ParameterStyle::Joined(_)) => "path_joined",
        (Location::Path, ParameterStyle::Plain) => "path",
        (Location::Path, _) => "path_value",
        (Location::Header, ParameterStyle::Joined(_)) => "header_joined",
        (Location::Header, ParameterStyle::Plain) => "header",
        (Location::Header, _) => "header_value",
        (Location::Query, ParameterStyle::Plain) => "query",
        (Location::Query, ParameterStyle::Form) => "query_form",
        (Location::Query, ParameterStyle::Deep) => "query_deep",
        (Location::Query, ParameterStyle::Json) => "query_json",
        (Location::Query, ParameterStyle::Joined(_)) => {
            let path = "::openbanking_client_runtime::request::Delimiter";
            return format!("request.query_joined({wire:?}, &self.{name}, {path}::{delimiter});");
        }
        // `unsupported` refuses cookies of other styles.
        (Location::Cookie, _) => "cookie",
    };
    format!("request.{method}({wire:?}, &self.{name});")
}

/// The method `setter` that sets the field `name`.
fn setter(name: &str, setter: &str, ty: &Ty, docs: &str) -> String {
    let argument = ty.setter_argument();
    let value = if argument.starts_with("impl Into") { format!("{name}.into()") } else { name.to_owned() };
    let start = format!("pub fn {setter}");
    let signature = signature(&start, &["mut self".to_owned(), format!("{name}: {argument}")], "Self");
    format!(
        "{}    {signature} {{\n        self.{name} = Some({value});\n        self\n    }}\n\n",
        prose::comment("    ", docs)
    )
}

/// The error type of a call.
fn error(api: &Api, operation: &Operation) -> String {
    match &operation.errors {
        errors if *errors == api.default_errors() => "Error".to_owned(),
        errors => format!("Error<{}>", errors.path()),
    }
}

fn future(api: &Api, operation: &Operation) -> String {
    let (name, constant, returns) = (request_name(operation), constant(operation), operation.returns.path());
    let error = error(api, operation);
    format!(
        "impl<'a> ::std::future::IntoFuture for {name}<'a> {{\n\
         \x20   type Output = Result<{returns}, {error}>;\n\
         \x20   type IntoFuture = Pending<'a, {returns}, {error}>;\n\n\
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
