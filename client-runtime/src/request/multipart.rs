//! Bodies of several parts (`multipart/form-data`).

use bytes::Bytes;
use http::header::HeaderValue;

use super::parameter::{NotFinite, Parameter};
use crate::file::File;

/// Files that are parts of one name: one, several or none.
pub trait Files {
    /// Calls back with each file.
    fn each(&self, add: &mut dyn FnMut(&File));
}

impl Files for File {
    fn each(&self, add: &mut dyn FnMut(&File)) {
        add(self);
    }
}

impl<T: Files> Files for Option<T> {
    fn each(&self, add: &mut dyn FnMut(&File)) {
        if let Some(files) = self {
            files.each(add);
        }
    }
}

impl<T: Files> Files for Vec<T> {
    fn each(&self, add: &mut dyn FnMut(&File)) {
        self.iter().for_each(|files| files.each(add));
    }
}

/// The parts of a body in the making.
#[derive(Default)]
pub(super) struct Multipart {
    parts: Vec<Part>,
}

struct Part {
    head: String,
    body: Bytes,
}

impl Multipart {
    /// Adds a part of plain text for each text of a value.
    pub(super) fn text(
        &mut self,
        name: &str,
        content_type: Option<&str>,
        value: &impl Parameter,
    ) -> Result<(), NotFinite> {
        value.texts(&mut |text| self.add(name, None, content_type, text.into_bytes().into()))
    }

    /// Adds a part with a media type.
    pub(super) fn written(&mut self, name: &str, content_type: &str, body: Vec<u8>) {
        self.add(name, None, Some(content_type), body.into());
    }

    /// Adds a file. Returns the reason why it cannot be sent.
    pub(super) fn file(&mut self, name: &str, content_type: &str, file: &File) -> Result<(), String> {
        let content_type = file.content_type().unwrap_or(content_type);
        if HeaderValue::from_str(content_type).is_err() {
            return Err(format!("the media type of `{name}` contains characters that are not allowed in a header"));
        }
        let file_name = file.name().unwrap_or(name);
        self.add(name, Some(file_name), Some(content_type), file.bytes().clone());
        Ok(())
    }

    fn add(&mut self, name: &str, file_name: Option<&str>, content_type: Option<&str>, body: Bytes) {
        let mut head = format!("Content-Disposition: form-data; name=\"{}\"", escaped(name));
        if let Some(file_name) = file_name {
            head.push_str(&format!("; filename=\"{}\"", escaped(file_name)));
        }
        if let Some(content_type) = content_type {
            head.push_str(&format!("\r\nContent-Type: {content_type}"));
        }
        self.parts.push(Part { head, body });
    }

    /// Returns the value of `Content-Type` and the body.
    pub(super) fn finish(self) -> (String, Bytes) {
        let random = || getrandom::u64().map(u128::from).unwrap_or_default();
        let boundary = self.boundary(random() << 64 | random());
        let length: usize = self.parts.iter().map(|part| part.head.len() + part.body.len() + 80).sum();
        let mut bytes = Vec::with_capacity(length + 80);
        for Part { head, body } in &self.parts {
            bytes.extend_from_slice(format!("--{boundary}\r\n{head}\r\n\r\n").as_bytes());
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), bytes.into())
    }

    /// A boundary that no part contains, made from a random number.
    fn boundary(&self, mut number: u128) -> String {
        loop {
            let boundary = format!("part-{number:032x}");
            let occurs = |text: &[u8]| text.windows(boundary.len()).any(|window| window == boundary.as_bytes());
            if !self.parts.iter().any(|part| occurs(part.head.as_bytes()) || occurs(&part.body)) {
                return boundary;
            }
            number = number.wrapping_add(1);
        }
    }
}

/// A name as the HTML Standard escapes it, so that it ends neither its quotes nor its line.
fn escaped(name: &str) -> String {
    name.replace('\n', "%0A").replace('\r', "%0D").replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_does_not_occur_in_the_parts() {
        let mut parts = Multipart::default();
        parts.written("a", "text/plain", format!("x part-{:032x} y", 7).into_bytes());
        parts.written(&format!("part-{:032x}", 8), "text/plain", Vec::new());
        assert_eq!(parts.boundary(7), format!("part-{:032x}", 9));
        assert_eq!(parts.boundary(6), format!("part-{:032x}", 6));
    }

    #[test]
    fn boundaries_of_two_bodies_differ() {
        let boundary = || Multipart::default().finish().0;
        assert_ne!(boundary(), boundary());
    }

    #[test]
    fn names_end_neither_their_quotes_nor_their_line() {
        assert_eq!(escaped("a\"b\r\nc: d\u{e9}"), "a%22b%0D%0Ac: d\u{e9}");
    }
}
