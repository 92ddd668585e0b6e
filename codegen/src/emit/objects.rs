//! Objects: a plain struct, a constructor with setters, and macro calls that encode, decode and print it.

use super::layout::{literal, signature};
use super::source::Source;
use crate::api::{Field, FieldKind, Object};
use crate::prose;

const RUNTIME: &str = "::openbanking_client_runtime";

/// The parts of one object.
pub(super) fn print(object: &Object) -> Vec<Source> {
    vec![
        Source::Formatted(definition(object)),
        Source::Text(format!(
            "{RUNTIME}::object! {{\n    {} {{\n{}    }}\n}}\n",
            object.name,
            object.fields.iter().map(codec).collect::<String>()
        )),
        Source::Text(format!(
            "{RUNTIME}::redacted_debug!({} {{\n{}}});\n",
            object.name,
            object.fields.iter().map(shown).collect::<String>()
        )),
        Source::Formatted(building(object)),
    ]
}

fn definition(object: &Object) -> String {
    let fields = object.fields.iter().map(|field| {
        format!("{}    pub {}: {},\n", prose::comment("    ", &field_docs(field)), field.name, field.rust())
    });
    format!(
        "{}#[derive(Clone, PartialEq)]\n#[non_exhaustive]\npub struct {} {{\n{}}}\n",
        prose::comment("", &object.docs),
        object.name,
        fields.collect::<String>()
    )
}

fn field_docs(field: &Field) -> String {
    let deprecated = if field.deprecated { "Deprecated.\n\n" } else { "" };
    format!("{deprecated}{}", field.docs)
}

/// `name: "wire" | "alias" => kind number,`
fn codec(field: &Field) -> String {
    let names: Vec<_> = std::iter::once(&field.wire).chain(&field.aliases).map(|name| format!("{name:?}")).collect();
    let number = if field.ty.is_decimal_number() { " number" } else { "" };
    format!("        {}: {} => {}{number},\n", field.name, names.join(" | "), field.kind.keyword())
}

fn shown(field: &Field) -> String {
    format!("    {}: {},\n", field.name, if field.hidden { "hidden" } else { "shown" })
}

fn building(object: &Object) -> String {
    let required: Vec<_> = object.fields.iter().filter(|field| field.kind.is_required()).collect();
    let arguments: Vec<_> = required.iter().map(|field| format!("{}: {}", field.name, field.argument())).collect();
    let values: Vec<_> = object.fields.iter().map(initial).collect();
    let summary = match required.len() {
        0 => "Creates a value with all fields unset.",
        all if all == object.fields.len() => "Creates a value with all fields.",
        _ => "Creates a value with all required fields; optional fields are unset.",
    };
    let setters = object.fields.iter().filter(|field| !field.kind.is_required()).map(setter);
    format!(
        "impl {} {{\n    /// {summary}\n    {} {{\n        {}\n    }}\n{}}}\n",
        object.name,
        signature("pub fn new", &arguments, "Self"),
        literal("Self", &values),
        setters.collect::<String>()
    )
}

/// The value of a field in the constructor.
fn initial(field: &Field) -> String {
    let name = &field.name;
    match field.kind {
        kind if kind.is_option() => format!("{name}: None"),
        FieldKind::List => format!("{name}: Vec::new()"),
        FieldKind::Map => format!("{name}: BTreeMap::new()"),
        _ => match converted(field) {
            value if value == *name => value,
            value => format!("{name}: {value}"),
        },
    }
}

fn setter(field: &Field) -> String {
    let name = &field.name;
    let start = format!("pub fn {}", field.setter());
    let signature = signature(&start, &["mut self".to_owned(), format!("{name}: {}", field.argument())], "Self");
    let value = converted(field);
    let value = if field.kind.is_option() { format!("Some({value})") } else { value };
    let docs = format!("    /// Sets [`{name}`](Self::{name}).\n");
    let body = format!("        self.{name} = {value};\n        self\n");
    format!("\n{docs}    #[must_use]\n    {signature} {{\n{body}    }}\n")
}

/// The argument as the field keeps it.
fn converted(field: &Field) -> String {
    let name = &field.name;
    match field.argument().starts_with("impl Into") {
        _ if field.boxed => format!("Box::new({name})"),
        true => format!("{name}.into()"),
        false => name.clone(),
    }
}
