//! `tilisy completions` and `tilisy man`: generated from the definition of the command line.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;
use clap_mangen::Man as Page;

use crate::disk::cannot_write;
use crate::failure::Failure;
use crate::output::to_stdout;

/// Print a completion script for a shell.
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
    /// Write the pages of all commands into this folder, which must exist.
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
}

/// Returns the command with the options that a short help leaves out.
fn shown(command: clap::Command) -> clap::Command {
    command.mut_args(|argument| argument.hide_short_help(false)).mut_subcommands(shown)
}

pub(crate) fn completions(arguments: &Completions, mut command: clap::Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "tilisy", &mut script);
    to_stdout(&script)
}

pub(crate) fn man(arguments: &Man, command: clap::Command) -> Result<(), Failure> {
    // All options are on the page. The subcommand `help` has none.
    let mut command = shown(command.disable_help_subcommand(true));
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
