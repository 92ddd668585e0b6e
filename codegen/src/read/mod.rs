//! Reads a spec: from text to a tree whose nodes have positions.

mod anchors;
mod builder;
mod dialect;
mod document;
mod flow;
mod merge_keys;
mod node;
mod overlay;
mod scalar;
mod second;
mod size;

use self::builder::Misread;
pub use self::document::{Document, Position, Source};
use self::flow::Padding;
use self::merge_keys::Read;
pub use self::node::{Entry, Mapping, Node, NodeValue};
use crate::finding::{Finding, Severity};
use crate::panics::catch_panics;
use crate::rules;

/// The most text that is read, in bytes.
pub const MAX_TEXT: usize = 8 * 1024 * 1024;

/// The most levels of mappings and sequences.
pub const MAX_DEPTH: usize = 64;

/// The most keys and values that a spec may have.
pub const MAX_NODES: usize = 500_000;

/// The longest key, in bytes. Keys are part of pointers, messages and names.
pub const MAX_KEY: usize = 1_024;

/// Reads YAML or JSON text into a tree. A document of OpenAPI 3.1 is rewritten in the form of OpenAPI 3.0.
///
/// Size and depth are limited while the text is read; aliases count with all that they stand for. What different readers
/// of YAML understand differently (tags, duplicate keys, …) is refused.
pub fn load(file: &str, text: &str) -> Result<Document, Vec<Finding>> {
    load_with(Source { file, text }, &[])
}

/// Reads a spec like [`load`], and changes it by OpenAPI overlays (version 1.0 or 1.1), in their order.
///
/// # Errors
///
/// Everything that keeps one of the texts from being read, and actions of an overlay that cannot be applied.
pub fn load_with(spec: Source<'_>, overlays: &[Source<'_>]) -> Result<Document, Vec<Finding>> {
    let mut document = Document::new(spec.file, parsed(spec)?);
    let mut lines = spec.text.lines().count() + 1;
    for source in overlays {
        let overlay = Document::new(source.file, parsed(*source)?);
        let root = document.root;
        let applied = catch_panics(|| overlay::apply(root, &overlay, lines)).unwrap_or_else(|_| {
            let fix = "remove actions until it can be applied, and report what was removed";
            let message = "applying this overlay failed";
            Err(vec![Finding::new(Severity::Error, source.file, rules::BAD_OVERLAY, message, fix)])
        });
        let (root, warnings) = applied?;
        document.root = root;
        document.warnings.extend(warnings);
        document.overlays.push((lines, source.file.to_owned()));
        lines += source.text.lines().count() + 1;
    }
    Ok(Document { root: dialect::normalized(document.root), ..document })
}

/// Reads one text.
fn parsed(Source { file, text }: Source<'_>) -> Result<Node, Vec<Finding>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    catch_panics(|| read(file, text)).unwrap_or_else(|_| {
        let fix = "remove parts until it can be read, and report what was removed";
        Err(vec![Finding::new(Severity::Error, file, rules::NOT_YAML, "the YAML reader failed on this file", fix)])
    })
}

fn read(file: &str, text: &str) -> Result<Node, Vec<Finding>> {
    let Read { root, merge_keys } = tree(file, text)?;
    let document = Document::new(file, root);
    if let Some(pointer) = second::disagreement(&document.root, text) {
        let message = "readers of YAML understand this differently";
        let fix = "quote strings, and put spaces after `:`, `,`, `?` and `-`";
        return Err(vec![document.finding(Severity::Error, &pointer, rules::AMBIGUOUS_YAML, message, fix)]);
    }
    if let Some(pointer) = merge_keys::misplaced(&document.root, &merge_keys) {
        let message = "a merge key (`<<`) has a value that is neither a mapping nor a list of mappings";
        let fix = "name a mapping (`<<: *name`), or quote the key";
        return Err(vec![document.finding(Severity::Error, &pointer, rules::YAML_FEATURE, message, fix)]);
    }
    Ok(merge_keys::merged(document.root, &merge_keys))
}

/// The most bytes that are read again for lists and mappings in brackets that are indented too little.
const MAX_READ_AGAIN: usize = 64 * 1024 * 1024;

/// Reads the text, and again with more spaces where YAML wants them.
fn tree(file: &str, text: &str) -> Result<Read, Vec<Finding>> {
    let mut padding = Padding::default();
    let mut padded = None;
    let mut bytes = 0;
    loop {
        let current = padded.as_deref().unwrap_or(text);
        let Misread { findings, brackets } = match builder::read(file, current) {
            Ok(read) => return Ok(padding.remove(read)),
            Err(misread) => misread,
        };
        bytes += current.len();
        let again = brackets.filter(|_| bytes <= MAX_READ_AGAIN).and_then(|place| padding.pad(current, place));
        let Some(again) = again else {
            let unpadded =
                |finding: Finding| Finding { column: padding.column(finding.line, finding.column), ..finding };
            return Err(findings.into_iter().map(unpadded).collect());
        };
        padded = Some(again);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;
    use crate::pointer::Pointer;

    #[test]
    fn pointers_lead_to_the_same_nodes_as_those_of_json() {
        let keys: String = (0..40).map(|nth| format!("\"key{nth}\": [{nth}], ")).collect();
        let document = load("s", &format!("{{{keys} \"a/b\": {{\"~\": {{\"\": true}}}}}}")).unwrap();
        let value = document.root.to_json();
        let others = ["", "/", "/key39/0", "/key39/00", "/key39/+0", "/key39/1", "/key40", "key0", "/a~1b/~0/"];
        let keys = document.root.entries().iter().map(|entry| Pointer::ROOT.child(&entry.key).to_string());
        for pointer in others.into_iter().map(str::to_owned).chain(keys) {
            assert_eq!(document.at(&pointer).map(Node::to_json).as_ref(), value.pointer(&pointer), "{pointer}");
        }
    }
}
