//! Compares the requests of both clients as their sources describe them.
#![allow(clippy::print_stdout, reason = "the numbers of comparisons are part of the report")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use openbanking_oracle::difference::Ledger;
use openbanking_oracle::document::{self, Place};
use openbanking_oracle::request::{Mismatch, Part};
use openbanking_oracle::source::{Source, corpus};
use openbanking_oracle::{ours, theirs};
use quote::ToTokens;
use xtask::{codegen, oracle, workspace};

/// The least number of operations that are compared, so that the test cannot pass by comparing none.
const OPERATIONS: usize = 150;

/// The least number of documents in the corpus.
const DOCUMENTS: usize = 30;

#[test]
fn requests_of_single_operations_are_described_alike() {
    let mut ledger = Ledger::of_descriptions();
    for (source, _) in oracle::subjects(&workspace().unwrap()).unwrap() {
        compare(&source, &mut ledger);
    }
    println!("{} descriptions of requests compared", ledger.comparisons);
    let complaints = ledger.complaints();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(ledger.comparisons >= OPERATIONS, "only {} operations were compared", ledger.comparisons);
}

fn compare(source: &Source, ledger: &mut Ledger) {
    let spec = document::parse(&source.text).unwrap();
    let compiled = ours::generate(source, "test").unwrap_or_else(|findings| panic!("{}: {findings:?}", source.file));
    let ours: BTreeMap<_, _> =
        ours::operations(&compiled.api).into_iter().map(|operation| (operation.place.clone(), operation)).collect();
    let operations = document::operations(&spec);
    assert_eq!(ours.len(), operations.len(), "{}: an operation is missing", source.file);
    for (place, operation) in operations {
        let id = operation.operation_id.as_deref().expect("the lint asks for an id");
        let ours = &ours.get(&place).expect("our client has every operation").request;
        let mismatches = match theirs(&spec, &place) {
            Ok(theirs) => ours.mismatches(&theirs),
            Err(theirs) => vec![Mismatch { part: Part::Request, ours: format!("{ours:?}"), theirs }],
        };
        ledger.compare(&source.name, id, "", mismatches);
    }
}

/// Returns the request of one operation, which is progenitor's whole document.
fn theirs(spec: &openapiv3::OpenAPI, place: &Place) -> Result<openbanking_oracle::request::Request, String> {
    let file = theirs::generate(&document::reduced(spec, |other| other == place))?;
    let [method] = <[_; 1]>::try_from(theirs::methods(&file)?).map_err(|found| format!("{} methods", found.len()))?;
    Ok(method.request)
}

/// The calls are made with clients of whole documents, to save the time to compile one for every operation.
#[test]
fn the_client_of_a_document_has_the_methods_and_types_of_its_operations() {
    let mut compared = 0;
    for (source, _) in oracle::subjects(&workspace().unwrap()).unwrap() {
        let spec = document::parse(&source.text).unwrap();
        let single = |one: &Place| theirs::generate(&document::reduced(&spec, |place| place == one));
        let places = document::operations(&spec).into_iter().map(|(place, _)| place);
        let accepted: Vec<_> = places.filter_map(|place| Some((single(&place).ok()?, place))).collect();
        let is_accepted = |place: &Place| accepted.iter().any(|(_, other)| other == place);
        let whole = items(&theirs::generate(&document::reduced(&spec, is_accepted)).unwrap());
        for (file, place) in &accepted {
            for (name, item) in items(file) {
                assert_eq!(whole.get(&name), Some(&item), "{} {place:?}: {name} differs", source.file);
                compared += 1;
            }
        }
    }
    println!("{compared} methods and types compared");
    assert!(compared > 3 * OPERATIONS, "only {compared} methods and types were compared");
}

/// Returns the methods and types of a client by name, as text.
fn items(file: &syn::File) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for item in &file.items {
        match item {
            syn::Item::Impl(block) if block.trait_.is_none() => {
                let functions = block.items.iter().filter_map(|item| match item {
                    syn::ImplItem::Fn(function) => Some(function),
                    _ => None,
                });
                found.extend(functions.map(|it| (format!("fn {}", it.sig.ident), it.to_token_stream().to_string())));
            }
            syn::Item::Mod(module) if module.ident == "types" => {
                let types = module.content.iter().flat_map(|(_, items)| items).filter_map(|item| match item {
                    syn::Item::Struct(item) => Some((format!("struct {}", item.ident), item.to_token_stream())),
                    syn::Item::Enum(item) => Some((format!("enum {}", item.ident), item.to_token_stream())),
                    _ => None,
                });
                found.extend(types.map(|(name, tokens)| (name, tokens.to_string())));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn documents_of_the_corpus_are_many_and_have_models() {
    let corpus = corpus(&workspace().unwrap()).unwrap();
    assert!(corpus.len() >= DOCUMENTS, "only {} documents", corpus.len());
    let with_model = corpus.iter().filter(|source| source.text.starts_with("# Shape: ")).count();
    assert!(2 * with_model >= corpus.len(), "only {with_model} of {} name their model", corpus.len());
}

#[test]
fn generated_calls_are_fresh() {
    let plan = oracle::plan(&workspace().unwrap()).unwrap().expect("the documents have no errors");
    if let Some(complaint) = codegen::complaint([&plan.files]) {
        panic!("{complaint}");
    }
}
