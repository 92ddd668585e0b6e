//! Types of the crates underneath do not show in the client's public interface.

use std::path::Path;

use syn::visit::Visit;
use syn::{ImplItemFn, Item, ItemImpl, UseTree, Visibility};
use xtask::targets::packages;
use xtask::workspace;

/// Crates that users of a client have no business with.
const HIDDEN: &[&str] = &["aws_lc_rs", "http", "jsonwebtoken", "progenitor_client", "reqwest"];

/// Looks at what is public in one file.
struct Public {
    /// Names that mean something of the hidden crates here: their own, and those that are imported from them.
    hidden: Vec<String>,
    found: Vec<String>,
}

impl Public {
    fn check(&mut self, what: &str, tokens: &impl quote::ToTokens) {
        let text = tokens.to_token_stream().to_string();
        let words = text.split(|character: char| !character.is_alphanumeric() && character != '_');
        let hidden = words.filter(|word| self.hidden.iter().any(|hidden| hidden == word));
        self.found.extend(hidden.map(|word| format!("{what} names {word}: {text}")));
    }
}

/// What is found in one file.
fn found_in(text: &str) -> Vec<String> {
    let file = syn::parse_file(text).unwrap();
    let mut hidden: Vec<_> = HIDDEN.iter().map(|name| (*name).to_owned()).collect();
    for item in &file.items {
        let Item::Use(syn::ItemUse { tree: UseTree::Path(path), .. }) = item else { continue };
        if HIDDEN.contains(&path.ident.to_string().as_str()) {
            imported(&path.tree, &mut hidden);
        }
    }
    let mut public = Public { hidden, found: Vec::new() };
    public.visit_file(&file);
    public.found
}

fn imported(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => imported(&path.tree, names),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(name) => names.push(name.rename.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| imported(tree, names)),
        UseTree::Glob(_) => {}
    }
}

impl<'ast> Visit<'ast> for Public {
    fn visit_item(&mut self, item: &'ast Item) {
        let (visibility, what): (&Visibility, &dyn Fn(&mut Self)) = match item {
            Item::Struct(item) => (&item.vis, &|this: &mut Self| {
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    this.check("a field", field);
                }
            }),
            Item::Enum(item) => (&item.vis, &|this: &mut Self| this.check("an enum", &item.variants)),
            Item::Fn(item) => (&item.vis, &|this: &mut Self| this.check("a function", &item.sig)),
            Item::Trait(item) => (&item.vis, &|this: &mut Self| this.check("a trait", item)),
            Item::Type(item) => (&item.vis, &|this: &mut Self| this.check("a type", &item.ty)),
            Item::Const(item) => (&item.vis, &|this: &mut Self| this.check("a constant", &item.ty)),
            Item::Use(item) => (&item.vis, &|this: &mut Self| this.check("a re-export", &item.tree)),
            Item::Impl(block) => return self.visit_item_impl(block),
            _ => return,
        };
        if is_public(visibility) {
            what(self);
        }
    }

    fn visit_item_impl(&mut self, block: &'ast ItemImpl) {
        if let Some((of, _)) = &block.trait_ {
            self.check("an implementation", of);
        }
        syn::visit::visit_item_impl(self, block);
    }

    fn visit_impl_item_fn(&mut self, method: &'ast ImplItemFn) {
        if is_public(&method.vis) {
            self.check("a method", &method.sig);
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn look(folder: &Path, found: &mut Vec<String>, files: &mut usize) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look(&path, found, files);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        found.extend(found_in(&text).into_iter().map(|what| format!("{}: {what}", path.display())));
        *files += 1;
    }
}

#[test]
fn a_leak_is_found() {
    for leak in [
        "impl A { pub fn client() -> reqwest::Client {} }",
        "use reqwest::Client; pub struct A { pub client: Client }",
        "use reqwest::{header::HeaderMap as Map}; impl A { pub fn b(&self, map: &Map) {} }",
        "impl From<http::Error> for A { fn from(error: http::Error) -> Self {} }",
        "pub use progenitor_client::ByteStream;",
    ] {
        assert!(!found_in(leak).is_empty(), "{leak}");
    }
    let inside = "use reqwest::Client; pub struct A { client: Client } impl A { fn b(&self) -> Client {} }";
    assert!(found_in(inside).is_empty());
}

#[test]
fn no_type_of_the_crates_underneath_is_public() {
    let (mut found, mut files) = (Vec::new(), 0);
    for package in packages() {
        look(&workspace().unwrap().join(package).join("src"), &mut found, &mut files);
    }
    // What the client re-exports of the runtime.
    for name in ["error.rs", "response.rs", "code.rs"] {
        let text = std::fs::read_to_string(workspace().unwrap().join("client-runtime/src").join(name)).unwrap();
        found.extend(found_in(&text));
    }
    assert!(files > 20, "{files} files were looked at");
    assert!(found.is_empty(), "{found:#?}");
}
