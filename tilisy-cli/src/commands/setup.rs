//! `tilisy setup`: leads from nothing to one's own transactions.

use std::io::{BufRead as _, IsTerminal as _, Write as _, stderr, stdin};

use clap::{Args, Parser};

use super::{banks, connect, keygen, login, register, transactions};
use crate::environment::{Backend, Environment};
use crate::failure::{Exit, Failure};
use crate::hints;
use crate::message::say;
use crate::options::Global;
use crate::steps::Step;
use crate::stored::Login;
use crate::text::{clean, quoted};

/// Lead through all steps to your own transactions, on a terminal.
///
/// Each step is shown as the command that does it, and can be skipped. Steps that are done already are left out, so that
/// `tilisy setup` can be stopped and run again.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Register the application for the simulated banks of the service instead of your own accounts.
    #[arg(long)]
    simulated_banks: bool,
    /// Print the links without opening a browser.
    #[arg(long)]
    no_browser: bool,
    /// The URL of the control panel's API, with its path [default: that of the service].
    #[arg(long, value_name = "URL", hide_short_help = true)]
    control_panel: Option<String>,
}

/// The answer to a question.
enum Reply {
    Text(String),
    /// The step is skipped.
    Skip,
}

/// The redirect address of applications for real banks, which have to use https. No server is there: the browser shows
/// an error, and its address has the code, which does not leave this machine.
const HTTPS_REDIRECT: &str = "https://localhost:8080/redirect";

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    if !stdin().is_terminal() || !stderr().is_terminal() {
        return Err(Failure::new(Exit::Usage, "`tilisy setup` asks questions, and needs a terminal")
            .hint("its steps are `tilisy login`, `keygen`, `register`, `connect` and `transactions`"));
    }
    let environment = Environment::open(global).await?;
    if let Backend::Own(_) = environment.backend {
        return Err(Failure::new(Exit::Usage, "a sandbox that ends with each command cannot be set up")
            .hint("run `tilisy sandbox` in another terminal, and this command again"));
    }
    say("This leads to the transactions of your accounts in five steps.");
    say("Enter does a step, `s` skips it, and Ctrl-C stops; `tilisy setup` continues later.");
    // The steps follow each other, so that the commands need not name the next one.
    let quiet = Global { quiet: true, ..global.clone() };
    let setup = Setup { global: &quiet, arguments: &arguments };
    for (number, step) in Step::ALL.into_iter().enumerate() {
        let environment = Environment::open(global).await?;
        say("");
        let title = format!("Step {} of 5: {}", number + 1, step.title());
        if step.is_done(&environment, true)? {
            say(&format!("{title} (done)"));
            continue;
        }
        say(&title);
        setup.step(step, &environment).await?;
    }
    say("");
    say("`tilisy --help` lists all commands, and `tilisy doctor` checks the set-up.");
    Ok(())
}

struct Setup<'a> {
    global: &'a Global,
    arguments: &'a Arguments,
}

