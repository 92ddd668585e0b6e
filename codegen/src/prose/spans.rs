//! Inline Markdown: text, emphasis, code spans and links.

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::escape::{Inside, escape};
use super::layout::Words;
use super::syntax::OPTIONS;
use super::{address, clean};

/// An inline element, or its start or end.
#[derive(Debug)]
enum Span {
    /// Masked text outside of links.
    Text(String),
    /// Masked link text.
    LinkText(String),
    Code(String),
    /// The start or end of emphasis or of a link, or an autolink.
    Markup(String),
    /// A line break; a hard one if set.
    Break(bool),
}

/// An open link or image.
#[derive(Debug)]
enum OpenLink {
    /// A web link: its target, and the index of its start.
    Web(String, usize),
    /// An autolink, which is printed already.
    Auto,
    /// A link to anything else, printed as plain text with this end.
    Text(String),
    /// An element of which only the text is kept.
    TextOnly,
}

/// The inline elements of a block, in order.
#[derive(Debug, Default)]
pub(super) struct Spans {
    spans: Vec<Span>,
    open: Vec<OpenLink>,
    /// The delimiters of open emphasis, with the indexes of their starts.
    delimiters: Vec<(&'static str, usize)>,
    /// The number of open web links.
    web_links: usize,
}

/// Prints a masked text without line breaks as one line.
pub(super) fn line(text: &str) -> String {
    // A block starts at the start of a line, so a word in front of the text rules blocks out.
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

    /// Adds an event. `source` is the rest of the source, from the start of the event.
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
        if matches!(self.open.last(), Some(OpenLink::Auto)) {
            return;
        }
        let is_link_text = self.web_links > 0;
        match (self.spans.last_mut(), is_link_text) {
            (Some(Span::Text(last)), false) | (Some(Span::LinkText(last)), true) => last.push_str(text),
            (_, false) => self.spans.push(Span::Text(text.to_owned())),
            (_, true) => self.spans.push(Span::LinkText(text.to_owned())),
        }
    }

    fn start(&mut self, tag: &Tag<'_>, source: &str) {
        let is_underscore = source.starts_with('_');
        match tag {
            Tag::Emphasis => self.emphasis(if is_underscore { "_" } else { "*" }),
            Tag::Strong => self.emphasis(if is_underscore { "__" } else { "**" }),
            Tag::Strikethrough => self.emphasis("~~"),
            Tag::Link { link_type, dest_url, .. } => self.link(*link_type, &clean::text(dest_url)),
            Tag::Image { dest_url, .. } => self.image(&clean::text(dest_url)),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => self.end_emphasis(),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    fn emphasis(&mut self, mark: &'static str) {
        self.delimiters.push((mark, self.spans.len()));
        self.spans.push(Span::Markup(mark.to_owned()));
    }

    fn end_emphasis(&mut self) {
        let Some((mark, start)) = self.delimiters.pop() else { return };
        if self.spans.len() == start + 1 {
            self.spans.pop();
        } else {
            self.spans.push(Span::Markup(mark.to_owned()));
        }
    }

    fn link(&mut self, kind: LinkType, address: &str) {
        match address::target(address) {
            // The text of an image can contain links, but the text of a link cannot.
            _ if self.web_links > 0 => self.open.push(OpenLink::TextOnly),
            Some(_) if kind == LinkType::Autolink => {
                self.spans.extend(address::bracketed(address).map(Span::Markup));
                self.open.push(OpenLink::Auto);
            }
            Some(target) => self.start_link(target),
            // An email address.
            None if kind == LinkType::Email => self.open.push(OpenLink::TextOnly),
            None => {
                self.text("[");
                self.open.push(OpenLink::Text(format!("]({address})")));
            }
        }
    }

    fn image(&mut self, address: &str) {
        match address::target(address) {
            Some(target) if self.web_links == 0 => self.start_link(target),
            _ => self.open.push(OpenLink::TextOnly),
        }
    }

    fn start_link(&mut self, target: String) {
        self.open.push(OpenLink::Web(target, self.spans.len()));
        self.spans.push(Span::Markup("[".to_owned()));
        self.web_links += 1;
    }

    fn end_link(&mut self) {
        match self.open.pop() {
            Some(OpenLink::Web(target, start)) => {
                self.web_links = self.web_links.saturating_sub(1);
                if self.spans.len() == start + 1 {
                    self.spans.pop();
                    self.spans.push(Span::Markup(format!("<{target}>")));
                } else {
                    self.spans.push(Span::Markup(format!("]({target})")));
                }
            }
            Some(OpenLink::Text(end)) => self.text(&end),
            Some(OpenLink::Auto | OpenLink::TextOnly) | None => {}
        }
    }

    /// Returns the elements as Markdown, for a table cell if `cell` is set.
    pub(super) fn into_words(self, cell: bool) -> Words {
        let mut words = Words::default();
        for span in self.spans {
            match span {
                Span::Text(text) => words.text(&escape(&clean::text(&text), Inside { link: false, cell })),
                Span::LinkText(text) => words.text(&escape(&clean::text(&text), Inside { link: true, cell })),
                Span::Code(code) if cell => words.code(&code.replace('|', "\\|")),
                Span::Code(code) => words.code(&code),
                Span::Markup(markup) => words.markup(&markup),
                Span::Break(is_hard) => words.end_line(is_hard),
            }
        }
        words
    }
}
