//! Block-level Markdown: paragraphs, headings, lists, quotes, code and tables.

use std::mem;
use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::clean;
use super::spans::Spans;
use super::syntax::OPTIONS;

/// The number of nested quotes and list items that are kept. Deeper ones are printed as if they were not nested.
const MAX_NESTING: usize = 8;

/// The least width of nested text.
const MIN_WIDTH: usize = 40;

/// The largest number of a list item. Longer numbers are text in Markdown.
const MAX_NUMBER: u64 = 999_999_999;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Paragraph,
    Heading,
    Code,
    Quote,
    List,
    Table,
    Rule,
}

/// An open quote or list item.
#[derive(Debug)]
struct Container {
    kind: Kind,
    /// The offset in the source.
    start: usize,
    /// The prefix of the first line, until that is printed.
    marker: Option<String>,
    /// The prefix of the other lines.
    indent: &'static str,
    /// Set until a block inside is printed.
    is_empty: bool,
    /// Set for list items after the first.
    follows: bool,
    /// Set if it can follow a paragraph without a blank line.
    interrupts: bool,
    /// The last block inside.
    last: Option<Kind>,
}

/// An open list.
#[derive(Debug)]
struct List {
    /// The number of the next item.
    number: Option<u64>,
    /// Set once an item is printed.
    has_items: bool,
}

/// An open table.
#[derive(Debug)]
struct Table {
    start: usize,
    alignments: Vec<Alignment>,
    cells: Vec<String>,
}

/// An open block that contains no other blocks, with its offset in the source.
#[derive(Debug)]
enum Leaf {
    /// A heading of a level.
    Heading(usize, usize),
    Code(String, usize),
    Table(Table),
}

/// The lines printed so far, and the open blocks.
#[derive(Debug, Default)]
struct Printer<'a> {
    source: &'a str,
    width: usize,
    lines: Vec<String>,
    containers: Vec<Container>,
    /// One flag for each open quote and item, set if it has a container.
    nested: Vec<bool>,
    lists: Vec<List>,
    /// The last block outside of all containers.
    last: Option<Kind>,
    leaf: Option<Leaf>,
    spans: Spans,
    /// The offset of `spans` in the source.
    start: usize,
}

/// Prints a masked text as lines of Markdown, with paragraphs wrapped at `width`.
pub(super) fn print(source: &str, width: usize) -> Vec<String> {
    let mut printer = Printer { source, width, ..Printer::default() };
    for (event, range) in Parser::new_ext(source, OPTIONS).into_offset_iter() {
        printer.event(event, range);
    }
    printer.paragraph();
    printer.lines
}

