//! The formatter's layout, for the two things in generated code that may or may not fit in one line.

use crate::render::WIDTH;

/// The widest literal of a struct that the formatter leaves in one line, its last brace not counted.
const LITERAL_WIDTH: usize = 34;

/// A function of a block, up to its own block.
pub(super) fn signature(start: &str, arguments: &[String], returns: &str) -> String {
    let line = format!("{start}({}) -> {returns}", arguments.join(", "));
    if "    ".len() + line.len() + " {".len() <= WIDTH {
        return line;
    }
    let lines: String = arguments.iter().map(|argument| format!("        {argument},\n")).collect();
    format!("{start}(\n{lines}    ) -> {returns}")
}

/// A struct with these values, in a function of a block.
pub(super) fn literal(name: &str, values: &[String]) -> String {
    let line = format!("{name} {{ {} }}", values.join(", "));
    if line.len() - "}".len() <= LITERAL_WIDTH {
        return line;
    }
    let lines: String = values.iter().map(|value| format!("            {value},\n")).collect();
    format!("{name} {{\n{lines}        }}")
}
