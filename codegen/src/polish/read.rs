//! Reads the surface off progenitor's syntax tree, joined with the model of the spec.

use std::collections::BTreeMap;

use syn::{Attribute, FnArg, ImplItem, ImplItemFn, Item, Pat, ReturnType, Type};

use super::short::{inside, shorten, text};
use crate::model::{self, Location, Model, Property, Shape, TypeKind, TypeModel};
use crate::names;
use crate::surface::{Code, Field, Object, Operation, Parameter, Presence, Surface, TypeItem, Variant, into};

/// The surface of a client, or what in progenitor's output the model does not know.
pub(crate) fn read(file: &syn::File, model: &Model) -> Result<Surface, String> {
    let types = types(file, model)?;
    let operations = operations(file, model)?;
    Ok(Surface {
        title: model.title.clone(),
        version: model.version.clone(),
        docs: model.description.clone(),
        server: model.server.clone(),
        error: model.error_type.clone(),
        error_code: model.error_code.clone(),
        types,
        operations,
    })
}

fn types(file: &syn::File, model: &Model) -> Result<Vec<TypeItem>, String> {
    let mut found = BTreeMap::new();
    for item in module(file, "types") {
        let (name, item) = match item {
            Item::Struct(item) => (item.ident.to_string(), object(item, model)?),
            Item::Enum(item) => (item.ident.to_string(), code(item, model)?),
            _ => continue,
        };
        found.insert(name, item);
    }
    match model.types.keys().find(|name| !found.contains_key(*name)) {
        Some(missing) => Err(format!("no type `{missing}` was generated")),
        None => Ok(found.into_values().collect()),
    }
}

fn module<'a>(file: &'a syn::File, name: &str) -> impl Iterator<Item = &'a Item> {
    let content = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => module.content.as_ref(),
        _ => None,
    });
    content.into_iter().flat_map(|(_, items)| items)
}

fn known<'a>(model: &'a Model, name: &str) -> Result<&'a TypeModel, String> {
    model.types.get(name).ok_or_else(|| format!("the type `{name}` comes from no schema"))
}

fn object(item: &syn::ItemStruct, model: &Model) -> Result<TypeItem, String> {
    let name = item.ident.to_string();
    let known = known(model, &name)?;
    let TypeKind::Object(properties) = &known.kind else {
        return Err(format!("`{name}` was generated as a struct"));
    };
    // An answer that is no success may hold anything: whatever of it can be read is worth having.
    let is_error = model.error_type.as_ref() == Some(&name) && !known.in_request;
    let mut fields = BTreeMap::new();
    for field in &item.fields {
        let Some(ident) = &field.ident else { return Err(format!("`{name}` was generated as a tuple")) };
        let wire = wire_name(&field.attrs).unwrap_or_else(|| ident.to_string());
        let property =
            properties.get(&wire).ok_or_else(|| format!("the field `{name}.{ident}` comes from no property"))?;
        let presence = if is_error { Presence::Salvaged } else { presence(property, known.in_request) };
        let field = self::field(ident.to_string(), &wire, &shorten(&field.ty), property, presence);
        fields.insert(wire, field);
    }
    if let Some(missing) = properties.keys().find(|wire| !fields.contains_key(*wire)) {
        return Err(format!("no field of `{name}` was generated for `{missing}`"));
    }
    let docs = known.description.clone();
    Ok(TypeItem::Object(Object { name, docs, fields: fields.into_values().collect() }))
}

