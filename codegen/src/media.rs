//! Media types of bodies: the way in which each is written, and the one that is used among several.

use crate::spec::{NodeRef, View};

/// A media type as the document writes it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct MediaType {
    /// The text, parameters included.
    pub text: String,
    /// The way in which such a body is written.
    pub kind: MediaKind,
}

/// The way in which a body is written.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum MediaKind {
    /// `application/json`.
    Json,
    /// Another JSON, such as `application/problem+json`.
    JsonSuffix,
    /// `application/x-www-form-urlencoded`, which only requests have.
    Form,
    /// `multipart/form-data`, which only requests have.
    Multipart,
    /// Text in UTF-8.
    Text,
    /// Anything else.
    Bytes,
}

impl MediaKind {
    /// Returns whether the schema of such a body becomes a type. Text and bytes have types of their own.
    pub(crate) fn is_typed(self) -> bool {
        !matches!(self, Self::Text | Self::Bytes)
    }

    /// Returns whether such a body is JSON.
    pub fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::JsonSuffix)
    }
}

/// The part of a schema that decides how a body of an ambiguous media type is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shape {
    /// The schema is left out.
    Missing,
    /// A string that is not binary.
    Text,
    /// An object or a list.
    Structure,
    /// Anything else.
    Other,
}

impl Shape {
    /// The shape of a media type's schema.
    fn of<'a>(view: &View<'a>, media_type: &NodeRef<'a>) -> Self {
        let schema = media_type.get("schema");
        if !schema.exists() {
            return Self::Missing;
        }
        let flat = view.flattened(&view.schema(&schema).core);
        match flat.kind() {
            Some("object" | "array") => Self::Structure,
            Some("string") if flat.text("format") != Some("binary") => Self::Text,
            None if !flat.cases().is_empty() => Self::Structure,
            _ => Self::Other,
        }
    }
}

impl MediaType {
    /// The media type of plain JSON.
    #[cfg(test)]
    pub(crate) fn json() -> Self {
        Self { text: "application/json".to_owned(), kind: MediaKind::Json }
    }

    /// Classifies a media type. Case and spaces make no difference. Returns `None` for a text that is not a media type.
    pub(crate) fn new(text: &str, shape: Shape, is_request: bool) -> Option<Self> {
        let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (kind, subtype) = essence.split_once('/')?;
        let is_token = |part: &str| !part.is_empty() && !part.contains([' ', '/', ',', '"', '(', ')', '<', '>', '@']);
        if !is_printable || !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let is_wildcard = essence.contains('*');
        let kind = match essence.as_str() {
            "application/json" => MediaKind::Json,
            "text/json" | "application/x-json" => MediaKind::JsonSuffix,
            "application/x-www-form-urlencoded" if is_request => MediaKind::Form,
            "multipart/form-data" if is_request => MediaKind::Multipart,
            json if json.ends_with("+json") => MediaKind::JsonSuffix,
            "*/*" | "application/*" if shape == Shape::Structure => MediaKind::JsonSuffix,
            text if is_text(text) && shape == Shape::Text => MediaKind::Text,
            _ => MediaKind::Bytes,
        };
        let is_other_text = kind == MediaKind::Text && !is_wildcard && !is_utf8(text);
        let kind = if is_other_text { MediaKind::Bytes } else { kind };
        Some(Self { text: text.trim().to_owned(), kind })
    }

    /// The value of `Content-Type` for a request. A range of media types, such as `*/*`, has to become one of them.
    pub fn content_type(&self) -> &str {
        match self.kind {
            _ if !self.is_range() => &self.text,
            kind if kind.is_json() => "application/json",
            MediaKind::Text => "text/plain",
            _ => "application/octet-stream",
        }
    }

    /// The value of `Accept` that asks for a response. It names no character set, by which services do not choose.
    pub fn accept(&self) -> String {
        if self.is_range() && self.kind.is_json() {
            return "application/json".to_owned();
        }
        let is_other = |parameter: &&str| !parameter.trim().to_ascii_lowercase().starts_with("charset=");
        self.text.split(';').filter(is_other).map(str::trim).collect::<Vec<_>>().join(";")
    }

    /// Orders the media types of a body by how well the client can write or read them: JSON, forms, then anything else.
    pub(crate) fn rank(&self) -> impl Ord + use<> {
        let kind = if self.kind == MediaKind::Bytes { MediaKind::Text } else { self.kind };
        // Among JSON, a range comes last: a service that names a media type as well knows which one it is.
        (kind, kind.is_json() && self.is_range())
    }

    fn is_range(&self) -> bool {
        self.text.split(';').next().unwrap_or_default().contains('*')
    }
}

/// Returns whether a media type in lower case is of text.
fn is_text(essence: &str) -> bool {
    const TEXTS: &[&str] = &[
        "application/graphql",
        "application/javascript",
        "application/jose",
        "application/jwt",
        "application/x-yaml",
        "application/xml",
        "application/yaml",
    ];
    let suffixes = ["+jwt", "+xml", "+yaml"];
    essence.starts_with("text/") || TEXTS.contains(&essence) || suffixes.iter().any(|suffix| essence.ends_with(suffix))
}

