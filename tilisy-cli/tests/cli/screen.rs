//! Output on a terminal: widths, colours, progress, and prompts.

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command as OnTerminal, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};
use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Desk, Done, signal};

/// Characters that control a terminal or are not shown: a title, a cleared screen, colours, a changed direction, no width.
const EVIL: &str =
    "\u{1b}]0;pwned\u{7}\u{1b}[2J\u{9b}31mred\r\u{202e}\u{61c}\u{200b}\u{feff}\u{e0041}\u{ad}\u{2028}\u{3164}";

/// A terminal with a command on it.
pub(crate) struct Screen {
    pty: Arc<Pty>,
    child: Child,
    said: Receiver<Vec<u8>>,
    seen: Vec<u8>,
}

impl Screen {
    /// Runs a command on a terminal of this width. `set` can redirect its streams.
    pub(crate) fn new(mut command: Command, columns: u16, set: impl FnOnce(OnTerminal) -> OnTerminal) -> Self {
        let has_term = command.get_envs().any(|(name, _)| name == "TERM");
        if !has_term {
            command.env("TERM", "xterm-256color");
        }
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(24, columns)).unwrap();
        let child = set(command.into()).spawn(pts).unwrap();
        let (pty, (says, said)) = (Arc::new(pty), channel());
        let read = Arc::clone(&pty);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // At the end, a terminal has no end of file but an error.
            while let Ok(count @ 1..) = (&*read).read(&mut bytes) {
                let _ = says.send(bytes[..count].to_vec());
            }
        });
        Self { pty, child, said, seen: Vec::new() }
    }

    /// Waits until this has been shown.
    pub(crate) fn until(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.seen).contains(text) {
            let more = self.said.recv_timeout(Duration::from_secs(30));
            self.seen.extend(more.unwrap_or_else(|_| panic!("`{text}` in {:?}", String::from_utf8_lossy(&self.seen))));
        }
    }

    /// Returns what has been shown so far.
    pub(crate) fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    /// Waits until the terminal does not show typed text.
    fn until_blind(&self) {
        let began = Instant::now();
        while tcgetattr(&*self.pty).unwrap().local_modes.contains(LocalModes::ECHO) {
            assert!(began.elapsed() < Duration::from_secs(30), "what is typed would be shown");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn types(&self, text: &str) {
        (&*self.pty).write_all(text.as_bytes()).unwrap();
    }

    /// Waits for the end. Returns the result of the command, and everything that was sent to the terminal.
    pub(crate) fn end(mut self) -> (Done, String) {
        while let Ok(more) = self.said.recv_timeout(Duration::from_secs(30)) {
            self.seen.extend(more);
        }
        let done = Done::from(self.child.wait_with_output().unwrap());
        (done, String::from_utf8(self.seen).unwrap())
    }
}

/// Returns the lines on the screen at the end. Emulates the parts of a terminal that the command uses.
fn left(sent: &str) -> Vec<String> {
    let (mut lines, mut at, mut column) = (vec![String::new()], 0, 0);
    let mut rest = sent.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => column = 0,
            '\n' => {
                at += 1;
                lines.resize(lines.len().max(at + 1), String::new());
            }
            '\u{1b}' => {
                assert_eq!(rest.next(), Some('['), "{sent:?}");
                let mut number = String::new();
                while let Some(digit) = rest.next_if(|c| c.is_ascii_digit() || ";?".contains(*c)) {
                    number.push(digit);
                }
                match (rest.next().unwrap(), &*number) {
                    ('m', _) => {}
                    ('K', "2") => lines[at].clear(),
                    ('K', "" | "0") => lines[at] = lines[at].chars().take(column).collect(),
                    ('A', _) => at -= number.parse().unwrap_or(1),
                    ('h' | 'l', "?25") => {}
                    other => panic!("{other:?} in {sent:?}"),
                }
            }
            c => {
                let mut line: Vec<char> = lines[at].chars().collect();
                line.resize(line.len().max(column + 1), ' ');
                line[column] = c;
                column += 1;
                lines[at] = line.into_iter().collect();
            }
        }
    }
    lines
}

/// Returns the width of a text on a terminal, for the characters that these tests use.
fn width(text: &str) -> usize {
    text.chars().map(|c| if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 }).sum()
}

fn row(name: &str, text: &str, direction: &str, amount: &str) -> String {
    let party = if direction == "DBIT" { "creditor" } else { "debtor" };
    serde_json::json!({
        party: { "name": name }, "remittance_information": [text], "credit_debit_indicator": direction,
        "status": "BOOK", "transaction_amount": { "currency": "EUR", "amount": amount }, "booking_date": "2026-01-31",
    })
    .to_string()
}

