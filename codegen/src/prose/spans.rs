//! The inside of a paragraph: text, emphasis, code and links.

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::escape::{Place, escape};
use super::layout::Words;
use super::syntax::OPTIONS;
use super::{address, clean};

/// A piece of a paragraph.
#[derive(Debug)]
enum Span {
    /// Text as the parser left it.
    Text(String),
    /// The same, inside the words of a link.
    Linked(String),
    Code(String),
    /// Markdown: the start or end of emphasis or of a link, or an address between `<` and `>`.
    Mark(String),
    /// The end of a line; a hard one is seen.
    Break(bool),
}

/// A link or image that has not ended yet.
#[derive(Debug)]
enum Open {
    /// A link to a web page: its target, and how many spans stood before its words.
    Link(String, usize),
    /// The same between `<` and `>`, whose words are its target once more.
    Address,
    /// A link to anything else, printed as the text that it is.
    Text(String),
    /// An image, of which only the words remain.
    Words,
}

/// The pieces of a paragraph, in order.
#[derive(Debug, Default)]
pub(super) struct Spans {
    spans: Vec<Span>,
    open: Vec<Open>,
    /// The marks of emphasis that has not ended, and how many spans stood before.
    marks: Vec<(&'static str, usize)>,
    /// How many of the open links lead to a web page.
    linked: usize,
    /// How many of the marks strike out.
    struck: usize,
}

/// Returns a text on one line, which nothing in it can leave.
pub(super) fn line(text: &str) -> String {
    // After a word there is no start of a line, and so no block.
    const BEFORE: &str = "x ";
    let source = format!("{BEFORE}{text}");
    let mut spans = Spans::default();
    for (event, range) in Parser::new_ext(&source, OPTIONS).into_offset_iter() {
        spans.add(event, &source[range.start..]);
    }
    if let Some(Span::Text(first)) = spans.spans.first_mut() {
        first.drain(..BEFORE.len().min(first.len()));
    }
    spans.into_words(false).into_line()
}

impl Spans {
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Adds what the parser found; `source` is the text from there on.
    pub(super) fn add(&mut self, event: Event<'_>, source: &str) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::Code(code) => self.spans.push(Span::Code(clean::code(&code).into_owned())),
            Event::TaskListMarker(is_done) => self.text(if is_done { "[x] " } else { "[ ] " }),
            Event::SoftBreak => self.spans.push(Span::Break(false)),
            Event::HardBreak => self.spans.push(Span::Break(true)),
            Event::Start(tag) => self.start(&tag, source),
            Event::End(tag) => self.end(tag),
            Event::FootnoteReference(_) | Event::Rule => {}
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if matches!(self.open.last(), Some(Open::Address)) {
            return;
        }
        let is_linked = self.linked > 0;
        match (self.spans.last_mut(), is_linked) {
            (Some(Span::Text(last)), false) | (Some(Span::Linked(last)), true) => last.push_str(text),
            (_, false) => self.spans.push(Span::Text(text.to_owned())),
            (_, true) => self.spans.push(Span::Linked(text.to_owned())),
        }
    }

    fn start(&mut self, tag: &Tag<'_>, source: &str) {
        let is_underscore = source.starts_with('_');
        match tag {
            Tag::Emphasis => self.emphasis(if is_underscore { "_" } else { "*" }),
            Tag::Strong => self.emphasis(if is_underscore { "__" } else { "**" }),
            Tag::Strikethrough => {
                // Two pairs of marks at the start of a line would be the fence of code.
                self.emphasis(if self.struck == 0 { "~~" } else { "" });
                self.struck += 1;
            }
            Tag::Link { link_type, dest_url, .. } => self.link(*link_type, &clean::text(dest_url)),
            Tag::Image { dest_url, .. } => self.image(&clean::text(dest_url)),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strikethrough => {
                self.struck = self.struck.saturating_sub(1);
                self.end_emphasis();
            }
            TagEnd::Emphasis | TagEnd::Strong => self.end_emphasis(),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    fn emphasis(&mut self, mark: &'static str) {
        self.marks.push((mark, self.spans.len()));
        self.spans.push(Span::Mark(mark.to_owned()));
    }

    fn end_emphasis(&mut self) {
        let Some((mark, start)) = self.marks.pop() else { return };
        if self.spans.len() == start + 1 {
            self.spans.pop();
        } else {
            self.spans.push(Span::Mark(mark.to_owned()));
        }
    }

    fn link(&mut self, kind: LinkType, address: &str) {
        match address::target(address) {
            // Words of an image may hold links; links hold none.
            _ if self.linked > 0 => self.open.push(Open::Words),
            Some(_) if kind == LinkType::Autolink => {
                self.spans.extend(address::bracketed(address).map(Span::Mark));
                self.open.push(Open::Address);
            }
            Some(target) => self.start_link(target),
            // An address of electronic mail.
            None if kind == LinkType::Email => self.open.push(Open::Words),
            None => {
                self.text("[");
                self.open.push(Open::Text(format!("]({address})")));
            }
        }
    }

    fn image(&mut self, address: &str) {
        match address::target(address) {
            Some(target) if self.linked == 0 => self.start_link(target),
            _ => self.open.push(Open::Words),
        }
    }

    fn start_link(&mut self, target: String) {
        self.open.push(Open::Link(target, self.spans.len()));
        self.spans.push(Span::Mark("[".to_owned()));
        self.linked += 1;
    }

    fn end_link(&mut self) {
        match self.open.pop() {
            Some(Open::Link(target, start)) => {
                self.linked = self.linked.saturating_sub(1);
                if self.spans.len() == start + 1 {
                    self.spans.pop();
                    self.spans.push(Span::Mark(format!("<{target}>")));
                } else {
                    self.spans.push(Span::Mark(format!("]({target})")));
                }
            }
            Some(Open::Text(end)) => self.text(&end),
            Some(Open::Address | Open::Words) | None => {}
        }
    }

    /// Returns the pieces as Markdown, for a cell of a table if `cell` is set.
    pub(super) fn into_words(self, cell: bool) -> Words {
        let mut words = Words::default();
        for span in self.spans {
            match span {
                Span::Text(text) => words.text(&escape(&clean::text(&text), Place { linked: false, cell })),
                Span::Linked(text) => words.text(&escape(&clean::text(&text), Place { linked: true, cell })),
                Span::Code(code) if cell => words.code(&code.replace('|', "\\|")),
                Span::Code(code) => words.code(&code),
                Span::Mark(mark) => words.mark(&mark),
                Span::Break(is_hard) => words.end_line(is_hard),
            }
        }
        words
    }
}
