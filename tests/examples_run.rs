//! Every example that needs no account runs, and prints what it is there to show.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use xtask::workspace;

use crate::built::EXAMPLES;

/// Examples that need only the sandbox, by crate. The output of `tour` is compared with the README.
const ALONE: &[(&str, &[&str])] =
    &[("enablebanking-client", &["tour"]), ("tilisy-client", &["browser", "errors", "export", "testing"])];

/// Examples that need an application at the live service, by crate.
const LIVE: &[(&str, &[&str])] = &[
    ("enablebanking-client", &["consent", "nightly", "payment", "quickstart", "web"]),
    ("tilisy-client", &["banks", "transactions"]),
];

pub(crate) fn example(name: &str) -> Command {
    let mut command = Command::new(EXAMPLES.join(name));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What an example prints that ends well.
fn printed(name: &str) -> String {
    let output = example(name).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the names of the examples of a crate.
fn names(package: &str) -> BTreeSet<String> {
    let files = fs::read_dir(workspace().unwrap().join(package).join("examples")).unwrap();
    files.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_example_is_run_or_says_which_variables_it_needs() {
    for (package, live) in LIVE {
        let (_, alone) = ALONE.iter().find(|(own, _)| own == package).unwrap();
        assert_eq!(names(package), alone.iter().chain(*live).map(|name| (*name).to_owned()).collect(), "{package}");
        for name in *live {
            let mut command = example(name);
            for (variable, _) in std::env::vars_os() {
                let text = variable.to_string_lossy();
                if text.starts_with("TILISY_") || text.starts_with("ENABLEBANKING_") {
                    command.env_remove(&variable);
                }
            }
            // An account, for the example that asks for one.
            let output = command.arg("497f6eca-6276-4993-bfeb-53cbbbba6f08").output().unwrap();
            let message = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success(), "{name} should fail");
            assert!(message.contains("`ENABLEBANKING_APPLICATION_ID` is not set"), "{name}: {message}");
        }
    }
}

#[test]
fn errors_say_what_each_of_them_asks_for() {
    let expected = "a country that is none: mend the request: `country` must be a code of two letters such as FI\n\
                    a session that is none: send the PSU to the bank again\n\
                    a token that is refused: look at key, clock and application\n";
    assert_eq!(printed("errors"), expected);
}

#[test]
fn code_of_others_is_tested_with_a_clock() {
    assert_eq!(printed("testing"), "all is well\n");
}

#[test]
fn an_export_is_whole_and_the_same_each_time() {
    let file = printed("export");
    let mut lines = file.lines();
    assert_eq!(lines.next(), Some("date,status,amount,currency,party,reference,information"));
    let mut rows = 0;
    for line in lines {
        let fields: Vec<_> = line.split(',').collect();
        let (whole, hundredths) = fields[2].split_once('.').unwrap();
        assert!(whole.parse::<i64>().is_ok() && hundredths.len() == 2, "{line}");
        assert_eq!((fields[0].len(), fields[3]), ("2026-01-31".len(), "EUR"), "{line}");
        rows += 1;
    }
    assert_eq!(rows, 1000);
    assert_eq!(printed("export"), file);
}

/// The example `browser`, waiting for the PSU.
struct Waiting {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    link: String,
}

impl Waiting {
    fn start() -> Self {
        let mut child = example("browser").spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let link = line.trim().strip_prefix("open ").expect("a link to open").to_owned();
        Self { child, out, link }
    }

    /// What it prints once the PSU is back.
    fn end(mut self) -> String {
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a browser gets from an address.
struct Page {
    status: u16,
    location: Option<String>,
    text: String,
}

/// Opens an address, or sends a form to it.
fn browse(url: &str, form: Option<&str>) -> Page {
    let rest = url.strip_prefix("http://").unwrap();
    let (address, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let method = if form.is_some() { "POST" } else { "GET" };
    let body = form.unwrap_or_default();
    let head = format!(
        "{method} /{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, text) = answer.split_once("\r\n\r\n").unwrap();
    let location = head.lines().find_map(|line| line.strip_prefix("location: ")).map(str::to_owned);
    Page { status: head[9..12].parse().unwrap(), location, text: text.to_owned() }
}

/// The values of a page's fields of a name.
fn fields<'p>(page: &'p Page, name: &str) -> Vec<&'p str> {
    let key = format!("name=\"{name}\"");
    let values = page.text.split(key.as_str()).skip(1);
    values.map(|rest| rest.split_once("value=\"").unwrap().1.split_once('"').unwrap().0).collect()
}

#[test]
fn a_consent_goes_through_a_browser() {
    let waiting = Waiting::start();
    let login = browse(&waiting.link, None);
    let token = fields(&login, "token")[0];
    let send = |fields: &str| browse(&waiting.link, Some(&format!("token={token}&{fields}")));
    for fields in ["action=login&username=aino&password=revontulet", "action=otp&otp=123456"] {
        let onward = send(fields);
        assert!(onward.status == 303 && waiting.link.ends_with(&onward.location.unwrap()));
    }
    let choice = browse(&waiting.link, None);
    let chosen = fields(&choice, "account").join("&account=").replace("==", "%3D%3D");
    let back = send(&format!("action=approve&account={chosen}"));
    assert_eq!(back.status, 303);
    let back = back.location.unwrap();
    let (catcher, _) = back.split_once("/redirect?").unwrap();
    // Browsers ask for an icon whenever they like.
    assert_eq!(browse(&format!("{catcher}/favicon.ico"), None).status, 404);
    assert_eq!(browse(&back, None).text, "You can close this window.");
    assert_eq!(waiting.end(), "4 accounts until the consent ends\n");
}

#[test]
fn a_denial_goes_through_a_browser() {
    let waiting = Waiting::start();
    let login = browse(&waiting.link, None);
    let back = browse(&waiting.link, Some(&format!("token={}&action=deny", fields(&login, "token")[0])));
    browse(&back.location.unwrap(), None);
    assert_eq!(waiting.end(), "denied: Denied data sharing consent\n");
}

#[test]
fn examples_print_what_the_readmes_show() {
    for (readme, example) in [("README.md", "tour"), ("op-client/README.md", "accounts")] {
        let ran = Command::new(EXAMPLES.join(example)).output().unwrap();
        let printed = String::from_utf8(ran.stdout).unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let text = fs::read_to_string(workspace().unwrap().join(readme)).unwrap();
        assert!(text.contains(&format!("```text\n{printed}```")), "{readme} should show this:\n{printed}");
    }
}