impl Setup<'_> {
    /// Does a step until it succeeds or is skipped.
    async fn step(&self, step: Step, environment: &Environment) -> Result<(), Failure> {
        loop {
            let result = match step {
                Step::Login => self.login().await,
                Step::Key => self.keygen().await,
                Step::Application => self.register(environment).await,
                Step::Consent => self.connect(environment).await,
                Step::Transactions => return self.transactions().await,
            };
            match result {
                Ok(()) => return Ok(()),
                // The user has stopped the command, or the terminal is gone.
                Err(failure) if matches!(failure.exit(), Exit::Interrupted | Exit::Closed) => return Err(failure),
                Err(failure) => {
                    failure.print();
                    if !confirm("Try this step again?").await? {
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn login(&self) -> Result<(), Failure> {
        say(
            "The control panel of the service sends a link to your mail address. Without an account, this creates one.",
        );
        let Reply::Text(email) = ask("Your mail address", None).await? else { return Ok(()) };
        let arguments = parse::<login::Arguments>(self.show(&self.with_panel(&["login", &email])))?;
        login::run(self.global, arguments).await
    }

    async fn keygen(&self) -> Result<(), Failure> {
        say("The key signs the requests of your application. It stays on this machine.");
        let arguments = parse::<keygen::Arguments>(self.show(&["keygen"]))?;
        if !confirm("Create it?").await? {
            return Ok(());
        }
        keygen::run(self.global, arguments).await
    }

    async fn register(&self, environment: &Environment) -> Result<(), Failure> {
        let is_simulated = self.arguments.simulated_banks || !matches!(environment.backend, Backend::Service);
        say("The application is registered at the control panel with the certificate of the key.");
        let Reply::Text(name) = ask("Name of the application", Some("My accounts")).await? else { return Ok(()) };
        let mut words = vec!["register".to_owned(), "--name".to_owned(), name];
        if !is_simulated {
            words.extend(["--environment", "production", "--redirect-url", HTTPS_REDIRECT].map(str::to_owned));
            let email = Login::read(&environment.directories)?.and_then(|login| login.email);
            for (question, option, default) in [
                ("Description", "--description", Some("Reads my own accounts")),
                ("Mail address for questions about data protection", "--gdpr-email", email.as_deref()),
                ("URL of your privacy policy (any page of yours)", "--privacy-url", None),
                ("URL of your terms of service (any page of yours)", "--terms-url", None),
            ] {
                let Reply::Text(text) = ask(question, default).await? else { return Ok(()) };
                words.extend([option.to_owned(), text]);
            }
        }
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let arguments = parse::<register::Arguments>(self.show(&self.with_panel(&words)))?;
        register::run(self.global, arguments).await?;
        if !is_simulated {
            say(&hints::linking());
            confirm("Are your accounts linked?").await?;
        }
        Ok(())
    }

    async fn connect(&self, environment: &Environment) -> Result<(), Failure> {
        say("Your bank asks for your consent in a browser. It can be ended at any time with `tilisy disconnect`.");
        let Reply::Text(country) = ask("Country of the bank (two letters)", Some("FI")).await? else { return Ok(()) };
        let country = banks::country(&country).map_err(|text| Failure::new(Exit::Usage, text))?;
        let client = environment.client()?;
        let mut names: Vec<_> =
            banks::listed(&client, Some(&country), None).await?.into_iter().map(|bank| bank.name).collect();
        names.sort_by_key(|name| name.to_lowercase());
        names.iter().for_each(|name| say(&format!("  {}", clean(name))));
        let Reply::Text(bank) = ask("Bank", None).await? else { return Ok(()) };
        let mut words = vec!["connect", &bank, "--country", &country];
        if self.arguments.no_browser {
            words.push("--no-browser");
        }
        let arguments = parse::<connect::Arguments>(self.show(&words))?;
        connect::run(self.global, arguments).await
    }

    async fn transactions(&self) -> Result<(), Failure> {
        let environment = Environment::open(self.global).await?;
        if !Step::Consent.is_done(&environment, true)? {
            say("(there is no consent yet)");
            return Ok(());
        }
        let arguments = parse::<transactions::Arguments>(self.show(&["transactions", "--all", "--limit", "10"]))?;
        transactions::run(self.global, arguments).await
    }

    /// Adds the URL of the control panel, if there is one.
    fn with_panel<'a>(&'a self, words: &[&'a str]) -> Vec<&'a str> {
        let panel = self.arguments.control_panel.as_deref();
        words.iter().copied().chain(panel.into_iter().flat_map(|url| ["--control-panel", url])).collect()
    }

    /// Prints the command of a step, and returns its words.
    fn show(&self, words: &[&str]) -> Vec<String> {
        let quoted: Vec<_> = words.iter().map(|word| quoted(word)).collect();
        say(&format!("$ {} {}", self.global.command(), clean(&quoted.join(" "))));
        words.iter().map(|word| (*word).to_owned()).collect()
    }
}

/// Parses the words of a command.
fn parse<T: Args + std::fmt::Debug>(words: Vec<String>) -> Result<T, Failure> {
    #[derive(Debug, Parser)]
    struct Words<T: Args + std::fmt::Debug> {
        #[command(flatten)]
        arguments: T,
    }
    Words::<T>::try_parse_from(words).map(|words| words.arguments).map_err(|error| {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Failure::new(Exit::Usage, line)
    })
}

/// Asks a question. Enter takes the default, and `s` skips the step.
async fn ask(question: &str, default: Option<&str>) -> Result<Reply, Failure> {
    loop {
        let shown = default.map(|default| format!(" [{}]", clean(default))).unwrap_or_default();
        prompt(&format!("{question}{shown} (s to skip): ")).await;
        let line = line().await?;
        match (line.trim(), default) {
            ("s" | "S", _) => return Ok(Reply::Skip),
            ("", Some(default)) => return Ok(Reply::Text(default.to_owned())),
            ("", None) => {}
            (text, _) => return Ok(Reply::Text(text.to_owned())),
        }
    }
}

/// Asks whether to go on: Enter does, `s` skips.
async fn confirm(question: &str) -> Result<bool, Failure> {
    prompt(&format!("{question} [Enter, or s to skip] ")).await;
    Ok(!matches!(line().await?.trim(), "s" | "S" | "n" | "N" | "no"))
}

/// Prints a question.
async fn prompt(text: &str) {
    // The handler of Ctrl-C is installed before the question: it is polled while this yields.
    tokio::task::yield_now().await;
    let mut out = anstream::stderr();
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

/// Reads a line. It is read on a thread, so that Ctrl-C is noticed.
async fn line() -> Result<String, Failure> {
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        stdin().lock().read_line(&mut line).map(|read| (read, line))
    });
    match read.await {
        Ok(Ok((read, line))) if read > 0 => Ok(line),
        _ => Err(Failure::new(Exit::Interrupted, "the set-up was stopped").hint("`tilisy setup` continues it")),
    }
}
