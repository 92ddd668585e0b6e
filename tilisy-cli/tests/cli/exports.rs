//! Files that are written completely or not at all, and exports that are continued.

use std::fs;
use std::ops::Range;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Desk, Done, signal};

/// Returns a page of transactions. The unreadable ones have no amount.
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

/// Returns a response after which the client waits for a long time.
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

    /// Runs an export with scripted responses of the bank.
    fn run(&self, replies: impl IntoIterator<Item = Reply>, more: &[&str]) -> Done {
        self.bank.says(replies);
        let done = Done::from(self.command(more).output().unwrap());
        self.bank.keeps_its_secrets(&done.err);
        done
    }

    /// Returns the output of an export that is not interrupted.
    fn whole(&self, format: &str) -> String {
        self.run(pages(), &["--format", format]).well().out
    }

    fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.desk.path(name)).ok()
    }

    /// Checks that the home folder contains these files only, besides the consent.
    #[track_caller]
    fn leaves(&self, names: &[&str]) {
        let entries = fs::read_dir(self.desk.home()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut left: Vec<_> = entries.filter(|name| name != ".local").collect();
        left.sort();
        assert_eq!(left, names);
    }

    /// Returns the continuation keys of the last requests.
    fn asked(&self, last: usize) -> Vec<String> {
        let requests = self.bank.sandbox.requests();
        let key = |target: &str| target.split_once("continuation_key=eyJ").map_or("", |(_, key)| &key[..2]).to_owned();
        requests[requests.len() - last..].iter().map(|request| key(request.target())).collect()
    }

    /// Starts an export that has to wait after two pages. Returns it after their checkpoint.
    fn stuck(&self, file: &str) -> Child {
        self.waiting(file, [busy()])
    }

    /// Starts an export with these responses after two pages. Returns it after their checkpoint.
    fn waiting(&self, file: &str, then: impl IntoIterator<Item = Reply>) -> Child {
        let [first, second, ..] = pages();
        self.bank.says([first, second].into_iter().chain(then));
        let mut command = self.command(&["--output", file]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let started = Instant::now();
        let is_reached = |checkpoint: String| checkpoint.contains(r#""rows":6,"#);
        while !self.read(&format!("{file}.part.json")).is_some_and(is_reached) {
            assert!(started.elapsed() < Duration::from_secs(30), "no checkpoint was written");
            std::thread::sleep(Duration::from_millis(5));
        }
        child
    }
}

#[test]
fn a_continued_export_has_the_bytes_of_a_complete_one() {
    let exports = Exports::new();
    for format in FORMATS {
        let (file, part) = (format!("all.{format}"), format!("all.{format}.part"));
        let whole = exports.whole(format);
        fs::write(exports.desk.path(&file), "before").unwrap();
        let [first, second, third, fourth] = pages();
        let broken = exports.run([first, second, down()], &["--output", &file]);
        let kept = format!("/{part}`: the same command continues from there");
        let missing = "missing the rest of Käyttötili (FI2651467681481193) (after 6 transactions)";
        broken.refuses(9, &[missing, &kept, "the bank failed"]);
        assert_eq!(exports.read(&file).unwrap(), "before");
        let so_far = exports.read(&part).unwrap();
        assert!(whole.starts_with(&so_far) && so_far.contains("r5") && !so_far.contains("r6"), "{so_far}");
        // A transaction after the checkpoint that was not completed is removed.
        fs::write(exports.desk.path(&part), so_far + "{\"half a transaction").unwrap();
        exports
            .run([third, down()], &["--output", &file])
            .refuses(9, &["continuing after 6 transactions", "(after 9 transactions)"]);
        assert_eq!(exports.asked(2), ["k2", "k3"]);
        let done = exports.run([fourth], &["--output", &file]).well();
        assert!(done.err.starts_with("continuing after 9 transactions, with the state of "), "{done:?}");
        assert_eq!(done.out, "");
        assert_eq!(done.err.lines().count(), 1);
        assert_eq!(exports.read(&file).unwrap(), whole);
        assert_eq!(exports.asked(1), ["k3"]);
        fs::remove_file(exports.desk.path(&file)).unwrap();
        exports.leaves(&[]);
    }
}

#[test]
fn several_accounts_are_continued_in_their_order() {
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
        // The second account fails. The third one is not requested, because it would come before the second.
        let broken = all(pages().into_iter().chain([down()]).collect(), &to);
        broken.refuses(9, &["all of Luottokortti", "all of Asuntolaina", "all of Säästötili"]);
        let broken = all(vec![alone(), first.clone(), down()], &to);
        broken.refuses(
            9,
            &["continuing after 12 transactions", "missing the rest of Asuntolaina", "(after 3 transactions)"],
        );
        all(vec![fourth.clone(), alone()], &to).well();
        assert_eq!(exports.read(&file).unwrap(), whole);
        // On stdout, the other accounts are printed, and the missing ones are reported.
        let some = all(
            vec![alone(), down(), alone(), first.clone(), second.clone(), third.clone(), down()],
            &["--format", format],
        );
        let some = some.fails(9, &["all of Luottokortti", "the rest of Säästötili", "(after 9 transactions)"]);
        assert_eq!(some.out.matches("\"r20\"").count() + some.out.matches(",r20,").count(), 2, "{}", some.out);
        assert!(format != "json" || !some.out.ends_with('\n'), "this looks complete: {}", some.out);
    }
}

#[test]
fn a_killed_export_is_continued() {
    let exports = Exports::new();
    let whole = exports.whole("json");
    let mut child = exports.stuck("all.json");
    signal(&child, "-9");
    assert_eq!(child.wait().unwrap().code(), None);
    assert!(!exports.desk.path("all.json").exists());
    let [.., third, fourth] = pages();
    let done = exports.run([third, fourth], &["--output", "all.json"]).well();
    assert!(done.err.starts_with("continuing after 6 transactions, "), "{done:?}");
    assert_eq!(exports.read("all.json").unwrap(), whole);
    exports.leaves(&["all.json"]);
}

#[test]
fn the_files_of_a_killed_export_are_removed_by_the_next_one() {
    let exports = Exports::new();
    // Files of runs that were killed while they wrote a checkpoint, transactions, or a table.
    for (name, more) in [
        ("all.csv.part.json.new", &["--output", "all.csv"] as &[&str]),
        ("all.csv.part", &["--output", "all.csv"]),
        ("table.tilisy-new", &["--output", "table"]),
    ] {
        fs::write(exports.desk.path(name), "half of a checkpoint").unwrap();
        exports.run(pages(), more).well();
        let file = more[1];
        exports.leaves(&[file]);
        fs::remove_file(exports.desk.path(file)).unwrap();
    }
    // The same at any moment: each file has one name.
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
fn the_table_shows_the_counterparty_and_never_the_holder() {
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
fn ctrl_c_reports_the_missing_accounts_and_the_export_can_be_continued() {
    let exports = Exports::new();
    let whole = exports.whole("csv");
    let child = exports.stuck("all.csv");
    signal(&child, "-INT");
    let done = Done::from(child.wait_with_output().unwrap());
    let said = [
        "interrupted after 6 transactions: missing the rest of Käyttötili",
        "in `all.csv.part`: the same command continues from there",
    ];
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
    broken.refuses(9, &["no complete response was received", "(after 3 transactions)"]);
    exports.run([second, third, fourth], &["--output", "all.csv"]).well();
    assert_eq!(exports.read("all.csv").unwrap(), whole);
}

#[test]
fn an_export_with_other_options_starts_over() {
    const OTHER_OPTIONS: &str = "all.csv.part` has other options\n";
    let exports = Exports::new();
    let whole = exports.whole("csv");
    let [first, second, ..] = pages();
    for (more, said) in [
        (&["--limit", "100"] as &[&str], OTHER_OPTIONS),
        (&["--from", "2026-01-01"], OTHER_OPTIONS),
        (&["--status", "BOOK"], OTHER_OPTIONS),
        (&["--skip-unreadable"], OTHER_OPTIONS),
        (&["--restart"], ""),
    ] {
        exports.run([first.clone(), second.clone(), down()], &["--output", "all.csv"]).refuses(9, &[]);
        let arguments: Vec<_> = ["--output", "all.csv"].iter().chain(more).copied().collect();
        let done = exports.run(pages(), &arguments).well();
        assert!(done.err.ends_with(said) && done.err.starts_with("starting over: ") != said.is_empty(), "{done:?}");
        assert_eq!(done.err.lines().count(), usize::from(!said.is_empty()));
        assert_eq!(exports.read("all.csv").unwrap(), whole, "{more:?}");
        assert_eq!(exports.asked(4), ["", "k1", "k2", "k3"]);
        exports.leaves(&["all.csv"]);
    }
    // A file that was overwritten, and a damaged checkpoint.
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
    // A key that has expired at the bank.
    exports.run([first, second, down()], &["--output", "all.csv"]).refuses(9, &[]);
    let gone = Reply::json(422, r#"{"message": "gone", "error": "WRONG_REQUEST_PARAMETERS"}"#);
    exports.run([gone], &["--output", "all.csv"]).refuses(9, &["start over with `--restart`"]);
}

#[test]
fn an_unreadable_transaction_is_never_left_out_silently() {
    let exports = Exports::new();
    let [first, _, _, fourth] = pages();
    let middle = || vec![first.clone(), page(3..6, &[4], Some("k3")), fourth.clone()];
    let last = || vec![first.clone(), page(9..12, &[11], None)];
    let only = || vec![page(0..3, &[0, 2], None)];
    let none = || vec![page(0..3, &[0, 1, 2], None)];
    for (replies, bad, good) in [(middle(), 1, 8), (last(), 1, 5), (only(), 2, 1), (none(), 3, 0)] {
        for format in FORMATS {
            let file = format!("all.{format}");
            let counted = match bad {
                1 => "missing 1 unreadable transaction\n".to_owned(),
                _ => format!("missing {bad} unreadable transactions\n"),
            };
            let said = [&*counted, "at `transactions[", "`--skip-unreadable`", "no file was written"];
            exports.run(replies.clone(), &["--output", &file]).refuses(9, &said);
            exports.leaves(&[]);
            let done = exports.run(replies.clone(), &["--output", &file, "--skip-unreadable"]).well();
            let left_out = counted.replace("missing ", "warning: ").replace('\n', " left out\n");
            assert!(done.err.ends_with(&left_out), "{done:?}");
            let text = exports.read(&file).unwrap();
            assert_eq!(text.matches("so, ").count(), good, "{text}");
            fs::remove_file(exports.desk.path(&file)).unwrap();
            let printed = exports.run(replies.clone(), &["--format", format]).fails(9, &[&counted]);
            // Incomplete JSON does not look complete.
            assert!(text.starts_with(&printed.out), "{printed:?}");
            assert_eq!(printed.out.matches("so, ").count(), good);
        }
    }
    // An unreadable transaction counts within the limit only.
    for (unreadable, code) in [(&[2_u32] as &[_], 0), (&[1], 9), (&[0, 2], 9)] {
        let replies = [page(0..3, unreadable, Some("k1"))];
        let done = exports.run(replies, &["--format", "csv", "--limit", if unreadable.len() == 2 { "1" } else { "2" }]);
        assert_eq!(done.code, Some(code), "{unreadable:?} {done:?}");
        assert_eq!(exports.asked(1), [""]);
    }
}

#[test]
fn pages_without_transactions_do_not_repeat_the_header() {
    let exports = Exports::new();
    let empty = || page(0..0, &[], Some("k0"));
    for format in FORMATS {
        let (file, whole) = (format!("all.{format}"), exports.whole(format));
        exports.run([empty(), down()], &["--output", &file]).fails(7, &["the bank failed"]);
        exports.leaves(&[]);
        let stuck = exports.run([empty(), page(0..3, &[], Some("k1")), down()], &["--output", &file]);
        stuck.refuses(9, &["(after 3 transactions)"]);
        let [_, second, third, fourth] = pages();
        exports.run([second, third, fourth], &["--output", &file]).well();
        assert_eq!(exports.read(&file).unwrap(), whole);
        let done = exports.run([page(0..0, &[], None)], &["--output", &file]).well();
        assert_eq!(done.err, "");
        let empty = match format {
            "csv" => format!("{}\n", whole.lines().next().unwrap()),
            "json" => "[]\n".to_owned(),
            _ => String::new(),
        };
        assert_eq!(exports.read(&file).unwrap(), empty);
        fs::remove_file(exports.desk.path(&file)).unwrap();
    }
}

#[test]
fn only_the_owner_can_read_a_file_and_a_link_stays_a_link() {
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
    // An incomplete table is not written at all.
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
    Done::from(child.wait_with_output().unwrap()).refuses(130, &["interrupted after 6 transactions"]);
    let [.., third, fourth] = pages();
    exports.run([third, fourth], &["--output", "all.csv"]).well();
}

#[test]
fn a_partial_file_that_is_removed_is_reported() {
    let exports = Exports::new();
    // Long enough to remove the file.
    let soon = Reply::new(503).header("retry-after", "3");
    let [.., third, fourth] = pages();
    let child = exports.waiting("all.csv", [soon, third, fourth]);
    fs::remove_file(exports.desk.path("all.csv.part")).unwrap();
    let done = Done::from(child.wait_with_output().unwrap());
    done.refuses(10, &["all.csv.part` was removed while it was being written", "run the same command again"]);
    assert!(!exports.desk.path("all.csv").exists());
    // A checkpoint without its transactions is not continued.
    let done = exports.run(pages(), &["--output", "all.csv"]).well();
    assert!(done.err.contains("is shorter than it was"), "{done:?}");
    assert_eq!(exports.read("all.csv").unwrap(), exports.whole("csv"));
}

#[test]
fn an_old_or_damaged_export_is_not_continued() {
    let exports = Exports::new();
    let whole = exports.whole("csv");
    let [first, second, ..] = pages();
    let checkpoint = || exports.read("all.csv.part.json").unwrap();
    type Damage = fn(&str) -> String;
    let cases: [(&str, Damage); 5] = [
        ("is damaged", |checkpoint| checkpoint.replacen("\"rows\":6,", "\"rows\":18446744073709551615,", 1)),
        ("is too old", |checkpoint| {
            let (before, after) = checkpoint.split_once("\"begun\":\"2").unwrap();
            format!("{before}\"begun\":\"1{after}")
        }),
        ("has other options", |checkpoint| {
            let (before, after) = checkpoint.split_once("\"reached\":[").unwrap();
            format!("{before}\"reached\":[]{}", after.split_once(']').unwrap().1)
        }),
        ("is shorter than it was", |checkpoint| checkpoint.replacen("\"bytes\":", "\"bytes\":9", 1)),
        ("", |_| "{".to_owned()),
    ];
    for (said, damage) in cases {
        exports
            .run([first.clone(), second.clone(), down()], &["--output", "all.csv"])
            .refuses(9, &["after 6 transactions"]);
        fs::write(exports.desk.path("all.csv.part.json"), damage(&checkpoint())).unwrap();
        let done = exports.run(pages(), &["--output", "all.csv"]).well();
        assert!(done.err.contains(said) && !done.err.contains("continuing"), "{said} {done:?}");
        assert_eq!(exports.read("all.csv").unwrap(), whole);
        fs::remove_file(exports.desk.path("all.csv")).unwrap();
    }
}

#[test]
fn without_any_output_the_exit_code_is_that_of_the_reason() {
    let exports = Exports::new();
    let over = || Reply::json(401, r#"{"message": "over", "error": "EXPIRED_SESSION"}"#).repeated();
    for (reply, code) in [(down().repeated(), 7), (over(), 5)] {
        for arguments in [&["transactions", "--all"] as &[&str], &["balances"], &["sessions", "--check"]] {
            exports.bank.says([reply.clone()]);
            // A list of consents does not fail if one has ended.
            let code = if arguments[0] == "sessions" && code == 5 { 0 } else { code };
            let done = exports.bank.run(&exports.desk, arguments);
            assert_eq!(done.code, Some(code), "{arguments:?} {done:?}");
            let hints: Vec<_> = done.err.lines().filter(|line| line.starts_with("hint:")).collect();
            assert!((1..hints.len()).all(|index| !hints[..index].contains(&hints[index])), "{done:?}");
        }
    }
    // Ids and keys belong to a session: with the next consent, the export starts over.
    let [first, ..] = pages();
    let broken = exports.run([first, over()], &["--output", "all.csv"]);
    let broken = broken.refuses(9, &["the same command starts over", "tilisy connect"]);
    assert!(!broken.err.contains("continues"), "{broken:?}");
}
