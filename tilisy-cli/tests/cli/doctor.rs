//! The checks of `tilisy doctor`, and their hints.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tilisy_sandbox::chrono::TimeDelta;

use crate::bank::Bank;
use crate::desk::{Desk, Done};

/// Returns the line of a check.
fn line<'a>(done: &'a Done, check: &str) -> &'a str {
    let line = done.out.lines().find(|line| line.starts_with(check));
    line.unwrap_or_else(|| panic!("`{check}` in {done:?}"))
}

/// A desk with a consent, and its bank.
fn healthy() -> (Desk, Bank) {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    (desk, bank)
}

#[test]
fn a_wrong_clock_is_reported_with_its_difference_and_direction() {
    let (desk, bank) = healthy();
    let fine = bank.run(&desk, &["doctor"]).well();
    assert!(line(&fine, "clock").contains(" ok "), "{fine:?}");
    for (minutes, direction) in [(10, "behind the service"), (-20, "ahead of the service")] {
        bank.sandbox.clock().advance(TimeDelta::minutes(minutes));
        let checked = bank.run(&desk, &["doctor"]).well();
        let clock = line(&checked, "clock");
        assert!(clock.contains("warning") && clock.contains(direction) && clock.contains("NTP"), "{checked:?}");
        // Ten minutes in either direction, minus the duration of the test.
        let seconds: i64 = clock.split("machine is ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!((570..=600).contains(&seconds), "{clock}");
    }
}

#[test]
fn a_key_that_others_can_read_or_that_is_wrong_is_reported() {
    let (desk, bank) = healthy();
    let with = |file: &str| {
        let mut command = bank.tilisy(&desk, &["doctor"]);
        command.env_remove("TILISY_PRIVATE_KEY").env("TILISY_PRIVATE_KEY_FILE", file);
        Done::from(command.output().unwrap())
    };
    fs::write(desk.path("open.key"), bank.sandbox.private_key_pem()).unwrap();
    fs::set_permissions(desk.path("open.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let checked = with("open.key").well();
    assert!(line(&checked, "key").contains("warning") && checked.out.contains("chmod 600 open.key"), "{checked:?}");
    fs::set_permissions(desk.path("open.key"), fs::Permissions::from_mode(0o600)).unwrap();
    assert!(line(&with("open.key").well(), "key").contains(" ok "));
    desk.run(&["keygen", "--bits", "2048", "--key", "other.key", "--certificate", "other.pem"]).well();
    let checked = with("other.key").fails(4, &["some checks failed"]);
    assert!(line(&checked, "application").contains("wrong"), "{checked:?}");
    assert!(checked.out.contains("this key is not the one"), "{checked:?}");
    assert!(!checked.out.contains("tilisy doctor"), "a hint names the command that prints it: {checked:?}");
}

#[test]
fn an_inactive_application_and_an_unregistered_redirect_are_reported() {
    let (desk, bank) = healthy();
    let mut elsewhere = bank.tilisy(&desk, &["doctor"]);
    let checked = Done::from(elsewhere.env("TILISY_REDIRECT_URL", "https://a.example/b").output().unwrap()).well();
    assert!(line(&checked, "redirect").contains("https://a.example/b is not registered"), "{checked:?}");
    let (desk, panel) = (Desk::new(), format!("{}/api", bank.sandbox.url()));
    desk.run(&["keygen", "--bits", "2048"]).well();
    let mut register = desk.tilisy(&["register", "--environment", "production", "--control-panel", &panel]);
    register.args(["--redirect-url", "https://a.example/b", "--description", "d", "--gdpr-email", "a@b.example"]);
    register.args(["--privacy-url", "https://a.example/p", "--terms-url", "https://a.example/t"]);
    Done::from(register.env("TILISY_REGISTRATION_TOKEN", bank.sandbox.registration_token()).output().unwrap()).well();
    let checked = desk.run(&["doctor", "--host", bank.sandbox.url(), "--audience", bank.sandbox.audience()]);
    let checked = checked.fails(4, &["some checks failed"]);
    assert!(line(&checked, "application").contains("activated by a contract"), "{checked:?}");
}
