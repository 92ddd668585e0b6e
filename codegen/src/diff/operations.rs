//! The document, its operations, and their parameters and bodies.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::directions::Directions;
use super::graph::Kind;
use super::quote::quoted;
use super::revision::Revision;
use super::rules;
use super::walk::Walk;
use crate::pointer::Pointer;
use crate::spec::{FlattenedSchema, METHODS, NodeRef, Operation, Parameter};

/// The depth to which callbacks are followed, which may have callbacks themselves.
pub(super) const MAX_CALLBACKS: usize = 4;

/// Header parameters that OpenAPI ignores, since other parts of a description define them.
const IGNORED: &[&str] = &["accept", "content-type", "authorization"];

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

/// The parameters of an operation and of its path, by location and name. Those in the path are known by their order,
/// since their names aren't on the wire.
pub(super) fn declared<'a>(
    revision: &Revision<'a>,
    operation: &Operation<'a>,
) -> BTreeMap<(String, String), Parameter<'a>> {
    let (_, names) = template(operation.path);
    let mut all = BTreeMap::new();
    let listed = [&operation.item, &operation.node].into_iter().flat_map(|owner| owner.get("parameters").items());
    for used in listed {
        let parameter = Parameter { node: revision.resolve(&used), used };
        let (location, name) = (parameter.location(), parameter.name());
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
        all.insert((location.to_owned(), key), parameter);
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
        let handled = ["openapi", "info", "paths", "components", "security", "servers", "x-codegen", "x-webhooks"];
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
        self.webhooks();
        self.finish();
        self.unused();
        self.finish();
        self.report_skipped();
    }

    fn match_operations(&mut self) {
        let (old, mut new) = (self.base.operations(), self.head.operations());
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
        let id = |operation: &Operation<'a>| operation.node.text("operationId").filter(|id| !id.is_empty());
        let mut by_id: HashMap<&str, VecDeque<usize>> = HashMap::new();
        for (index, operation) in new.iter().enumerate().filter(|(index, _)| !taken.contains(index)) {
            if let Some(id) = id(operation) {
                by_id.entry(id).or_default().push_back(index);
            }
        }
        let mut gone = Vec::new();
        for operation in left {
            match id(&operation).and_then(|id| by_id.get_mut(id)).and_then(VecDeque::pop_front) {
                Some(index) => {
                    taken.insert(index);
                    pairs.push((operation, index));
                }
                None => gone.push(operation),
            }
        }
        for (old, index) in pairs {
            if let Some(new) = new.get(index).cloned() {
                self.operation(&old, &new);
            }
        }
        for operation in gone {
            self.start(operation.name());
            let message = format!("{} is gone", operation.name());
            self.change(&rules::OPERATION_REMOVED, Some(&operation.node), None, message, Directions::BOTH);
        }
        for (_, operation) in new.drain(..).enumerate().filter(|(index, _)| !taken.contains(index)) {
            self.start(operation.name());
            let message = format!("{} is new", operation.name());
            self.change(&rules::OPERATION_ADDED, None, Some(&operation.node), message, Directions::BOTH);
        }
        self.leave();
    }

    fn operation(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let (base, head) = (&old.node, &new.node);
        self.start(new.name());
        let is_moved = old.method != new.method || template(old.path).0 != template(new.path).0;
        if is_moved {
            let message = format!("{} moves to {}", old.name(), new.name());
            // The change reaches the operation under both of its names.
            self.start_another(old.name());
            self.changed(&rules::OPERATION_MOVED, base, head, message);
            self.start(new.name());
        }
        if base.text("operationId") != head.text("operationId") {
            let (was, is) = (base.get("operationId"), head.get("operationId"));
            self.replaced(&rules::OPERATION_ID_CHANGED, "`operationId`", &was, &is);
        }
        self.deprecated(&new.name(), base, head);
        self.security(base, head);
        self.servers(old, new);
        self.exchange(old, new, (Directions::REQUEST, Directions::RESPONSE));
        self.callbacks(
            &base.get("callbacks"),
            &head.get("callbacks"),
            (Directions::RESPONSE, Directions::REQUEST),
            MAX_CALLBACKS,
        );
        let handled =
            ["operationId", "deprecated", "parameters", "security", "servers", "requestBody", "responses", "callbacks"];
        self.rest(&base.into(), &head.into(), &handled);
        let mut handled = METHODS.to_vec();
        handled.extend(["parameters", "servers"]);
        self.rest(&(&old.item).into(), &(&new.item).into(), &handled);
    }

    /// Compares parameters and bodies, which travel there, and responses, which travel back.
    pub(super) fn exchange(
        &mut self,
        old: &Operation<'a>,
        new: &Operation<'a>,
        (there, back): (Directions, Directions),
    ) {
        let (base, head) = (&old.node, &new.node);
        self.parameters(old, new, there);
        let (was, is) = (base.get("requestBody"), head.get("requestBody"));
        self.request_body(&self.base.resolve(&was), &self.head.resolve(&is), there);
        self.responses(&base.get("responses"), &head.get("responses"), back);
    }

    fn servers(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let effective = |operation: &Operation<'a>, root: NodeRef<'a>| {
            let all = [operation.node.get("servers"), operation.item.get("servers"), root.get("servers")];
            all.iter().find(|place| place.exists()).cloned().unwrap_or(root.get("servers"))
        };
        let (was, is) = (effective(old, self.base.root()), effective(new, self.head.root()));
        let (before, after) = (urls(&was), urls(&is));
        if before != after {
            let message =
                format!("the servers change from {} to {}", quoted(&before.join(", ")), quoted(&after.join(", ")));
            self.change(&rules::SERVERS_CHANGED, Some(&was), Some(&is), message, Directions::REQUEST);
        } else if was.exists() && is.exists() && !was.means(&is) {
            self.changed(&rules::NOTE_CHANGED, &was, &is, "the notes on the servers change".to_owned());
        }
    }

    fn parameters(&mut self, old: &Operation<'a>, new: &Operation<'a>, directions: Directions) {
        let mut was = declared(&self.base, old);
        let mut is = declared(&self.head, new);
        let keys: Vec<_> = was.keys().filter(|key| is.contains_key(*key)).cloned().collect();
        for key in keys {
            if let (Some(was), Some(is)) = (was.remove(&key), is.remove(&key)) {
                let (was, is) = (was.node, is.node);
                if was.text("name") != is.text("name") && key.0 == "path" {
                    let (was, is) = (was.get("name"), is.get("name"));
                    self.replaced(&rules::PATH_PARAMETER_RENAMED, "the name of the path parameter", &was, &is);
                }
                self.edge(Kind::Parameter, was, is, directions);
            }
        }
        for ((location, _), parameter) in was {
            let (name, node) = (parameter.name(), &parameter.node);
            let same = is.iter().find(|(_, other)| other.node.text("name") == Some(name)).map(|(key, _)| key.clone());
            if let Some(other) = same.and_then(|key| is.remove(&key)) {
                let other = other.node;
                let (from, to) = (node.get("in"), other.get("in"));
                let message = format!("`{name}` moves from {} to {}", from.show(), to.show());
                let rule = if node.flag("required") || other.flag("required") {
                    &rules::REQUIRED_PARAMETER_MOVED
                } else {
                    &rules::PARAMETER_LOCATION_CHANGED
                };
                self.change(rule, Some(&from), Some(&to), message, directions);
                self.edge(Kind::Parameter, node.clone(), other, directions);
            } else {
                let (rule, word) = if node.flag("required") {
                    (&rules::REQUIRED_PARAMETER_REMOVED, "required")
                } else {
                    (&rules::PARAMETER_REMOVED, "optional")
                };
                let place = if self.head.at(&node.pointer).exists() { &parameter.used } else { node };
                let message = format!("the {word} {location} parameter `{name}` is gone");
                self.change(rule, Some(place), None, message, directions);
            }
        }
        for ((location, _), parameter) in is {
            let (name, node) = (parameter.name(), &parameter.node);
            let (rule, word) = if node.flag("required") {
                (&rules::REQUIRED_PARAMETER_ADDED, "required")
            } else {
                (&rules::PARAMETER_ADDED, "optional")
            };
            let place = if self.base.at(&node.pointer).exists() { &parameter.used } else { node };
            let message = format!("the {word} {location} parameter `{name}` is new");
            self.change(rule, None, Some(place), message, directions);
        }
    }

    fn request_body(&mut self, was: &NodeRef<'a>, is: &NodeRef<'a>, directions: Directions) {
        let (place, rule, word) = match (was.exists(), is.exists()) {
            (false, false) => return,
            (true, true) => return self.edge(Kind::Body, was.clone(), is.clone(), directions),
            (false, true) if is.flag("required") => (is, &rules::REQUIRED_BODY_ADDED, "new"),
            (false, true) => (is, &rules::BODY_ADDED, "new"),
            (true, false) if was.flag("required") => (was, &rules::REQUIRED_BODY_REMOVED, "gone"),
            (true, false) => (was, &rules::BODY_REMOVED, "gone"),
        };
        let need = if place.flag("required") { "required" } else { "optional" };
        let message = format!("the {need} request body is {word}");
        let (base, head) = if was.exists() { (Some(was), None) } else { (None, Some(is)) };
        self.change(rule, base, head, message, directions);
    }

    /// Compares the components that no operation leads to.
    fn unused(&mut self) {
        let (old, new) = (self.base.components("schemas"), self.head.components("schemas"));
        let was: BTreeMap<_, _> = old.children().collect();
        let is: BTreeMap<_, _> = new.children().collect();
        let mut met: BTreeMap<Pointer, Pointer> = BTreeMap::new();
        let mut met_back = BTreeSet::new();
        let mut compared: Vec<_> = self.graph.schemas().map(|(_, schemas)| schemas).collect();
        compared.sort_unstable();
        for (base, head) in compared {
            met_back.insert(head.clone());
            met.insert(base.clone(), head.clone());
        }
        for (name, place) in &was {
            match (is.get(name), met.get(&place.pointer)) {
                (Some(other), _) => self.schema(place, other, Directions::BOTH),
                (None, Some(other)) => {
                    let other = self.head.at(other);
                    let now = other.pointer.schema_name().filter(|now| !was.contains_key(now));
                    if let Some(now) = now.filter(|_| other.pointer.is_schema_component()) {
                        let message = format!("`{name}` is called `{now}` now");
                        self.enter(place, &other);
                        self.changed(&rules::SCHEMA_RENAMED, place, &other, message);
                        self.leave();
                    }
                }
                // A component that only refers to another one isn't a schema of its own.
                (None, None) if self.base.schema(place).core.pointer != place.pointer => {}
                (None, None) if self.mentioned.contains(&place.pointer) => {}
                (None, None) => {
                    let message = format!("the schema `{name}` is gone");
                    self.change(&rules::SCHEMA_REMOVED, Some(place), None, message, Directions::BOTH);
                }
            }
        }
        for (name, place) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
            let is_met = met_back.contains(&place.pointer) || self.mentioned.contains(&place.pointer);
            if !is_met && self.head.schema(place).core.pointer == place.pointer {
                let message = format!("the schema `{name}` is new");
                self.change(&rules::SCHEMA_ADDED, None, Some(place), message, Directions::BOTH);
            }
        }
        self.extensions_of_components();
    }

    fn extensions_of_components(&mut self) {
        let (old, new) = (self.base.root().get("components"), self.head.root().get("components"));
        let only = |place: &NodeRef<'a>| -> Vec<&'a str> { place.members().map(|(key, _)| key).collect() };
        let handled: Vec<_> = only(&old).into_iter().chain(only(&new)).collect();
        self.rest(&FlattenedSchema::from(&old), &FlattenedSchema::from(&new), &handled);
        for section in ["parameters", "requestBodies", "responses", "headers"] {
            let kind = match section {
                "parameters" => Kind::Parameter,
                "requestBodies" => Kind::Body,
                "responses" => Kind::Response,
                _ => Kind::Header,
            };
            let head = self.head.components(section);
            for (name, was) in self.base.components(section).children() {
                let is = head.get(name);
                let is_own = |place: &NodeRef<'a>| place.exists() && !place.has("$ref");
                if is_own(&was) && is_own(&is) {
                    self.edge(kind, was, is, Directions::BOTH);
                }
            }
        }
        self.callback_components();
    }
}

/// The URLs of servers, with the values of variables written into them. The default is `/`: the service is at the
/// address of its description.
fn urls(servers: &NodeRef<'_>) -> Vec<String> {
    let url = |server: NodeRef<'_>| {
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
