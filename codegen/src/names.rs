//! How names of a spec become names of Rust.
//!
//! One home for the rules, so that the lint finds exactly the collisions that the generated code would have.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// Names that cannot be identifiers, not even raw ones in every place that generated code needs them.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Type names that the module `types` takes for something else; no schema may come to one of them.
pub(crate) const TAKEN_TYPES: &[&str] = &[
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

/// Type names that the module `operations` takes for something else; no operation may come to one of them.
pub(crate) const TAKEN_REQUESTS: &[&str] = &[
    "BTreeMap",
    "Box",
    "Authorization",
    "Client",
    "DateTime",
    "Decimal",
    "Error",
    "Into",
    "IpAddr",
    "Ipv4Addr",
    "Ipv6Addr",
    "NaiveDate",
    "Operation",
    "Option",
    "Pending",
    "Request",
    "Response",
    "Result",
    "String",
    "Utc",
    "Uuid",
    "Vec",
];

/// Methods that every request type has; a setter of one of these names gets an underscore.
pub(crate) const TAKEN_SETTERS: &[&str] = &["clone", "into_future", "with_meta"];

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
}
