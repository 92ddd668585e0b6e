//! The parts of an operation: parameters, bodies, responses and their headers.

use std::collections::BTreeMap;

use super::resolve::Spot;
use super::rules;
use super::walk::{BOTH, Kind, REQUEST, RESPONSE, Walk};

impl<'a> Walk<'a> {
    pub(super) fn parameter(&mut self, base: &Spot<'a>, head: &Spot<'a>) {
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
        let (was, is) = (style(base), style(head));
        if base.text("in") == head.text("in") && was != is {
            let message = format!("the parameter `{name}` is written as {is}, no longer as {was}");
            self.changed(&rules::PARAMETER_STYLE_CHANGED, &base.get("style"), &head.get("style"), message);
        }
        self.deprecated(&format!("the parameter `{name}`"), base, head);
        self.value(base, head, REQUEST);
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

    /// Compares what a parameter or a header holds, described by a schema or as a document.
    fn value(&mut self, base: &Spot<'a>, head: &Spot<'a>, ways: u8) {
        if base.has("content") || head.has("content") {
            self.content(&base.get("content"), &head.get("content"), ways);
        }
        if base.has("schema") || head.has("schema") {
            self.schema(&base.get("schema"), &head.get("schema"), ways);
        }
    }

    pub(super) fn body(&mut self, base: &Spot<'a>, head: &Spot<'a>) {
        let (old, new) = (base.get("required"), head.get("required"));
        match (base.flag("required"), head.flag("required")) {
            (false, true) => {
                let message = "the request body becomes required".to_owned();
                self.changed(&rules::BODY_BECAME_REQUIRED, &old, &new, message);
            }
            (true, false) => {
                let message = "the request body becomes optional".to_owned();
                self.changed(&rules::BODY_BECAME_OPTIONAL, &old, &new, message);
            }
            _ => {}
        }
        self.content(&base.get("content"), &head.get("content"), REQUEST);
        self.rest(&base.into(), &head.into(), &["required", "content"]);
    }

    pub(super) fn response(&mut self, base: &Spot<'a>, head: &Spot<'a>) {
        self.content(&base.get("content"), &head.get("content"), RESPONSE);
        self.headers(&base.get("headers"), &head.get("headers"));
        self.rest(&base.into(), &head.into(), &["content", "headers"]);
    }

    pub(super) fn header(&mut self, base: &Spot<'a>, head: &Spot<'a>) {
        let (old, new) = (base.get("required"), head.get("required"));
        match (base.flag("required"), head.flag("required")) {
            (false, true) => {
                let message = "the header is always there".to_owned();
                self.changed(&rules::HEADER_BECAME_REQUIRED, &old, &new, message);
            }
            (true, false) => {
                let message = "the header may be missing".to_owned();
                self.changed(&rules::HEADER_BECAME_OPTIONAL, &old, &new, message);
            }
            _ => {}
        }
        self.deprecated("the header", base, head);
        self.value(base, head, RESPONSE);
        self.rest(&base.into(), &head.into(), &["required", "deprecated", "schema", "content"]);
    }

    fn headers(&mut self, old: &Spot<'a>, new: &Spot<'a>) {
        let by_name = |(name, spot): (&'a str, Spot<'a>)| (name.to_ascii_lowercase(), (name, spot));
        let was: BTreeMap<_, _> = old.children().map(by_name).collect();
        let is: BTreeMap<_, _> = new.children().map(by_name).collect();
        for (key, (name, was)) in &was {
            let resolved = self.base.resolve(was);
            match is.get(key) {
                Some((_, is)) => self.edge(Kind::Header, resolved, self.head.resolve(is), RESPONSE),
                None => {
                    let (rule, word) = if resolved.flag("required") {
                        (&rules::REQUIRED_HEADER_REMOVED, "required")
                    } else {
                        (&rules::HEADER_REMOVED, "optional")
                    };
                    self.change(rule, Some(was), None, format!("the {word} header `{name}` is gone"), RESPONSE);
                }
            }
        }
        for (_, (name, is)) in is.iter().filter(|(key, _)| !was.contains_key(*key)) {
            let (rule, word) = if self.head.resolve(is).flag("required") {
                (&rules::REQUIRED_HEADER_ADDED, "required")
            } else {
                (&rules::HEADER_ADDED, "optional")
            };
            self.change(rule, None, Some(is), format!("the {word} header `{name}` is new"), RESPONSE);
        }
    }

    /// Compares the media types of a body.
    fn content(&mut self, old: &Spot<'a>, new: &Spot<'a>, ways: u8) {
        let by_name = |(name, spot): (&'a str, Spot<'a>)| (media_type(name), (name, spot));
        let was: BTreeMap<_, _> = old.children().map(by_name).collect();
        let is: BTreeMap<_, _> = new.children().map(by_name).collect();
        for (key, (name, was)) in &was {
            let Some((_, is)) = is.get(key) else {
                let message = format!("the media type `{name}` is gone");
                self.change(&rules::MEDIA_TYPE_REMOVED, Some(was), None, message, ways);
                continue;
            };
            self.schema(&was.get("schema"), &is.get("schema"), BOTH);
            self.rest(&was.into(), &is.into(), &["schema"]);
        }
        for (_, (name, is)) in is.iter().filter(|(key, _)| !was.contains_key(*key)) {
            let message = format!("the media type `{name}` is new");
            self.change(&rules::MEDIA_TYPE_ADDED, None, Some(is), message, ways);
        }
    }
}

/// How a parameter is written, defaults filled in.
fn style(parameter: &Spot<'_>) -> String {
    let default = match parameter.text("in") {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    let style = parameter.text("style").unwrap_or(default);
    let explode = parameter.node.and_then(|node| node.get("explode")?.as_bool()).unwrap_or(style == "form");
    let mut words = vec![format!("`{style}`")];
    for (holds, word) in [
        (explode, "exploded"),
        (parameter.flag("allowReserved"), "reserved characters as they are"),
        (parameter.flag("allowEmptyValue"), "empty values allowed"),
    ] {
        if holds {
            words.push(word.to_owned());
        }
    }
    words.join(", ")
}

/// A media type without what says nothing about a body: case, spaces, the character set.
fn media_type(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let mut parts = lower.split(';').map(str::trim);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for parameter in parts.filter(|parameter| !parameter.starts_with("charset=")) {
        result.push(';');
        result.push_str(parameter);
    }
    result
}
