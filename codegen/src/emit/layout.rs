//! The formatter's layout for code that may or may not fit on one line.

use super::source::WIDTH;

/// The widest struct literal that the formatter leaves on one line, its last brace not counted.
const LITERAL_WIDTH: usize = 34;

/// A function's signature inside of a block, up to its own block.
pub(super) fn signature(start: &str, arguments: &[String], returns: &str) -> String {
    let line = format!("{start}({}) -> {returns}", arguments.join(", "));
    if "    ".len() + line.len() + " {".len() <= WIDTH {
        return line;
    }
    let lines: String = arguments.iter().map(|argument| format!("        {argument},\n")).collect();
    format!("{start}(\n{lines}    ) -> {returns}")
}

/// A struct literal in a function inside of a block.
pub(super) fn literal(name: &str, values: &[String]) -> String {
    let line = format!("{name} {{ {} }}", values.join(", "));
    if line.len() - "}".len() <= LITERAL_WIDTH {
        return line;
    }
    let lines: String = values.iter().map(|value| format!("            {value},\n")).collect();
    format!("{name} {{\n{lines}        }}")
}

/// A list of texts as a field of a top-level struct literal.
pub(super) fn texts(field: &str, texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| format!("{text:?}")).collect();
    list("    ", field, &texts)
}

/// A list of expressions as a field of a struct literal that is indented by this much.
pub(super) fn list(indent: &str, field: &str, values: &[String]) -> String {
    let line = format!("{indent}{field}: &[{}],", values.join(", "));
    if line.len() <= WIDTH {
        return format!("{line}\n");
    }
    let lines: String = values.iter().map(|value| format!("{indent}    {value},\n")).collect();
    format!("{indent}{field}: &[\n{lines}{indent}],\n")
}
