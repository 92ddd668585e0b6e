//! `cargo xtask`: reads the arguments, prints, and chooses the exit code.
//!
//! 0: success. 1: findings, or stale files. 2: the command could not run.

use std::io::{ErrorKind, Write};
use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use openbanking_codegen::diff::Colour;
use openbanking_codegen::lint::Rules;
use openbanking_codegen::{Finding, grouped, is_panic_caught, visible};
use xtask::{
    Outcome, bench, ci, clients, codegen, counted, diff, faults, layers, lint, oracle, package, words, workspace,
};

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
        /// Refuse a file with an operation that cannot be generated, in place of leaving the operation out.
        #[arg(long, requires = "spec")]
        strict: bool,
        /// List each finding, in place of one line for each kind.
        #[arg(long, requires = "spec")]
        all: bool,
    },
    /// Check the specs of this workspace, or the given OpenAPI files.
    Lint {
        /// OpenAPI 3.0 or 3.1 files (YAML or JSON).
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Hold the files to the conventions of the specs of this workspace, too.
        #[arg(long, requires = "files")]
        house: bool,
        /// List each finding, in place of one line for each kind.
        #[arg(long, requires = "files")]
        all: bool,
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
    silence_caught_panics();
    let outcome = run(Arguments::parse().command);
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            complain(&visible(&format!("error: {error:#}")));
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> anyhow::Result<Outcome> {
    let mut print = |line: String| drop(say(&line));
    match command {
        Command::Codegen { check, spec: None, .. } => generate(check),
        Command::Codegen { spec: Some(spec), out, strict, all, .. } => generate_package(spec, out, strict, all),
        Command::Lint { files, house, all } => lint_specs(&files, house, all),
        Command::Diff(arguments) => compare(&arguments),
        Command::Faults { bare } => faults::run(&workspace()?, bare),
        Command::Bench(arguments) => bench::run(&workspace()?, &arguments, &mut print, &mut |line| complain(&line)),
        Command::Words(arguments) => words::run(&workspace()?, &arguments, &mut print),
        Command::Layers(arguments) => layers::run(&workspace()?, &arguments, &mut print),
        Command::Ci => ci::run(&workspace()?, &mut print),
    }
}

/// Hides panics that the library catches and reports as findings.
fn silence_caught_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !is_panic_caught() {
            print(info);
        }
    }));
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
    let files = plans.iter().map(|plan| &plan.files).chain([&calls.files, &clients]);
    match codegen::complaint(files).filter(|_| check) {
        Some(complaint) => {
            complain(&complaint);
            Ok(Outcome::Findings)
        }
        None => Ok(Outcome::Fine),
    }
}

fn generate_package(spec: PathBuf, out: Option<PathBuf>, strict: bool, all: bool) -> anyhow::Result<Outcome> {
    let out = out.unwrap_or_default();
    let rules = if strict { Rules::Strict } else { Rules::Stranger };
    match package::plan(&workspace()?, &spec, &out, rules)? {
        Err(findings) => Ok(report_others(&findings, all)),
        Ok(package) => {
            report_others(&package.compiled.warnings, all);
            package::write(&out, &package)?;
            let api = &package.compiled.api;
            say(&format!(
                "{}: {}, {}, {}",
                out.display(),
                counted(api.types.len(), "type"),
                counted(api.operations.len(), "operation"),
                counted(package.files.len(), "file"),
            ))?;
            let left_out = package.compiled.left_out.len();
            if left_out > 0 {
                say(&format!("left out: {} (see the documentation of the crate)", counted(left_out, "operation")))?;
            }
            Ok(Outcome::Fine)
        }
    }
}

fn compare(arguments: &diff::Arguments) -> anyhow::Result<Outcome> {
    if arguments.schema {
        put(&diff::schema()?)?;
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
    let colour = match anstream::AutoStream::choice(&std::io::stdout()) {
        anstream::ColorChoice::Never => Colour::Never,
        _ => Colour::Always,
    };
    put(&diff::print(&comparison.report, arguments.format, colour)?)?;
    Ok(diff::outcome(&comparison.report, arguments.fail_on))
}

fn lint_specs(files: &[PathBuf], house: bool, all: bool) -> anyhow::Result<Outcome> {
    if files.is_empty() {
        return Ok(report(&lint::ours(&workspace()?)?));
    }
    let rules = if house { Rules::House } else { Rules::Stranger };
    Ok(report_others(&lint::others(files, rules)?, all))
}

/// Prints the findings about documents of other people, those of one kind on one line unless all are wanted.
fn report_others(findings: &[Finding], all: bool) -> Outcome {
    if all {
        return report(findings);
    }
    grouped(findings).iter().for_each(|line| complain(line));
    lint::outcome(findings)
}

fn report(findings: &[Finding]) -> Outcome {
    for finding in findings {
        complain(&finding.to_string());
    }
    lint::outcome(findings)
}

/// Prints a line.
fn say(line: &str) -> anyhow::Result<()> {
    put(&format!("{line}\n"))
}

/// Prints text. A closed pipe, as with `| head`, isn't an error.
fn put(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write the output"),
        _ => Ok(()),
    }
}

/// Prints a line to standard error. If that fails, the line is lost: there is nowhere to report it.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
