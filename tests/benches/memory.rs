//! The most memory that a process has held which streams a history, from a sandbox that is a process of its own.
//!
//! `cargo xtask bench memory` builds the sandbox first. Each stream is a process as well: this program, told by its
//! environment what to read.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod outcome;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tilisy_client::chrono::Utc;
use tilisy_client::consent::{Redirect, State, valid_until};
use tilisy_client::types::{Access, Aspsp, PsuType, StartAuthorizationRequest};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials};
use tokio::runtime::Builder;

const READ: &str = "OPENBANKING_BENCH_READ";

/// All of the largest account; and from which point on memory has to be flat.
const SIZES: [usize; 2] = [1_000_000, 10_000];

fn main() {
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    match std::env::var(READ) {
        Ok(what) => runtime.block_on(read(&serde_json::from_str(&what).unwrap())),
        Err(_) => compare(&runtime.block_on(prepared())),
    }
}

/// A sandbox, and what a reader has to know of it.
struct Prepared {
    sandbox: Child,
    reader: Value,
    _folder: tempfile::TempDir,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
    }
}

fn compare(prepared: &Prepared) {
    let [all, some] = SIZES.map(|rows| {
        let mut reader = prepared.reader.clone();
        reader["rows"] = json!(rows);
        let output = Command::new(std::env::current_exe().unwrap())
            .env(READ, reader.to_string())
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success());
        serde_json::from_slice::<BTreeMap<String, f64>>(&output.stdout).unwrap()
    });
    outcome::write("memory", all["peak"], Some(all["page"]));
    outcome::write("memory-flat", all["peak"], Some(some["peak"]));
    outcome::write("memory-start", all["start"], None);
}

/// Starts the sandbox, and has the business user agree to everything.
async fn prepared() -> Prepared {
    let program = std::env::current_exe().unwrap();
    // This one is in `release/deps`.
    let program = program.ancestors().nth(2).unwrap().join("tilisy-sandbox");
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(program);
    command.args(["--json", "--auto-approve", "--key-file"]).arg(folder.path().join("key.pem"));
    let mut sandbox = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(sandbox.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut reader: Value = serde_json::from_str(&line).unwrap();
    let client = client(&reader);
    let state = State::generate().unwrap();
    let access = Access::new(valid_until(Utc::now(), Duration::from_secs(86_400), None));
    let back = "http://127.0.0.1:8080/redirect";
    let mut request = StartAuthorizationRequest::new(access, Aspsp::new("NO", "Fjordbanken"), back, state.as_str());
    request.psu_type = Some(PsuType::Business);
    let link = client.start_authorization(&request).await.unwrap().link().unwrap();
    let browser = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = browser.get(link).send().await.unwrap();
    let came_back = answer.headers()["location"].to_str().unwrap();
    let code = Redirect::parse(came_back, &state).unwrap();
    let session = client.authorize_session(&code.into()).await.unwrap();
    reader["account"] = json!(session.accounts[0].uid);
    Prepared { sandbox, reader, _folder: folder }
}

fn client(sandbox: &Value) -> Client {
    let text = |key: &str| sandbox[key].as_str().unwrap();
    let credentials = Credentials::from_file(text("application_id"), text("key_file")).unwrap();
    Client::builder(credentials).host(ApiHost::custom(text("url"), text("audience"))).build().unwrap()
}

/// Streams so many transactions, and prints what that took, in bytes.
#[allow(clippy::print_stdout, reason = "the other process reads it")]
async fn read(what: &Value) {
    let client = client(what);
    let account: Uuid = what["account"].as_str().unwrap().parse().unwrap();
    let wanted = what["rows"].as_u64().unwrap();
    let start = memory("VmRSS:");
    let mut rows = client.account_transactions(&account).stream().look_ahead(true).max_pages(20_000);
    let (mut count, mut page) = (0, 0);
    while count < wanted {
        let row = rows.try_next().await.unwrap().unwrap();
        // The first hundred stand for a page, as large as it was on its way.
        if count < 100 {
            page += serde_json::to_vec(&row).unwrap().len();
        }
        count += 1;
    }
    println!("{}", json!({ "peak": memory("VmHWM:"), "start": start, "page": page }));
}

/// The memory of this process as the system reports it, in bytes.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().strip_suffix(" kB").unwrap().trim().parse::<u64>().unwrap() * 1024
}
