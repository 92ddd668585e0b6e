//! The release whose versions are compared with the new ones.

use openbanking_codegen::diff::{Colour, Report, Versions};
use xtask::diff::{Arguments, Format, print};

use crate::{Repository, SPEC, TILISY, at, breaking, compared, compatible, faults, reworded};

const MANIFEST: &str = "tilisy-client/Cargo.toml";

/// Writes the version of the crate and that of the spec.
fn set(repository: &Repository, version: &str, spec: &str) {
    repository.write(MANIFEST, format!("[package]\nname = \"tilisy-client\"\nversion = \"{version}\"\n"));
    repository.write(TILISY, spec.replace("version: 1.0.0", &format!("version: {version}")));
}

/// Returns the versions of the crate and of the spec.
fn versions(report: &Report) -> [Versions; 2] {
    [report.packages[0].version.clone(), report.specs[0].info_version.clone()]
}

/// Checks the old version, the lowest sufficient one, and whether the new one is sufficient.
fn check(report: &Report, base: &str, needed: Option<&str>, enough: bool) {
    for versions in versions(report) {
        let found = (versions.base.as_deref(), versions.needed.as_deref(), versions.enough);
        assert_eq!(found, (Some(base), needed, Some(enough)), "{versions:?}");
    }
}

/// Returns the pages of a report for people.
fn pages(report: &Report) -> [String; 2] {
    [Format::Text, Format::Markdown].map(|format| print(report, format, Colour::Never).unwrap())
}

/// Creates a repository with the release `v1.0.0`, and a breaking change with its new version on top.
fn raised() -> Repository {
    let repository = Repository::empty();
    set(&repository, "1.0.0", SPEC);
    repository.commit();
    repository.git(&["tag", "v1.0.0"]);
    set(&repository, "2.0.0", &breaking());
    repository.commit();
    repository
}

#[test]
fn a_version_that_was_raised_since_the_release_need_not_go_up_again() {
    let repository = raised();
    set(&repository, "2.0.0", &breaking().replace("  /things:\n", "  /other:\n"));
    let report = repository.compare("").report;
    assert!(report.findings.iter().all(|finding| finding.rule == "operation-moved"), "{report:?}");
    check(&report, "1.0.0", Some("2.0.0"), true);
    for page in pages(&report) {
        assert!(page.contains("ersions are compared with the release "), "{page}");
        assert!(page.contains("v1.0.0"), "{page}");
    }
}

#[test]
fn a_change_that_was_merged_without_a_version_still_needs_one() {
    let repository = raised();
    set(&repository, "1.0.0", &breaking());
    repository.commit();
    repository.write(TILISY, breaking().replace("A thing.", "One thing."));
    check(&repository.compare("").report, "1.0.0", Some("2.0.0"), false);
}

#[test]
fn the_newest_release_that_the_head_contains_is_taken() {
    let repository = raised();
    // A version decides, not a date or a letter; other tags and other branches do not count.
    for tag in ["v1.2.0", "v1.10.0", "v1.9.0", "v1.10.0-rc.1", "1.11.0", "vacation"] {
        repository.git(&["tag", tag, "v1.0.0"]);
    }
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.edition(&reworded());
    repository.git(&["tag", "v3.0.0"]);
    repository.git(&["checkout", "--quiet", "main"]);
    let since = |report: &Report| report.versions_since.clone().unwrap();
    for revisions in ["", "HEAD~1", "HEAD~1..HEAD", "HEAD~1...main"] {
        let found = since(&repository.compare(revisions).report);
        assert_eq!((found.revision.as_str(), found.reason), ("v1.10.0", None), "{revisions}");
    }
    assert_eq!(since(&repository.compare("main..side").report).revision, "v3.0.0");
}

#[test]
fn without_a_release_the_merge_base_is_named() {
    let repository = raised();
    repository.git(&["tag", "--delete", "v1.0.0"]);
    let base = repository.git(&["rev-parse", "HEAD"]);
    repository.write(TILISY, SPEC.replace("version: 1.0.0", "version: 2.0.0"));
    let report = repository.compare("").report;
    check(&report, "2.0.0", Some("3.0.0"), false);
    for page in pages(&report) {
        assert!(page.contains(&format!("{} (merge base of main and HEAD)", &base[..12])), "{page}");
        assert!(page.contains("is reachable from HEAD"), "{page}");
    }
}

#[test]
fn a_release_may_be_named() {
    let repository = raised();
    repository.write(TILISY, SPEC);
    let named = |released: &str| Arguments { released: Some(released.to_owned()), ..at("") };
    let report = compared(repository.root(), &named("HEAD")).report;
    assert_eq!(report.versions_since.clone().unwrap().revision, "HEAD");
    assert_eq!(versions(&report).map(|versions| versions.base), [Some("2.0.0".to_owned()), Some("2.0.0".to_owned())]);
    let error = crate::error(repository.root(), &named("nowhere"));
    assert!(error.starts_with("there is no revision `nowhere` here"), "{error}");
}

#[test]
fn a_release_that_cannot_be_compared_is_said_and_skipped() {
    let repository = Repository::empty();
    set(&repository, "1.0.0", "openapi: 3.1.0\n");
    let tagged = repository.commit();
    repository.git(&["tag", "v1.0.0"]);
    set(&repository, "1.0.0", SPEC);
    repository.commit();
    repository.write(TILISY, compatible());
    let report = repository.compare("").report;
    let since = report.versions_since.clone().unwrap();
    assert_eq!(since.reason.as_deref(), Some("the release `v1.0.0` cannot be compared"));
    check(&report, "1.0.0", report.packages[0].version.needed.clone().as_deref(), false);
    let named = Arguments { released: Some("v1.0.0".to_owned()), ..at("") };
    assert!(faults(repository.root(), &named)[0].contains(&tagged[..12]));
}

#[test]
fn the_name_of_a_release_is_no_markup() {
    let repository = raised();
    repository.git(&["update-ref", "refs/tags/v9<img>|`@x", "HEAD~1"]);
    repository.write(TILISY, SPEC);
    let [_, page] = pages(&repository.compare("").report);
    assert!(!page.contains("<img") && !page.contains('@') && page.contains("v9"), "{page}");
}
