//! Exit codes and the four formats of a report.

use openbanking_codegen::diff::{Colour, Wire};
use xtask::Outcome;
use xtask::diff::{FailOn, Format, outcome, print, schema};

use crate::{Repository, TILISY, breaking, changed, compatible, potential, reworded};

#[test]
fn the_threshold_is_about_the_wire() {
    let unseen = changed("  schemas:\n", "  schemas:\n    Unused: {type: string}\n");
    let repository = Repository::new();
    for (text, wire, fails) in [
        (breaking(), Some(Wire::Breaking), [true, true, true]),
        (potential(), Some(Wire::Potential), [false, true, true]),
        (compatible(), Some(Wire::Compatible), [false, false, true]),
        (reworded(), Some(Wire::Docs), [false, false, true]),
        (unseen, Some(Wire::None), [false, false, true]),
        (crate::SPEC.to_owned(), None, [false, false, false]),
    ] {
        repository.write(TILISY, text);
        let report = repository.compare("").report;
        assert_eq!(report.findings.first().map(|finding| finding.wire), wire, "{report:?}");
        let outcomes = [FailOn::Breaking, FailOn::Potential, FailOn::Any].map(|fail_on| outcome(&report, fail_on));
        let expected = fails.map(|fails| if fails { Outcome::Findings } else { Outcome::Fine });
        assert_eq!(outcomes, expected, "{wire:?}");
    }
}

#[test]
fn what_may_break_fails_unless_told_otherwise() {
    assert_eq!(FailOn::default(), FailOn::Potential);
    assert_eq!(Format::default(), Format::Text);
}

#[test]
fn each_form_tells_the_verdict() {
    let repository = Repository::new();
    repository.write(TILISY, breaking());
    let report = repository.compare("").report;
    let printed = |format, colour| print(&report, format, colour).unwrap();
    let text = printed(Format::Text, Colour::Never);
    assert!(text.starts_with("breaking on the wire; the crate needs a major version"), "{text}");
    assert!(printed(Format::Text, Colour::Always).contains("\u{1b}["));
    let markdown = printed(Format::Markdown, Colour::Always);
    assert!(markdown.contains("### Spec review: breaking on the wire\n"), "{markdown}");
    let github = printed(Format::Github, Colour::Always);
    assert!(github.starts_with("::error file=spec/tilisy.yaml,line=15,title=type-changed (breaking; "), "{github}");
    let json: serde_json::Value = serde_json::from_str(&printed(Format::Json, Colour::Always)).unwrap();
    assert_eq!(json["verdict"], "breaking");
    assert_eq!(json["findings"][0]["head"], "spec/tilisy.yaml:15");
}

#[test]
fn the_schema_is_json_and_ends_with_a_line() {
    let text = schema().unwrap();
    assert!(text.ends_with("}\n"));
    let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["title"], "Report");
}
