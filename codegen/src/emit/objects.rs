//! Objects: a plain struct, a constructor with setters, and macro calls that encode, decode and print it.

use super::layout::{literal, signature};
use super::source::Source;
use crate::api::{Field, FieldKind, Object};
use crate::prose;

const RUNTIME: &str = "::openbanking_client_runtime";

/// The parts of one object.
pub(super) fn print(object: &Object) -> Vec<Source> {
    let mut sources = vec![Source::Formatted(definition(object))];
    if !object.is_multipart {
        sources.push(Source::Text(format!(
            "{RUNTIME}::object! {{\n    {} {{\n{}        ..extra_\n    }}\n}}\n",
            object.name,
            object.fields.iter().map(codec).collect::<String>()
        )));
    }
    sources.push(Source::Text(format!(
        "{RUNTIME}::redacted_debug!({} {{\n{}{}}});\n",
        object.name,
        object.fields.iter().map(shown).collect::<String>(),
        if object.is_multipart { "" } else { "    ..extra_\n" }
    )));
    sources.push(Source::Formatted(methods(object)));
    sources
}

fn definition(object: &Object) -> String {
    let fields = object.fields.iter().map(|field| {
        format!("{}    pub {}: {},\n", prose::comment("    ", &field_docs(field)), field.name, field.rust())
    });
    let unlisted = (!object.is_multipart).then(|| format!("    extra_: {RUNTIME}::extra::Extra,\n"));
    format!(
        "{}#[derive(Clone, PartialEq)]\n#[non_exhaustive]\n\
         pub struct {} {{\n{}{}}}\n",
        prose::comment("", &object.docs),
        object.name,
        fields.collect::<String>(),
        unlisted.unwrap_or_default()
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

fn methods(object: &Object) -> String {
    let required: Vec<_> = object.fields.iter().filter(|field| field.kind.is_required()).collect();
    let arguments: Vec<_> = required.iter().map(|field| format!("{}: {}", field.name, field.argument())).collect();
    let unlisted = (!object.is_multipart).then(|| format!("extra_: {RUNTIME}::extra::Extra::new()"));
    let values: Vec<_> = object.fields.iter().map(initial).chain(unlisted).collect();
    let summary = match required.len() {
        0 => "Creates a value with all fields unset.",
        all if all == object.fields.len() => "Creates a value with all fields.",
        _ => "Creates a value with all required fields; optional fields are unset.",
    };
    let setters = object.fields.iter().filter(|field| !field.kind.is_required()).map(setter);
    let nulls = object.fields.iter().filter(|field| field.kind == FieldKind::Patched);
    let setters = setters.chain(nulls.map(|field| null_setter(object, field)));
    format!(
        "impl {} {{\n    /// {summary}\n    {} {{\n        {}\n    }}\n{}{}}}\n",
        object.name,
        signature("pub fn new", &arguments, "Self"),
        literal("Self", &values),
        setters.collect::<String>(),
        unlisted_properties(object)
    )
}

/// The methods for properties that the spec does not list.
fn unlisted_properties(object: &Object) -> String {
    if object.is_multipart {
        return String::new();
    }
    let mut text = format!(
        "\n    /// Returns the properties that the API description does not list.\n    #[must_use]\n    \
         pub fn extra(&self) -> &{RUNTIME}::extra::Extra {{\n        &self.extra_\n    }}\n"
    );
    if object.is_in_request() {
        let arguments = ["mut self", "name: &str", &format!("value: impl {RUNTIME}::__private::serde::Serialize")];
        let returns = format!("::std::result::Result<Self, {RUNTIME}::extra::ExtraError>");
        text.push_str(&format!(
            "\n    /// Sets a property that the API description does not list.\n    \
             ///\n    \
             /// An earlier value of the same name is replaced.\n    \
             ///\n    \
             /// # Errors\n    \
             ///\n    \
             /// Returns an error if the API description lists `name`, or if `value` cannot be written as JSON.\n    \
             {} {{\n        self.extra_.set::<Self>(name, &value)?;\n        Ok(self)\n    }}\n",
            signature("pub fn set_extra", &arguments.map(str::to_owned), &returns)
        ));
    }
    text
}

/// The value of a field in the constructor.
fn initial(field: &Field) -> String {
    let name = &field.name;
    match field.kind {
        FieldKind::Patched => format!("{name}: None"),
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
    let value = match field.kind {
        FieldKind::Patched => format!("Some(Some({value}))"),
        kind if kind.is_option() => format!("Some({value})"),
        _ => value,
    };
    // The method of the same name is another thing.
    let place = if field.setter() == *name { "Self" } else { "field@Self" };
    let docs = format!("    /// Sets [`{name}`]({place}::{name}).\n");
    let body = format!("        self.{name} = {value};\n        self\n");
    format!("\n{docs}    #[must_use]\n    {signature} {{\n{body}    }}\n")
}

/// The method that sets a field to null.
fn null_setter(object: &Object, field: &Field) -> String {
    let mut method = format!("{}_null", field.setter().trim_end_matches('_'));
    while object.fields.iter().any(|other| other.setter() == method) {
        method.push('_');
    }
    let name = &field.name;
    format!(
        "\n    /// Sets `{name}` to null. It is left out if it is not set at all.\n    #[must_use]\n    \
         pub fn {method}(mut self) -> Self {{\n        self.{name} = Some(None);\n        self\n    }}\n"
    )
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
