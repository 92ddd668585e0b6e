//! Operations grouped by their tags.

use std::collections::{BTreeMap, BTreeSet};

use super::{Api, Group, Operation};
use crate::names::{self, Style};

impl Api {
    /// The handles of tags, by name.
    pub(crate) fn groups(&self) -> BTreeSet<&Group> {
        self.operations.iter().filter_map(|operation| operation.group.as_ref()).collect()
    }

    /// The operations that are methods of a handle.
    pub(crate) fn grouped<'s>(&'s self, group: &'s Group) -> impl Iterator<Item = &'s Operation> {
        self.operations.iter().filter(move |operation| operation.group.as_ref() == Some(group))
    }

    /// Makes each operation with a tag a method of a handle for its tag.
    pub(crate) fn group_by_tag(&mut self) {
        let untagged = self.operations.iter().filter(|operation| operation.tag.is_none());
        let mut methods: BTreeSet<_> = untagged.map(|operation| operation.name.clone()).collect();
        let mut types = BTreeSet::new();
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for operation in &mut self.operations {
            let Some(tag) = &operation.tag else { continue };
            let group = groups.entry(tag.name.clone()).or_insert_with(|| {
                let is_free = |name: &str| !methods.contains(name) && !names::is_reserved_method(name);
                let plain = names::method_name(&tag.name);
                let method = names::unique(Style::Snake, &plain, &tag.name, &["tag"], &tag.name, is_free);
                let is_free = |name: &str| !types.contains(name) && !names::is_reserved_request(name);
                let plain = names::type_name(&tag.name);
                let name = names::unique(Style::Pascal, &plain, &tag.name, &["tag"], &tag.name, is_free);
                methods.insert(method.clone());
                types.insert(name.clone());
                Group { method, name, tag: tag.name.clone(), docs: tag.docs.clone() }
            });
            operation.group = Some(group.clone());
        }
    }
}
