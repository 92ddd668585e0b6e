//! One small snapshot for each schema and each operation, so that an edit of a spec shows as a small, readable diff.

use std::collections::BTreeSet;

use xtask::{codegen, workspace};

#[test]
fn every_schema_and_operation_is_as_reviewed() {
    for plan in codegen::plan(&workspace().unwrap()).unwrap().expect("our own specs have no findings") {
        let folder = format!("snapshots/{}", plan.target.name);
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path(&folder);
        let mut names = BTreeSet::new();
        let mut check = |name: String, text: String| {
            settings.bind(|| insta::assert_snapshot!(name.clone(), text));
            names.insert(format!("{name}.snap"));
        };
        check("api".to_owned(), plan.api.to_string());
        for item in &plan.api.types {
            check(format!("type.{}", item.name()), item.to_string());
        }
        for operation in &plan.api.operations {
            check(format!("operation.{}", operation.name), operation.to_string());
        }
        assert_eq!(kept(&folder), names, "snapshots of what is no longer there: remove them");
    }
}

/// The snapshots in a folder; those that wait for a review are not meant.
fn kept(folder: &str) -> BTreeSet<String> {
    let folder = workspace().unwrap().join("tests").join(folder);
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".snap")).collect()
}
