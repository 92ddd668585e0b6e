//! The headers of successes.

use super::Builder;
use super::naming::Member;
use crate::api::{HeaderField, Headers, Operation, Scalar, Status, Ty};
use crate::names::{self, Style};
use crate::spec::NodeRef;

impl<'a> Builder<'a> {
    /// Returns the headers that the successes of an operation have, each once.
    pub(super) fn headers(&mut self, operation: &Operation, responses: &NodeRef<'a>) -> Option<Headers> {
        let mut listed: Vec<(&str, &str, &Ty)> = Vec::new();
        for header in operation.successes().flat_map(|response| &response.headers) {
            // OpenAPI says that this one is ignored.
            let is_known = header.wire.eq_ignore_ascii_case("content-type")
                || listed.iter().any(|(wire, ..)| wire.eq_ignore_ascii_case(&header.wire));
            if !is_known && names::is_header(&header.wire) {
                listed.push((&header.wire, &header.docs, &header.ty));
            }
        }
        if listed.is_empty() {
            return None;
        }
        let success = operation.success();
        let described: Vec<_> = responses
            .members()
            .filter(|(status, _)| Status::parse(status).is_some_and(|status| success.includes(status)))
            .map(|(_, used)| self.view.resolve(&used).get("headers"))
            .collect();
        let place = |wire: &str| {
            described.iter().map(|all| all.get(wire)).find(NodeRef::exists).unwrap_or_else(|| responses.clone())
        };
        let members: Vec<_> = listed
            .iter()
            .map(|(wire, ..)| Member { written: wire, parts: &["header"], identity: wire, place: place(wire) })
            .collect();
        let noun = ("field", "give one of the headers another name");
        let names = self.member_names(Style::Snake, noun, &members, &[]);
        let field = |(name, (wire, docs, ty)): (String, (&str, &str, &Ty))| HeaderField {
            name,
            wire: wire.to_owned(),
            docs: docs.to_owned(),
            ty: readable((*ty).clone()),
        };
        let fields = names.into_iter().zip(listed).map(field).collect();
        let name = format!("{}Headers", names::type_name(&operation.name).trim_end_matches('_'));
        Some(Headers { name, fields })
    }
}

/// The type of a header. One that is neither a scalar nor a list of them is its text.
fn readable(ty: Ty) -> Ty {
    let is_plain = |ty: &Ty| matches!(ty, Ty::Scalar(_) | Ty::Code(_) | Ty::Newtype(..));
    match ty {
        Ty::List(inner) if is_plain(&inner) => Ty::List(inner),
        ty if is_plain(&ty) => ty,
        _ => Ty::Scalar(Scalar::String),
    }
}
