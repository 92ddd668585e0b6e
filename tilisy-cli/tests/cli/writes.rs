//! Output that cannot be written, or that nobody reads.

use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::bank::Bank;
use crate::desk::{Desk, Done};

#[test]
fn whoever_has_read_enough_is_no_error() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    // More than a pipe holds.
    for arguments in [
        &["transactions", "Käyttötili", "--format", "csv"] as &[&str],
        &["transactions", "Käyttötili", "--format", "json"],
        &["transactions", "Käyttötili"],
        &["completions", "bash"],
    ] {
        let mut child = bank.tilisy(&desk, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0]).unwrap();
        drop(out);
        let done = Done::from(child.wait_with_output().unwrap()).well();
        assert_eq!(done.err, "", "{arguments:?}");
    }
    // Nor is it one if nobody reads what is said beside the output.
    let mut trace = bank.tilisy(&desk, &["-vv", "transactions", "Asuntolaina", "--format", "csv"]);
    let mut child = trace.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    let done = Done::from(child.wait_with_output().unwrap()).well();
    assert_eq!(done.out.lines().count(), 2, "{done:?}");
}

#[test]
fn what_cannot_be_written_is_said_before_it_is_asked_for_or_as_soon_as_it_fails() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    fs::create_dir(desk.path("folder")).unwrap();
    for (to, said) in [
        ("/dev/full", &["No space left", "make room"] as &[&str]),
        ("nowhere/x.csv", &["No such file", "make the folder first"]),
        ("folder", &["cannot write `folder`: is a directory", "choose another place"]),
    ] {
        for format in ["table", "csv", "json", "ndjson"] {
            let asked = ["transactions", "Asuntolaina", "--format", format, "--output", to];
            bank.run(&desk, &asked).refuses(10, said);
        }
        bank.run(&desk, &["accounts", "--output", to]).refuses(10, said);
    }
    for arguments in
        [&["transactions", "Käyttötili", "--format", "csv"] as &[&str], &["accounts"], &["completions", "zsh"]]
    {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let done = Done::from(bank.tilisy(&desk, arguments).stdout(full).output().unwrap());
        done.refuses(10, &["the output cannot be written", "make room"]);
    }
    let left = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut left: Vec<_> = fs::read_dir(desk.home()).unwrap().map(left).collect();
    left.sort();
    assert_eq!(left, [".local", "folder"]);
}

/// A disk of 64 KiB, where whoever runs the tests may mount one.
struct Disk(std::path::PathBuf);

impl Disk {
    fn mount(at: std::path::PathBuf) -> Option<Self> {
        fs::create_dir(&at).unwrap();
        let arguments = ["-t", "tmpfs", "-o", "size=64k", "tmpfs"];
        let mounted = Command::new("mount").args(arguments).arg(&at).stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(at))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_disk_that_fills_up_keeps_what_was_there_and_what_came() {
    let desk = Desk::new();
    let Some(disk) = Disk::mount(desk.path("disk")) else { return };
    let bank = Bank::with_consent(&desk);
    let whole = bank.run(&desk, &["transactions", "Käyttötili", "--format", "csv"]).well().out;
    fs::write(disk.0.join("all.csv"), "before").unwrap();
    let export = ["transactions", "Käyttötili", "--output", "disk/all.csv"];
    let said = ["cannot write", "No space left", "make room", "the same command goes on from there"];
    bank.run(&desk, &export).refuses(10, &said);
    assert_eq!(fs::read_to_string(disk.0.join("all.csv")).unwrap(), "before");
    assert!(Command::new("mount").args(["-o", "remount,size=4m"]).arg(&disk.0).status().unwrap().success());
    let done = bank.run(&desk, &export).well();
    assert!(done.err.starts_with("going on after "), "{done:?}");
    assert_eq!(fs::read_to_string(disk.0.join("all.csv")).unwrap(), whole);
}
