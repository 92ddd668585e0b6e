//! Files of earlier and later versions of the command.
//!
//! The files in `fixtures/2024c1d` are those of commit 2024c1d: two sessions of its sandbox, of which the second renews the
//! first, and exports of `pages` that failed after the second page or were complete.

use std::fs;
use std::path::{Path, PathBuf};

use enablebanking_client::chrono::Utc;
use serde_json::Value;
use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Desk, Done};

const REPLACED: &str = "399392d2-232d-4691-a279-36bdb7913e2b";
const CURRENT: &str = "ef5e45ce-63ec-4c0b-bb8c-3c2a853d8a6f";

fn fixture(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/2024c1d").join(name);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Returns a page of transactions.
fn page(number: u32) -> Reply {
    Reply::json(200, fixture(&format!("pages/{number}.json")))
}

/// A home folder with the files of commit 2024c1d.
struct Home {
    desk: Desk,
    /// A home folder without files.
    other: Desk,
    bank: Bank,
}

impl Home {
    fn new() -> Self {
        let [desk, other] = [Desk::new(), Desk::new()];
        let [redirect, elsewhere] = [desk.redirect(), other.redirect()];
        let bank = Bank::built(|builder| builder.redirect_url(&redirect).redirect_url(&elsewhere).keep_requests(true));
        let home = Self { desk, other, bank };
        // The address of the simulated service and the end of the session change from run to run.
        let sandbox = &home.bank.sandbox;
        let profile = fixture("profile.toml")
            .replace("http://127.0.0.1:8100", sandbox.url())
            .replace("api.tilisy.com", sandbox.audience())
            .replace("http://127.0.0.1:8090/back", &redirect);
        home.write(".config/tilisy/default/profile.toml", &profile);
        home.write(".config/tilisy/default/private.key", sandbox.private_key_pem());
        for id in [REPLACED, CURRENT] {
            home.write(&session_file(id), &session(id));
        }
        home
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.desk.path(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.desk.path(name)).unwrap()
    }

    /// Runs the command with the settings of the profile.
    fn run(&self, arguments: &[&str]) -> Done {
        self.desk.run(arguments)
    }

    /// Runs the export of the fixtures into a file.
    fn export(&self, file: &str) -> Done {
        self.run(&["transactions", "Käyttötili", "--from", "2026-01-01", "--output", file])
    }

    fn session(&self, id: &str) -> Value {
        serde_json::from_str(&self.read(&session_file(id))).unwrap()
    }

    /// Renews the current session. Returns the id of the new one.
    fn renew(&self) -> String {
        // The first consents at the sandbox may have the ids of the stored sessions.
        for _ in 0..2 {
            self.bank.consent(&self.other, &[]).well();
        }
        let connected = self.bank.consent(&self.desk, &[]).well();
        assert!(connected.err.contains("this renews an earlier consent: 4 accounts found again"), "{connected:?}");
        let folder = fs::read_dir(self.desk.path(".local/share/tilisy/default/sessions")).unwrap();
        let id = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
        let ids: Vec<_> = folder.map(|entry| id(entry.unwrap().path())).collect();
        assert_eq!(ids.len(), 3, "{ids:?}");
        ids.into_iter().find(|id| ![REPLACED, CURRENT].contains(&id.as_str())).unwrap()
    }
}

/// Returns the text of a stored session, with an end in the future.
fn session(id: &str) -> String {
    let text = fixture(&format!("sessions/{id}.json"));
    let later = text.replace("\"valid_until\": \"2027-", "\"valid_until\": \"2999-");
    assert_ne!(later, text);
    later
}

fn session_file(id: &str) -> String {
    format!(".local/share/tilisy/default/sessions/{id}.json")
}

/// Returns a stored checkpoint, which was written just now.
fn checkpoint(name: &str) -> String {
    let mut checkpoint: Value = serde_json::from_str(&fixture(name)).unwrap();
    checkpoint["begun"] = Utc::now().to_rfc3339().into();
    checkpoint.to_string()
}

/// Returns a property of each account.
fn each<'a>(session: &'a Value, name: &str) -> Vec<&'a Value> {
    session["accounts"].as_array().unwrap().iter().map(|account| &account[name]).collect()
}

