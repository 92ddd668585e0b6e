//! The licence of a crate.

/// Parses an SPDX expression such as `MIT OR Apache-2.0`. The list of identifiers is not known here.
///
/// # Errors
///
/// A text that is no expression.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let is_id = |word: &str| word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.+:".contains(letter));
    let (mut open, mut is_id_next) = (0_usize, true);
    let mut is_valid = true;
    for word in spaced.split_whitespace() {
        match word {
            "(" if is_id_next => open += 1,
            ")" if !is_id_next && open > 0 => open -= 1,
            "AND" | "OR" | "WITH" if !is_id_next => is_id_next = true,
            "(" | ")" | "AND" | "OR" | "WITH" => is_valid = false,
            id if is_id_next && is_id(id) => is_id_next = false,
            _ => is_valid = false,
        }
    }
    match is_valid && !is_id_next && open == 0 {
        true => Ok(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        false => Err("use an SPDX expression such as `MIT` or `MIT OR Apache-2.0`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_licences() {
        for text in
            ["MIT", "MIT OR Apache-2.0", "(MIT AND GPL-2.0+) OR LicenseRef-own", "GPL-2.0 WITH Font-exception-2.0"]
        {
            assert_eq!(parse(text).as_deref(), Ok(text));
        }
        assert_eq!(parse(" MIT\n OR  ISC").as_deref(), Ok("MIT OR ISC"));
        for text in ["", "MIT ISC", "MIT OR", "OR MIT", "(MIT", "MIT)", "()", "MIT/Apache-2.0", "--><b>", "M'IT"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
