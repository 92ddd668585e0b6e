//! Generates the client from `bank.yaml` into the output folder of the build.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use openbanking_codegen::{Job, compile};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=bank.yaml");
    let out = env::var("OUT_DIR")?;
    generate(Path::new("bank.yaml"), &Path::new(&out).join("api"))
}

/// Generates a client from a document into a folder.
pub(crate) fn generate(spec: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(spec)?;
    let job = Job::new("bank.yaml", &text).with_client_path("build_script::api").with_command("cargo build");
    let compiled = compile(job);
    let compiled = compiled.map_err(|findings| {
        let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })?;
    for warning in &compiled.warnings {
        println!("cargo::warning={warning}");
    }
    fs::create_dir_all(folder)?;
    for (name, text) in &compiled.files {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}
