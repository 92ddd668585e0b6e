//! The parts of an operation: parameters, bodies, responses and their headers.

use std::collections::{BTreeMap, BTreeSet};

use super::directions::Directions;
use super::graph::Kind;
use super::revision::Revision;
use super::rules;
use super::walk::Walk;
use crate::spec::NodeRef;

impl<'a> Walk<'a> {
    pub(super) fn parameter(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        let (was, is) = (base.flag("required"), head.flag("required"));
        let (old, new) = (base.get("required"), head.get("required"));
        let name = head.text("name").unwrap_or_default();
        match (was, is) {
            (false, true) => {
                let message = format!("the parameter `{name}` becomes required");
                self.changed(&rules::PARAMETER_BECAME_REQUIRED, &old, &new, message);
            }
            (true, false) => {
                let message = format!("the parameter `{name}` becomes optional");
                self.changed(&rules::PARAMETER_BECAME_OPTIONAL, &old, &new, message);
            }
            _ => {}
        }
        if base.text("in") == head.text("in") {
            self.style(&format!("the parameter `{name}`"), base, head);
        }
        let key = "allowEmptyValue";
        match (base.flag(key), head.flag(key)) {
            (true, false) => self.replaced(&rules::BOUND_SET, &format!("`{key}`"), &base.get(key), &head.get(key)),
            (false, true) => self.replaced(&rules::BOUND_DROPPED, &format!("`{key}`"), &base.get(key), &head.get(key)),
            _ => {}
        }
        self.deprecated(&format!("the parameter `{name}`"), base, head);
        self.value(base, head);
        let handled = [
            "name",
            "in",
            "required",
            "style",
            "explode",
            "allowReserved",
            "allowEmptyValue",
            "deprecated",
            "schema",
            "content",
        ];
        self.rest(&base.into(), &head.into(), &handled);
    }