/// Returns whether a media type names no character set, or one that Rust's strings have.
fn is_utf8(media_type: &str) -> bool {
    let mut parameters = media_type.split(';').skip(1).map(|parameter| parameter.trim().to_ascii_lowercase());
    let charset = parameters.find_map(|parameter| parameter.strip_prefix("charset=").map(|set| set.replace('"', "")));
    charset.is_none_or(|charset| matches!(charset.trim(), "utf-8" | "utf8"))
}

/// An entry of `content`.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    /// The media type as it is written.
    pub(crate) name: &'a str,
    /// `None` if the name is not a media type.
    pub(crate) media_type: Option<MediaType>,
    pub(crate) place: NodeRef<'a>,
}

/// The entries of the `content` of a body or a response.
pub(crate) fn entries<'a>(view: &View<'a>, content: &NodeRef<'a>, is_request: bool) -> Vec<Entry<'a>> {
    let entry = |(name, place): (&'a str, NodeRef<'a>)| {
        let media_type = MediaType::new(name, Shape::of(view, &place), is_request);
        Entry { name, media_type, place }
    };
    content.children().map(entry).collect()
}

/// The place of the entry that is sent or decoded; the others are ignored.
pub(crate) fn used(entries: &[Entry<'_>]) -> Option<usize> {
    let known = entries.iter().enumerate().filter_map(|(nth, entry)| Some((nth, entry.media_type.as_ref()?)));
    known.min_by_key(|(_, media_type)| media_type.rank()).map(|(nth, _)| nth)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails panics")]

    use super::*;

    fn kind(text: &str, shape: Shape, is_request: bool) -> Option<MediaKind> {
        MediaType::new(text, shape, is_request).map(|media_type| media_type.kind)
    }

    #[test]
    fn media_types_are_classified_by_their_name_and_schema() {
        use MediaKind::{Bytes, Form, Json, JsonSuffix, Multipart, Text};
        for (text, shape, is_request, expected) in [
            ("application/json", Shape::Other, true, Json),
            ("Application/JSON ; charset=utf-8", Shape::Other, false, Json),
            ("application/problem+json", Shape::Missing, false, JsonSuffix),
            ("text/json", Shape::Text, false, JsonSuffix),
            ("application/*+json", Shape::Other, true, JsonSuffix),
            ("*/*", Shape::Structure, false, JsonSuffix),
            ("*/*", Shape::Text, false, Bytes),
            ("application/*", Shape::Missing, false, Bytes),
            ("application/x-www-form-urlencoded", Shape::Structure, true, Form),
            ("application/x-www-form-urlencoded", Shape::Structure, false, Bytes),
            ("multipart/form-data", Shape::Structure, true, Multipart),
            ("multipart/form-data", Shape::Structure, false, Bytes),
            ("multipart/mixed", Shape::Structure, true, Bytes),
            ("text/plain", Shape::Text, true, Text),
            ("text/plain; charset=UTF-8", Shape::Text, true, Text),
            ("text/plain; charset=iso-8859-1", Shape::Text, true, Bytes),
            ("text/csv", Shape::Other, true, Bytes),
            ("text/csv", Shape::Missing, true, Bytes),
            ("application/jwt", Shape::Text, true, Text),
            ("application/jose", Shape::Text, false, Text),
            ("application/xml", Shape::Structure, true, Bytes),
            ("application/soap+xml", Shape::Text, true, Text),
            ("application/pdf", Shape::Text, false, Bytes),
        ] {
            assert_eq!(kind(text, shape, is_request), Some(expected), "{text} {shape:?} {is_request}");
        }
        for text in ["", "json", "/json", "text/", "a/b/c", "text/plain, text/html", "text/plä", "text/a\r\nb: c"] {
            assert_eq!(kind(text, Shape::Text, true), None, "{text:?}");
        }
    }

    #[test]
    fn a_range_of_media_types_is_not_sent_as_a_content_type() {
        for (text, shape, content_type, accept) in [
            ("*/*", Shape::Structure, "application/json", "application/json"),
            ("application/*+json", Shape::Other, "application/json", "application/json"),
            ("*/*", Shape::Other, "application/octet-stream", "*/*"),
            ("text/*", Shape::Text, "text/plain", "text/*"),
            ("image/*", Shape::Other, "application/octet-stream", "image/*"),
            (" text/csv; header=present ", Shape::Text, "text/csv; header=present", "text/csv;header=present"),
            ("text/csv; charset=utf-8", Shape::Text, "text/csv; charset=utf-8", "text/csv"),
        ] {
            let media_type = MediaType::new(text, shape, true).unwrap();
            assert_eq!((media_type.content_type(), media_type.accept().as_str()), (content_type, accept));
        }
    }
}
