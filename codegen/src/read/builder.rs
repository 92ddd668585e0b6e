//! Builds the tree from the reader's events, with limits on what is built.

use std::collections::hash_map::Entry as Seen;
use std::collections::{BTreeSet, HashMap};
use std::mem;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

use super::anchors::{Anchored, Anchors};
use super::flow;
use super::merge_keys::Read;
use super::size::Size;
use super::{Entry, MAX_DEPTH, MAX_KEY, MAX_NODES, MAX_TEXT, Mapping, Node, NodeValue, scalar};
use crate::finding::{Finding, Severity};
use crate::findings::MAX_FINDINGS;
use crate::pointer::Pointer;
use crate::rules;

const WRITE_IT_OUT: &str = "write it out, or use `$ref`";

/// The reasons that a document cannot be read.
pub(super) struct Misread {
    pub(super) findings: Vec<Finding>,
    /// The line and column of the outermost brackets around a line that is indented too little, counted from 1.
    pub(super) brackets: Option<(usize, usize)>,
}

/// Reads one document, or says everything that keeps it from being read.
pub(super) fn read(file: &str, text: &str) -> Result<Read, Misread> {
    let mut builder = Builder::new(file);
    if let Err(finding) = builder.check_text(text).and_then(|()| builder.run(text)) {
        builder.findings.push(*finding);
    }
    match builder.root {
        Some(root) if builder.findings.is_empty() => Ok(Read { root, merge_keys: builder.merge_keys }),
        _ => {
            builder.findings.sort_by_key(|finding| (finding.line, finding.column));
            Err(Misread { findings: builder.findings, brackets: builder.brackets })
        }
    }
}

/// A finding that ends the reading.
type Stop = Result<(), Box<Finding>>;

struct Builder<'a> {
    file: &'a str,
    /// Mappings and sequences that are still open, the outermost first.
    open: Vec<Frame>,
    root: Option<Node>,
    nodes: usize,
    anchors: Anchors,
    merge_keys: BTreeSet<(usize, usize)>,
    findings: Vec<Finding>,
    brackets: Option<(usize, usize)>,
}

struct Frame {
    line: usize,
    column: usize,
    /// The number that the parser gives the anchor, or 0 without an anchor.
    anchor: usize,
    pointer: Pointer,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<Entry>,
        lines: HashMap<String, usize>,
        /// The key that waits for its value.
        key: Option<(String, Marker)>,
    },
}

impl<'a> Builder<'a> {
    fn new(file: &'a str) -> Self {
        Self {
            file,
            open: Vec::new(),
            root: None,
            nodes: 0,
            anchors: Anchors::default(),
            merge_keys: BTreeSet::new(),
            findings: Vec::new(),
            brackets: None,
        }
    }

