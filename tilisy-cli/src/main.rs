//! `tilisy`: from a key to the transactions of your bank accounts.

mod accounts;
mod arguments;
mod commands;
mod consent;
mod export;
mod failure;
mod home;
mod output;
mod place;
mod profile;
mod progress;
mod record;
mod sessions;
mod settings;
mod text;
mod trace;

use std::process::ExitCode;

use clap::Parser;

use self::arguments::Arguments;
use self::failure::{Exit, Failure};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    trace::start(arguments.global.verbose);
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure.exit().code())
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Other, "the program could not be started").because(error))?;
    let done = runtime.block_on(commands::run(arguments));
    // Nobody waits for a thread that still reads stdin.
    runtime.shutdown_background();
    done
}
