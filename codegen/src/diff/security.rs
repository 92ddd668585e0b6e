//! Security: what a request has to carry.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::resolve::{Spot, View};
use super::rules;
use super::walk::{REQUEST, Walk};

/// One way to be authorized: schemes with their scopes.
type Alternative = BTreeMap<String, BTreeSet<String>>;

impl<'a> Walk<'a> {
    pub(super) fn security(&mut self, base: &Spot<'a>, head: &Spot<'a>) {
        let effective = |operation: &Spot<'a>, root: Spot<'a>| {
            if operation.has("security") { operation.get("security") } else { root.get("security") }
        };
        let (was, is) = (effective(base, self.base.root()), effective(head, self.head.root()));
        let renamed = self.renamed_schemes();
        let old = alternatives(&was, &BTreeMap::new());
        let new = alternatives(&is, &renamed);
        self.schemes(&old, &renamed);
        let enough = |held: &BTreeSet<Alternative>, asked: &BTreeSet<Alternative>| {
            held.iter().all(|held| asked.iter().any(|asked| covers(held, asked)))
        };
        let rule = match (enough(&old, &new), enough(&new, &old)) {
            (true, true) => return,
            (true, false) => &rules::SECURITY_RELAXED,
            (false, true) => &rules::SECURITY_TIGHTENED,
            (false, false) => &rules::SECURITY_CHANGED,
        };
        let message = format!("the authorization changes from {} to {}", was.show(), is.show());
        self.change(rule, Some(&was), Some(&is), message, REQUEST);
    }

    /// Names of the new side with the names that the same schemes have on the old one.
    fn renamed_schemes(&self) -> BTreeMap<String, String> {
        let all = |view: &View<'a>| -> BTreeMap<String, Value> {
            let schemes = view.at("/components/securitySchemes");
            schemes.children().map(|(name, spot)| (name.to_owned(), meaning(&view.resolve(&spot)))).collect()
        };
        let (old, new) = (all(&self.base), all(&self.head));
        let mut renamed = BTreeMap::new();
        for (name, scheme) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            let before = old.iter().find(|(before, other)| !new.contains_key(*before) && *other == scheme);
            if let Some((before, _)) = before {
                renamed.insert(name.clone(), before.clone());
            }
        }
        renamed
    }

    /// Compares the schemes that an operation uses.
    fn schemes(&mut self, used: &BTreeSet<Alternative>, renamed: &BTreeMap<String, String>) {
        let section = "/components/securitySchemes";
        let names: BTreeSet<&String> = used.iter().flat_map(BTreeMap::keys).collect();
        for name in names {
            let current = renamed.iter().find(|(_, before)| *before == name).map_or(name, |(current, _)| current);
            let was = self.base.resolve(&self.base.at(section).get(name));
            let is = self.head.resolve(&self.head.at(section).get(current));
            if !was.exists() || !is.exists() {
                continue;
            }
            if meaning(&was) != meaning(&is) {
                let message = format!("the security scheme `{name}` changes from {} to {}", was.show(), is.show());
                self.change(&rules::SECURITY_SCHEME_CHANGED, Some(&was), Some(&is), message, REQUEST);
            }
            self.note("description", &was.get("description"), &is.get("description"));
        }
    }
}

/// A scheme without its description.
fn meaning(scheme: &Spot<'_>) -> Value {
    let mut value = scheme.value();
    if let Some(keys) = value.as_object_mut() {
        keys.retain(|key, _| key != "description" && !key.starts_with("x-"));
        if let Some(Value::String(scheme)) = keys.get_mut("scheme") {
            scheme.make_ascii_lowercase();
        }
    }
    value
}

/// The ways to be authorized; where none is listed, a request needs nothing.
fn alternatives(list: &Spot<'_>, renamed: &BTreeMap<String, String>) -> BTreeSet<Alternative> {
    let mut all: BTreeSet<Alternative> = BTreeSet::new();
    for alternative in list.items() {
        let schemes = alternative.children().map(|(name, scopes)| {
            let scopes = scopes.items().filter_map(|scope| scope.node?.as_str()).map(str::to_owned).collect();
            (renamed.get(name).cloned().unwrap_or_else(|| name.to_owned()), scopes)
        });
        all.insert(schemes.collect());
    }
    if all.is_empty() {
        all.insert(Alternative::new());
    }
    all
}

/// Whether who has the one thing has the other.
fn covers(held: &Alternative, asked: &Alternative) -> bool {
    asked.iter().all(|(scheme, scopes)| held.get(scheme).is_some_and(|held| held.is_superset(scopes)))
}