    /// Readers of YAML 1.1 and 1.2 break lines at different characters, so the doubtful ones must be escaped.
    fn check_text(&self, text: &str) -> Stop {
        if text.len() > MAX_TEXT {
            let message = format!("{} bytes are more than the {MAX_TEXT} that are read", text.len());
            return self.stop((1, 1), rules::TOO_LARGE, &message, "split the spec, or take out examples");
        }
        for (index, line) in text.split('\n').enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if let Some(column) = line.chars().position(is_doubtful) {
                let character = line.chars().nth(column).unwrap_or_default();
                let message = format!("the character U+{:04X} cannot stand in a spec", u32::from(character));
                let fix = "take it out, or write it as an escape in a double-quoted string";
                return self.stop((index + 1, column + 1), rules::DOUBTFUL_CHARACTER, &message, fix);
            }
        }
        Ok(())
    }

    fn run(&mut self, text: &str) -> Stop {
        let text = join_surrogates(text);
        let mut parser = Parser::new_from_str(&text);
        let mut ended = false;
        let mut last = (1, 1);
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    if error.info() == "invalid indentation" {
                        // The reader looks ahead: it may not have reported the brackets yet.
                        let ahead = || flow::first_open(&text, last, place(error.marker()));
                        self.brackets = self.outermost_brackets(&text).or_else(ahead);
                    }
                    return self.misread(&error);
                }
            };
            last = place(&span.start);
            match event {
                Event::DocumentStart(_) if ended => {
                    let fix = "keep one spec in each file";
                    return self.stop(place(&span.start), rules::SEVERAL_DOCUMENTS, "a second document begins", fix);
                }
                Event::DocumentEnd => ended = true,
                event => self.event(event, span.start)?,
            }
        }
        let is_empty = self.root.as_ref().is_none_or(|root| matches!(root.value, NodeValue::Null));
        if is_empty && self.findings.is_empty() {
            return self.stop((1, 1), rules::EMPTY_DOCUMENT, "there is nothing in this file", "write `openapi: 3.0.3`");
        }
        Ok(())
    }

    /// The place of the first list or mapping in brackets that is still open.
    fn outermost_brackets(&self, text: &str) -> Option<(usize, usize)> {
        let is_bracket = |frame: &&Frame| {
            let line = text.lines().nth(frame.line - 1).unwrap_or_default();
            matches!(line.chars().nth(frame.column - 1), Some('{' | '['))
        };
        self.open.iter().find(is_bracket).map(|frame| (frame.line, frame.column))
    }

    fn misread(&self, error: &ScanError) -> Stop {
        let mark = error.marker();
        match error.info() {
            // The reader looks ahead, and has a limit of its own.
            "recursion limit exceeded" => self.too_deep(mark),
            info if info.contains("unknown anchor") => {
                let fix = "put the anchor (`&name`) on an earlier value, or quote the text to make it a string";
                self.refuse(mark, "an alias (`*name`) without an anchor above it", fix)
            }
            info => {
                let message = format!("this is not YAML: {info}");
                let fix = "mend the syntax; indentation is made of spaces";
                self.stop(place(mark), rules::NOT_YAML, &message, fix)
            }
        }
    }

    fn too_deep(&self, mark: &Marker) -> Stop {
        let message = format!("lists and mappings nest deeper than {MAX_DEPTH} levels");
        let fix = "make components of the inner schemas, and refer to them with `$ref`";
        self.stop(place(mark), rules::TOO_DEEP, &message, fix)
    }

    fn event(&mut self, event: Event<'_>, mark: Marker) -> Stop {
        match event {
            Event::Alias(anchor) => self.alias(anchor, mark),
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(&mark, tag.is_some())?;
                self.scalar(&text, style, anchor, mark)
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_tag(&mark, tag.is_some())?;
                self.open(mark, anchor, Content::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_tag(&mark, tag.is_some())?;
                self.open(mark, anchor, Content::Mapping { entries: Vec::new(), lines: HashMap::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(mark),
            _ => Ok(()),
        }
    }

    fn refuse_tag(&self, mark: &Marker, tagged: bool) -> Stop {
        match tagged {
            true => self.refuse(mark, "tags (`!name`) are not read", "quote the value to make it a string"),
            false => Ok(()),
        }
    }

    /// Adds a copy of the anchored value, where the text has an alias.
    fn alias(&mut self, anchor: usize, mark: Marker) -> Stop {
        if self.awaits_key() {
            return self.stop(place(&mark), rules::KEY_NOT_STRING, "the key is an alias", "write the key out");
        }
        let Some(Anchored { node, size }) = self.anchors.find(anchor) else {
            return self.refuse(&mark, "the alias is inside the value that it stands for", WRITE_IT_OUT);
        };
        let (node, size) = (node.clone(), *size);
        if self.open.len() + size.depth > MAX_DEPTH {
            return self.too_deep(&mark);
        }
        self.count_copy(size, &mark)?;
        self.nodes += size.nodes.saturating_sub(1);
        self.put(node)
    }

    /// Keeps a value for its aliases.
    fn keep(&mut self, anchor: usize, node: &Node, mark: &Marker) -> Stop {
        if anchor == 0 {
            return Ok(());
        }
        let size = Size::of(node);
        self.count_copy(size, mark)?;
        self.anchors.keep(anchor, Anchored { node: node.clone(), size });
        Ok(())
    }

    fn count_copy(&mut self, size: Size, mark: &Marker) -> Stop {
        let (nodes, bytes) = self.anchors.count_copy(size);
        if nodes <= MAX_NODES && bytes <= MAX_TEXT {
            return Ok(());
        }
        let message = format!("aliases stand for more than {MAX_NODES} values, or {MAX_TEXT} bytes");
        self.stop(place(mark), rules::TOO_LARGE, &message, WRITE_IT_OUT)
    }

    fn refuse(&self, mark: &Marker, message: &str, fix: &str) -> Stop {
        self.stop(place(mark), rules::YAML_FEATURE, message, fix)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, mark: Marker) -> Stop {
        if self.awaits_key() {
            let node = Node { line: mark.line(), column: mark.col() + 1, value: NodeValue::String(text.to_owned()) };
            self.keep(anchor, &node, &mark)?;
            return self.key(text, style, mark);
        }
        let value =
            if style == ScalarStyle::Plain { scalar::resolve(text) } else { Ok(NodeValue::String(text.to_owned())) };
        match value {
            Ok(value) => {
                let node = Node { line: mark.line(), column: mark.col() + 1, value };
                self.keep(anchor, &node, &mark)?;
                self.put(node)
            }
            Err(what) => self.stop(
                place(&mark),
                rules::UNSUPPORTED_NUMBER,
                &format!("`{text}` is {what}"),
                "quote it to make it a string",
            ),
        }
    }

    fn awaits_key(&self) -> bool {
        self.open.last().is_some_and(|frame| matches!(frame.content, Content::Mapping { key: None, .. }))
    }

    fn key(&mut self, text: &str, style: ScalarStyle, mark: Marker) -> Stop {
        if text == "<<" && style == ScalarStyle::Plain {
            self.merge_keys.insert(place(&mark));
        }
        let is_status = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_string = matches!(scalar::resolve(text), Ok(NodeValue::String(_)));
        if style == ScalarStyle::Plain && !is_string && !is_status {
            let message = format!("the key `{text}` is not a string");
            return self.stop(place(&mark), rules::KEY_NOT_STRING, &message, "quote it");
        }
        if text.len() > MAX_KEY {
            let message = format!("the key `{text}` has more than {MAX_KEY} bytes");
            return self.stop(place(&mark), rules::TOO_LARGE, &message, "make the text a value, or shorten the key");
        }
        let Some(Frame { pointer, content: Content::Mapping { lines, key, .. }, .. }) = self.open.last_mut() else {
            return Ok(());
        };
        *key = Some((text.to_owned(), mark));
        let first = match lines.entry(text.to_owned()) {
            Seen::Vacant(entry) => {
                entry.insert(mark.line());
                return Ok(());
            }
            Seen::Occupied(entry) => *entry.get(),
        };
        let pointer = pointer.child(text);
        self.duplicate_key(text, first, place(&mark), pointer)
    }

    fn duplicate_key(&mut self, key: &str, first: usize, place: (usize, usize), pointer: Pointer) -> Stop {
        let message = format!("the key `{key}` is already on line {first}");
        let finding = self.finding(rules::DUPLICATE_KEY, &message, "remove one of the two").at(place, pointer);
        self.findings.push(finding);
        if self.findings.len() < MAX_FINDINGS {
            return Ok(());
        }
        let message = format!("reading ends after {MAX_FINDINGS} findings");
        self.stop(place, rules::TOO_MANY_FINDINGS, &message, "fix those that are listed first")
    }

    fn open(&mut self, mark: Marker, anchor: usize, content: Content) -> Stop {
        if self.awaits_key() {
            let message = "the key is a list or a mapping";
            return self.stop(place(&mark), rules::KEY_NOT_STRING, message, "keys must be strings");
        }
        if self.open.len() == MAX_DEPTH {
            return self.too_deep(&mark);
        }
        let pointer = self.pointer();
        self.open.push(Frame { line: mark.line(), column: mark.col() + 1, anchor, pointer, content });
        Ok(())
    }

    fn close(&mut self, mark: Marker) -> Stop {
        let Some(Frame { line, column, anchor, content, .. }) = self.open.pop() else { return Ok(()) };
        let value = match content {
            Content::Sequence(items) => NodeValue::Sequence(items),
            Content::Mapping { entries, .. } => NodeValue::Mapping(Mapping::new(entries)),
        };
        let node = Node { line, column, value };
        self.keep(anchor, &node, &mark)?;
        self.put(node)
    }

    fn put(&mut self, node: Node) -> Stop {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("more than {MAX_NODES} values");
            return self.stop((node.line, node.column), rules::TOO_LARGE, &message, "split the spec");
        }
        match self.open.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(node),
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping { entries, key, .. }) => {
                if let Some((key, mark)) = mem::take(key) {
                    entries.push(Entry { key, line: mark.line(), column: mark.col() + 1, value: node });
                }
            }
        }
        Ok(())
    }

    /// The pointer of the node that comes next.
    fn pointer(&self) -> Pointer {
        match self.open.last() {
            None => Pointer::ROOT,
            Some(Frame { pointer, content: Content::Sequence(items), .. }) => pointer.child(items.len()),
            Some(Frame { pointer, content: Content::Mapping { key, .. }, .. }) => {
                pointer.child(key.as_ref().map_or("", |(key, _)| key))
            }
        }
    }

    fn stop(&self, place: (usize, usize), rule: &'static str, message: &str, fix: &str) -> Stop {
        Err(Box::new(self.finding(rule, message, fix).at(place, self.pointer())))
    }

    fn finding(&self, rule: &'static str, message: &str, fix: &str) -> Finding {
        Finding::new(Severity::Error, self.file, rule, message, fix)
    }
}

fn place(mark: &Marker) -> (usize, usize) {
    (mark.line(), mark.col() + 1)
}

fn is_doubtful(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// JSON escapes a character beyond U+FFFF as two halves, which YAML does not know; it has `\UXXXXXXXX` instead.
fn join_surrogates(text: &str) -> std::borrow::Cow<'_, str> {
    let is_json = text.trim_start().starts_with('{');
    if !is_json || !["\\ud", "\\uD"].iter().any(|escape| text.contains(escape)) {
        return text.into();
    }
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        joined.push_str(before);
        let (written, length) = match surrogate_pair(escape) {
            Some(character) => (format!("\\U{:08X}", u32::from(character)), 12),
            None => {
                let length = escape.chars().take(2).map(char::len_utf8).sum();
                (escape[..length].to_owned(), length)
            }
        };
        joined.push_str(&written);
        rest = &escape[length..];
    }
    joined.push_str(rest);
    joined.into()
}

/// The character that `\uD83D\uDE00` stands for.
fn surrogate_pair(text: &str) -> Option<char> {
    let half = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    char::decode_utf16([half(0)?, half(6)?]).next()?.ok().filter(|character| u32::from(*character) > 0xffff)
}
