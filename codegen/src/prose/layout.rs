//! Line wrapping that never puts the start of a block at the start of a line.

/// The longest run of backticks that code spans keep. Longer runs become apostrophes.
const MAX_BACKTICKS: usize = 8;

/// The characters of rules, heading underlines, list markers and table delimiters.
const BLOCK_MARKS: &[char] = &['-', '+', '*', '_', '=', '|', ':', '#', '~'];

/// A part of a line that is not broken.
#[derive(Debug, Default)]
struct Word {
    text: String,
    /// Set if no line may start with this word.
    sticks: bool,
}

/// A line of the source.
#[derive(Debug, Default)]
struct Line {
    words: Vec<Word>,
    ends_hard: bool,
}

/// The words of a paragraph in Markdown.
#[derive(Debug, Default)]
pub(super) struct Words {
    lines: Vec<Line>,
    line: Line,
    /// Set while the last word can still grow.
    open: bool,
}

impl Words {
    /// Adds escaped text. Whitespace separates words.
    pub(super) fn text(&mut self, escaped: &str) {
        self.parts(escaped, |_| false);
    }

    /// Adds markup that is not broken over lines.
    pub(super) fn markup(&mut self, markup: &str) {
        // `![` would start an image.
        if markup.starts_with('[') && self.open && self.last().text.ends_with('!') {
            let word = self.last();
            word.text.pop();
            word.text.push_str("\\!");
        }
        self.last().text.push_str(markup);
    }

    /// Adds a code span.
    pub(super) fn code(&mut self, code: &str) {
        let (longest, is_used) = runs(code);
        if longest > MAX_BACKTICKS {
            let replaced: String =
                code.chars().map(|character| if character == '`' { '\'' } else { character }).collect();
            return self.code(&replaced);
        }
        let length = (1..=MAX_BACKTICKS + 1).find(|length| !is_used[*length]).unwrap_or(1);
        let fence = "`".repeat(length);
        let pad = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        let span = format!("{fence}{pad}{code}{pad}{fence}");
        // Adjacent code spans would merge.
        if self.open && self.last().text.ends_with('`') {
            self.open = false;
        }
        let is_atomic = length > 2;
        // Code cannot be escaped, so that words that would start a block must not start a line.
        let is_start = |first: char| BLOCK_MARKS.contains(&first) || first.is_ascii_digit() || "<>`[".contains(first);
        self.parts(&span, |word| is_atomic || word.starts_with(is_start));
    }

    /// Ends a line of the source, with a hard line break if `is_hard` is set.
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

    /// Returns the words in lines of at most `width` characters, unless a word is longer.
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

    /// Returns the words on one line, which can be the start of a paragraph.
    pub(super) fn into_line(self) -> String {
        let line = self.into_row();
        let first = line.find(' ').unwrap_or(line.len());
        format!("{}{}", escape_start(&line[..first]), &line[first..])
    }

    /// Returns the words on one line, for use after other text.
    pub(super) fn into_row(mut self) -> String {
        self.end_line(false);
        let words: Vec<_> = self.lines.into_iter().flat_map(|line| line.words).map(|word| word.text).collect();
        words.join(" ")
    }

    fn parts(&mut self, text: &str, sticks: impl Fn(&str) -> bool) {
        for (index, part) in text.split(char::is_whitespace).enumerate() {
            if index > 0 {
                self.open = false;
            }
            if !part.is_empty() {
                let is_new = !self.open;
                let sticks = index > 0 && sticks(part);
                let word = self.last();
                word.text.push_str(part);
                word.sticks |= is_new && sticks;
            }
        }
    }

    /// Returns the word that is being built.
    fn last(&mut self) -> &mut Word {
        if !self.open {
            self.line.words.push(Word::default());
            self.open = true;
        }
        let last = self.line.words.len() - 1;
        &mut self.line.words[last]
    }
}

/// Returns the length of the longest run of backticks, and for each length whether such a run exists.
fn runs(code: &str) -> (usize, [bool; MAX_BACKTICKS + 2]) {
    let mut longest = 0;
    let mut is_used = [false; MAX_BACKTICKS + 2];
    for run in code.split(|character| character != '`').map(str::len) {
        longest = longest.max(run);
        is_used[run.min(MAX_BACKTICKS)] = true;
    }
    (longest, is_used)
}

fn wrap(words: &[Word], width: usize, lines: &mut Vec<String>) {
    let mut current = String::new();
    let mut used = 0;
    for word in words {
        let length = word.text.chars().count();
        if used > 0 && used + 1 + length > width && !word.sticks {
            lines.push(std::mem::take(&mut current));
            used = 0;
        }
        if used == 0 {
            current = escape_start(&word.text);
            used = current.chars().count();
        } else {
            current.push(' ');
            current.push_str(&word.text);
            used += 1 + length;
        }
    }
    lines.push(current);
}

/// Escapes a word that would start a block at the start of a line.
fn escape_start(word: &str) -> String {
    let number = word.trim_start_matches(|character: char| character.is_ascii_digit());
    if matches!(number, "." | ")") && number.len() < word.len() {
        return format!("{}\\{number}", &word[..word.len() - 1]);
    }
    let is_mark = !word.is_empty() && word.chars().all(|character| BLOCK_MARKS.contains(&character));
    if is_mark || word.starts_with('>') || word.starts_with("~~~") { format!("\\{word}") } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_at_the_start_of_a_line_never_start_a_block() {
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
            assert_eq!(escape_start(word), expected);
        }
    }

    #[test]
    fn code_spans_have_an_unambiguous_fence() {
        for (code, expected) in
            [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a``b", "`a``b`"), ("`````````", "`'''''''''`")]
        {
            let mut words = Words::default();
            words.code(code);
            assert_eq!(words.into_line(), expected);
        }
    }

    #[test]
    fn code_spans_are_not_broken_before_block_syntax() {
        let mut words = Words::default();
        words.code("aaaa # <div> - bbbb");
        assert_eq!(words.into_lines(4), ["`aaaa # <div> -", "bbbb`"]);
    }
}
