//! Security: schemes that a header serves, and requirements that name them.

use super::report::Report;
use super::rules;
use super::spec::{Place, Spec};
use super::tables::Kind;
use crate::read::{Node, child};

/// Schemes come down to a header.
pub(super) fn schemes(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::SecurityScheme) {
        let text = |key: &str| place.node.get(key).and_then(Node::as_str);
        let keys: &[&str] = match text("type") {
            Some("http") => &["scheme", "bearerFormat"],
            Some("apiKey") => &["name", "in"],
            Some("oauth2") => &["flows"],
            Some("openIdConnect") => &["openIdConnectUrl"],
            Some(other) => {
                let fix = "use `http`, `apiKey`, `oauth2` or `openIdConnect`";
                let message = format!("security of type `{other}` is not supported");
                report.error(&child(&place.pointer, "type"), rules::UNSUPPORTED_SECURITY, message, fix);
                continue;
            }
            None => continue,
        };
        keys_of_type(place, keys, report);
        let bad = match (text("type"), text("scheme"), text("in")) {
            (Some("http"), Some(scheme), _) if !scheme.eq_ignore_ascii_case("bearer") => Some(("scheme", scheme)),
            (Some("apiKey"), _, Some(place)) if place != "header" => Some(("in", place)),
            (Some("apiKey"), _, None) => Some(("type", "apiKey without `in`")),
            _ => None,
        };
        if let Some((key, value)) = bad {
            let message = format!("security with `{key}: {value}` is not supported");
            let fix = "use `scheme: bearer`, or an API key with `in: header`; for other headers than `Authorization`, \
                       declare a parameter and list it in `x-codegen: { context-headers: […] }`";
            report.error(&child(&place.pointer, key), rules::UNSUPPORTED_SECURITY, message, fix);
        }
    }
}

/// Keys go with the `type`; the first of them must be there.
fn keys_of_type(place: &Place<'_>, keys: &[&str], report: &mut Report<'_>) {
    if let Some(demanded) = keys.first().filter(|key| place.node.get(key).is_none()) {
        let message = format!("such a security scheme needs `{demanded}`");
        report.error(&place.pointer, rules::MISSING_KEY, message, &format!("add `{demanded}`"));
    }
    for entry in place.node.entries() {
        let name = entry.key.as_str();
        let is_known = Kind::SecurityScheme.keys().iter().any(|key| key.name == name);
        if is_known && !["type", "description"].contains(&name) && !keys.contains(&name) {
            let message = format!("`{name}` means nothing for security of this type");
            report.error(&child(&place.pointer, name), rules::MISPLACED_KEY, message, "take it out");
        }
    }
}

/// Requirements name schemes of the spec.
pub(super) fn requirements(spec: &Spec<'_>, report: &mut Report<'_>) {
    let operations = spec.operations().into_iter().map(|operation| operation.pointer);
    for owner in std::iter::once(String::new()).chain(operations) {
        let list = child(&owner, "security");
        let count = spec.document.at(&list).map_or(0, |list| list.items().len());
        for pointer in (0..count).map(|index| child(&list, index)) {
            for requirement in spec.document.at(&pointer).map(Node::entries).unwrap_or_default() {
                if spec.document.at(&child("/components/securitySchemes", &requirement.key)).is_none() {
                    let message = format!("there is no security scheme `{}`", requirement.key);
                    let fix = "add it to `components/securitySchemes`";
                    report.error(&child(&pointer, &requirement.key), rules::UNKNOWN_SECURITY_SCHEME, message, fix);
                }
            }
        }
        one_header(spec, &list, report);
    }
}

/// A request carries one credential: that of the first scheme, those of one requirement taken by name.
fn one_header(spec: &Spec<'_>, list: &str, report: &mut Report<'_>) {
    let count = spec.document.at(list).map_or(0, |list| list.items().len());
    let mut schemes = Vec::new();
    for pointer in (0..count).map(|index| child(list, index)) {
        let requirement = spec.document.at(&pointer).map(Node::entries).unwrap_or_default();
        let mut names: Vec<&str> = requirement.iter().map(|entry| entry.key.as_str()).collect();
        names.sort_unstable();
        schemes.extend(names.into_iter().map(|name| (child(&pointer, name), name)));
    }
    let header = |name: &str| header(spec, name);
    let Some(((_, first), rest)) = schemes.split_first() else { return };
    for (pointer, other) in rest {
        if let (Some(used), Some(unused)) = (header(first), header(other))
            && used != unused
        {
            let message = format!("`{first}` is used, and `{other}`, which goes into another header, is passed over");
            report.warning(pointer, rules::IGNORED, message, "take it out, or list first what is to be used");
        }
    }
}

/// The header that a scheme comes down to, in lower case.
fn header(spec: &Spec<'_>, scheme: &str) -> Option<String> {
    let (_, node) = spec.resolve(&child("/components/securitySchemes", scheme))?;
    let text = |key: &str| node.get(key).and_then(Node::as_str);
    let name = if text("type") == Some("apiKey") { text("name")? } else { "authorization" };
    Some(name.to_ascii_lowercase())
}
