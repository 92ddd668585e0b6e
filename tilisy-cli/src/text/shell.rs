//! Words of commands that people copy into a shell.

use std::borrow::Cow;

/// Quotes a word for a POSIX shell, if it needs that. No word of a message is longer than its first NUL, which no argument
/// can contain.
pub(crate) fn quoted(word: &str) -> Cow<'_, str> {
    let word = word.split('\0').next().unwrap_or_default();
    // It only fails for NUL.
    shlex::try_quote(word).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_one_word_in_a_shell() {
        for (word, expected) in [
            ("FI", "FI"),
            ("Saimaan Pankki", "'Saimaan Pankki'"),
            ("", "''"),
            ("FI; rm -rf ~", "'FI; rm -rf ~'"),
            ("$(reboot)", "'$(reboot)'"),
            ("`reboot`", "'`reboot`'"),
            ("a\0b", "a"),
        ] {
            assert_eq!(quoted(word), expected, "{word:?}");
        }
        for word in
            ["O'Hara's \"Pub\" <Ltd>", "'", "\\", "!x ^y", "a\nb", "*", "~", "Müller & Söhne", "#", "a=b", "'$x'"]
        {
            assert_eq!(shlex::split(&quoted(word)), Some(vec![word.to_owned()]), "{word:?}");
        }
    }
}
