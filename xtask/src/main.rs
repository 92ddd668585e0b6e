//! `cargo xtask`: reads the arguments, prints, and chooses the exit code.
//!
//! 0: success. 1: findings, or stale files. 2: the command could not run.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use openbanking_codegen::cli::{self, complain, exit, put, report, say};
use xtask::{Outcome, bench, ci, clients, codegen, diff, faults, layers, lint, oracle, vendored, words, workspace};

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the clients of this workspace from their specs, or a crate from any OpenAPI 3.0 or 3.1 file.
    Codegen {
        /// Leave the files alone, and exit with 1 if a generated file is changed, missing or left over.
        #[arg(long, conflicts_with_all = ["spec", "out"])]
        check: bool,
        /// The OpenAPI file to generate a crate from (YAML or JSON).
        #[arg(long, value_name = "FILE", requires = "out")]
        spec: Option<PathBuf>,
        /// The folder of the crate.
        #[arg(long, value_name = "DIR", requires = "spec")]
        out: Option<PathBuf>,
        #[command(flatten)]
        options: cli::generate::Options,
    },
    /// Check the specs of this workspace, or the given OpenAPI files.
    Lint {
        /// OpenAPI 3.0 or 3.1 files (YAML or JSON).
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        options: cli::lint::Options,
    },
    /// Compare two revisions of the specs, or of any OpenAPI file, on the wire and in Rust.
    Diff(diff::Arguments),
    /// Run every fault of the table against every operation, and print the results as Markdown.
    Faults {
        /// Only print the results of the client that progenitor alone generates.
        #[arg(long)]
        bare: bool,
    },
    /// Compare the cost of our code with that of the alternatives, and write BENCHMARKS.md.
    Bench(bench::Arguments),
    /// Count the words in comments that make them hard to read, and compare with the baseline.
    Words(words::Arguments),
    /// Find files of a crate that import each other in cycles.
    Layers(layers::Arguments),
    /// Run all checks that have to pass before a change is merged.
    Ci,
}

fn main() -> ExitCode {
    exit(|| run(Arguments::parse().command))
}

fn run(command: Command) -> anyhow::Result<Outcome> {
    let mut print = |line: String| drop(say(&line));
    match command {
        Command::Codegen { spec: Some(spec), out: Some(out), options, .. } => {
            cli::generate::run(codegen::COMMAND, &spec, &out, &options)
        }
        Command::Codegen { check, .. } => generate(check),
        Command::Lint { files, .. } if files.is_empty() => Ok(report(&lint::ours(&workspace()?)?)),
        Command::Lint { files, options } => cli::lint::run(&files, &options),
        Command::Diff(arguments) => compare(&arguments),
        Command::Faults { bare } => faults::run(&workspace()?, bare),
        Command::Bench(arguments) => bench::run(&workspace()?, &arguments, &mut print, &mut |line| complain(&line)),
        Command::Words(arguments) => words::run(&workspace()?, &arguments, &mut print),
        Command::Layers(arguments) => layers::run(&workspace()?, &arguments, &mut print),
        Command::Ci => ci::run(&workspace()?, &mut print),
    }
}

fn generate(check: bool) -> anyhow::Result<Outcome> {
    let root = workspace()?;
    let plans = match codegen::plan(&root)? {
        Ok(plans) => plans,
        Err(findings) => return Ok(report(&findings)),
    };
    for plan in &plans {
        report(&plan.warnings);
        if !check {
            codegen::write(&root, &plan.files)?;
        }
        say(&codegen::summary(plan))?;
    }
    let calls = match oracle::plan(&root)? {
        Ok(calls) => calls,
        Err(findings) => return Ok(report(&findings)),
    };
    if !check {
        codegen::write(&root, &calls.files)?;
    }
    say(&oracle::summary(&calls))?;
    let clients = clients::plan(&root, &plans)?;
    if !check {
        codegen::write(&root, &clients)?;
    }
    say(&clients::summary(&clients))?;
    let runtime = vendored::plan(&root)?;
    if !check {
        codegen::write(&root, &runtime)?;
    }
    say(&vendored::summary(&runtime))?;
    let files = plans.iter().map(|plan| &plan.files).chain([&calls.files, &clients, &runtime]);
    match codegen::complaint(files).filter(|_| check) {
        Some(complaint) => {
            complain(&complaint);
            Ok(Outcome::Findings)
        }
        None => Ok(Outcome::Fine),
    }
}

fn compare(arguments: &diff::Arguments) -> anyhow::Result<Outcome> {
    if arguments.schema {
        put(&cli::diff::schema()?)?;
        return Ok(Outcome::Fine);
    }
    // Files are compared anywhere.
    let root = if arguments.base.is_some() { PathBuf::new() } else { workspace()? };
    let comparison = match diff::compare(&root, arguments)? {
        Ok(comparison) => comparison,
        Err(findings) => {
            report(&findings);
            anyhow::bail!("there is no report (see the findings above)");
        }
    };
    complain(&format!("comparing {}", comparison.sides));
    put(&cli::diff::print(&comparison.report, arguments.options.format, cli::diff::colour())?)?;
    Ok(cli::diff::outcome(&comparison.report, arguments.options.fail_on))
}
