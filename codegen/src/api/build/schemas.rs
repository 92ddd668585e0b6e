//! Schemas: objects, enums and unions get names, everything else is written out where it is used.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Builder, text};
use crate::api::{Code, CodeKind, Scalar, Ty, TypeItem, Variant};
use crate::directions::Directions;
use crate::lint::rules;
use crate::names;
use crate::prose;
use crate::spec::{FlattenedSchema, NodeRef};

/// The longest chain of schemas, each inside of the one before. The lint refuses longer chains; here the limit keeps the
/// stack small, whatever the document.
const MAX_DEPTH: usize = 300;

/// Names for the variant of values that are not listed, the first free one of which is used.
const UNLISTED: &[&str] = &["Unknown", "Unlisted", "UnlistedCode"];

impl<'a> Builder<'a> {
    /// The type of a schema. `name` is the Rust name that it gets if it needs one and is not a component.
    pub(super) fn schema(&mut self, place: &NodeRef<'a>, name: &str) -> Ty {
        if self.depth > MAX_DEPTH {
            let message = format!("schemas lead through more than {MAX_DEPTH} others");
            self.refuse(place, rules::TOO_DEEP, message, "describe part of them as `{}`");
            return Ty::Any;
        }
        self.depth += 1;
        let ty = self.schema_inside(place, name);
        self.depth -= 1;
        ty
    }

    fn schema_inside(&mut self, place: &NodeRef<'a>, name: &str) -> Ty {
        let core = self.view.schema(place).core;
        let flat = self.view.flattened(&core);
        // A component keeps its own name, whatever refers to it.
        let component = core.pointer.is_schema_component().then(|| core.pointer.last()).flatten();
        let name = names::type_name(component.unwrap_or(name));
        if let Some(values) = flat.values().filter(|values| !values.is_empty()) {
            let code = |builder: &mut Self| builder.code(&core, &flat, &values, &name);
            return self.named(&core, &name, Ty::Code, code);
        }
        if !flat.cases().is_empty() {
            return self.named(&core, &name, Ty::Union, |builder| builder.union(&core, &flat, &name));
        }
        match flat.kind() {
            Some("object") if !flat.properties().is_empty() => {
                self.named(&core, &name, Ty::Object, |builder| builder.object(&core, &flat, &name))
            }
            Some("object") => match flat.merged("additionalProperties") {
                extras if extras.entries().is_empty() => Ty::Any.map(),
                extras => self.element(&core, &extras, &format!("{name}Value")).map(),
            },
            Some("array") => self.element(&core, &flat.merged("items"), &format!("{name}Item")).list(),
            Some(kind) => match scalar(kind, flat.text("format")) {
                Ty::Scalar(scalar) => self.scalar(&core, scalar, &name),
                other => other,
            },
            None => Ty::Any,
        }
    }

    /// The type inside a list or map, with a guard against lists of themselves.
    fn element(&mut self, owner: &NodeRef<'a>, place: &NodeRef<'a>, name: &str) -> Ty {
        if self.open.contains(&owner.pointer) {
            let message = "this schema contains itself directly".to_owned();
            self.refuse(owner, rules::ENDLESS_SCHEMA, message, "put an object with named properties in between");
            return Ty::Any;
        }
        self.open.push(owner.pointer.clone());
        let ty = self.schema(place, name);
        self.open.pop();
        ty
    }

    /// Gives a schema a type of its own, once, and returns the type by name.
    fn named(
        &mut self,
        core: &NodeRef<'a>,
        name: &str,
        ty: fn(String) -> Ty,
        make: impl FnOnce(&mut Self) -> TypeItem,
    ) -> Ty {
        match self.origins.get(name) {
            Some(origin) if *origin == core.pointer => {}
            _ if self.undecoded => return Ty::Any,
            Some(origin) => {
                let message = format!("two schemas become the type `{name}`: this one and `{origin}`");
                self.refuse(core, rules::NAME_COLLISION, message, "make one a component with a name of its own");
            }
            None => {
                self.origins.insert(name.to_owned(), core.pointer.clone());
                // A named type may contain itself, so the lists around it are no longer of interest.
                let open = std::mem::take(&mut self.open);
                let item = make(self);
                self.open = open;
                self.types.insert(name.to_owned(), item);
            }
        }
        ty(name.to_owned())
    }

