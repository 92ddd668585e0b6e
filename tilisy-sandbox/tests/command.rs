//! The command: what it prints and writes, and how it ends.
#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A running command, which does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilisy-sandbox"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts it, and reads the line that it prints.
fn start(key_file: &str) -> (Running, Value) {
    start_with(key_file, &[])
}

/// The same with other options.
fn start_with(key_file: &str, options: &[&str]) -> (Running, Value) {
    let arguments = [&["--json", "--key-file", key_file], options].concat();
    let mut running = Running(command(&arguments).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (running, serde_json::from_str(&line).unwrap())
}

#[test]
fn it_prints_one_line_writes_a_key_for_its_owner_and_ends_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    // What is there is replaced, with its permissions.
    std::fs::write(&file, "old").unwrap();
    let (mut running, line) = start(file.to_str().unwrap());
    let keys: Vec<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["application_id", "audience", "edition", "key_file", "registration_token", "url"]);
    assert_eq!(line["key_file"], file.to_str().unwrap());
    assert!(std::fs::read_to_string(&file).unwrap().contains("PRIVATE KEY"));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let address = line["url"].as_str().unwrap().trim_start_matches("http://").to_owned();
    std::net::TcpStream::connect(&address).unwrap();
    let killed = Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    assert!(std::net::TcpStream::connect(&address).is_err());
}

#[test]
fn what_cannot_be_done_exits_with_two_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let (_running, line) = start(folder.path().join("key.pem").to_str().unwrap());
    let port = line["url"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
    let wrong = folder.path().join("wrong.json");
    std::fs::write(&wrong, r#"{"banks": [{"name": "X", "country": "Norway"}]}"#).unwrap();
    let nowhere = folder.path().join("no/folder/key.pem");
    for (arguments, said) in [
        (vec!["--address", "0.0.0.0"], "can be reached from other machines"),
        (vec!["--port", &port], "cannot listen at 127.0.0.1"),
        (vec!["--key-file", nowhere.to_str().unwrap()], "cannot write the key file"),
        (vec!["--port", "many"], "--port"),
        (vec!["--edition", "2019"], "an edition is `current` or `2020`"),
        (vec!["--newest-day", "2026-02-30"], "a day is `today`, or such as 2026-01-31"),
        (vec!["--url", "http://localhost/path"], "without a path"),
        (vec!["--quirk", "NONE"], "cannot use `--quirk`"),
        (vec!["--scenario", "NONE"], "cannot use `--scenario`"),
        (vec!["--bank-quirk", "SLOW"], "separated by `=`"),
        (vec!["--bank-quirk", "None=SLOW"], "no bank has the name `None`"),
        (vec!["--data", nowhere.to_str().unwrap()], "cannot read the data file"),
        (vec!["--data", wrong.to_str().unwrap()], "banks[0]: the country of a bank must be two capital letters"),
    ] {
        let output = command(&arguments).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
    }
}

/// The body of a response of the control endpoint.
fn get(address: &str, target: &str) -> Value {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    serde_json::from_str(response.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[test]
fn options_set_what_calls_set() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data.json");
    std::fs::write(&data, r#"{"banks": [{"name": "Own bank", "users": [{"name": "u"}]}]}"#).unwrap();
    let key = folder.path().join("key.pem");
    let options = [
        "--edition",
        "2020",
        "--newest-day",
        "2026-03-01",
        "--data",
        data.to_str().unwrap(),
        "--quirk",
        "SLOW",
        "--scenario",
        "ASPSP_ERROR",
        "--bank-quirk",
        "Own bank=DOWN",
        "--time",
        "2026-03-01T12:00:00Z",
    ];
    let (_running, line) = start_with(key.to_str().unwrap(), &options);
    assert_eq!((line["edition"].as_str(), line["audience"].as_str()), (Some("2020"), Some("api.tilisy.com")));
    let shown = get(line["url"].as_str().unwrap().trim_start_matches("http://"), "/sandbox");
    assert_eq!((&shown["newest_day"], &shown["now"]), (&json!("2026-03-01"), &json!("2026-03-01T12:00:00+00:00")));
    assert_eq!((&shown["quirks"], &shown["scenario"]), (&json!(["SLOW"]), &json!("ASPSP_ERROR")));
    let (_running, line) = start_with(key.to_str().unwrap(), &["--url", "http://bank.test:8080/"]);
    assert_eq!(line["url"], "http://bank.test:8080");
}
