//! Specs that exist on both sides, on one, or on neither.

use openbanking_codegen::diff::{Report, State};
use openbanking_codegen::read::MAX_TEXT;

use crate::{Repository, SPEC, TILISY, breaking, changed, compared, compatible, rules};

const OTHER: &str = "spec/other.yaml";

fn states(report: &Report) -> Vec<(&str, State)> {
    report.specs.iter().map(|compared| (compared.spec.as_str(), compared.state)).collect()
}

#[test]
fn every_spec_of_the_folder_is_compared() {
    let repository = Repository::new();
    repository.write(OTHER, SPEC);
    repository.write("spec/json.json", r#"{"openapi": "3.0.3", "info": {"title": "J", "version": "1"}, "paths": {}}"#);
    repository.write("spec/last.yml", format!("# A comment first.\n{SPEC}"));
    // These are not specs: the first has no `openapi`, the others are in other folders.
    repository.write("spec/rules.yaml", "extends: recommended\n");
    repository.write("spec/examples/nested.yaml", SPEC);
    repository.write("elsewhere/other.yaml", SPEC);
    repository.commit();
    repository.write(OTHER, compatible());
    let comparison = repository.compare("");
    let equal = State::Equal;
    let expected =
        [("spec/json.json", equal), ("spec/last.yml", equal), (OTHER, State::Changed), (TILISY, State::Equal)];
    assert_eq!(states(&comparison.report), expected);
    assert_eq!(comparison.report.findings[0].spec, OTHER);
}

#[test]
fn a_new_spec_is_added() {
    let repository = Repository::new();
    repository.write(OTHER, SPEC);
    let uncommitted = repository.compare("");
    repository.commit();
    for comparison in [uncommitted, repository.compare("HEAD~1..HEAD")] {
        assert_eq!(rules(&comparison), ["spec-added"]);
        assert_eq!(states(&comparison.report), [(OTHER, State::Added), (TILISY, State::Equal)]);
    }
}

#[test]
fn a_spec_that_is_gone_is_removed() {
    let repository = Repository::new();
    repository.write(OTHER, SPEC);
    repository.commit();
    repository.remove(OTHER);
    let uncommitted = repository.compare("");
    repository.commit();
    for comparison in [uncommitted, repository.compare("HEAD~1..HEAD")] {
        assert_eq!(rules(&comparison), ["spec-removed"]);
        assert_eq!(states(&comparison.report), [(OTHER, State::Removed), (TILISY, State::Equal)]);
    }
}

#[test]
fn a_renamed_spec_is_added_and_removed() {
    let repository = Repository::new();
    repository.git(&["mv", TILISY, OTHER]);
    let comparison = repository.compare("");
    assert_eq!(rules(&comparison), ["spec-removed", "spec-added"]);
    assert_eq!(states(&comparison.report), [(OTHER, State::Added), (TILISY, State::Removed)]);
}

#[test]
fn the_last_spec_may_go_and_the_first_may_come() {
    let repository = Repository::new();
    repository.git(&["rm", "--quiet", "-r", "spec"]);
    assert_eq!(rules(&repository.compare("")), ["spec-removed"]);
    repository.commit();
    assert_eq!(rules(&repository.compare("HEAD..HEAD~1")), ["spec-added"]);
    let said = "neither side has a spec (looked for OpenAPI documents in `spec/`)";
    assert_eq!(repository.error(""), said);
}

#[test]
fn a_broken_side_gives_findings_and_no_report() {
    let repository = Repository::new();
    repository.edition(&changed("$ref: '#/components/schemas/Thing'", "$ref: '#/components/schemas/Nothing'"));
    let broken = repository.git(&["rev-parse", "HEAD"]);
    let new = repository.faults("HEAD~1..HEAD");
    assert_eq!(new.len(), 1, "{new:?}");
    assert!(new[0].starts_with("spec/tilisy.yaml:8:"), "{new:?}");
    assert!(new[0].contains("  dangling-reference  "), "{new:?}");
    assert!(new[0].contains(&format!("(in {})", &broken[..12])), "{new:?}");
    assert_eq!(repository.faults("HEAD..HEAD~1"), new);
    // A fault of both sides hides no change.
    let both = repository.compare("HEAD").report;
    assert!(both.findings.is_empty() && both.warnings.len() == 1, "{both:?}");
    assert!(both.warnings[0].contains("  dangling-reference  "), "{both:?}");
}

#[test]
fn every_broken_spec_is_told_at_once() {
    let repository = Repository::new();
    repository.write(TILISY, "openapi: [");
    repository.write(OTHER, SPEC.replace("3.0.3", "2.0.0"));
    let faults = repository.faults("");
    assert!(faults.iter().any(|fault| fault.starts_with("spec/other.yaml:1:")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.starts_with("spec/tilisy.yaml:2:1  not-yaml")), "{faults:?}");
}

#[test]
fn a_spec_that_lost_its_first_line_is_not_passed_over() {
    let repository = Repository::new();
    repository.write(OTHER, SPEC);
    repository.commit();
    for file in [TILISY, OTHER] {
        repository.write(file, changed("openapi: 3.0.3\n", ""));
        let uncommitted = repository.faults("");
        repository.commit();
        for faults in [uncommitted, repository.faults("HEAD~1..HEAD"), repository.faults("HEAD..HEAD~1")] {
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(faults[0].starts_with(&format!("{file}:1:")) && faults[0].contains("`openapi`"), "{faults:?}");
        }
        repository.write(file, SPEC);
        repository.commit();
    }
}

#[test]
fn an_empty_spec_is_not_passed_over() {
    let repository = Repository::new();
    repository.write(OTHER, SPEC);
    repository.commit();
    repository.write(OTHER, "");
    let faults = repository.faults("");
    assert!(faults[0].starts_with("spec/other.yaml:1:"), "{faults:?}");
}

#[test]
fn a_spec_that_is_no_text_is_named_with_its_side() {
    let repository = Repository::new();
    let latin = SPEC.replace("A thing.", "\u{e9}").into_bytes();
    let latin: Vec<u8> = latin.into_iter().filter(|byte| *byte != 0xc3).collect();
    repository.write(TILISY, &latin);
    let said = repository.error("");
    assert!(said.starts_with("cannot read `spec/tilisy.yaml` in the working tree (it is no UTF-8 text)"), "{said}");
    let commit = repository.commit();
    repository.write(TILISY, SPEC);
    let said = repository.error("HEAD");
    let expected = format!("cannot read `spec/tilisy.yaml` in {} (it is no UTF-8 text)", &commit[..12]);
    assert!(said.starts_with(&expected), "{said}");
}

#[test]
fn any_file_name_will_do() {
    let repository = Repository::new();
    let names = ["spec/a spec.yaml", "spec/[ab]*?.yaml", "spec/:(top)x.yaml", "spec/bänk \"q\".yaml", "spec/-x.yml"];
    names.iter().for_each(|name| repository.write(name, SPEC));
    repository.commit();
    names.iter().for_each(|name| repository.write(name, breaking()));
    repository.commit();
    for revisions in ["HEAD~1", "HEAD~1..HEAD"] {
        let comparison = repository.compare(revisions);
        let mut found: Vec<_> = comparison.report.findings.iter().map(|finding| finding.spec.as_str()).collect();
        let mut expected = names.to_vec();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{revisions}");
        assert!(rules(&comparison).iter().all(|rule| *rule == "type-changed"), "{comparison:?}");
    }
}

#[test]
fn files_need_no_repository() {
    let folder = tempfile::tempdir().unwrap();
    let (base, head) = (folder.path().join("an old.yaml"), folder.path().join("a new.yaml"));
    std::fs::write(&base, SPEC).unwrap();
    std::fs::write(&head, breaking()).unwrap();
    let arguments = xtask::diff::Arguments {
        base: Some(base.clone()),
        head: Some(head.clone()),
        ..xtask::diff::Arguments::default()
    };
    let comparison = compared(folder.path(), &arguments);
    assert_eq!(rules(&comparison), ["type-changed"]);
    assert_eq!(comparison.sides, format!("{} with {}", base.display(), head.display()));
    assert_eq!(comparison.report.packages, Vec::new());
}

#[cfg(unix)]
#[test]
fn a_link_is_not_taken_for_what_it_leads_to() {
    let repository = Repository::new();
    repository.write("elsewhere.yaml", SPEC);
    std::os::unix::fs::symlink("../elsewhere.yaml", repository.root().join(OTHER)).unwrap();
    let uncommitted = repository.error("");
    repository.commit();
    for message in [uncommitted, repository.error("HEAD~1..HEAD")] {
        assert!(message.contains("`spec/other.yaml`") && message.contains("symbolic link"), "{message}");
    }
}

#[test]
fn a_key_deep_in_other_json_makes_no_spec_of_it() {
    let repository = Repository::new();
    repository.write("spec/notes.json", "{\n  \"a\": {\n    \"openapi\": \"3.0.3\"\n  }\n}\n");
    assert_eq!(states(&repository.compare("").report), [(TILISY, State::Equal)]);
}

#[test]
fn a_spec_that_is_too_large_is_not_read() {
    let repository = Repository::new();
    repository.write(OTHER, format!("{SPEC}# {}\n", "x".repeat(MAX_TEXT)));
    let uncommitted = repository.error("");
    repository.commit();
    for message in [uncommitted, repository.error("HEAD~1..HEAD")] {
        let reason = format!("it has more than {MAX_TEXT} bytes");
        assert!(message.contains("cannot read `spec/other.yaml`") && message.contains(&reason), "{message}");
    }
}
