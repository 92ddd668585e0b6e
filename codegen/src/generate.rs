//! progenitor in the middle: its output as a syntax tree, its failures as text.

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, TypeImpl};
use quote::quote;
use schemars::schema::{InstanceType, SchemaObject};
use serde::Deserialize;
use serde_json::Value;

/// Runs progenitor on a lowered spec.
///
/// # Errors
///
/// What progenitor says where it refuses: the lint is meant to keep that from happening.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, String> {
    let spec = OpenAPI::deserialize(spec).map_err(|error| error.to_string())?;
    let tokens = Generator::new(&settings()).generate_tokens(&spec).map_err(|error| error.to_string())?;
    syn::parse2(tokens).map_err(|error| error.to_string())
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_inner_type(quote! { ::openbanking_client_runtime::context::Context })
        // A missing hook is a compile error, not a request that goes out unsigned.
        .with_hooks(HooksMode::Expected)
        .with_map_type("::std::collections::BTreeMap");
    for kind in [InstanceType::String, InstanceType::Number] {
        let schema = SchemaObject {
            instance_type: Some(kind.into()),
            format: Some("decimal".to_owned()),
            ..SchemaObject::default()
        };
        settings.with_conversion(schema, "::rust_decimal::Decimal", [TypeImpl::Display, TypeImpl::FromStr].into_iter());
    }
    settings
}
