//! The headers of responses: a type for each operation whose document describes some.

use crate::api::{HeaderField, Operation, Ty};
use crate::names;
use crate::prose;

/// The type of an operation's headers, and the function that reads them.
pub(super) fn print(operation: &Operation) -> Vec<String> {
    let Some(headers) = &operation.headers else { return Vec::new() };
    let (name, method) = (&headers.name, operation.link());
    let (mut fields, mut values) = (String::new(), String::new());
    for HeaderField { name, wire, docs, ty } in &headers.fields {
        let docs = if docs.is_empty() { "A header of the response." } else { docs };
        fields.push_str(&format!(
            "{}    pub {name}: Option<{}>,\n",
            prose::comment("    ", &format!("{docs}\n\nHeader {}.", prose::code(wire))),
            ty.path()
        ));
        let read = if matches!(ty, Ty::List(_)) { "header_list" } else { "header_value" };
        values.push_str(&format!("            {name}: meta.{read}({wire:?}),\n"));
    }
    vec![
        format!(
            "/// The headers of a response to {method} that the API description lists.\n\
             ///\n\
             /// A header that is missing, or that is not of its type, is `None`. `Debug` does not show the values.\n\
             #[derive(Clone, PartialEq)]\n#[non_exhaustive]\npub struct {name} {{\n{fields}}}\n"
        ),
        format!(
            "impl {name} {{\n\
             \x20   /// Reads the headers of a response that [`with_meta`]({request}::with_meta) returned.\n\
             \x20   #[must_use]\n\
             \x20   pub fn of(meta: &::openbanking_client_runtime::response::Meta) -> Self {{\n\
             \x20       Self {{\n{values}        }}\n    }}\n}}\n",
            request = names::type_name(&operation.name)
        ),
        format!(
            "impl ::std::fmt::Debug for {name} {{\n\
             \x20   fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {{\n\
             \x20       f.debug_struct({name:?}).finish_non_exhaustive()\n    }}\n}}\n"
        ),
    ]
}
