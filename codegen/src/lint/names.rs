//! Names that are equal, or empty, once they are names of Rust.

use std::collections::{BTreeMap, BTreeSet};

use super::report::Report;
use super::rules;
use super::schemas::enum_values;
use super::spec::Spec;
use super::tables::Kind;
use crate::names;
use crate::spec::NodeRef;

/// Names in Rust, with the names that they come from.
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
    fn add(&mut self, place: &NodeRef<'_>, written: &str, name: String, is_reserved: fn(&str) -> bool) {
        let what = self.what;
        if !has_word(written) {
            let message = format!("`{written}` has no letter or digit to name a {what} by");
            self.report.error(place, rules::UNNAMEABLE, message, self.fix);
        } else if is_reserved(&name) {
            let message = format!("`{written}` becomes the {what} `{name}`, which generated code has already");
            self.report.error(place, rules::RESERVED_NAME, message, self.fix);
        } else if let Some(first) = self.seen.get(&name) {
            let message = format!("`{first}` and `{written}` become the same {what}, `{name}`");
            self.report.error(place, rules::NAME_COLLISION, message, self.fix);
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
    let mut ids = BTreeSet::new();
    for operation in &spec.operations {
        let Some(id) = operation.node.text("operationId") else { continue };
        // An id that is used twice is another rule's finding.
        if id.is_empty() || !ids.insert(id) {
            continue;
        }
        let (place, request) = (operation.node.get("operationId"), names::type_name(id));
        if names::is_reserved_request(&request) {
            let message = format!("`{id}` names the request `{request}`, which generated code has already");
            methods.report.error(&place, rules::RESERVED_NAME, message, methods.fix);
        } else {
            methods.add(&place, id, names::method_name(id), names::is_reserved_method);
        }
    }
}

/// The parameters and the body of an operation become distinct arguments.
pub(super) fn arguments(spec: &Spec<'_>, report: &mut Report<'_>) {
    for operation in &spec.operations {
        let fix = "give one of them another name, or take it out";
        let mut arguments = Names::new(report, "parameter", fix);
        if operation.body.is_some() {
            arguments.seen.insert("body".to_owned(), "requestBody".to_owned());
        }
        let mut declared = BTreeSet::new();
        for parameter in &operation.parameters {
            let (location, name) = (parameter.location(), parameter.name());
            let key = if location == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
            // One that is in a list twice is another rule's finding.
            if declared.insert((location, key)) && !spec.is_in_context(parameter) {
                arguments.add(&parameter.used, name, names::field_name(name), |_| false);
            }
        }
    }
}

/// The properties of an object become distinct fields.
pub(super) fn fields(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let mut fields = Names::new(report, "field", "choose a name with `x-field-name`");
        for (name, property) in place.node.get("properties").children() {
            let written = property.text("x-field-name").unwrap_or(name);
            fields.add(&property, written, names::field_name(written), |_| false);
        }
    }
}

/// The values of an enum become distinct variants.
pub(super) fn variants(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let mut variants = Names::new(report, "variant", "describe it as a plain string");
        let mut values = BTreeSet::new();
        for (value, listed) in enum_values(place).into_iter().filter(|(value, _)| !value.is_empty()) {
            if values.insert(value) {
                variants.add(&listed, value, names::variant_name(value), |_| false);
            } else {
                let message = format!("the value `{value}` is in this enum twice");
                variants.report.error(&listed, rules::DUPLICATE_VALUE, message, "take one of the two out");
            }
        }
    }
}

/// Components have names that OpenAPI allows and that Rust can use.
pub(super) fn components(spec: &Spec<'_>, report: &mut Report<'_>) {
    for (section, all) in spec.view.root().get("components").members() {
        for (name, component) in all.children() {
            let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            if name.is_empty() || !name.bytes().all(is_fine) {
                let message = format!("`{name}` cannot name a component");
                let fix = "use letters, digits, dots, hyphens and underscores";
                report.error(&component, rules::BAD_COMPONENT_NAME, message, fix);
            } else if section == "schemas" && !has_word(name) {
                let message = format!("`{name}` has no letter or digit to name a type by");
                report.error(&component, rules::UNNAMEABLE, message, "choose another name");
            }
        }
    }
}
