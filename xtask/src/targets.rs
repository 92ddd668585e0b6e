//! The clients that this workspace generates.

use std::iter;

/// One spec and the folder that its client is generated into.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// The spec, from the workspace's folder.
    pub spec: &'static str,
    /// The folder that holds the generated files and nothing else, from the workspace's folder.
    pub out: &'static str,
    /// The path of the module that re-exports them.
    pub client_path: &'static str,
    /// The folder of what progenitor alone makes of the spec, where we compare with it.
    pub baseline: Option<&'static str>,
}

impl Target {
    /// The folders whose files come from the spec.
    pub fn folders(&self) -> impl Iterator<Item = &'static str> {
        iter::once(self.out).chain(self.baseline)
    }

    /// The folder of the crate that holds the generated files.
    pub fn package(&self) -> &'static str {
        self.out.split("/src/").next().unwrap_or(self.out)
    }
}

/// A new bank API is an entry here, a YAML file and a small crate.
pub const TARGETS: &[Target] = &[
    Target {
        name: "tilisy",
        spec: "spec/tilisy.yaml",
        out: "tilisy-client/src/generated",
        client_path: "tilisy_client",
        baseline: Some("tests/baseline/generated"),
    },
    Target {
        name: "registration",
        spec: "spec/registration.yaml",
        out: "tilisy-client/src/registration/generated",
        client_path: "tilisy_client::registration",
        baseline: None,
    },
    Target {
        name: "op",
        spec: "spec/op.yaml",
        out: "op-client/src/generated",
        client_path: "op_client",
        baseline: None,
    },
];
