//! Names of Rust for the items of a document, each of them once.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Builder;
use crate::finding::Severity;
use crate::lint::rules;
use crate::names::{self, Style};
use crate::pointer::Pointer;
use crate::spec::{self, NodeKey, NodeRef};

/// The names that schemas and operations have.
#[derive(Debug, Default)]
pub(super) struct Naming {
    /// The names of component schemas, which have them before all others, whether they become a type or not.
    components: HashMap<Pointer, String>,
    /// The names of schemas that have become a type. Operations that share the parameters of a path have types of their
    /// own, by the name that each would have.
    types: HashMap<(NodeKey, Option<String>), String>,
    taken: HashSet<String>,
    /// The names of methods by the method and path of the operation.
    methods: HashMap<String, String>,
}

impl Naming {
    pub(super) fn method(&self, operation: &spec::Operation<'_>) -> Option<&str> {
        self.methods.get(&operation.name()).map(String::as_str)
    }

    /// The type of a schema that would get this name.
    pub(super) fn ty(&self, core: &NodeRef<'_>, plain: &str) -> Option<&str> {
        self.types.get(&key(core, plain)).map(String::as_str)
    }

    /// Returns whether a type or a component has a name.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }
}

impl<'a> Builder<'a> {
    /// Names the component schemas and the operations, in the order of the document.
    pub(super) fn assign_names(&mut self) {
        for (name, place) in self.view.root().get("components").get("schemas").children() {
            let given = self.free_type(&place, &names::type_name(name), name, &["schema"]);
            self.naming.taken.insert(given.clone());
            self.naming.components.insert(place.pointer, given);
        }
        let mut methods = BTreeSet::new();
        let mut requests = BTreeSet::new();
        for operation in self.view.operations() {
            let name = self.method_name(&operation, &methods, &requests);
            requests.insert(names::type_name(&name));
            methods.insert(name.clone());
            self.naming.methods.insert(operation.name(), name);
        }
    }

    fn method_name(
        &mut self,
        operation: &spec::Operation<'a>,
        methods: &BTreeSet<String>,
        requests: &BTreeSet<String>,
    ) -> String {
        let derived = format!("{}-{}", operation.method, operation.path);
        let id = operation.node.text("operationId").filter(|id| !id.is_empty());
        let written = id.unwrap_or(&derived);
        let is_free = |name: &str| {
            let request = names::type_name(name);
            !methods.contains(name)
                && !requests.contains(&request)
                && !names::is_reserved_method(name)
                && !names::is_reserved_request(&request)
        };
        let plain = names::method_name(written);
        let identity = operation.name();
        let name = names::unique(Style::Snake, &plain, written, &[operation.method, &derived], &identity, is_free);
        if name != plain {
            let place = if id.is_some() { operation.node.get("operationId") } else { operation.node.clone() };
            self.renamed(&place, "method", written, &name, "choose another `operationId`");
        }
        name
    }

    /// The name that a schema gets if it becomes a type.
    pub(super) fn type_name(&mut self, core: &NodeRef<'a>, plain: &str) -> String {
        if let Some(name) = self.naming.ty(core, plain) {
            return name.to_owned();
        }
        match self.naming.components.get(&core.pointer).filter(|_| core.more.is_empty()) {
            Some(name) => name.clone(),
            None => component_name(&core.pointer).unwrap_or_else(|| plain.to_owned()),
        }
    }

    /// The name of the component that a property is in, if no other schema on the way has it. Whichever schema is built
    /// first and extends the component, the type of the property has a name by the component.
    pub(super) fn owner(&self, property: &NodeRef<'a>) -> Option<&str> {
        let component = property.pointer.ancestors().find(|pointer| pointer.is_schema_component())?;
        let steps = property.pointer.strip_prefix(component)?;
        let is_own = match steps.as_slice() {
            [branches @ .., "properties", _] => branches.chunks(2).all(|step| step.first() == Some(&"allOf")),
            _ => false,
        };
        self.naming.components.get(component).filter(|_| is_own && property.more.is_empty()).map(String::as_str)
    }

