//! The document and its operations: which of them are the same, and what each of them takes and gives.

use std::collections::{BTreeMap, BTreeSet};

use super::layers::Layers;
use super::resolve::View;
use super::rules;
use super::spot::{Spot, quoted};
use super::walk::{BOTH, Kind, REQUEST, RESPONSE, Walk};
use crate::read::child;

/// Every method that OpenAPI knows.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// How deep callbacks are followed: one may be described with callbacks of its own.
const MAX_CALLBACKS: usize = 4;

/// Header parameters of which OpenAPI says that they are ignored: something else describes them.
const IGNORED: &[&str] = &["accept", "content-type", "authorization"];

/// An operation of one side.
#[derive(Clone, Debug)]
pub(super) struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    item: Spot<'a>,
    pub(super) spot: Spot<'a>,
}

impl Operation<'_> {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

/// The operations of a side.
pub(super) fn operations<'a>(view: &View<'a>) -> Vec<Operation<'a>> {
    let mut all = Vec::new();
    for (path, item) in view.root().get("paths").members() {
        all.extend(in_item(path, &view.resolve(&item)));
    }
    all
}

/// The operations of one path.
pub(super) fn in_item<'a>(path: &'a str, item: &Spot<'a>) -> Vec<Operation<'a>> {
    let spots = METHODS.iter().map(|method| (*method, item.get(method)));
    spots
        .filter(|(_, spot)| spot.exists())
        .map(|(method, spot)| Operation { method, path, item: item.clone(), spot })
        .collect()
}

/// The names in the braces of a path, and the path without them.
fn template(path: &str) -> (String, Vec<&str>) {
    let mut erased = String::new();
    let mut names = Vec::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        erased.push_str(before);
        erased.push_str("{}");
        names.push(name);
        rest = after;
    }
    erased.push_str(rest);
    (erased, names)
}

/// The parameters of an operation and of its path, by location and name; those in the path by their order.
pub(super) fn declared<'a>(
    view: &View<'a>,
    operation: &Operation<'a>,
) -> BTreeMap<(String, String), (Spot<'a>, Spot<'a>)> {
    let (_, names) = template(operation.path);
    let mut all = BTreeMap::new();
    for owner in [&operation.item, &operation.spot] {
        for used in owner.get("parameters").items() {
            let spot = view.resolve(&used);
            let (location, name) = (spot.text("in").unwrap_or_default(), spot.text("name").unwrap_or_default());
            if location == "header" && IGNORED.iter().any(|ignored| name.eq_ignore_ascii_case(ignored)) {
                continue;
            }
            let key = match location {
                "path" => match names.iter().position(|other| *other == name) {
                    Some(index) => format!("{index:03}"),
                    None => name.to_owned(),
                },
                "header" => name.to_ascii_lowercase(),
                _ => name.to_owned(),
            };
            all.insert((location.to_owned(), key), (used, spot));
        }
    }
    all
}

impl<'a> Walk<'a> {
    /// Compares two documents.
    pub(super) fn documents(&mut self) {
        let (base, head) = (self.base.root(), self.head.root());
        let (old, new) = (base.get("info"), head.get("info"));
        if !old.get("version").means(&new.get("version")) {
            self.replaced(&rules::VERSION_CHANGED, "`version`", &old.get("version"), &new.get("version"));
        }
        self.rest(&(&old).into(), &(&new).into(), &["version"]);
        let handled = ["openapi", "info", "paths", "components", "security", "servers", "x-codegen"];
        self.rest(&(&base).into(), &(&head).into(), &handled);
        let handled: Vec<_> = [&base, &head]
            .iter()
            .flat_map(|root| root.get("paths").members().map(|(path, _)| path).collect::<Vec<_>>())
            .collect();
        self.rest(&(&base.get("paths")).into(), &(&head.get("paths")).into(), &handled);
        let (old, new) = (base.get("x-codegen"), head.get("x-codegen"));
        for (key, rule, what) in [
            ("context-headers", &rules::CONTEXT_HEADERS_CHANGED, "the list of headers that are set once"),
            ("error-schema", &rules::ERROR_SCHEMA_CHANGED, "the type of errors"),
            ("error-code", &rules::ERROR_CODE_PLACE_CHANGED, "the place of the error code"),
            ("request-id-header", &rules::REQUEST_ID_CHANGED, "the header of request ids"),
        ] {
            if !old.get(key).means(&new.get(key)) {
                self.replaced(rule, what, &old.get(key), &new.get(key));
            }
        }
        self.match_operations();
        self.finish();
        self.unused();
        self.finish();
    }

