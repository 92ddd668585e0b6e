//! The parts of a Rust file that say what it imports and defines.
//!
//! This reads tokens, not a syntax tree: paths inside macro calls count too, and lines are known. Code for tests is left
//! out, and so are the templates of `quote!`, whose paths belong to the generated code.

use crate::lexer::{Kind, Token, tokens};

/// The contents of a module.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct Scope {
    /// The names of its items, submodules excepted.
    pub items: Vec<String>,
    /// Its submodules.
    pub children: Vec<Child>,
    /// The names that `use` brings in.
    pub uses: Vec<Use>,
    /// Every other path, down to single names.
    pub paths: Vec<ItemPath>,
}

/// A submodule.
#[derive(Debug, Eq, PartialEq)]
pub struct Child {
    /// Its name.
    pub name: String,
    /// The value of `#[path]`.
    pub path: Option<String>,
    /// The contents, if they are in the same file.
    pub inline: Option<Scope>,
}

/// A name that `use` brings in.
#[derive(Debug, Eq, PartialEq)]
pub struct Use {
    /// The full path of what is imported; for a glob, that of the module or enum.
    pub path: ItemPath,
    /// The name in this module.
    pub binding: Binding,
    /// `pub use`, with any visibility.
    pub is_reexport: bool,
}

/// The name that an import gets.
#[derive(Debug, Eq, PartialEq)]
pub enum Binding {
    /// A single name.
    Name(String),
    /// All names: `*`.
    Glob,
}

/// A path such as `crate::read::Node`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ItemPath {
    /// Its segments.
    pub segments: Vec<String>,
    /// Its line in the file, from 1.
    pub line: usize,
}

/// Reads the contents of a file.
pub fn scope(source: &str) -> Scope {
    let is_comment = |token: &Token<'_>| matches!(token.kind, Kind::Comment | Kind::OuterDoc | Kind::InnerDoc);
    let tokens: Vec<_> = tokens(source).into_iter().filter(|token| !is_comment(token)).collect();
    Reader { tokens: &tokens, at: 0 }.scope()
}

/// Keywords before the name of an item.
const NAMED: &[&str] = &["struct", "enum", "union", "trait", "type", "static", "const", "fn"];

/// Keywords that start an item, which ends with `;` or `}` and may contain commas.
const ITEM: &[&str] = &["async", "extern", "impl", "macro_rules", "mod", "unsafe", "use"];

/// Macros whose paths are those of generated code.
const TEMPLATES: &[&str] = &["quote", "quote_spanned", "parse_quote"];

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
}

#[derive(Default)]
struct Attributes {
    is_test: bool,
    path: Option<String>,
}

