//! What the sandbox is made of: no client, and nothing that a client is made of. Two sides that share one wrong type
//! agree with each other and with no bank.
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

fn cargo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    let output = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// All packages of the workspace with what they depend on. For this platform: what others need may not be there.
fn metadata() -> Value {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let format = ["metadata", "--offline", "--format-version", "1", "--filter-platform", host];
    serde_json::from_str(&cargo(&format)).unwrap()
}

fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().unwrap().iter()
}

/// The other packages of the workspace that one depends on, directly or not, to run, to build or to be tested.
fn ours(metadata: &Value, name: &str) -> BTreeSet<String> {
    let package = |id: &Value| items(metadata, "packages").find(|package| package["id"] == *id).unwrap();
    let is_ours = |id: &Value| items(metadata, "workspace_members").any(|member| member == id);
    let mut open: Vec<_> = items(metadata, "workspace_members").filter(|id| package(id)["name"] == name).collect();
    let mut seen: Vec<&Value> = Vec::new();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        if is_ours(id) {
            found.insert(package(id)["name"].as_str().unwrap().to_owned());
            // What a feature or another platform would bring is not resolved; it is named all the same.
            let named = items(package(id), "dependencies").map(|dependency| dependency["name"].as_str().unwrap());
            let members: Vec<_> = items(metadata, "workspace_members").map(|id| &package(id)["name"]).collect();
            found.extend(named.filter(|name| members.iter().any(|member| *member == name)).map(str::to_owned));
        }
        let node = items(&metadata["resolve"], "nodes").find(|node| node["id"] == *id).unwrap();
        open.extend(items(node, "deps").map(|dependency| &dependency["pkg"]));
    }
    assert!(found.remove(name), "{name} is in the workspace");
    found
}

#[test]
fn the_sandbox_depends_on_no_package_of_the_workspace() {
    let metadata = metadata();
    assert_eq!(ours(&metadata, "tilisy-sandbox"), BTreeSet::new());
    // What depends on some is found out.
    let client = ours(&metadata, "tilisy-client");
    for name in ["enablebanking-core", "openbanking-client-runtime", "tilisy-sandbox"] {
        assert!(client.contains(name), "{client:?}");
    }
    assert!(ours(&metadata, "openbanking-tests").contains("openbanking-codegen"));
}
