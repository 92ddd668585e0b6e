//! The table of faults against what progenitor alone makes, as Markdown: `cargo xtask faults --bare`. Without `--bare`,
//! it goes into the document beside what has to come of our clients.
#![allow(dead_code, reason = "the tests use the rest of these modules")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "the modules are those of a test")]

mod answer;
mod bodies;
mod canary;
mod cell;
mod checks;
#[path = "../clients/mod.rs"]
mod clients;
mod expected;
mod ours;
mod progenitor;
mod report;
mod resolver;
mod runner;
mod server;
mod subject;
mod table;
mod tls;

use std::io::Write;

use self::progenitor::Bare;

/// What stands around the table in the document.
const TABLE: &str = "<!-- the table, by `cargo xtask faults` -->\n";
const END: &str = "\n<!-- its end -->";

const NOTE: &str = "
A cell passes here if no canary can be read, the other host is not asked, and time and memory keep to their bounds (7 s,
or 40 s under load; 72 MiB). What comes of the call, and how often the server is asked, is told and not judged. Timeouts
are 0.5 s for the connection and 0.8 s for the call, 15 s in the rows 39, 40 and 44: progenitor's own are 15 s and 15 s.
Memory is that of the process without its program when the call returns, before anybody prints the error.
";

#[tokio::main]
async fn main() -> std::io::Result<()> {
    if runner::run_requested::<Bare>().await {
        return Ok(());
    }
    let outcomes = runner::run::<Bare>(|_| true, &[]).await;
    if std::env::args().any(|argument| argument == "--bare") {
        let mut out = std::io::stdout().lock();
        out.write_all(report::markdown("Bare progenitor", &outcomes).as_bytes())?;
        return out.write_all(NOTE.as_bytes());
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/faults/README.md");
    let text = std::fs::read_to_string(path)?;
    let (start, rest) = text.split_once(TABLE).expect("a place for the table");
    let (_, end) = rest.split_once(END).expect("an end of the table");
    std::fs::write(path, format!("{start}{TABLE}\n{}{END}{end}", report::side_by_side(&outcomes)))
}
