//! `--verbose`: what the client does, beside the output.

use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Shows spans and events of the client: once for what is repeated, twice for every call. Crates beneath it would tell
/// URLs and headers, and are left out.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::DEBUG,
        2.. => LevelFilter::TRACE,
    };
    let ours = Targets::new().with_target("openbanking_client_runtime", level).with_target("tilisy_client", level);
    let spans = if verbose > 1 { fmt::format::FmtSpan::CLOSE } else { fmt::format::FmtSpan::NONE };
    let colour = !matches!(anstream::AutoStream::choice(&io::stderr()), anstream::ColorChoice::Never);
    let layer = fmt::layer().with_writer(io::stderr).with_ansi(colour).with_span_events(spans);
    // Where stderr is closed, saying so there would be the end of the program.
    let layer = layer.log_internal_errors(false);
    // Nobody else has set one: this is the first thing the program does.
    let _ = tracing_subscriber::registry().with(ours).with(layer).try_init();
}
