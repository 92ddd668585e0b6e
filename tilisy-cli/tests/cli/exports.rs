//! Files that are written whole or not at all, and exports that go on where they broke off.

use std::fs;
use std::ops::Range;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Desk, Done, signal};

/// The bank's rows, of which each page has three; one that cannot be read has no amount.
fn page(rows: Range<u32>, unreadable: &[u32], key: Option<&str>) -> Reply {
    let row = |number: u32| {
        let amount = if unreadable.contains(&number) { "null".to_owned() } else { format!("\"{number}.50\"") };
        format!(
            r#"{{"entry_reference": "r{number}", "credit_debit_indicator": "DBIT", "status": "BOOK",
            "transaction_amount": {{"currency": "EUR", "amount": {amount}}}, "booking_date": "2026-01-31",
            "remittance_information": ["so, \"called\"", "line {number}"]}}"#
        )
    };
    let rows: Vec<_> = rows.map(row).collect();
    let key = key.map_or("null".to_owned(), |key| format!("\"eyJ{key}==\""));
    Reply::json(200, format!(r#"{{"transactions": [{}], "continuation_key": {key}}}"#, rows.join(",")))
}

fn pages() -> [Reply; 4] {
    [page(0..3, &[], Some("k1")), page(3..6, &[], Some("k2")), page(6..9, &[], Some("k3")), page(9..12, &[], None)]
}

fn down() -> Reply {
    Reply::json(500, r#"{"message": "down", "error": "ASPSP_ERROR"}"#)
}

/// Such that a client waits for a long time.
fn busy() -> Reply {
    Reply::new(503).header("retry-after", "50").repeated()
}

const FORMATS: [&str; 3] = ["csv", "json", "ndjson"];

struct Exports {
    desk: Desk,
    bank: Bank,
}

impl Exports {
    fn new() -> Self {
        let desk = Desk::new();
        let redirect = desk.redirect();
        let bank = Bank::built(|builder| builder.redirect_url(&redirect).keep_requests(true));
        bank.consent(&desk, &[]).well();
        Self { desk, bank }
    }

    fn command(&self, more: &[&str]) -> Command {
        let arguments: Vec<_> = ["transactions", "Käyttötili"].iter().chain(more).copied().collect();
        self.bank.tilisy(&self.desk, &arguments)
    }

    /// Runs an export while the bank says this.
    fn run(&self, replies: impl IntoIterator<Item = Reply>, more: &[&str]) -> Done {
        self.bank.says(replies);
        let done = Done::from(self.command(more).output().unwrap());
        self.bank.keeps_its_secrets(&done.err);
        done
    }

    /// What a run gives that nothing interrupts.
    fn whole(&self, format: &str) -> String {
        self.run(pages(), &["--format", format]).well().out
    }

    fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.desk.path(name)).ok()
    }

    /// Nothing is left but the consent and these.
    #[track_caller]
    fn leaves(&self, names: &[&str]) {
        let entries = fs::read_dir(self.desk.home()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut left: Vec<_> = entries.filter(|name| name != ".local").collect();
        left.sort();
        assert_eq!(left, names);
    }

    /// The keys that the last requests asked with.
    fn asked(&self, last: usize) -> Vec<String> {
        let requests = self.bank.sandbox.requests();
        let key = |target: &str| target.split_once("continuation_key=eyJ").map_or("", |(_, key)| &key[..2]).to_owned();
        requests[requests.len() - last..].iter().map(|request| key(request.target())).collect()
    }

    /// Begins an export that the bank keeps waiting after two pages, and gives it when these are noted.
    fn stuck(&self, file: &str) -> Child {
        self.waiting(file, [busy()])
    }

    /// The same, with what the bank says after the two pages.
    fn waiting(&self, file: &str, then: impl IntoIterator<Item = Reply>) -> Child {
        let [first, second, ..] = pages();
        self.bank.says([first, second].into_iter().chain(then));
        let mut command = self.command(&["--output", file]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let began = Instant::now();
        while !self.read(&format!("{file}.part.json")).is_some_and(|note| note.contains(r#""rows":6,"#)) {
            assert!(began.elapsed() < Duration::from_secs(30), "nothing is noted");
            std::thread::sleep(Duration::from_millis(5));
        }
        child
    }
}

#[test]
fn an_export_that_breaks_goes_on_to_the_same_bytes() {
    let exports = Exports::new();
    for format in FORMATS {
        let (file, part) = (format!("all.{format}"), format!("all.{format}.part"));
        let whole = exports.whole(format);
        fs::write(exports.desk.path(&file), "before").unwrap();
        let [first, second, third, fourth] = pages();
        let broken = exports.run([first, second, down()], &["--output", &file]);
        let said =
            ["missing the rest of Käyttötili", "(after 6 rows)", &*format!("kept in `{part}`"), "the bank failed"];
        // The path of the file is not one of those that a home folder has.
        broken.refuses(9, &[said[0], said[1], "the same command goes on", said[3]]);
        assert_eq!(exports.read(&file).unwrap(), "before");
        let so_far = exports.read(&part).unwrap();
        assert!(whole.starts_with(&so_far) && so_far.contains("r5") && !so_far.contains("r6"), "{so_far}");
        // What came after the note, and was not finished, does not count.
        fs::write(exports.desk.path(&part), so_far + "{\"half a row").unwrap();
        exports.run([third, down()], &["--output", &file]).refuses(9, &["going on after 6 rows", "(after 9 rows)"]);
        assert_eq!(exports.asked(2), ["k2", "k3"]);
        let done = exports.run([fourth], &["--output", &file]).well();
        assert!(
            done.out.is_empty() && done.err.starts_with("going on after 9 rows, with what there was on "),
            "{done:?}"
        );
        assert_eq!(done.err.lines().count(), 1);
        assert_eq!(exports.read(&file).unwrap(), whole);
        assert_eq!(exports.asked(1), ["k3"]);
        fs::remove_file(exports.desk.path(&file)).unwrap();
        exports.leaves(&[]);
    }
}

#[test]
fn all_accounts_go_on_in_their_order() {
    let exports = Exports::new();
    let all = |replies: Vec<Reply>, more: &[&str]| {
        exports.bank.says(replies);
        let arguments: Vec<_> = ["transactions", "--all"].iter().chain(more).copied().collect();
        exports.bank.run(&exports.desk, &arguments)
    };
    let [first, second, third, fourth] = pages();
    let alone = || page(20..22, &[], None);
    for format in FORMATS {
        let file = format!("all.{format}");
        let to: [&str; 2] = ["--output", &file];
        let everything: Vec<_> = pages().into_iter().chain([alone(), first.clone(), fourth.clone(), alone()]).collect();
        let whole = all(everything, &["--format", format]).well().out;
        // The second account breaks; the third is not asked, or would come before it.
        let broken = all(pages().into_iter().chain([down()]).collect(), &to);
        broken.refuses(9, &["all of Luottokortti", "all of Asuntolaina", "all of Säästötili"]);
        let broken = all(vec![alone(), first.clone(), down()], &to);
        broken.refuses(9, &["going on after 12 rows", "missing the rest of Asuntolaina", "(after 3 rows)"]);
        all(vec![fourth.clone(), alone()], &to).well();
        assert_eq!(exports.read(&file).unwrap(), whole);
        // On stdout the others come all the same, and what is missing is told.
        let some = all(
            vec![alone(), down(), alone(), first.clone(), second.clone(), third.clone(), down()],
            &["--format", format],
        );
        let some = some.fails(9, &["all of Luottokortti", "the rest of Säästötili", "(after 9 rows)"]);
        assert_eq!(some.out.matches("\"r20\"").count() + some.out.matches(",r20,").count(), 2, "{}", some.out);
        assert!(format != "json" || !some.out.ends_with('\n'), "this looks whole: {}", some.out);
    }
}

#[test]
fn a_killed_export_goes_on() {
    let exports = Exports::new();
    let whole = exports.whole("json");
    let mut child = exports.stuck("all.json");
    signal(&child, "-9");
    assert_eq!(child.wait().unwrap().code(), None);
    assert!(!exports.desk.path("all.json").exists());
    let [.., third, fourth] = pages();
    let done = exports.run([third, fourth], &["--output", "all.json"]).well();
    assert!(done.err.starts_with("going on after 6 rows, "), "{done:?}");
    assert_eq!(exports.read("all.json").unwrap(), whole);
    exports.leaves(&["all.json"]);
}

#[test]
fn killed_exports_leave_nothing_that_the_next_one_does_not_remove() {
    let exports = Exports::new();
    // Files of a run that was killed while it wrote a progress note, a table or a list.
    for (name, more) in [
        ("all.csv.part.json.new", &["--output", "all.csv"] as &[&str]),
        ("all.csv.part", &["--output", "all.csv"]),
        ("table.tilisy-new", &["--output", "table"]),
    ] {
        fs::write(exports.desk.path(name), "half of a note").unwrap();
        exports.run(pages(), more).well();
        let file = more[1];
        exports.leaves(&[file]);
        fs::remove_file(exports.desk.path(file)).unwrap();
    }
    // The same at whatever moment: there is one name for each file.
    let known = ["all.csv", "all.csv.part", "all.csv.part.json", "all.csv.part.json.new"];
    for delay in 0..20 {
        exports.bank.says(pages());
        let mut child = exports.command(&["--output", "all.csv"]).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(10 * delay));
        let _ = child.kill();
        child.wait().unwrap();
        let left = fs::read_dir(exports.desk.home()).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = left.filter(|name| name != ".local").collect();
        assert!(left.iter().all(|name| known.iter().any(|known| name == known)), "{left:?}");
    }
    exports.run(pages(), &["--output", "all.csv", "--restart"]).well();
    exports.leaves(&["all.csv"]);
}

#[test]
fn the_table_shows_the_other_party_and_never_the_holder() {
    let exports = Exports::new();
    let row = |indicator: &str, amount: &str, creditor: &str, debtor: &str| {
        format!(
            r#"{{"credit_debit_indicator": "{indicator}", "status": "BOOK", "booking_date": "2026-01-31",
            "transaction_amount": {{"currency": "EUR", "amount": "{amount}"}}, "creditor": {creditor},
            "debtor": {debtor}, "remittance_information": ["info"]}}"#
        )
    };
    let holder = r#"{"name": "Holder", "postal_address": {"address_line": ["Home 1"]}}"#;
    let shop = r#"{"name": null, "postal_address": {"address_line": ["Street 1", "Town"]}}"#;
    let rows = [
        row("DBIT", "1.00", "null", holder),
        row("CRDT", "1.00", holder, "null"),
        row("CRDT", "1.00", holder, "{}"),
        row("DBIT", "0.00", r#"{"name": "Kahvila"}"#, holder),
        row("DBIT", "-1.00", shop, holder),
        row("CRDT", "1.00", holder, r#"{"name": "Employer"}"#),
        row("OTHR", "1.00", holder, holder),
    ];
    let page = Reply::json(200, format!(r#"{{"transactions": [{}], "continuation_key": null}}"#, rows.join(",")));
    let table = exports.run([page], &[]).well().out;
    assert!(!table.contains("Holder") && !table.contains("Home"), "{table}");
    let heading = table.lines().nth(1).unwrap();
    let column = heading.find("WITH").unwrap()..heading.find("INFORMATION").unwrap();
    let with: Vec<_> = table.lines().skip(2).map(|line| line[column.clone()].trim()).collect();
    assert_eq!(with, ["", "", "", "Kahvila", "Street 1", "Employer", ""], "{table}");
}

#[test]
fn ctrl_c_tells_what_is_missing_and_the_export_goes_on() {
    let exports = Exports::new();
    let whole = exports.whole("csv");
    let child = exports.stuck("all.csv");
    signal(&child, "-INT");
    let done = Done::from(child.wait_with_output().unwrap());
    let said = ["interrupted after 6 rows: missing the rest of Käyttötili", "the same command goes on from there"];
    exports.bank.keeps_its_secrets(&done.refuses(130, &said).err);
    let [.., third, fourth] = pages();
    exports.run([third, fourth], &["--output", "all.csv"]).well();
    assert_eq!(exports.read("all.csv").unwrap(), whole);
}

#[test]
fn a_response_that_is_interrupted_is_requested_once_more_and_the_export_can_continue() {
    let exports = Exports::new();
    let whole = exports.whole("csv");
    let [first, second, third, fourth] = pages();
    let cut = || second.clone().cut_after(100);
    let done = exports.run([first.clone(), cut(), second.clone(), third.clone(), fourth.clone()], &["--format", "csv"]);
    assert_eq!(done.well().out, whole);
    let broken = exports.run([first.clone(), cut().repeated()], &["--output", "all.csv"]);
    broken.refuses(9, &["no complete response was received", "(after 3 rows)"]);
    exports.run([second, third, fourth], &["--output", "all.csv"]).well();
    assert_eq!(exports.read("all.csv").unwrap(), whole);
}

#[test]
fn another_question_begins_anew_and_so_does_restart() {
    let exports = Exports::new();
    let whole = exports.whole("csv");
    let [first, second, ..] = pages();
    for (more, said) in [
        (&["--limit", "100"] as &[&str], "beginning anew: "),
        (&["--from", "2026-01-01"], "beginning anew: "),
        (&["--status", "BOOK"], "beginning anew: "),
        (&["--skip-unreadable"], "beginning anew: "),
        (&["--restart"], ""),
    ] {
        exports.run([first.clone(), second.clone(), down()], &["--output", "all.csv"]).refuses(9, &[]);
        let arguments: Vec<_> = ["--output", "all.csv"].iter().chain(more).copied().collect();
        let done = exports.run(pages(), &arguments).well();
        assert!(done.err.starts_with(said) && (!said.is_empty() || done.err.is_empty()), "{done:?}");
        assert_eq!(exports.read("all.csv").unwrap(), whole, "{more:?}");
        assert_eq!(exports.asked(4), ["", "k1", "k2", "k3"]);
        exports.leaves(&["all.csv"]);
    }
    // Rows that are gone, and a note that is none.
    for spoil in [
        |exports: &Exports| fs::write(exports.desk.path("all.csv.part"), "x").unwrap(),
        |exports: &Exports| {
            fs::write(exports.desk.path("all.csv.part.json"), "{").unwrap();
        },
    ] {
        exports.run([first.clone(), second.clone(), down()], &["--output", "all.csv"]).refuses(9, &[]);
        spoil(&exports);
        exports.run(pages(), &["--output", "all.csv"]).well();
        assert_eq!(exports.read("all.csv").unwrap(), whole);
    }
    // A key that the bank does not know any more.
    exports.run([first, second, down()], &["--output", "all.csv"]).refuses(9, &[]);
    let gone = Reply::json(422, r#"{"message": "gone", "error": "WRONG_REQUEST_PARAMETERS"}"#);
    exports.run([gone], &["--output", "all.csv"]).refuses(9, &["begin anew with `--restart`"]);
}

#[test]
fn a_row_that_cannot_be_read_is_never_left_out_without_a_word() {
    let exports = Exports::new();
    let [first, _, _, fourth] = pages();
    let middle = || vec![first.clone(), page(3..6, &[4], Some("k3")), fourth.clone()];
    let last = || vec![first.clone(), page(9..12, &[11], None)];
    let only = || vec![page(0..3, &[0, 2], None)];
    let none = || vec![page(0..3, &[0, 1, 2], None)];
    for (replies, bad, good) in [(middle(), 1, 8), (last(), 1, 5), (only(), 2, 1), (none(), 3, 0)] {
        for format in FORMATS {
            let file = format!("all.{format}");
            let counted = if bad == 1 {
                "1 row that cannot be read".to_owned()
            } else {
                format!("{bad} rows that cannot be read")
            };
            let said = [&*counted, "at `transactions[", "`--skip-unreadable`", "no file was written"];
            exports.run(replies.clone(), &["--output", &file]).refuses(9, &said);
            exports.leaves(&[]);
            let done = exports.run(replies.clone(), &["--output", &file, "--skip-unreadable"]).well();
            assert!(done.err.contains("left out"), "{done:?}");
            let text = exports.read(&file).unwrap();
            assert_eq!(text.matches("so, ").count(), good, "{text}");
            fs::remove_file(exports.desk.path(&file)).unwrap();
            let told = exports.run(replies.clone(), &["--format", format]).fails(9, &[&counted]);
            // Of JSON, what is not whole does not look so.
            assert!(text.starts_with(&told.out), "{told:?}");
            assert_eq!(told.out.matches("so, ").count(), good);
        }
    }
    // What lies beyond the limit was not asked for; what lies before it was.
    for (unreadable, code) in [(&[2_u32] as &[_], 0), (&[1], 9), (&[0, 2], 9)] {
        let replies = [page(0..3, unreadable, Some("k1"))];
        let done = exports.run(replies, &["--format", "csv", "--limit", if unreadable.len() == 2 { "1" } else { "2" }]);
        assert_eq!(done.code, Some(code), "{unreadable:?} {done:?}");
        assert_eq!(exports.asked(1), [""]);
    }
}

#[test]
fn pages_without_rows_have_no_second_beginning() {
    let exports = Exports::new();
    let empty = || page(0..0, &[], Some("k0"));
    for format in FORMATS {
        let (file, whole) = (format!("all.{format}"), exports.whole(format));
        exports.run([empty(), down()], &["--output", &file]).fails(7, &["the bank failed"]);
        exports.leaves(&[]);
        let stuck = exports.run([empty(), page(0..3, &[], Some("k1")), down()], &["--output", &file]);
        stuck.refuses(9, &["(after 3 rows)"]);
        let [_, second, third, fourth] = pages();
        exports.run([second, third, fourth], &["--output", &file]).well();
        assert_eq!(exports.read(&file).unwrap(), whole);
        let nothing = exports.run([page(0..0, &[], None)], &["--output", &file]).well();
        assert_eq!(nothing.err, "");
        assert!(exports.read(&file).unwrap().lines().count() <= 2);
        fs::remove_file(exports.desk.path(&file)).unwrap();
    }
}

#[test]
fn a_file_is_its_owners_and_a_link_stays_a_link() {
    let exports = Exports::new();
    let whole = exports.whole("csv");
    let mode = |name: &str| fs::metadata(exports.desk.path(name)).unwrap().permissions().mode() & 0o777;
    let open_to_all = |name: &str| {
        fs::write(exports.desk.path(name), "before").unwrap();
        fs::set_permissions(exports.desk.path(name), fs::Permissions::from_mode(0o644)).unwrap();
    };
    open_to_all("all.csv");
    open_to_all("all.csv.part");
    exports.run(pages(), &["--output", "all.csv"]).well();
    assert_eq!((mode("all.csv"), exports.read("all.csv").unwrap()), (0o600, whole.clone()));

    fs::create_dir(exports.desk.path("far")).unwrap();
    for (link, there) in [("link.csv", true), ("new.csv", false)] {
        let leads_to = format!("far/{link}");
        if there {
            open_to_all(&leads_to);
        }
        symlink(&leads_to, exports.desk.path(link)).unwrap();
        let [first, second, third, fourth] = pages();
        exports.run([first, second, down()], &["--output", link]).refuses(9, &[]);
        assert_eq!(mode(&format!("{leads_to}.part")), 0o600);
        exports.run([third, fourth], &["--output", link]).well();
        assert!(exports.desk.path(link).is_symlink());
        assert_eq!((mode(&leads_to), exports.read(&leads_to).unwrap()), (0o600, whole.clone()));
    }
    // Of a table, and of what is no export, nothing is left behind.
    let [first, ..] = pages();
    open_to_all("table");
    exports.run([first, down()], &["--output", "table"]).refuses(9, &["no file was written"]);
    assert_eq!(exports.read("table").unwrap(), "before");
    exports.run(pages(), &["--output", "table"]).well();
    assert_eq!(mode("table"), 0o600);
    exports.leaves(&["all.csv", "far", "link.csv", "new.csv", "table"]);
}

#[test]
fn a_file_is_written_by_one_run_at_a_time() {
    let exports = Exports::new();
    let child = exports.stuck("all.csv");
    for more in [&["--output", "all.csv"] as &[&str], &["--output", "all.csv", "--restart"]] {
        let second = Done::from(exports.command(more).output().unwrap());
        second.refuses(3, &["another run is writing `", "all.csv.part`", "wait for it"]);
    }
    signal(&child, "-INT");
    Done::from(child.wait_with_output().unwrap()).refuses(130, &["interrupted after 6 rows"]);
    let [.., third, fourth] = pages();
    exports.run([third, fourth], &["--output", "all.csv"]).well();
}

#[test]
fn a_part_that_is_taken_away_is_missed() {
    let exports = Exports::new();
    // Long enough for the file to be taken away, if not for people.
    let soon = Reply::new(503).header("retry-after", "3");
    let [.., third, fourth] = pages();
    let child = exports.waiting("all.csv", [soon, third, fourth]);
    fs::remove_file(exports.desk.path("all.csv.part")).unwrap();
    let done = Done::from(child.wait_with_output().unwrap());
    done.refuses(10, &["all.csv.part` was removed while it was being written", "run the same command again"]);
    assert!(!exports.desk.path("all.csv").exists());
    // A note without its rows is nothing to go on from.
    let done = exports.run(pages(), &["--output", "all.csv"]).well();
    assert!(done.err.contains("is not all of it there"), "{done:?}");
    assert_eq!(exports.read("all.csv").unwrap(), exports.whole("csv"));
}

#[test]
fn what_is_old_or_damaged_is_not_gone_on_with() {
    let exports = Exports::new();
    let whole = exports.whole("csv");
    let [first, second, ..] = pages();
    let note = || exports.read("all.csv.part.json").unwrap();
    type Damage = fn(&str) -> String;
    let cases: [(&str, Damage); 5] = [
        ("is damaged", |note| note.replacen("\"rows\":6,", "\"rows\":18446744073709551615,", 1)),
        ("is too old", |note| {
            let (before, after) = note.split_once("\"begun\":\"2").unwrap();
            format!("{before}\"begun\":\"1{after}")
        }),
        ("is of another question", |note| {
            let (before, after) = note.split_once("\"reached\":[").unwrap();
            format!("{before}\"reached\":[]{}", after.split_once(']').unwrap().1)
        }),
        ("is not all of it there", |note| note.replacen("\"bytes\":", "\"bytes\":9", 1)),
        ("", |_| "{".to_owned()),
    ];
    for (said, damage) in cases {
        exports.run([first.clone(), second.clone(), down()], &["--output", "all.csv"]).refuses(9, &["after 6 rows"]);
        fs::write(exports.desk.path("all.csv.part.json"), damage(&note())).unwrap();
        let done = exports.run(pages(), &["--output", "all.csv"]).well();
        assert!(done.err.contains(said) && !done.err.contains("going on"), "{said} {done:?}");
        assert_eq!(exports.read("all.csv").unwrap(), whole);
        fs::remove_file(exports.desk.path("all.csv")).unwrap();
    }
}

#[test]
fn where_nothing_comes_the_exit_code_says_why() {
    let exports = Exports::new();
    let over = || Reply::json(401, r#"{"message": "over", "error": "EXPIRED_SESSION"}"#).repeated();
    for (reply, code) in [(down().repeated(), 7), (over(), 5)] {
        for arguments in [&["transactions", "--all"] as &[&str], &["balances"], &["sessions", "--check"]] {
            exports.bank.says([reply.clone()]);
            // A consent that is over is no failure of a list of consents.
            let code = if arguments[0] == "sessions" && code == 5 { 0 } else { code };
            let done = exports.bank.run(&exports.desk, arguments);
            assert_eq!(done.code, Some(code), "{arguments:?} {done:?}");
            let hints: Vec<_> = done.err.lines().filter(|line| line.starts_with("hint:")).collect();
            assert!((1..hints.len()).all(|index| !hints[..index].contains(&hints[index])), "{done:?}");
        }
    }
    // Other ids, other keys: what is kept of this consent is of no use to the next.
    let [first, ..] = pages();
    let broken = exports.run([first, over()], &["--output", "all.csv"]);
    let broken = broken.refuses(9, &["the same command begins anew", "tilisy connect"]);
    assert!(!broken.err.contains("goes on"), "{broken:?}");
}
