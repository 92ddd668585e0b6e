//! Values for the parameters and bodies of an operation, chosen to show differences in how they are written.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::case::Case;
use crate::document::Place;
use crate::scalars::{Scalars, Style};
use crate::theirs::Location;

/// Objects that are nested deeper than this have their required properties only.
const DEPTH: usize = 4;

/// Returns the calls to make of an operation: one with what is required, two with everything, and one for each name among
/// the `examples` of its parameters.
pub fn cases(spec: &Value, place: &Place) -> Vec<Case> {
    let operation = Operation::new(spec, place);
    let mut cases = Vec::new();
    for (name, style) in [("least", Style::Least), ("all", Style::All), ("odd", Style::Odd)] {
        let case = Case { name: name.to_owned(), values: operation.values(style) };
        if cases.iter().all(|other: &Case| other.values != case.values) {
            cases.push(case);
        }
    }
    for name in operation.example_names() {
        let mut values = operation.values(Style::All);
        values.extend(operation.example(&name));
        cases.push(Case { name, values });
    }
    cases
}

/// A parameter or the body of an operation.
struct Part<'a> {
    location: Location,
    name: String,
    required: bool,
    /// The parameter object, or the media type of the body.
    node: &'a Value,
}

struct Operation<'a> {
    spec: &'a Value,
    parts: Vec<Part<'a>>,
}

impl<'a> Operation<'a> {
    fn new(spec: &'a Value, place: &Place) -> Self {
        let item = &spec["paths"][&place.path];
        let operation = &item[&place.method];
        let mut parameters = BTreeMap::new();
        for node in [item, operation].into_iter().flat_map(|owner| owner["parameters"].as_array().into_iter().flatten())
        {
            let node = resolved(spec, node);
            let name = node["name"].as_str().unwrap_or_default().to_owned();
            let location = match node["in"].as_str() {
                Some("path") => Location::Path,
                Some("header") => Location::Header,
                _ => Location::Query,
            };
            let required = node["required"].as_bool().unwrap_or_default();
            parameters.insert((location, name.clone()), Part { location, name, required, node });
        }
        let mut parts: Vec<_> = parameters.into_values().collect();
        if let Some(body) = operation.get("requestBody") {
            let content = resolved(spec, body)["content"].as_object();
            // The generator sends JSON if it can.
            let is_json = |name: &&String| name.starts_with("application/json");
            let name = content.and_then(|content| content.keys().find(is_json).or_else(|| content.keys().next()));
            if let (Some(content), Some(name)) = (content, name) {
                let (location, node) = (Location::Body, &content[name]);
                parts.push(Part { location, name: "body".to_owned(), required: true, node });
            }
        }
        Self { spec, parts }
    }

    fn values(&self, style: Style) -> BTreeMap<(Location, String), String> {
        let parts = self.parts.iter().enumerate().filter(|(_, part)| part.required || style != Style::Least);
        parts
            .map(|(index, part)| {
                let mut writer = Writer { spec: self.spec, scalars: Scalars::new(style, part.location, index) };
                ((part.location, part.name.clone()), writer.json(&part.node["schema"], 0, true))
            })
            .collect()
    }

    fn example_names(&self) -> Vec<String> {
        let examples = self.parts.iter().filter_map(|part| part.node["examples"].as_object());
        let mut names: Vec<_> = examples.flat_map(|examples| examples.keys().cloned()).collect();
        names.sort();
        names.dedup();
        names
    }

    fn example(&self, name: &str) -> impl Iterator<Item = ((Location, String), String)> {
        self.parts.iter().filter_map(move |part| {
            let value = resolved(self.spec, part.node["examples"].get(name)?).get("value")?;
            Some(((part.location, part.name.clone()), value.to_string()))
        })
    }
}

/// Follows the references of a node.
fn resolved<'a>(spec: &'a Value, mut node: &'a Value) -> &'a Value {
    for _ in 0..32 {
        let target =
            node.get("$ref").and_then(Value::as_str).and_then(|target| spec.pointer(target.strip_prefix('#')?));
        match target {
            Some(target) => node = target,
            None => break,
        }
    }
    node
}

fn is_empty_collection(json: &str) -> bool {
    matches!(json, "[]" | "{}")
}

/// Writes values of schemas.
struct Writer<'a> {
    spec: &'a Value,
    scalars: Scalars,
}

impl Writer<'_> {
    /// Writes a value of a schema. `is_whole` is false inside of objects and lists.
    fn json(&mut self, schema: &Value, depth: usize, is_whole: bool) -> String {
        let schema = resolved(self.spec, schema);
        if !is_whole && self.scalars.style == Style::Odd && schema["nullable"] == true {
            return "null".to_owned();
        }
        if let Some(only) = schema["allOf"].as_array().and_then(|all| all.first()) {
            return self.json(only, depth, is_whole);
        }
        if schema.get("enum").or(schema.get("oneOf")).is_some() {
            return self.scalars.code(schema);
        }
        match schema["type"].as_str() {
            Some("array") => self.list(schema, depth),
            Some("object") if schema["properties"].is_object() => self.object(schema, depth),
            Some("object") => self.map(schema, depth),
            Some("integer") => self.scalars.integer(schema),
            Some("number") => self.scalars.number(schema),
            Some("boolean") => self.scalars.flag(),
            Some(_) => self.scalars.text(schema),
            None if schema["properties"].is_object() => self.object(schema, depth),
            None => self.scalars.anything(),
        }
    }

    fn list(&mut self, schema: &Value, depth: usize) -> String {
        let bound = |key: &str| schema[key].as_u64().and_then(|bound| usize::try_from(bound).ok());
        let wanted = match self.scalars.style {
            _ if depth >= DEPTH => 0,
            Style::Least => 1,
            Style::All => 3,
            Style::Odd => 0,
        };
        let count = wanted.min(bound("maxItems").unwrap_or(usize::MAX)).max(bound("minItems").unwrap_or_default());
        let items: Vec<_> = (0..count).map(|_| self.json(&schema["items"], depth + 1, false)).collect();
        format!("[{}]", items.join(","))
    }

    fn object(&mut self, schema: &Value, depth: usize) -> String {
        let required: Vec<_> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let takes_all = self.scalars.style != Style::Least && depth < DEPTH;
        let properties = schema["properties"].as_object().into_iter().flatten();
        let mut members = Vec::new();
        for (name, schema) in properties {
            let is_required = required.contains(&name.as_str());
            // The values are those of requests.
            if !is_required && !takes_all || schema["readOnly"] == true {
                continue;
            }
            let value = self.json(schema, depth + 1, false);
            // progenitor leaves out optional collections that are empty; the examples of one document show it.
            if is_required || !is_empty_collection(&value) {
                members.push(format!("{}:{value}", Value::from(name.as_str())));
            }
        }
        format!("{{{}}}", members.join(","))
    }

    fn map(&mut self, schema: &Value, depth: usize) -> String {
        if self.scalars.style == Style::Least || depth >= DEPTH {
            return "{}".to_owned();
        }
        let values = match &schema["additionalProperties"] {
            values if values.is_object() => values,
            _ => &Value::Null,
        };
        // A name that has to be escaped comes after one that has not.
        let [first, second] = [0, 1].map(|_| self.json(values, depth + 1, false));
        format!(r#"{{"plain":{first},"ß \"quoted\"":{second}}}"#)
    }
}
