//! Names of a spec as names of Rust, and the names that generated code needs itself.
//!
//! The rules stand here only, so that the lint finds exactly the collisions that the generated code would have.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// The longest name of a type. Names of inner types begin with those of the outer ones.
pub(crate) const MAX_TYPE_NAME: usize = 255;

/// Names that cannot be identifiers, not even raw ones in every place that generated code needs them.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Types that the module `types` uses for something else than a schema: the types of values, and the prelude's `Into`.
const VALUE_TYPES: &[&str] = &[
    "BTreeMap",
    "Box",
    "DateTime",
    "Decimal",
    "Into",
    "IpAddr",
    "Ipv4Addr",
    "Ipv6Addr",
    "NaiveDate",
    "Option",
    "String",
    "Utc",
    "Uuid",
    "Vec",
];

/// Types that the module `operations` uses besides those.
const CALL_TYPES: &[&str] =
    &["Authorization", "Client", "Error", "Operation", "Pending", "Request", "RequestExtra", "Response", "Result"];

/// Values of the prelude that the module `types` uses. A newtype's name is a value too: the function that makes one.
const VALUES: &[&str] = &["Err", "None", "Ok", "Some"];

/// Methods of every generated client, and of the clients of the crates that are generated around them.
const CLIENT_METHODS: &[&str] = &["clone", "context", "from_parts", "new", "with_context", "with_options"];

/// Methods of every generated object. Requests alone have `set_extra`, but a name does not depend on who uses a type.
const OBJECT_METHODS: &[&str] = &["clone", "extra", "new", "set_extra"];

/// Methods of every generated request.
const REQUEST_METHODS: &[&str] = &["clone", "header_extra", "into_future", "query_extra", "with_meta"];

/// Headers that the client sets itself. OpenAPI says that parameters of these names are ignored.
const OWN_HEADERS: &[&str] = &["accept", "content-type", "authorization"];

/// Crates that generated code uses, and those that come with the compiler.
const USED_CRATES: &[&str] = &[
    "alloc",
    "chrono",
    "core",
    "openbanking-client-runtime",
    "proc-macro",
    "rust-decimal",
    "serde",
    "serde-json",
    "std",
    "test",
    "uuid",
];

/// Names of devices on Windows, which no file can have.
const DEVICES: &[&str] = &[
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

/// The style of a name, which decides how a part is added to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Style {
    /// `PascalCase`: types and variants.
    Pascal,
    /// `snake_case`: fields, parameters and methods.
    Snake,
}

impl Style {
    fn name(self, written: &str) -> String {
        match self {
            Self::Pascal => type_name(written),
            Self::Snake => field_name(written),
        }
    }

    fn with(self, name: &str, part: &str) -> String {
        match self {
            Self::Pascal => format!("{name}{}", words(part).to_pascal_case()),
            Self::Snake => format!("{}_{}", name.trim_end_matches('_'), words(part).to_snake_case()),
        }
    }
}

/// Returns the name that something gets: the plain one, or else the first free one of these.
///
/// - The plain name with the characters spelled out that a name cannot have: `start_time_less_than` for `start_time<`.
/// - The plain name with each of `parts` at its end.
/// - The plain name with digits that depend on `identity` alone.
///
/// A counter would rename the third when the second is removed.
pub(crate) fn unique(
    style: Style,
    plain: &str,
    written: &str,
    parts: &[&str],
    identity: &str,
    is_free: impl Fn(&str) -> bool,
) -> String {
    let plain = if has_word(written) { plain.to_owned() } else { style.name(&spelled(written)) };
    let plain = shortened(plain, identity);
    if is_free(&plain) {
        return plain;
    }
    let others = parts.iter().map(|part| style.with(&plain, part));
    // Characters that only separate words say less than the place.
    let is_telling = |character: char| !character.is_alphanumeric() && !"-_. ".contains(character);
    let spelled = written.contains(is_telling).then(|| style.name(&spelled(written)));
    let mut candidates = spelled.into_iter().chain(others);
    if let Some(free) = candidates.find(|candidate| candidate.len() <= MAX_TYPE_NAME && is_free(candidate)) {
        return free;
    }
    let mut hash = fingerprint(identity);
    loop {
        let candidate = style.with(&plain, &format!("x{hash:08x}"));
        if is_free(&candidate) {
            return candidate;
        }
        hash = fingerprint(&candidate);
    }
}

