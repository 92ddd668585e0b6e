//! Objects and their properties.

use std::collections::BTreeMap;

use super::naming::Member;
use super::{Builder, text};
use crate::api::{Extras, Field, FieldKind, Object, Presence, TypeItem};
use crate::directions::Directions;
use crate::names::{self, Style};
use crate::prose;
use crate::spec::{FlattenedSchema, NodeRef};

impl<'a> Builder<'a> {
    pub(super) fn object(&mut self, core: &NodeRef<'a>, flat: &FlattenedSchema<'a>, name: &str) -> TypeItem {
        let required = flat.required();
        let properties = flat.properties();
        let mut names = self.field_names(flat, &properties);
        let fields = properties.into_iter().map(|(wire, place)| {
            let is_required = required.contains(wire);
            let field = names.remove(wire).unwrap_or_default();
            self.field(&place, (name, field), wire, is_required)
        });
        let fields = fields.collect();
        TypeItem::Object(Object {
            name: name.to_owned(),
            docs: text(core, "description"),
            fields,
            extras: self.extras(flat, name),
            directions: Directions::NONE,
            is_patch: false,
            is_multipart: false,
        })
    }

    /// The names of fields by the name of the property.
    pub(super) fn field_names(
        &mut self,
        flat: &FlattenedSchema<'a>,
        properties: &BTreeMap<&'a str, NodeRef<'a>>,
    ) -> BTreeMap<&'a str, String> {
        let wires = flat.property_names();
        let members = wires.iter().filter_map(|wire| {
            let place = properties.get(wire)?.clone();
            let written = place.text("x-field-name").unwrap_or(wire);
            Some(Member { written, parts: &["property"], identity: wire, place })
        });
        let members: Vec<_> = members.collect();
        let noun = ("field", "choose a name with `x-field-name`");
        let names = self.member_names(Style::Snake, noun, &members, &[]);
        wires.into_iter().zip(names).collect()
    }

    fn extras(&mut self, flat: &FlattenedSchema<'a>, name: &str) -> Extras {
        let extras = flat.merged("additionalProperties");
        match extras.as_bool() {
            Some(true) => Extras::Allowed,
            Some(false) => Extras::Refused,
            None if !extras.exists() => Extras::Unspecified,
            None if extras.entries().is_empty() => Extras::Allowed,
            None => Extras::Typed(self.schema(&extras, &format!("{name}Value"))),
        }
    }

    pub(super) fn field(
        &mut self,
        place: &NodeRef<'a>,
        (owner, name): (&str, String),
        wire: &str,
        required: bool,
    ) -> Field {
        let owner = self.owner(place).unwrap_or(owner);
        let ty = self.schema(place, &format!("{owner}{}", names::type_name(wire)));
        let presence = Presence::new(required, self.is_nullable(place));
        let observed_optional = place.has("x-observed-optional");
        Field {
            name,
            wire: wire.to_owned(),
            aliases: place.get("x-alias").texts().into_iter().map(str::to_owned).collect(),
            docs: self.field_docs(place),
            presence,
            observed_optional,
            access: self.view.access(place),
            // It depends on who uses the object, which is known at the end.
            kind: FieldKind::new(&ty, presence, observed_optional, false),
            boxed: place.flag("x-boxed") && ty.name().is_some(),
            hidden: ty.has_newtype() || place.get("x-sensitive").as_bool().unwrap_or_else(|| ty.may_be_personal()),
            deprecated: self.is_flagged(place, "deprecated"),
            ty,
        }
    }

    fn field_docs(&self, place: &NodeRef<'a>) -> String {
        let docs = self.description(place);
        let Some(evidence) = place.text("x-observed-optional") else { return docs };
        // A code block that the description leaves open must not swallow this sentence.
        let docs = prose::complete(&docs);
        let evidence = prose::inline(evidence);
        let end = if evidence.ends_with('.') { "" } else { "." };
        format!("{docs}\n\nRequired by the documentation, but seen to be missing: {evidence}{end}").trim().to_owned()
    }

    /// Completes the types with what depends on all of them: directions, boxes, and the kinds of fields.
    pub(super) fn finish(&mut self, error: Option<&str>) {
        self.box_recursion();
        for item in self.types.values_mut() {
            let in_request = item.directions().contains(Directions::REQUEST);
            let TypeItem::Object(object) = item else { continue };
            let is_error = error == Some(object.name.as_str()) && !in_request;
            for field in &mut object.fields {
                // An error may come with any body, and each part that can be decoded is worth having.
                field.kind = match is_error {
                    true => FieldKind::Lenient,
                    false if object.is_patch && field.presence == Presence::OptionalNullable => FieldKind::Patched,
                    false => FieldKind::new(&field.ty, field.presence, field.observed_optional, in_request),
                };
            }
        }
    }
}
