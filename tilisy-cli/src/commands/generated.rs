//! `tilisy completions` and `tilisy man`: what is made from the command line's own description.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man as Page;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::home::cannot_write;
use crate::output::to_stdout;

/// Print what makes a shell complete this command.
///
/// For example: `tilisy completions bash > ~/.local/share/bash-completion/completions/tilisy`
#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

/// Print the manual page, or write the pages of all commands.
///
/// To read it: `tilisy man | man -l -`
#[derive(Args, Debug)]
pub(crate) struct Man {
    /// Write the pages of all commands into this folder, which has to be there.
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
}

/// The command with what a short help leaves out.
fn shown(command: clap::Command) -> clap::Command {
    command.mut_args(|argument| argument.hide_short_help(false)).mut_subcommands(shown)
}

pub(crate) fn completions(arguments: &Completions) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "tilisy", &mut script);
    to_stdout(&script)
}

pub(crate) fn man(arguments: &Man) -> Result<(), Failure> {
    // All options are on the page, and `help` is none of the commands that have one.
    let mut command = shown(Arguments::command().disable_help_subcommand(true));
    command.build();
    match &arguments.directory {
        Some(directory) => clap_mangen::generate_to(command, directory).map_err(|error| cannot_write(directory, error)),
        None => {
            let mut page = Vec::new();
            Page::new(command).render(&mut page)?;
            to_stdout(&page)
        }
    }
}
