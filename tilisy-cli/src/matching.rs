//! Matching of what people type against the names and numbers of accounts and banks.

use icu_normalizer::DecomposingNormalizerBorrowed;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// The shortest beginning of a number that stands for it.
const SHORTEST_PREFIX: usize = 4;

/// The shortest ending of a number that stands for it.
const SHORTEST_SUFFIX: usize = 3;

/// Returns the candidates that match best, as indices in their order; none if no candidate matches.
///
/// All of them match equally well: exactly, or else exactly when folded, or else at the start, at the start of a word,
/// or anywhere.
pub(crate) fn rank<T: AsRef<str>>(wanted: &str, candidates: &[T]) -> Vec<usize> {
    let exact = indices(candidates, |candidate| candidate == wanted);
    let wanted = folded(wanted);
    // Every text starts with the empty one.
    if !exact.is_empty() || wanted.is_empty() {
        return exact;
    }
    let candidates: Vec<_> = candidates.iter().map(|candidate| folded(candidate.as_ref())).collect();
    let dense = without_spaces(&wanted);
    let classes: [&dyn Fn(&str) -> bool; 4] = [
        &|candidate| without_spaces(candidate) == dense,
        &|candidate| without_spaces(candidate).starts_with(&dense),
        &|candidate| candidate.match_indices(' ').any(|(space, _)| candidate[space + 1..].starts_with(&wanted)),
        &|candidate| candidate.contains(&wanted),
    ];
    best(&candidates, &classes)
}

/// Returns the numbers that are meant, such as IBANs, as indices in their order.
///
/// Spaces and case do not count. A number is meant by all of it, or else by its first characters (at least 4) or its
/// last ones (at least 3).
pub(crate) fn rank_numbers<T: AsRef<str>>(wanted: &str, numbers: &[T]) -> Vec<usize> {
    let wanted = compact(wanted);
    if wanted.is_empty() {
        return Vec::new();
    }
    let numbers: Vec<_> = numbers.iter().map(|number| compact(number.as_ref())).collect();
    let length = wanted.chars().count();
    // A class of their own for endings would pick one account of two without asking.
    let classes: [&dyn Fn(&str) -> bool; 2] = [&|number| number == wanted, &|number| {
        length >= SHORTEST_PREFIX && number.starts_with(&wanted)
            || length >= SHORTEST_SUFFIX && number.ends_with(&wanted)
    }];
    best(&numbers, &classes)
}

/// Returns a text in the form in which names are compared.
///
/// Case, accents and the width of characters are removed, letters outside of the basic Latin alphabet are replaced by
/// those that people type instead (`ø` by `o`, `ß` by `ss`), and everything between words becomes one space.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut is_between_words = false;
    for character in DecomposingNormalizerBorrowed::new_nfkd().normalize(text).chars().flat_map(char::to_lowercase) {
        match character.general_category() {
            // Accents, soft hyphens and joiners are inside of words.
            GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark | GeneralCategory::Format => continue,
            _ if !character.is_alphanumeric() => {
                is_between_words = true;
                continue;
            }
            _ => {}
        }
        if is_between_words && !folded.is_empty() {
            folded.push(' ');
        }
        is_between_words = false;
        match plain(character) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(character),
        }
    }
    folded
}

/// The letters that people type for a letter which Unicode does not decompose.
const fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ß' => "ss",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ł' => "l",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ı' => "i",
        'ĸ' => "k",
        'ς' => "σ",
        _ => return None,
    })
}

fn without_spaces(text: &str) -> String {
    text.replace(' ', "")
}

fn compact(number: &str) -> String {
    let characters = number.chars().filter(|character| !character.is_whitespace());
    characters.map(|character| character.to_ascii_uppercase()).collect()
}

/// Returns the members of the first class that has any.
fn best(candidates: &[String], classes: &[&dyn Fn(&str) -> bool]) -> Vec<usize> {
    let found = classes.iter().map(|is_member| indices(candidates, is_member));
    found.into_iter().find(|members| !members.is_empty()).unwrap_or_default()
}

