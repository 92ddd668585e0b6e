//! The types that schemas become: objects and enums, those written out in another schema included.

use std::collections::BTreeMap;

use super::newtypes::Newtypes;
use super::report::Report;
use super::rules;
use super::spec::Spec;
use crate::names;
use crate::pointer::Pointer;
use crate::spec::NodeRef;

/// The longest chain of schemas that contain or refer to one another.
const MAX_CHAIN: usize = 256;

/// Schemas become distinct types, with names that generated code does not use otherwise.
///
/// An object or enum that is not a component is named after its owner and its place: `AccountOwner`, `AccountItem`,
/// `ListAccountsResponse`.
pub(super) fn types(spec: &Spec<'_>, report: &mut Report<'_>) {
    if report.has(&[rules::ENDLESS_SCHEMA, rules::CYCLIC_REFERENCE]) {
        return;
    }
    let mut naming = Naming { spec, report, taken: BTreeMap::new(), newtypes: Newtypes::default() };
    for (name, schema) in spec.view.root().get("components").get("schemas").children() {
        naming.run(schema, names::type_name(name));
    }
    for operation in &spec.operations {
        let Some(id) = operation.node.text("operationId") else { continue };
        let prefix = names::type_name(id);
        for parameter in operation.parameters.iter().filter(|parameter| !spec.is_in_context(parameter)) {
            let name = format!("{prefix}{}", names::type_name(parameter.name()));
            naming.run(parameter.node.get("schema"), name);
        }
        let body = operation.body.iter().map(|part| (part, "Body"));
        let successes = operation.responses.iter().filter(|(status, _)| status.starts_with('2'));
        for (part, suffix) in body.chain(successes.map(|(_, part)| (part, "Response"))) {
            for media_type in part.generated() {
                naming.run(media_type.get("schema"), format!("{prefix}{suffix}"));
            }
        }
    }
    naming.newtypes.collisions(spec, &naming.taken, naming.report);
}

struct Naming<'s, 'a, 'r, 'b> {
    spec: &'s Spec<'a>,
    report: &'r mut Report<'b>,
    /// The schemas that have a type, by its name.
    taken: BTreeMap<String, Pointer>,
    newtypes: Newtypes<'a>,
}

impl<'a> Naming<'_, 'a, '_, '_> {
    /// Names a schema and everything in it, depth first as the lowering does, but without recursion.
    fn run(&mut self, schema: NodeRef<'a>, name: String) {
        let mut open = vec![(schema, name, 0)];
        while let Some((place, name, depth)) = open.pop() {
            let Some(schema) = self.spec.schema(&place) else { continue };
            if depth > MAX_CHAIN {
                let message = format!("schemas lead through more than {MAX_CHAIN} others");
                return self.report.error(&schema, rules::TOO_DEEP, message, "describe part of them as `{}`");
            }
            let component = schema.pointer.schema_name().filter(|_| schema.pointer.is_schema_component());
            let name = component.map_or(name, names::type_name);
            let properties = schema.get("properties");
            let has_properties = !properties.entries().is_empty();
            let is_named = schema.has("enum") || schema.has("oneOf") || has_properties;
            if is_named && !self.take(&name, &schema) {
                continue;
            }
            self.newtypes.add(&schema);
            let inner = |suffix: &str| format!("{name}{suffix}");
            let mut all: Vec<_> =
                properties.children().map(|(key, property)| (property, inner(&names::type_name(key)))).collect();
            all.reverse();
            if schema.has("items") {
                all.push((schema.get("items"), inner("Item")));
            }
            if !has_properties && schema.has("additionalProperties") {
                all.push((schema.get("additionalProperties"), inner("Value")));
            }
            open.extend(all.into_iter().map(|(place, name)| (place, name, depth + 1)));
        }
    }

    /// Gives the schema the name. Returns whether it has to be looked into: it is new, and the name is usable.
    fn take(&mut self, name: &str, schema: &NodeRef<'a>) -> bool {
        if name.len() > names::MAX_TYPE_NAME {
            let message = format!("the type of this schema would have a name of {} bytes, `{name}`", name.len());
            self.report.error(schema, rules::LONG_NAME, message, "make it a component with a shorter name");
            return false;
        }
        match self.taken.get(name) {
            Some(first) if *first == schema.pointer => return false,
            Some(first) => {
                let message = format!("this schema and the one at `{first}` both become the type `{name}`");
                let fix = "make one of them a component with a name of its own";
                self.report.error(schema, rules::NAME_COLLISION, message, fix);
                return false;
            }
            None => self.taken.insert(name.to_owned(), schema.pointer.clone()),
        };
        if names::is_reserved_type(name) {
            let message = format!("this schema becomes the type `{name}`, which generated code has already");
            self.report.error(schema, rules::RESERVED_NAME, message, "make it a component with another name");
        }
        true
    }
}
