//! Unions: `oneOf` and `anyOf` of several types.

use std::collections::BTreeSet;

use super::cases::{ObjectCase, discriminator, distinguish};
use super::{Builder, text};
use crate::api::{Case, CaseTest, JsonType, Scalar, Ty, TypeItem, Union};
use crate::directions::Directions;
use crate::names;
use crate::spec::{FlattenedSchema, NodeKey, NodeRef, View};

/// Names for the variant of values that fit no case, the first free one of which is used.
const UNLISTED: &[&str] = &["Unknown", "Unlisted", "UnlistedCase"];

/// A schema that is one of several.
pub(super) struct Choice<'a> {
    /// The place in the list.
    pub(super) place: NodeRef<'a>,
    pub(super) core: NodeRef<'a>,
    pub(super) flat: FlattenedSchema<'a>,
    /// The components that it is, by name.
    pub(super) components: Vec<String>,
}

impl<'a> Builder<'a> {
    /// The cases of a schema. Empty where it has none, or where they only restrict the values of the schema itself.
    pub(super) fn choices(&self, core: &NodeRef<'a>, flat: &FlattenedSchema<'a>) -> Vec<Choice<'a>> {
        if let Some((base, flat)) = self.base_of(core, flat) {
            return self.subtypes(&base, &flat);
        }
        let mut choices = Vec::new();
        let mut opened = BTreeSet::from([core.key()]);
        for (_, cases) in flat.lists() {
            let cases: Vec<_> = cases.into_iter().map(|place| self.choice(place)).collect();
            // The schema extends another one, which lists the schema among its cases.
            let is_parents = cases.iter().any(|case| case.core.pointer == core.pointer);
            if cases.len() > 1 && !is_parents {
                self.add_choices(cases, &mut opened, &mut choices);
            }
        }
        let is_shaped = flat.kind().is_some();
        if is_shaped && choices.iter().all(|choice| choice.is_constraint(flat)) { Vec::new() } else { choices }
    }

    pub(super) fn choice(&self, place: NodeRef<'a>) -> Choice<'a> {
        let core = self.view.schema(&place).core;
        let flat = self.view.flattened(&core);
        let components = [&place.pointer, &core.pointer].into_iter().filter(|pointer| pointer.is_schema_component());
        let mut components: Vec<_> = components.filter_map(|pointer| pointer.last()).map(str::to_owned).collect();
        components.dedup();
        Choice { place, core, flat, components }
    }

    /// Adds cases, and in place of a union the cases of that. Each union is opened once, so that unions which contain one
    /// another do not multiply.
    fn add_choices(&self, cases: Vec<Choice<'a>>, opened: &mut BTreeSet<NodeKey>, choices: &mut Vec<Choice<'a>>) {
        let mut open: Vec<_> = cases.into_iter().rev().collect();
        let mut seen: BTreeSet<_> = choices.iter().map(|choice| choice.core.key()).collect();
        while let Some(case) = open.pop() {
            let inner = case.flat.lists();
            let is_union = !inner.is_empty() && case.flat.values().is_none() && case.flat.kind().is_none();
            if is_union {
                if opened.insert(case.core.key()) {
                    let inner = inner.into_iter().flat_map(|(_, places)| places).map(|place| self.choice(place));
                    open.extend(inner.collect::<Vec<_>>().into_iter().rev());
                }
            } else if !case.is_null() && seen.insert(case.core.key()) {
                choices.push(case);
            }
        }
    }

    /// The type of a schema with several cases.
    pub(super) fn union(
        &mut self,
        core: &NodeRef<'a>,
        flat: &FlattenedSchema<'a>,
        choices: Vec<Choice<'a>>,
        name: &str,
    ) -> Ty {
        let kinds: Vec<_> = choices.iter().map(Choice::kind).collect();
        let Some(kinds) = kinds.into_iter().collect::<Option<Vec<_>>>() else {
            // One of the cases is any value.
            return Ty::Any;
        };
        let distinct: BTreeSet<_> = kinds.iter().copied().collect();
        if let ([only], false) = (choices.as_slice(), flat.has("properties")) {
            return self.schema(&only.place, name);
        }
        if let (1, Some(kind)) = (distinct.len(), distinct.first())
            && let Some(ty) = self.scalars(core, *kind, &choices, name)
        {
            return ty;
        }
        self.named(core, name, Ty::Union, |builder, name| builder.cases(core, flat, choices, kinds, name))
    }

    /// The one type of cases without parts that have the same JSON type. `None` for lists and objects.
    fn scalars(&mut self, core: &NodeRef<'a>, kind: JsonType, choices: &[Choice<'a>], name: &str) -> Option<Ty> {
        match kind {
            JsonType::Bool => Some(Ty::Scalar(Scalar::Bool)),
            JsonType::Number => Some(Ty::Scalar(number(choices))),
            JsonType::String => {
                let values: Vec<_> = choices.iter().filter_map(|choice| choice.flat.values()).collect();
                if values.is_empty() {
                    let formats: BTreeSet<_> = choices.iter().map(|choice| choice.flat.text("format")).collect();
                    return Some(match choices.first() {
                        Some(first) if formats.len() == 1 => self.schema(&first.place, name),
                        _ => Ty::Scalar(Scalar::String),
                    });
                }
                // Other values are unlisted ones.
                let values = values.into_iter().flatten().collect();
                let docs = text(core, "description");
                let code = |builder: &mut Self, name: &str| builder.code_of(core, docs, false, &values, name);
                Some(self.named(core, name, Ty::Code, code))
            }
            JsonType::List | JsonType::Object => None,
        }
    }

    fn cases(
        &mut self,
        core: &NodeRef<'a>,
        flat: &FlattenedSchema<'a>,
        choices: Vec<Choice<'a>>,
        kinds: Vec<JsonType>,
        name: &str,
    ) -> TypeItem {
        let (mut cases, mut objects) = (Vec::new(), Vec::new());
        let (mut taken, mut scalars, mut tests) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let mut lists = 0;
        for (choice, kind) in choices.iter().zip(&kinds) {
            let is_scalar = matches!(kind, JsonType::Bool | JsonType::Number | JsonType::String);
            if is_scalar && !scalars.insert(*kind) {
                continue;
            }
            let variant = variant(&self.view, choice, *kind, &mut taken);
            let of_kind = || choices.iter().zip(&kinds).filter(|(_, other)| *other == kind).count();
            let ty = match kind {
                JsonType::Number if of_kind() > 1 => Ty::Scalar(number(&choices)),
                JsonType::String if of_kind() > 1 => Ty::Scalar(Scalar::String),
                JsonType::Object if flat.has("properties") && !choice.extends(core) => {
                    self.extended(choice, core, flat, &format!("{name}{variant}"))
                }
                JsonType::Object if self.is_base(&choice.core, &choice.flat) => self.base(&choice.core, &choice.flat),
                _ => self.schema(&choice.place, &format!("{name}{variant}")),
            };
            lists += usize::from(*kind == JsonType::List);
            if *kind == JsonType::Object {
                let merged = joined(&choice.flat, flat);
                let components = choice.components.clone();
                objects.push(ObjectCase::new(&self.view, &variant, components, &choice.core, &merged));
            } else {
                tests.push((variant.clone(), CaseTest::Json(*kind)));
            }
            cases.push(Case { name: variant, docs: self.description(&choice.place), ty, boxed: false });
        }
        // The order of cases has no meaning.
        cases.sort_by(|left, right| left.name.cmp(&right.name));
        objects.sort_by(|left, right| left.name.cmp(&right.name));
        tests.sort_by(|(left, _), (right, _)| left.cmp(right));
        let discriminator = discriminator(&self.view, flat, &objects);
        let object_tests = distinguish(&objects, discriminator.as_ref(), self.base_of(core, flat).is_some());
        let tests = match object_tests {
            Some(objects) if lists <= 1 => objects.into_iter().chain(tests).collect(),
            _ => Vec::new(),
        };
        let unlisted = UNLISTED.iter().find(|name| !taken.contains(**name)).copied().unwrap_or("UnlistedCaseOfUnion");
        TypeItem::Union(Union {
            name: name.to_owned(),
            docs: text(core, "description"),
            cases,
            tests,
            unlisted: unlisted.to_owned(),
            exclusive: flat.has("oneOf"),
            discriminator,
            directions: Directions::NONE,
        })
    }

    /// The type of an object that has the properties of its case and those beside the cases.
    fn extended(&mut self, choice: &Choice<'a>, core: &NodeRef<'a>, flat: &FlattenedSchema<'a>, name: &str) -> Ty {
        let merged = joined(&choice.flat, flat);
        let mut place = choice.core.clone();
        place.more.push(core.clone());
        self.named(&place, name, Ty::Object, |builder, name| builder.object(&choice.core, &merged, name))
    }
}

