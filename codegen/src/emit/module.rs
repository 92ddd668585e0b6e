//! The files of a module: one, or several by the first letters of their items.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::imports::imports;
use crate::api::Ty;
use crate::names;

/// The most text of a file, in bytes. GitHub shows neither larger files nor their diffs.
pub(crate) const MAX_FILE: usize = 512 * 1024;

/// An item of a module.
pub(super) struct Item<'a> {
    /// The name, whose first letters decide on the file.
    pub(super) name: &'a str,
    /// The code.
    pub(super) text: String,
    /// The types that the code names.
    pub(super) types: Vec<&'a Ty>,
}

/// A module as parts.
pub(super) struct Module<'a> {
    /// The path without the ending of the file.
    pub(super) name: &'static str,
    /// The `use` lines, besides those for the types of values.
    pub(super) uses: String,
    /// The code before the items.
    pub(super) before: &'a str,
    /// The beginning and the end of the block that items are in.
    pub(super) block: [&'static str; 2],
    pub(super) items: Vec<Item<'a>>,
    /// The code after the items.
    pub(super) after: &'a str,
    /// Set if the items are found in the module, whichever file they are in.
    pub(super) is_exported: bool,
}

impl Module<'_> {
    /// The files, each with at most `limit` bytes of items if letters divide them so.
    pub(super) fn files(self, header: &str, limit: usize) -> BTreeMap<PathBuf, String> {
        let path = PathBuf::from(format!("{}.rs", self.name));
        let all: Vec<_> = self.items.iter().collect();
        if size(&all) <= limit {
            let code = [self.before, &self.code(&all), self.after];
            return BTreeMap::from([(path, file(header, &imports(types(&all), &self.uses), &code))]);
        }
        let mut groups = BTreeMap::new();
        divide(all, 1, limit, &mut groups);
        let modules: String = groups.keys().map(|name| format!("mod {name};\n")).collect();
        let exports = groups.keys().filter(|_| self.is_exported).map(|name| format!("pub use {name}::*;\n"));
        let code = [&modules, &exports.collect(), self.before, self.after];
        let whole = file(header, &self.uses, &code);
        let parts = groups.iter().map(|(name, items)| {
            let path = PathBuf::from(self.name).join(format!("{name}.rs"));
            (path, file(header, &imports(types(items), "use super::*;\n"), &[&self.code(items)]))
        });
        parts.chain([(path, whole)]).collect()
    }

    fn code(&self, items: &[&Item<'_>]) -> String {
        let [start, end] = self.block;
        let texts: Vec<_> = items.iter().map(|item| item.text.as_str()).collect();
        if texts.is_empty() && !start.is_empty() {
            return format!("{}{end}", start.trim_end());
        }
        format!("{start}{}{end}", texts.join("\n"))
    }
}

/// A file: its header, and then its parts with an empty line before each.
fn file(header: &str, imports: &str, code: &[&str]) -> String {
    let parts = std::iter::once(imports).chain(code.iter().copied()).filter(|part| !part.is_empty());
    parts.fold(header.to_owned(), |text, part| format!("{text}\n{part}"))
}

fn size(items: &[&Item<'_>]) -> usize {
    items.iter().map(|item| item.text.len()).sum()
}

fn types<'a>(items: &[&Item<'a>]) -> impl Iterator<Item = &'a Ty> {
    items.iter().flat_map(|item| item.types.iter().copied())
}

/// Divides items by their first letters, and groups that are still too large by one letter more.
fn divide<'i, 'a>(
    items: Vec<&'i Item<'a>>,
    letters: usize,
    limit: usize,
    groups: &mut BTreeMap<String, Vec<&'i Item<'a>>>,
) {
    let mut by_letters: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for item in items {
        by_letters.entry(key(item.name, letters)).or_default().push(item);
    }
    for (key, items) in by_letters {
        let is_divisible = items.len() > 1 && items.iter().any(|item| item.name.chars().count() > letters);
        if size(&items) > limit && is_divisible {
            divide(items, letters + 1, limit, groups);
        } else {
            groups.entry(names::field_name(&key)).or_default().extend(items);
        }
    }
}

/// The first letters of a name, as far as they can name a file on every system.
fn key(name: &str, letters: usize) -> String {
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric();
    let plain: String = name.chars().take(letters).filter(is_plain).collect();
    let key = if plain.is_empty() { "other".to_owned() } else { plain.to_ascii_lowercase() };
    // Windows has devices such as `con`.
    if names::is_reserved_crate(&key) { format!("{key}_") } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str], limit: usize) -> Vec<String> {
        let items = names.iter().map(|name| Item { name, text: format!("fn {name}() {{}}\n"), types: Vec::new() });
        let module = Module {
            name: "types",
            uses: "use a::B;\n".to_owned(),
            before: "struct A;\n",
            block: ["", ""],
            items: items.collect(),
            after: "",
            is_exported: true,
        };
        module
            .files("// @generated\n", limit)
            .into_iter()
            .map(|(path, text)| format!("{}: {text}", path.display()))
            .collect()
    }

    #[test]
    fn a_large_module_is_divided_by_the_first_letters() {
        let whole = "types.rs: // @generated\n\nuse a::B;\n\nstruct A;\n\nfn ab() {}\n\nfn c() {}\n";
        assert_eq!(files(&["ab", "c"], 100), [whole]);
        let parts = files(&["conA", "conB", "coM", "aux1"], 5);
        let names: Vec<_> = parts.iter().map(|part| part.split_once(": ").map(|(name, _)| name)).collect();
        let devices = ["con", "aux", "com1"].map(|device| Some(format!("types/{device}.rs")));
        assert!(names.iter().all(|name| !devices.contains(&name.map(str::to_owned))), "{names:?}");
        let parts = files(&["as", "ab", "axe", "Ab", "b", "bc", "äh"], 25);
        let names: Vec<_> = parts.iter().map(|part| part.split_once(": ").map(|(name, _)| name)).collect();
        let expected = ["types/ab.rs", "types/as_.rs", "types/ax.rs", "types/b.rs", "types/other.rs", "types.rs"];
        assert_eq!(names.into_iter().flatten().collect::<Vec<_>>(), expected);
        assert_eq!(parts[0], "types/ab.rs: // @generated\n\nuse super::*;\n\nfn ab() {}\n\nfn Ab() {}\n");
        assert!(parts[5].contains("use a::B;\n\nmod ab;\nmod as_;\n") && parts[5].contains("pub use as_::*;\n"));
        assert!(parts[5].ends_with("\nstruct A;\n"), "{}", parts[5]);
    }
}