fn indices<T: AsRef<str>>(candidates: &[T], is_member: impl Fn(&str) -> bool) -> Vec<usize> {
    let members = candidates.iter().enumerate().filter(|(_, candidate)| is_member(candidate.as_ref()));
    members.map(|(index, _)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_removes_what_people_do_not_type() {
        for (text, expected) in [
            ("Säästötili", "saastotili"),
            ("Sa\u{308}a\u{308}sto\u{308}tili", "saastotili"),
            ("Ærø", "aero"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("Łódź", "lodz"),
            ("Þórður Guðrún", "thordur gudrun"),
            ("Œuvre", "oeuvre"),
            ("Diyarbakır İŞ", "diyarbakir is"),
            ("１２３ ＡＢＣ", "123 abc"),
            ("ﬁnance №5", "finance no5"),
            ("Οδυσσεύς ΟΔΥΣΣΕΎΣ", "οδυσσευσ οδυσσευσ"),
            ("Сбережения Ёж", "сбережения еж"),
            ("  S-Pankki,  Oyj. ", "s pankki oyj"),
            ("A\u{a0}\t/ B", "a b"),
            ("Säästö\u{ad}tili", "saastotili"),
            ("…", ""),
            ("", ""),
        ] {
            assert_eq!(folded(text), expected, "{text}");
            assert_eq!(folded(&folded(text)), folded(text), "{text} twice");
        }
    }

    #[test]
    fn only_the_best_class_of_matches_is_returned() {
        let mut candidates = vec!["Old savings", "Mysavings", "Savings plus", "SAVINGS", "savings"];
        for expected in [vec![4], vec![3], vec![2], vec![0], vec![1], vec![]] {
            assert_eq!(rank("savings", &candidates), expected);
            if let [best] = expected[..] {
                candidates[best] = "-";
            }
        }
    }

    #[test]
    fn equal_matches_are_all_returned_in_their_order() {
        assert_eq!(rank("osuus", &["Osuuspankki", "Nordea", "OSUUS-tili", "Pankki osuus"]), [0, 2]);
        assert_eq!(rank("käyttö", &["Käyttö", "Käyttö"]), [0, 1]);
    }

    #[test]
    fn words_match_without_the_punctuation_between_them() {
        assert_eq!(rank("spankki", &["S-Pankki", "Pankki"]), [0]);
        assert_eq!(rank("s pankki", &["Pankki", "SPANKKI"]), [1]);
        assert_eq!(rank("keski suomi", &["Osuuspankki Keski-Suomi", "Keski"]), [0]);
        // Not across words: a part of one and a part of the next.
        assert_eq!(rank("opac", &["Shop account"]), Vec::<usize>::new());
    }

    #[test]
    fn names_without_letters_match_only_exactly() {
        assert_eq!(rank("🏠", &["🚗", "🏠"]), [1]);
        assert_eq!(rank("-", &["Savings", "🏠"]), Vec::<usize>::new());
        assert_eq!(rank("", &["Savings"]), Vec::<usize>::new());
        assert_eq!(rank("", &["Savings", ""]), [1]);
        assert_eq!(rank("savings", &[] as &[&str]), Vec::<usize>::new());
    }

    #[test]
    fn numbers_are_meant_by_their_first_four_or_last_three_characters() {
        let numbers = ["XX00 1234 5600 0007 85", "XX0012345600000999", "YY9912345699999785"];
        for (wanted, expected) in [
            ("xx00 1234 5600 0007 85", vec![0]),
            ("XX00123456000\u{a0}00785", vec![0]),
            ("xx00", vec![0, 1]),
            ("xx0", vec![]),
            ("yy99 12", vec![2]),
            ("785", vec![0, 2]),
            ("07 85", vec![0]),
            ("85", vec![]),
            ("3456", vec![]),
            ("", vec![]),
            (" ", vec![]),
        ] {
            assert_eq!(rank_numbers(wanted, &numbers), expected, "{wanted}");
        }
    }

    #[test]
    fn whole_numbers_match_before_parts_of_longer_ones() {
        assert_eq!(rank_numbers("1234", &["12345678", "1234", "991234"]), [1]);
        assert_eq!(rank_numbers("1", &["1", "11"]), [0]);
        assert_eq!(rank_numbers("", &["", "1234"]), Vec::<usize>::new());
    }

    #[test]
    fn a_prefix_of_one_number_and_a_suffix_of_another_are_both_meant() {
        assert_eq!(rank_numbers("1234", &["12345678", "56781234"]), [0, 1]);
    }
}
