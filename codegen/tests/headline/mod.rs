//! The headline, counts and order of a report.

use openbanking_codegen::diff::{Colour, Report, Rust, Wire, github, markdown, text};

use super::{count, many};

#[test]
fn findings_come_first_and_are_open_while_they_are_few() {
    for (count, is_open) in [(1, true), (5, true), (6, false), (60, false)] {
        for several in [false, true] {
            let report = many(count, |nth, finding| {
                finding.message = format!("change {nth} of many");
                if several {
                    finding.operations = vec![format!("GET /things/{nth}")].into();
                }
            });
            let page = markdown(&report);
            assert_eq!(!page.contains("<details>"), is_open, "{count} findings\n{page}");
            let place = |part: &str| page.find(part).unwrap_or_else(|| panic!("no {part} in\n{page}"));
            assert!(place("- **breaking**") < place("| --- |"), "{page}");
            assert!(place(&format!("change {} of many", count - 1)) < place("| --- |"), "{page}");
        }
    }
    // Five findings stay open, with any number of documentation changes below them.
    let mut report = many(6, |nth, finding| {
        if nth == 5 {
            (finding.wire, finding.rust) = (Wire::Docs, Rust::Docs);
        }
    });
    assert_eq!(count(&markdown(&report), "<details>"), 1);
    assert!(markdown(&report).contains("<summary>Documentation only: 1</summary>"));
    report.findings.truncate(5);
    assert!(!markdown(&report).contains("<details>"));
}

#[test]
fn the_headline_is_the_worst_finding_and_no_more() {
    let page = |wires: &[Wire]| {
        let report = many(wires.len(), |nth, finding| (finding.wire, finding.rust) = (wires[nth], Rust::Breaking));
        // The verdict is that of a report with these findings.
        let report = Report::together([report]);
        let json = serde_json::to_value(&report).unwrap();
        (text(&report, Colour::Never), markdown(&report), github(&report), json["verdict"].clone())
    };
    for (wires, verdict, headline) in [
        (vec![Wire::Breaking, Wire::None], "breaking", "breaking on the wire"),
        (vec![Wire::Potential, Wire::Compatible, Wire::Docs], "potential", "potentially breaking on the wire"),
        (vec![Wire::Compatible, Wire::None], "non-breaking", "compatible on the wire"),
        (vec![Wire::Docs], "none", "nothing changes on the wire"),
        (vec![Wire::None], "none", "nothing changes on the wire"),
    ] {
        let (text, markdown, github, found) = page(&wires);
        assert_eq!(found, verdict);
        assert!(text.starts_with(&format!("{headline}; ")), "{text}");
        assert!(markdown.contains(&format!("### Spec review: {headline}\n")), "{markdown}");
        assert!(github.contains(&format!("::notice title=spec diff::{headline}; ")), "{github}");
    }
}

#[test]
fn counts_are_sentences() {
    let kinds = [Wire::Breaking, Wire::Potential, Wire::Compatible, Wire::Docs, Wire::None, Wire::None];
    let report = many(kinds.len(), |nth, finding| (finding.wire, finding.rust) = (kinds[nth], Rust::Breaking));
    let counts = "1 breaking, 1 potentially breaking, 1 compatible, 1 documentation, 2 without an effect on the wire";
    assert!(text(&report, Colour::Never).contains(&format!("\n{counts}\n")));
    assert!(markdown(&report).contains(&format!("\nFindings: {counts}.\n")));
    let only = many(1, |_, finding| (finding.wire, finding.rust) = (Wire::None, Rust::Breaking));
    for page in [text(&only, Colour::Never), markdown(&only), github(&only)] {
        assert!(page.contains("no wire effect") && !page.contains("not on the wire"), "{page}");
    }
}
