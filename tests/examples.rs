//! Every sample of the document decodes and re-encodes to equal JSON, or to the normal form beside it, or fails where
//! its index says.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use openbanking_codegen::names::type_name;
use serde::Deserialize;
use serde_json::Value;
use xtask::workspace;

use crate::clients::{Api, with_samples};

/// The number of samples in the documents that have some, so that none is lost.
const DOCUMENTED: [(&str, usize); 2] = [("tilisy", 49), ("op", 2)];

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
    /// Where it is from; the document, unless it says otherwise.
    source: Option<String>,
    /// Whether it is a list of the schema's instances.
    #[serde(default)]
    list: bool,
}

impl Api {
    fn folder(&self) -> PathBuf {
        self.samples().expect("the client has samples")
    }

    fn index(&self) -> Vec<Sample> {
        serde_yaml::from_str(&fs::read_to_string(self.folder().join("index.yaml")).unwrap()).unwrap()
    }

    fn json(&self, file: &str) -> String {
        fs::read_to_string(self.folder().join(file)).unwrap()
    }

    /// What a sample is written as, or the path at which it is refused.
    fn recoded(&self, sample: &Sample, text: &str) -> Result<Value, String> {
        let recode = self.codec(&type_name(&sample.schema)).recode;
        if !sample.list {
            return recode(text);
        }
        let elements: Vec<Value> = serde_json::from_str(text).unwrap();
        elements.iter().map(|element| recode(&element.to_string())).collect::<Result<Vec<_>, _>>().map(Value::Array)
    }
}

#[test]
fn every_sample_does_what_its_index_says() {
    for (api, sample) in with_samples().flat_map(|api| api.index().into_iter().map(move |sample| (api, sample))) {
        let file = &sample.file;
        let text = api.json(file);
        match api.recoded(&sample, &text) {
            Ok(value) => {
                assert!(sample.decodes && sample.path.is_none(), "{file} decodes");
                let normal = sample.normal.as_deref().map_or(text, |normal| api.json(normal));
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
    let plans = xtask::codegen::plan(&workspace().unwrap()).unwrap().expect("our own specs have no findings");
    for api in with_samples() {
        let samples = api.index();
        let is_documented = |sample: &&Sample| sample.source.as_deref().is_none_or(|source| source == "document");
        if let Some((_, count)) = DOCUMENTED.iter().find(|(name, _)| *name == api.name) {
            assert_eq!(samples.iter().filter(is_documented).count(), *count, "samples of the document");
        }
        let named: BTreeSet<_> =
            samples.iter().flat_map(|sample| [Some(&sample.file), sample.normal.as_ref()]).flatten().collect();
        let kept: BTreeSet<_> = ["operations", "schemas"]
            .iter()
            .flat_map(|inside| {
                fs::read_dir(api.folder().join(inside)).unwrap().map(move |entry| (inside, entry.unwrap()))
            })
            .map(|(inside, entry)| format!("{inside}/{}", entry.file_name().into_string().unwrap()))
            .collect();
        assert_eq!(named, kept.iter().collect());
        let shown: BTreeSet<_> = samples.iter().map(|sample| type_name(&sample.schema)).collect();
        let made = plans.iter().find(|plan| plan.target.name == api.name).expect("the target is there");
        let made = made.api.types.iter().map(|item| item.name().to_owned()).collect();
        assert_eq!(shown, made, "every type has a sample");
        assert_eq!(shown, api.codecs.iter().map(|codec| codec.name.to_owned()).collect());
    }
}
