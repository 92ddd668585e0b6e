//! The revisions that the arguments name.

use crate::{Repository, SPEC, at, breaking, compared, compatible, error, git, reworded, rules};

#[test]
fn a_branch_is_compared_from_where_it_left_main() {
    let repository = Repository::new();
    let fork = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["checkout", "--quiet", "-b", "work"]);
    repository.edition(&compatible());
    repository.git(&["checkout", "--quiet", "main"]);
    repository.edition(&breaking());
    repository.git(&["checkout", "--quiet", "work"]);
    let comparison = repository.compare("");
    assert_eq!(rules(&comparison), ["property-added"]);
    let sides = format!("{} (merge base of main and HEAD) with the working tree", &fork[..12]);
    assert_eq!(comparison.sides, sides);
}

#[test]
fn what_is_not_committed_counts_too() {
    let repository = Repository::new();
    assert_eq!(rules(&repository.compare("")), Vec::<&str>::new());
    repository.write(crate::TILISY, breaking());
    assert_eq!(rules(&repository.compare("")), ["type-changed"]);
    repository.git(&["add", "--all"]);
    assert_eq!(rules(&repository.compare("")), ["type-changed"]);
}

#[test]
fn commits_on_main_itself_are_no_change() {
    let repository = Repository::new();
    repository.edition(&breaking());
    assert_eq!(rules(&repository.compare("")), Vec::<&str>::new());
    repository.write(crate::TILISY, SPEC);
    assert_eq!(rules(&repository.compare("")), ["type-changed"]);
}

#[test]
fn the_main_of_the_origin_serves_where_there_is_no_other() {
    let repository = Repository::new();
    repository.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    repository.git(&["checkout", "--quiet", "-b", "work"]);
    repository.git(&["branch", "--quiet", "-D", "main"]);
    repository.edition(&breaking());
    let comparison = repository.compare("");
    assert_eq!(rules(&comparison), ["type-changed"]);
    assert!(comparison.sides.contains("(merge base of origin/main and HEAD)"), "{}", comparison.sides);
}

#[test]
fn without_a_main_one_is_told_what_to_do() {
    let repository = Repository::new();
    repository.git(&["branch", "--quiet", "--move", "work"]);
    let said = "there is neither `main` nor `origin/main` here (fetch it, or name a revision: `cargo xtask diff REV`)";
    assert_eq!(repository.error(""), said);
    assert_eq!(Repository::empty().error(""), said);
}

#[test]
fn a_history_of_its_own_has_nothing_in_common() {
    let repository = Repository::new();
    repository.git(&["checkout", "--quiet", "--orphan", "other"]);
    repository.edition(&breaking());
    let said = "`main` and `HEAD` have no commit in common (name a revision to compare with)";
    assert_eq!(repository.error(""), said);
    assert!(repository.error("main...other").starts_with("`main` and `other` have no commit in common"));
    assert_eq!(rules(&repository.compare("main..other")), ["type-changed"]);
}

/// Creates a repository with the tags `first`, `second` and `third` on the main branch, and `side` on a branch from
/// `second`. The working tree is an edited `third`.
fn branched() -> Repository {
    let repository = Repository::new();
    repository.git(&["tag", "first"]);
    repository.edition(&reworded());
    repository.git(&["tag", "second"]);
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.edition(&compatible());
    repository.git(&["checkout", "--quiet", "main"]);
    repository.edition(&breaking());
    repository.git(&["tag", "third"]);
    repository.write(crate::TILISY, SPEC.replace("name: {type: string", "name: {type: boolean"));
    repository
}

#[test]
fn one_revision_is_compared_with_the_working_tree() {
    let repository = branched();
    let comparison = repository.compare("first");
    assert_eq!(comparison.sides, "first with the working tree");
    assert!(comparison.report.findings[0].message.contains("boolean"), "{:?}", comparison.report.findings);
    let commit = repository.git(&["rev-parse", "third"]);
    for name in ["third", "HEAD", "HEAD~0", "main", "refs/heads/main", commit.as_str(), &commit[..9]] {
        let comparison = repository.compare(name);
        assert_eq!(rules(&comparison), ["type-changed"], "{name}");
        assert_eq!(comparison.sides, format!("{name} with the working tree"));
    }
}

#[test]
fn two_revisions_are_compared_without_the_working_tree() {
    let repository = branched();
    let comparison = repository.compare("first..third");
    assert_eq!(comparison.sides, "first with third");
    assert_eq!(rules(&comparison), ["type-changed"]);
    assert!(comparison.report.findings[0].message.contains("integer"), "{:?}", comparison.report.findings);
    assert_eq!(rules(&repository.compare("side..first")), ["property-removed"]);
    assert_eq!(rules(&repository.compare("first..second")), ["description-changed"]);
    assert_eq!(rules(&repository.compare("third..third")), Vec::<&str>::new());
}

#[test]
fn three_dots_begin_where_both_come_from() {
    let repository = branched();
    let second = repository.git(&["rev-parse", "second"]);
    let comparison = repository.compare("third...side");
    assert_eq!(comparison.sides, format!("{} (merge base of third and side) with side", &second[..12]));
    assert_eq!(rules(&comparison), ["property-added", "description-changed"]);
}

