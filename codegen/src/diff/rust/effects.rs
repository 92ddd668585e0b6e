//! What two surfaces differ in.

use std::collections::BTreeMap;

use super::super::report::Rust;
use super::super::rules::{self, Rule};
use super::Effect;
use super::places::Places;
use crate::surface::{Code, Field, Object, Operation, Parameter, Surface, TypeItem};

/// Collects effects.
struct Effects<'p, 'a> {
    base: &'p Places<'a>,
    head: &'p Places<'a>,
    found: Vec<Effect>,
    operation: Option<String>,
}

/// Everything that differs.
pub(super) fn effects(was: &Surface, is: &Surface, base: &Places<'_>, head: &Places<'_>) -> Vec<Effect> {
    let mut effects = Effects { base, head, found: Vec::new(), operation: None };
    effects.api(was, is);
    let name = |item: &TypeItem| match item {
        TypeItem::Object(object) => object.name.clone(),
        TypeItem::Code(code) => code.name.clone(),
    };
    let (old, new) = (by(&was.types, name), by(&is.types, name));
    for (name, was) in &old {
        let Some(is) = new.get(name) else {
            effects.removed(base.ty(name), false, format!("the type `{name}` is gone"));
            continue;
        };
        match (was, is) {
            (TypeItem::Object(was), TypeItem::Object(is)) => effects.objects(was, is),
            (TypeItem::Code(was), TypeItem::Code(is)) => effects.codes(was, is),
            _ => {
                let message = format!("`{name}` turns from a struct to an enum, or back");
                effects.changed(Rust::Breaking, (base.ty(name), head.ty(name)), message);
            }
        }
    }
    for name in new.keys().filter(|name| !old.contains_key(*name)) {
        effects.added(Rust::Additive, head.ty(name), false, format!("the type `{name}` is new"));
    }
    effects.methods(was, is);
    effects.found
}

fn by<T>(items: &[T], name: impl Fn(&T) -> String) -> BTreeMap<String, &T> {
    items.iter().map(|item| (name(item), item)).collect()
}

/// The effect of being deprecated, or no longer.
fn announced(was: bool, is: bool) -> Option<Rust> {
    match (was, is) {
        (false, true) => Some(Rust::Additive),
        (true, false) => Some(Rust::Docs),
        _ => None,
    }
}

impl Effects<'_, '_> {
    fn push(
        &mut self,
        rule: &'static Rule,
        rust: Rust,
        (base, head): (Vec<String>, Vec<String>),
        is_exact: bool,
        message: String,
    ) {
        let operation = self.operation.clone();
        self.found.push(Effect { rule, rust, base, head, is_exact, operation, message });
    }

    fn removed(&mut self, base: Vec<String>, is_exact: bool, message: String) {
        self.push(&rules::RUST_ITEM_REMOVED, Rust::Breaking, (base, Vec::new()), is_exact, message);
    }

    fn added(&mut self, rust: Rust, head: Vec<String>, is_exact: bool, message: String) {
        self.push(&rules::RUST_ITEM_ADDED, rust, (Vec::new(), head), is_exact, message);
    }

    fn changed(&mut self, rust: Rust, places: (Vec<String>, Vec<String>), message: String) {
        let rule = if rust == Rust::Breaking { &rules::RUST_TYPE_CHANGED } else { &rules::RUST_CODE_CHANGED };
        self.push(rule, rust, places, false, message);
    }

    fn api(&mut self, was: &Surface, is: &Surface) {
        let at = |pointer: &str| (vec![pointer.to_owned()], vec![pointer.to_owned()]);
        if was.error != is.error {
            let name = |error: &Option<String>| error.clone().unwrap_or("nothing".to_owned());
            let message = format!("errors carry `{}`, no longer `{}`", name(&is.error), name(&was.error));
            self.changed(Rust::Breaking, at("/x-codegen/error-schema"), message);
        }
        for (differs, pointer, what) in [
            (was.title != is.title, "/info/title", "the title"),
            (was.version != is.version, "/info/version", "the version"),
            (was.docs != is.docs, "/info/description", "the description"),
            (was.server != is.server, "/servers", "the server"),
        ] {
            if differs {
                self.changed(Rust::Docs, at(pointer), format!("{what} in the code changes"));
            }
        }
    }

