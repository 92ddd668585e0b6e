//! The imports between the files of a crate.
//!
//! An import leads to the file that defines the item, also if the path goes through a re-export: facades neither make
//! nor hide a cycle. For the same reason, a re-export only counts if its module uses the name, and a path that ends at a
//! module does not count: the paths that start there do.

use std::collections::{BTreeMap, HashSet};

use super::modules::{FileId, Module, ModuleId, Modules};
use super::scope::{Binding, ItemPath, Use};

/// The first import of one file in another, by the numbers of the importing and the imported file.
pub type Imports = BTreeMap<(FileId, FileId), ItemPath>;

/// Returns the imports between the files of a crate.
pub fn imports(modules: &Modules) -> Imports {
    let mut imports = Imports::new();
    for (id, module) in modules.modules.iter().enumerate() {
        let uses = module.scope.uses.iter().filter(|import| !import.is_reexport).map(|import| &import.path);
        for path in uses.chain(&module.scope.paths) {
            let target = Search::new(modules).path(id, &path.segments);
            if let Some(Target::Item(file)) = target
                && file != module.file
            {
                imports.entry((module.file, file)).or_insert_with(|| path.clone());
            }
        }
    }
    imports
}

/// The thing that a path leads to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Target {
    /// A module.
    Module(ModuleId),
    /// Something that is defined in this file.
    Item(FileId),
    /// Something of another crate that a module re-exports.
    Foreign,
}

/// The search for one path. It remembers the names that it is looking for, since imports may lead in circles.
struct Search<'a> {
    modules: &'a Modules,
    open: HashSet<(ModuleId, String)>,
}

impl<'a> Search<'a> {
    fn new(modules: &'a Modules) -> Self {
        Self { modules, open: HashSet::new() }
    }

    fn module(&self, id: ModuleId) -> Option<&'a Module> {
        self.modules.modules.get(id)
    }

    /// Resolves a path inside a module. `None` stands for the names of other crates and of local variables.
    fn path(&mut self, from: ModuleId, segments: &[String]) -> Option<Target> {
        let (first, rest) = segments.split_first()?;
        let mut target = match first.as_str() {
            "crate" => Target::Module(self.root(from)?),
            "self" => Target::Module(from),
            "super" => Target::Module(self.module(from)?.parent?),
            name => self.name(from, name)?,
        };
        for segment in rest {
            let Target::Module(module) = target else { break };
            target = match segment.as_str() {
                "super" => Target::Module(self.module(module)?.parent?),
                // Names that macros define cannot be found. They belong to the file of their module.
                name => self.name(module, name).or(Some(Target::Item(self.module(module)?.file)))?,
            };
        }
        Some(target)
    }

    fn root(&self, mut module: ModuleId) -> Option<ModuleId> {
        while let Some(parent) = self.module(module)?.parent {
            module = parent;
        }
        Some(module)
    }

    /// Finds a name in a module: what it declares, then what it imports, then what globs bring in.
    fn name(&mut self, id: ModuleId, name: &str) -> Option<Target> {
        let key = (id, name.to_owned());
        if !self.open.insert(key.clone()) {
            return None;
        }
        let target = self.name_once(id, name);
        self.open.remove(&key);
        target
    }

    fn name_once(&mut self, id: ModuleId, name: &str) -> Option<Target> {
        let module = self.module(id)?;
        if let Some((_, child)) = module.children.iter().find(|(child, _)| child == name) {
            return Some(Target::Module(*child));
        }
        if module.scope.items.iter().any(|item| item == name) {
            return Some(Target::Item(module.file));
        }
        self.imported(id, module, name).or_else(|| self.in_globs(id, module, name))
    }

    fn imported(&mut self, id: ModuleId, module: &Module, name: &str) -> Option<Target> {
        let mut found = None;
        for import in module.scope.uses.iter().filter(|import| import.binds(name)) {
            let target = self.path(id, &import.path.segments);
            if target.is_some() {
                return target;
            }
            found = Some(Target::Foreign);
        }
        found
    }

    fn in_globs(&mut self, id: ModuleId, module: &Module, name: &str) -> Option<Target> {
        for import in module.scope.uses.iter().filter(|import| import.binding == Binding::Glob) {
            if let Some(Target::Module(other)) = self.path(id, &import.path.segments)
                && let Some(target) = self.name(other, name)
            {
                return Some(target);
            }
        }
        None
    }
}

impl Use {
    fn binds(&self, wanted: &str) -> bool {
        matches!(&self.binding, Binding::Name(name) if name == wanted)
    }
}

#[cfg(test)]
mod tests;