#[test]
fn an_open_end_is_the_commit_checked_out() {
    let repository = branched();
    let told = |revisions: &str| {
        let comparison = repository.compare(revisions);
        (rules(&comparison).join(" "), comparison.sides.contains("HEAD"))
    };
    assert_eq!(told("first.."), told("first..HEAD"));
    assert_eq!(told("..side"), told("HEAD..side"));
    assert_eq!(told("side..."), told("side...HEAD"));
    assert_eq!(told("...side"), told("HEAD...side"));
    assert_eq!(told("first..").0, "type-changed");
    assert_eq!(told("..side").0, "type-changed property-added");
    assert_eq!(told(".."), (String::new(), true));
}

#[test]
fn an_unknown_revision_is_named() {
    let repository = Repository::new();
    let said = "there is no revision `nowhere` here (`git fetch` brings those of others)";
    for revisions in ["nowhere", "nowhere..main", "main..nowhere", "nowhere...main", "main...nowhere", "nowhere.."] {
        assert_eq!(repository.error(revisions), said, "{revisions}");
    }
}

#[test]
fn a_revision_is_one_commit() {
    let repository = Repository::new();
    repository.edition(&reworded());
    let blob = repository.git(&["rev-parse", &format!("HEAD:{}", crate::TILISY)]);
    for name in ["HEAD:spec", blob.as_str(), "^main", "main~1^@", "main^-", "main main", ""] {
        let revisions = format!("main..{name}");
        if !name.is_empty() {
            assert!(repository.error(&revisions).contains(&format!("`{name}`")), "{}", repository.error(&revisions));
            assert!(repository.error(name).contains(&format!("`{name}`")), "{}", repository.error(name));
        }
    }
}

#[test]
fn a_revision_that_looks_like_an_option_is_none() {
    let repository = Repository::new();
    for name in ["--help", "-x", "--all", "--git-dir", "--exec-path=/tmp", "-", "--output=made", "--end-of-options"] {
        let said = format!("there is no revision `{name}` here (`git fetch` brings those of others)");
        for revisions in [name.to_owned(), format!("{name}..main"), format!("main..{name}"), format!("main...{name}")] {
            assert_eq!(repository.error(&revisions), said, "{revisions}");
        }
    }
    assert!(!repository.path("made").exists());
}

#[test]
fn a_branch_that_looks_like_an_option_is_still_found() {
    let repository = Repository::new();
    repository.git(&["update-ref", "refs/heads/-x", "HEAD"]);
    repository.edition(&breaking());
    assert_eq!(rules(&repository.compare("-x..main")), ["type-changed"]);
}

#[test]
fn a_shallow_clone_is_told_to_get_its_history() {
    let repository = Repository::new();
    repository.edition(&breaking());
    let folder = tempfile::tempdir().unwrap();
    let origin = format!("file://{}", repository.root().display());
    git(folder.path(), &["clone", "--quiet", "--depth", "1", &origin, "clone"]);
    let clone = folder.path().join("clone");
    let hint = "get the history with `git fetch --unshallow`, or with `fetch-depth: 0` of actions/checkout";
    let said = "this clone is shallow, so where the changes begin is not known";
    assert_eq!(error(&clone, &at("")), format!("{said} ({hint}, or name a revision)"));
    assert_eq!(error(&clone, &at("HEAD~1")), format!("`HEAD~1` is not in this shallow clone ({hint})"));
    assert!(error(&clone, &at("HEAD...HEAD")).contains(hint));
    assert_eq!(rules(&compared(&clone, &at("HEAD"))), Vec::<&str>::new());
}

#[test]
fn outside_of_git_one_is_told_of_files() {
    let folder = tempfile::tempdir().unwrap();
    for revisions in ["", "main", "main..HEAD"] {
        let said = error(folder.path(), &at(revisions));
        assert!(said.starts_with("this is no git repository: "), "{said}");
        assert!(said.ends_with("(compare files with `--base FILE --head FILE`)"), "{said}");
    }
}

#[test]
fn the_workspace_may_be_a_folder_of_the_repository() {
    let repository = Repository::empty();
    // Specs outside the folder must not be compared.
    repository.write(crate::TILISY, SPEC);
    repository.write("rust code/spec/tilisy.yaml", SPEC);
    repository.commit();
    repository.write(crate::TILISY, breaking());
    repository.write("rust code/spec/tilisy.yaml", compatible());
    repository.commit();
    let root = repository.path("rust code");
    for revisions in ["HEAD~1", "HEAD~1..HEAD"] {
        let comparison = compared(&root, &at(revisions));
        assert_eq!(rules(&comparison), ["property-added"], "{revisions}");
        assert_eq!(comparison.report.findings[0].spec, crate::TILISY);
    }
}

#[test]
fn a_worktree_and_a_detached_head_are_as_good() {
    let repository = Repository::new();
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other");
    repository.git(&["worktree", "add", "--quiet", "--detach", other.to_str().unwrap()]);
    std::fs::write(other.join(crate::TILISY), breaking()).unwrap();
    assert_eq!(rules(&compared(&other, &at(""))), ["type-changed"]);
    repository.git(&["worktree", "remove", "--force", other.to_str().unwrap()]);
}
