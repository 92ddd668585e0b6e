//! The command: what it prints and writes, and how it ends.
#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

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
    let mut running = Running(command(&["--json", "--key-file", key_file]).spawn().unwrap());
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
    assert_eq!(keys, ["application_id", "audience", "key_file", "registration_token", "url"]);
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
    let nowhere = folder.path().join("no/folder/key.pem");
    for (arguments, said) in [
        (vec!["--address", "0.0.0.0"], "can be reached from other machines"),
        (vec!["--port", &port], "cannot listen at 127.0.0.1"),
        (vec!["--key-file", nowhere.to_str().unwrap()], "cannot write the key file"),
        (vec!["--port", "many"], "--port"),
    ] {
        let output = command(&arguments).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
    }
}
