//! Handles for tags: a type for each, whose methods are the operations of the tag.

use super::client;
use super::module::{Item, Module};
use crate::api::{Api, Group};
use crate::prose;

/// The module of all handles. `None` if operations are not grouped.
///
/// # Errors
///
/// Code that is not Rust.
pub(super) fn module<'a>(api: &'a Api, client_path: &str) -> Result<Option<Module<'a>>, String> {
    let uses = "use openbanking_client_runtime::request::RequestExtra;\n\nuse super::{Client, operations, types};\n"
        .to_owned();
    let items = api.groups().into_iter().map(|group| {
        let methods = api.grouped(group).map(|operation| client::method(api, operation, client_path));
        let methods: Vec<_> = methods.collect::<Result<_, _>>()?;
        let types = api.grouped(group).flat_map(client::arguments).collect();
        Ok(Item { name: group.name.as_str(), text: handle(group, &methods.join("\n")), types })
    });
    let items = items.collect::<Result<Vec<_>, String>>()?;
    let (before, block, after) = ("", ["", ""], "");
    let module = Module { name: "tags", uses, before, block, items, after, is_exported: true };
    Ok((!module.items.is_empty()).then_some(module))
}

fn handle(group: &Group, methods: &str) -> String {
    let name = &group.name;
    format!(
        "{}#[derive(Clone, Copy)]\npub struct {name}<'a> {{\n    pub(crate) client_: &'a Client,\n}}\n\n\
         impl<'a> {name}<'a> {{\n{methods}}}\n\n\
         impl ::std::fmt::Debug for {name}<'_> {{\n\
         \x20   fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {{\n\
         \x20       f.debug_struct({name:?}).finish_non_exhaustive()\n\
         \x20   }}\n\
         }}\n",
        prose::comment("", &format!("The operations of the tag {}.\n\n{}", prose::code(&group.tag), group.docs))
    )
}

/// The method of the client that returns a handle.
pub(super) fn accessor(group: &Group) -> String {
    let Group { method, name, tag, .. } = group;
    format!(
        "{}    pub fn {method}(&self) -> tags::{name}<'_> {{\n        tags::{name} {{ client_: self }}\n    }}\n",
        prose::comment("    ", &format!("Returns the operations of the tag {}.", prose::code(tag)))
    )
}
