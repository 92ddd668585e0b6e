//! Error bodies: the code that may be printed, and the way to recognise an error under a status of success.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::source::Source;
use crate::api::{Api, Field, FieldKind, Object, Ty, TypeItem};

/// Implements `ErrorLabel` for the type of error bodies.
///
/// The code is the one that `x-codegen: error-code` leads to, or else the only code among the type's own fields.
pub(super) fn print(api: &Api, object: &Object, open_codes: &[&str]) -> Source {
    let name = format_ident!("{}", object.name);
    let mut own = object.fields.iter().filter(|field| is_code(&field.ty, open_codes));
    let path = match (own.next(), own.next()) {
        _ if !api.error_code.is_empty() => api.error_code.clone(),
        (Some(field), None) if field.kind == FieldKind::Lenient => vec![field.wire.clone()],
        _ => Vec::new(),
    };
    let label = follow(api, object, &path, open_codes).unwrap_or(quote!(None));
    let is_error = head(object, &path).unwrap_or(quote!(false));
    Source::Tokens(quote! {
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

fn is_code(ty: &Ty, open_codes: &[&str]) -> bool {
    matches!(ty, Ty::Code(name) if open_codes.contains(&name.as_str()))
}

/// The element type of a list, and whether it is one.
fn element(field: &Field) -> (&Ty, bool) {
    match &field.ty {
        Ty::List(inner) => (inner, true),
        other => (other, false),
    }
}

/// Reads the code at the end of a path of wire names, through the first element of each list. `None` where the path
/// leads to something else.
fn follow(api: &Api, object: &Object, path: &[String], open_codes: &[&str]) -> Option<TokenStream> {
    let mut object = Some(object);
    let mut steps = quote!(let value = self;);
    let mut ends_in_code = false;
    for wire in path {
        let field = object?.fields.iter().find(|field| field.wire == *wire)?;
        let name = format_ident!("{}", field.name);
        let (inner, is_list) = element(field);
        let first = is_list.then(|| quote!(.first()?));
        let value = match field.kind {
            FieldKind::Required => quote!(&value.#name),
            FieldKind::RequiredList | FieldKind::List => quote!(value.#name.first()?),
            kind if kind.is_option() => quote!(value.#name.as_ref()?#first),
            _ => return None,
        };
        steps = quote!(#steps let value = #value;);
        ends_in_code = is_code(inner, open_codes);
        object = api.types.iter().find_map(|item| match item {
            TypeItem::Object(object) if inner.name() == Some(&object.name) => Some(object),
            _ => None,
        });
    }
    ends_in_code.then(|| quote!(#steps ::openbanking_client_runtime::code::OpenCode::listed_text(value)))
}

/// Whether the first field of the path to the code has a value.
fn head(object: &Object, path: &[String]) -> Option<TokenStream> {
    let field = object.fields.iter().find(|field| Some(&field.wire) == path.first())?;
    let name = format_ident!("{}", field.name);
    let (_, is_list) = element(field);
    Some(match field.kind {
        FieldKind::RequiredList | FieldKind::List => quote!(!self.#name.is_empty()),
        kind if kind.is_option() && is_list => quote!(self.#name.as_ref().is_some_and(|list| !list.is_empty())),
        kind if kind.is_option() => quote!(self.#name.is_some()),
        _ => quote!(true),
    })
}
