//! Prose inside the comments that templates build.

use fastrand::Rng;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::fuzz;
use super::shapes;
use super::verify::{check, uncommented};
use crate::prose::{code, comment, inline, lines};

/// Returns a comment like those of generated methods, combined from safe parts.
fn composed(text: &str) -> String {
    let (block, line, span) = (lines(text).join("\n"), inline(text), code(text));
    format!(
        "{line}.\n\n`GET` {span}\n\n{block}\n\n# Arguments\n\n- `arg`: {line}\n- `other`: {line}\n\nCarries {span}, {span}.\n\n\
         Listed as required, and missing all the same: {line}.\n\n# Errors\n\nThese are documented:\n\n- 404: {line}\n- 4XX: {span}\n\n{OWN}"
    )
}

const OWN: &str = "# Example\n\n```no_run\nclient.call().await?;\n```\n";

/// Returns the headings of a comment.
fn headings(doc: &str) -> Vec<String> {
    let mut headings = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new(doc) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => headings.extend(heading.take()),
            Event::Text(text) => heading.iter_mut().for_each(|heading| heading.push_str(&text)),
            _ => {}
        }
    }
    headings
}

fn check_composed(text: &str) -> Result<(), String> {
    let doc = composed(text);
    // An unclosed block would swallow the headings that follow it.
    let ours: Vec<_> =
        headings(&doc).into_iter().filter(|it| ["Arguments", "Errors", "Example"].contains(&&**it)).collect();
    check(&doc, &["no_run"]).map_err(|fault| format!("{fault}\n{doc}"))?;
    if ours != ["Arguments", "Errors", "Example"] {
        return Err(format!("the headings are {ours:?}\n{doc}"));
    }
    // The templates print everything but the example once more.
    let whole = doc.strip_suffix(OWN).unwrap_or(&doc);
    let printed = uncommented(&format!("{}    ///\n{}", comment("    ", whole), raw(OWN)));
    check(&printed, &["no_run"]).map_err(|fault| format!("printed twice: {fault}\n{printed}"))
}

fn raw(doc: &str) -> String {
    doc.lines().map(|line| format!("    /// {line}\n")).collect()
}

#[test]
fn prose_cannot_break_out_of_a_template() {
    for shape in shapes::all() {
        if let Err(fault) = check_composed(&shape) {
            panic!("{fault}\n--- of\n{shape}");
        }
    }
    for seed in 0..1_500 {
        let text = fuzz::any(&mut Rng::with_seed(seed));
        if let Err(fault) = check_composed(&text) {
            panic!("seed {seed}: {fault}\n--- of {text:?}");
        }
    }
}