    /// Compares how a parameter or a header is written.
    fn style(&mut self, what: &str, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        let (was, is) = (self.base.style(base), self.head.style(head));
        if was != is {
            let message = format!("{what} is written as {is}, no longer as {was}");
            let style_of = |place: &NodeRef<'a>| {
                let keys = ["style", "explode", "allowReserved", "content", "schema"];
                keys.iter().map(|key| place.get(key)).find(NodeRef::exists).unwrap_or_else(|| place.clone())
            };
            self.changed(&rules::PARAMETER_STYLE_CHANGED, &style_of(base), &style_of(head), message);
        }
    }

    /// Compares the values of a parameter or a header, described by a schema or by a media type.
    fn value(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        if base.has("content") && head.has("content") {
            self.content(&base.get("content"), &head.get("content"));
        }
        if base.has("schema") && head.has("schema") {
            self.schema(&base.get("schema"), &head.get("schema"), Directions::BOTH);
        }
    }

    pub(super) fn body(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        let (old, new) = (base.get("required"), head.get("required"));
        match (base.flag("required"), head.flag("required")) {
            (false, true) => {
                let message = "it becomes required".to_owned();
                self.changed(&rules::BODY_BECAME_REQUIRED, &old, &new, message);
            }
            (true, false) => {
                let message = "it becomes optional".to_owned();
                self.changed(&rules::BODY_BECAME_OPTIONAL, &old, &new, message);
            }
            _ => {}
        }
        self.content(&base.get("content"), &head.get("content"));
        self.rest(&base.into(), &head.into(), &["required", "content"]);
    }

    pub(super) fn response(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        self.content(&base.get("content"), &head.get("content"));
        self.headers(&base.get("headers"), &head.get("headers"));
        self.links(&base.get("links"), &head.get("links"));
        self.rest(&base.into(), &head.into(), &["content", "headers", "links"]);
    }

    pub(super) fn header(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        let (old, new) = (base.get("required"), head.get("required"));
        match (base.flag("required"), head.flag("required")) {
            (false, true) => {
                let message = "it is always there".to_owned();
                self.changed(&rules::HEADER_BECAME_REQUIRED, &old, &new, message);
            }
            (true, false) => {
                let message = "it may be missing".to_owned();
                self.changed(&rules::HEADER_BECAME_OPTIONAL, &old, &new, message);
            }
            _ => {}
        }
        self.style("it", base, head);
        self.deprecated("it", base, head);
        self.value(base, head);
        self.rest(
            &base.into(),
            &head.into(),
            &["required", "deprecated", "schema", "content", "style", "explode", "allowReserved"],
        );
    }

    fn headers(&mut self, old: &NodeRef<'a>, new: &NodeRef<'a>) {
        let by_name = |(name, place): (&'a str, NodeRef<'a>)| (name.to_ascii_lowercase(), (name, place));
        // OpenAPI ignores this header, since the keys of `content` are media types.
        let is_header = |(name, _): &(&'a str, NodeRef<'a>)| !name.eq_ignore_ascii_case("content-type");
        let was: BTreeMap<_, _> = old.children().filter(is_header).map(by_name).collect();
        let is: BTreeMap<_, _> = new.children().filter(is_header).map(by_name).collect();
        for (key, (name, was)) in &was {
            let resolved = self.base.resolve(was);
            match is.get(key) {
                Some((_, is)) => self.edge(Kind::Header, resolved, self.head.resolve(is), Directions::BOTH),
                None => {
                    let (rule, word) = if resolved.flag("required") {
                        (&rules::REQUIRED_HEADER_REMOVED, "required")
                    } else {
                        (&rules::HEADER_REMOVED, "optional")
                    };
                    self.change(rule, Some(was), None, format!("the {word} header `{name}` is gone"), Directions::BOTH);
                }
            }
        }
        for (_, (name, is)) in is.iter().filter(|(key, _)| !was.contains_key(*key)) {
            let (rule, word) = if self.head.resolve(is).flag("required") {
                (&rules::REQUIRED_HEADER_ADDED, "required")
            } else {
                (&rules::HEADER_ADDED, "optional")
            };
            self.change(rule, None, Some(is), format!("the {word} header `{name}` is new"), Directions::BOTH);
        }
    }

    /// Compares the links of a response.
    fn links(&mut self, old: &NodeRef<'a>, new: &NodeRef<'a>) {
        let was: BTreeMap<_, _> = old.children().collect();
        let is: BTreeMap<_, _> = new.children().collect();
        for (name, was) in &was {
            match is.get(name) {
                Some(is) => self.note("link", &self.base.resolve(was), &self.head.resolve(is)),
                None => {
                    self.change(
                        &rules::LINK_REMOVED,
                        Some(was),
                        None,
                        format!("the link `{name}` is gone"),
                        Directions::BOTH,
                    );
                }
            }
        }
        for (name, is) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
            self.change(&rules::LINK_ADDED, None, Some(is), format!("the link `{name}` is new"), Directions::BOTH);
        }
    }

    /// Compares the media types of a body.
    fn content(&mut self, old: &NodeRef<'a>, new: &NodeRef<'a>) {
        // Media types that only differ in their character set stay apart.
        let plain =
            |place: &NodeRef<'a>| place.children().map(|(name, _)| media_type(name)).collect::<BTreeSet<_>>().len();
        let is_plain = plain(old) == old.entries().len() && plain(new) == new.entries().len();
        let key = |name: &str| if is_plain { media_type(name) } else { name.to_ascii_lowercase() };
        let by_name = |(name, place): (&'a str, NodeRef<'a>)| (key(name), (name, place));
        let was: BTreeMap<_, _> = old.children().map(by_name).collect();
        let is: BTreeMap<_, _> = new.children().map(by_name).collect();
        for (key, (name, was)) in &was {
            let Some((_, is)) = is.get(key) else {
                let message = format!("the media type `{name}` is gone");
                self.change(&rules::MEDIA_TYPE_REMOVED, Some(was), None, message, Directions::BOTH);
                continue;
            };
            self.schema(&was.get("schema"), &is.get("schema"), Directions::BOTH);
            self.encodings(was, is);
            self.rest(&was.into(), &is.into(), &["schema", "encoding"]);
        }
        for (_, (name, is)) in is.iter().filter(|(key, _)| !was.contains_key(*key)) {
            let message = format!("the media type `{name}` is new");
            self.change(&rules::MEDIA_TYPE_ADDED, None, Some(is), message, Directions::BOTH);
        }
    }
}

