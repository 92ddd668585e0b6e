//! The small documents of the comparison with other generators: each one compiles, with every operation that it has.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::fs;
use std::path::{Path, PathBuf};

use openbanking_codegen::lint::Rules;
use openbanking_codegen::{Compiled, Finding, Job, Severity, compile};

/// The documents by path, in order.
fn documents() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/documents");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The facts of a kind in the comments at the top of a document.
fn facts<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    let comments = text.lines().map_while(|line| line.strip_prefix("# "));
    comments.filter_map(|line| line.strip_prefix(kind)?.strip_prefix(": ")).collect()
}

fn compiled(text: &str) -> Result<Compiled, Vec<Finding>> {
    compile(Job::new("spec.yaml", text).with_rules(Rules::Stranger))
}

#[test]
fn each_document_compiles_with_all_operations() {
    let documents = documents();
    assert!(documents.len() >= 40, "{} documents", documents.len());
    for (path, text) in &documents {
        let name = path.file_stem().unwrap().to_string_lossy();
        let compiled = compiled(text).unwrap_or_else(|findings| panic!("{name}: {findings:#?}"));
        assert!(compiled.left_out.is_empty(), "{name}: {:?}", compiled.left_out);
        assert!(compiled.warnings.iter().all(|finding| finding.severity != Severity::Error), "{name}");
        assert!(!compiled.api.operations.is_empty(), "{name}");
    }
}

#[test]
fn each_document_names_its_construct_and_many_a_public_shape() {
    let documents = documents();
    for (path, text) in &documents {
        assert_eq!(facts(text, "construct").len(), 1, "{}", path.display());
    }
    let shapes: Vec<_> = documents.iter().flat_map(|(_, text)| facts(text, "shape of")).collect();
    assert!(shapes.len() >= 15, "{} shapes", shapes.len());
    for shape in shapes {
        let parts: Vec<_> = shape.split(' ').collect();
        let is_place =
            matches!(parts[..], [repository, _, pointer] if repository.contains('/') && pointer.starts_with('/'));
        assert!(is_place, "{shape}");
    }
}
