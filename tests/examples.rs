//! Every sample of the document decodes and re-encodes to equal JSON, or to the normal form beside it, or fails where
//! its index says.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use openbanking_codegen::api::TypeItem;
use openbanking_codegen::names::type_name;
use serde::Deserialize;
use serde_json::{Value, json};
use xtask::workspace;

use crate::clients::{Api, Operation, with_samples};

/// The number of samples in the documents that have some, so that none is lost.
const DOCUMENTED: [(&str, usize); 2] = [("tilisy", 49), ("op", 2)];

/// One line of a samples' index.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sample {
    pub(crate) file: String,
    #[expect(dead_code, reason = "for readers")]
    operation: Option<String>,
    schema: String,
    #[expect(dead_code, reason = "for readers")]
    direction: String,
    pub(crate) decodes: bool,
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

    /// The index of its samples.
    pub(crate) fn index(&self) -> Vec<Sample> {
        serde_yaml::from_str(&fs::read_to_string(self.folder().join("index.yaml")).unwrap()).unwrap()
    }

    pub(crate) fn json(&self, file: &str) -> String {
        fs::read_to_string(self.folder().join(file)).unwrap()
    }

    /// The normal form of a sample: the JSON to which it is encoded again.
    pub(crate) fn normal(&self, sample: &Sample) -> Value {
        serde_json::from_str(&self.json(sample.normal.as_ref().unwrap_or(&sample.file))).unwrap()
    }

    /// The samples of an operation's request in normal form, or an empty object if it has none.
    pub(crate) fn requests(&self, operation: &Operation) -> Vec<Value> {
        let start = format!("operations/{}.request.", operation.id);
        let samples = self.index().into_iter().filter(|sample| sample.file.starts_with(&start));
        let requests: Vec<_> = samples.map(|sample| self.normal(&sample)).collect();
        if requests.is_empty() { vec![json!({})] } else { requests }
    }

    /// The first of them.
    pub(crate) fn request(&self, operation: &Operation) -> Value {
        self.requests(operation).remove(0)
    }

    /// Decodes and encodes a sample, or returns the path at which decoding fails.
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
                assert_eq!(value, api.normal(&sample), "{file}");
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
        let names = |is_wanted: fn(&TypeItem) -> bool| -> BTreeSet<_> {
            made.api.types.iter().filter(|item| is_wanted(item)).map(|item| item.name().to_owned()).collect()
        };
        // Other kinds of types have no shape of their own that a sample could show.
        let has_shape = |item: &TypeItem| matches!(item, TypeItem::Object(_) | TypeItem::Code(_) | TypeItem::Union(_));
        assert_eq!(shown, names(has_shape), "every type has a sample");
        assert_eq!(names(|_| true), api.codecs.iter().map(|codec| codec.name.to_owned()).collect());
    }
}
