//! Codes: enums of strings that keep what they do not know.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs;
use crate::render::Piece;
use crate::surface::Code;

/// The pieces of one code.
pub(crate) fn print(code: &Code) -> Vec<Piece> {
    let variants: String =
        code.variants.iter().map(|variant| format!("        {} => {:?},\n", variant.name, variant.wire)).collect();
    let head = match &code.unlisted {
        Some(unlisted) => format!("open_code! {{\n    {}, {unlisted}", code.name),
        None => format!("closed_code! {{\n    {}", code.name),
    };
    vec![
        Piece::Item(definition(code)),
        Piece::Text(format!("::openbanking_client_runtime::{head} {{\n{variants}    }}\n}}\n")),
    ]
}

fn definition(code: &Code) -> TokenStream {
    let name = format_ident!("{}", code.name);
    let docs = docs::tokens(&code.docs);
    let variants = code.variants.iter().map(|variant| {
        let docs = docs::tokens(&variant.docs);
        let name = format_ident!("{}", variant.name);
        quote! { #docs #name }
    });
    let (open, derives) = match &code.unlisted {
        Some(unlisted) => {
            let unlisted = format_ident!("{unlisted}");
            let open = quote! {
                /// A code that this version of the client does not list, kept as it was received.
                #unlisted(::openbanking_client_runtime::code::Unlisted<Self>),
            };
            (open, quote! { #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)] #[non_exhaustive] })
        }
        None => (quote!(), quote! { #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)] }),
    };
    quote! {
        #docs
        #derives
        pub enum #name { #(#variants,)* #open }
    }
}
