//! Security schemes and requirements.

use super::{Builder, text};
use crate::api::{Authorization, Credential, Location, Requirement, SecurityKind, SecurityScheme};
use crate::spec::{self, NodeRef};

impl<'a> Builder<'a> {
    /// The security schemes of the document, by name.
    pub(super) fn security_schemes(&self) -> Vec<SecurityScheme> {
        let schemes = self.view.root().get("components").get("securitySchemes").children();
        let schemes = schemes.filter_map(|(name, place)| {
            let place = self.view.resolve(&place);
            Some(SecurityScheme { name: name.to_owned(), docs: text(&place, "description"), kind: kind(&place)? })
        });
        let mut schemes: Vec<_> = schemes.collect();
        schemes.sort_by(|left, right| left.name.cmp(&right.name));
        schemes
    }

    /// The alternatives of an operation: its own list, even an empty one, replaces that of the document.
    pub(super) fn security(&self, operation: &NodeRef<'a>) -> Vec<Requirement> {
        let own = operation.get("security");
        let list = if own.exists() { own } else { self.view.root().get("security") };
        let scopes = |place: NodeRef<'a>| place.texts().into_iter().map(str::to_owned).collect();
        let requirement = |place: NodeRef<'a>| {
            let mut schemes: Vec<_> = place.children().map(|(name, list)| (name.to_owned(), scopes(list))).collect();
            schemes.sort();
            Requirement { schemes }
        };
        list.items().map(requirement).collect()
    }

    /// The credentials of the first alternative that has any. One without credentials makes them optional.
    pub(super) fn authorization(&self, security: &[Requirement]) -> Option<Authorization> {
        if security.iter().all(|requirement| requirement.schemes.is_empty()) {
            return None;
        }
        let alternatives: Vec<_> = security.iter().map(|requirement| self.credentials(requirement)).collect();
        let optional = alternatives.iter().any(Vec::is_empty);
        let credentials = alternatives.into_iter().find(|credentials| !credentials.is_empty());
        Some(Authorization { credentials: credentials.unwrap_or_default(), optional })
    }

    /// The credentials of an operation whose document has no security for it, but lists the header as a parameter. OpenAPI
    /// ignores such a parameter, so that the header would never be sent.
    pub(super) fn listed_authorization(&self, operation: &spec::Operation<'a>) -> Option<Authorization> {
        let is_it = |parameter: &spec::Parameter<'_>| {
            parameter.location() == "header" && parameter.name().eq_ignore_ascii_case("authorization")
        };
        let parameter = self.view.parameters(operation).into_iter().find(is_it)?;
        let name = "authorization".to_owned();
        let credential = Credential { scheme: name.clone(), location: Location::Header, name };
        Some(Authorization { credentials: vec![credential], optional: !parameter.node.flag("required") })
    }

    fn credentials(&self, requirement: &Requirement) -> Vec<Credential> {
        let schemes = self.view.root().get("components").get("securitySchemes");
        let mut credentials: Vec<Credential> = Vec::new();
        for (scheme, _) in &requirement.schemes {
            let (location, name) = match kind(&self.view.resolve(&schemes.get(scheme))) {
                Some(SecurityKind::MutualTls) => continue,
                Some(SecurityKind::ApiKey(Location::Header, name)) => (Location::Header, name.to_ascii_lowercase()),
                Some(SecurityKind::ApiKey(location, name)) => (location, name),
                _ => (Location::Header, "authorization".to_owned()),
            };
            // A place has one value.
            if credentials.iter().all(|other| (other.location, &other.name) != (location, &name)) {
                credentials.push(Credential { scheme: scheme.clone(), location, name });
            }
        }
        credentials
    }
}

/// The way in which a scheme sends credentials; `None` for one that OpenAPI does not know.
fn kind(scheme: &NodeRef<'_>) -> Option<SecurityKind> {
    Some(match scheme.text("type")? {
        "http" => SecurityKind::Http(text(scheme, "scheme").to_ascii_lowercase()),
        "apiKey" => SecurityKind::ApiKey(location(scheme.text("in")?)?, text(scheme, "name")),
        "oauth2" => {
            let flows = scheme.get("flows").members();
            SecurityKind::OAuth2(flows.map(|(name, flow)| (name.to_owned(), text(&flow, "tokenUrl"))).collect())
        }
        "openIdConnect" => SecurityKind::OpenIdConnect(text(scheme, "openIdConnectUrl")),
        "mutualTLS" => SecurityKind::MutualTls,
        _ => return None,
    })
}

/// The part of a request that OpenAPI means by a word.
pub(super) fn location(word: &str) -> Option<Location> {
    Some(match word {
        "path" => Location::Path,
        "query" => Location::Query,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        _ => return None,
    })
}
