//! The rest of a crate around a generated client, for specs that have no hand-written one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use heck::ToKebabCase;

use crate::api::{Api, Location, Operation, SecurityKind};
use crate::compile::Compiled;
use crate::names;
use crate::omitted::LeftOut;
use crate::prose;

/// What a crate's manifest says.
#[derive(Clone, Copy, Debug)]
pub struct Manifest<'a> {
    /// The crate's name.
    pub name: &'a str,
    /// The comment that the manifest begins with.
    pub mark: &'a str,
    /// The spec, as the manifest and the documentation name it.
    pub spec: &'a str,
    /// The folder of `openbanking-client-runtime`.
    pub runtime: &'a str,
}

/// The name of a crate in a folder of this name, if it can have one.
pub fn crate_name(folder: &str) -> Option<String> {
    let name: String = folder.chars().filter(char::is_ascii).collect::<String>().to_kebab_case();
    let is_named = name.chars().next().is_some_and(|first| first.is_ascii_alphabetic());
    let is_keyword = names::field_name(&name).ends_with('_');
    match (is_named, is_keyword || names::is_reserved_crate(&name)) {
        (false, _) => None,
        (true, true) => Some(format!("{name}-client")),
        (true, false) => Some(name),
    }
}

/// All files of a crate, by path.
pub fn files(compiled: &Compiled, manifest: &Manifest<'_>) -> BTreeMap<PathBuf, String> {
    let generated = Path::new("src/generated");
    let mut files: BTreeMap<_, _> =
        compiled.files.iter().map(|(name, text)| (generated.join(name), text.clone())).collect();
    files.insert("Cargo.toml".into(), cargo_toml(manifest));
    files.insert("src/lib.rs".into(), lib_rs(compiled, manifest));
    files
}