/// Cuts a name that is too long, with digits at its end that keep it distinct.
fn shortened(name: String, identity: &str) -> String {
    // Room for a part and the digits.
    const LENGTH: usize = MAX_TYPE_NAME - 55;
    if name.len() <= MAX_TYPE_NAME {
        return name;
    }
    let mut end = LENGTH;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}X{:08x}", &name[..end], fingerprint(identity))
}

/// The 32-bit FNV-1a hash of a text, which is the same on every machine and in every version.
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Returns whether a text has a letter or a digit to name something by.
fn has_word(name: &str) -> bool {
    name.chars().any(|character| character.is_alphanumeric() && unicode_ident::is_xid_continue(character))
}

/// A text in which characters that no name can have are words.
fn spelled(text: &str) -> String {
    if text.is_empty() {
        return "empty".to_owned();
    }
    let word = |character| {
        Some(match character {
            '<' => "less-than",
            '>' => "greater-than",
            '=' => "equals",
            '+' => "plus",
            '-' => "minus",
            '_' => "underscore",
            '*' => "star",
            '/' => "slash",
            '.' => "dot",
            ',' => "comma",
            ':' => "colon",
            ';' => "semicolon",
            '@' => "at",
            '#' => "hash",
            '$' => "dollar",
            '%' => "percent",
            '&' => "and",
            '|' => "or",
            '!' => "not",
            '?' => "question",
            '~' => "tilde",
            '^' => "caret",
            '\'' => "quote",
            '"' => "double-quote",
            '`' => "backtick",
            '\\' => "backslash",
            ' ' => "space",
            '(' | ')' => "parenthesis",
            '[' | ']' => "bracket",
            '{' | '}' => "brace",
            _ => return None,
        })
    };
    let mut all = String::new();
    for character in text.chars() {
        match word(character) {
            Some(word) => all.extend(["-", word, "-"]),
            None => all.push(character),
        }
    }
    all
}

/// Whether a schema cannot become the type of this name, because the module `types` has another one.
pub(crate) fn is_reserved_type(name: &str) -> bool {
    VALUE_TYPES.contains(&name)
}

/// Whether an operation cannot become the request of this name, because the module `operations` has another type.
pub(crate) fn is_reserved_request(name: &str) -> bool {
    is_reserved_type(name) || CALL_TYPES.contains(&name)
}

/// Returns whether a newtype cannot have this name. Users import types and requests side by side, so that the names of
/// both modules are reserved.
pub(crate) fn is_reserved_newtype(name: &str) -> bool {
    is_reserved_request(name) || VALUES.contains(&name)
}

/// Whether a client has a method of this name that no operation became.
pub(crate) fn is_reserved_method(name: &str) -> bool {
    CLIENT_METHODS.contains(&name)
}

/// The setter of a field. A name that objects have as a method already gets `_` at its end, which no other name has.
pub(crate) fn field_setter(field: &str) -> String {
    free(field, OBJECT_METHODS)
}

/// The setter of a parameter, by the same rule for the methods of requests.
pub(crate) fn parameter_setter(parameter: &str) -> String {
    free(parameter, REQUEST_METHODS)
}

fn free(name: &str, taken: &[&str]) -> String {
    let end = if taken.contains(&name) { "_" } else { "" };
    format!("{name}{end}")
}