impl<'a> Reader<'a> {
    /// Reads to the end of the file or of the inline module.
    fn scope(&mut self) -> Scope {
        let mut scope = Scope::default();
        let mut depth = 0_usize;
        loop {
            let attributes = self.attributes();
            let is_public = self.visibility();
            let Some(token) = self.peek(0) else { return scope };
            if attributes.is_test {
                self.skip_item();
            } else if token.is_ident("mod") && self.is_ident(1) {
                scope.children.extend(self.child(attributes));
            } else if token.is_ident("use") {
                self.at += 1;
                let imports = self.use_tree(Vec::new());
                let import = |(path, binding)| Use { path, binding, is_reexport: is_public };
                scope.uses.extend(imports.into_iter().map(import));
            } else if token.kind == Kind::Ident {
                self.ident(token, depth == 0, &mut scope);
            } else {
                self.at += 1;
                match step(token) {
                    Step::Open => depth += 1,
                    Step::Close if depth == 0 => return scope,
                    Step::Close => depth -= 1,
                    Step::Other => {}
                }
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<Token<'a>> {
        self.tokens.get(self.at + ahead).copied()
    }

    fn is_punct(&self, ahead: usize, punct: char) -> bool {
        self.peek(ahead).is_some_and(|token| token.is_punct(punct))
    }

    fn is_ident(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(|token| token.kind == Kind::Ident)
    }

    /// Reads `::`.
    fn colons(&mut self) -> bool {
        let is_there = self.is_punct(0, ':') && self.is_punct(1, ':');
        self.at += if is_there { 2 } else { 0 };
        is_there
    }

    fn attributes(&mut self) -> Attributes {
        let mut attributes = Attributes::default();
        while self.is_punct(0, '#') && (self.is_punct(1, '[') || self.is_punct(1, '!') && self.is_punct(2, '[')) {
            let start = self.at;
            self.at += if self.is_punct(1, '!') { 2 } else { 1 };
            self.skip_group();
            let tokens = self.tokens.get(start..self.at).unwrap_or_default();
            let has = |name: &str| tokens.iter().any(|token| token.is_ident(name));
            // `not(test)` is code as usual.
            attributes.is_test |= has("cfg") && has("test") && !has("not");
            if let [_, _, path, _, value, _] = tokens
                && path.is_ident("path")
            {
                attributes.path = Some(value.text.trim_matches('"').to_owned());
            }
        }
        attributes
    }

    /// Skips `pub` and its scope, so that the attributes before it stay with the item. Returns whether it was there.
    fn visibility(&mut self) -> bool {
        if !self.peek(0).is_some_and(|token| token.is_ident("pub")) {
            return false;
        }
        self.at += 1;
        let is_scoped = self.peek(1).is_some_and(|token| matches!(token.text, "crate" | "self" | "super" | "in"));
        // `pub (crate::A, B)` is the type of a field.
        if self.is_punct(0, '(') && is_scoped && !self.is_punct(2, ':') {
            self.skip_group();
        }
        true
    }

    /// Skips brackets and their contents, or else one token.
    fn skip_group(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek(0) {
            self.at += 1;
            match step(token) {
                Step::Open => depth += 1,
                Step::Close => depth = depth.saturating_sub(1),
                Step::Other => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Skips an item, or a field, a variant or an arm.
    fn skip_item(&mut self) {
        let keywords = [ITEM, NAMED].concat();
        let is_item = self.peek(0).is_some_and(|token| keywords.iter().any(|keyword| token.is_ident(keyword)));
        while let Some(token) = self.peek(0) {
            if step(token) == Step::Close {
                return;
            }
            self.skip_group();
            if token.is_punct(';') || token.is_punct('{') && is_item || token.is_punct(',') && !is_item {
                return;
            }
        }
    }

    /// Reads `mod name;` or `mod name { … }`.
    fn child(&mut self, attributes: Attributes) -> Option<Child> {
        let name = self.peek(1)?.text.to_owned();
        self.at += 3;
        let inline = match self.tokens.get(self.at - 1) {
            Some(token) if token.is_punct('{') => Some(self.scope()),
            Some(token) if token.is_punct(';') => None,
            _ => return None,
        };
        Some(Child { name, path: attributes.path, inline })
    }

    /// Reads the rest of a `use` after `prefix`.
    fn use_tree(&mut self, mut prefix: Vec<String>) -> Vec<(ItemPath, Binding)> {
        // `use ::name` is never a path of this crate; the empty segment keeps it from being resolved.
        if self.colons() {
            prefix.push(String::new());
        }
        let Some(token) = self.peek(0) else { return Vec::new() };
        let line = token.line;
        self.at += 1;
        if token.is_punct('*') {
            return vec![(ItemPath { segments: prefix, line }, Binding::Glob)];
        }
        if token.is_punct('{') {
            return self.use_group(&prefix);
        }
        if token.kind != Kind::Ident {
            return Vec::new();
        }
        // `a::{self}` is `a`, but a leading `self` is a module.
        if token.text != "self" || prefix.is_empty() {
            prefix.push(token.text.to_owned());
        }
        if self.colons() {
            return self.use_tree(prefix);
        }
        let name = self.renamed().or_else(|| prefix.last().cloned()).unwrap_or_default();
        vec![(ItemPath { segments: prefix, line }, Binding::Name(name))]
    }

    /// Reads the rest of a group after its `{`.
    fn use_group(&mut self, prefix: &[String]) -> Vec<(ItemPath, Binding)> {
        let mut imports = Vec::new();
        while let Some(token) = self.peek(0).filter(|token| !token.is_punct('}')) {
            if token.is_punct(',') {
                self.at += 1;
            } else {
                imports.extend(self.use_tree(prefix.to_vec()));
            }
        }
        self.at += 1;
        imports
    }

    /// Reads `as name`.
    fn renamed(&mut self) -> Option<String> {
        if !self.peek(0)?.is_ident("as") {
            return None;
        }
        let name = self.peek(1)?.text.to_owned();
        self.at += 2;
        Some(name)
    }

    /// Reads the name of an item, or a path.
    fn ident(&mut self, token: Token<'a>, is_top: bool, scope: &mut Scope) {
        let is_pointer = self.before(1).is_some_and(|token| token.is_punct('*'));
        let is_named = NAMED.iter().any(|keyword| token.is_ident(keyword)) && !is_pointer;
        if token.is_ident("macro_rules") && self.is_punct(1, '!') {
            scope.items.extend(self.peek(2).map(|name| name.text.to_owned()));
            self.at += 3;
        } else if is_named && self.is_ident(1) {
            let ahead = if self.peek(1).is_some_and(|token| token.is_ident("mut")) { 2 } else { 1 };
            scope.items.extend(self.peek(ahead).filter(|_| is_top).map(|name| name.text.to_owned()));
            // `const fn name`: the next keyword has the name.
            let is_keyword = self.peek(1).is_some_and(|token| NAMED.contains(&token.text));
            self.at += if is_keyword { 1 } else { ahead + 1 };
        } else {
            self.path(token, scope);
        }
    }

    fn path(&mut self, token: Token<'a>, scope: &mut Scope) {
        let is_part = self.continues();
        self.at += 1;
        let mut segments = vec![token.text.to_owned()];
        while self.is_punct(0, ':') && self.is_punct(1, ':') && self.is_ident(2) {
            segments.extend(self.peek(2).map(|segment| segment.text.to_owned()));
            self.at += 3;
        }
        if self.is_punct(0, '!') && segments.last().is_some_and(|last| TEMPLATES.contains(&last.as_str())) {
            self.at += 1;
            self.skip_group();
        } else if !is_part {
            scope.paths.push(ItemPath { segments, line: token.line });
        }
    }

    /// Returns whether the current token goes on after `::` or after the `.` of a field or method.
    fn continues(&self) -> bool {
        let is = |back: usize, punct: char| self.before(back).is_some_and(|token| token.is_punct(punct));
        is(1, ':') && is(2, ':') || is(1, '.') && !is(2, '.')
    }

    fn before(&self, back: usize) -> Option<Token<'a>> {
        self.at.checked_sub(back).and_then(|at| self.tokens.get(at)).copied()
    }
}

#[derive(Eq, PartialEq)]
enum Step {
    Open,
    Close,
    Other,
}

fn step(token: Token<'_>) -> Step {
    match token.text {
        "(" | "[" | "{" => Step::Open,
        ")" | "]" | "}" => Step::Close,
        _ => Step::Other,
    }
}

#[cfg(test)]
mod tests;
