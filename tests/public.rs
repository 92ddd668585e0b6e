//! Types of the crates underneath do not show in the client's public interface.

use std::path::Path;

use syn::visit::Visit;
use syn::{ImplItemFn, Item, ItemImpl, Visibility};
use xtask::workspace;

/// Crates that users of a client have no business with.
const HIDDEN: &[&str] = &["aws_lc_rs", "http", "jsonwebtoken", "progenitor_client", "reqwest"];

/// Looks at what is public in one file.
struct Public {
    found: Vec<String>,
}

impl Public {
    fn check(&mut self, what: &str, tokens: &impl quote::ToTokens) {
        let text = tokens.to_token_stream().to_string();
        let words = text.split(|character: char| !character.is_alphanumeric() && character != '_');
        self.found
            .extend(words.filter(|word| HIDDEN.contains(word)).map(|word| format!("{what} names {word}: {text}")));
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
        // progenitor's own client, in a private module.
        if path.ends_with("generated/raw.rs") {
            continue;
        }
        if path.is_dir() {
            look(&path, found, files);
            continue;
        }
        let file = syn::parse_file(&std::fs::read_to_string(&path).unwrap()).unwrap();
        // Names that stand for hidden types in this file would get past the words.
        let mut public = Public { found: Vec::new() };
        public.visit_file(&file);
        found.extend(public.found.into_iter().map(|what| format!("{}: {what}", path.display())));
        *files += 1;
    }
}

#[test]
fn no_type_of_the_crates_underneath_is_public() {
    let (mut found, mut files) = (Vec::new(), 0);
    look(&workspace().join("tilisy-client/src"), &mut found, &mut files);
    // What the client re-exports of the runtime.
    for name in ["error.rs", "response.rs", "code.rs"] {
        let text = std::fs::read_to_string(workspace().join("client-runtime/src").join(name)).unwrap();
        let mut public = Public { found: Vec::new() };
        public.visit_file(&syn::parse_file(&text).unwrap());
        found.extend(public.found);
    }
    assert!(files > 20, "{files} files were looked at");
    assert!(found.is_empty(), "{found:#?}");
}
