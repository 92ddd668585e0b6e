//! What the doctor finds, and what to do about it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tilisy_sandbox::chrono::TimeDelta;

use crate::bank::Bank;
use crate::desk::{Desk, Done};

/// The line of a check.
fn line<'a>(done: &'a Done, check: &str) -> &'a str {
    let line = done.out.lines().find(|line| line.starts_with(check));
    line.unwrap_or_else(|| panic!("`{check}` in {done:?}"))
}

/// A desk whose consent the bank knows, and a bank that knows where its browsers come back to.
fn healthy() -> (Desk, Bank) {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    (desk, bank)
}

#[test]
fn a_clock_that_is_off_is_told_by_how_much_and_which_way() {
    let (desk, bank) = healthy();
    let fine = bank.run(&desk, &["doctor"]).well();
    assert!(line(&fine, "clock").contains(" ok "), "{fine:?}");
    for (minutes, direction) in [(10, "behind the service"), (-20, "ahead of the service")] {
        bank.sandbox.clock().advance(TimeDelta::minutes(minutes));
        let told = bank.run(&desk, &["doctor"]).well();
        let clock = line(&told, "clock");
        assert!(clock.contains("warning") && clock.contains(direction) && clock.contains("NTP"), "{told:?}");
        // Ten minutes either way, but for the seconds that this takes.
        let seconds: i64 = clock.split("machine is ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!((570..=600).contains(&seconds), "{clock}");
    }
}

#[test]
fn a_key_that_others_read_or_that_is_another_is_told() {
    let (desk, bank) = healthy();
    let with = |file: &str| {
        let mut command = bank.tilisy(&desk, &["doctor"]);
        command.env_remove("TILISY_PRIVATE_KEY").env("TILISY_PRIVATE_KEY_FILE", file);
        Done::from(command.output().unwrap())
    };
    fs::write(desk.path("open.key"), bank.sandbox.private_key_pem()).unwrap();
    fs::set_permissions(desk.path("open.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let told = with("open.key").well();
    assert!(line(&told, "key").contains("warning") && told.out.contains("chmod 600 open.key"), "{told:?}");
    fs::set_permissions(desk.path("open.key"), fs::Permissions::from_mode(0o600)).unwrap();
    assert!(line(&with("open.key").well(), "key").contains(" ok "));
    desk.run(&["keygen", "--bits", "2048", "--key", "other.key", "--certificate", "other.pem"]).well();
    let told = with("other.key").fails(4, &["not everything is as it should be"]);
    assert!(line(&told, "application").contains("wrong") && told.out.contains("this key is not the one"), "{told:?}");
    assert!(!told.out.contains("tilisy doctor"), "nobody is sent to where they are: {told:?}");
}

#[test]
fn an_application_that_is_not_active_or_not_known_by_its_redirect_is_told() {
    let (desk, bank) = healthy();
    let mut elsewhere = bank.tilisy(&desk, &["doctor"]);
    let told = Done::from(elsewhere.env("TILISY_REDIRECT_URL", "https://a.example/b").output().unwrap()).well();
    assert!(line(&told, "redirect").contains("https://a.example/b is not registered"), "{told:?}");
    let (desk, panel) = (Desk::new(), format!("{}/api", bank.sandbox.url()));
    desk.run(&["keygen", "--bits", "2048"]).well();
    let mut register = desk.tilisy(&["register", "--environment", "production", "--control-panel", &panel]);
    register.args(["--redirect-url", "https://a.example/b", "--description", "d", "--gdpr-email", "a@b.example"]);
    register.args(["--privacy-url", "https://a.example/p", "--terms-url", "https://a.example/t"]);
    Done::from(register.env("TILISY_REGISTRATION_TOKEN", bank.sandbox.registration_token()).output().unwrap()).well();
    let told = desk.run(&["doctor", "--host", bank.sandbox.url(), "--audience", bank.sandbox.audience()]);
    let told = told.fails(4, &["not everything is as it should be"]);
    assert!(line(&told, "application").contains("activated by a contract"), "{told:?}");
}