    fn code(
        &mut self,
        core: &NodeRef<'a>,
        flat: &FlattenedSchema<'a>,
        values: &BTreeMap<String, NodeRef<'a>>,
        name: &str,
    ) -> TypeItem {
        let mut variants: Vec<_> = values.values().map(variant).collect();
        variants.sort_by(|left, right| left.wire.cmp(&right.wire));
        let is_free = |candidate: &&&str| variants.iter().all(|variant| variant.name != ***candidate);
        let unlisted = UNLISTED.iter().find(is_free).map(|name| (*name).to_owned());
        if unlisted.is_none() && !flat.flag("x-closed") {
            let message = format!("`{name}` leaves no name for values that are not listed");
            self.refuse(core, rules::NAME_COLLISION, message, "describe it as a plain string");
        }
        let kinds = values.values().map(|place| code_kind(&value_of(place)));
        TypeItem::Code(Code {
            name: name.to_owned(),
            docs: text(core, "description"),
            kind: kinds
                .reduce(|kind, other| if kind == other { kind } else { CodeKind::Mixed })
                .unwrap_or(CodeKind::Text),
            unlisted: unlisted.filter(|_| !flat.flag("x-closed")),
            variants,
            directions: Directions::NONE,
        })
    }

    /// The description of a schema: its own, or else that of the schema that it refers to.
    pub(super) fn description(&self, place: &NodeRef<'a>) -> String {
        let used = self.view.schema(place);
        let mut texts = used.around.iter().chain([&used.core]).map(|part| text(part, "description"));
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// Returns whether a key is `true` in a schema, or in one that it refers to.
    pub(super) fn is_flagged(&self, place: &NodeRef<'a>, key: &str) -> bool {
        let used = self.view.schema(place);
        used.around.iter().chain([&used.core]).any(|part| part.flag(key))
    }
}

/// A value of an enum: the value itself, or a case of a `oneOf` that documents it.
fn variant(place: &NodeRef<'_>) -> Variant {
    let wire = match value_of(place) {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let docs = match text(place, "description") {
        none if none.is_empty() => format!("{}.", prose::code(&wire)),
        docs => docs,
    };
    Variant { name: names::variant_name(&wire), wire, docs }
}

fn value_of(place: &NodeRef<'_>) -> Value {
    if place.has("enum") { place.get("enum").item(0).value() } else { place.value() }
}

fn code_kind(value: &Value) -> CodeKind {
    match value {
        Value::String(_) => CodeKind::Text,
        Value::Number(number) if !number.is_f64() => CodeKind::Integer,
        _ => CodeKind::Mixed,
    }
}

/// The type of a value without parts. A format that is not known leaves the plain type.
fn scalar(kind: &str, format: Option<&str>) -> Ty {
    Ty::Scalar(match (kind, format.unwrap_or_default()) {
        ("boolean", _) => Scalar::Bool,
        ("integer", "int32") => Scalar::Int32,
        ("integer", _) => Scalar::Int64,
        ("number", "decimal") => Scalar::DecimalNumber,
        ("number", "float") => Scalar::Float32,
        ("number", _) => Scalar::Float64,
        ("string", "uuid" | "uuid4") => Scalar::Uuid,
        ("string", "date") => Scalar::Date,
        ("string", "date-time") => Scalar::DateTime,
        ("string", "decimal") => Scalar::Decimal,
        ("string", "ip") => Scalar::Ip,
        ("string", "ipv4") => Scalar::Ipv4,
        ("string", "ipv6") => Scalar::Ipv6,
        ("string", _) => Scalar::String,
        // The lint refuses types that JSON does not have.
        _ => return Ty::Any,
    })
}
