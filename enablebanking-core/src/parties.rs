//! Names of parties.

/// The free lines of a postal address. Where an address is also sent, they can be absent.
pub trait AddressLines {
    /// Returns the lines.
    fn lines(&self) -> &[String];
}

impl AddressLines for Vec<String> {
    fn lines(&self) -> &[String] {
        self
    }
}

impl AddressLines for Option<Vec<String>> {
    fn lines(&self) -> &[String] {
        self.as_deref().unwrap_or_default()
    }
}

/// Returns the name of a party: its name, or the first line of its postal address.
pub fn display_name<'a>(name: Option<&'a str>, address: Option<&'a impl AddressLines>) -> Option<&'a str> {
    let lines = address.map(AddressLines::lines).unwrap_or_default().iter().map(String::as_str);
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
            assert_eq!(display_name(name, Some(&lines)), expected);
            assert_eq!(display_name(name, Some(&Some(lines))), expected);
        }
    }
}
