//! Schemas: objects, enums and unions get names, everything else is written out where it is used.

use std::collections::BTreeMap;

use serde_json::Value;

use super::naming::Member;
use super::{Builder, text};
use crate::api::{Code, CodeKind, Scalar, Ty, TypeItem, Variant};
use crate::directions::Directions;
use crate::lint::rules;
use crate::names::Style;
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
        let name = self.type_name(&core, name);
        let is_choice = |values: &BTreeMap<String, NodeRef<'_>>| {
            !values.is_empty() && values.keys().any(|value| !matches!(value.as_str(), "true" | "false"))
        };
        if let Some(values) = flat.values().filter(is_choice) {
            let code = |builder: &mut Self, name: &str| builder.code(&core, &flat, &values, name);
            return self.named(&core, &name, Ty::Code, code);
        }
        let choices = self.choices(&core, &flat);
        if !choices.is_empty() {
            return self.union(&core, &flat, choices, &name);
        }
        match flat.kind() {
            Some("object") if !flat.properties().is_empty() => {
                self.named(&core, &name, Ty::Object, |builder, name| builder.object(&core, &flat, name))
            }
            Some("object") => match flat.merged("additionalProperties") {
                extras if extras.entries().is_empty() => Ty::Any.map(),
                extras => self.element(&core, &extras, &format!("{name}Value")).map(),
            },
            Some("array") => self.element(&core, &flat.merged("items"), &format!("{name}Item")).list(),
            Some(kind) => match scalar(kind, flat.text("format"), is_wide(&flat)) {
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
        if self.is_nullable(place) { ty.nullable() } else { ty }
    }

    /// Gives a schema a type of its own, once, and returns the type by name.
    pub(super) fn named(
        &mut self,
        core: &NodeRef<'a>,
        name: &str,
        ty: fn(String) -> Ty,
        make: impl FnOnce(&mut Self, &str) -> TypeItem,
    ) -> Ty {
        if let Some(known) = self.naming.ty(core, name) {
            return ty(known.to_owned());
        }
        if self.undecoded {
            return Ty::Any;
        }
        let name = self.take_type(core, name);
        if matches!(self.types.get(&name), Some(TypeItem::Newtype(_))) {
            let message = format!("this schema and a newtype both become the type `{name}`");
            self.refuse(core, rules::NAME_COLLISION, message, "choose another name for one of the two");
        }
        // A named type may contain itself, so the lists around it are no longer of interest.
        let open = std::mem::take(&mut self.open);
        let item = make(self, &name);
        self.open = open;
        self.types.insert(name.clone(), item);
        ty(name)
    }

    fn code(
        &mut self,
        core: &NodeRef<'a>,
        flat: &FlattenedSchema<'a>,
        values: &BTreeMap<String, NodeRef<'a>>,
        name: &str,
    ) -> TypeItem {
        self.code_of(core, text(core, "description"), flat.flag("x-closed"), values, name)
    }

    /// A code of these values.
    pub(super) fn code_of(
        &mut self,
        core: &NodeRef<'a>,
        docs: String,
        is_closed: bool,
        values: &BTreeMap<String, NodeRef<'a>>,
        name: &str,
    ) -> TypeItem {
        let kinds = values.values().map(|place| code_kind(&value_of(place)));
        let kind = kinds.reduce(|kind, other| if kind == other { kind } else { CodeKind::Mixed });
        let kind = kind.unwrap_or(CodeKind::Text);
        let mut variants = self.variants(values, kind);
        variants.sort_by(|left, right| left.wire.cmp(&right.wire));
        let is_free = |candidate: &&&str| variants.iter().all(|variant| variant.name != ***candidate);
        let unlisted = UNLISTED.iter().find(is_free).map_or("UnlistedValueOfCode", |name| *name).to_owned();
        if is_closed && kind != CodeKind::Text {
            let message = "`x-closed` on an enum of other values than strings".to_owned();
            self.refuse(core, rules::BAD_EXTENSION, message, "take it out");
        }
        TypeItem::Code(Code {
            name: name.to_owned(),
            docs,
            kind,
            unlisted: (!is_closed).then_some(unlisted),
            variants,
            directions: Directions::NONE,
        })
    }

    /// The variants of a code, whose names are given in the order of the document.
    fn variants(&mut self, values: &BTreeMap<String, NodeRef<'a>>, kind: CodeKind) -> Vec<Variant> {
        let mut listed: Vec<_> = values.values().map(|place| (place, variant(place, kind))).collect();
        listed.sort_by_key(|(place, _)| place.node.map(|node| (node.line, node.column)));
        let written: Vec<_> = listed.iter().map(|(place, _)| written(&value_of(place))).collect();
        let members = listed.iter().zip(&written).map(|((place, variant), written)| Member {
            written,
            parts: &["value"],
            identity: &variant.wire,
            place: (*place).clone(),
        });
        let members: Vec<_> = members.collect();
        let noun = ("variant", "describe it as a plain string");
        let names = self.member_names(Style::Pascal, noun, &members, &[]);
        listed.into_iter().zip(names).map(|((_, variant), name)| Variant { name, ..variant }).collect()
    }

    /// The description of a schema: its own, or else that of the schema that it refers to.
    pub(super) fn description(&self, place: &NodeRef<'a>) -> String {
        let used = self.view.schema(place);
        let mut texts = used.around.iter().chain([&used.core]).map(|part| text(part, "description"));
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// Returns whether a value may be null: by `nullable`, by an enum with null, or by a case that is null.
    pub(super) fn is_nullable(&self, place: &NodeRef<'a>) -> bool {
        if self.is_flagged(place, "nullable") {
            return true;
        }
        let flat = self.view.flattened(&self.view.schema(place).core);
        let is_null = |value: &NodeRef<'_>| value.exists() && value.value().is_null();
        let has_null = flat.all("enum").iter().any(|list| list.items().any(|value| is_null(&value)));
        let cases = flat.lists().into_iter().flat_map(|(_, cases)| cases);
        has_null
            || cases.into_iter().any(|case| case.text("type") == Some("null") || self.is_flagged(&case, "nullable"))
    }

    /// Returns whether a key is `true` in a schema, or in one that it refers to.
    pub(super) fn is_flagged(&self, place: &NodeRef<'a>, key: &str) -> bool {
        let used = self.view.schema(place);
        used.around.iter().chain([&used.core]).any(|part| part.flag(key))
    }
}

/// A value of an enum, without its name: the value itself, or a case of a `oneOf` that documents it.
fn variant(place: &NodeRef<'_>, kind: CodeKind) -> Variant {
    let wire = match value_of(place) {
        Value::String(text) if kind == CodeKind::Text => text,
        other => other.to_string(),
    };
    let docs = match text(place, "description") {
        none if none.is_empty() => format!("{}.", prose::code(&wire)),
        docs => docs,
    };
    Variant { name: String::new(), wire, docs }
}

/// A value as its name is made of it. Numbers need a letter.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => format!("value {number}").replace('-', "minus ").replace('.', " point "),
        other => other.to_string(),
    }
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

/// Returns whether the largest value does not fit into 64 bits with a sign, and none is negative.
fn is_wide(flat: &FlattenedSchema<'_>) -> bool {
    let bound = |key: &str| flat.get(key).value().as_number().cloned();
    let is_large =
        bound("maximum").is_some_and(|bound| bound.as_u64().is_some_and(|bound| i64::try_from(bound).is_err()));
    is_large && bound("minimum").is_none_or(|bound| bound.as_f64().is_some_and(|bound| bound >= 0.0))
}

/// The type of a value without parts. A format that is not known leaves the plain type.
fn scalar(kind: &str, format: Option<&str>, is_wide: bool) -> Ty {
    Ty::Scalar(match (kind, format.unwrap_or_default()) {
        ("boolean", _) => Scalar::Bool,
        ("integer", _) if is_wide => Scalar::UInt64,
        ("integer", "int8" | "int16" | "int32") => Scalar::Int32,
        ("integer", "uint8" | "uint16" | "uint32") => Scalar::UInt32,
        ("integer", "uint" | "uint64") => Scalar::UInt64,
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
