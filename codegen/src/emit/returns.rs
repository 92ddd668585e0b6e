//! Bodies of responses: the statements that ask for them and decode them, and enums of several by status.

use crate::api::{MediaKind, Operation, Outcome, Returns, Status, Ty};
use crate::prose;

/// The statement that asks for the media types of the successes. `None` if they have no body.
pub(super) fn accept(operation: &Operation) -> Option<String> {
    let media_types = operation.accepts().join(", ");
    match media_types.as_str() {
        "" => None,
        "application/json" => Some("request.accept_json();".to_owned()),
        _ => Some(format!("request.accept({media_types:?});")),
    }
}

/// The expression that sends the request.
pub(super) fn sending(operation: &Operation) -> String {
    let decode = match decoding(operation) {
        Decoding::Json => return "self.client_.sender.send(request)".to_owned(),
        Decoding::Alike(method) => format!("|answer| answer.{method}()"),
        Decoding::ByStatus => "Self::decode_".to_owned(),
    };
    format!("self.client_.sender.send_as(request, {decode})")
}

/// The method that decodes a success by its status, if one is needed.
pub(super) fn decoder(operation: &Operation) -> String {
    if decoding(operation) != Decoding::ByStatus {
        return String::new();
    }
    let outcomes = operation.outcomes();
    let mut arms: Vec<_> = outcomes.iter().map(|outcome| arm(outcome, &operation.returns)).collect();
    if outcomes.iter().all(|outcome| outcome.status != Status::Default) {
        arms.push("_ => answer.unlisted(),".to_owned());
    }
    let arms: String = arms.iter().map(|arm| format!("            {arm}\n")).collect();
    let error = operation.errors.path();
    let runtime = "::openbanking_client_runtime::answer";
    format!(
        "\n    fn decode_(\n        answer: &mut {runtime}::Answer<{error}>,\n    ) -> Result<{}, {runtime}::Undecoded> {{\n\
         \x20       match answer.status() {{\n{arms}        }}\n    }}\n",
        operation.returns.path()
    )
}

/// The enums of the values that successes and errors have, if there are any.
pub(super) fn definitions(operation: &Operation) -> Vec<String> {
    let method = operation.link();
    let mut parts = Vec::new();
    if let Returns::ByStatus(name) = &operation.returns {
        let docs = format!("The value that {method} returns, by the status of the response.");
        parts.extend(definition(name, &docs, &operation.outcomes()));
    }
    if let Returns::ByStatus(name) = &operation.errors {
        let outcomes = operation.error_outcomes();
        let docs = format!("The body of an error of {method}, by the status of the response.");
        parts.extend(definition(name, &docs, &outcomes));
        parts.push(error_decoder(name, &outcomes));
    }
    parts
}

/// The implementation that decodes error bodies by status.
fn error_decoder(name: &str, outcomes: &[Outcome<'_>]) -> String {
    let mut arms: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| {
            let method = method(outcome.body?);
            let path = "::openbanking_client_runtime::error";
            Some(format!("{} => {path}::{method}(body).map(Self::{}),", pattern(outcome.status), outcome.variant()))
        })
        .collect();
    if outcomes.iter().all(|outcome| outcome.status != Status::Default) {
        arms.push("_ => None,".to_owned());
    }
    let arms: String = arms.iter().map(|arm| format!("            {arm}\n")).collect();
    format!(
        "impl ::openbanking_client_runtime::error::DecodeError for {name} {{\n\
         \x20   fn decode(status: u16, body: &[u8]) -> Option<Self> {{\n\
         \x20       match status {{\n{arms}        }}\n    }}\n}}\n\n\
         ::openbanking_client_runtime::plain_error_body!({name});\n"
    )
}

/// An enum with a variant for each response.
fn definition(name: &str, docs: &str, outcomes: &[Outcome<'_>]) -> [String; 2] {
    let (mut variants, mut shown) = (String::new(), String::new());
    for outcome in outcomes {
        let variant = outcome.variant();
        let docs = match outcome.docs {
            "" => format!("The body of a response with status {}.", outcome.status),
            docs => docs.to_owned(),
        };
        let ty = outcome.body.map(|(_, ty)| format!("({})", ty.path())).unwrap_or_default();
        variants.push_str(&format!("{}    {variant}{ty},\n", prose::comment("    ", &docs)));
        shown.push_str(&match outcome.body {
            // Named types hide the values that may be personal; others may be personal as a whole.
            Some((_, ty)) if !ty.may_be_personal() => {
                format!("            Self::{variant}(value) => f.debug_tuple({variant:?}).field(value).finish(),\n")
            }
            Some(_) => {
                format!("            Self::{variant}(_) => f.debug_tuple({variant:?}).finish_non_exhaustive(),\n")
            }
            None => format!("            Self::{variant} => f.write_str({variant:?}),\n"),
        });
    }
    [
        format!("/// {docs}\n#[derive(Clone, PartialEq)]\n#[non_exhaustive]\npub enum {name} {{\n{variants}}}\n"),
        format!(
            "impl ::std::fmt::Debug for {name} {{\n\
             \x20   fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {{\n\
             \x20       match self {{\n{shown}        }}\n    }}\n}}\n"
        ),
    ]
}

/// The way in which successes are decoded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Decoding {
    /// All of them as JSON, or without a body.
    Json,
    /// All of them with this method of `Answer`.
    Alike(&'static str),
    /// Each by its status.
    ByStatus,
}

fn decoding(operation: &Operation) -> Decoding {
    let methods: Vec<_> = operation.outcomes().iter().filter_map(|outcome| outcome.body).map(method).collect();
    match (&operation.returns, methods.first()) {
        (Returns::Nothing, _) | (_, None) => Decoding::Json,
        (Returns::One(_), Some(first)) if methods.iter().all(|method| method == first) => match *first {
            "json" => Decoding::Json,
            other => Decoding::Alike(other),
        },
        _ => Decoding::ByStatus,
    }
}

/// The method of `Answer` that decodes a body.
fn method((kind, _): (MediaKind, &Ty)) -> &'static str {
    match kind {
        MediaKind::Text => "text",
        MediaKind::Bytes => "bytes",
        _ => "json",
    }
}

/// The arm of a `match` that decodes one success.
fn arm(outcome: &Outcome<'_>, returns: &Returns) -> String {
    let pattern = pattern(outcome.status);
    let variant = outcome.variant();
    let value = match (returns, outcome.body.map(method)) {
        (Returns::ByStatus(name), Some(method)) => format!("answer.{method}().map({name}::{variant})"),
        (Returns::ByStatus(name), None) => format!("Ok({name}::{variant})"),
        (Returns::Maybe(_), Some(method)) => format!("answer.{method}().map(Some)"),
        (_, Some(method)) => format!("answer.{method}()"),
        (_, None) => "Ok(None)".to_owned(),
    };
    format!("{pattern} => {value},")
}

/// The pattern that a status is matched by.
fn pattern(status: Status) -> String {
    match status.bounds() {
        None => "_".to_owned(),
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}..={last}"),
    }
}
