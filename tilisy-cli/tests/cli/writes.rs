//! Output that cannot be written, or that is not read to its end.

use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::bank::Bank;
use crate::desk::{Desk, Done};

#[test]
fn a_reader_that_stops_early_does_not_cause_an_error() {
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
    // The same if stderr is closed.
    let mut trace = bank.tilisy(&desk, &["-vv", "transactions", "Asuntolaina", "--format", "csv"]);
    let mut child = trace.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    let done = Done::from(child.wait_with_output().unwrap()).well();
    assert_eq!(done.out.lines().count(), 2, "{done:?}");
}

#[test]
fn output_that_cannot_be_written_is_reported_with_a_hint() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    fs::create_dir(desk.path("folder")).unwrap();
    for (to, said) in [
        ("/dev/full", &["No space left", "free some space"] as &[&str]),
        ("nowhere/x.csv", &["No such file", "create the folder first"]),
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
        done.refuses(10, &["the output cannot be written", "free some space"]);
    }
    // Help and version are output too.
    for arguments in [&["--help"] as &[&str], &["-h"], &["--version"], &["help"], &["help", "banks"], &["banks", "-h"]]
    {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let done = Done::from(desk.tilisy(arguments).stdout(full).output().unwrap());
        done.refuses(10, &["the output cannot be written", "free some space"]);
        let mut child = desk.tilisy(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(Done::from(child.wait_with_output().unwrap()).well().err, "");
    }
    let left = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut left: Vec<_> = fs::read_dir(desk.home()).unwrap().map(left).collect();
    left.sort();
    assert_eq!(left, [".local", "folder"]);
}

#[test]
fn a_file_with_an_unknown_extension_is_refused_before_any_request() {
    let desk = Desk::new();
    let redirect = desk.redirect();
    let bank = Bank::built(|builder| builder.redirect_url(&redirect).keep_requests(true));
    bank.consent(&desk, &[]).well();
    let before = bank.sandbox.requests().len();
    let known = "`.csv`, `.json`, `.ndjson`, `.jsonl`, `.txt`, `.xlsx`";
    for command in ["accounts", "app", "balances", "banks", "doctor", "sessions", "transactions"] {
        for file in ["x.xls", "x.csv.gz", "x.CSVV", "x.xml", "folder.d/x.tsv", "all.2026-01"] {
            let refused = bank.run(&desk, &[command, "--output", file]);
            refused.refuses(2, &[&format!("the extension of `{file}` has no format"), known, "`--format`"]);
        }
    }
    assert_eq!(bank.sandbox.requests().len(), before);
    for (file, start) in [
        ("x.csv", "account_uid,"),
        ("x.CSV", "account_uid,"),
        ("x.json", "[\n"),
        ("x.ndjson", "{\"account_uid\""),
        ("x.jsonl", "{\"account_uid\""),
        ("x.txt", "ACCOUNT"),
        ("x", "ACCOUNT"),
        (".hidden", "ACCOUNT"),
        ("x.", "ACCOUNT"),
    ] {
        bank.run(&desk, &["accounts", "--output", file]).well();
        let text = fs::read_to_string(desk.path(file)).unwrap();
        assert!(text.starts_with(start), "{file} {text}");
    }
    bank.run(&desk, &["accounts", "--output", "x.xls", "--format", "csv"]).well();
}

#[test]
fn an_export_that_hits_a_size_limit_can_be_continued() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let whole = bank.run(&desk, &["transactions", "Käyttötili", "--format", "csv"]).well().out;
    fs::write(desk.path("all.csv"), "before").unwrap();
    let export = ["transactions", "Käyttötili", "--output", "all.csv"];
    let command = bank.tilisy(&desk, &export);
    // A limit of so many blocks, as on a full disk, without the signal that would end the command first.
    let limited = |blocks: usize| {
        let mut limited = Command::new("/bin/sh");
        limited.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
        limited.arg(command.get_program()).args(command.get_args()).env_clear().current_dir(desk.home());
        limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).stdin(Stdio::null());
        Done::from(limited.output().unwrap())
    };
    // Without one complete page, there is no progress to continue from.
    limited(8).refuses(10, &["cannot write", "too large", "no file was written"]);
    assert!(!desk.path("all.csv.part").exists());
    let said = ["cannot write", "too large", "choose another place", "the same command continues from there"];
    limited(whole.len() * 3 / 4 / 512).refuses(10, &said);
    assert_eq!(fs::read_to_string(desk.path("all.csv")).unwrap(), "before");
    let done = bank.run(&desk, &export).well();
    assert!(done.err.starts_with("continuing after "), "{done:?}");
    assert_eq!(fs::read_to_string(desk.path("all.csv")).unwrap(), whole);
}

#[test]
fn the_id_of_an_application_is_stored_even_if_it_cannot_be_printed() {
    let (desk, bank) = (Desk::new(), Bank::new());
    let panel = format!("{}/api", bank.sandbox.url());
    for profile in ["full", "closed"] {
        desk.run(&["keygen", "--bits", "2048", "--profile", profile]).well();
        let mut command = desk.tilisy(&["register", "--control-panel", &panel, "--profile", profile]);
        command.env("TILISY_REGISTRATION_TOKEN", bank.sandbox.registration_token());
        if profile == "full" {
            command.stdout(fs::File::options().write(true).open("/dev/full").unwrap());
            Done::from(command.stderr(Stdio::piped()).output().unwrap()).refuses(10, &["No space left"]);
        } else {
            let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
            drop(child.stdout.take());
            assert!(child.wait().unwrap().success());
        }
        let host = ["app", "--profile", profile, "--host", bank.sandbox.url(), "--audience", bank.sandbox.audience()];
        desk.run(&host).well();
    }
}