impl<'a> Choice<'a> {
    /// Returns whether it has everything that a schema describes, by its `allOf`.
    fn extends(&self, base: &NodeRef<'a>) -> bool {
        self.flat.0.iter().any(|part| part.pointer == base.pointer)
    }

    fn is_null(&self) -> bool {
        self.flat.text("type") == Some("null")
            || self.flat.values().is_some_and(|values| values.is_empty()) && self.flat.has("enum")
    }

    /// Returns whether it says no more than which values of another schema are allowed.
    fn is_constraint(&self, flat: &FlattenedSchema<'a>) -> bool {
        let kind = self.flat.kind();
        let has_shape = ["properties", "items", "additionalProperties", "oneOf", "anyOf"];
        (kind.is_none() || kind == flat.kind()) && !has_shape.iter().any(|key| self.flat.has(key))
    }

    /// The JSON type. `None` where a value may have any.
    pub(super) fn kind(&self) -> Option<JsonType> {
        let kind = match self.flat.kind() {
            None if self.flat.has("required") => "object",
            kind => kind?,
        };
        Some(match kind {
            "boolean" => JsonType::Bool,
            "integer" | "number" => JsonType::Number,
            "string" => JsonType::String,
            "array" => JsonType::List,
            "object" => JsonType::Object,
            _ => return None,
        })
    }
}

