//! Commands that run at the same time.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use crate::bank::Bank;
use crate::desk::{Connecting, Desk, Done, signal};

/// Waits for commands that have been started together.
fn ends(children: Vec<Child>) -> Vec<Done> {
    children.into_iter().map(|child| child.wait_with_output().unwrap().into()).collect()
}

#[test]
fn of_consents_that_are_given_at_once_one_is_used() {
    let desk = Desk::new();
    const ELSEWHERE: &str = "https://app.example.com/back";
    let bank = Bank::built(|builder| builder.redirect_url(ELSEWHERE));
    for _ in 0..5 {
        let waiting: Vec<_> = (0..4)
            .map(|_| {
                let arguments = ["connect", "Saimaan Pankki", "--no-browser", "--redirect-url", ELSEWHERE];
                let mut command = bank.tilisy(&desk, &arguments);
                command.stdin(Stdio::piped());
                let mut connecting = Connecting::new(command);
                let back = bank.sandbox.approve(&connecting.link).unwrap();
                connecting.types(&back);
                connecting
            })
            .collect();
        thread::scope(|scope| {
            let ends: Vec<_> = waiting.into_iter().map(|connecting| scope.spawn(|| connecting.end().well())).collect();
            ends.into_iter().for_each(|end| drop(end.join().unwrap()));
        });
        let accounts = bank.run(&desk, &["accounts", "--format", "csv"]).well().out;
        assert_eq!(accounts.lines().count(), 1 + 4, "{accounts}");
    }
    let sessions = bank.run(&desk, &["sessions", "--format", "csv"]).well().out;
    assert_eq!((sessions.matches(",valid,").count(), sessions.matches(",replaced,").count()), (1, 19), "{sessions}");
    let left = fs::read_dir(desk.path(".local/share/tilisy/default/sessions")).unwrap();
    assert!(
        left.map(|entry| entry.unwrap().path()).all(|path| path.extension().is_some_and(|ending| ending == "json"))
    );
}

#[test]
fn of_several_registrations_at_once_one_is_sent() {
    let desk = Desk::new();
    let bank = Bank::built(|builder| builder.keep_requests(true));
    desk.run(&["keygen", "--bits", "2048"]).well();
    let panel = format!("{}/api", bank.sandbox.url());
    let children = (0..10).map(|number| {
        let name = format!("app{number}");
        let mut command = desk.tilisy(&["register", "--name", &name, "--control-panel", &panel]);
        command.env("TILISY_REGISTRATION_TOKEN", bank.sandbox.registration_token());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    });
    let (made, refused): (Vec<_>, Vec<_>) = ends(children.collect()).into_iter().partition(|done| done.code == Some(0));
    assert_eq!((made.len(), refused.len()), (1, 9));
    for done in refused {
        done.refuses(3, &["the profile has an application already", "--replace"]);
    }
    assert_eq!(bank.sandbox.requests().len(), 1);
    let id = made[0].out.trim().rsplit(' ').next().unwrap();
    assert!(fs::read_to_string(desk.path(".config/tilisy/default/profile.toml")).unwrap().contains(id));
}

#[test]
fn of_several_sandboxes_at_once_one_starts() {
    let desk = Desk::new();
    // The first new sandbox removes the record of a killed one. Later ones keep the new record.
    drop(desk.sandbox(&[]));
    let start = || desk.tilisy(&["sandbox", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let look = || desk.tilisy(&["app", "--sandbox"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let children: Vec<_> = (0..6).map(|_| start()).collect();
    let lookers: Vec<_> = (0..3).map(|_| look()).collect();
    ends(lookers).into_iter().for_each(|done| drop(done.well()));
    let (sender, receiver) = channel();
    let ids: Vec<_> = children.iter().map(Child::id).collect();
    thread::scope(|scope| {
        for (index, child) in children.into_iter().enumerate() {
            let sender = sender.clone();
            scope.spawn(move || sender.send((index, Done::from(child.wait_with_output().unwrap()))).unwrap());
        }
        let mut running: Vec<_> = (0..ids.len()).collect();
        for _ in 1..ids.len() {
            let (index, done) = receiver.recv().unwrap();
            done.refuses(3, &["a sandbox of this profile runs already"]);
            running.retain(|other| *other != index);
        }
        let recorded = fs::read_to_string(desk.path(".local/state/tilisy/default/sandbox.json")).unwrap();
        let [last] = running[..] else { panic!("{running:?}") };
        assert!(Command::new("kill").args(["-TERM", &ids[last].to_string()]).status().unwrap().success());
        let (_, done) = receiver.recv().unwrap();
        let printed: serde_json::Value = serde_json::from_str(&done.well().out).unwrap();
        assert!(recorded.contains(printed["url"].as_str().unwrap()), "{recorded} {printed}");
    });
}

#[test]
fn a_command_that_waits_for_the_profile_can_be_interrupted() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let lock = fs::File::options().write(true).open(desk.path(".local/state/tilisy/default/lock")).unwrap();
    fs4::FileExt::lock(&lock).unwrap();
    let mut command = bank.tilisy(&desk, &["disconnect", "--all", "--forget"]);
    let mut waiting = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(waiting.stderr.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "waiting for another command that changes this profile\n");
    signal(&waiting, "-INT");
    Done::from(waiting.wait_with_output().unwrap()).fails(130, &["error: interrupted"]);
    drop(lock);
    bank.run(&desk, &["disconnect", "--all", "--forget"]).well();
}
