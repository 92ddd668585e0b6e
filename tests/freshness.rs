//! Generated code equals what its spec makes, on every run.

use std::fs;

use openbanking_codegen::{Job, compile};
use xtask::{clients, codegen, workspace};

fn complaint(plans: &[codegen::Plan]) -> Option<String> {
    codegen::complaint(plans.iter().map(|plan| &plan.files))
}

#[test]
fn generated_files_are_what_the_specs_make() {
    let root = workspace().unwrap();
    let plans = codegen::plan(&root).unwrap().expect("our own specs have no findings");
    let clients = clients::plan(&root, &plans).unwrap();
    if let Some(complaint) = codegen::complaint(plans.iter().map(|plan| &plan.files).chain([&clients])) {
        panic!("{complaint}");
    }
}

#[test]
fn our_own_specs_give_no_warning() {
    let findings = xtask::lint::ours(&workspace().unwrap()).unwrap();
    assert!(findings.is_empty(), "{}", findings.iter().map(|finding| format!("{finding}\n")).collect::<String>());
}

#[test]
fn two_runs_make_the_same_bytes() {
    let text = include_str!("../codegen/tests/specs/features.yaml");
    let job = Job::new("s.yaml", text);
    let run = || compile(job).unwrap();
    assert_eq!(run().files, run().files);
}

#[test]
fn stale_missing_and_left_over_files_are_told_and_mended() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    for target in xtask::targets::TARGETS {
        let spec = root.join(target.spec);
        fs::create_dir_all(spec.parent().unwrap()).unwrap();
        fs::copy(workspace().unwrap().join(target.spec), spec).unwrap();
    }
    let plan = || codegen::plan(root).unwrap().expect("our own specs have no findings");
    let write = || plan().iter().for_each(|plan| codegen::write(root, &plan.files).unwrap());

    // Everything is missing at first.
    assert!(complaint(&plan()).unwrap().contains("tilisy-client/src/generated/types.rs: missing"));
    write();
    assert_eq!(complaint(&plan()), None);

    let generated = root.join("tilisy-client/src/generated");
    fs::write(generated.join("types.rs"), "// edited\n").unwrap();
    fs::write(generated.join("old.rs"), "").unwrap();
    fs::create_dir(generated.join("old")).unwrap();
    fs::write(generated.join("old/no text"), b"\xff\xfe").unwrap();
    fs::remove_file(generated.join("client.rs")).unwrap();
    let found = complaint(&plan()).unwrap();
    for told in [
        "types.rs: changed",
        "-// edited",
        "old.rs: left over",
        "no text: left over",
        "client.rs: missing",
        "run `cargo xtask codegen`",
    ] {
        assert!(found.contains(told), "{told} in\n{found}");
    }
    write();
    assert_eq!(complaint(&plan()), None);

    assert!(!generated.join("old").exists());

    // An edit of the spec is stale output, until it is generated again.
    let spec = root.join("spec/tilisy.yaml");
    let text = fs::read_to_string(&spec).unwrap();
    fs::write(&spec, text.replace("\n    ASPSP:\n", "\n    Bank:\n").replace("schemas/ASPSP'", "schemas/Bank'"))
        .unwrap();
    assert!(complaint(&plan()).unwrap().contains("tilisy-client/src/generated/types.rs: changed"));
    write();
    assert_eq!(complaint(&plan()), None);
}
