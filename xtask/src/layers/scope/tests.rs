use super::*;

fn check_uses(source: &str, expected: &[&str]) {
    let show = |import: &Use| {
        let name = match &import.binding {
            Binding::Name(name) => name,
            Binding::Glob => "*",
        };
        format!("{} = {}:{}", name, import.path.segments.join("::"), import.path.line)
    };
    assert_eq!(scope(source).uses.iter().map(show).collect::<Vec<_>>(), expected, "{source}");
}

fn check_paths(source: &str, expected: &[&str]) {
    let scope = scope(source);
    let found = scope.paths.iter().filter(|path| path.segments.len() > 1).map(|path| path.segments.join("::"));
    assert_eq!(found.collect::<Vec<_>>(), expected, "{source}");
}

#[test]
fn use_trees_are_flattened() {
    check_uses(
        "use a::{b::{self, C as D},\nsuper::e, f::*}; pub(crate) use self::g as _;",
        &["b = a::b:1", "D = a::b::C:1", "e = a::super::e:2", "* = a::f:2", "_ = self::g:2"],
    );
    check_uses("use r#type::a; use b; use *;", &["a = type::a:1", "b = b:1", "* = :1"]);
}

#[test]
fn other_crates_named_by_a_leading_colon_are_not_paths_of_this_one() {
    check_uses("use ::a::b;", &["b = ::a::b:1"]);
    check_paths("fn f() { ::a::b(); }", &[]);
}

#[test]
fn re_exports_are_known_by_their_visibility() {
    let scope = scope("use a; pub use b; #[doc(inline)] pub(crate) use c::{d, e}; pub mod f {} use g;");
    assert_eq!(
        scope.uses.iter().map(|import| import.is_reexport).collect::<Vec<_>>(),
        [false, true, true, true, false]
    );
}

#[test]
fn uses_inside_functions_count() {
    check_uses("fn f() { use crate::a; { use super::b; } }", &["a = crate::a:1", "b = super::b:1"]);
}

#[test]
fn paths_in_code_types_and_macros_count() {
    check_paths(
        "fn f(x: &crate::a::B<super::C>) -> impl d::E { vec![self::g::<u8>()] }",
        &["crate::a::B", "super::C", "d::E", "self::g"],
    );
    check_paths("fn f() { x.y::<z::W>(a::b..c::d); <A as e::F>::g() }", &["z::W", "a::b", "c::d", "e::F"]);
    check_paths("pub(in a::b) struct S(pub (crate::C, D)); pub(crate) const E: f::G = 1;", &["crate::C", "f::G"]);
}

#[test]
fn templates_strings_and_comments_hold_no_paths() {
    check_paths("fn f() { quote! { a::b }; quote_spanned!(x=> c::d); \"e::f\"; } // g::h", &[]);
}

#[test]
fn code_for_tests_is_left_out() {
    check_uses(
        "#[cfg(test)] use a::b; #[cfg(not(test))] use c::d; #[cfg(all(test, unix))]\npub use e::{f, g};",
        &["d = c::d:1"],
    );
    let scope = scope("#[cfg(test)] mod tests { use super::*; fn f() { a::b() } } mod kept;");
    assert_eq!(scope.children.len(), 1);
    check_paths("struct S { #[cfg(test)] a: b::C, d: e::F }", &["e::F"]);
    check_paths("impl S { #[cfg(test)] #[inline] pub fn f<A, B>(x: [u8; 2]) { a::b } fn g() { c::d } }", &["c::d"]);
    check_paths("fn f() { g(#[cfg(test)] a::b) } fn h() { c::d }", &["c::d"]);
}

#[test]
fn items_are_those_of_the_module_itself() {
    let scope = scope(
        "pub struct A; enum B { C } unsafe trait D { type E; } type F = u8; static mut G: u8 = 0; const H: *const u8 = I;
        pub(crate) const unsafe fn j() { fn k() {} struct L; } macro_rules! m { () => {} } impl A { fn n() {} } union O { p: u8 }",
    );
    let items: Vec<_> = scope.items.iter().map(String::as_str).filter(|item| *item != "unsafe").collect();
    assert_eq!(items, ["A", "B", "D", "F", "G", "H", "j", "m", "O"]);
}

#[test]
fn submodules_are_inline_or_files() {
    let scope = scope("mod a;\n#[path = \"x.rs\"] #[doc(hidden)] pub mod b;\nmod c { mod d; struct E; } struct F;");
    let child =
        |name: &str, path: Option<&str>, inline| Child { name: name.into(), path: path.map(Into::into), inline };
    let inline = Scope { items: vec!["E".into()], children: vec![child("d", None, None)], ..Scope::default() };
    assert_eq!(
        scope.children,
        [child("a", None, None), child("b", Some("x.rs"), None), child("c", None, Some(inline))]
    );
    assert_eq!(scope.items, ["F"]);
}

#[test]
fn source_that_is_not_rust_is_read_to_its_end() {
    for source in
        ["use {", "use a::{b", "mod", "mod a", "#[", "#[cfg(test)]", "#[cfg(test)] }", "a::", "}}", "use", "fn"]
    {
        scope(source);
    }
}
