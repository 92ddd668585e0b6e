//! Newtypes: a macro call that defines the type.

use super::source::Source;
use crate::api::Newtype;
use crate::prose;

pub(super) fn print(newtype: &Newtype) -> Source {
    let Newtype { name, docs, scalar, .. } = newtype;
    Source::Text(format!(
        "::openbanking_client_runtime::newtype! {{\n{}    pub struct {name}({});\n}}\n",
        prose::comment("    ", docs),
        scalar.rust()
    ))
}
