//! `tilisy logout`: removes the sign-in to the control panel.

use clap::Args;

use crate::disk::{Lock, cannot_write};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::message::say;
use crate::options::Global;

/// Remove the stored sign-in to the control panel.
///
/// The application, its key and the consents stay: `tilisy disconnect --all` ends the consents.
#[derive(Args, Debug)]
pub(crate) struct Arguments {}

pub(crate) async fn run(global: &Global, _: Arguments) -> Result<(), Failure> {
    let environment = Environment::open(global).await?;
    let _lock = Lock::of(&environment.directories).await?;
    let file = environment.directories.login();
    match std::fs::remove_file(&file) {
        Ok(()) => say("signed out of the control panel"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => say("not signed in to the control panel"),
        Err(error) => return Err(cannot_write(&file, error)),
    }
    Ok(())
}
