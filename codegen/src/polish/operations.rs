//! Operations: a request that is awaited directly, with a setter for everything optional.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs;
use crate::names;
use crate::render::{Piece, tokens};
use crate::surface::{Authorization, Operation, Parameter, Surface};

/// Names that a request has already.
const TAKEN: &[&str] = &["clone", "into_future", "with_meta"];

/// The pieces of the module `operations`.
pub(crate) fn print(surface: &Surface) -> Vec<Piece> {
    surface.operations.iter().flat_map(|operation| request(operation, surface.error.as_deref())).collect()
}

/// The type of a request: `account_transactions` is `AccountTransactions`.
pub(crate) fn request_name(operation: &Operation) -> String {
    names::type_name(&operation.name)
}

/// The type that error answers carry.
pub(crate) fn error_body(error: Option<&str>) -> TokenStream {
    tokens(&error.map_or_else(|| "()".to_owned(), |name| format!("types::{name}")))
}

fn request(operation: &Operation, error: Option<&str>) -> Vec<Piece> {
    let error = error_body(error);
    let name = format_ident!("{}", request_name(operation));
    vec![
        Piece::Item(description(operation)),
        Piece::Item(definition(operation)),
        Piece::Item(methods(operation, &error)),
        Piece::Item(future(operation, &error)),
        Piece::Item(quote! {
            impl ::std::fmt::Debug for #name<'_> {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.debug_struct(stringify!(#name)).finish_non_exhaustive()
                }
            }
        }),
    ]
}

fn description(operation: &Operation) -> TokenStream {
    let constant = format_ident!("{}", names::constant_name(&operation.name));
    let Operation { name, method, path, context_headers, single_use, gone, .. } = operation;
    let request_id = match &operation.request_id {
        Some(header) => quote!(Some(#header)),
        None => quote!(None),
    };
    let authorization = match &operation.authorization {
        Some(Authorization { header, optional }) => {
            quote!(Some(Authorization { header: #header, optional: #optional }))
        }
        None => quote!(None),
    };
    quote! {
        pub(crate) static #constant: Operation = Operation {
            id: #name,
            method: #method,
            path: #path,
            context_headers: &[#(#context_headers),*],
            request_id: #request_id,
            authorization: #authorization,
            single_use: #single_use,
            gone: &[#(#gone),*],
        };
    }
}

fn definition(operation: &Operation) -> TokenStream {
    let docs = format!(" A request of [`Client::{}`](super::Client::{0}); await it to send it.", operation.name);
    let name = format_ident!("{}", request_name(operation));
    let arguments = operation.arguments.iter().map(|argument| {
        let (name, ty) = (format_ident!("{}", argument.name), tokens(&argument.ty));
        quote!(pub(crate) #name: #ty)
    });
    let setters = operation.setters.iter().map(|setter| {
        let (name, ty) = (format_ident!("{}", setter.name), tokens(&setter.ty));
        quote!(pub(crate) #name: Option<#ty>)
    });
    quote! {
        #[doc = #docs]
        #[derive(Clone)]
        #[must_use = "a request does nothing until it is awaited"]
        pub struct #name<'a> {
            pub(crate) client_: &'a Client,
            #(#arguments,)*
            #(#setters,)*
        }
    }
}

fn methods(operation: &Operation, error: &TokenStream) -> TokenStream {
    let name = format_ident!("{}", request_name(operation));
    let constant = format_ident!("{}", names::constant_name(&operation.name));
    let method = format_ident!("{}", operation.name);
    let returns = tokens(&operation.returns);
    let setters = operation.setters.iter().map(setter);
    let mut values: Vec<_> = operation
        .arguments
        .iter()
        .map(|argument| (argument, false))
        .chain(operation.setters.iter().map(|setter| (setter, true)))
        .collect();
    values.sort_by_key(|(parameter, _)| parameter.place);
    // A text may be a part of a path that leads elsewhere.
    let texts = operation.arguments.iter().filter(|it| it.location == "path" && it.ty.starts_with("&'a str"));
    let checks = texts.map(|argument| {
        let (name, field) = (&argument.name, format_ident!("{}", argument.name));
        quote!(::openbanking_client_runtime::receive::path_part(&#constant, #name, self.#field)?;)
    });
    let values = values.into_iter().map(|(parameter, optional)| value(parameter, optional));
    quote! {
        impl<'a> #name<'a> {
            #(#setters)*

            /// Sends the request, and keeps the status, the request id and the rate limit beside the answer.
            ///
            /// Where elements of a list are not as described, the answer has the others, and
            /// [`bad_rows`](Response::bad_rows) has these; awaited without this, the request fails.
            pub fn with_meta(self) -> Pending<'a, Response<#returns>, #error> {
                Pending::new(async move {
                    #(#checks)*
                    let answer = self.client_.raw.#method(#(#values),*).await;
                    ::openbanking_client_runtime::receive::finish(&#constant, answer).await
                })
            }
        }
    }
}

/// A setter may not take a name that the request has already.
fn setter_name(parameter: &Parameter) -> String {
    if TAKEN.contains(&parameter.name.as_str()) { format!("{}_", parameter.name) } else { parameter.name.clone() }
}

fn setter(parameter: &Parameter) -> TokenStream {
    let docs = docs::tokens(&parameter.docs);
    let method = format_ident!("{}", setter_name(parameter));
    let name = format_ident!("{}", parameter.name);
    let given = tokens(&parameter.given);
    let value = if parameter.given.starts_with("impl Into") { quote!(#name.into()) } else { quote!(#name) };
    quote! {
        #docs
        pub fn #method(mut self, #name: #given) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

/// What progenitor's method takes of a kept value.
fn value(parameter: &Parameter, optional: bool) -> TokenStream {
    let name = format_ident!("{}", parameter.name);
    match (optional, parameter.ty.as_str()) {
        (false, ty) if ty.starts_with('&') => quote!(self.#name),
        (false, ty) if by_reference(ty) => quote!(&self.#name),
        (false, _) => quote!(self.#name.clone()),
        (true, "String") => quote!(self.#name.as_deref()),
        (true, ty) if by_reference(ty) => quote!(self.#name.as_ref()),
        (true, _) => quote!(self.#name.clone()),
    }
}

/// progenitor takes numbers, flags and enums by value, everything else by reference.
fn by_reference(ty: &str) -> bool {
    !(ty.starts_with("types::") || matches!(ty, "bool" | "f32" | "f64" | "i32" | "i64"))
}

fn future(operation: &Operation, error: &TokenStream) -> TokenStream {
    let name = format_ident!("{}", request_name(operation));
    let constant = format_ident!("{}", names::constant_name(&operation.name));
    let returns = tokens(&operation.returns);
    quote! {
        impl<'a> ::std::future::IntoFuture for #name<'a> {
            type Output = Result<#returns, Error>;
            type IntoFuture = Pending<'a, #returns, #error>;

            fn into_future(self) -> Self::IntoFuture {
                Pending::new(async move { self.with_meta().await?.into_whole(&#constant) })
            }
        }
    }
}
