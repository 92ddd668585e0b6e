//! Security schemes and requirements.

use super::{Builder, text};
use crate::api::{Authorization, Location, Requirement, SecurityKind, SecurityScheme};
use crate::spec::NodeRef;

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

    /// The header of the credentials: that of the first scheme. An alternative that needs none makes them optional.
    pub(super) fn authorization(&self, security: &[Requirement]) -> Option<Authorization> {
        let (name, _) = security.iter().find_map(|requirement| requirement.schemes.first())?;
        let schemes = self.view.root().get("components").get("securitySchemes");
        let header = match kind(&self.view.resolve(&schemes.get(name))) {
            Some(SecurityKind::ApiKey(_, header)) => header.to_ascii_lowercase(),
            _ => "authorization".to_owned(),
        };
        let optional = security.iter().any(|requirement| requirement.schemes.is_empty());
        Some(Authorization { header, optional })
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
