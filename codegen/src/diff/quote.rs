//! Values as messages quote them.

use crate::read::NodeValue;
use crate::spec::NodeRef;

/// The longest quotation, in characters.
const MAX_QUOTE: usize = 80;

/// Puts text between backticks, shortened if it is long.
pub(super) fn quoted(text: &str) -> String {
    // A backtick inside of the text would end the quotation.
    let text = text.replace('`', "'");
    match text.char_indices().nth(MAX_QUOTE) {
        Some((cut, _)) => format!("`{}…`", text.get(..cut).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

impl NodeRef<'_> {
    /// The quoted value, or the word `nothing` if it is missing.
    pub(super) fn show(&self) -> String {
        self.text_of().map_or_else(|| "nothing".to_owned(), |text| quoted(&text))
    }

    /// Both values quoted. Of long ones, the part is shown in which they differ.
    pub(super) fn show_both(&self, other: &Self) -> (String, String) {
        let (Some(one), Some(two)) = (self.text_of(), other.text_of()) else { return (self.show(), other.show()) };
        let equal = one.chars().zip(two.chars()).take_while(|(a, b)| a == b).count();
        if equal <= MAX_QUOTE / 2 || one.chars().count().max(two.chars().count()) <= MAX_QUOTE {
            return (quoted(&one), quoted(&two));
        }
        let from = equal - MAX_QUOTE / 4;
        let cut = |text: &str| quoted(&format!("…{}", text.chars().skip(from).collect::<String>()));
        (cut(&one), cut(&two))
    }

    fn text_of(&self) -> Option<String> {
        Some(match &self.node?.value {
            NodeValue::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            _ => self.value().to_string(),
        })
    }
}
