//! JSON types and nullability of schemas whose cases decide.
//!
//! Cases may refer to each other in cycles. The schemas that one leads to are decided together, and remembered.

use std::collections::HashMap;

use super::revision::Revision;
use crate::spec::{FlattenedSchema, NodeKey, NodeRef, SchemaUse};

const SEVERAL: &str = "one of several";

/// The schemas that one leads to over its cases or branches.
struct Closure<'a> {
    schemas: Vec<NodeRef<'a>>,
    index: HashMap<NodeKey, usize>,
    /// The schemas that each one is a part of, once for each use.
    used_by: Vec<Vec<(usize, Part)>>,
}

/// The relation of a schema to one that it is a part of.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Part {
    Case,
    Branch,
}

impl<'a> Closure<'a> {
    fn new(core: &NodeRef<'a>) -> Self {
        let mut closure = Self { schemas: Vec::new(), index: HashMap::new(), used_by: Vec::new() };
        closure.add(core);
        closure
    }

    fn add(&mut self, core: &NodeRef<'a>) -> usize {
        let next = self.schemas.len();
        let found = *self.index.entry(core.key()).or_insert(next);
        if found == next {
            self.schemas.push(core.clone());
            self.used_by.push(Vec::new());
        }
        found
    }

    fn add_part(&mut self, whole: usize, core: &NodeRef<'a>, part: Part) {
        let used = self.add(core);
        self.used_by[used].push((whole, part));
    }
}

