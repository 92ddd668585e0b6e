//! The clients that this workspace generates.

use std::iter;

/// One spec and the folder that its client is generated into.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name in messages.
    pub name: &'static str,
    /// The path of the spec, relative to the workspace.
    pub spec: &'static str,
    /// The folder of the generated files, relative to the workspace. It has no other files.
    pub out: &'static str,
    /// The path of the module that re-exports the generated items.
    pub client_path: &'static str,
    /// The folder of progenitor's own output for the spec, if we compare with it.
    pub baseline: Option<&'static str>,
    /// The folders of other crates that re-export the module, so that its changes are changes of theirs.
    pub reexported_by: &'static [&'static str],
}

impl Target {
    /// Returns the folders whose files are generated from the spec.
    pub fn folders(&self) -> impl Iterator<Item = &'static str> {
        iter::once(self.out).chain(self.baseline)
    }

    /// Returns the folder of the crate that contains the generated files.
    pub fn package(&self) -> &'static str {
        self.out.split("/src/").next().unwrap_or(self.out)
    }
}

/// A new bank API is an entry here, a YAML file and a small crate.
pub const TARGETS: &[Target] = &[
    Target {
        name: "enablebanking",
        spec: "spec/enablebanking.yaml",
        out: "enablebanking-client/src/generated",
        client_path: "enablebanking_client",
        baseline: None,
        reexported_by: &[],
    },
    Target {
        name: "tilisy",
        spec: "spec/tilisy.yaml",
        out: "tilisy-client/src/generated",
        client_path: "tilisy_client",
        baseline: Some("tests/baseline/generated"),
        reexported_by: &[],
    },
    Target {
        name: "registration",
        spec: "spec/registration.yaml",
        out: "enablebanking-core/src/registration/generated",
        client_path: "enablebanking_core::registration",
        baseline: None,
        reexported_by: &["enablebanking-client", "tilisy-client"],
    },
    Target {
        name: "control_panel",
        spec: "spec/control-panel.yaml",
        out: "enablebanking-core/src/control_panel/generated",
        client_path: "enablebanking_core::control_panel",
        baseline: None,
        reexported_by: &["enablebanking-client"],
    },
    Target {
        name: "op",
        spec: "spec/op.yaml",
        out: "op-client/src/generated",
        client_path: "op_client",
        baseline: None,
        reexported_by: &[],
    },
];

/// Returns the folders of the crates that contain generated files, which are also the names of the packages.
pub fn packages() -> Vec<&'static str> {
    let mut packages: Vec<_> = TARGETS.iter().map(Target::package).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}
