//! Words in lines: wrapped, and with nothing at the start of a line that would start a block.

/// The longest run of backticks in code that is still printed as code. Longer ones are noise.
const RUN: usize = 8;

/// Marks that make up a rule, the underline of a heading, a list item or the head of a table.
const MARKS: &[char] = &['-', '+', '*', '_', '=', '|', ':', '#', '~'];

/// A part of a line that is not broken.
#[derive(Debug, Default)]
struct Word {
    text: String,
    /// Whether it stays on the line of the word before it.
    stays: bool,
}

/// A line of the source, or what stands before its hard break.
#[derive(Debug, Default)]
struct Line {
    words: Vec<Word>,
    ends_hard: bool,
}

/// The words of a paragraph, as Markdown.
#[derive(Debug, Default)]
pub(super) struct Words {
    lines: Vec<Line>,
    line: Line,
    /// Whether what comes next belongs to the last word.
    open: bool,
}

impl Words {
    /// Adds text that is escaped already; white space parts its words.
    pub(super) fn text(&mut self, escaped: &str) {
        self.parts(escaped, |_| false);
    }

    /// Adds a piece of Markdown that is not broken.
    pub(super) fn mark(&mut self, mark: &str) {
        // `!` and the start of a link would be an image.
        if mark.starts_with('[') && self.open && self.last().text.ends_with('!') {
            let word = self.last();
            word.text.pop();
            word.text.push_str("\\!");
        }
        self.last().text.push_str(mark);
    }

    /// Adds a code span, or the same as text where the code is mostly backticks.
    pub(super) fn code(&mut self, code: &str) {
        let (longest, is_used) = runs(code);
        if longest > RUN {
            let spaced: String =
                code.chars().map(|character| if character == '`' { '\'' } else { character }).collect();
            return self.code(&spaced);
        }
        let length = (1..).find(|length| !is_used[*length]).unwrap_or(1);
        let fence = "`".repeat(length);
        let pad = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        let span = format!("{fence}{pad}{code}{pad}{fence}");
        // Spans that touch would be one.
        if self.open && self.last().text.ends_with('`') {
            self.open = false;
        }
        let is_atomic = length > 2;
        // What starts a block cannot be escaped in code.
        let is_start = |first: char| MARKS.contains(&first) || first.is_ascii_digit() || "<>`[".contains(first);
        self.parts(&span, |word| is_atomic || word.starts_with(is_start));
    }

    /// Ends a line of the source.
    pub(super) fn end_line(&mut self, is_hard: bool) {
        let mut line = std::mem::take(&mut self.line);
        self.open = false;
        line.ends_hard = is_hard;
        match self.lines.last_mut() {
            _ if !line.words.is_empty() => self.lines.push(line),
            Some(last) => last.ends_hard |= is_hard,
            None => {}
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.line.words.is_empty()
    }

    /// Returns the words in lines of up to `width` characters.
    pub(super) fn into_lines(mut self, width: usize) -> Vec<String> {
        self.end_line(false);
        let mut lines = Vec::new();
        let last = self.lines.len().saturating_sub(1);
        for (index, line) in self.lines.into_iter().enumerate() {
            wrap(&line.words, width, &mut lines);
            if let Some(text) = lines.last_mut().filter(|_| line.ends_hard && index < last) {
                text.push('\\');
            }
        }
        lines
    }

    /// Returns the words on one line, which may be the first of a block.
    pub(super) fn into_line(self) -> String {
        let line = self.into_row();
        let first = line.find(' ').unwrap_or(line.len());
        format!("{}{}", guarded(&line[..first]), &line[first..])
    }

    /// Returns the words on one line that starts with something else.
    pub(super) fn into_row(mut self) -> String {
        self.end_line(false);
        let words: Vec<_> = self.lines.into_iter().flat_map(|line| line.words).map(|word| word.text).collect();
        words.join(" ")
    }

    fn parts(&mut self, text: &str, stays: impl Fn(&str) -> bool) {
        for (index, part) in text.split(char::is_whitespace).enumerate() {
            if index > 0 {
                self.open = false;
            }
            if !part.is_empty() {
                let is_new = !self.open;
                let stays = index > 0 && stays(part);
                let word = self.last();
                word.text.push_str(part);
                word.stays |= is_new && stays;
            }
        }
    }

    /// The word that is being written.
    fn last(&mut self) -> &mut Word {
        if !self.open {
            self.line.words.push(Word::default());
            self.open = true;
        }
        let last = self.line.words.len() - 1;
        &mut self.line.words[last]
    }
}

/// The longest run of backticks in code, and which lengths up to [`RUN`] there are.
fn runs(code: &str) -> (usize, [bool; RUN + 2]) {
    let mut longest = 0;
    let mut is_used = [false; RUN + 2];
    for run in code.split(|character| character != '`').map(str::len) {
        longest = longest.max(run);
        is_used[run.min(RUN)] = true;
    }
    (longest, is_used)
}

fn wrap(words: &[Word], width: usize, lines: &mut Vec<String>) {
    let mut current = String::new();
    let mut used = 0;
    for word in words {
        let length = word.text.chars().count();
        if used > 0 && used + 1 + length > width && !word.stays {
            lines.push(std::mem::take(&mut current));
            used = 0;
        }
        if used == 0 {
            current = guarded(&word.text);
            used = current.chars().count();
        } else {
            current.push(' ');
            current.push_str(&word.text);
            used += 1 + length;
        }
    }
    lines.push(current);
}

/// Returns a word as it stands at the start of a line, where it must not start a block.
fn guarded(word: &str) -> String {
    let number = word.trim_start_matches(|character: char| character.is_ascii_digit());
    if matches!(number, "." | ")") && number.len() < word.len() {
        return format!("{}\\{number}", &word[..word.len() - 1]);
    }
    let is_mark = !word.is_empty() && word.chars().all(|character| MARKS.contains(&character));
    if is_mark || word.starts_with('>') || word.starts_with("~~~") { format!("\\{word}") } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_at_the_start_of_a_line_starts_a_block() {
        for (word, expected) in [
            ("-", "\\-"),
            ("===", "\\==="),
            ("12.", "12\\."),
            ("1)", "1\\)"),
            (">a", "\\>a"),
            ("~~~~rust", "\\~~~~rust"),
            ("-a", "-a"),
            ("1.5", "1.5"),
            (".", "."),
            ("**a**", "**a**"),
        ] {
            assert_eq!(guarded(word), expected);
        }
    }

    #[test]
    fn code_ends_where_it_should() {
        for (code, expected) in
            [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a``b", "`a``b`"), ("`````````", "`'''''''''`")]
        {
            let mut words = Words::default();
            words.code(code);
            assert_eq!(words.into_line(), expected);
        }
    }

    #[test]
    fn code_is_not_broken_before_what_starts_a_block() {
        let mut words = Words::default();
        words.code("aaaa # <div> - bbbb");
        assert_eq!(words.into_lines(4), ["`aaaa # <div> -", "bbbb`"]);
    }
}
