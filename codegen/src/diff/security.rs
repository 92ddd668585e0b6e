//! Security requirements and schemes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::directions::Directions;
use super::quote::{parts, quoted};
use super::revision::Revision;
use super::rules;
use super::walk::Walk;
use crate::spec::NodeRef;

/// One way to be authorized.
type Alternative = Vec<Need>;

/// A scheme with the scopes that are needed.
#[derive(Debug)]
struct Need {
    name: String,
    meaning: Value,
    scopes: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    pub(super) fn security(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        let effective = |operation: &NodeRef<'a>, root: NodeRef<'a>| {
            if operation.has("security") { operation.get("security") } else { root.get("security") }
        };
        let (was, is) = (effective(base, self.base.root()), effective(head, self.head.root()));
        let (old, new) = (alternatives(&self.base, &was), alternatives(&self.head, &is));
        // What schemes mean first: what they are called makes no difference.
        if are_same(&old, &new) && are_same(&new, &old) {
            self.renamed_schemes((&was, &old), (&is, &new));
            return self.schemes(&was, &is, true);
        }
        let rule = match (enough(&old, &new, covers_by_name), enough(&new, &old, covers_by_name)) {
            (true, true) => return self.schemes(&was, &is, false),
            (true, false) => &rules::SECURITY_RELAXED,
            (false, true) => &rules::SECURITY_TIGHTENED,
            (false, false) => &rules::SECURITY_CHANGED,
        };
        let message = format!("the authorization is {}, no longer {}", words(&new), words(&old));
        self.change(rule, Some(&was), Some(&is), message, Directions::REQUEST);
    }

