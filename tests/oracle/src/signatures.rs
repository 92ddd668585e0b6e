//! Reads the signatures of our methods off generated source, as a caller sees them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syn::{FnArg, ImplItem, ImplItemFn, Item, ItemImpl, Pat, ReturnType, Type};

/// A method of our client and the setters of the request that it returns.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    /// The arguments in order.
    pub(crate) arguments: Vec<(String, Type)>,
    /// The setters, each with its argument.
    pub(crate) setters: Vec<(String, String, Type)>,
}

/// Returns the signatures of all methods that return a request, by name.
///
/// # Errors
///
/// Returns a message if a file is not Rust.
pub(crate) fn read(files: &BTreeMap<PathBuf, String>) -> Result<BTreeMap<String, Signature>, String> {
    let mut functions = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| is_code(path)) {
        let file = syn::parse_file(text).map_err(|error| format!("{}: {error}", path.display()))?;
        for item in file.items {
            let Item::Impl(ItemImpl { trait_: None, self_ty, items, .. }) = item else { continue };
            let Some(owner) = name(&self_ty) else { continue };
            let found = items.into_iter().filter_map(|item| match item {
                ImplItem::Fn(function) => Some((owner.clone(), function)),
                _ => None,
            });
            functions.extend(found);
        }
    }
    let methods = functions.iter().filter(|(owner, function)| owner == "Client" && function.sig.asyncness.is_none());
    let signatures = methods.filter_map(|(_, method)| {
        let ReturnType::Type(_, returned) = &method.sig.output else { return None };
        let request = name(returned)?;
        let of_request = functions.iter().filter(|(owner, _)| *owner == request && request != "Client");
        let setters = of_request.filter_map(|(_, function)| setter(function)).collect();
        let arguments = method.sig.inputs.iter().filter_map(argument).collect();
        Some((method.sig.ident.to_string(), Signature { arguments, setters }))
    });
    Ok(signatures.collect())
}

/// The types of a client are its largest part, and have no method that makes a request.
fn is_code(path: &Path) -> bool {
    !path.starts_with("types") && path.file_stem().is_none_or(|stem| stem != "types")
}

fn name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn setter(function: &ImplItemFn) -> Option<(String, String, Type)> {
    let ReturnType::Type(_, returned) = &function.sig.output else { return None };
    let arguments: Vec<_> = function.sig.inputs.iter().filter_map(argument).collect();
    match <[_; 1]>::try_from(arguments) {
        Ok([(argument, ty)]) if name(returned)? == "Self" => Some((function.sig.ident.to_string(), argument, ty)),
        _ => None,
    }
}

fn argument(input: &FnArg) -> Option<(String, Type)> {
    let FnArg::Typed(input) = input else { return None };
    match &*input.pat {
        Pat::Ident(pattern) => Some((pattern.ident.to_string(), (*input.ty).clone())),
        _ => None,
    }
}
