//! The versions of the crate that is generated from the specs.

use openbanking_codegen::diff::{Bump, Versions};

use crate::{Repository, SPEC, TILISY, breaking, compatible};

const MANIFEST: &str = "tilisy-client/Cargo.toml";

const INHERITED: &str = "[package]\nname = \"tilisy-client\"\nversion.workspace = true\n";

fn own(version: &str) -> String {
    format!("[package]\nname = \"tilisy-client\"\nversion = \"{version}\"\n")
}

fn workspace(version: &str) -> String {
    format!("[workspace]\n[workspace.package]\nversion = \"{version}\"\n")
}

/// Returns the versions of the only crate of a report.
fn versions(repository: &Repository, revisions: &str) -> Versions {
    let mut packages = repository.compare(revisions).report.packages;
    assert_eq!(packages.len(), 1, "{packages:?}");
    let package = packages.remove(0);
    assert_eq!(package.name, "tilisy-client");
    package.version
}

fn texts(versions: &Versions) -> [Option<&str>; 3] {
    [&versions.base, &versions.head, &versions.needed].map(Option::as_deref)
}

#[test]
fn a_version_that_stays_is_not_enough() {
    let repository = Repository::new();
    repository.write(MANIFEST, own("0.3.1"));
    repository.commit();
    repository.write(TILISY, breaking());
    let told = versions(&repository, "");
    assert_eq!(texts(&told), [Some("0.3.1"), Some("0.3.1"), Some("0.4.0")]);
    assert_eq!((told.bump, told.enough), (Bump::Major, Some(false)));
}

#[test]
fn a_version_that_goes_up_far_enough_will_do() {
    let repository = Repository::new();
    repository.write(MANIFEST, own("0.3.1"));
    repository.commit();
    repository.write(TILISY, breaking());
    for (head, enough) in [("0.4.0", true), ("0.3.2", false), ("0.2.0", false), ("1.0.0", true)] {
        repository.write(MANIFEST, own(head));
        let told = versions(&repository, "");
        assert_eq!(told.head.as_deref(), Some(head));
        assert_eq!(told.enough, Some(enough), "{head}");
    }
    repository.write(TILISY, compatible());
    repository.write(MANIFEST, own("0.3.2"));
    repository.commit();
    assert_eq!(versions(&repository, "HEAD~1..HEAD").enough, Some(true));
}

#[test]
fn a_version_may_stand_in_the_workspace_s_manifest() {
    let repository = Repository::new();
    repository.write(MANIFEST, INHERITED);
    repository.write("Cargo.toml", workspace("1.2.0"));
    repository.commit();
    repository.write(TILISY, breaking());
    assert_eq!(texts(&versions(&repository, "")), [Some("1.2.0"), Some("1.2.0"), Some("2.0.0")]);
    repository.write("Cargo.toml", workspace("2.0.0"));
    assert_eq!(versions(&repository, "").enough, Some(true));
    // The crate no longer inherits its version.
    repository.write(MANIFEST, own("1.3.0"));
    repository.commit();
    let told = versions(&repository, "HEAD~1..HEAD");
    assert_eq!(texts(&told), [Some("1.2.0"), Some("1.3.0"), Some("2.0.0")]);
    assert_eq!(told.enough, Some(false));
}

#[test]
fn an_unchanged_spec_needs_no_version() {
    let repository = Repository::new();
    repository.write(MANIFEST, own("1.2.0"));
    repository.commit();
    let told = versions(&repository, "");
    assert_eq!((told.bump, told.enough, told.needed), (Bump::None, Some(true), None));
}

#[test]
fn a_crate_that_is_new_or_gone_is_judged_by_nothing() {
    let repository = Repository::new();
    repository.write(MANIFEST, own("0.1.0"));
    repository.write(TILISY, breaking());
    let told = versions(&repository, "");
    assert_eq!(texts(&told), [None, Some("0.1.0"), None]);
    assert_eq!(told.enough, Some(true));
    repository.commit();
    let told = versions(&repository, "HEAD..HEAD~1");
    assert_eq!(texts(&told), [Some("0.1.0"), None, None]);
    assert_eq!(told.enough, Some(true));
}

#[test]
fn without_a_crate_there_is_no_version() {
    let repository = Repository::new();
    repository.write("Cargo.toml", workspace("1.2.0"));
    repository.commit();
    assert_eq!(repository.compare("").report.packages, Vec::new());
}

#[test]
fn other_specs_do_not_count_for_the_crate() {
    let repository = Repository::new();
    repository.write(MANIFEST, own("1.2.0"));
    repository.write("spec/other.yaml", SPEC);
    repository.commit();
    repository.write("spec/other.yaml", breaking());
    let report = repository.compare("").report;
    assert_eq!(report.bump, Bump::Major);
    assert_eq!(versions(&repository, "").bump, Bump::None);
    // The worse of the crate's two specs decides.
    repository.write("spec/registration.yaml", SPEC);
    repository.write(TILISY, compatible());
    repository.commit();
    repository.write("spec/registration.yaml", breaking());
    assert_eq!(versions(&repository, "").bump, Bump::Major);
}

#[test]
fn a_manifest_that_cannot_be_read_is_named_with_its_side() {
    let repository = Repository::new();
    repository.write(MANIFEST, "[package");
    let said = repository.error("");
    assert!(said.starts_with("cannot read `tilisy-client/Cargo.toml` in the working tree: "), "{said}");
}
