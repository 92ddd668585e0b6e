//! Names of parties.

/// Returns the name of a party: its name, or the first line of its postal address.
pub fn display_name<'a>(name: Option<&'a str>, address_lines: impl IntoIterator<Item = &'a String>) -> Option<&'a str> {
    let lines = address_lines.into_iter().map(String::as_str);
    name.into_iter().chain(lines).map(str::trim).find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_without_a_name_has_the_first_line_of_its_address() {
        for (name, lines, expected) in [
            (Some("Shop"), &["Street 1"][..], Some("Shop")),
            (None, &["Street 1", "Town"], Some("Street 1")),
            (Some(""), &[" ", " Street 1 "], Some("Street 1")),
            (Some(" \t"), &["Street 1"], Some("Street 1")),
            (None, &[], None),
            (Some(" Shop "), &[], Some("Shop")),
        ] {
            let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
            assert_eq!(display_name(name, &lines), expected);
        }
    }
}