    /// Programs name schemes when they set several credentials.
    fn renamed_schemes(
        &mut self,
        (was, old): (&NodeRef<'a>, &[Alternative]),
        (is, new): (&NodeRef<'a>, &[Alternative]),
    ) {
        let names =
            |all: &[Alternative]| -> BTreeSet<String> { all.iter().flatten().map(|need| need.name.clone()).collect() };
        if names(old) != names(new) {
            let message = format!("the security schemes are called {}, no longer {}", words(new), words(old));
            self.change(&rules::SECURITY_SCHEME_RENAMED, Some(was), Some(is), message, Directions::NONE);
        }
    }

    /// Compares the schemes that an operation uses on both sides; only their words, where they mean the same.
    fn schemes(&mut self, was: &NodeRef<'a>, is: &NodeRef<'a>, words_only: bool) {
        let names = |list: &NodeRef<'a>| -> BTreeSet<&'a str> {
            list.items().flat_map(|way| way.children().map(|(name, _)| name).collect::<Vec<_>>()).collect()
        };
        for name in names(was).intersection(&names(is)) {
            let was = self.base.resolve(&self.base.components("securitySchemes").get(name));
            let is = self.head.resolve(&self.head.components("securitySchemes").get(name));
            let is_same = meaning(&was) == meaning(&is);
            if was.exists() && is.exists() && (is_same || !words_only) {
                self.scheme(name, &was, &is);
            }
        }
    }

    fn scheme(&mut self, name: &str, was: &NodeRef<'a>, is: &NodeRef<'a>) {
        let (mut old, mut new) = (meaning(was), meaning(is));
        let flows = |value: &mut Value| match value.as_object_mut().and_then(|keys| keys.remove("flows")) {
            Some(Value::Object(flows)) => flows.into_iter().collect(),
            _ => BTreeMap::new(),
        };
        let (before, after) = (flows(&mut old), flows(&mut new));
        let keeps = |a: &BTreeMap<String, Value>, b: &BTreeMap<String, Value>| {
            a.iter().all(|(flow, how)| b.get(flow) == Some(how))
        };
        let rule = match (old == new && keeps(&before, &after), old == new && keeps(&after, &before)) {
            (true, true) => {
                for key in ["description", "bearerFormat", "flows"] {
                    self.note(if key == "flows" { "externalDocs" } else { "description" }, &was.get(key), &is.get(key));
                }
                return;
            }
            (true, false) => &rules::SECURITY_RELAXED,
            (false, true) => &rules::SECURITY_TIGHTENED,
            (false, false) => &rules::SECURITY_SCHEME_CHANGED,
        };
        let (was_parts, is_parts) = (parts(&meaning(was)), parts(&meaning(is)));
        let changed: Vec<_> = differences(&was_parts, &is_parts);
        let is_address = |key: &&String| key.starts_with("flows.") && key.ends_with(".authorizationUrl");
        let is_login = changed.iter().all(|(key, was, is)| is_address(key) && was.is_some() && is.is_some());
        let rule = if is_login && !changed.is_empty() { &rules::AUTHORIZATION_URL_CHANGED } else { rule };
        let texts = changed.iter().map(|(key, was, is)| {
            let shown = |value: &Option<&String>| value.map_or_else(|| "nothing".to_owned(), |text| quoted(text));
            format!("{} changes from {} to {}", quoted(key), shown(was), shown(is))
        });
        let message = format!("the security scheme {}: {}", quoted(name), texts.collect::<Vec<_>>().join("; "));
        self.change(rule, Some(was), Some(is), message, Directions::REQUEST);
    }
}

/// The parts of a scheme that a client needs for authorization.
fn meaning(scheme: &NodeRef<'_>) -> Value {
    let mut value = scheme.value();
    let Some(keys) = value.as_object_mut() else { return value };
    keys.retain(|key, _| !matches!(key.as_str(), "description" | "bearerFormat") && !key.starts_with("x-"));
    let is_header = keys.get("in").and_then(Value::as_str) == Some("header");
    for key in ["scheme", "name"] {
        if let Some(Value::String(text)) = keys.get_mut(key)
            && (key == "scheme" || is_header)
        {
            text.make_ascii_lowercase();
        }
    }
    // Operations list the scopes that they need.
    for flow in keys.get_mut("flows").and_then(Value::as_object_mut).into_iter().flat_map(|flows| flows.values_mut()) {
        if let Some(flow) = flow.as_object_mut() {
            flow.retain(|key, _| matches!(key.as_str(), "authorizationUrl" | "tokenUrl"));
        }
    }
    value
}

/// The parts that are not the same, each with both values.
fn differences<'p>(
    was: &'p BTreeMap<String, String>,
    is: &'p BTreeMap<String, String>,
) -> Vec<(&'p String, Option<&'p String>, Option<&'p String>)> {
    let keys: BTreeSet<_> = was.keys().chain(is.keys()).collect();
    let pairs = keys.into_iter().map(|key| (key, was.get(key), is.get(key)));
    pairs.filter(|(_, was, is)| was != is).collect()
}

/// Alternatives in words: `bearer` with `read`, or `key` and `id`, or none.
fn words(all: &[Alternative]) -> String {
    let need = |need: &Need| match need.scopes.is_empty() {
        true => quoted(&need.name),
        false => {
            let scopes: Vec<_> = need.scopes.iter().map(|scope| quoted(scope)).collect();
            format!("{} with {}", quoted(&need.name), scopes.join(", "))
        }
    };
    let alternative = |all: &Alternative| match all.is_empty() {
        true => "none".to_owned(),
        false => all.iter().map(need).collect::<Vec<_>>().join(" and "),
    };
    all.iter().map(alternative).collect::<Vec<_>>().join(", or ")
}

/// The alternatives of a list of requirements; an empty list requires no authorization.
fn alternatives<'a>(revision: &Revision<'a>, list: &NodeRef<'a>) -> Vec<Alternative> {
    let need = |(name, scopes): (&str, NodeRef<'a>)| Need {
        name: name.to_owned(),
        meaning: meaning(&revision.resolve(&revision.components("securitySchemes").get(name))),
        scopes: scopes.items().filter_map(|scope| scope.node?.as_str()).map(str::to_owned).collect(),
    };
    let mut all: Vec<Alternative> = list.items().map(|way| way.children().map(need).collect()).collect();
    if all.is_empty() {
        all.push(Alternative::new());
    }
    all
}

/// Returns whether each of the held alternatives satisfies one of those that are asked for.
fn enough(held: &[Alternative], asked: &[Alternative], covers: fn(&Need, &Need) -> bool) -> bool {
    let all =
        |held: &Alternative, asked: &Alternative| asked.iter().all(|asked| held.iter().any(|held| covers(held, asked)));
    held.iter().all(|held| asked.iter().any(|asked| all(held, asked)))
}

/// Returns whether each of the held alternatives means the same as one of those that are asked for.
fn are_same(held: &[Alternative], asked: &[Alternative]) -> bool {
    let one = |held: &Alternative, asked: &Alternative| {
        let all = |held: &Alternative, asked: &Alternative| {
            asked.iter().all(|asked| held.iter().any(|held| covers(held, asked)))
        };
        all(held, asked) && all(asked, held)
    };
    held.iter().all(|held| asked.iter().any(|asked| one(held, asked)))
}

/// Returns whether one need includes another, independent of the names of schemes.
fn covers(held: &Need, asked: &Need) -> bool {
    let is_same = if held.meaning.is_null() { held.name == asked.name } else { held.meaning == asked.meaning };
    is_same && held.scopes.is_superset(&asked.scopes)
}

/// Like [`covers`], but schemes of one name are the same scheme, whose meaning may have changed.
fn covers_by_name(held: &Need, asked: &Need) -> bool {
    held.name == asked.name && held.scopes.is_superset(&asked.scopes) || covers(held, asked)
}
