//! Names that fall together, or have nothing left, once they are names of Rust.

use std::collections::BTreeMap;

use super::report::Report;
use super::rules;
use super::schemas::enum_values;
use super::spec::Spec;
use super::tables::Kind;
use crate::names;
use crate::read::{Node, child};

/// Methods that generated clients have anyway: our own (`polish/client.rs`), and those of progenitor's client below it,
/// its hooks included.
const RESERVED_METHODS: &[&str] = &[
    "api_version",
    "baseurl",
    "client",
    "clone",
    "context",
    "exec",
    "from_parts",
    "inner",
    "new",
    "new_with_client",
    "post",
    "pre",
    "with_context",
];

/// Names that progenitor's methods use between their arguments. `info` is not one of them: it is bound after the last
/// use of an argument.
const RESERVED_ARGUMENTS: &[&str] = &["encode_path", "header_map"];

/// Names in Rust with what they come from.
struct Names<'r, 'a> {
    report: &'r mut Report<'a>,
    what: &'static str,
    fix: &'static str,
    seen: BTreeMap<String, String>,
}

impl<'r, 'a> Names<'r, 'a> {
    fn new(report: &'r mut Report<'a>, what: &'static str, fix: &'static str) -> Self {
        Self { report, what, fix, seen: BTreeMap::new() }
    }

    /// Takes a name, which must be free, and made of more than punctuation.
    fn add(&mut self, pointer: &str, written: &str, name: String, reserved: &[&str]) {
        let what = self.what;
        if !has_word(written) {
            let message = format!("`{written}` has no letter or digit to name a {what} by");
            self.report.error(pointer, rules::UNNAMEABLE, message, self.fix);
        } else if reserved.contains(&name.as_str()) {
            let message = format!("`{written}` becomes the {what} `{name}`, which generated code has already");
            self.report.error(pointer, rules::RESERVED_NAME, message, self.fix);
        } else if let Some(first) = self.seen.get(&name) {
            let message = format!("`{first}` and `{written}` become the same {what}, `{name}`");
            self.report.error(pointer, rules::NAME_COLLISION, message, self.fix);
        } else {
            self.seen.insert(name, written.to_owned());
        }
    }
}

fn has_word(name: &str) -> bool {
    name.chars().any(char::is_alphanumeric) && name.chars().any(unicode_ident::is_xid_continue)
}

/// Operations become distinct methods.
pub(super) fn methods(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut methods = Names::new(report, "method", "choose another `operationId`");
    let mut ids = Vec::new();
    for operation in spec.operations() {
        let Some(id) = operation.node.get("operationId").and_then(Node::as_str) else { continue };
        if id.is_empty() || ids.contains(&id) {
            continue;
        }
        ids.push(id);
        let (pointer, method, request) =
            (child(&operation.pointer, "operationId"), names::method_name(id), names::type_name(id));
        if names::TAKEN_REQUESTS.contains(&request.as_str()) {
            let message = format!("`{id}` names the request `{request}`, which generated code has already");
            methods.report.error(&pointer, rules::RESERVED_NAME, message, methods.fix);
        } else {
            methods.add(&pointer, id, method, RESERVED_METHODS);
        }
    }
}

/// The parameters and the body of an operation become distinct arguments.
pub(super) fn arguments(spec: &Spec<'_>, report: &mut Report<'_>) {
    let context = spec.context_headers();
    for operation in spec.operations() {
        let fix = "give one of them another name, or take it out";
        let mut arguments = Names::new(report, "parameter", fix);
        if spec.request_body(&operation).is_some() {
            arguments.seen.insert("body".to_owned(), "requestBody".to_owned());
        }
        let mut declared = Vec::new();
        for parameter in spec.parameters(&operation) {
            let (location, name) = (parameter.text("in"), parameter.text("name"));
            let is_context = location == "header" && context.iter().any(|header| header.eq_ignore_ascii_case(name));
            // One that stands in a list twice is another rule's finding.
            let is_same =
                |other: &&str| if location == "header" { other.eq_ignore_ascii_case(name) } else { *other == name };
            let is_twin = declared.iter().any(|(of, other)| *of == location && is_same(other));
            if !is_context && !is_twin {
                arguments.add(&parameter.used, name, names::field_name(name), RESERVED_ARGUMENTS);
            }
            declared.push((location, name));
        }
    }
}

/// The properties of an object become distinct fields.
pub(super) fn fields(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let mut fields = Names::new(report, "field", "choose a name with `x-field-name`");
        let properties = child(&place.pointer, "properties");
        for property in place.node.get("properties").map(Node::entries).unwrap_or_default() {
            let chosen = property.value.get("x-field-name").and_then(Node::as_str);
            let pointer = child(&properties, &property.key);
            let written = chosen.unwrap_or(&property.key);
            fields.add(&pointer, written, names::field_name(written), &[]);
        }
    }
}

/// The values of an enum become distinct variants.
pub(super) fn variants(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let mut variants = Names::new(report, "variant", "describe it as a plain string");
        let mut values = Vec::new();
        for (value, pointer) in enum_values(place).into_iter().filter(|(value, _)| !value.is_empty()) {
            if values.contains(&value) {
                let message = format!("the value `{value}` stands in this enum twice");
                variants.report.error(&pointer, rules::DUPLICATE_VALUE, message, "take one of the two out");
                continue;
            }
            values.push(value);
            variants.add(&pointer, value, names::variant_name(value), &[]);
        }
    }
}

/// Components have names that OpenAPI allows and that Rust can use.
pub(super) fn components(spec: &Spec<'_>, report: &mut Report<'_>) {
    for section in spec.document.at("/components").map(Node::entries).unwrap_or_default() {
        if section.key.starts_with("x-") {
            continue;
        }
        let pointer = child("/components", &section.key);
        for component in section.value.entries() {
            let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            let place = child(&pointer, &component.key);
            if component.key.is_empty() || !component.key.bytes().all(is_fine) {
                let message = format!("`{}` cannot name a component", component.key);
                let fix = "use letters, digits, dots, hyphens and underscores";
                report.error(&place, rules::BAD_COMPONENT_NAME, message, fix);
            } else if section.key == "schemas" && !has_word(&component.key) {
                let message = format!("`{}` has no letter or digit to name a type by", component.key);
                report.error(&place, rules::UNNAMEABLE, message, "choose another name");
            }
        }
    }
}