fn page(rows: &[String], key: &str) -> Reply {
    Reply::json(200, format!(r#"{{"transactions": [{}], "continuation_key": "{key}"}}"#, rows.join(",")))
}

fn some_rows() -> Vec<String> {
    vec![
        row("Kahvila", "kahvi ja pulla", "DBIT", "4.50"),
        row("日本語の店", "寿司と刺身を食べました、とても美味しかったです", "DBIT", "1234567.89"),
        row("Työnantaja Oy", "palkka", "CRDT", "2500.00"),
    ]
}

const ASKED: [&str; 2] = ["transactions", "Käyttötili"];

#[test]
fn a_table_fits_its_terminal_and_has_colour() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    for columns in [60, 80, 200] {
        bank.says([page(&some_rows(), "")]);
        let screen = Screen::new(bank.tilisy(&desk, &ASKED), columns, |command| command.stderr(Stdio::piped()));
        let (done, sent) = screen.end();
        assert_eq!(done.well().err, "");
        let lines = left(&sent);
        assert!(lines.iter().all(|line| width(line) <= columns.into()), "{columns}: {lines:#?}");
        // The salary is green, expenses are not.
        let green = |line: &str| line.contains("\u{1b}[38;5;10m") || line.contains("\u{1b}[32m");
        assert!(sent.lines().any(|line| line.contains("2500.00") && green(line)), "{sent:?}");
        assert!(!sent.lines().any(|line| line.contains("-4.50") && green(line)), "{sent:?}");
        // Amounts end in the same column.
        let end = |amount: &str| {
            let line = lines.iter().find(|line| line.contains(amount)).unwrap();
            width(&line[..line.find(amount).unwrap() + amount.len()])
        };
        assert_eq!([end("-4.50"), end("-1234567.89"), end("2500.00")], [end("-4.50"); 3], "{lines:#?}");
        assert_eq!(
            lines.iter().any(|line| line.contains("寿司と刺身を食べました、とても美味しかったです")),
            columns == 200
        );
    }
}

#[test]
fn colour_can_be_turned_off() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        for asked in
            [&ASKED as &[&str], &["sessions"], &["transactions", "unknown"], &["-vv", "transactions", "Luottokortti"]]
        {
            bank.says([page(&some_rows(), "")]);
            let mut command = bank.tilisy(&desk, asked);
            command.env(name, value);
            let (_, sent) = Screen::new(command, 100, |command| command).end();
            let colours =
                sent.matches("\u{1b}[").count() - sent.matches("\u{1b}[2K").count() - sent.matches("\u{1b}[1A").count();
            assert_eq!(colours, 0, "{name} {asked:?} {sent:?}");
            assert!(name == "NO_COLOR" || !sent.contains('\u{1b}'), "{asked:?} {sent:?}");
        }
    }
}

#[test]
fn progress_shows_pages_transactions_and_rate_and_disappears() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let busy = || Reply::new(503).header("retry-after", "50").repeated();
    bank.says([page(&some_rows(), "k1"), page(&some_rows(), "k2"), busy()]);
    let asked = [&ASKED as &[&str], &["--output", "all.csv"]].concat();
    let mut screen = Screen::new(bank.tilisy(&desk, &asked), 100, |command| command.stdout(Stdio::piped()));
    screen.until("2 pages, 6 transactions, ");
    screen.until("/s  Käyttötili");
    screen.types("\u{3}");
    let (done, sent) = screen.end();
    done.fails(130, &[]);
    let lines = left(&sent);
    assert!(!lines.iter().any(|line| line.contains("pages")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.starts_with("error: interrupted after 6 transactions")), "{lines:#?}");
    assert!(
        lines.iter().any(|line| line.starts_with("hint: the transactions read so far are in `all.csv.part`")),
        "{lines:#?}"
    );
    // A warning is above the line of progress, and stays.
    bank.says([page(&some_rows(), "k3"), page(&["{}".to_owned()], "k4"), busy()]);
    let mut screen = Screen::new(bank.tilisy(&desk, &asked), 100, |command| command.stdout(Stdio::piped()));
    screen.until("2 pages, 3 transactions, ");
    screen.until("a transaction cannot be read");
    // A signal, because typed text would be echoed into the line.
    signal(&screen.child, "-INT");
    let (_, sent) = screen.end();
    let lines = left(&sent);
    assert!(lines[0].starts_with("continuing after 6 transactions, "), "{lines:#?}");
    assert!(lines[1].starts_with("warning: ") && lines[1].contains("a transaction cannot be read"), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("pages")), "{lines:#?}");
    bank.says([page(&some_rows(), "")]);
    let screen = Screen::new(bank.tilisy(&desk, &asked), 100, |command| command.stdout(Stdio::piped()));
    let (done, sent) = screen.end();
    done.fails(9, &[]);
    assert!(!left(&sent).iter().any(|line| line.contains("3 pages")), "{sent:?}");
}