impl<'a> Revision<'a> {
    /// The JSON type of a schema, which its cases may imply.
    pub(super) fn kind(&self, core: &NodeRef<'a>) -> &'a str {
        if let Some(known) = self.known.kinds.borrow().get(&core.key()) {
            return known;
        }
        let mut closure = Closure::new(core);
        let mut kinds: Vec<Option<&'a str>> = Vec::new();
        while let Some(core) = closure.schemas.get(kinds.len()).cloned() {
            let whole = kinds.len();
            let known = self.known.kinds.borrow().get(&core.key()).copied();
            let schema = self.flattened(&core);
            let cases = schema.cases();
            let own = known.or_else(|| schema.kind()).or(Some("any").filter(|_| cases.is_empty()));
            kinds.push(own);
            for case in cases.iter().filter(|_| own.is_none()) {
                closure.add_part(whole, &self.schema(case).core, Part::Case);
            }
        }
        let mut open: Vec<_> = (0..kinds.len()).filter(|nth| kinds[*nth].is_some()).collect();
        while let Some(part) = open.pop() {
            for &(whole, _) in &closure.used_by[part] {
                let both = match (kinds[whole], kinds[part]) {
                    (Some(one), Some(other)) if one != other => Some(SEVERAL),
                    (one, other) => one.or(other),
                };
                if kinds[whole] != both {
                    kinds[whole] = both;
                    open.push(whole);
                }
            }
        }
        let found = closure.index.into_iter().map(|(key, nth)| (key, kinds[nth].unwrap_or("any")));
        self.known.kinds.borrow_mut().extend(found);
        kinds.first().copied().flatten().unwrap_or("any")
    }

    /// Returns whether a schema accepts null: it is nullable itself, or all branches of its `allOf` are, or one of its
    /// cases is.
    pub(super) fn takes_null(&self, place: &NodeRef<'a>) -> bool {
        let used = self.schema(place);
        is_nullable(&used) || self.core_takes_null(&used.core)
    }

    fn core_takes_null(&self, core: &NodeRef<'a>) -> bool {
        if let Some(known) = self.known.nullable.borrow().get(&core.key()) {
            return *known;
        }
        let mut closure = Closure::new(core);
        let mut nullable: Vec<bool> = Vec::new();
        // The number of branches of each schema that may not be null.
        let mut left: Vec<usize> = Vec::new();
        while let Some(core) = closure.schemas.get(nullable.len()).cloned() {
            let whole = nullable.len();
            let known = self.known.nullable.borrow().get(&core.key()).copied();
            let branches: Vec<_> = core.get("allOf").items().map(|branch| self.schema(&branch)).collect();
            let cases = FlattenedSchema::from(&core).cases();
            let cases: Vec<_> = cases.iter().map(|case| self.schema(case)).collect();
            let strict = branches.iter().filter(|branch| !is_nullable(branch)).count();
            let is_all = !branches.is_empty() && strict == 0;
            nullable.push(known.unwrap_or(is_all || cases.iter().any(is_nullable)));
            left.push(strict);
            if known.is_none() && !nullable[whole] {
                let branches = branches.iter().filter(|branch| !is_nullable(branch));
                branches.for_each(|branch| closure.add_part(whole, &branch.core, Part::Branch));
                cases.iter().for_each(|case| closure.add_part(whole, &case.core, Part::Case));
            }
        }
        let mut open: Vec<_> = (0..nullable.len()).filter(|nth| nullable[*nth]).collect();
        while let Some(part) = open.pop() {
            for &(whole, part) in &closure.used_by[part] {
                left[whole] -= usize::from(part == Part::Branch);
                if !nullable[whole] && (part == Part::Case || left[whole] == 0) {
                    nullable[whole] = true;
                    open.push(whole);
                }
            }
        }
        let found = closure.index.into_iter().map(|(key, nth)| (key, nullable[nth]));
        self.known.nullable.borrow_mut().extend(found);
        nullable.first().copied().unwrap_or_default()
    }
}

/// Returns whether a schema is nullable itself, or becomes so where it is used.
fn is_nullable(used: &SchemaUse<'_>) -> bool {
    let all = used.around.iter().chain([&used.core]).chain(&used.core.more);
    all.into_iter().any(|place| place.flag("nullable"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;
    use crate::read::{Document, load};

    /// A document whose component schemas are given as YAML, one on each line. `$Name` refers to one of them.
    fn document(schemas: &str) -> Document {
        let mut parts = schemas.split('$');
        let mut lines = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_at(part.find([',', ']']).unwrap());
            lines.push_str(&format!("{{$ref: '#/components/schemas/{name}'}}{rest}"));
        }
        let schemas: String = lines.lines().map(|line| format!("    {}\n", line.trim())).collect();
        load("spec.yaml", &format!("components:\n  schemas:\n{schemas}")).unwrap()
    }

    fn check_kinds(schemas: &str, expected: &[(&str, &str)]) {
        let document = document(schemas);
        let kind = |revision: &Revision<'_>, name: &str| {
            let core = revision.schema(&revision.components("schemas").get(name)).core;
            revision.kind(&core).to_owned()
        };
        // The schema that is looked at first decides the others of a cycle, and must not decide otherwise.
        for start in 0..expected.len() {
            let revision = Revision::new(&document);
            for (name, expected) in expected.iter().cycle().skip(start).take(expected.len()) {
                assert_eq!(kind(&revision, name), *expected, "{name}, from {start}");
            }
        }
    }

    fn check_null(schemas: &str, expected: &[(&str, bool)]) {
        let document = document(schemas);
        for start in 0..expected.len() {
            let revision = Revision::new(&document);
            for (name, expected) in expected.iter().cycle().skip(start).take(expected.len()) {
                let place = revision.components("schemas").get(name);
                assert_eq!(revision.takes_null(&place), *expected, "{name}, from {start}");
            }
        }
    }

    #[test]
    fn a_kind_is_declared_or_implied_by_other_keys() {
        check_kinds(
            "Declared: {type: integer, properties: {}}
             Properties: {properties: {a: {}}}
             Extras: {additionalProperties: false}
             Items: {items: {}}
             Values: {enum: [a, b]}
             Mixed: {enum: [a, 1]}
             Inherited: {allOf: [$Any, $Items]}
             Any: {description: Anything.}",
            &[
                ("Declared", "integer"),
                ("Properties", "object"),
                ("Extras", "object"),
                ("Items", "array"),
                ("Values", "string"),
                ("Mixed", "any"),
                ("Inherited", "array"),
                ("Any", "any"),
            ],
        );
    }

    #[test]
    fn cases_of_one_kind_imply_it() {
        check_kinds(
            "Text: {type: string}
             Number: {type: number}
             Any: {description: Anything.}
             Same: {oneOf: [$Text, {type: string, format: date}]}
             Different: {anyOf: [$Text, $Number]}
             Nested: {oneOf: [$Same, $Text]}
             Deep: {oneOf: [$Same, $Different]}
             Open: {oneOf: [$Text, $Any]}
             Limited: {type: string, oneOf: [$Number, $Any]}
             Inherited: {allOf: [$Same, {description: Text.}]}",
            &[
                ("Same", "string"),
                ("Different", SEVERAL),
                ("Nested", "string"),
                ("Deep", SEVERAL),
                ("Open", SEVERAL),
                ("Limited", "string"),
                ("Inherited", "string"),
            ],
        );
    }

    #[test]
    fn cycles_of_cases_have_the_kinds_of_the_other_cases() {
        check_kinds(
            "Text: {type: string}
             Number: {type: number}
             Left: {oneOf: [$Right, $Text]}
             Right: {oneOf: [$Left, $Last]}
             Last: {oneOf: [$Right, $Last]}
             First: {oneOf: [$Second, $Text]}
             Second: {oneOf: [$First, $Number]}
             Endless: {oneOf: [$Endless, $Round]}
             Round: {oneOf: [$Endless, $Round]}
             Above: {oneOf: [$Endless, $Left]}",
            &[
                ("Left", "string"),
                ("Right", "string"),
                ("Last", "string"),
                ("First", SEVERAL),
                ("Second", SEVERAL),
                ("Endless", "any"),
                ("Round", "any"),
                ("Text", "string"),
            ],
        );
    }

    #[test]
    fn all_branches_or_one_case_take_null() {
        check_null(
            "Empty: {type: string, nullable: true}
             Text: {type: string}
             All: {allOf: [$Empty, {nullable: true}]}
             Some: {allOf: [$Empty, $Text]}
             Twice: {allOf: [$All, $Empty, $Empty]}
             Case: {oneOf: [$Text, $Empty]}
             Cases: {oneOf: [$Text, {type: number}]}
             Beside: {allOf: [$Text], nullable: true}
             Inside: {allOf: [$Case, $All]}
             Part: {allOf: [$Case, $Text]}
             Single: {oneOf: [$Empty]}",
            &[
                ("Empty", true),
                ("Text", false),
                ("All", true),
                ("Some", false),
                ("Twice", true),
                ("Case", true),
                ("Cases", false),
                ("Beside", true),
                ("Inside", true),
                ("Part", false),
                ("Single", true),
            ],
        );
    }

    #[test]
    fn cycles_take_null_if_a_way_out_does() {
        check_null(
            "Empty: {type: string, nullable: true}
             Text: {type: string}
             Left: {oneOf: [$Right, $Text]}
             Right: {oneOf: [$Left, $Empty]}
             Strict: {oneOf: [$Other, $Text]}
             Other: {oneOf: [$Strict, $Text]}
             Branch: {allOf: [$Case, $Empty]}
             Case: {oneOf: [$Branch, $Text]}
             Same: {allOf: [$Same, $Empty]}",
            &[
                ("Left", true),
                ("Right", true),
                ("Strict", false),
                ("Other", false),
                ("Branch", false),
                ("Case", false),
                ("Same", false),
            ],
        );
    }

    #[test]
    fn all_schemas_of_a_cycle_are_decided_together() {
        let count = 50;
        let schema = |nth: usize| format!("S{nth}: {{oneOf: [$S{}, $Text]}}\n", (nth + 1) % count);
        let document = document(&format!("{}Text: {{type: string}}", (0..count).map(schema).collect::<String>()));
        let revision = Revision::new(&document);
        let first = revision.components("schemas").get("S0");
        assert_eq!((revision.kind(&first), revision.takes_null(&first)), ("string", false));
        assert_eq!(revision.known.kinds.borrow().len(), count + 1);
        assert_eq!(revision.known.nullable.borrow().len(), count + 1);
    }
}
