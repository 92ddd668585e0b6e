//! Short names for the types that progenitor writes out in full.

use std::collections::BTreeMap;

use syn::visit_mut::{VisitMut, visit_type_path_mut};
use syn::{GenericArgument, PathArguments, Type, TypePath};

/// Full path, short path, and what to import for it.
const SHORT: &[(&str, &str, &str)] = &[
    ("std::string::String", "String", ""),
    ("std::vec::Vec", "Vec", ""),
    ("std::option::Option", "Option", ""),
    ("std::boxed::Box", "Box", ""),
    ("std::collections::BTreeMap", "BTreeMap", "std::collections::BTreeMap"),
    ("std::net::IpAddr", "IpAddr", "std::net::IpAddr"),
    ("std::net::Ipv4Addr", "Ipv4Addr", "std::net::Ipv4Addr"),
    ("std::net::Ipv6Addr", "Ipv6Addr", "std::net::Ipv6Addr"),
    ("chrono::naive::NaiveDate", "NaiveDate", "chrono::NaiveDate"),
    ("chrono::DateTime", "DateTime", "chrono::DateTime"),
    ("chrono::offset::Utc", "Utc", "chrono::Utc"),
    ("rust_decimal::Decimal", "Decimal", "rust_decimal::Decimal"),
    ("uuid::Uuid", "Uuid", "uuid::Uuid"),
];

/// A type as people write it: `::std::option::Option<::uuid::Uuid>` is `Option<Uuid>`.
pub(crate) fn shorten(ty: &Type) -> Type {
    let mut ty = ty.clone();
    Shorten.visit_type_mut(&mut ty);
    ty
}

/// The `use` lines that short names in these types need: the standard library's first, one line for each crate.
pub(crate) fn imports<'a>(types: impl Iterator<Item = &'a str> + Clone) -> String {
    let names = |ty: &'a str| ty.split(|character: char| !character.is_alphanumeric() && character != '_');
    let is_used = |short: &str| types.clone().flat_map(names).any(|name| name == short);
    let mut modules: BTreeMap<(bool, &str), Vec<&str>> = BTreeMap::new();
    for (_, short, import) in SHORT {
        let Some((module, name)) = import.rsplit_once("::").filter(|_| is_used(short)) else { continue };
        modules.entry((!module.starts_with("std::"), module)).or_default().push(name);
    }
    let mut lines = String::new();
    let has_std = modules.keys().any(|(is_external, _)| !is_external);
    let mut is_first_external = has_std;
    for ((is_external, module), mut names) in modules {
        names.sort_unstable();
        if is_external && std::mem::take(&mut is_first_external) {
            lines.push('\n');
        }
        lines.push_str(&match names.as_slice() {
            [name] => format!("use {module}::{name};\n"),
            names => format!("use {module}::{{{}}};\n", names.join(", ")),
        });
    }
    lines
}

/// A type as text, without the spaces that tokens are printed with.
pub(crate) fn text(ty: &Type) -> String {
    let text = quote::quote!(#ty).to_string();
    let text = text.replace(" :: ", "::").replace(" < ", "<").replace(" >", ">").replace(" ,", ",");
    text.replace("& '", "&'").replace("& ", "&").trim_start_matches(":: ").to_owned()
}

struct Shorten;

impl VisitMut for Shorten {
    fn visit_type_path_mut(&mut self, node: &mut TypePath) {
        visit_type_path_mut(self, node);
        let path = &mut node.path;
        let full: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let full = full.join("::");
        if path.leading_colon.is_none() {
            return;
        }
        if let Some((_, short, _)) = SHORT.iter().find(|(long, ..)| *long == full) {
            let arguments = path.segments.last().map_or(PathArguments::None, |last| last.arguments.clone());
            let mut segment = syn::PathSegment::from(quote::format_ident!("{short}"));
            segment.arguments = arguments;
            *path = segment.into();
        } else {
            path.leading_colon = None;
        }
    }
}

/// The one type inside `Name<…>`, if that is what a type is.
pub(crate) fn inside<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}
