//! `--verbose`: logs the calls of the client on stderr.

use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Logs the events and spans of the client: retries for `-v`, every call for `-vv`. The crates below it are left out,
/// because they would log URLs and headers.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::DEBUG,
        2.. => LevelFilter::TRACE,
    };
    let ours =
        Targets::new().with_target("openbanking_client_runtime", level).with_target("enablebanking_client", level);
    let spans = if verbose > 1 { fmt::format::FmtSpan::CLOSE } else { fmt::format::FmtSpan::NONE };
    let colour = !matches!(anstream::AutoStream::choice(&io::stderr()), anstream::ColorChoice::Never);
    let layer = fmt::layer().with_writer(io::stderr).with_ansi(colour).with_span_events(spans);
    // A message about a closed stderr, printed on stderr, would panic.
    let layer = layer.log_internal_errors(false);
    // No other subscriber is set: this is the first step of the program.
    let _ = tracing_subscriber::registry().with(ours).with(layer).try_init();
}
