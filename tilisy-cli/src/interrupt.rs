//! Ctrl-C.

use crate::failure::{Exit, Failure};

/// Waits for Ctrl-C.
pub(crate) async fn interrupted() -> Failure {
    match tokio::signal::ctrl_c().await {
        Ok(()) => Failure::new(Exit::Interrupted, "interrupted"),
        // Without a handler, the signal ends the program.
        Err(_) => std::future::pending().await,
    }
}