fn field(ident: String, wire: &str, ty: &Type, property: &Property, presence: Presence) -> Field {
    let inner = match presence {
        Presence::RequiredList | Presence::List => inside(ty, "Vec"),
        Presence::RequiredMap | Presence::Map => inside(ty, "BTreeMap"),
        _ => None,
    };
    let mut docs = property.description.clone();
    if let Some(evidence) = &property.observed_optional {
        docs.push_str(&format!("\n\nListed as required, and missing all the same: {}", sentence(evidence)));
    }
    let inner = text(inner.unwrap_or(ty));
    Field {
        name: property.field_name.clone().unwrap_or(ident),
        wire: wire.to_owned(),
        aliases: property.aliases.clone(),
        docs: docs.trim().to_owned(),
        // progenitor does so for types that hold themselves.
        inner: if property.boxed && !inner.starts_with("Box<") { format!("Box<{inner}>") } else { inner },
        presence,
        hidden: property.sensitive,
        number: property.number,
        deprecated: property.deprecated,
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

/// What we send tells absent from empty; of what we only receive, an absent list is an empty one.
fn presence(property: &Property, in_request: bool) -> Presence {
    let required = property.required && property.observed_optional.is_none();
    match (property.shape, required, property.nullable) {
        (Shape::One, true, false) => Presence::Required,
        (Shape::List, true, false) => Presence::RequiredList,
        (Shape::Map, true, false) => Presence::RequiredMap,
        (Shape::List, false, _) if !in_request => Presence::List,
        (Shape::Map, false, _) if !in_request => Presence::Map,
        // Null is how the document says "nothing" here, whether or not the key was seen to be missing.
        _ if property.required && property.nullable => Presence::Nullable,
        _ => Presence::Optional,
    }
}

fn code(item: &syn::ItemEnum, model: &Model) -> Result<TypeItem, String> {
    let name = item.ident.to_string();
    let known = known(model, &name)?;
    let TypeKind::Code { closed, values } = &known.kind else {
        return Err(format!("`{name}` was generated as an enum"));
    };
    let mut variants = BTreeMap::new();
    for variant in &item.variants {
        let wire = wire_name(&variant.attrs).unwrap_or_else(|| variant.ident.to_string());
        let docs =
            values.get(&wire).ok_or_else(|| format!("the variant `{name}::{}` comes from no value", variant.ident))?;
        let docs = if docs.is_empty() { format!("`{wire}`.") } else { docs.clone() };
        variants.insert(wire.clone(), Variant { name: names::variant_name(&wire), wire, docs });
    }
    let variants: Vec<_> = variants.into_values().collect();
    let is_free = |candidate: &&str| variants.iter().all(|variant| variant.name != **candidate);
    let unlisted = ["Unknown", "Unlisted", "UnlistedCode"].iter().find(|candidate| is_free(candidate));
    let unlisted = match (closed, unlisted) {
        (true, _) => None,
        (false, Some(name)) => Some((*name).to_owned()),
        (false, None) => return Err(format!("`{name}` leaves no name for values that are not listed")),
    };
    Ok(TypeItem::Code(Code { name, docs: known.description.clone(), unlisted, variants }))
}

/// The name in `#[serde(rename = "…")]`.
fn wire_name(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Other keys of the attribute are of no interest here.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            }
            Ok(())
        });
    }
    name
}

fn operations(file: &syn::File, model: &Model) -> Result<Vec<Operation>, String> {
    let mut found = BTreeMap::new();
    for method in methods(file) {
        let name = method.sig.ident.to_string();
        let known =
            model.operations.get(&name).ok_or_else(|| format!("the method `{name}` comes from no operation"))?;
        found.insert(name, operation(method, known)?);
    }
    match model.operations.keys().find(|name| !found.contains_key(*name)) {
        Some(missing) => Err(format!("no method `{missing}` was generated")),
        None => Ok(found.into_values().collect()),
    }
}

/// The methods of progenitor's client that make a request.
fn methods(file: &syn::File) -> impl Iterator<Item = &ImplItemFn> {
    let blocks = file.items.iter().filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    blocks.flat_map(|block| &block.items).filter_map(|item| match item {
        ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(method),
        _ => None,
    })
}