/// The parts of a case, and then those of the schema around the cases.
fn joined<'a>(case: &FlattenedSchema<'a>, around: &FlattenedSchema<'a>) -> FlattenedSchema<'a> {
    let is_new = |part: &&NodeRef<'a>| case.0.iter().all(|known| known.pointer != part.pointer);
    FlattenedSchema(case.0.iter().chain(around.0.iter().filter(is_new)).cloned().collect())
}

/// The type of numbers that may have any of several types.
fn number(choices: &[Choice<'_>]) -> Scalar {
    let numbers = choices.iter().filter(|choice| choice.kind() == Some(JsonType::Number));
    let mut is_whole = true;
    for flat in numbers.map(|choice| &choice.flat) {
        if flat.text("format") == Some("decimal") {
            return Scalar::DecimalNumber;
        }
        is_whole &= flat.kind() == Some("integer");
    }
    if is_whole { Scalar::Int64 } else { Scalar::Float64 }
}

/// The name of a variant: that of the component, the title, or a word for the JSON type.
fn variant<'a>(view: &View<'a>, choice: &Choice<'a>, kind: JsonType, taken: &mut BTreeSet<String>) -> String {
    let component = choice.core.pointer.is_schema_component().then(|| choice.core.pointer.last()).flatten();
    let word = match kind {
        JsonType::Bool => "Flag",
        JsonType::Number => "Number",
        JsonType::String => "Text",
        JsonType::List => "List",
        JsonType::Object => "Object",
    };
    let title = || choice.flat.text("title").map(str::to_owned);
    let constant = || ObjectCase::new(view, "", Vec::new(), &choice.core, &choice.flat).constant();
    let required = || choice.flat.required().first().map(|name| (*name).to_owned());
    let of_object = || if kind == JsonType::Object { constant().or_else(required) } else { None };
    let written = component.map(str::to_owned).or_else(title).or_else(of_object).unwrap_or_else(|| word.to_owned());
    let written = written.as_str();
    let identity = choice.place.pointer.to_string();
    let is_free = |name: &str| !taken.contains(name);
    let name = names::unique(names::Style::Pascal, &names::type_name(written), written, &[word], &identity, is_free);
    taken.insert(name.clone());
    name
}
