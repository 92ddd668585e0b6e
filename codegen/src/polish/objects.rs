//! Objects: a plain struct, a constructor and setters, and one macro call that encodes, decodes and prints it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs;
use super::layout::{literal, signature};
use crate::render::Piece;
use crate::surface::{Field, Object, Presence, Surface, TypeItem};

/// What of an error answer may be shown, and by what it is known as one: the code that the spec leads to, or the one code
/// that it holds, where there is just one.
pub(crate) fn print_label(surface: &Surface, object: &Object, codes: &[&str]) -> Piece {
    let name = format_ident!("{}", object.name);
    let mut own = object.fields.iter().filter(|field| codes.contains(&field.inner.as_str()));
    let path = match (own.next(), own.next()) {
        _ if !surface.error_code.is_empty() => surface.error_code.clone(),
        (Some(field), None) if field.presence == Presence::Salvaged => vec![field.wire.clone()],
        _ => Vec::new(),
    };
    let label = follow(surface, object, &path, codes).unwrap_or(quote!(None));
    let is_error = head(object, &path).unwrap_or(quote!(false));
    Piece::Item(quote! {
        impl ::openbanking_client_runtime::error::ErrorLabel for #name {
            fn label(&self) -> Option<&'static str> {
                #label
            }

            fn is_error(&self) -> bool {
                #is_error
            }
        }
    })
}

/// The element type of a list, and what is in a box.
fn opened(inner: &str) -> (&str, bool) {
    let strip = |text, start| str::strip_prefix(text, start).and_then(|inner| inner.strip_suffix('>'));
    let listed = strip(inner, "Vec<");
    let inner = listed.unwrap_or(inner);
    (strip(inner, "Box<").unwrap_or(inner), listed.is_some())
}

