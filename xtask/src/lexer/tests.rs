use super::*;

fn check(text: &str, expected: &[(Kind, &str)]) {
    let found: Vec<_> = tokens(text).into_iter().map(|token| (token.kind, token.text)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn comments_have_their_kind() {
    check(
        "// a\n/// b\n//! c\n//// d",
        &[(Kind::Comment, "// a"), (Kind::OuterDoc, "/// b"), (Kind::InnerDoc, "//! c"), (Kind::Comment, "//// d")],
    );
    check(
        "/* a */ /** b */ /*! c */ /**/ /*** d */",
        &[
            (Kind::Comment, "/* a */"),
            (Kind::OuterDoc, "/** b */"),
            (Kind::InnerDoc, "/*! c */"),
            (Kind::Comment, "/**/"),
            (Kind::Comment, "/*** d */"),
        ],
    );
}

#[test]
fn block_comments_nest_and_may_be_open() {
    check("/* a /* b */ c */ d", &[(Kind::Comment, "/* a /* b */ c */"), (Kind::Ident, "d")]);
    check("/* a /* b */", &[(Kind::Comment, "/* a /* b */")]);
}

#[test]
fn strings_hide_comments() {
    check(r#""// \" no" // yes"#, &[(Kind::Text, r#""// \" no""#), (Kind::Comment, "// yes")]);
    check(r###"r#"a " // b"# c"###, &[(Kind::Text, r###"r#"a " // b"#"###), (Kind::Ident, "c")]);
    check(
        r##"b"//" br"\" cr#"/*"# c"x""##,
        &[(Kind::Text, r#"b"//""#), (Kind::Text, r#"br"\""#), (Kind::Text, r##"cr#"/*"#"##), (Kind::Text, r#"c"x""#)],
    );
    check("\"\\\\\" // a", &[(Kind::Text, "\"\\\\\""), (Kind::Comment, "// a")]);
    check("\"open // a\n", &[(Kind::Text, "\"open // a\n")]);
}

#[test]
fn characters_are_not_lifetimes() {
    check(
        r"'a' 'a '\'' '/' b'\'' '_ 'static",
        &[
            (Kind::Literal, "'a'"),
            (Kind::Lifetime, "'a"),
            (Kind::Literal, r"'\''"),
            (Kind::Literal, "'/'"),
            (Kind::Literal, r"b'\''"),
            (Kind::Lifetime, "'_"),
            (Kind::Lifetime, "'static"),
        ],
    );
    check("'\"' // a", &[(Kind::Literal, "'\"'"), (Kind::Comment, "// a")]);
    check("'é'", &[(Kind::Literal, "'é'")]);
}

#[test]
fn numbers_end_before_ranges_and_methods() {
    check("1..2_u8", &[(Kind::Literal, "1"), (Kind::Punct, "."), (Kind::Punct, "."), (Kind::Literal, "2_u8")]);
    check("1.5e3.x", &[(Kind::Literal, "1.5e3"), (Kind::Punct, "."), (Kind::Ident, "x")]);
}

#[test]
fn raw_identifiers_lose_their_prefix() {
    check("r#type b rb", &[(Kind::Ident, "type"), (Kind::Ident, "b"), (Kind::Ident, "rb")]);
}

#[test]
fn lines_count_from_one_and_follow_line_breaks_inside_tokens() {
    let lines: Vec<_> = tokens("a\n\"x\ny\" b\n/*\n*/ c").into_iter().map(|token| token.line).collect();
    assert_eq!(lines, [1, 2, 3, 4, 5]);
}

#[test]
fn every_prefix_of_odd_source_is_lexed() {
    let text = "r#\"é\"# 'é' b'\\ /*é r#é '\\é \"\\";
    for (end, _) in text.char_indices() {
        let found: usize = tokens(&text[..end]).iter().map(|token| token.text.len()).sum();
        assert!(found <= end);
    }
}
