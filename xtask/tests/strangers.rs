//! Crates generated from third-party specs compile without warnings, and have only the doctests of our templates.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use openbanking_codegen::{Job, compile};
use tempfile::TempDir;
use xtask::workspace;

#[allow(clippy::print_stdout, dead_code, reason = "a build script prints to cargo, and `main` is not called here")]
#[path = "../../codegen/examples/build-script/build.rs"]
mod build_script;

/// Returns the target folder, which all crates share so that dependencies are built once.
fn target() -> PathBuf {
    workspace().unwrap().join("target/strangers")
}

/// Generates a crate from one of the generator's test specs. Dropping the first value removes it. The runtime is built once
/// for all crates.
fn generate(name: &str) -> (TempDir, PathBuf) {
    generate_with(name, &ours(), &[])
}

/// The folder of the runtime in this workspace, as an option.
fn ours() -> String {
    format!("path={}", workspace().unwrap().join("client-runtime").display())
}

fn generate_with(name: &str, runtime: &str, more: &[&str]) -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join(format!("{name}-client"));
    let spec = workspace().unwrap().join(format!("codegen/tests/specs/{name}.yaml"));
    let made = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--spec", spec.to_str().unwrap(), "--out", folder.to_str().unwrap()])
        .args(["--runtime", runtime])
        .args(more)
        .output()
        .unwrap();
    assert!(made.status.success(), "{name}: {}", String::from_utf8_lossy(&made.stderr));
    (parent, folder)
}

/// Runs cargo in a generated crate, with the lockfile of the workspace.
fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    fs::copy(workspace().unwrap().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    Command::new(env!("CARGO")).args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target()).output().unwrap()
}

/// Runs cargo, requires success without warnings, and returns the output.
fn check(folder: &Path, arguments: &[&str]) -> String {
    let output = cargo(folder, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && !errors.contains("warning"), "{}: {errors}{printed}", folder.display());
    printed
}

#[test]
fn what_is_generated_compiles_without_a_warning() {
    for name in ["bodies", "directions", "errors", "features", "odd", "schemas", "sound", "newtypes"] {
        let (_parent, folder) = generate(name);
        check(&folder, &["check", "--offline", "--quiet"]);
        check(&folder, &["doc", "--offline", "--quiet", "--no-deps"]);
    }
}

#[test]
fn a_crate_can_have_types_alone() {
    for name in ["bodies", "directions", "schemas"] {
        let (_parent, folder) = generate_with(name, &ours(), &["--types-only"]);
        // With the features that the other crates have, so that the runtime is not built again.
        check(&folder, &["check", "--offline", "--quiet", "--features", "gzip,rustls"]);
        assert!(!folder.join("src/generated/client.rs").exists());
    }
}

/// No file of the crate leads out of its folder.
#[test]
fn a_crate_with_a_copy_of_the_runtime_builds_elsewhere() {
    let (_parent, folder) = generate_with("errors", "vendored", &[]);
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("moved");
    fs::rename(&folder, &moved).unwrap_or_else(|_| panic!("{} cannot be moved", folder.display()));
    let library = moved.join("src/lib.rs");
    let text = fs::read_to_string(&library).unwrap();
    let readme = "#[cfg(doctest)]\n#[doc = include_str!(\"../README.md\")]\nmod readme {}\n";
    fs::write(&library, format!("{text}\n{readme}")).unwrap();
    let output = check(&moved, &["test", "--offline", "--quiet", "--doc", "readme"]);
    assert!(output.contains("1 passed"), "{output}");
    let listed = check(&moved, &["package", "--offline", "--quiet", "--workspace", "--allow-dirty", "--list"]);
    for file in ["README.md", "src/generated/client.rs", "LICENSE-MIT"] {
        assert!(listed.lines().any(|line| line == file), "{file}: {listed}");
    }
}

/// The build script of the example runs here, so that the generator is not built a second time for it.
#[test]
fn a_build_script_generates_a_client() {
    let example = workspace().unwrap().join("codegen/examples/build-script");
    let parent = tempfile::tempdir().unwrap();
    let (folder, out) = (parent.path().join("example"), parent.path().join("out"));
    build_script::generate(&example.join("bank.yaml"), &out.join("api")).unwrap();
    let missing = build_script::generate(&example.join("src/lib.rs"), &out.join("other")).unwrap_err();
    assert!(missing.to_string().starts_with("bank.yaml:"), "{missing}");
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::copy(example.join("src/lib.rs"), folder.join("src/lib.rs")).unwrap();
    let manifest = fs::read_to_string(example.join("Cargo.toml")).unwrap();
    let runtime = workspace().unwrap().join("client-runtime");
    let manifest = manifest.replace("../../../client-runtime", runtime.to_str().unwrap());
    let (manifest, _) = manifest.split_once("[build-dependencies]").unwrap();
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(workspace().unwrap().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["check", "--offline", "--quiet"]).current_dir(&folder);
    let output = cargo.env("CARGO_TARGET_DIR", target()).env("OUT_DIR", &out).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
}

