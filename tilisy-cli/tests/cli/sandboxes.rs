//! The sandbox that one command runs and other commands use.

use crate::Desk;

#[test]
fn a_running_sandbox_is_used_until_it_ends() {
    let desk = Desk::new();
    let running = desk.sandbox(&[]);
    let at = running.printed("url").to_owned();
    let checked = desk.run(&["doctor", "--sandbox"]).well();
    assert!(checked.out.contains(&at), "{checked:?}");
    desk.run(&["sandbox"]).refuses(3, &["a sandbox of this profile runs already", &at, "another `--profile`"]);
    desk.run(&["doctor", "--sandbox", "--profile", "other"]).well();
    // What a command does there stays.
    desk.run(&["register", "--sandbox", "--name", "Trial"]).fails(3, &["no certificate exists at", "tilisy keygen"]);
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
fn the_record_of_a_killed_sandbox_is_removed() {
    let desk = Desk::new();
    // Killed when it is dropped.
    let at = desk.sandbox(&[]).printed("url").to_owned();
    let record = desk.path(".local/state/tilisy/default/sandbox.json");
    assert!(record.exists());
    let shown = desk.run(&["app", "--sandbox"]).well();
    assert!(shown.err.contains(&format!("the sandbox at {at} has ended")), "{shown:?}");
    assert!(!record.exists());
    // A new sandbox does not have the consents of the killed one.
    let _running = desk.sandbox(&["--without-consent"]);
    desk.run(&["accounts", "--sandbox"]).fails(5, &["there is no consent yet"]);
}

#[test]
fn the_record_of_a_slow_sandbox_stays() {
    let desk = Desk::new();
    let running = desk.sandbox(&[]);
    running.signal("-STOP");
    desk.run(&["app", "--sandbox"]).refuses(7, &["does not respond", "wait for it"]);
    running.signal("-CONT");
    assert!(desk.run(&["doctor", "--sandbox"]).well().out.contains(running.printed("url")));
}