    fn match_operations(&mut self) {
        let (old, mut new) = (operations(&self.base), operations(&self.head));
        let mut pairs = Vec::new();
        let mut left = Vec::new();
        let mut known: BTreeMap<(&str, String), usize> = BTreeMap::new();
        for (index, operation) in new.iter().enumerate() {
            known.entry((operation.method, template(operation.path).0)).or_insert(index);
        }
        let mut taken = BTreeSet::new();
        for operation in old {
            match known.get(&(operation.method, template(operation.path).0)) {
                Some(&index) if taken.insert(index) => pairs.push((operation, index)),
                _ => left.push(operation),
            }
        }
        let id = |operation: &Operation<'a>| operation.spot.text("operationId").filter(|id| !id.is_empty());
        let mut gone = Vec::new();
        for operation in left {
            let same = new.iter().enumerate().position(|(index, other)| {
                !taken.contains(&index) && id(other).is_some() && id(other) == id(&operation)
            });
            match same {
                Some(index) => {
                    taken.insert(index);
                    pairs.push((operation, index));
                }
                None => gone.push(operation),
            }
        }
        for (old, index) in pairs {
            if let Some(new) = new.get(index).cloned() {
                self.start(new.name());
                self.operation(&old, &new);
            }
        }
        for operation in gone {
            self.start(operation.name());
            let message = format!("{} is gone", operation.name());
            self.change(&rules::OPERATION_REMOVED, Some(&operation.spot), None, message, BOTH);
        }
        for (_, operation) in new.drain(..).enumerate().filter(|(index, _)| !taken.contains(index)) {
            self.start(operation.name());
            let message = format!("{} is new", operation.name());
            self.change(&rules::OPERATION_ADDED, None, Some(&operation.spot), message, BOTH);
        }
        self.leave();
    }

    fn operation(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let (base, head) = (&old.spot, &new.spot);
        let is_moved = old.method != new.method || template(old.path).0 != template(new.path).0;
        if is_moved {
            let message = format!("{} moves to {}", old.name(), new.name());
            self.changed(&rules::OPERATION_MOVED, base, head, message);
        }
        if base.text("operationId") != head.text("operationId") {
            let (was, is) = (base.get("operationId"), head.get("operationId"));
            self.replaced(&rules::OPERATION_ID_CHANGED, "`operationId`", &was, &is);
        }
        self.deprecated(&new.name(), base, head);
        self.security(base, head);
        self.servers(old, new);
        self.exchange(old, new, (REQUEST, RESPONSE));
        self.callbacks(&base.get("callbacks"), &head.get("callbacks"), (RESPONSE, REQUEST), MAX_CALLBACKS);
        let handled =
            ["operationId", "deprecated", "parameters", "security", "servers", "requestBody", "responses", "callbacks"];
        self.rest(&base.into(), &head.into(), &handled);
        let mut handled = METHODS.to_vec();
        handled.extend(["parameters", "servers"]);
        self.rest(&(&old.item).into(), &(&new.item).into(), &handled);
    }

    /// Compares what goes there and what comes back.
    pub(super) fn exchange(&mut self, old: &Operation<'a>, new: &Operation<'a>, (there, back): (u8, u8)) {
        let (base, head) = (&old.spot, &new.spot);
        self.parameters(old, new, there);
        let (was, is) = (base.get("requestBody"), head.get("requestBody"));
        self.request_body(&self.base.resolve(&was), &self.head.resolve(&is), there);
        self.responses(&base.get("responses"), &head.get("responses"), back);
    }

