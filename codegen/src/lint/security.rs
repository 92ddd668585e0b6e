//! Security: schemes that use a header, and requirements that name them.

use super::report::Report;
use super::rules;
use super::spec::{Place, Spec};
use super::tables::Kind;
use crate::names;
use crate::spec::NodeRef;

/// Schemes use a header.
pub(super) fn schemes(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::SecurityScheme) {
        let scheme = &place.node;
        let keys: &[&str] = match scheme.text("type") {
            Some("http") => &["scheme", "bearerFormat"],
            Some("apiKey") => &["name", "in"],
            Some("oauth2") => &["flows"],
            Some("openIdConnect") => &["openIdConnectUrl"],
            Some(other) => {
                let fix = "use `http`, `apiKey`, `oauth2` or `openIdConnect`";
                let message = format!("security of type `{other}` is not supported");
                report.error(&scheme.get("type"), rules::UNSUPPORTED_SECURITY, message, fix);
                continue;
            }
            None => continue,
        };
        keys_of_type(place, keys, report);
        let bad = match (scheme.text("type"), scheme.text("scheme"), scheme.text("in")) {
            (Some("http"), Some(scheme), _) if !scheme.eq_ignore_ascii_case("bearer") => Some(("scheme", scheme)),
            (Some("apiKey"), _, Some(place)) if place != "header" => Some(("in", place)),
            (Some("apiKey"), _, None) => Some(("type", "apiKey without `in`")),
            _ => None,
        };
        if let Some((key, value)) = bad {
            let message = format!("security with `{key}: {value}` is not supported");
            let fix = "use `scheme: bearer`, or an API key with `in: header`; for other headers than `Authorization`, \
                       declare a parameter and list it in `x-codegen: { context-headers: […] }`";
            report.error(&scheme.get(key), rules::UNSUPPORTED_SECURITY, message, fix);
        }
        key_header(scheme, report);
    }
}

/// The header of an API key is one that a request can have and that the client does not set otherwise. It may be
/// `Authorization`.
fn key_header(scheme: &NodeRef<'_>, report: &mut Report<'_>) {
    let Some(name) = scheme.text("name").filter(|_| scheme.text("type") == Some("apiKey")) else { return };
    let is = |header: &str| name.eq_ignore_ascii_case(header);
    let is_taken = names::is_reserved_header(name) && !is("authorization") || is("user-agent");
    if !names::is_header(name) || is_taken {
        let message = format!("an API key cannot be sent in a header `{name}`");
        report.error(&scheme.get("name"), rules::UNSUPPORTED_SECURITY, message, "name another header");
    }
}

/// Keys go with the `type`; the first of them is required.
fn keys_of_type(place: &Place<'_>, keys: &[&str], report: &mut Report<'_>) {
    if let Some(required) = keys.first().filter(|key| !place.node.has(key)) {
        let message = format!("such a security scheme needs `{required}`");
        report.error(&place.node, rules::MISSING_KEY, message, format!("add `{required}`"));
    }
    for (name, value) in place.node.children() {
        let is_known = Kind::SecurityScheme.keys().iter().any(|key| key.name == name);
        if is_known && !["type", "description"].contains(&name) && !keys.contains(&name) {
            let message = format!("`{name}` means nothing for security of this type");
            report.error(&value, rules::MISPLACED_KEY, message, "take it out");
        }
    }
}

/// Requirements name schemes of the spec.
pub(super) fn requirements(spec: &Spec<'_>, report: &mut Report<'_>) {
    let schemes = spec.view.root().get("components").get("securitySchemes");
    let operations = spec.operations.iter().map(|operation| operation.node.clone());
    for owner in std::iter::once(spec.view.root()).chain(operations) {
        let list = owner.get("security");
        for (name, place) in list.items().flat_map(|requirement| requirement.children()) {
            if !schemes.has(name) {
                let message = format!("there is no security scheme `{name}`");
                let fix = "add it to `components/securitySchemes`";
                report.error(&place, rules::UNKNOWN_SECURITY_SCHEME, message, fix);
            }
        }
        one_header(spec, &list, report);
    }
}

/// A request carries one credential: that of the first scheme, where those of one requirement are sorted by name.
fn one_header(spec: &Spec<'_>, list: &NodeRef<'_>, report: &mut Report<'_>) {
    let mut schemes = Vec::new();
    for requirement in list.items() {
        let mut names: Vec<_> = requirement.children().collect();
        names.sort_unstable_by_key(|(name, _)| *name);
        schemes.extend(names);
    }
    let mut schemes = schemes.into_iter();
    let Some((first, _)) = schemes.next() else { return };
    let Some(used) = header(spec, first) else { return };
    for (other, place) in schemes {
        if header(spec, other).is_some_and(|unused| unused != used) {
            let message = format!("`{first}` is used, and `{other}`, which goes into another header, is passed over");
            report.warning(&place, rules::IGNORED, message, "take it out, or list first what is to be used");
        }
    }
}

/// The header that a scheme uses, in lower case.
fn header(spec: &Spec<'_>, scheme: &str) -> Option<String> {
    let scheme = spec.resolve(&spec.view.root().get("components").get("securitySchemes").get(scheme))?;
    let name = if scheme.text("type") == Some("apiKey") { scheme.text("name")? } else { "authorization" };
    Some(name.to_ascii_lowercase())
}