impl Printer<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.open(tag, &range),
            Event::End(tag) => self.close(tag),
            Event::Rule => {
                self.paragraph();
                self.begin(Kind::Rule, range.start);
                // Unlike `---` and `***`, this is never a heading underline or part of a list.
                self.push("___");
            }
            Event::Text(text) if matches!(self.leaf, Some(Leaf::Code(..))) => {
                if let Some(Leaf::Code(code, _)) = &mut self.leaf {
                    code.push_str(&clean::code(&text));
                }
            }
            inline => self.inline(inline, range.start),
        }
    }

    fn inline(&mut self, event: Event<'_>, start: usize) {
        if self.spans.is_empty() {
            self.start = start;
        }
        self.spans.add(event, self.source.get(start..).unwrap_or_default());
    }

    fn open(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        let start = range.start;
        match tag {
            Tag::Paragraph | Tag::TableHead | Tag::TableRow | Tag::TableCell => return,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. } => {
                return self.inline(Event::Start(tag), start);
            }
            _ => self.paragraph(),
        }
        match tag {
            Tag::Heading { level, .. } => self.leaf = Some(Leaf::Heading(level as usize, start)),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                self.leaf = Some(Leaf::Code(String::new(), start));
            }
            Tag::Table(alignments) => {
                self.leaf = Some(Leaf::Table(Table { start, alignments, cells: Vec::new() }));
            }
            Tag::BlockQuote(_) => self.contain(Container {
                kind: Kind::Quote,
                start,
                marker: Some("> ".to_owned()),
                indent: "> ",
                is_empty: true,
                follows: false,
                interrupts: true,
                last: None,
            }),
            Tag::List(number) => self.lists.push(List { number, has_items: false }),
            Tag::Item => self.item(start),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image => {
                self.spans.add(Event::End(tag), "");
            }
            TagEnd::Heading(_) => self.heading(),
            TagEnd::CodeBlock => self.code(),
            TagEnd::TableCell => self.cell(),
            TagEnd::TableHead => self.row(true),
            TagEnd::TableRow => self.row(false),
            TagEnd::Table => self.leaf = None,
            TagEnd::BlockQuote | TagEnd::Item => {
                self.paragraph();
                // Empty items are not printed: several list markers on one line could be a rule.
                if self.nested.pop() == Some(true)
                    && let Some(Container { kind: Kind::List, is_empty: false, .. }) = self.containers.pop()
                    && let Some(list) = self.lists.last_mut()
                {
                    list.has_items = true;
                    list.number = list.number.map(|number| number.saturating_add(1));
                }
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            _ => self.paragraph(),
        }
    }

    /// Opens a quote or an item, unless it is nested too deeply.
    fn contain(&mut self, container: Container) {
        let fits = self.containers.len() < MAX_NESTING;
        self.nested.push(fits);
        if fits {
            self.containers.push(container);
        }
    }

    fn item(&mut self, start: usize) {
        let source = self.source.get(start..).unwrap_or_default();
        let Some(list) = self.lists.last() else { return };
        let follows = list.has_items;
        let marker = match list.number {
            Some(number) => {
                let after = source.trim_start_matches(|character: char| character.is_ascii_digit());
                let mark = if after.starts_with(')') { ')' } else { '.' };
                format!("{}{mark} ", number.min(MAX_NUMBER))
            }
            None => match source.chars().next() {
                Some(mark @ ('*' | '+')) => format!("{mark} "),
                _ => "- ".to_owned(),
            },
        };
        const SPACES: &str = "           ";
        self.contain(Container {
            kind: Kind::List,
            start,
            indent: &SPACES[..marker.len().min(SPACES.len())],
            is_empty: true,
            follows,
            interrupts: !marker.starts_with(|first: char| first.is_ascii_digit()) || marker.starts_with("1."),
            marker: Some(marker),
            last: None,
        });
    }

    /// Prints pending text as a paragraph.
    fn paragraph(&mut self) {
        let words = mem::take(&mut self.spans).into_words(false);
        if !words.is_empty() {
            self.begin(Kind::Paragraph, self.start);
            let prefix: usize = self.containers.iter().map(|container| container.indent.len()).sum();
            for line in words.into_lines(self.width.saturating_sub(prefix).max(MIN_WIDTH)) {
                self.push(&line);
            }
        }
    }

    fn heading(&mut self) {
        let text = mem::take(&mut self.spans).into_words(false).into_row();
        if let Some(Leaf::Heading(level, start)) = self.leaf.take()
            && !text.is_empty()
        {
            self.begin(Kind::Heading, start);
            let last = text.rfind(' ').map_or(0, |space| space + 1);
            // A `#` at the end would be a closing sequence.
            let escape = if text[last..].starts_with('#') { "\\" } else { "" };
            self.push(&format!("{} {}{escape}{}", "#".repeat(level), &text[..last], &text[last..]));
        }
    }

    fn code(&mut self) {
        let Some(Leaf::Code(code, start)) = self.leaf.take() else { return };
        if code.trim().is_empty() {
            return;
        }
        let longest = code.split(|character| character != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.begin(Kind::Code, start);
        self.push(&format!("{fence}text"));
        for line in code.lines() {
            self.push(&line.replace('\t', "    "));
        }
        self.push(&fence);
    }

    fn cell(&mut self) {
        let text = mem::take(&mut self.spans).into_words(true).into_row();
        if let Some(Leaf::Table(table)) = &mut self.leaf {
            table.cells.push(text);
        }
    }

    fn row(&mut self, is_head: bool) {
        let Some(Leaf::Table(table)) = &mut self.leaf else { return };
        let mut cells = mem::take(&mut table.cells);
        if is_head {
            let start = table.start;
            let marks: String =
                table.alignments.iter().map(|alignment| format!("{}|", delimiter(*alignment))).collect();
            self.begin(Kind::Table, start);
            self.push(&format!("| {} |", cells.join(" | ")));
            return self.push(&format!("|{marks}"));
        }
        // The parser pads short rows.
        while cells.len() > 1 && cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        self.push(&format!("| {} |", cells.join(" | ")));
    }

    /// Starts a block: prints a blank line if the source has one, or if the blocks would merge without it.
    fn begin(&mut self, kind: Kind, start: usize) {
        let empty = self.containers.iter().position(|container| container.is_empty);
        let outer = empty.unwrap_or(self.containers.len());
        let last = outer.checked_sub(1).map_or(self.last, |around| self.containers[around].last);
        if let Some(last) = last {
            let touches = match self.containers.get(outer) {
                None => may_touch(last, kind),
                Some(container) if container.follows => last == Kind::List,
                Some(container) => container.interrupts && may_touch(last, container.kind),
            };
            if !touches || self.is_after_blank(self.containers.get(outer).map_or(start, |container| container.start)) {
                let prefix: String = self.containers[..outer].iter().map(|container| container.indent).collect();
                self.lines.push(prefix.trim_end().to_owned());
            }
        }
        let mut inside = Some(kind);
        for container in self.containers.iter_mut().rev() {
            container.last = inside.or(container.last);
            inside = container.is_empty.then_some(container.kind);
            container.is_empty = false;
        }
        self.last = inside.or(self.last);
    }

    /// Returns whether the line before the one at this offset is blank.
    fn is_after_blank(&self, start: usize) -> bool {
        let before = self.source.get(..start).unwrap_or_default();
        let mut lines = before.rsplit('\n').skip(1);
        lines.next().is_some_and(|line| line.trim_matches(|it: char| it == '>' || it.is_whitespace()).is_empty())
    }

    /// Prints a line inside the open containers.
    fn push(&mut self, content: &str) {
        let mut line = String::new();
        for container in &mut self.containers {
            match container.marker.take() {
                Some(marker) => line.push_str(&marker),
                None => line.push_str(container.indent),
            }
        }
        line.push_str(content);
        line.truncate(line.trim_end().len());
        self.lines.push(line);
    }
}

/// Returns whether a block can follow another without a blank line.
fn may_touch(above: Kind, below: Kind) -> bool {
    match above {
        Kind::Heading | Kind::Code => true,
        Kind::Paragraph => matches!(below, Kind::Heading | Kind::Code | Kind::Quote | Kind::List),
        Kind::List | Kind::Quote | Kind::Rule | Kind::Table => false,
    }
}

fn delimiter(alignment: Alignment) -> &'static str {
    match alignment {
        Alignment::None => "---",
        Alignment::Left => ":--",
        Alignment::Center => ":-:",
        Alignment::Right => "--:",
    }
}