fn operation(method: &ImplItemFn, known: &model::Operation) -> Result<Operation, String> {
    let name = method.sig.ident.to_string();
    let (mut arguments, mut setters) = (Vec::new(), Vec::new());
    for (place, input) in method.sig.inputs.iter().enumerate() {
        let FnArg::Typed(input) = input else { continue };
        let Pat::Ident(pattern) = &*input.pat else { return Err(format!("an argument of `{name}` has no name")) };
        let argument = pattern.ident.to_string();
        // What begins with a digit gets a `_` from progenitor, and an `x` from us.
        let argument = argument.strip_prefix('_').map_or_else(|| argument.clone(), |rest| format!("x{rest}"));
        let source = known
            .arguments
            .get(&argument)
            .ok_or_else(|| format!("the argument `{argument}` of `{name}` comes from no parameter"))?;
        let ty = shorten(&input.ty);
        match inside(&ty, "Option") {
            Some(inner) => {
                let kept = owned(inner);
                setters.push(parameter(argument, source, place, &kept, into(&kept)));
            }
            None => arguments.push(parameter(argument, source, place, &copied(&ty), lent(&ty))),
        }
    }
    let is_there =
        |name: &String| arguments.iter().chain(&setters).any(|parameter: &Parameter| parameter.name == *name);
    if let Some(missing) = known.arguments.keys().find(|name| !is_there(name)) {
        return Err(format!("no argument of `{name}` was generated for `{missing}`"));
    }
    setters.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(Operation {
        name,
        method: known.method.clone(),
        path: known.path.clone(),
        summary: known.summary.clone(),
        docs: known.description.clone(),
        arguments,
        setters,
        returns: text(&shorten(returned(method)?)),
        responses: known.responses.clone().into_iter().collect(),
        context_headers: known.context_headers.clone(),
        request_id: known.request_id.clone(),
        authorization: known.authorization.clone(),
        single_use: known.single_use,
        gone: known.gone.clone(),
        deprecated: known.deprecated,
    })
}

/// A request keeps what its setters are given, so `&'a str` becomes `String`.
fn owned(ty: &Type) -> String {
    match ty {
        Type::Reference(reference) if text(&reference.elem) == "str" => "String".to_owned(),
        Type::Reference(reference) => text(&reference.elem),
        ty => text(ty),
    }
}

/// Types that are copied out of a reference, so that a request does not hold on to what it was given.
const COPIED: &[&str] = &["DateTime<Utc>", "IpAddr", "Ipv4Addr", "Ipv6Addr", "NaiveDate", "Uuid"];

/// What a request keeps of a required argument.
fn copied(ty: &Type) -> String {
    match ty {
        Type::Reference(reference) if COPIED.contains(&text(&reference.elem).as_str()) => text(&reference.elem),
        ty => text(ty),
    }
}

/// What is asked for where that is kept.
fn lent(ty: &Type) -> String {
    let kept = copied(ty);
    if COPIED.contains(&kept.as_str()) { format!("&{kept}") } else { kept }
}

fn parameter(name: String, source: &model::Argument, place: usize, ty: &str, given: String) -> Parameter {
    Parameter {
        name,
        wire: source.wire.clone(),
        location: match source.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Body => "body",
        },
        docs: source.description.clone(),
        ty: ty.to_owned(),
        given,
        place,
    }
}

/// The `T` of `Result<ResponseValue<T>, _>`.
fn returned(method: &ImplItemFn) -> Result<&Type, String> {
    let ReturnType::Type(_, ty) = &method.sig.output else {
        return Err(format!("`{}` returns nothing", method.sig.ident));
    };
    // `inside` takes the last argument of a path: the first one of `Result` has to be asked for.
    let Type::Path(path) = &**ty else { return Err(format!("`{}` returns no path", method.sig.ident)) };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments[path.path.segments.len() - 1].arguments
    else {
        return Err(format!("`{}` returns no result", method.sig.ident));
    };
    arguments
        .args
        .iter()
        .find_map(|argument| match argument {
            syn::GenericArgument::Type(success) => inside(success, "ResponseValue"),
            _ => None,
        })
        .ok_or_else(|| format!("`{}` returns no answer", method.sig.ident))
}
