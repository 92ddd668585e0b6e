//! Unions: an enum with a variant for each case, or a struct around JSON whose cases are parsed on demand.

use super::source::Source;
use crate::api::{Case, CaseTest, Union};
use crate::names;
use crate::prose;

const RUNTIME: &str = "::openbanking_client_runtime";

/// The parts of one union.
pub(super) fn print(union: &Union) -> Vec<Source> {
    if union.tests.is_empty() { json(union) } else { variants(union) }
}

fn variants(union: &Union) -> Vec<Source> {
    let Union { name, docs, cases, unlisted, .. } = union;
    let variants = cases
        .iter()
        .map(|case| format!("{}    {}({}),\n", prose::comment("    ", &case_docs(case)), case.name, case.rust()));
    let definition = format!(
        "{}#[derive(Clone, PartialEq)]\n#[non_exhaustive]\npub enum {name} {{\n{}    \
         /// A value that fits none of the described cases, kept as received.\n    \
         {unlisted}({RUNTIME}::raw_json::RawJson),\n}}\n",
        prose::comment("", docs),
        variants.collect::<String>()
    );
    let rows = union.tests.iter().filter_map(|(case, test)| Some(row(cases.iter().find(|it| it.name == *case)?, test)));
    let rows: String = rows.collect();
    let conversions = cases.iter().filter(|case| case.ty.name().is_some()).map(|case| conversion(name, case));
    let mut sources = vec![
        Source::Formatted(definition),
        Source::Text(format!("{RUNTIME}::union! {{\n    {name}, {unlisted} {{\n{rows}    }}\n}}\n")),
    ];
    sources.extend(conversions.map(Source::Formatted));
    sources
}

fn case_docs(case: &Case) -> String {
    if case.docs.is_empty() { format!("{}.", prose::code(&case.ty.rust())) } else { case.docs.clone() }
}

/// `Card shown => Test::…,`
fn row(case: &Case, test: &CaseTest) -> String {
    let shown = if case.ty.may_be_personal() { "hidden" } else { "shown" };
    let number = if case.ty.is_decimal_number() { " number" } else { "" };
    let texts = |all: &[String]| all.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ");
    let test = match test {
        CaseTest::Json(kind) => format!("Json({RUNTIME}::union::JsonType::{kind:?})"),
        CaseTest::Constant(name, values) => format!("Constant({name:?}, &[{}])", texts(values)),
        CaseTest::Keys(names) => format!("Keys(&[{}])", texts(names)),
    };
    format!("        {} {shown}{number} => {RUNTIME}::union::Test::{test},\n", case.name)
}

fn conversion(name: &str, case: &Case) -> String {
    let value = if case.boxed { "Box::new(value)" } else { "value" };
    format!(
        "impl From<{}> for {name} {{\n    fn from(value: {}) -> Self {{\n        Self::{}({value})\n    }}\n}}\n",
        case.ty.rust(),
        case.ty.rust(),
        case.name
    )
}

fn json(union: &Union) -> Vec<Source> {
    let Union { name, docs, cases, .. } = union;
    let docs = format!(
        "{}\n\nIts cases cannot be recognized by the form of a value, so the value is kept as JSON.",
        prose::complete(docs)
    );
    let methods = cases.iter().map(|case| {
        let docs = prose::comment("        ", &format!("Parses the value as {}.", prose::code(&case.ty.rust())));
        format!("{docs}        as_{}: {},\n", names::field_name(&case.name).trim_end_matches('_'), case.ty.rust())
    });
    let methods: String = methods.collect();
    vec![
        Source::Formatted(format!(
            "{}#[derive(Clone, Eq, PartialEq)]\npub struct {name}({RUNTIME}::raw_json::RawJson);\n",
            prose::comment("", docs.trim())
        )),
        Source::Text(format!("{RUNTIME}::json_union! {{\n    {name} {{\n{methods}    }}\n}}\n")),
    ]
}
