//! The differences between two surfaces.

use std::collections::BTreeMap;

use super::super::report::Rust;
use super::super::rules::{self, Rule};
use super::places::Places;
use super::signature::{Argument, arguments, setters};
use crate::api::{Api, Code, Field, Newtype, Object, Operation, TypeItem, Union, Variant};
use crate::pointer::Pointer;

/// A difference between two surfaces.
#[derive(Debug)]
pub(super) struct Effect {
    pub(super) rule: &'static Rule,
    pub(super) rust: Rust,
    /// The places of the old side that it may come from.
    pub(super) base: Vec<Pointer>,
    /// The places of the new side that it may come from.
    pub(super) head: Vec<Pointer>,
    /// `true` if only changes of these places themselves count, and not those below them.
    pub(super) is_exact: bool,
    pub(super) operation: Option<String>,
    pub(super) message: String,
}

/// Collects effects.
pub(super) struct Effects<'p, 'a> {
    pub(super) base: &'p Places<'a>,
    pub(super) head: &'p Places<'a>,
    /// Set if a revision has an `error-schema`. A finding of its own reports changes of that.
    pub(super) has_error_schema: bool,
    found: Vec<Effect>,
    operation: Option<String>,
}

/// Everything that differs.
pub(super) fn effects<'a>(was: &Api, is: &Api, base: &Places<'a>, head: &Places<'a>) -> Vec<Effect> {
    let has_error_schema = was.error.is_some() || is.error.is_some();
    let mut effects = Effects { base, head, has_error_schema, found: Vec::new(), operation: None };
    effects.api(was, is);
    let name = |item: &TypeItem| item.name().to_owned();
    let (old, new) = (by(&was.types, name), by(&is.types, name));
    for (name, was) in &old {
        let Some(is) = new.get(name) else {
            effects.removed(base.ty(name), false, format!("the type `{name}` is gone"));
            continue;
        };
        match (was, is) {
            (TypeItem::Object(was), TypeItem::Object(is)) => effects.objects(was, is),
            (TypeItem::Code(was), TypeItem::Code(is)) => effects.codes(was, is),
            (TypeItem::Union(was), TypeItem::Union(is)) => effects.unions(was, is),
            (TypeItem::Newtype(was), TypeItem::Newtype(is)) => effects.newtypes(was, is),
            _ => {
                let kind = |item: &TypeItem| match item {
                    TypeItem::Object(_) => "a struct",
                    TypeItem::Code(_) | TypeItem::Union(_) => "an enum",
                    TypeItem::Newtype(_) => "a newtype",
                };
                let message = format!("`{name}` is {}, no longer {}", kind(is), kind(was));
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
        (base, head): (Vec<Pointer>, Vec<Pointer>),
        is_exact: bool,
        message: String,
    ) {
        let operation = self.operation.clone();
        self.found.push(Effect { rule, rust, base, head, is_exact, operation, message });
    }

    pub(super) fn removed(&mut self, base: Vec<Pointer>, is_exact: bool, message: String) {
        self.push(&rules::RUST_ITEM_REMOVED, Rust::Breaking, (base, Vec::new()), is_exact, message);
    }

    pub(super) fn added(&mut self, rust: Rust, head: Vec<Pointer>, is_exact: bool, message: String) {
        self.push(&rules::RUST_ITEM_ADDED, rust, (Vec::new(), head), is_exact, message);
    }

    pub(super) fn changed(&mut self, rust: Rust, places: (Vec<Pointer>, Vec<Pointer>), message: String) {
        let rule = if rust == Rust::Breaking { &rules::RUST_TYPE_CHANGED } else { &rules::RUST_CODE_CHANGED };
        self.push(rule, rust, places, false, message);
    }

    fn api(&mut self, was: &Api, is: &Api) {
        let at = |pointer: &str| {
            let all: Vec<_> = Pointer::parse(pointer).into_iter().collect();
            (all.clone(), all)
        };
        if was.error_code != is.error_code {
            let message = "what an error shows of its body is another code".to_owned();
            self.changed(Rust::Docs, at("/x-codegen/error-code"), message);
        }
        if was.error != is.error {
            let name = |error: &Option<String>| match error {
                Some(name) => format!("`{name}`"),
                None => "nothing typed".to_owned(),
            };
            let message = format!("errors carry {}, no longer {}", name(&is.error), name(&was.error));
            self.changed(Rust::Breaking, at("/x-codegen/error-schema"), message);
        }
        for (differs, pointer, what) in [
            (was.title != is.title, "/info/title", "the title"),
            (was.version != is.version, "/info/version", "the version"),
            (was.docs != is.docs, "/info/description", "the description"),
            (was.server.is_some() && is.server.is_some() && was.server != is.server, "/servers", "the server"),
        ] {
            if differs {
                self.changed(Rust::Docs, at(pointer), format!("{what} in the code changes"));
            }
        }
        match (&was.server, &is.server) {
            (Some(_), None) => {
                let places = at("/servers");
                self.push(
                    &rules::RUST_ITEM_REMOVED,
                    Rust::Breaking,
                    places,
                    false,
                    "the constant `SERVER` is gone".to_owned(),
                );
            }
            (None, Some(_)) => {
                let places = at("/servers");
                self.push(
                    &rules::RUST_ITEM_ADDED,
                    Rust::Additive,
                    places,
                    false,
                    "the constant `SERVER` is new".to_owned(),
                );
            }
            _ => {}
        }
    }

    fn objects(&mut self, was: &Object, is: &Object) {
        let ty = &was.name;
        if was.docs != is.docs {
            let places = (self.base.ty(ty), self.head.ty(ty));
            self.changed(Rust::Docs, places, format!("the documentation of `{ty}` changes"));
        }
        // That an object gains or loses `set_extra` has no effect of its own: the body or field that it comes from or
        // goes with is an effect as large.
        let kept = |field: &&Field, others: &[Field]| {
            others
                .iter()
                .find(|other| other.wire == field.wire)
                .or_else(|| {
                    // A field that goes by another name on the wire alone is the same field for users.
                    others.iter().find(|other| other.name == field.name)
                })
                .cloned()
        };
        for field in &was.fields {
            match kept(&field, &is.fields) {
                Some(is) => self.fields(ty, field, &is),
                None => {
                    let places = self.base.field(ty, &field.wire);
                    self.removed(places, false, format!("the field `{ty}.{}` is gone", field.name));
                }
            }
        }
        for field in is.fields.iter().filter(|field| kept(field, &was.fields).is_none()) {
            let places = self.head.field(ty, &field.wire);
            if field.kind.is_required() {
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
        if was.rust() != is.rust() {
            let message = format!("`{ty}.{name}` is `{}`, no longer `{}`", is.rust(), was.rust());
            self.changed(Rust::Breaking, places.clone(), message);
        } else if was.kind.is_required() != is.kind.is_required() || was.argument() != is.argument() {
            let message = match (was.kind.is_required(), is.kind.is_required()) {
                (false, true) => format!("`{ty}::new` asks for `{name}` as well"),
                (true, false) => format!("`{ty}::new` no longer asks for `{name}`, which has a setter"),
                _ => format!("`{ty}` takes `{name}: {}`, no longer `{}`", is.argument(), was.argument()),
            };
            self.changed(Rust::Breaking, places.clone(), message);
        } else if was.kind != is.kind {
            self.changed(
                Rust::Docs,
                places.clone(),
                format!("`{ty}.{name}` is written as {}, no longer as {}", is.kind.keyword(), was.kind.keyword()),
            );
        }
        // That a field is deprecated stands in its documentation.
        let deprecated = (was.deprecated, is.deprecated);
        if deprecated.0 != deprecated.1 || was.wire != is.wire {
            self.changed(Rust::Docs, places.clone(), format!("what is behind `{ty}.{name}` changes"));
        }
        let numbers = (was.ty.is_decimal_number(), is.ty.is_decimal_number());
        if numbers.0 != numbers.1 || (&was.docs, &was.aliases, was.hidden) != (&is.docs, &is.aliases, is.hidden) {
            self.changed(Rust::Docs, places, format!("what is behind `{ty}.{name}` changes"));
        }
    }

    fn codes(&mut self, was: &Code, is: &Code) {
        let ty = &was.name;
        if was.unlisted != is.unlisted {
            // Whether it is closed, or a listed value that takes the name.
            let key = |places: &Places<'_>, code: &Code| {
                let mut all: Vec<_> = places.ty(ty).into_iter().map(|place| place.child("x-closed")).collect();
                all.extend(code.variants.iter().flat_map(|variant| places.variant(ty, &variant.wire)));
                all
            };
            let places = (key(self.base, was), key(self.head, is));
            let message = match (&was.unlisted, &is.unlisted) {
                (Some(old), Some(new)) => {
                    format!("the variant for values that are not listed is `{ty}::{new}`, no longer `{ty}::{old}`")
                }
                (None, Some(new)) => format!("`{ty}` has the variant `{new}` for values that are not listed"),
                (Some(old), None) => format!("`{ty}` has no variant `{old}` for values that are not listed any more"),
                (None, None) => String::new(),
            };
            self.changed(Rust::Breaking, places, message);
        }
        if was.docs != is.docs {
            let places = (self.base.ty(ty), self.head.ty(ty));
            self.changed(Rust::Docs, places, format!("the documentation of `{ty}` changes"));
        }
        let kept = |variant: &Variant, others: &[Variant]| {
            let by_wire = others.iter().find(|other| other.wire == variant.wire);
            by_wire.or_else(|| others.iter().find(|other| other.name == variant.name)).cloned()
        };
        for variant in &was.variants {
            let base = self.base.variant(ty, &variant.wire);
            let Some(is) = kept(variant, &is.variants) else {
                self.removed(base, false, format!("the variant `{ty}::{}` is gone", variant.name));
                continue;
            };
            let places = (base, self.head.variant(ty, &is.wire));
            if variant.name != is.name {
                let message = format!("`{ty}::{}` is called `{}`", variant.name, is.name);
                self.changed(Rust::Breaking, places, message);
            } else if (&variant.docs, &variant.wire) != (&is.docs, &is.wire) {
                self.changed(Rust::Docs, places, format!("what is behind `{ty}::{}` changes", is.name));
            }
        }
        let rust = if is.unlisted.is_some() { Rust::Additive } else { Rust::Breaking };
        for variant in is.variants.iter().filter(|variant| kept(variant, &was.variants).is_none()) {
            let places = self.head.variant(ty, &variant.wire);
            self.added(rust, places, false, format!("the variant `{ty}::{}` is new", variant.name));
        }
    }

    fn unions(&mut self, was: &Union, is: &Union) {
        let ty = &was.name;
        let places = (self.base.ty(ty), self.head.ty(ty));
        let shape =
            |union: &Union| -> Vec<_> { union.cases.iter().map(|case| (case.name.clone(), case.ty.clone())).collect() };
        if shape(was) != shape(is) {
            self.changed(Rust::Breaking, places, format!("the cases of `{ty}` change"));
        } else if was != is {
            self.changed(Rust::Docs, places, format!("the documentation of `{ty}` changes"));
        }
    }

    fn newtypes(&mut self, was: &Newtype, is: &Newtype) {
        let ty = &was.name;
        let places = (self.base.ty(ty), self.head.ty(ty));
        if was.scalar != is.scalar {
            let message = format!("`{ty}` is around `{}`, no longer around `{}`", is.scalar.rust(), was.scalar.rust());
            self.changed(Rust::Breaking, places, message);
        } else if was.docs != is.docs {
            self.changed(Rust::Docs, places, format!("the documentation of `{ty}` changes"));
        }
    }

    fn methods(&mut self, was: &Api, is: &Api) {
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
        // A type that becomes one of another kind is an effect of its own.
        if was.returns != is.returns && was.returns.path() != is.returns.path() {
            let places = (self.base.successes(name), self.head.successes(name));
            let message = format!("`{name}` returns `{}`, no longer `{}`", is.returns.path(), was.returns.path());
            self.changed(Rust::Breaking, places, message);
        }
        self.outcomes(was, is);
        self.arguments(was, is);
        self.setters(was, is);
        if let Some(rust) = announced(was.deprecated, is.deprecated) {
            self.changed(
                rust,
                whole.clone(),
                format!("`{name}` is {}", if is.deprecated { "deprecated" } else { "no longer deprecated" }),
            );
        }
        if was.context_headers != is.context_headers {
            let places = (self.base.context_headers(name), self.head.context_headers(name));
            self.changed(Rust::Docs, places, format!("`{name}` takes other headers from the client"));
        }
        if was.authorization != is.authorization {
            let places = (self.base.security(name), self.head.security(name));
            self.changed(Rust::Docs, places, format!("how `{name}` carries the authorization changes"));
        }
        if was.request_id != is.request_id {
            let place = || vec![Pointer::ROOT.join(["x-codegen", "request-id-header"])];
            self.changed(
                Rust::Docs,
                (place(), place()),
                format!("`{name}` carries its request's id elsewhere, or none"),
            );
        }
        let behind = |operation: &Operation| {
            let Operation { method, path, summary, docs, responses, single_use, gone, .. } = operation;
            let texts = (method.clone(), path.clone(), summary.clone(), docs.clone());
            let responses: Vec<_> = responses.iter().map(|response| (response.status, response.docs.clone())).collect();
            (texts, responses, *single_use, gone.clone())
        };
        if behind(was) != behind(is) {
            self.changed(Rust::Docs, whole, format!("what is behind `{name}` changes"));
        }
    }

    /// Compares arguments by place in the path, others by name on the wire, and what is left by its place in the call:
    /// there, users give no names.
    fn arguments(&mut self, was: &Operation, is: &Operation) {
        let (old_arguments, new_arguments) = (arguments(was), arguments(is));
        let keys = |all: &[Argument<'_>]| {
            let mut nth = 0;
            let key = |parameter: &Argument<'_>| {
                nth += usize::from(parameter.location == "path");
                match parameter.location {
                    "path" => format!("path {nth}"),
                    location => format!("{location} {}", parameter.wire),
                }
            };
            all.iter().map(key).collect::<Vec<_>>()
        };
        let (mut old, mut new) = (keys(&old_arguments), keys(&new_arguments));
        for (nth, (one, other)) in old_arguments.iter().zip(&new_arguments).enumerate() {
            let (Some(key), Some(now)) = (old.get(nth).cloned(), new.get(nth).cloned()) else { continue };
            if one.given == other.given && !new.contains(&key) && !old.contains(&now) {
                let both = format!("place {nth}");
                old.splice(nth..=nth, [both.clone()]);
                new.splice(nth..=nth, [both]);
            }
        }
        let mut kept = (Vec::new(), Vec::new());
        for (key, argument) in old.iter().zip(&old_arguments) {
            let place = self.base.parameter(&was.name, argument.location, argument.wire);
            let Some(index) = new.iter().position(|other| other == key) else {
                self.removed(place, false, format!("`{}` takes no argument `{}`", is.name, argument.name));
                continue;
            };
            kept.0.push(key);
            if let Some(other) = new_arguments.get(index) {
                let places = (place, self.head.parameter(&is.name, other.location, other.wire));
                self.parameters(&is.name, argument, other, places);
            }
        }
        for (key, argument) in new.iter().zip(&new_arguments) {
            if old.contains(key) {
                kept.1.push(key);
            } else {
                let place = self.head.parameter(&is.name, argument.location, argument.wire);
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
        let name = |parameter: &Argument<'_>| parameter.name.clone();
        let (was_setters, is_setters) = (setters(was), setters(is));
        let (old, new) = (by(&was_setters, name), by(&is_setters, name));
        for (name, setter) in &old {
            let place = self.base.parameter(&was.name, setter.location, setter.wire);
            match new.get(name) {
                Some(other) => {
                    let places = (place, self.head.parameter(&is.name, other.location, other.wire));
                    self.parameters(&is.name, setter, other, places);
                }
                None => self.removed(place, false, format!("the setter `{}.{name}` is gone", is.name)),
            }
        }
        for (name, setter) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            let place = self.head.parameter(&is.name, setter.location, setter.wire);
            self.added(Rust::Additive, place, false, format!("the setter `{}.{name}` is new", is.name));
        }
    }

    fn parameters(&mut self, of: &str, was: &Argument<'_>, is: &Argument<'_>, places: (Vec<Pointer>, Vec<Pointer>)) {
        if was.given != is.given || was.ty != is.ty {
            let message = format!("`{of}` takes `{}: {}`, no longer `{}`", is.name, is.given, was.given);
            self.changed(Rust::Breaking, places, message);
        } else if was.docs != is.docs || was.name != is.name || was.wire != is.wire || was.location != is.location {
            self.changed(Rust::Docs, places, format!("what is behind `{}` of `{of}` changes", is.name));
        }
    }
}