    fn servers(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let effective = |operation: &Operation<'a>, root: Spot<'a>| {
            let all = [operation.spot.get("servers"), operation.item.get("servers"), root.get("servers")];
            all.iter().find(|spot| spot.exists()).cloned().unwrap_or(root.get("servers"))
        };
        let (was, is) = (effective(old, self.base.root()), effective(new, self.head.root()));
        let (before, after) = (urls(&was), urls(&is));
        if before != after {
            let message =
                format!("the servers change from {} to {}", quoted(&before.join(", ")), quoted(&after.join(", ")));
            self.change(&rules::SERVERS_CHANGED, Some(&was), Some(&is), message, REQUEST);
        } else if was.exists() && is.exists() && !was.means(&is) {
            self.changed(&rules::NOTE_CHANGED, &was, &is, "the notes on the servers change".to_owned());
        }
    }

    fn parameters(&mut self, old: &Operation<'a>, new: &Operation<'a>, ways: u8) {
        let mut was = declared(&self.base, old);
        let mut is = declared(&self.head, new);
        let keys: Vec<_> = was.keys().filter(|key| is.contains_key(*key)).cloned().collect();
        for key in keys {
            if let (Some((_, was)), Some((_, is))) = (was.remove(&key), is.remove(&key)) {
                if was.text("name") != is.text("name") && key.0 == "path" {
                    let (was, is) = (was.get("name"), is.get("name"));
                    self.replaced(&rules::PATH_PARAMETER_RENAMED, "the name of the path parameter", &was, &is);
                }
                self.edge(Kind::Parameter, was, is, ways);
            }
        }
        for ((location, _), (used, spot)) in was {
            let name = spot.text("name").unwrap_or_default();
            let same = is.iter().find(|(_, (_, other))| other.text("name") == Some(name)).map(|(key, _)| key.clone());
            if let Some((_, other)) = same.and_then(|key| is.remove(&key)) {
                let (from, to) = (spot.get("in"), other.get("in"));
                let message = format!("`{name}` moves from {} to {}", from.show(), to.show());
                let rule = if spot.flag("required") || other.flag("required") {
                    &rules::REQUIRED_PARAMETER_MOVED
                } else {
                    &rules::PARAMETER_LOCATION_CHANGED
                };
                self.change(rule, Some(&from), Some(&to), message, ways);
                self.edge(Kind::Parameter, spot, other, ways);
            } else {
                let (rule, word) = if spot.flag("required") {
                    (&rules::REQUIRED_PARAMETER_REMOVED, "required")
                } else {
                    (&rules::PARAMETER_REMOVED, "optional")
                };
                let place = if self.head.at(&spot.pointer).exists() { &used } else { &spot };
                let message = format!("the {word} {location} parameter `{name}` is gone");
                self.change(rule, Some(place), None, message, ways);
            }
        }
        for ((location, _), (used, spot)) in is {
            let name = spot.text("name").unwrap_or_default();
            let (rule, word) = if spot.flag("required") {
                (&rules::REQUIRED_PARAMETER_ADDED, "required")
            } else {
                (&rules::PARAMETER_ADDED, "optional")
            };
            let place = if self.base.at(&spot.pointer).exists() { &used } else { &spot };
            let message = format!("the {word} {location} parameter `{name}` is new");
            self.change(rule, None, Some(place), message, ways);
        }
    }

    fn request_body(&mut self, was: &Spot<'a>, is: &Spot<'a>, ways: u8) {
        let (spot, rule, word) = match (was.exists(), is.exists()) {
            (false, false) => return,
            (true, true) => return self.edge(Kind::Body, was.clone(), is.clone(), ways),
            (false, true) if is.flag("required") => (is, &rules::REQUIRED_BODY_ADDED, "new"),
            (false, true) => (is, &rules::BODY_ADDED, "new"),
            (true, false) if was.flag("required") => (was, &rules::REQUIRED_BODY_REMOVED, "gone"),
            (true, false) => (was, &rules::BODY_REMOVED, "gone"),
        };
        let need = if spot.flag("required") { "required" } else { "optional" };
        let message = format!("the {need} request body is {word}");
        let (base, head) = if was.exists() { (Some(was), None) } else { (None, Some(is)) };
        self.change(rule, base, head, message, ways);
    }

