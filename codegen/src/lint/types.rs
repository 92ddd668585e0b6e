//! The types that schemas become: objects and enums, those written out in another schema included.

use std::collections::BTreeMap;

use super::report::Report;
use super::rules;
use super::spec::Spec;
use crate::names;
use crate::read::{Node, child};

/// How many schemas a schema may lead through, one inside of or referring to the next.
const MAX_CHAIN: usize = 256;

/// Schemas come to distinct types, none of them taken.
///
/// An object or enum that is not a component is named after its owner and its place: `AccountOwner`, `AccountItem`,
/// `ListAccountsResponse`.
pub(super) fn types(spec: &Spec<'_>, report: &mut Report<'_>) {
    if report.has(&[rules::ENDLESS_SCHEMA, rules::CYCLIC_REFERENCE]) {
        return;
    }
    let mut naming = Naming { spec, report, taken: BTreeMap::new() };
    for (name, pointer) in spec.component_schemas() {
        naming.run(&pointer, names::type_name(name));
    }
    let context = spec.context_headers();
    for operation in spec.operations() {
        let Some(id) = operation.node.get("operationId").and_then(Node::as_str) else { continue };
        let prefix = names::type_name(id);
        for parameter in spec.parameters(&operation) {
            let name = parameter.text("name");
            if parameter.text("in") != "header" || !context.iter().any(|header| header.eq_ignore_ascii_case(name)) {
                naming.run(&child(&parameter.pointer, "schema"), format!("{prefix}{}", names::type_name(name)));
            }
        }
        let body = spec.request_body(&operation).map(|part| (part, "Body"));
        let successes = spec.responses(&operation).into_iter().filter(|(status, _)| status.starts_with('2'));
        for (part, suffix) in body.into_iter().chain(successes.map(|(_, part)| (part, "Response"))) {
            for (_, media_type, _) in part.spoken() {
                naming.run(&child(&media_type, "schema"), format!("{prefix}{suffix}"));
            }
        }
    }
}

struct Naming<'s, 'a, 'r, 'b> {
    spec: &'s Spec<'a>,
    report: &'r mut Report<'b>,
    /// Type names with the schema that has them.
    taken: BTreeMap<String, String>,
}

impl Naming<'_, '_, '_, '_> {
    /// Names a schema and everything in it, depth first as the lowering does, but without recursion.
    fn run(&mut self, pointer: &str, name: String) {
        let mut open = vec![(pointer.to_owned(), name, 0)];
        while let Some((pointer, name, depth)) = open.pop() {
            let Some((pointer, schema)) = self.spec.schema(&pointer) else { continue };
            if depth > MAX_CHAIN {
                let message = format!("schemas lead through more than {MAX_CHAIN} others");
                return self.report.error(&pointer, rules::TOO_DEEP, message, "describe part of them as `{}`");
            }
            let component = pointer.strip_prefix("/components/schemas/").filter(|rest| !rest.contains('/'));
            let name = names::type_name(component.unwrap_or(&name));
            let properties = schema.get("properties").map(Node::entries).unwrap_or_default();
            let is_named = schema.get("enum").is_some() || schema.get("oneOf").is_some() || !properties.is_empty();
            if is_named && !self.take(&name, &pointer) {
                continue;
            }
            let all = child(&pointer, "properties");
            for property in properties.iter().rev() {
                let name = format!("{name}{}", names::type_name(&property.key));
                open.push((child(&all, &property.key), name, depth + 1));
            }
            if schema.get("items").is_some() {
                open.push((child(&pointer, "items"), format!("{name}Item"), depth + 1));
            }
            if properties.is_empty() && schema.get("additionalProperties").is_some() {
                open.push((child(&pointer, "additionalProperties"), format!("{name}Value"), depth + 1));
            }
        }
    }

    /// Whether the schema has a name now and is new.
    fn take(&mut self, name: &str, pointer: &str) -> bool {
        match self.taken.get(name) {
            Some(first) if first == pointer => return false,
            Some(first) => {
                let message = format!("this schema and the one at `{first}` both become the type `{name}`");
                let fix = "make one of them a component with a name of its own";
                self.report.error(pointer, rules::NAME_COLLISION, message, fix);
                return false;
            }
            None => self.taken.insert(name.to_owned(), pointer.to_owned()),
        };
        if names::TAKEN_TYPES.contains(&name) {
            let message = format!("this schema becomes the type `{name}`, which generated code has already");
            self.report.error(pointer, rules::RESERVED_NAME, message, "make it a component with another name");
        }
        true
    }
}