fn cargo_toml(manifest: &Manifest<'_>) -> String {
    let Manifest { name, mark, spec, runtime } = manifest;
    let runtime = toml_text(runtime);
    let spec = prose::plain(spec);
    format!(
        r#"{mark} from {spec}.
[package]
name = "{name}"
version = "0.1.0"
edition = "2024"
rust-version = "1.88"
publish = false

# A crate of its own, even inside another workspace's folder.
[workspace]

[features]
default = ["gzip", "rustls"]
gzip = ["openbanking-client-runtime/gzip"]
rustls = ["openbanking-client-runtime/rustls"]
native-tls = ["openbanking-client-runtime/native-tls"]

[dependencies]
chrono = {{ version = "0.4", default-features = false, features = ["clock", "serde", "std"] }}
# The checkout that made this crate.
openbanking-client-runtime = {{ version = "0.1.0", path = {runtime}, default-features = false }}
rust_decimal = {{ version = "1.43", default-features = false, features = ["std"] }}
serde_json = "1"
uuid = {{ version = "1", features = ["serde"] }}
"#
    )
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

fn lib_rs(compiled: &Compiled, manifest: &Manifest<'_>) -> String {
    let api = &compiled.api;
    let title = prose::inline(&api.title);
    let server = match api.server.as_deref().filter(|server| server.starts_with("https://")) {
        Some(_) => ", often [`SERVER`]",
        None => "",
    };
    let has_server = if api.server.is_some() { "SERVER, " } else { "" };
    let spec = prose::inline(manifest.spec);
    let error_body = api.error.as_deref().map(error_body).unwrap_or_default();
    let security = security(api);
    let left_out = left_out(&compiled.left_out);
    format!(
        r#"//! A client of {title}, generated from {spec}.
{left_out}
#[rustfmt::skip]
#[allow(clippy::all, missing_docs, unused, reason = "not every item is called, nor described in the spec")]
mod generated;

pub use generated::{{API_VERSION, Client, Error, {has_server}operations, types}};
pub use openbanking_client_runtime::context::{{
    ApiKey, Authorize, AuthorizeError, Authorizing, BasicCredentials, BearerToken, Context, Credentials, HttpRequest,
    Refused, SecretHeader,
}};
pub use openbanking_client_runtime::error::{{BuildError, ErrorBody, ErrorClass, ErrorKind}};
pub use openbanking_client_runtime::oauth2::ClientCredentials;
pub use openbanking_client_runtime::response::{{BadRow, Meta, Pending, RateLimit, Response}};
pub use openbanking_client_runtime::retry::Retry;
use openbanking_client_runtime::transport;
pub use openbanking_client_runtime::transport::{{Identity, Options}};
{error_body}
impl Client {{
    /// A client of the API at `base_url`{server}. The context holds credentials, for example
    /// `Context::new().with_authorize(BearerToken::new(token)?)`.
    ///
{security}    /// # Errors
    ///
    /// A base URL that is not https, or http to this machine.
    pub fn new(base_url: &str, context: Context) -> Result<Self, BuildError> {{
        Self::with_options(base_url, context, &Options::default())
    }}

    /// The same with other timeouts, limits or retries; `Context::with_retry(Retry::OFF)` sends everything once.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new), and options that are not usable.
    pub fn with_options(base_url: &str, context: Context, options: &Options) -> Result<Self, BuildError> {{
        Ok(Self::from_parts(transport::build(base_url, options)?, context))
    }}
}}
"#
    )
}

/// The security schemes of the document, each with the type for its credentials.
fn security(api: &Api) -> String {
    if api.security_schemes.is_empty() {
        return String::new();
    }
    let schemes: String = api
        .security_schemes
        .iter()
        .map(|scheme| format!("- {}: {}\n", prose::code(&scheme.name), credentials(&scheme.kind)))
        .collect();
    let is_several =
        |operation: &Operation| operation.authorization.as_ref().is_some_and(|it| it.credentials.len() > 1);
    let several = if api.operations.iter().any(is_several) {
        "Some operations need several of them at once: combine them by [`Credentials`]."
    } else {
        "[`Credentials`] combines several of them."
    };
    let docs = format!("The API describes these security schemes:\n\n{schemes}\n{several}");
    let lines = docs.lines().map(|line| format!("    /// {line}").trim_end().to_owned() + "\n");
    lines.chain(["    ///\n".to_owned()]).collect()
}

/// Credentials of a kind in words, with a link to the type for them.
fn credentials(kind: &SecurityKind) -> String {
    match kind {
        SecurityKind::Http(scheme) if scheme == "basic" => "a user name and password ([`BasicCredentials`])".to_owned(),
        SecurityKind::Http(scheme) if scheme == "bearer" => "a bearer token ([`BearerToken`])".to_owned(),
        SecurityKind::Http(scheme) => format!("the HTTP scheme {} (your own [`Authorize`])", prose::code(scheme)),
        SecurityKind::ApiKey(location, name) => {
            let place = match location {
                Location::Header | Location::Path => "header",
                Location::Query => "query parameter",
                Location::Cookie => "cookie",
            };
            format!("an API key in the {place} {} ([`ApiKey`])", prose::code(name))
        }
        SecurityKind::OAuth2(flows) => match flows.iter().find(|(flow, _)| flow == "clientCredentials") {
            Some((_, url)) => format!("OAuth 2.0 with tokens from {} ([`ClientCredentials`])", prose::code(url)),
            None => "OAuth 2.0 ([`BearerToken`] with an access token)".to_owned(),
        },
        SecurityKind::OpenIdConnect(_) => "OpenID Connect ([`BearerToken`] with an access token)".to_owned(),
        SecurityKind::MutualTls => "a client certificate ([`Options::identity`])".to_owned(),
    }
}

/// The section of the crate's documentation about operations without a method.
fn left_out(operations: &[LeftOut]) -> String {
    if operations.is_empty() {
        return String::new();
    }
    let mut text =
        "//!\n//! # Operations without a method\n//!\n//! They cannot be generated faithfully.\n//!\n".to_owned();
    for LeftOut { method, path, reason, .. } in operations {
        let operation = prose::code(&format!("{method} {path}"));
        text.push_str(&format!("//! - {operation}: {} (line {})\n", prose::inline(&reason.message), reason.line));
    }
    text
}

/// What a spec does not say of its errors: what to do about them.
fn error_body(name: &str) -> String {
    format!(
        r#"
/// The status decides what to do about an error; say here what its body knows better.
impl ErrorBody for types::{name} {{
    type Code = String;

    fn code(&self) -> Option<&String> {{
        None
    }}

    fn message(&self) -> Option<&str> {{
        None
    }}

    fn class(&self, _status: u16) -> Option<ErrorClass> {{
        None
    }}
}}
"#
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use crate::compile::{Job, compile};
    use crate::lint::Rules;

    #[test]
    fn paths_are_written_as_toml() {
        for (path, text) in
            [("/a/it's", r#""/a/it's""#), (r"C:\a", r#""C:\\a""#), ("a\"b\n", r#""a\"b\u000A""#), ("/ä", "\"/ä\"")]
        {
            assert_eq!(toml_text(path), text);
        }
    }

    fn documented(schemes: &str, security: &str) -> String {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nsecurity: {security}\npaths:\n  /a:\n    get: \
             {{operationId: a, responses: {{'204': {{description: Done.}}}}}}\ncomponents:\n  securitySchemes: {schemes}\n"
        );
        let job = Job {
            file: "a",
            source: "a",
            text: &text,
            overlays: &[],
            rules: Rules::Stranger,
            client_path: "a",
            command: "make",
        };
        lib_rs(&compile(job).unwrap(), &Manifest { name: "a", mark: "", spec: "a", runtime: "a" })
    }

    #[test]
    fn a_client_lists_the_security_schemes_and_the_types_for_them() {
        let schemes = "{a: {type: http, scheme: Basic}, b: {type: http, scheme: bearer}, c: {type: http, scheme: digest}, \
                       d: {type: apiKey, in: query, name: api key}, e: {type: mutualTLS}, f: {type: oauth2, flows: \
                       {clientCredentials: {tokenUrl: 'https://a.example/t', scopes: {}}}}}";
        let text = documented(schemes, "[{b: [], d: []}]");
        let expected = "
    /// The API describes these security schemes:
    ///
    /// - `a`: a user name and password ([`BasicCredentials`])
    /// - `b`: a bearer token ([`BearerToken`])
    /// - `c`: the HTTP scheme `digest` (your own [`Authorize`])
    /// - `d`: an API key in the query parameter `api key` ([`ApiKey`])
    /// - `e`: a client certificate ([`Options::identity`])
    /// - `f`: OAuth 2.0 with tokens from `https://a.example/t` ([`ClientCredentials`])
    ///
    /// Some operations need several of them at once: combine them by [`Credentials`].
    ///
    /// # Errors
";
        assert!(text.contains(expected), "{text}");
        assert!(documented("{}", "[]").contains("?)`.\n    ///\n    /// # Errors\n"));
    }

    #[test]
    fn folders_name_crates() {
        for (folder, name) in [
            ("my-bank-client", Some("my-bank-client")),
            ("MyBank", Some("my-bank")),
            ("serde", Some("serde-client")),
            ("type", Some("type-client")),
            ("3ds", None),
            ("", None),
            ("口座", None),
        ] {
            assert_eq!(crate_name(folder).as_deref(), name, "{folder}");
        }
    }
}
