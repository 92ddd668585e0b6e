//! A home folder of its own, and the command in it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use tempfile::TempDir;

/// The home folder of a user, empty at first.
pub(crate) struct Desk {
    folder: TempDir,
    /// The port of the redirect address.
    port: u16,
}

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    /// Checks that the command succeeded.
    #[track_caller]
    pub(crate) fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Checks that the command failed with this exit code, and printed all of these texts on stderr.
    #[track_caller]
    pub(crate) fn fails(self, code: i32, said: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        for text in said {
            assert!(self.err.contains(text), "`{text}` in {self:?}");
        }
        self
    }
}

impl Done {
    /// Checks that the command failed with this exit code, an error of one line and a hint, and without any output.
    #[track_caller]
    pub(crate) fn refuses(self, code: i32, said: &[&str]) -> Self {
        let done = self.fails(code, said);
        assert_eq!(done.out, "", "{done:?}");
        let errors: Vec<_> = done.err.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!(errors.len(), 1, "{done:?}");
        let says_what_to_do = done.err.contains("\nhint: ") || done.err.contains("--help");
        let says_what_to_do =
            says_what_to_do || (errors[0].ends_with(')') && !errors[0].contains("(the service says: "));
        assert!(says_what_to_do, "{done:?}");
        for secret in ["eyJ", "MII", "PRIVATE KEY-----\n", "hunter2", "\u{1b}"] {
            assert!(!done.err.contains(secret), "`{secret}` in {done:?}");
        }
        done
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), port: free_port() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the redirect address.
    pub(crate) fn redirect(&self) -> String {
        format!("http://127.0.0.1:{}/back", self.port)
    }

    pub(crate) fn home(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the command, without the environment of the test run.
    pub(crate) fn tilisy(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilisy"));
        command.args(arguments).env_clear().env("HOME", self.home()).env("TILISY_SANDBOX_NEWEST_DAY", "2026-01-31");
        command.current_dir(self.home()).stdin(Stdio::null());
        command
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        self.tilisy(arguments).output().unwrap().into()
    }

    /// Runs a sandbox beside the others, until it is dropped.
    pub(crate) fn sandbox(&self, arguments: &[&str]) -> Running {
        let mut command = self.tilisy(&["sandbox", "--json"]);
        let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        // The line is there once it listens, and no earlier.
        let Ok(printed) = serde_json::from_str(&line) else {
            let _ = child.kill();
            panic!("{line:?} {:?}", Done::from(child.wait_with_output().unwrap()));
        };
        Running { child, printed }
    }
}

/// `tilisy connect`, waiting for a browser.
pub(crate) struct Connecting {
    pub(crate) child: Child,
    /// The rest of its messages.
    err: BufReader<ChildStderr>,
    pub(crate) link: String,
}

impl Connecting {
    pub(crate) fn new(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let (mut line, mut said) = (String::new(), String::new());
        let link = loop {
            line.clear();
            assert_ne!(err.read_line(&mut line).unwrap(), 0, "there is no link: {said}");
            if let Some(link) = line.strip_prefix("open this in a browser: ") {
                break link.trim_end().to_owned();
            }
            said.push_str(&line);
        };
        Self { child, err, link }
    }

    /// Types a line, where stdin is a pipe.
    pub(crate) fn types(&mut self, line: &str) {
        writeln!(self.child.stdin.as_ref().unwrap(), "{line}").unwrap();
    }

    /// Returns its next message.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.err.read_line(&mut line).unwrap();
        line
    }

    /// Waits for its end, with stdin open until then.
    pub(crate) fn end_by_itself(mut self) -> Done {
        let _stdin = self.child.stdin.take();
        self.end()
    }

    /// Waits for its end, after the end of stdin.
    pub(crate) fn end(mut self) -> Done {
        drop(self.child.stdin.take());
        let mut err = String::new();
        self.err.read_to_string(&mut err).unwrap();
        Done { err, ..Done::from(self.child.wait_with_output().unwrap()) }
    }
}

/// A command that runs until it is dropped.
pub(crate) struct Running {
    child: Child,
    printed: serde_json::Value,
}

impl Running {
    /// Returns a property that the sandbox has printed.
    pub(crate) fn printed(&self, name: &str) -> &str {
        self.printed[name].as_str().unwrap()
    }

    /// Sends it a signal, such as `-TERM`.
    pub(crate) fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Requests a page as a browser does. Returns the status, the target of a redirect, and the page.
pub(crate) fn get(url: &str) -> (u16, Option<String>, String) {
    let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let location = head.lines().find_map(|line| line.strip_prefix("location: ")).map(str::to_owned);
    (status, location, body.to_owned())
}

/// Sends a signal, such as `-INT`.
pub(crate) fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Returns a free port of this machine.
///
/// Ports are taken one after another from below the range that outgoing connections use, so that neither a connection nor
/// another test gets one before it is used.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = std::process::id() * 97;
    loop {
        let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = 10_000 + u16::try_from(first.wrapping_add(step) % 20_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
