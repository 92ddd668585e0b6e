//! The types of error bodies.

use std::collections::BTreeSet;

use super::Builder;
use crate::api::{Operation, Returns, Ty};
use crate::names;

impl Builder<'_> {
    /// Gives operations the types of their error bodies. A type that the document names for all of them is that of each.
    /// If all bodies have one type, operations that describe none have it as well.
    pub(super) fn error_types(&self, operations: &mut [Operation], error: Option<&str>) {
        if let Some(name) = error {
            let all = Returns::One(Ty::Object(name.to_owned()));
            return operations.iter_mut().for_each(|operation| operation.errors = all.clone());
        }
        let requests: BTreeSet<_> = operations.iter().map(|operation| names::type_name(&operation.name)).collect();
        for operation in operations.iter_mut() {
            let success = operation.success();
            let errors = operation.responses.iter_mut().filter(|response| !success.includes(response.status));
            for content in errors.flat_map(|response| &mut response.contents) {
                content.ty = content.ty.take().map(|ty| self.known(ty));
            }
            let mut name = format!("{}Error", names::type_name(&operation.name).trim_end_matches('_'));
            while requests.contains(&name) || names::is_reserved_request(&name) {
                name.push_str("Body");
            }
            operation.errors = Returns::of_errors(&operation.error_outcomes(), &name);
        }
        let mut described = operations.iter().map(|operation| &operation.errors).filter(|it| **it != Returns::Nothing);
        let first = described.next().filter(|first| matches!(first, Returns::One(_))).cloned();
        if let Some(first) = first.filter(|first| described.all(|other| other == first)) {
            operations.iter_mut().for_each(|operation| operation.errors = first.clone());
        }
    }

    /// Returns a type without the types that are left out: an operation does without the types of its errors.
    fn known(&self, ty: Ty) -> Ty {
        match ty {
            Ty::List(inner) => self.known(*inner).list(),
            Ty::Map(inner) => self.known(*inner).map(),
            Ty::Nullable(inner) => self.known(*inner).nullable(),
            ty if ty.name().is_some_and(|name| !self.types.contains_key(name)) => Ty::Any,
            ty => ty,
        }
    }
}