#[test]
fn the_profile_and_the_sessions_of_an_older_version_are_used() {
    let home = Home::new();
    let stored: Value = serde_json::from_str(&session(CURRENT)).unwrap();
    let listed = home.run(&["accounts", "--format", "json"]).well();
    assert_eq!(listed.err, "");
    let listed: Value = serde_json::from_str(&listed.out).unwrap();
    let objects: Vec<_> = listed.as_array().unwrap().iter().map(|line| &line["account"]).collect();
    assert_eq!(objects, each(&stored, "details"));
    for (line, account) in listed.as_array().unwrap().iter().zip(each(&stored, "details")) {
        assert_eq!(line["account_uid"], account["uid"]);
        assert_eq!(line["account_hash"], account["identification_hash"]);
        assert_eq!((&line["bank"], &line["country"]), (&"Saimaan Pankki".into(), &"FI".into()));
        assert_eq!(line["session_id"], CURRENT);
    }
    let table = home.run(&["accounts"]).well().out;
    for label in
        ["FI2651467681481193  Käyttötili ", "************8138    Luottokortti ", "95218881016416      Asuntolaina "]
    {
        assert!(table.contains(label), "{table}");
    }
    let sessions = home.run(&["sessions", "--format", "csv"]).well().out;
    for (id, condition) in [(REPLACED, "replaced"), (CURRENT, "valid")] {
        let line = sessions.lines().find(|line| line.starts_with(id)).unwrap();
        assert!(line.contains(",Saimaan Pankki,FI,personal,4,2999-") && line.contains(condition), "{line}");
    }
    // The PSU headers and the key of the profile are used: the request is accepted.
    home.bank.says([Reply::json(200, r#"{"balances": []}"#)]);
    home.run(&["balances", "Käyttötili"]).well();
    let requests = home.bank.sandbox.requests();
    let headers = ["psu-ip-address", "psu-user-agent"].map(|name| requests.last().unwrap().header(name));
    assert_eq!(headers, [Some("8.8.8.8"), Some("Browser/1")]);
    // Reading does not rewrite the files.
    for id in [REPLACED, CURRENT] {
        assert_eq!(home.read(&session_file(id)), session(id));
    }
}

#[test]
fn a_renewal_keeps_the_former_ids_of_an_older_session() {
    let home = Home::new();
    let new = home.renew();
    let (old, now): (Value, _) = (serde_json::from_str(&session(CURRENT)).unwrap(), home.session(&new));
    for before in old["accounts"].as_array().unwrap() {
        let (hash, uid) = (&before["details"]["identification_hash"], &before["details"]["uid"]);
        let same = |account: &&Value| account["resource"]["identification_hash"] == *hash;
        let after = now["accounts"].as_array().unwrap().iter().find(same).unwrap();
        assert_eq!(after["former_uids"], Value::from(vec![before["former_uids"][0].clone(), uid.clone()]));
        assert_ne!(after["resource"]["uid"], *uid);
        for former in [&before["former_uids"][0], uid] {
            home.bank.says([page(4)]);
            let read = home.run(&["transactions", former.as_str().unwrap(), "--format", "csv"]).well().out;
            let current = after["resource"]["uid"].as_str().unwrap();
            assert!(read.lines().nth(1).unwrap().starts_with(current), "{read}");
        }
    }
}

#[test]
fn a_session_of_an_older_version_is_rewritten_without_a_loss() {
    let home = Home::new();
    let new = home.renew();
    let (old, rewritten): (Value, _) = (serde_json::from_str(&session(CURRENT)).unwrap(), home.session(CURRENT));
    assert_eq!(rewritten["version"], 2);
    assert_eq!(rewritten["replaced_by"], new);
    assert_eq!(rewritten["bank"], old["aspsp"]);
    for name in ["session_id", "application_id", "psu_type", "authorized_at", "valid_until"] {
        assert_eq!(rewritten[name], old[name], "{name}");
    }
    assert_eq!(each(&rewritten, "resource"), each(&old, "details"));
    assert_eq!(each(&rewritten, "former_uids"), each(&old, "former_uids"));
    // A session that did not change stays as it is.
    assert_eq!(home.read(&session_file(REPLACED)), session(REPLACED));
}

#[test]
fn an_export_of_an_older_version_is_continued_in_its_own_columns() {
    let home = Home::new();
    for format in ["csv", "json"] {
        let file = format!("all.{format}");
        home.write(&format!("{file}.part"), &fixture(&format!("{file}.part")));
        home.write(&format!("{file}.part.json"), &checkpoint(&format!("{file}.part.json")));
        // It fails once more, so that today's checkpoint of the older format is continued as well.
        home.bank.says([page(3), Reply::json(500, r#"{"message": "down", "error": "ASPSP_ERROR"}"#)]);
        let broken = home.export(&file).refuses(9, &["(after 9 transactions)"]);
        assert!(broken.err.starts_with("continuing after 6 transactions, "), "{broken:?}");
        home.bank.says([page(4)]);
        let done = home.export(&file).well();
        assert!(done.err.starts_with("continuing after 9 transactions, "), "{done:?}");
        assert_eq!(home.read(&file), fixture(&file));
        let requests = home.bank.sandbox.requests();
        let keys =
            requests.iter().rev().take(3).map(|request| request.target().split("eyJ").nth(1).unwrap()[..2].to_owned());
        assert_eq!(keys.collect::<Vec<_>>(), ["k3", "k3", "k2"]);
        assert!(!home.desk.path(&format!("{file}.part.json")).exists());
    }
}

#[test]
fn the_first_columns_are_those_of_an_older_version() {
    let home = Home::new();
    home.bank.says([page(1), page(2), page(3), page(4)]);
    home.export("all.csv").well();
    let records = |text: &str| -> Vec<csv::StringRecord> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(Result::unwrap).collect()
    };
    let (now, before) = (records(&home.read("all.csv")), records(&fixture("all.csv")));
    assert_eq!((now.len(), before.len()), (13, 13));
    for (now, before) in now.iter().zip(&before) {
        assert!(now.len() > 20 && before.len() == 20);
        assert!(now.iter().take(20).eq(before), "{now:?} {before:?}");
    }
}

#[test]
fn files_of_later_versions_are_refused_and_stay() {
    let home = Home::new();
    let current = session_file(CURRENT);
    let later = |text: String, version: u32| format!("{{\"version\": {version},{}", text.strip_prefix('{').unwrap());
    // A session, also with other properties than today's.
    for text in [later(session(CURRENT), 3), r#"{"version": 3, "data": []}"#.to_owned()] {
        home.write(&current, &text);
        for command in [&["accounts"] as &[&str], &["sessions"], &["balances"], &["disconnect", "--all"], &["doctor"]] {
            home.run(command).refuses(3, &[CURRENT, "has format 3", "formats up to 2", "update tilisy"]);
        }
        assert_eq!(home.read(&current), text);
    }
    home.write(&current, &session(CURRENT));
    // The checkpoint of an export.
    let text = later(checkpoint("all.csv.part.json"), 9);
    home.write("all.csv.part", &fixture("all.csv.part"));
    home.write("all.csv.part.json", &text);
    home.export("all.csv").refuses(3, &["all.csv.part.json` has format 9", "update tilisy"]);
    assert_eq!((home.read("all.csv.part"), home.read("all.csv.part.json")), (fixture("all.csv.part"), text));
    assert!(!home.desk.path("all.csv").exists());
    // The profile, also with settings that this version does not know.
    let profile = ".config/tilisy/default/profile.toml";
    for text in [format!("version = 7\n{}", home.read(profile)), "version = 7\nunknown = 1\n".to_owned()] {
        home.write(profile, &text);
        for command in [&["accounts"] as &[&str], &["token"], &["register", "--id", CURRENT, "--replace"]] {
            home.run(command).refuses(3, &["profile.toml` has format 7", "update tilisy"]);
        }
        assert_eq!(home.read(profile), text);
    }
}
