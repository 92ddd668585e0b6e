//! The memory that 64 MiB of unlisted JSON take. Each case runs in a process of its own, which reads the name of the case
//! from its environment.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::fmt::Write;
use std::process::Command;

use openbanking_client_runtime::decode;
use openbanking_client_runtime::extra::Extra;

const CASE: &str = "OPENBANKING_EXTRA_MEMORY";
const SIZE: usize = 64 << 20;

struct Account {
    extra_: Extra,
}
openbanking_client_runtime::object!(Account { ..extra_ });

/// JSON whose properties make up about 64 MiB.
fn input(case: &str) -> String {
    let mut json = String::with_capacity(SIZE + 1024);
    json.push('{');
    let mut nth = 0_u32;
    // A build without optimizations takes a minute for 64 MiB of them.
    let size = if case == "short values" { SIZE / 4 } else { SIZE };
    while json.len() < size {
        if nth > 0 {
            json.push(',');
        }
        match case {
            "one value" => {
                json.push_str(r#""a":[0"#);
                (0..SIZE / 2).for_each(|_| json.push_str(",1"));
                json.push(']');
            }
            "one value with line breaks" => {
                json.push_str(r#""a":[0"#);
                (0..SIZE / 4).for_each(|_| json.push_str(",\n 1"));
                json.push(']');
            }
            "values of half a chunk" => write!(json, r#""{nth}":"{:40000}""#, "").unwrap(),
            "short values" => write!(json, r#""{nth:x}":1"#).unwrap(),
            other => panic!("{other}"),
        }
        nth += 1;
    }
    json.push('}');
    json
}

#[test]
fn unlisted_json_takes_three_times_its_size_at_most() {
    if let Ok(case) = std::env::var(CASE) {
        return measure(&case);
    }
    for case in ["one value", "one value with line breaks", "values of half a chunk", "short values"] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "unlisted_json_takes_three_times_its_size_at_most"])
            .env(CASE, case)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{case}: {text}");
        print_ratio(case, &text);
    }
}

#[allow(clippy::print_stdout, reason = "`--nocapture` shows the numbers")]
fn print_ratio(case: &str, text: &str) {
    let ratio = text.lines().find_map(|line| line.split_once("ratio ")).map(|(_, ratio)| ratio);
    println!("{case}: {}", ratio.unwrap());
}

/// Decodes the input, and compares the growth of this process, the input included, with the size of the input.
#[allow(clippy::print_stdout, reason = "the other process reads it")]
fn measure(case: &str) {
    let start = memory("VmRSS:");
    let json = input(case);
    let built = memory("VmHWM:") - start;
    assert!(built < SIZE * 9 / 8, "{built}");
    let account: Account = decode::from_slice(json.as_bytes()).unwrap();
    assert!(!account.extra_.is_empty());
    let peak = memory("VmHWM:") - start;
    println!("\nratio {:.2}", peak as f64 / json.len() as f64);
    assert!(peak <= 3 * json.len(), "{peak}");
}

/// Returns a memory figure of this process from the system, in bytes.
fn memory(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().strip_suffix(" kB").unwrap().trim().parse::<usize>().unwrap() * 1024
}
