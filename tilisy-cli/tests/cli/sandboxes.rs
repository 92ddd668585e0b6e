//! The sandbox that one command runs and others use.

use crate::Desk;

#[test]
fn a_sandbox_that_runs_is_used_and_one_that_ended_is_not() {
    let desk = Desk::new();
    let running = desk.sandbox(&[]);
    let at = running.told("url").to_owned();
    let checked = desk.run(&["doctor", "--sandbox"]).well();
    assert!(checked.out.contains(&at), "{checked:?}");
    desk.run(&["sandbox"]).refuses(3, &["a sandbox of this profile runs already", &at, "another `--profile`"]);
    desk.run(&["doctor", "--sandbox", "--profile", "other"]).well();
    // What a command does there stays.
    desk.run(&["register", "--sandbox", "--name", "Trial"]).fails(3, &["there is no certificate", "tilisy keygen"]);
    desk.run(&["keygen", "--bits", "2048", "--sandbox"]).well();
    desk.run(&["register", "--sandbox", "--name", "Trial"]).well();
    assert!(desk.run(&["app", "--sandbox"]).well().out.contains("Trial"));
    // Another application has other consents.
    desk.run(&["accounts", "--sandbox"]).fails(5, &["there is no consent yet", "`tilisy --sandbox connect BANK"]);
    desk.run(&["register", "--sandbox"]).fails(3, &["has an application already", "--replace"]);
    running.signal("-TERM");
    assert_eq!(running.end(), Some(0));
    assert!(!desk.path(".local/state/tilisy/default/sandbox.json").exists());
    let checked = desk.run(&["doctor", "--sandbox"]).well();
    assert!(checked.out.contains("a sandbox of this command") && checked.err.is_empty(), "{checked:?}");
}

#[test]
fn a_sandbox_that_was_killed_is_forgotten() {
    let desk = Desk::new();
    // Killed when it is dropped.
    let at = desk.sandbox(&[]).told("url").to_owned();
    let record = desk.path(".local/state/tilisy/default/sandbox.json");
    assert!(record.exists());
    let told = desk.run(&["app", "--sandbox"]).well();
    assert!(told.err.contains(&format!("the sandbox that ran at {at} is gone")), "{told:?}");
    assert!(!record.exists());
    // A new one knows nothing of the consents of the one before.
    let _running = desk.sandbox(&["--without-consent"]);
    desk.run(&["accounts", "--sandbox"]).fails(5, &["there is no consent yet"]);
}

#[test]
fn a_sandbox_that_is_slow_is_not_forgotten() {
    let desk = Desk::new();
    let running = desk.sandbox(&[]);
    running.signal("-STOP");
    desk.run(&["app", "--sandbox"]).refuses(7, &["is there and does not answer", "wait for it"]);
    running.signal("-CONT");
    assert!(desk.run(&["doctor", "--sandbox"]).well().out.contains(running.told("url")));
}