/// The code at the end of a way of wire names; of a list, the first element. Nothing where the way leads elsewhere.
fn follow(surface: &Surface, object: &Object, path: &[String], codes: &[&str]) -> Option<TokenStream> {
    let mut object = Some(object);
    let mut steps = quote!(let value = self;);
    let mut ends_in_code = false;
    for wire in path {
        let field = object?.fields.iter().find(|field| field.wire == *wire)?;
        let name = format_ident!("{}", field.name);
        let (inner, is_list) = opened(&field.inner);
        let first = is_list.then(|| quote!(.first()?));
        let value = match field.presence {
            Presence::Required => quote!(&value.#name),
            Presence::RequiredList | Presence::List => quote!(value.#name.first()?),
            Presence::Nullable | Presence::Optional | Presence::Salvaged => quote!(value.#name.as_ref()?#first),
            Presence::RequiredMap | Presence::Map => return None,
        };
        steps = quote!(#steps let value = #value;);
        ends_in_code = codes.contains(&inner);
        object = surface.types.iter().find_map(|item| match item {
            TypeItem::Object(object) if object.name == inner => Some(object),
            _ => None,
        });
    }
    ends_in_code.then(|| quote!(#steps ::openbanking_client_runtime::code::OpenCode::listed_text(value)))
}

/// Whether there is something at the beginning of the way to the code.
fn head(object: &Object, path: &[String]) -> Option<TokenStream> {
    let field = object.fields.iter().find(|field| Some(&field.wire) == path.first())?;
    let name = format_ident!("{}", field.name);
    let (_, is_list) = opened(&field.inner);
    Some(match field.presence {
        Presence::RequiredList | Presence::List => quote!(!self.#name.is_empty()),
        Presence::Nullable | Presence::Optional | Presence::Salvaged if is_list => {
            quote!(self.#name.as_ref().is_some_and(|list| !list.is_empty()))
        }
        Presence::Nullable | Presence::Optional | Presence::Salvaged => quote!(self.#name.is_some()),
        _ => quote!(true),
    })
}

/// The pieces of one object.
pub(crate) fn print(object: &Object) -> Vec<Piece> {
    vec![
        Piece::Laid(definition(object)),
        Piece::Text(format!(
            "{RUNTIME}::object! {{\n    {} {{\n{}    }}\n}}\n",
            object.name,
            object.fields.iter().map(codec).collect::<String>()
        )),
        Piece::Text(format!(
            "{RUNTIME}::redacted_debug!({} {{\n{}}});\n",
            object.name,
            object.fields.iter().map(shown).collect::<String>()
        )),
        Piece::Laid(building(object)),
    ]
}

const RUNTIME: &str = "::openbanking_client_runtime";

fn definition(object: &Object) -> String {
    let fields = object
        .fields
        .iter()
        .map(|field| format!("{}    pub {}: {},\n", docs::comment("    ", &field_docs(field)), field.name, field.ty()));
    format!(
        "{}#[derive(Clone, PartialEq)]\n#[non_exhaustive]\npub struct {} {{\n{}}}\n",
        docs::comment("", &object.docs),
        object.name,
        fields.collect::<String>()
    )
}

fn field_docs(field: &Field) -> String {
    let deprecated = if field.deprecated { "Deprecated.\n\n" } else { "" };
    format!("{deprecated}{}", field.docs)
}

/// `name: "wire" | "alias" => kind number,`
fn codec(field: &Field) -> String {
    let names: Vec<_> = std::iter::once(&field.wire).chain(&field.aliases).map(|name| format!("{name:?}")).collect();
    let number = if field.number { " number" } else { "" };
    format!("        {}: {} => {}{number},\n", field.name, names.join(" | "), field.presence.keyword())
}

fn shown(field: &Field) -> String {
    format!("    {}: {},\n", field.name, if field.hidden { "hidden" } else { "shown" })
}

fn building(object: &Object) -> String {
    let required: Vec<_> = object.fields.iter().filter(|field| field.presence.is_required()).collect();
    let arguments: Vec<_> = required.iter().map(|field| format!("{}: {}", field.name, given(field))).collect();
    let values = object.fields.iter().map(|field| {
        let name = &field.name;
        match field.presence {
            Presence::Nullable | Presence::Optional | Presence::Salvaged => format!("{name}: None"),
            Presence::List => format!("{name}: Vec::new()"),
            Presence::Map => format!("{name}: BTreeMap::new()"),
            _ if is_converted(field) => format!("{name}: {}", converted(field)),
            _ => name.clone(),
        }
    });
    let summary = match required.is_empty() {
        true => "A new value, with nothing set.",
        false => "A new value of what it must have; the rest is not set.",
    };
    let setters = object.fields.iter().filter(|field| !field.presence.is_required()).map(setter);
    format!(
        "impl {} {{\n    /// {summary}\n    {} {{\n        {}\n    }}\n{}}}\n",
        object.name,
        signature("pub fn new", &arguments, "Self"),
        literal("Self", &values.collect::<Vec<_>>()),
        setters.collect::<String>()
    )
}

fn setter(field: &Field) -> String {
    let name = &field.name;
    let start = format!("pub fn {}", field.setter());
    let signature = signature(&start, &["mut self".to_owned(), format!("{name}: {}", given(field))], "Self");
    let value = converted(field);
    let value = match field.presence {
        Presence::Nullable | Presence::Optional | Presence::Salvaged => format!("Some({value})"),
        _ => value,
    };
    let docs = format!("    /// Sets [`{name}`](Self::{name}), and returns the rest as it was.\n");
    let body = format!("        self.{name} = {value};\n        self\n");
    format!("\n{docs}    #[must_use]\n    {signature} {{\n{body}    }}\n")
}

/// A box is the field's own business: what goes in is given as it is.
fn given(field: &Field) -> String {
    match boxed(field) {
        Some(inner) => inner.to_owned(),
        None => field.given(),
    }
}

fn is_converted(field: &Field) -> bool {
    boxed(field).is_some() || field.given().starts_with("impl Into")
}

fn converted(field: &Field) -> String {
    let name = &field.name;
    if boxed(field).is_some() {
        format!("Box::new({name})")
    } else if field.given().starts_with("impl Into") {
        format!("{name}.into()")
    } else {
        name.clone()
    }
}

fn boxed(field: &Field) -> Option<&str> {
    let is_bare =
        matches!(field.presence, Presence::Required | Presence::Nullable | Presence::Optional | Presence::Salvaged);
    field.inner.strip_prefix("Box<").and_then(|rest| rest.strip_suffix('>')).filter(|_| is_bare)
}