#[test]
fn without_a_terminal_there_are_no_control_characters() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let evil = row(&format!("Evil {EVIL}"), "x", "CRDT", "1.00");
    for (asked, code) in [
        (&["transactions", "Käyttötili"] as &[&str], 0),
        (&["transactions", "Käyttötili", "--format", "json"], 0),
        (&["transactions", "unknown"], 2),
        (&["-vv", "transactions", "Käyttötili"], 0),
        (&["sessions"], 0),
        (&["doctor"], 4),
        (&["connect", "unknown"], 2),
    ] {
        bank.says([page(std::slice::from_ref(&evil), "")]);
        let mut command = bank.tilisy(&desk, asked);
        command.env("TERM", "xterm-256color").env("COLORTERM", "truecolor");
        let done = Done::from(command.output().unwrap());
        assert!(!done.out.contains('\u{1b}') && !done.err.contains('\u{1b}'), "{asked:?} {done:?}");
        assert!(done.code == Some(code) || asked[0] == "doctor" || asked[0] == "connect", "{asked:?} {done:?}");
    }
    // The same if only stdout or only stderr is a terminal.
    bank.says([page(std::slice::from_ref(&evil), "")]);
    let screen = Screen::new(bank.tilisy(&desk, &ASKED), 100, |command| command.stdout(Stdio::piped()));
    let (done, _) = screen.end();
    assert!(!done.well().out.contains('\u{1b}'));
    let screen = Screen::new(bank.tilisy(&desk, &["sessions", "--profile", "x/y"]), 100, |command| {
        command.stderr(Stdio::piped())
    });
    assert!(!screen.end().0.err.contains('\u{1b}'));
}

#[test]
fn text_of_a_bank_cannot_control_a_terminal() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    let transactions = || page(&[row(&format!("Evil {EVIL}"), EVIL, "CRDT", "1.00")], "");
    let refusal = || Reply::json(422, serde_json::json!({ "message": format!("no {EVIL}"), "error": "X" }).to_string());
    let banks = || {
        let bank = serde_json::json!({
            "name": format!("Evil {EVIL}"), "country": "FI", "psu_types": ["personal"], "auth_methods": [],
            "maximum_consent_validity": 1, "beta": false, "logo": EVIL, "bic": EVIL,
        });
        Reply::json(200, serde_json::json!({ "aspsps": [bank] }).to_string())
    };
    let balances = |currency: &str| {
        let balance = serde_json::json!({
            "name": EVIL, "balance_type": "CLBD", "balance_amount": { "currency": currency, "amount": "1.00" },
        });
        Reply::json(200, serde_json::json!({ "balances": [balance] }).to_string())
    };
    // The same with the account in the stored session.
    let sessions = desk.path(".local/share/tilisy/default/sessions");
    let file = fs::read_dir(sessions).unwrap().next().unwrap().unwrap().path();
    let evil = serde_json::to_string(EVIL).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("Käyttötili", &format!("Käyttötili{}", evil.trim_matches('"')))).unwrap();
    let session: serde_json::Value = serde_json::from_str(&text).unwrap();
    let account = session["accounts"][0]["resource"]["uid"].as_str().unwrap();
    for (asked, reply) in [
        (&["transactions", account] as &[&str], transactions()),
        (&["transactions", account, "--format", "csv"], transactions()),
        (&["transactions", account, "--format", "json"], transactions()),
        (&["transactions", account, "--format", "ndjson"], transactions()),
        (&["transactions", account], refusal()),
        (&["transactions", EVIL], refusal()),
        (&["balances", account], balances(EVIL)),
        (&["balances", account, "--format", "csv"], balances(EVIL)),
        (&["balances", account, "--history"], balances(EVIL)),
        (&["balances", account, "--history", "--format", "csv"], balances(EVIL)),
        (&["accounts"], refusal()),
        (&["accounts", "--format", "csv"], refusal()),
        (&["banks"], banks()),
        (&["banks", "--format", "csv"], banks()),
        (&["banks", "--format", "json"], banks()),
        (&["connect", "evil"], banks()),
        (&["app"], refusal()),
        (&["disconnect", EVIL], refusal()),
    ] {
        bank.says([reply]);
        let (_, sent) = Screen::new(bank.tilisy(&desk, asked), 100, |command| command).end();
        assert!(sent.len() > 10, "{asked:?} {sent:?}");
        for obeyed in ["\u{1b}]", "\u{1b}[2J", "red\r\u{202e}"] {
            assert!(!sent.contains(obeyed), "{asked:?} {sent:?}");
        }
        for hidden in EVIL.chars().filter(|c| !c.is_ascii() || *c == '\u{7}') {
            assert!(!sent.contains(hidden), "{asked:?} {hidden:?} in {sent:?}");
        }
        // In JSON, an escape keeps the value.
        if asked.contains(&"json") {
            assert!(sent.to_lowercase().contains("\\udb40\\udc41"), "{asked:?} {sent:?}");
        }
    }
}

