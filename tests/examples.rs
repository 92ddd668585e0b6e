//! Every sample of the document decodes and re-encodes to equal JSON, or to the normal form beside it, or fails where
//! its index says.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use openbanking_codegen::names::type_name;
use serde::Deserialize;
use serde_json::Value;
use xtask::workspace;

use crate::codecs::{CODECS, codec};

/// One line of a samples' index.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    file: String,
    #[expect(dead_code, reason = "for readers")]
    operation: Option<String>,
    schema: String,
    #[expect(dead_code, reason = "for readers")]
    direction: String,
    decodes: bool,
    normal: Option<String>,
    path: Option<String>,
    why: Option<String>,
}

fn folder() -> PathBuf {
    workspace().join("spec/examples/tilisy")
}

fn index() -> Vec<Sample> {
    serde_yaml::from_str(&fs::read_to_string(folder().join("index.yaml")).unwrap()).unwrap()
}

fn json(file: &str) -> String {
    fs::read_to_string(folder().join(file)).unwrap()
}

#[test]
fn every_sample_does_what_its_index_says() {
    for sample in index() {
        let file = &sample.file;
        let text = json(file);
        match (codec(&type_name(&sample.schema)).recode)(&text) {
            Ok(value) => {
                assert!(sample.decodes && sample.path.is_none(), "{file} decodes");
                let normal = sample.normal.as_deref().map_or(text, json);
                assert_eq!(value, serde_json::from_str::<Value>(&normal).unwrap(), "{file}");
            }
            Err(path) => {
                assert!(!sample.decodes && sample.normal.is_none(), "{file} fails at `{path}`");
                assert_eq!(Some(path), sample.path, "{file}");
            }
        }
        assert_eq!(sample.decodes && sample.normal.is_none(), sample.why.is_none(), "{file} has to say why");
    }
}

#[test]
fn the_index_names_every_sample_and_the_samples_every_type() {
    let samples = index();
    assert_eq!(samples.len(), 49, "the document has 49 samples");
    let named: BTreeSet<_> =
        samples.iter().flat_map(|sample| [Some(&sample.file), sample.normal.as_ref()]).flatten().collect();
    let kept: BTreeSet<_> = ["operations", "schemas"]
        .iter()
        .flat_map(|inside| fs::read_dir(folder().join(inside)).unwrap().map(move |entry| (inside, entry.unwrap())))
        .map(|(inside, entry)| format!("{inside}/{}", entry.file_name().into_string().unwrap()))
        .collect();
    assert_eq!(named, kept.iter().collect());
    let shown: BTreeSet<_> = samples.iter().map(|sample| type_name(&sample.schema)).collect();
    let plans = xtask::codegen::plan(&workspace()).unwrap().expect("our own specs have no findings");
    let made = plans.iter().find(|plan| plan.target.name == "tilisy").expect("the target is there");
    let made = made.surface.types.iter().map(|item| item.name().to_owned()).collect();
    assert_eq!(shown, made, "every type has a sample");
    assert_eq!(shown, CODECS.iter().map(|codec| codec.name.to_owned()).collect());
}