    fn objects(&mut self, was: &Object, is: &Object) {
        let ty = &was.name;
        if was.docs != is.docs {
            let places = (self.base.ty(ty), self.head.ty(ty));
            self.changed(Rust::Docs, places, format!("the documentation of `{ty}` changes"));
        }
        let wire = |field: &Field| field.wire.clone();
        let (old, new) = (by(&was.fields, wire), by(&is.fields, wire));
        for (wire, was) in &old {
            match new.get(wire) {
                Some(is) => self.fields(ty, was, is),
                None => {
                    self.removed(self.base.field(ty, wire), false, format!("the field `{ty}.{}` is gone", was.name));
                }
            }
        }
        for (wire, field) in new.iter().filter(|(wire, _)| !old.contains_key(*wire)) {
            let places = self.head.field(ty, wire);
            if field.presence.is_required() {
                let message = format!("`{ty}::new` asks for `{}` as well", field.name);
                self.added(Rust::Breaking, places, false, message);
            } else {
                self.added(Rust::Additive, places, false, format!("the field `{ty}.{}` is new", field.name));
            }
        }
    }

    fn fields(&mut self, ty: &str, was: &Field, is: &Field) {
        let places = (self.base.field(ty, &was.wire), self.head.field(ty, &is.wire));
        let name = &is.name;
        if was.name != is.name {
            let message = format!("the field `{ty}.{}` is called `{name}`", was.name);
            self.changed(Rust::Breaking, places.clone(), message);
        }
        if was.ty() != is.ty() {
            let message = format!("`{ty}.{name}` is `{}`, no longer `{}`", is.ty(), was.ty());
            self.changed(Rust::Breaking, places.clone(), message);
        } else if was.presence.is_required() != is.presence.is_required() || was.given() != is.given() {
            let message = format!("`{name}` is given to `{ty}` in another way");
            self.changed(Rust::Breaking, places.clone(), message);
        } else if was.presence != is.presence {
            self.changed(Rust::Docs, places.clone(), format!("`{ty}.{name}` is written in another way"));
        }
        if let Some(rust) = announced(was.deprecated, is.deprecated) {
            self.changed(rust, places.clone(), format!("`{ty}.{name}` is deprecated, or no longer"));
        }
        if (&was.docs, &was.aliases, was.hidden, was.number) != (&is.docs, &is.aliases, is.hidden, is.number) {
            self.changed(Rust::Docs, places, format!("what is behind `{ty}.{name}` changes"));
        }
    }

    fn codes(&mut self, was: &Code, is: &Code) {
        let ty = &was.name;
        if was.unlisted != is.unlisted {
            let key = |places: Vec<String>| places.into_iter().map(|place| format!("{place}/x-closed")).collect();
            let places = (key(self.base.ty(ty)), key(self.head.ty(ty)));
            let message = match &is.unlisted {
                Some(name) => format!("`{ty}` has the variant `{name}` for values that are not listed"),
                None => format!("`{ty}` has no variant for values that are not listed"),
            };
            self.changed(Rust::Breaking, places, message);
        }
        if was.docs != is.docs {
            let places = (self.base.ty(ty), self.head.ty(ty));
            self.changed(Rust::Docs, places, format!("the documentation of `{ty}` changes"));
        }
        let wire = |variant: &crate::surface::Variant| variant.wire.clone();
        let (old, new) = (by(&was.variants, wire), by(&is.variants, wire));
        for (wire, variant) in &old {
            let Some(is) = new.get(wire) else {
                let message = format!("the variant `{ty}::{}` is gone", variant.name);
                self.removed(self.base.variant(ty, wire), false, message);
                continue;
            };
            let places = (self.base.variant(ty, wire), self.head.variant(ty, wire));
            if variant.name != is.name {
                let message = format!("`{ty}::{}` is called `{}`", variant.name, is.name);
                self.changed(Rust::Breaking, places, message);
            } else if variant.docs != is.docs {
                let message = format!("the documentation of `{ty}::{}` changes", is.name);
                self.changed(Rust::Docs, places, message);
            }
        }
        let rust = if is.unlisted.is_some() { Rust::Additive } else { Rust::Breaking };
        for (wire, variant) in new.iter().filter(|(wire, _)| !old.contains_key(*wire)) {
            let places = self.head.variant(ty, wire);
            self.added(rust, places, false, format!("the variant `{ty}::{}` is new", variant.name));
        }
    }

    fn methods(&mut self, was: &Surface, is: &Surface) {
        let name = |operation: &Operation| operation.name.clone();
        let (old, new) = (by(&was.operations, name), by(&is.operations, name));
        for (name, was) in &old {
            self.operation = self.base.operation_name(name);
            let Some(is) = new.get(name) else {
                self.removed(self.base.operation(name), true, format!("the method `{name}` is gone"));
                continue;
            };
            self.operation = self.head.operation_name(name);
            self.operations(was, is);
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            self.operation = self.head.operation_name(name);
            self.added(Rust::Additive, self.head.operation(name), true, format!("the method `{name}` is new"));
        }
        self.operation = None;
    }

