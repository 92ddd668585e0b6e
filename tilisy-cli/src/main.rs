//! `tilisy`: from a key to the transactions of your bank accounts.

mod accounts;
mod arguments;
mod commands;
mod consent;
mod export;
mod failure;
mod file;
mod home;
mod lock;
mod output;
mod panel;
mod place;
mod profile;
mod progress;
mod record;
mod sessions;
mod settings;
mod text;
mod trace;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;

use self::arguments::Arguments;
use self::failure::{Exit, Failure};

fn main() -> ExitCode {
    let done = match Arguments::try_parse() {
        Ok(arguments) => {
            trace::start(arguments.global.verbose);
            run(arguments)
        }
        // Help and version are output: what cannot be written is an error. `exit` would end with 0.
        Err(shown) if !shown.use_stderr() => print(&shown),
        Err(refused) => refused.exit(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure.exit().code())
        }
    }
}

/// Prints what was asked for, with colours if that is a terminal which has them.
fn print(shown: &clap::Error) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    write!(out, "{}", shown.render().ansi()).and_then(|()| out.flush())?;
    Ok(())
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
