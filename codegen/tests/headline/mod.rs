//! The headline, counts and order of a report.

use openbanking_codegen::diff::{Colour, Report, Rust, Wire, github, markdown, text};

use super::{count, many};

#[test]
fn findings_come_first_and_are_open_while_they_are_few() {
    for (count, is_open) in [(1, true), (10, true), (11, false), (60, false)] {
        for several in [false, true] {
            let report = many(count, |nth, finding| {
                finding.message = format!("change {nth} of many");
                finding.wire = Wire::Potential;
                if several {
                    finding.operations = vec![format!("GET /things/{nth}")].into();
                }
            });
            let page = markdown(&report);
            assert_eq!(!page.contains("<details>"), is_open, "{count} findings\n{page}");
            let place = |part: &str| page.find(part).unwrap_or_else(|| panic!("no {part} in\n{page}"));
            assert!(place("- <code>type-changed</code>") < place("| --- |"), "{page}");
            assert!(place(&format!("change {} of many", count - 1)) < place("| --- |"), "{page}");
        }
    }
    // Breaking changes are open, whatever their number, and changes of the documentation below them are not.
    let mut report = many(31, |nth, finding| {
        if nth == 30 {
            (finding.wire, finding.rust) = (Wire::Docs, Rust::Docs);
        }
    });
    assert_eq!(count(&markdown(&report), "<details>"), 1);
    assert!(markdown(&report).contains("<summary>Documentation only: 1</summary>"));
    report.findings.truncate(30);
    assert!(!markdown(&report).contains("<details>"));
}

#[test]
fn findings_lose_details_and_places_by_their_effect() {
    let wires = [Wire::Breaking, Wire::Potential, Wire::Compatible, Wire::None, Wire::Docs];
    let report = |each: usize| {
        many(each * wires.len(), |nth, finding| {
            (finding.wire, finding.rust) = (wires[nth / each], Rust::Docs);
            finding.message = format!("change {nth}x of many");
            finding.rust_changes = vec!["the field `Thing.name` is `Option<String>`, no longer `String`".to_owned()];
            finding.operations = (0..120).map(|other| format!("GET /things/{}/parts/{other}", nth % 7)).collect();
        })
    };
    for (each, shown) in [(10, [10, 10, 10, 10, 10]), (60, [60, 60, 60, 60, 60]), (188, [188, 188, 188, 188, 0])] {
        let page = markdown(&report(each));
        let found = |kind: usize| {
            (kind * each..(kind + 1) * each).filter(|nth| page.contains(&format!("change {nth}x "))).count()
        };
        let all: Vec<_> = (0..wires.len()).map(found).collect();
        assert_eq!(all, shown, "{each} of each\n{page}");
        assert!(page.chars().count() < 65_536);
        // Operations are listed once for a group, if there is room.
        assert!(count(&page, "GET /things/0/parts/119") <= wires.len(), "{page}");
    }
    // 2,000 findings, all of them breaking or potentially breaking, are there by component and rule.
    let page = markdown(&report(1_000));
    for title in ["**Breaking: 1000**", "<summary>Potentially breaking: 1000</summary>", "**Compatible: 1000**"] {
        assert!(page.contains(title), "no {title} in\n{page}");
    }
    assert_eq!(count(&page, " 1000 times"), 2, "{page}");
}

#[test]
fn groups_of_several_operations_are_told_apart() {
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let operations = [
        names(&["GET /a", "PUT /a"]),
        names(&["GET /things/1", "GET /things/2/b"]),
        names(&["GET /x", "GET /y"]),
        names(&["GET /x", "GET /z"]),
    ];
    let report = many(8, |nth, finding| {
        finding.operations = operations[nth % 4].clone().into();
        finding.schemas = if nth < 4 { Vec::new() } else { vec!["Thing".to_owned()] };
    });
    let first: Report = {
        let mut first = report.clone();
        first.findings.truncate(4);
        first
    };
    let titles = |report: &Report| {
        let page = text(report, Colour::Never);
        page.lines().filter(|line| line.contains("2 operations")).map(str::to_owned).collect::<Vec<_>>()
    };
    let expected = ["under /a", "under /things", ", GET /x and others", ", GET /x and others"];
    assert_eq!(titles(&first), expected.map(|end| format!("2 operations {end}").replace(" ,", ",")));
    let mut others = report;
    others.findings.drain(..4);
    let expected = ["under /a", "under /things", ", GET /x and others", ", GET /x and others"];
    assert_eq!(titles(&others), expected.map(|end| format!("Thing, in 2 operations {end}").replace(" ,", ",")));
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
