//! The command `tilisy`: exports the transactions of your bank accounts.

mod accounts;
mod authorization;
mod callback;
mod cli;
mod commands;
mod consents;
mod days;
mod disk;
mod environment;
mod export;
mod failure;
mod hints;
mod interrupt;
mod lenient;
mod matching;
mod message;
mod options;
mod output;
mod panel;
mod progress;
mod steps;
mod stored;
mod text;
mod trace;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;

use self::cli::Cli;
use self::failure::{Exit, Failure};

fn main() -> ExitCode {
    let done = match Cli::try_parse() {
        Ok(cli) => {
            trace::start(cli.global.verbose);
            if cli.global.quiet {
                progress::hide();
            }
            run(cli)
        }
        // Help and version are output: what cannot be written is an error. `exit` would end with 0.
        Err(shown) if !shown.use_stderr() => print(&shown),
        Err(refused) => refused.exit(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.exit().code())
        }
    }
}

/// Prints help or the version, with colours if the terminal has them.
fn print(shown: &clap::Error) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    write!(out, "{}", shown.render().ansi()).and_then(|()| out.flush())?;
    Ok(())
}

fn run(cli: Cli) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Other, "the program could not be started").because(error))?;
    let done = runtime.block_on(cli::run(cli));
    // A thread that still reads stdin is not waited for.
    runtime.shutdown_background();
    done
}