    /// Compares the components that no operation leads to.
    fn unused(&mut self) {
        let section = "/components/schemas";
        let (old, new) = (self.base.at(section), self.head.at(section));
        let was: BTreeMap<_, _> = old.children().collect();
        let is: BTreeMap<_, _> = new.children().collect();
        let pairs: Vec<(String, String)> =
            self.compared().map(|(base, head)| (base.to_owned(), head.to_owned())).collect();
        let met: BTreeMap<&str, &str> = pairs.iter().map(|(base, head)| (base.as_str(), head.as_str())).collect();
        let met_back: BTreeMap<&str, &str> = pairs.iter().map(|(base, head)| (head.as_str(), base.as_str())).collect();
        for (name, spot) in &was {
            match (is.get(name), met.get(spot.pointer.as_str())) {
                (Some(other), _) => self.schema(spot, other, BOTH),
                (None, Some(other)) => {
                    let other = self.head.at(other);
                    let is_new = other.component().is_some_and(|name| !was.contains_key(name.as_str()));
                    if other.is_component() && is_new {
                        let message = format!("`{name}` is called `{}` now", other.component().unwrap_or_default());
                        self.enter(spot, &other);
                        self.changed(&rules::SCHEMA_RENAMED, spot, &other, message);
                        self.leave();
                    }
                }
                // A name for a reference or a description is nothing of its own.
                (None, None) if self.base.schema(spot).core.pointer != spot.pointer => {}
                (None, None) => {
                    let message = format!("the schema `{name}` is gone");
                    self.change(&rules::SCHEMA_REMOVED, Some(spot), None, message, BOTH);
                }
            }
        }
        for (name, spot) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
            let is_met = met_back.contains_key(spot.pointer.as_str());
            if !is_met && self.head.schema(spot).core.pointer == spot.pointer {
                let message = format!("the schema `{name}` is new");
                self.change(&rules::SCHEMA_ADDED, None, Some(spot), message, BOTH);
            }
        }
        self.extensions_of_components();
    }

    fn extensions_of_components(&mut self) {
        let (old, new) = (self.base.at("/components"), self.head.at("/components"));
        let only = |spot: &Spot<'a>| -> Vec<&'a str> { spot.members().map(|(key, _)| key).collect() };
        let handled: Vec<_> = only(&old).into_iter().chain(only(&new)).collect();
        self.rest(&Layers::from(&old), &Layers::from(&new), &handled);
        for section in ["parameters", "requestBodies", "responses", "headers"] {
            let kind = match section {
                "parameters" => Kind::Parameter,
                "requestBodies" => Kind::Body,
                "responses" => Kind::Response,
                _ => Kind::Header,
            };
            for (name, was) in self.base.at(&child("/components", section)).children().collect::<Vec<_>>() {
                let is = self.head.at(&child("/components", section)).get(name);
                let is_own = |spot: &Spot<'a>| spot.exists() && !spot.has("$ref");
                if is_own(&was) && is_own(&is) {
                    self.edge(kind, was, is, BOTH);
                }
            }
        }
    }
}

/// The URLs of servers, what their variables may be written into them; without any, a service is where its description is.
fn urls(servers: &Spot<'_>) -> Vec<String> {
    let url = |server: Spot<'_>| {
        let mut url = server.text("url").unwrap_or_default().to_owned();
        for (name, variable) in server.get("variables").children() {
            let mut values: Vec<_> = variable.text("default").into_iter().collect();
            let others = variable.get("enum");
            values.extend(
                others.node.map(|node| node.items().iter().filter_map(|item| item.as_str())).into_iter().flatten(),
            );
            url = url.replace(&format!("{{{name}}}"), &format!("{{{}}}", values.join("|")));
        }
        url
    };
    let urls: Vec<_> = servers.items().map(url).collect();
    if urls.is_empty() { vec!["/".to_owned()] } else { urls }
}