/// Whether a header can have this name.
pub(crate) fn is_header(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

/// Whether the client sets this header itself. Header names have no case.
pub(crate) fn is_reserved_header(name: &str) -> bool {
    OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// Whether a crate of this name would hide one that generated code uses, or cannot be a folder on Windows.
pub(crate) fn is_reserved_crate(name: &str) -> bool {
    USED_CRATES.contains(&name) || DEVICES.contains(&name)
}

/// The type that a component schema becomes: `ASPSPData` is `AspspData`.
pub fn type_name(name: &str) -> String {
    identifier(words(name).to_pascal_case(), "X")
}

/// The field that a property becomes, or the argument that a parameter becomes: `Psu-Accept-language` is
/// `psu_accept_language`.
pub fn field_name(name: &str) -> String {
    identifier(words(name).to_snake_case(), "x")
}

/// The method that an operation becomes: `accountBalances` is `account_balances`.
pub fn method_name(operation_id: &str) -> String {
    field_name(operation_id)
}

/// The variant that an enum value becomes: `PENDING_AUTHORIZATION` is `PendingAuthorization`.
pub fn variant_name(value: &str) -> String {
    match value {
        // Letters carry these two nowhere else.
        "+1" => "Plus1".to_owned(),
        "-1" => "Minus1".to_owned(),
        _ => type_name(value),
    }
}

/// The constant that a name becomes: `accountBalances` is `ACCOUNT_BALANCES`.
pub fn constant_name(name: &str) -> String {
    identifier(words(name).to_shouty_snake_case(), "X")
}

/// Everything that cannot stand in an identifier parts words; an apostrophe joins them.
fn words(name: &str) -> String {
    name.chars()
        .filter(|character| *character != '\'')
        .map(|character| if unicode_ident::is_xid_continue(character) { character } else { '-' })
        .collect()
}

fn identifier(name: String, prefix: &str) -> String {
    match name.chars().next() {
        None => prefix.to_owned(),
        Some(first) if !unicode_ident::is_xid_start(first) => format!("{prefix}{name}"),
        Some(_) if KEYWORDS.contains(&name.as_str()) => format!("{name}_"),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_conventions_of_rust() {
        for (name, expected) in [("ASPSPData", "AspspData"), ("PSUType", "PsuType"), ("self", "Self_"), ("", "X")] {
            assert_eq!(type_name(name), expected);
        }
        for (name, expected) in
            [("type", "type_"), ("Psu-Accept-language", "psu_accept_language"), ("3ds", "x3ds"), ("it's", "its")]
        {
            assert_eq!(field_name(name), expected);
        }
        for (value, expected) in
            [("GS1G", "Gs1g"), ("POBox", "PoBox"), ("RETURNED_FROM_BANK", "ReturnedFromBank"), ("+1", "Plus1")]
        {
            assert_eq!(variant_name(value), expected);
        }
        assert_eq!(constant_name("accountBalances"), "ACCOUNT_BALANCES");
    }

    #[test]
    fn a_name_that_is_taken_gets_a_part_of_its_own_place() {
        let taken = ["start_time", "id", "id_query", "UserId", "X"];
        let unique = |style, plain: &str, written, parts: &[&str]| {
            unique(style, plain, written, parts, written, |name| !taken.contains(&name))
        };
        assert_eq!(unique(Style::Snake, "start_time", "StartTime<", &[]), "start_time_less_than");
        assert_eq!(unique(Style::Snake, "id", "id", &["header"]), "id_header");
        assert_eq!(unique(Style::Snake, "id", "id", &["query"]), "id_x37386ae0");
        assert_eq!(unique(Style::Pascal, "UserId", "user_id", &["schema"]), "UserIdSchema");
        assert_eq!(unique(Style::Pascal, "UserId", "userId", &["schema"]), "UserIdSchema");
        assert_eq!(unique(Style::Pascal, "X", "", &[]), "Empty");
        assert_eq!(unique(Style::Pascal, "X", "≤", &[]), "XX1f9c3f60");
        let long = "a".repeat(300);
        let short = unique(Style::Pascal, &type_name(&long), &long, &[]);
        assert_eq!((short.len(), &short[..5]), (209, "Aaaaa"));
    }

    #[test]
    fn setters_make_way_for_the_methods_of_generated_types() {
        for (name, of_field, of_parameter) in [
            ("extra", "extra_", "extra"),
            ("set_extra", "set_extra_", "set_extra"),
            ("new", "new_", "new"),
            ("query_extra", "query_extra", "query_extra_"),
            ("header_extra", "header_extra", "header_extra_"),
            ("with_meta", "with_meta", "with_meta_"),
            ("clone", "clone_", "clone_"),
        ] {
            assert_eq!((field_setter(name), parameter_setter(name)), (of_field.to_owned(), of_parameter.to_owned()));
            // No other name of a spec becomes the renamed one.
            assert_eq!(field_name(&format!("{name}_")), name);
        }
    }
}
