//! Words of commands that people copy into a shell.

use std::borrow::Cow;

/// The shells of a system.
#[derive(Clone, Copy, Debug)]
enum Shells {
    Posix,
    /// The command prompt and PowerShell.
    Windows,
}

/// Quotes a word for the shells of this system, if necessary. The word is cut at the first NUL, which arguments cannot
/// contain.
pub(crate) fn quoted(word: &str) -> Cow<'_, str> {
    quoted_for(if cfg!(windows) { Shells::Windows } else { Shells::Posix }, word)
}

fn quoted_for(shells: Shells, word: &str) -> Cow<'_, str> {
    let word = word.split('\0').next().unwrap_or_default();
    match shells {
        // It only fails for NUL.
        Shells::Posix => shlex::try_quote(word).unwrap_or_default(),
        Shells::Windows => for_windows(word),
    }
}

/// Quotes a word so that the command prompt and PowerShell read the same, as a message does not know which one is used.
///
/// Double quotes are all that they share, and have no common escape. So a character that is special between them becomes
/// U+FFFD: a bank may have any name, and a command must not run a part of it.
fn for_windows(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '\\' | '+');
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    // PowerShell takes curly quotation marks for straight ones.
    let is_special = |c: char| c.is_control() || matches!(c, '"' | '\u{201c}'..='\u{201e}' | '$' | '`');
    let text: String = word.chars().map(|c| if is_special(c) { '\u{fffd}' } else { c }).collect();
    // A program takes a quotation mark after a backslash for a part of the word.
    let last = &text[text.trim_end_matches('\\').len()..];
    Cow::Owned(format!("\"{text}{last}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_word_is_one_word_of_a_shell() {
        for (word, expected) in [
            ("FI", "FI"),
            ("Saimaan Pankki", "'Saimaan Pankki'"),
            ("", "''"),
            ("FI; rm -rf ~", "'FI; rm -rf ~'"),
            ("$(reboot)", "'$(reboot)'"),
            ("`reboot`", "'`reboot`'"),
            ("a\0b", "a"),
        ] {
            assert_eq!(quoted_for(Shells::Posix, word), expected, "{word:?}");
        }
        for word in
            ["O'Hara's \"Pub\" <Ltd>", "'", "\\", "!x ^y", "a\nb", "*", "~", "Müller & Söhne", "#", "a=b", "'$x'"]
        {
            assert_eq!(shlex::split(&quoted_for(Shells::Posix, word)), Some(vec![word.to_owned()]), "{word:?}");
        }
    }

    #[test]
    fn words_stay_one_word_in_the_shells_of_windows() {
        for (word, expected) in [
            ("FI", "FI"),
            ("Säästöpankki", "Säästöpankki"),
            (r"C:\keys\private.key", r"C:\keys\private.key"),
            ("--profile", "--profile"),
            ("Saimaan Pankki", "\"Saimaan Pankki\""),
            (r"C:\my keys\", r#""C:\my keys\\""#),
            ("", "\"\""),
            ("a & calc", "\"a & calc\""),
            ("O'Hara|x", "\"O'Hara|x\""),
            ("https://a.example/?b=%20", "\"https://a.example/?b=%20\""),
            ("$(calc)", "\"\u{fffd}(calc)\""),
            ("`a\"b", "\"\u{fffd}a\u{fffd}b\""),
            ("a\u{201d}; calc", "\"a\u{fffd}; calc\""),
            ("a\nb", "\"a\u{fffd}b\""),
            ("a\0b", "a"),
        ] {
            assert_eq!(quoted_for(Shells::Windows, word), expected, "{word:?}");
        }
    }

    #[test]
    fn the_system_decides_how_words_are_quoted() {
        let mark = if cfg!(windows) { '"' } else { '\'' };
        assert_eq!(quoted("a b"), format!("{mark}a b{mark}"));
    }
}