impl<'a> Walk<'a> {
    /// Compares how the properties of a form are written, of those that both sides have.
    fn encodings(&mut self, was: &NodeRef<'a>, is: &NodeRef<'a>) {
        let (old, new) = (was.get("encoding"), is.get("encoding"));
        if !old.exists() && !new.exists() {
            return;
        }
        let properties = |revision: &Revision<'a>, media: &NodeRef<'a>| {
            let core = revision.schema(&media.get("schema")).core;
            revision.flattened(&core).properties().into_keys().collect::<BTreeSet<_>>()
        };
        let (before, after) = (properties(&self.base, was), properties(&self.head, is));
        for name in before.intersection(&after) {
            let (own, other) = (old.get(name), new.get(name));
            let (style, style_now) = (encoding(&own), encoding(&other));
            if style != style_now {
                let message = format!("`{name}` is written as {style_now}, no longer as {style}");
                self.changed(&rules::ENCODING_CHANGED, &own, &other, message);
            }
            for (key, default) in [("contentType", None), ("headers", None), ("allowReserved", Some(false))] {
                let (was, is) = (own.get(key), other.get(key));
                let is_default =
                    |place: &NodeRef<'a>| !place.exists() || place.as_bool().is_some_and(|it| Some(it) == default);
                let is_same = was.means(&is) || is_default(&was) && is_default(&is);
                if !is_same {
                    let message = format!("`{key}` of `{name}` {}", was.change(&is));
                    self.changed(&rules::OTHER_CHANGED, &was, &is, message);
                }
            }
        }
    }
}

/// The serialization of a property of a form, with defaults filled in.
fn encoding(entry: &NodeRef<'_>) -> String {
    let style = entry.text("style").unwrap_or("form");
    let explode = entry.get("explode").as_bool().unwrap_or(style == "form");
    format!("`{style}`, {}", if explode { "one by one (`explode`)" } else { "in one piece" })
}

impl<'a> Revision<'a> {
    /// The serialization of a parameter or a header as text, with defaults filled in.
    fn style(&self, parameter: &NodeRef<'a>) -> String {
        if parameter.has("content") {
            return "a document".to_owned();
        }
        let default = match parameter.text("in") {
            Some("query" | "cookie") => "form",
            _ => "simple",
        };
        let style = parameter.text("style").unwrap_or(default);
        let explode = parameter.node.and_then(|node| node.get("explode")?.as_bool()).unwrap_or(style == "form");
        // `explode` makes no difference to a single value.
        let core = self.schema(&parameter.get("schema")).core;
        let is_single = matches!(self.kind(&core), "string" | "number" | "integer" | "boolean");
        let mut words = vec![format!("`{style}`")];
        if !is_single {
            words.push(if explode { "one by one (`explode`)" } else { "in one piece" }.to_owned());
        }
        if parameter.flag("allowReserved") {
            words.push("with reserved characters as they are".to_owned());
        }
        words.join(", ")
    }
}

/// A media type in lower case, without spaces and the character set.
fn media_type(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let mut parts = lower.split(';').map(str::trim);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for parameter in parts.filter(|parameter| !parameter.starts_with("charset=")) {
        result.push(';');
        result.push_str(&parameter.replace('"', ""));
    }
    result
}
