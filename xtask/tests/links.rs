//! The generated folders of a workspace are not entered or written through symbolic links.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use xtask::codegen::{Plan, plan, write};
use xtask::targets::TARGETS;
use xtask::workspace;

fn planned(root: &Path) -> anyhow::Result<Vec<Plan>> {
    plan(root).map(|plans| plans.unwrap())
}

fn is_refused<T>(result: anyhow::Result<T>, name: &str) {
    let error = result.err().unwrap().to_string();
    assert!(error.contains(name) && error.contains("is a symbolic link, which is not followed"), "{error}");
}

#[test]
fn generated_folders_are_not_written_through_links() {
    let folder = tempfile::tempdir().unwrap();
    let (root, elsewhere) = (folder.path().join("root"), folder.path().join("elsewhere"));
    fs::create_dir_all(root.join("spec")).unwrap();
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("kept.rs"), "kept").unwrap();
    for target in TARGETS {
        fs::copy(workspace().unwrap().join(target.spec), root.join(target.spec)).unwrap();
    }
    planned(&root).unwrap().iter().for_each(|plan| write(&root, &plan.files).unwrap());
    assert!(planned(&root).unwrap().iter().all(|plan| plan.files.stale.is_empty()));
    for (name, target) in [
        ("tilisy-client/src/generated/types.rs", "kept.rs"),
        ("tilisy-client/src/generated/old.rs", "kept.rs"),
        ("tilisy-client/src/generated/old", "."),
        ("tilisy-client/src/generated", "."),
        ("op-client/src", "."),
        ("op-client", "missing"),
    ] {
        let (link, aside) = (root.join(name), folder.path().join("aside"));
        let was_there = fs::rename(&link, &aside).is_ok();
        let before = planned(&root).unwrap();
        symlink(elsewhere.join(target), &link).unwrap();
        is_refused(planned(&root), name);
        // The link came after the comparison.
        if was_there {
            is_refused(before.iter().try_for_each(|plan| write(&root, &plan.files)), name);
        }
        fs::remove_file(&link).unwrap();
        if was_there {
            // Some of the other targets may have been written meanwhile.
            let _ = fs::remove_dir_all(&link);
            fs::rename(&aside, &link).unwrap();
        }
    }
    assert_eq!(fs::read_to_string(elsewhere.join("kept.rs")).unwrap(), "kept");
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 1);
    assert!(planned(&root).unwrap().iter().all(|plan| plan.files.stale.is_empty()));
}
