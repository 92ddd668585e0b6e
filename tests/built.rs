//! The examples, as they were built with the tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use xtask::workspace;

/// The folder of the built examples.
///
/// The build is not `--offline`, because cargo may not have fetched all dependencies of the examples in a fresh clone. It
/// has the features of the whole workspace, like the tests, so that cargo reuses what it built for them.
pub(crate) static EXAMPLES: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--locked", "--workspace", "--examples"]).current_dir(workspace().unwrap());
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let built = build.output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let here = std::env::current_exe().unwrap();
    here.parent().and_then(Path::parent).expect("the folder of the build").join("examples")
});
