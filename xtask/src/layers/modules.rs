//! The modules of a crate and their files.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::scope::{Child, Scope, scope};

/// The number of a file.
pub type FileId = usize;

/// The number of a module.
pub type ModuleId = usize;

/// The modules of a crate: those of its library and of its programs.
#[derive(Debug, Default)]
pub struct Modules {
    /// Paths from the folder of the crate.
    pub files: Vec<PathBuf>,
    /// Every parent comes before its children.
    pub modules: Vec<Module>,
    by_path: HashMap<PathBuf, FileId>,
}

/// A module.
#[derive(Debug)]
pub struct Module {
    /// The file where its contents are.
    pub file: FileId,
    /// The module that declares it; `None` for the root of a crate.
    pub parent: Option<ModuleId>,
    /// Its contents. Inline submodules have been moved out.
    pub scope: Scope,
    /// Its submodules by name.
    pub children: Vec<(String, ModuleId)>,
}

/// A file that is still to be read, or an inline module.
struct Place<'a> {
    /// The folder of the crate.
    root: &'a Path,
    parent: Option<ModuleId>,
    file: PathBuf,
    /// The folder of the files of submodules.
    folder: PathBuf,
    /// `#[path]` of a submodule starts here; not in inline modules.
    near: PathBuf,
}

impl Modules {
    /// Reads the modules of the crate in a folder.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read or the file of a module is missing.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let mut modules = Self::default();
        for name in ["src/lib.rs", "src/main.rs"] {
            if root.join(name).exists() {
                let folder = PathBuf::from("src");
                let place = Place { root, parent: None, file: name.into(), near: folder.clone(), folder };
                modules.read_file(&place)?;
            }
        }
        if modules.files.is_empty() {
            bail!("`{}` has neither `src/lib.rs` nor `src/main.rs`", root.display());
        }
        Ok(modules)
    }

    /// Returns whether one of two files belongs to a submodule of the other.
    pub fn are_kin(&self, one: FileId, other: FileId) -> bool {
        self.contains(one, other) || self.contains(other, one)
    }

    fn contains(&self, outer: FileId, inner: FileId) -> bool {
        let module = self.modules.iter().position(|module| module.file == inner);
        self.ancestors(module).any(|module| module.file == outer)
    }

    fn ancestors(&self, module: Option<ModuleId>) -> impl Iterator<Item = &Module> {
        let first = module.and_then(|module| self.modules.get(module));
        std::iter::successors(first, |module| self.modules.get(module.parent?))
    }

    fn read_file(&mut self, place: &Place<'_>) -> anyhow::Result<ModuleId> {
        let path = place.root.join(&place.file);
        let source = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        self.add(place, scope(&source))
    }

    fn add(&mut self, place: &Place<'_>, mut scope: Scope) -> anyhow::Result<ModuleId> {
        let file = self.file(&place.file);
        let children = std::mem::take(&mut scope.children);
        let id = self.modules.len();
        self.modules.push(Module { file, parent: place.parent, scope, children: Vec::new() });
        for child in children {
            let name = child.name.clone();
            let child = self.add_child(place, id, child)?;
            if let Some(module) = self.modules.get_mut(id) {
                module.children.push((name, child));
            }
        }
        Ok(id)
    }

    fn add_child(&mut self, place: &Place<'_>, parent: ModuleId, child: Child) -> anyhow::Result<ModuleId> {
        let folder = place.folder.join(&child.name);
        let (root, parent) = (place.root, Some(parent));
        if let Some(scope) = child.inline {
            let folder = child.path.map(|path| place.near.join(path)).unwrap_or(folder);
            let place = Place { root, parent, file: place.file.clone(), near: folder.clone(), folder };
            return self.add(&place, scope);
        }
        if let Some(path) = child.path {
            let file = place.near.join(path);
            let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
            return self.read_file(&Place { root, parent, file, near: folder.clone(), folder });
        }
        let (file, index) = (folder.with_extension("rs"), folder.join("mod.rs"));
        let (file, near) = match root.join(&index).exists() {
            true => (index, folder.clone()),
            false => (file, place.folder.clone()),
        };
        self.read_file(&Place { root, parent, file, near, folder })
            .with_context(|| format!("cannot find the module `{}` of `{}`", child.name, place.file.display()))
    }

    fn file(&mut self, path: &Path) -> FileId {
        let next = self.files.len();
        let id = *self.by_path.entry(path.to_path_buf()).or_insert(next);
        if id == next {
            self.files.push(path.to_path_buf());
        }
        id
    }
}
