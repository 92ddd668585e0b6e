//! Security: schemes that a client can serve, and requirements that name them.

use std::collections::BTreeMap;

use super::report::Report;
use super::rules;
use super::spec::{Place, Spec};
use super::tables::Kind;
use crate::names;
use crate::spec::NodeRef;

/// Schemes are of a known type, and have the keys that go with it.
pub(super) fn schemes(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::SecurityScheme) {
        let scheme = &place.node;
        let keys: &[&str] = match scheme.text("type") {
            Some("http") => &["scheme", "bearerFormat"],
            Some("apiKey") => &["name", "in"],
            Some("oauth2") => &["flows"],
            Some("openIdConnect") => &["openIdConnectUrl"],
            Some("mutualTLS") => &[],
            Some(other) => {
                let fix = "use `http`, `apiKey`, `oauth2`, `openIdConnect` or `mutualTLS`";
                let message = format!("security of type `{other}` is not supported");
                report.error(&scheme.get("type"), rules::UNSUPPORTED_SECURITY, message, fix);
                continue;
            }
            None => continue,
        };
        keys_of_type(place, keys, report);
        match scheme.text("type") {
            Some("http") => http_scheme(scheme, report),
            Some("apiKey") => key_place(scheme, report),
            _ => {}
        }
    }
}

/// The client has tokens and passwords. The header of other HTTP schemes is up to the program.
fn http_scheme(scheme: &NodeRef<'_>, report: &mut Report<'_>) {
    let Some(name) = scheme.text("scheme") else { return };
    if !["basic", "bearer"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        let message = format!("the client has no credentials for the HTTP scheme `{name}`");
        let fix = "implement `Authorize`, and set the header `Authorization` there";
        report.warning(&scheme.get("scheme"), rules::UNSUPPORTED_SECURITY, message, fix);
    }
}

/// An API key is sent under a name that its place can have and that the client does not use otherwise. It may be the header
/// `Authorization`.
fn key_place(scheme: &NodeRef<'_>, report: &mut Report<'_>) {
    let Some(place) = scheme.text("in") else {
        let message = "an API key without a place";
        return report.error(&scheme.get("type"), rules::UNSUPPORTED_SECURITY, message, "add `in: header`");
    };
    if !["header", "query", "cookie"].contains(&place) {
        let message = format!("an API key cannot be sent in `{place}`");
        let fix = "use `header`, `query` or `cookie`";
        return report.error(&scheme.get("in"), rules::UNSUPPORTED_SECURITY, message, fix);
    }
    let Some(name) = scheme.text("name") else { return };
    let is = |header: &str| name.eq_ignore_ascii_case(header);
    let is_taken = names::is_reserved_header(name) && !is("authorization") || is("user-agent");
    let is_usable = match place {
        "header" => names::is_header(name) && !is_taken,
        // The names of cookies have the grammar of those of headers.
        "cookie" => names::is_header(name),
        _ => !name.is_empty(),
    };
    if !is_usable {
        let message = format!("an API key cannot be sent in a {place} `{name}`");
        report.error(&scheme.get("name"), rules::UNSUPPORTED_SECURITY, message, "use another name");
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
        one_alternative(spec, &list, report);
    }
}

/// A request carries the credentials of one alternative: the first that has any.
fn one_alternative(spec: &Spec<'_>, list: &NodeRef<'_>, report: &mut Report<'_>) {
    let mut used: Option<BTreeMap<(String, String), &str>> = None;
    for requirement in list.items() {
        let mut schemes: Vec<_> = requirement.children().collect();
        schemes.sort_unstable_by_key(|(name, _)| *name);
        let mut own = BTreeMap::new();
        for (scheme, node) in schemes {
            let Some(place) = place(spec, scheme) else { continue };
            if let Some(used) = &used {
                if !used.contains_key(&place) {
                    let first = used.values().copied().collect::<Vec<_>>().join("` and `");
                    let message =
                        format!("`{first}` is used, and `{scheme}`, which goes into another place, is passed over");
                    report.warning(&node, rules::IGNORED, message, "take it out, or list first what is to be used");
                }
            } else if let Some(other) = own.get(&place) {
                let message = format!("`{scheme}` goes into the same place as `{other}`, which has one value");
                report.warning(&node, rules::IGNORED, message, "make them alternatives, or take one out");
            }
            own.entry(place).or_insert(scheme);
        }
        if !own.is_empty() {
            used.get_or_insert(own);
        }
    }
}

/// The part of a request that carries the value of a scheme, and the name there. `None` for a client certificate.
fn place(spec: &Spec<'_>, scheme: &str) -> Option<(String, String)> {
    let scheme = spec.resolve(&spec.view.root().get("components").get("securitySchemes").get(scheme))?;
    match scheme.text("type")? {
        "mutualTLS" => None,
        "apiKey" => {
            let (place, name) = (scheme.text("in")?, scheme.text("name")?);
            let name = if place == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
            Some((place.to_owned(), name))
        }
        _ => Some(("header".to_owned(), "authorization".to_owned())),
    }
}
