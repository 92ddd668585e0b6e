//! The precedence of settings, and their files.

use std::fs;

use tilisy_sandbox::Sandbox;

use crate::bank::Bank;
use crate::desk::{Connecting, Desk, Done, get};

/// Writes a file of the profile `default`.
fn write(desk: &Desk, name: &str, text: &str) {
    let file = desk.path(".config/tilisy/default").join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

#[test]
fn the_command_line_overrides_the_environment_and_that_overrides_the_profile() {
    let (desk, bank) = (Desk::new(), Bank::new());
    write(&desk, "private.key", bank.sandbox.private_key_pem());
    let id = bank.sandbox.application_id();
    let audience = |profile: &str, variable: &str, arguments: &[&str]| {
        write(&desk, "profile.toml", &format!("application_id = \"{id}\"\n{profile}"));
        let mut token = desk.tilisy(&[&["token"], arguments].concat());
        if !variable.is_empty() {
            token.env("TILISY_HOST", variable);
        }
        let token = Done::from(token.output().unwrap()).well().out;
        fs::write(desk.path("token"), token).unwrap();
        let mut decode = desk.tilisy(&["token", "--decode"]);
        decode.stdin(fs::File::open(desk.path("token")).unwrap());
        let shown = Done::from(decode.output().unwrap()).well().out;
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(shown["header"]["kid"], id.to_string());
        shown["claims"]["aud"].as_str().unwrap().to_owned()
    };
    let profile = "host = \"https://profile.example/x\"\n";
    assert_eq!(audience("", "", &[]), "api.enablebanking.com");
    assert_eq!(audience("host = \"tilisy\"\n", "", &[]), "api.tilisy.com");
    assert_eq!(audience(profile, "", &[]), "profile.example");
    assert_eq!(audience(&format!("{profile}audience = \"a\"\n"), "", &[]), "a");
    assert_eq!(audience(profile, "https://variable.example", &[]), "variable.example");
    assert_eq!(audience(profile, "https://variable.example", &["--host", "tilisy"]), "api.tilisy.com");
    // The audience of the profile's host is not that of another.
    assert_eq!(audience(&format!("{profile}audience = \"a\"\n"), "", &["--host", "tilisy"]), "api.tilisy.com");
    assert_eq!(audience("", "", &["--host", "https://flag.example", "--audience", "b"]), "b");
}

#[test]
fn folders_follow_the_xdg_rules() {
    let desk = Desk::new();
    let folder = |name: &str| desk.path(name).to_str().unwrap().to_owned();
    let xdg = [("XDG_CONFIG_HOME", folder("c")), ("XDG_DATA_HOME", folder("d")), ("XDG_STATE_HOME", folder("s"))];
    let mut keygen = desk.tilisy(&["keygen", "--bits", "2048", "--profile", "work"]);
    Done::from(keygen.envs(xdg.clone()).output().unwrap()).well();
    assert!(desk.path("c/tilisy/work/private.key").exists() && !desk.path(".config").exists());
    // Paths that are not absolute are ignored, as the rules say.
    let mut keygen = desk.tilisy(&["keygen", "--bits", "2048"]);
    Done::from(keygen.env("XDG_CONFIG_HOME", "relative").output().unwrap()).well();
    assert!(desk.path(".config/tilisy/default/private.key").exists() && !desk.path("relative").exists());
}

#[test]
fn headers_of_a_psu_who_is_present_are_sent() {
    let desk = Desk::new();
    let redirect = desk.redirect();
    let bank = Bank::built(|builder| builder.redirect_url(&redirect).keep_requests(true));
    let connecting = Connecting::new(bank.tilisy(&desk, &["connect", "Fjällkassan", "--no-browser"]));
    get(&bank.sandbox.approve(&connecting.link).unwrap());
    connecting.end().well();
    // This bank requires both headers, or none.
    let balances = ["balances", "--format", "csv"];
    bank.run(&desk, &balances).well();
    assert_eq!(psu(&bank.sandbox), (None, None));
    for one in [["--psu-ip-address", "8.8.4.4"], ["--psu-user-agent", "Browser/1"]] {
        let refused = bank.run(&desk, &[&balances[..], &one].concat());
        refused.fails(8, &["PSU_HEADER_NOT_PROVIDED", "`--psu-ip-address`", "`--psu-user-agent`"]);
    }
    let flags = ["--psu-ip-address", "10.0.0.7", "--psu-user-agent", "Browser/1"];
    let refused = bank.run(&desk, &[&balances[..], &flags].concat());
    refused.refuses(2, &["the address is not a public one"]);
    let flags = ["--psu-ip-address", "8.8.4.4", "--psu-user-agent", "Browser/1"];
    bank.run(&desk, &[&balances[..], &flags].concat()).well();
    assert_eq!(psu(&bank.sandbox), (Some("8.8.4.4".to_owned()), Some("Browser/1".to_owned())));
    // The profile can have them too, and the environment overrides it.
    write(&desk, "profile.toml", "psu_ip_address = \"8.8.8.8\"\npsu_user_agent = \"Profile/1\"\n");
    let mut command = bank.tilisy(&desk, &balances);
    Done::from(command.env("TILISY_PSU_USER_AGENT", "Variable/1").output().unwrap()).well();
    assert_eq!(psu(&bank.sandbox), (Some("8.8.8.8".to_owned()), Some("Variable/1".to_owned())));
}

/// Returns the PSU headers of the last request.
fn psu(sandbox: &Sandbox) -> (Option<String>, Option<String>) {
    let requests = sandbox.requests();
    let header = |name| requests.last().unwrap().header(name).map(str::to_owned);
    (header("psu-ip-address"), header("psu-user-agent"))
}
