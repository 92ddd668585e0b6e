//! Forms of several parts (`multipart/form-data`).
//!
//! A form is a type of its own, also where its schema is a component: it may hold files, which JSON does not have, so that it
//! has no JSON form, and no unlisted properties.

use super::{Builder, text};
use crate::api::{Encoding, Extras, FormStyle, Object, Ty, TypeItem};
use crate::directions::Directions;
use crate::names;
use crate::spec::NodeRef;

impl<'a> Builder<'a> {
    /// The type of a form, which gets the name `name`. A form without described fields is refused later.
    pub(super) fn multipart(&mut self, place: &NodeRef<'a>, name: &str) -> Ty {
        let core = self.view.schema(place).core;
        let flat = self.view.flattened(&core);
        let name = names::type_name(name);
        if self.undecoded || flat.properties().is_empty() {
            return Ty::Any;
        }
        if self.origins.get(&name) == Some(&core.pointer) {
            return Ty::Object(name);
        }
        let name = self.take_form(&core, &name);
        let required = flat.required();
        let properties = flat.properties();
        let mut names = self.field_names(&flat, &properties);
        let mut fields = Vec::new();
        for (wire, place) in properties {
            let own = names.remove(wire).unwrap_or_default();
            let mut field = self.field(&place, (&name, own), wire, required.contains(wire));
            if let Some(ty) = self.file(&place) {
                field.ty = ty;
                field.hidden = true;
            }
            fields.push(field);
        }
        let (docs, directions) = (text(&core, "description"), Directions::NONE);
        let (extras, is_patch, is_multipart) = (Extras::Refused, false, true);
        let form = Object { name: name.clone(), docs, fields, extras, directions, is_patch, is_multipart };
        self.types.insert(name.clone(), TypeItem::Object(form));
        Ty::Object(name)
    }

    /// The type of a field that is a file, or a list of files.
    fn file(&self, place: &NodeRef<'a>) -> Option<Ty> {
        let flat = self.view.flattened(&self.view.schema(place).core);
        match flat.kind()? {
            "string" => matches!(flat.text("format"), Some("binary" | "byte")).then_some(Ty::File),
            "array" => {
                let items = self.view.flattened(&self.view.schema(&flat.merged("items")).core);
                let is_file = items.kind() == Some("string") && matches!(items.text("format"), Some("binary" | "byte"));
                is_file.then(|| Ty::File.list())
            }
            _ => None,
        }
    }

    /// The ways in which a media type describes the fields of a form (`encoding`).
    pub(super) fn encodings(&self, media_type: &NodeRef<'a>) -> Vec<Encoding> {
        let encoding = |(wire, described): (&'a str, NodeRef<'a>)| {
            let first = described.text("contentType").and_then(|types| types.split(',').next()).map(str::trim);
            let content_type = first.filter(|first| is_sendable(first)).map(str::to_owned);
            Encoding { wire: wire.to_owned(), content_type, style: style(&described) }
        };
        media_type.get("encoding").children().map(encoding).collect()
    }
}

/// The style that an encoding describes, if it describes one.
fn style(encoding: &NodeRef<'_>) -> Option<FormStyle> {
    let explode = encoding.get("explode").as_bool();
    let separator = match encoding.text("style") {
        Some("deepObject") => return Some(FormStyle::Deep),
        Some("spaceDelimited") => " ",
        Some("pipeDelimited") => "|",
        Some(_) => ",",
        None => return explode.map(|explode| if explode { FormStyle::Exploded } else { FormStyle::Joined(",") }),
    };
    // Only the style `form` explodes unless it says otherwise.
    let explodes = explode.unwrap_or(separator == ",");
    Some(if explodes { FormStyle::Exploded } else { FormStyle::Joined(separator) })
}

/// Returns whether a text is the media type of one part, and not a range of them.
fn is_sendable(content_type: &str) -> bool {
    let is_printable = content_type.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    is_printable && content_type.contains('/') && !content_type.contains('*')
}
