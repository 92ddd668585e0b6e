//! The dependency trees of the crates that people depend on.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use xtask::ci::published;
use xtask::workspace;

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(workspace().unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().unwrap().iter()
}

/// Returns the name and licence of each package that is built for `name`, without those for its tests.
fn built<'m>(metadata: &'m Value, name: &str) -> BTreeSet<(&'m str, &'m str)> {
    let package = |id: &Value| items(metadata, "packages").find(|package| package["id"] == *id).unwrap();
    let mut open: Vec<_> = items(metadata, "workspace_members").filter(|id| package(id)["name"] == name).collect();
    assert_eq!(open.len(), 1, "{name} is in the workspace");
    let mut seen = BTreeSet::new();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id.as_str().unwrap()) {
            continue;
        }
        let package = package(id);
        found.insert((package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or_default()));
        let node = items(&metadata["resolve"], "nodes").find(|node| node["id"] == *id).unwrap();
        let is_built = |dependency: &&Value| items(dependency, "dep_kinds").any(|kind| kind["kind"] != "dev");
        open.extend(items(node, "deps").filter(is_built).map(|dependency| &dependency["pkg"]));
    }
    found
}

#[test]
fn no_published_crate_is_built_with_one_under_mpl() {
    // For this platform: packages of others may not have been downloaded.
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let arguments = ["metadata", "--offline", "--format-version", "1", "--filter-platform", host];
    let metadata: Value = serde_json::from_str(&cargo(&arguments)).unwrap();
    let is_mpl = |name: &str| built(&metadata, name).into_iter().any(|(_, license)| license.contains("MPL"));
    for name in published().into_iter().chain(["openbanking-codegen"]) {
        assert!(!is_mpl(name), "{name}");
    }
    // The walk finds them where they are.
    assert!(is_mpl("openbanking-oracle"));
    assert!(built(&metadata, "tilisy-client").iter().any(|(name, _)| *name == "reqwest"));
}
