//! Imports for the short names of types.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Scalar, Ty};

/// The `use` lines for types, the standard library's first and one line for each crate, then the module's own.
pub(super) fn imports<'a>(types: impl Iterator<Item = &'a Ty>, own: &str) -> String {
    let mut used = BTreeSet::new();
    types.for_each(|ty| collect(ty, &mut used));
    let mut modules: BTreeMap<(bool, &str), Vec<&str>> = BTreeMap::new();
    for path in used {
        if let Some((module, name)) = path.rsplit_once("::") {
            modules.entry((!module.starts_with("std::"), module)).or_default().push(name);
        }
    }
    let mut lines = String::new();
    let mut follows_std = modules.keys().any(|(is_external, _)| !is_external);
    for ((is_external, module), names) in modules {
        if is_external && std::mem::take(&mut follows_std) {
            lines.push('\n');
        }
        lines.push_str(&match names.as_slice() {
            [name] => format!("use {module}::{name};\n"),
            names => format!("use {module}::{{{}}};\n", names.join(", ")),
        });
    }
    format!("{lines}{own}")
}

/// Adds the paths that a type's short names stand for.
fn collect(ty: &Ty, used: &mut BTreeSet<&'static str>) {
    match ty {
        Ty::Scalar(scalar) => used.extend(scalar_paths(*scalar)),
        Ty::List(inner) | Ty::Nullable(inner) => collect(inner, used),
        Ty::Map(inner) => {
            if ty.is_typed_map() {
                used.insert("std::collections::BTreeMap");
            }
            collect(inner, used);
        }
        _ => {}
    }
}

/// The paths of the types that a scalar's short name is made of. None for types of the prelude.
pub(super) fn scalar_paths(scalar: Scalar) -> &'static [&'static str] {
    match scalar {
        Scalar::Ip => &["std::net::IpAddr"],
        Scalar::Ipv4 => &["std::net::Ipv4Addr"],
        Scalar::Ipv6 => &["std::net::Ipv6Addr"],
        Scalar::Date => &["chrono::NaiveDate"],
        Scalar::DateTime => &["chrono::DateTime", "chrono::Utc"],
        Scalar::Decimal | Scalar::DecimalNumber => &["rust_decimal::Decimal"],
        Scalar::Uuid => &["uuid::Uuid"],
        Scalar::Bool | Scalar::Int32 | Scalar::Int64 | Scalar::UInt32 | Scalar::UInt64 => &[],
        Scalar::Float32 | Scalar::Float64 | Scalar::String => &[],
    }
}