    /// Gives a schema the name of a type, or another one if that is taken.
    pub(super) fn take_type(&mut self, core: &NodeRef<'a>, plain: &str) -> String {
        let is_component = core.more.is_empty() && self.naming.components.contains_key(&core.pointer);
        let name = if is_component {
            plain.to_owned()
        } else {
            self.free_type(core, plain, plain, &[part_of(&core.pointer), "schema"])
        };
        self.naming.taken.insert(name.clone());
        self.naming.types.insert(key(core, plain), name.clone());
        self.origins.insert(name.clone(), core.pointer.clone());
        name
    }

    /// Gives a form of several parts the name of a type. Its schema may have become another type already.
    pub(super) fn take_form(&mut self, core: &NodeRef<'a>, plain: &str) -> String {
        let name = self.free_type(core, plain, plain, &["form"]);
        self.naming.taken.insert(name.clone());
        self.origins.insert(name.clone(), core.pointer.clone());
        name
    }

    fn free_type(&mut self, place: &NodeRef<'a>, plain: &str, written: &str, parts: &[&str]) -> String {
        let is_free = |name: &str| !self.naming.taken.contains(name) && !names::is_reserved_type(name);
        let name = names::unique(Style::Pascal, plain, written, parts, &place.pointer.to_string(), is_free);
        if name != plain {
            self.renamed(place, "type", written, &name, "make it a component with a name of its own");
        }
        name
    }

    /// Names the members of something, such as the fields of an object, in the order of the document.
    pub(super) fn member_names(
        &mut self,
        style: Style,
        (noun, fix): (&str, &str),
        members: &[Member<'_, 'a>],
        reserved: &[&str],
    ) -> Vec<String> {
        let mut taken: HashSet<String> = reserved.iter().map(|name| (*name).to_owned()).collect();
        let mut given = Vec::with_capacity(members.len());
        for member in members {
            let plain = match style {
                Style::Pascal => names::variant_name(member.written),
                Style::Snake => names::field_name(member.written),
            };
            let is_free = |name: &str| !taken.contains(name);
            let name = names::unique(style, &plain, member.written, member.parts, member.identity, is_free);
            if name != plain {
                self.renamed(&member.place, noun, member.written, &name, fix);
            }
            taken.insert(name.clone());
            given.push(name);
        }
        given
    }

    /// Reports that something does not have the name that it would have on its own.
    fn renamed(&mut self, place: &NodeRef<'a>, noun: &str, written: &str, name: &str, fix: &str) {
        let message = format!("`{written}` becomes the {noun} `{name}`, because its own name is taken or no name");
        let finding =
            self.view.document.finding(Severity::Warning, &place.pointer, rules::NAME_COLLISION, message, fix);
        self.findings.push(finding);
    }
}

/// Something that gets a name among others.
pub(super) struct Member<'n, 'a> {
    /// The name in the document.
    pub(super) written: &'n str,
    /// Parts that are added to the name if it is taken.
    pub(super) parts: &'n [&'n str],
    /// A text that no other member has.
    pub(super) identity: &'n str,
    pub(super) place: NodeRef<'a>,
}

fn key(core: &NodeRef<'_>, plain: &str) -> (NodeKey, Option<String>) {
    let is_shared = matches!(*core.pointer.steps().as_slice(), ["paths", _, "parameters", ..]);
    (core.key(), is_shared.then(|| plain.to_owned()))
}

/// The name for the schema of a component that operations share, so that it does not depend on which of them comes first.
fn component_name(pointer: &Pointer) -> Option<String> {
    match *pointer.steps().as_slice() {
        ["components", "parameters", name, "schema"] => Some(names::type_name(name)),
        ["components", "requestBodies" | "responses", name, "content", _, "schema"] => Some(names::type_name(name)),
        _ => None,
    }
}

/// A word for the place of a schema that is not a component.
fn part_of(pointer: &Pointer) -> &'static str {
    let steps = pointer.steps();
    let word = |step: &&str| {
        Some(match *step {
            "properties" => "property",
            "items" => "item",
            "additionalProperties" => "value",
            "parameters" => "parameter",
            "requestBody" | "requestBodies" => "body",
            "responses" => "response",
            "oneOf" | "anyOf" => "case",
            _ => return None,
        })
    };
    steps.iter().rev().find_map(word).unwrap_or("schema")
}
