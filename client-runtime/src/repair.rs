//! JSON text that is damaged in places, made readable.
//!
//! A response that cannot be requested again is worth reading although one byte of it is wrong. Faults are repaired and
//! their places are kept, so that repaired values are reported instead of passing for good ones.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::IgnoredAny;

/// The most faults whose places are kept. Everything after the last of them counts as faulty.
const MOST_FAULTS: usize = 100_000;

/// A text with repaired faults.
#[derive(Debug)]
pub(crate) struct Repaired<'a> {
    pub(crate) text: Cow<'a, str>,
    /// The offsets of faults in the text, in order.
    faults: Vec<usize>,
    /// Set if the JSON value is followed by other text, which is left out.
    pub(crate) has_rest: bool,
}

impl<'a> Repaired<'a> {
    /// Repairs these faults:
    ///
    /// - bytes that are not UTF-8, which become U+FFFD;
    /// - control characters in strings, which become escapes;
    /// - text after the value, which is left out.
    pub(crate) fn new(json: &'a [u8]) -> Self {
        let mut faults = Vec::new();
        let text = match std::str::from_utf8(json) {
            Ok(text) if !has_controls(text) => Cow::Borrowed(text),
            _ => Cow::Owned(repaired(json, &mut faults)),
        };
        let end = end(&text);
        let has_rest = !text[end..].trim_ascii().is_empty();
        let text = match text {
            _ if !has_rest => text,
            Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
            Cow::Owned(mut text) => {
                text.truncate(end);
                Cow::Owned(text)
            }
        };
        Self { text, faults, has_rest }
    }

    /// Returns whether a part of the text has a fault. The part must be a slice of [`text`](Self::text).
    pub(crate) fn is_faulty(&self, part: &str) -> bool {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        self.has_fault(start..start.saturating_add(part.len()))
    }

    fn has_fault(&self, range: Range<usize>) -> bool {
        let first = self.faults.partition_point(|fault| *fault < range.start);
        match self.faults.get(first) {
            Some(fault) => *fault < range.end,
            None => self.faults.len() >= MOST_FAULTS,
        }
    }
}

fn has_controls(text: &str) -> bool {
    // Outside of strings, these four are whitespace.
    text.bytes().any(|byte| byte < 0x20) && {
        let mut strings = Strings::default();
        text.bytes().any(|byte| strings.next(byte) && byte < 0x20)
    }
}

fn repaired(json: &[u8], faults: &mut Vec<usize>) -> String {
    let mut text = String::with_capacity(json.len() + 64);
    let mut strings = Strings::default();
    let mut fault = |at: usize| {
        if faults.len() < MOST_FAULTS {
            faults.push(at);
        }
    };
    for chunk in json.utf8_chunks() {
        for character in chunk.valid().chars() {
            // The bytes of other characters cannot end a string.
            let is_inside = match u8::try_from(character) {
                Ok(byte) => strings.next(byte),
                Err(_) => strings.next(b'a'),
            };
            if is_inside && character < ' ' {
                fault(text.len());
                text.push_str(&format!("\\u{:04x}", u32::from(character)));
            } else {
                text.push(character);
            }
        }
        if !chunk.invalid().is_empty() {
            fault(text.len());
            strings.next(b'a');
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// Follows strings of JSON through a text.
#[derive(Debug, Default)]
struct Strings {
    is_inside: bool,
    is_escaped: bool,
}

impl Strings {
    /// Takes the next byte and returns whether it is part of a string.
    fn next(&mut self, byte: u8) -> bool {
        let was_inside = self.is_inside;
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' if self.is_inside => self.is_escaped = true,
            b'"' => self.is_inside = !self.is_inside,
            _ => {}
        }
        was_inside
    }
}

/// Returns the offset after the first value, or the length of the text if there is no complete one.
fn end(text: &str) -> usize {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => values.byte_offset(),
        _ => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &[u8], text: &str, faults: &[usize], has_rest: bool) {
        let repaired = Repaired::new(json);
        assert_eq!((&*repaired.text, &*repaired.faults, repaired.has_rest), (text, faults, has_rest), "{json:?}");
    }

    #[test]
    fn faults_are_repaired_and_their_places_kept() {
        check(b"{\"a\": 1}\r\n\t ", "{\"a\": 1}\r\n\t ", &[], false);
        check(b"[\"\xff\", \"\xc3\xa9\"]", "[\"\u{fffd}\", \"\u{e9}\"]", &[2], false);
        check(b"[\"a\nb\",\n1]", "[\"a\\u000ab\",\n1]", &[3], false);
        check(b"[\"\\\"\x00\"]", "[\"\\\"\\u0000\"]", &[4], false);
        check(b"{\"a\": 1} <!-- x -->", "{\"a\": 1}", &[], true);
        check(b"{\"a\": \"\x01\"}{}", "{\"a\": \"\\u0001\"}", &[7], true);
        check(b"{\"a\": ", "{\"a\": ", &[], false);
        check(b"", "", &[], false);
    }

    #[test]
    fn a_part_is_faulty_if_a_fault_is_in_it() {
        let repaired = Repaired::new(b"[\"a\", \"\xff\", \"b\"]");
        let parts: Vec<_> = repaired.text.trim_matches(['[', ']']).split(", ").collect();
        assert_eq!(parts.into_iter().map(|part| repaired.is_faulty(part)).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn after_many_faults_everything_is_faulty() {
        let json = [b"[\"".as_slice(), &vec![0xff; MOST_FAULTS + 5], b"\", 1]"].concat();
        let repaired = Repaired::new(&json);
        assert_eq!(repaired.faults.len(), MOST_FAULTS);
        assert!(repaired.is_faulty(&repaired.text[repaired.text.len() - 2..]));
    }
}
