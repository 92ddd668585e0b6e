//! progenitor's own client: kept for what it does well (URLs, parameters, bodies), and kept out of sight.

use quote::{format_ident, quote};
use syn::visit_mut::{VisitMut, visit_expr_path_mut, visit_type_path_mut};
use syn::{Attribute, ExprPath, ImplItem, Item, TypePath, Visibility, parse_quote};

use crate::names;
use crate::render::Piece;
use crate::surface::Surface;

/// The pieces of the module `raw`.
pub(crate) fn print(file: syn::File, surface: &Surface) -> Vec<Piece> {
    let mut pieces: Vec<_> = file
        .items
        .into_iter()
        .filter_map(|mut item| {
            match &mut item {
                // Types are printed anew, and a prelude of one private type serves nobody.
                Item::Mod(_) => return None,
                Item::Use(import) => import.vis = Visibility::Inherited,
                Item::Struct(client) => {
                    client.vis = parse_quote!(pub(super));
                    client.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
                    retain_derive(&mut client.attrs);
                }
                Item::Impl(block) if block.trait_.is_none() => {
                    block.items.retain(|item| !is_constructor_that_panics(item));
                    block.items.iter_mut().for_each(hide);
                }
                _ => {}
            }
            Receive.visit_item_mut(&mut item);
            Some(Piece::Parsed(Box::new(item)))
        })
        .collect();
    pieces.push(Piece::Item(hooks()));
    pieces.push(Piece::Item(find(surface)));
    pieces
}

/// progenitor derives `Debug`, which would print what the client holds.
fn retain_derive(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| !attribute.path().is_ident("derive"));
    attributes.push(parse_quote!(#[derive(Clone)]));
}

fn is_constructor_that_panics(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(method) if method.sig.ident == "new")
}

fn hide(item: &mut ImplItem) {
    if let ImplItem::Fn(method) = item {
        method.vis = parse_quote!(pub(super));
        method.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

/// Reads answers with our own decoding in the place of progenitor's.
struct Receive;

impl VisitMut for Receive {
    fn visit_expr_path_mut(&mut self, node: &mut ExprPath) {
        visit_expr_path_mut(self, node);
        let segments: Vec<_> = node.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments == ["ResponseValue", "from_response"] {
            *node = parse_quote!(::openbanking_client_runtime::receive::receive);
        } else if segments == ["ResponseValue", "empty"] {
            *node = parse_quote!(::openbanking_client_runtime::receive::empty);
        }
    }

    fn visit_type_path_mut(&mut self, node: &mut TypePath) {
        visit_type_path_mut(self, node);
        if let Some(segment) = node.path.segments.last().filter(|segment| segment.ident == "ResponseValue") {
            let arguments = &segment.arguments;
            *node = parse_quote!(::openbanking_client_runtime::receive::Received #arguments);
        }
    }
}

fn hooks() -> proc_macro2::TokenStream {
    quote! {
        impl ClientHooks<Context> for Client {
            async fn pre<E>(&self, request: &mut reqwest::Request, info: &OperationInfo) -> Result<(), Error<E>> {
                match operation(info.operation_id) {
                    Some(operation) => self.inner.prepare(request, operation).map_err(Error::Custom),
                    None => Err(Error::Custom("this operation is not described".to_owned())),
                }
            }

            async fn exec(
                &self,
                request: reqwest::Request,
                info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                self.inner.execute(&self.client, request, operation(info.operation_id)).await
            }
        }
    }
}

/// Finds an operation by the name that progenitor calls it.
fn find(surface: &Surface) -> proc_macro2::TokenStream {
    let arms = surface.operations.iter().map(|operation| {
        let name = &operation.name;
        let constant = format_ident!("{}", names::constant_name(name));
        quote!(#name => Some(&operations::#constant))
    });
    quote! {
        fn operation(id: &str) -> Option<&'static Operation> {
            match id {
                #(#arms,)*
                _ => None,
            }
        }
    }
}
