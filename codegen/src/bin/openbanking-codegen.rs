//! `openbanking-codegen`: generates a client crate from an OpenAPI file, checks such files, and compares them.
//!
//! Exit codes: 0 for success, 1 for findings, 2 if the command could not run.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use openbanking_codegen::cli::{diff, exit, generate, lint};

/// Client crates from OpenAPI descriptions.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate a crate from an OpenAPI 3.0 or 3.1 file.
    Generate {
        /// The OpenAPI file (YAML or JSON).
        #[arg(long, value_name = "FILE")]
        spec: PathBuf,
        /// The folder of the crate.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        options: generate::Options,
    },
    /// Check OpenAPI files.
    Lint {
        /// OpenAPI 3.0 or 3.1 files (YAML or JSON).
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        options: lint::Options,
    },
    /// Compare two revisions of an OpenAPI file, on the wire and in Rust.
    Diff(diff::Arguments),
}

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    exit(|| match command {
        Command::Generate { spec, out, options } => {
            generate::run("openbanking-codegen generate", &spec, &out, &options)
        }
        Command::Lint { files, options } => lint::run(&files, &options),
        Command::Diff(arguments) => diff::run(&arguments),
    })
}