#[test]
fn narrow_terminals_and_those_without_a_width_show_the_table() {
    let desk = Desk::new();
    let bank = Bank::with_consent(&desk);
    for columns in [0, 1, 20] {
        bank.says([page(&some_rows(), "")]);
        let screen = Screen::new(bank.tilisy(&desk, &ASKED), columns, |command| command.stderr(Stdio::piped()));
        let (done, sent) = screen.end();
        assert_eq!(done.well().err, "");
        // If the width is unknown, the table is not narrowed.
        let is_whole = left(&sent).iter().any(|line| line.starts_with("2026-01-31  BOOK    Kahvila "));
        assert!(sent.contains("-1234567.89") && (is_whole || columns > 0), "{columns}: {sent:?}");
    }
}

#[test]
fn progress_is_not_drawn_over_a_pasted_address() {
    let desk = Desk::new();
    let back = "https://app.example.com/back";
    let bank = Bank::built(|builder| builder.redirect_url(back));
    let asked = ["connect", "Saimaan Pankki", "--no-browser", "--redirect-url", back];
    let mut screen = Screen::new(bank.tilisy(&desk, &asked), 200, |command| command);
    screen.until("ends up at:");
    let sent = String::from_utf8(screen.seen.clone()).unwrap();
    let link = sent.split("open this in a browser: ").nth(1).unwrap().split_whitespace().next().unwrap();
    let address = bank.sandbox.approve(link).unwrap();
    screen.types(&address[..40]);
    screen.until(&address[..40]);
    screen.types(&format!("{}\n", &address[40..]));
    let (done, sent) = screen.end();
    assert_eq!(done.code, Some(0), "{sent:?}");
    let (_, after) = sent.split_once("ends up at:").unwrap();
    let (typed, _) = after.split_once("connected to").unwrap();
    assert!(!typed.contains('\u{1b}'), "{typed:?}");
}

#[test]
fn a_token_is_asked_for_and_not_shown() {
    let (desk, bank) = (Desk::new(), Bank::new());
    desk.run(&["keygen", "--bits", "2048"]).well();
    let panel = format!("{}/api", bank.sandbox.url());
    let asked = ["register", "--control-panel", &panel];
    let prompt = "Token of the control panel (it is not shown): ";
    let mut screen = Screen::new(desk.tilisy(&asked), 100, |command| command);
    screen.until(prompt);
    screen.until_blind();
    screen.types("\u{3}");
    let (done, _) = screen.end();
    assert_ne!(done.code, Some(0), "Ctrl-C at a prompt");
    assert!(!desk.path(".config/tilisy/default/profile.toml").exists());
    let mut screen = Screen::new(desk.tilisy(&asked), 100, |command| command);
    screen.until(prompt);
    screen.until_blind();
    screen.types(&format!("{}\n", bank.sandbox.registration_token()));
    let (done, sent) = screen.end();
    assert_eq!(done.code, Some(0), "{sent:?}");
    assert!(sent.contains("application id  ") && !sent.contains(bank.sandbox.registration_token()), "{sent:?}");
    // A token to decode is not shown either.
    let mut screen = Screen::new(desk.tilisy(&["token", "--decode"]), 100, |command| command);
    screen.until("Token (it is not shown): ");
    screen.until_blind();
    screen.types("hunter2\n");
    let (done, sent) = screen.end();
    assert_eq!(done.code, Some(2), "{sent:?}");
    assert!(!sent.contains("hunter2"), "{sent:?}");
}
