//! What the sandbox costs: its start, its requests, and the memory that it waits with.
//!
//! `cargo bench -p tilisy-sandbox --bench sandbox` measures the command, built for release, and says which targets are
//! met. Load and sandbox share the machine.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a benchmark")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use criterion::{Criterion, Throughput};
use serde_json::{Value, json};
use tilisy_sandbox::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

/// The target for the start of the command.
const START: Duration = Duration::from_millis(50);

/// The target for small requests in a second.
const REQUESTS: f64 = 40_000.0;

/// The target for memory after the start, in MiB.
const MEMORY: f64 = 8.0;

/// The number of connections that send requests at a time.
const CONNECTIONS: u64 = 32;

/// The number of connections that are half-open while others are served.
const HALF_OPEN: usize = 2_000;

/// The number of tokens that take turns. Each is verified once, and then known.
const TOKENS: u64 = 16;

/// A running command, which ends with this.
struct Running {
    child: Child,
    /// The line that it printed.
    line: Value,
    _folder: tempfile::TempDir,
}

impl Running {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilisy-sandbox"));
        command.arg("--json").arg("--key-file").arg(folder.path().join("key.pem"));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, line: serde_json::from_str(&line).unwrap(), _folder: folder }
    }

    fn text(&self, key: &str) -> &str {
        self.line[key].as_str().unwrap()
    }

    /// Where it listens.
    fn address(&self) -> &str {
        self.text("url").strip_prefix("http://").unwrap()
    }

    /// What it holds in memory, in MiB, where the system tells.
    fn memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? / 1024.0)
    }

    /// A request, each with a token of its own.
    fn requests(&self) -> Vec<Vec<u8>> {
        let pem = std::fs::read_to_string(self.text("key_file")).unwrap();
        let key: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(key).unwrap()).unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let header = json!({ "typ": "JWT", "alg": "RS256", "kid": self.text("application_id") });
        let request = |nth: u64| {
            let claims = json!({ "iss": "enablebanking.com", "aud": self.text("audience"),
                                 "iat": now - nth, "exp": now + 3600 });
            let token = signed(&key, &header, &claims);
            let (address, end) = (self.address(), "\r\n");
            format!("GET /application HTTP/1.1{end}host: {address}{end}authorization: Bearer {token}{end}{end}").into()
        };
        (0..TOKENS).map(request).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signed(key: &RsaKeyPair, header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encode(header), encode(claims));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Sends requests over one connection, each after the answer to the one before.
async fn ask(mut stream: TcpStream, requests: Vec<Vec<u8>>, first: u64, times: u64) -> TcpStream {
    let mut buffer = vec![0; 8 * 1024];
    for nth in first..first + times {
        let read = answer(&mut stream, &requests[usize::try_from(nth % TOKENS).unwrap()], &mut buffer).await;
        assert!(buffer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&buffer[..read]));
    }
    stream
}

/// Sends one request and reads its answer, of which it gives the length.
async fn answer(stream: &mut TcpStream, request: &[u8], buffer: &mut [u8]) -> usize {
    stream.write_all(request).await.unwrap();
    let mut read = 0;
    while !is_whole(&buffer[..read]) {
        match stream.read(&mut buffer[read..]).await.unwrap() {
            0 => panic!("the answer ends early: {}", String::from_utf8_lossy(&buffer[..read])),
            more => read += more,
        }
    }
    read
}

/// Fails where a token is let through whose signature is another's.
async fn check_refusal(running: &Running, requests: &[Vec<u8>]) {
    let text = |nth: usize| String::from_utf8(requests[nth].clone()).unwrap();
    let (one, other) = (text(0), text(1));
    let (message, _) = one.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    let mut buffer = vec![0; 8 * 1024];
    answer(&mut stream, format!("{message}.{signature}").as_bytes(), &mut buffer).await;
    assert!(buffer.starts_with(b"HTTP/1.1 401 "), "a wrong signature must be refused");
}

/// Whether an answer has come to its end.
fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = answer.windows(4).position(|end| end == b"\r\n\r\n") else { return false };
    let text = std::str::from_utf8(&answer[..head]).unwrap();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    answer.len() == head + 4 + length.parse::<usize>().unwrap()
}