    fn operations(&mut self, was: &Operation, is: &Operation) {
        let name = &is.name;
        let whole = (self.base.operation(name), self.head.operation(name));
        if was.returns != is.returns {
            let places = (self.base.successes(name), self.head.successes(name));
            let message = format!("`{name}` returns `{}`, no longer `{}`", is.returns, was.returns);
            self.changed(Rust::Breaking, places, message);
        }
        self.arguments(was, is);
        self.setters(was, is);
        if let Some(rust) = announced(was.deprecated, is.deprecated) {
            self.changed(rust, whole.clone(), format!("`{name}` is deprecated, or no longer"));
        }
        if was.context_headers != is.context_headers {
            let places = (self.base.context_headers(name), self.head.context_headers(name));
            self.changed(Rust::Docs, places, format!("`{name}` takes other headers from the client"));
        }
        if was.authorization != is.authorization {
            let places = (self.base.security(name), self.head.security(name));
            self.changed(Rust::Docs, places, format!("how `{name}` carries the authorization changes"));
        }
        let behind = |operation: &Operation| {
            let Operation { method, path, summary, docs, responses, .. } = operation;
            let texts = (method.clone(), path.clone(), summary.clone(), docs.clone());
            (texts, responses.clone())
        };
        if behind(was) != behind(is) {
            self.changed(Rust::Docs, whole, format!("what is behind `{name}` changes"));
        }
    }

    /// Compares arguments by place in the path, and others by name on the wire.
    fn arguments(&mut self, was: &Operation, is: &Operation) {
        let keys = |all: &[Parameter]| {
            let mut nth = 0;
            let key = |parameter: &Parameter| {
                nth += usize::from(parameter.location == "path");
                match parameter.location {
                    "path" => format!("path {nth}"),
                    location => format!("{location} {}", parameter.wire),
                }
            };
            all.iter().map(key).collect::<Vec<_>>()
        };
        let (old, new) = (keys(&was.arguments), keys(&is.arguments));
        let mut kept = (Vec::new(), Vec::new());
        for (key, argument) in old.iter().zip(&was.arguments) {
            let place = self.base.parameter(&was.name, argument.location, &argument.wire);
            let Some(index) = new.iter().position(|other| other == key) else {
                self.removed(place, false, format!("`{}` takes no argument `{}`", is.name, argument.name));
                continue;
            };
            kept.0.push(key);
            if let Some(other) = is.arguments.get(index) {
                let places = (place, self.head.parameter(&is.name, other.location, &other.wire));
                self.parameters(&is.name, argument, other, places);
            }
        }
        for (key, argument) in new.iter().zip(&is.arguments) {
            if old.contains(key) {
                kept.1.push(key);
            } else {
                let place = self.head.parameter(&is.name, argument.location, &argument.wire);
                let message = format!("`{}` takes the argument `{}` as well", is.name, argument.name);
                self.added(Rust::Breaking, place, false, message);
            }
        }
        if kept.0 != kept.1 {
            let places = (self.base.operation(&was.name), self.head.operation(&is.name));
            self.changed(Rust::Breaking, places, format!("`{}` takes its arguments in another order", is.name));
        }
    }

    fn setters(&mut self, was: &Operation, is: &Operation) {
        let name = |parameter: &Parameter| parameter.name.clone();
        let (old, new) = (by(&was.setters, name), by(&is.setters, name));
        for (name, setter) in &old {
            let place = self.base.parameter(&was.name, setter.location, &setter.wire);
            match new.get(name) {
                Some(other) => {
                    let places = (place, self.head.parameter(&is.name, other.location, &other.wire));
                    self.parameters(&is.name, setter, other, places);
                }
                None => self.removed(place, false, format!("the setter `{}.{name}` is gone", is.name)),
            }
        }
        for (name, setter) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            let place = self.head.parameter(&is.name, setter.location, &setter.wire);
            self.added(Rust::Additive, place, false, format!("the setter `{}.{name}` is new", is.name));
        }
    }

    fn parameters(&mut self, of: &str, was: &Parameter, is: &Parameter, places: (Vec<String>, Vec<String>)) {
        if was.given != is.given || was.ty != is.ty {
            let message = format!("`{of}` takes `{}: {}`, no longer `{}`", is.name, is.given, was.given);
            self.changed(Rust::Breaking, places, message);
        } else if was.docs != is.docs || was.name != is.name || was.wire != is.wire || was.location != is.location {
            self.changed(Rust::Docs, places, format!("what is behind `{}` of `{of}` changes", is.name));
        }
    }
}