#[test]
fn examples_of_calls_with_newtypes_compile() {
    let (_parent, folder) = generate("newtypes");
    let output = check(&folder, &["test", "--offline", "--quiet", "--doc"]);
    assert!(output.contains("3 passed"), "{output}");
}

#[test]
fn bodies_of_every_media_type_go_over_the_wire() {
    let output = calls("bodies");
    assert!(output.contains("11 passed"), "{output}");
}

#[test]
fn requests_and_responses_have_types_of_their_own() {
    let output = calls("directions");
    assert!(output.contains("5 passed"), "{output}");
}

#[test]
fn errors_and_headers_of_responses_have_types() {
    let output = calls("errors");
    assert!(output.contains("6 passed"), "{output}");
}

#[test]
fn schemas_and_parameters_of_any_kind_go_over_the_wire() {
    let output = calls("schemas");
    assert!(output.contains("10 passed"), "{output}");
}

#[test]
fn methods_by_tag_and_files_by_letter_compile_with_their_documentation() {
    let (_parent, folder) = generate_with("schemas", &ours(), &["--by-tag"]);
    let spec = fs::read_to_string(workspace().unwrap().join("codegen/tests/specs/schemas.yaml")).unwrap();
    let job = Job::new("schemas.yaml", &spec).with_client_path("schemas_client").with_groups_by_tag();
    let generated = folder.join("src/generated");
    let whole = fs::read_to_string(generated.join("tags.rs")).unwrap();
    assert!(whole.contains("pub struct SearchFind<'a>") && whole.contains("pub struct ClientTag<'a>"), "{whole}");
    assert!(!generated.join("types").exists());
    let divided = compile(job.with_max_file(1)).unwrap().files;
    assert!(divided.keys().any(|name| name.starts_with("types")) && divided.len() > 20, "{:?}", divided.keys());
    for (name, text) in divided {
        let path = generated.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    // Links of the documentation and calls in examples, from every file.
    check(&folder, &["doc", "--offline", "--no-deps", "--quiet"]);
    let output = check(&folder, &["test", "--offline", "--quiet", "--doc", "--", "--format", "pretty"]);
    assert!(output.contains("SearchFind<'a>::search"), "{output}");
}

/// Runs the calls of a spec in the crate that is generated from it.
fn calls(name: &str) -> String {
    let (_parent, folder) = generate(name);
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let tokio =
        "[dev-dependencies]\ntokio = { version = \"1\", features = [\"io-util\", \"macros\", \"net\", \"rt\"] }\n";
    fs::write(&manifest, format!("{text}\n{tokio}")).unwrap();
    fs::create_dir(folder.join("tests")).unwrap();
    let calls = workspace().unwrap().join(format!("codegen/tests/specs/{name}.rs"));
    fs::copy(calls, folder.join("tests/calls.rs")).unwrap();
    check(&folder, &["test", "--offline", "--quiet"])
}

#[test]
fn code_and_html_in_descriptions_are_neither_run_nor_rendered() {
    let (_parent, folder) = generate("hostile");
    let output = check(&folder, &["test", "--offline", "--quiet", "--doc", "--", "--format", "pretty"]);
    let mut tests: Vec<_> =
        output.lines().filter_map(|line| line.strip_prefix("test ")).filter(|line| line.contains(" ... ")).collect();
    tests.sort_unstable();
    // The code in the spec's prose writes this file.
    assert!(!folder.join("ran").exists(), "{tests:?}");
    let methods = ["close", "get_thing", "new_thing"];
    assert_eq!(tests.len(), methods.len(), "{output}");
    for (test, method) in tests.iter().zip(methods) {
        let start = format!("src/generated/client.rs - generated::client::Client::{method} (line ");
        assert!(test.starts_with(&start) && test.ends_with(" - compile ... ok"), "{test}");
    }

    check(&folder, &["doc", "--offline", "--quiet", "--no-deps"]);
    let mut pages = Vec::new();
    html_below(&target().join("doc/hostile_client"), &mut pages);
    assert!(pages.len() > 5);
    for page in pages {
        let html = fs::read_to_string(&page).unwrap();
        for markup in
            ["<script>hostile", "<img src=x", "hostile.png\" ", "href=\"javascript:", "href=\"data:", "<!-- hostile"]
        {
            assert!(!html.contains(markup), "{markup} in {}", page.display());
        }
    }
}

fn html_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            html_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "html") {
            found.push(path);
        }
    }
}