/// How long so many requests take, over all connections together.
fn load(runtime: &Runtime, running: &Running, requests: &[Vec<u8>], times: u64) -> Duration {
    runtime.block_on(async {
        let mut streams = Vec::new();
        for nth in 0..CONNECTIONS.min(times) {
            let stream = TcpStream::connect(running.address()).await.unwrap();
            stream.set_nodelay(true).unwrap();
            // Once before the clock runs, so that each connection is served already.
            streams.push(ask(stream, requests.to_vec(), nth, 1).await);
        }
        let (count, started) = (streams.len() as u64, Instant::now());
        let share = |nth: u64| times / count + u64::from(nth < times % count);
        let tasks: Vec<_> = (0..count)
            .zip(streams)
            .map(|(nth, stream)| tokio::spawn(ask(stream, requests.to_vec(), nth, share(nth))))
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        started.elapsed()
    })
}

/// Opens connections that send a part of a header.
async fn half_open(running: &Running) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..HALF_OPEN {
        let mut stream = TcpStream::connect(running.address()).await.unwrap();
        stream.write_all(b"GET /application HTTP/1.1\r\nHost: ").await.unwrap();
        streams.push(stream);
    }
    streams
}

/// A start in this process. Its end counts as well, so that no socket is left open.
async fn start_and_stop() {
    drop(Sandbox::builder().start().await.unwrap());
    tokio::task::yield_now().await;
}

fn main() {
    let mut criterion =
        Criterion::default().sample_size(20).measurement_time(Duration::from_secs(10)).configure_from_args();
    // One thread: what the load takes of the machine, the sandbox does not have.
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();

    let mut group = criterion.benchmark_group("start");
    group.bench_function("library", |bencher| bencher.iter(|| runtime.block_on(start_and_stop())));
    // From the call that starts the process to the line that says where it listens; its end does not count.
    group.bench_function("command", |bencher| bencher.iter_with_large_drop(Running::start));
    group.finish();

    let running = Running::start();
    let idle = running.memory();
    let requests = running.requests();
    runtime.block_on(check_refusal(&running, &requests));
    let mut group = criterion.benchmark_group("requests");
    group.throughput(Throughput::Elements(1));
    group.bench_function("application", |bencher| {
        bencher.iter_custom(|times| load(&runtime, &running, &requests, times));
    });
    // The same while other connections have sent a part of a header and wait.
    let waiting = runtime.block_on(half_open(&running));
    group.bench_function("application_beside_half_open", |bencher| {
        bencher.iter_custom(|times| load(&runtime, &running, &requests, times));
    });
    group.finish();
    drop(waiting);
    criterion.final_summary();

    let word = |is_met: bool| if is_met { "met" } else { "not met" };
    if let Some(start) = median("start/command") {
        let limit = START.as_secs_f64();
        println!("start: {:.1} ms (target {} ms: {})", start * 1e3, START.as_millis(), word(start <= limit));
    }
    if let Some(each) = median("requests/application") {
        let rate = 1.0 / each;
        println!("authenticated requests a second: {rate:.0} (target {REQUESTS}: {})", word(rate >= REQUESTS));
    }
    if let (Some(alone), Some(beside)) =
        (median("requests/application"), median("requests/application_beside_half_open"))
    {
        println!("time of a request beside {HALF_OPEN} half-open connections: {:.2} times", beside / alone);
    }
    if let (Some(idle), Some(after)) = (idle, running.memory()) {
        println!(
            "memory: {idle:.1} MiB after the start, {after:.1} after the load (target {MEMORY} MiB idle: {})",
            word(idle <= MEMORY)
        );
    }
}

/// The median that criterion has written, in seconds.
fn median(name: &str) -> Option<f64> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| folder.join("../target"), Into::into);
    let file = target.join(format!("criterion/{name}/new/estimates.json"));
    let estimates: Value = serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()?;
    Some(estimates["median"]["point_estimate"].as_f64()? / 1e9)
}
