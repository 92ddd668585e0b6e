//! A sandbox within the test, whose responses can be scripted.

use std::process::Command;

use tilisy_sandbox::{Builder, FIXED_DAY, Reply, Sandbox};
use tokio::runtime::Runtime;

use crate::desk::{Connecting, Desk, Done, get};

/// A bank that runs until it is dropped, for the commands of any desk.
pub(crate) struct Bank {
    pub(crate) sandbox: Sandbox,
    _runtime: Runtime,
}

impl Bank {
    pub(crate) fn new() -> Self {
        Self::built(|builder| builder)
    }

    pub(crate) fn built(build: impl FnOnce(Builder) -> Builder) -> Self {
        let runtime = Runtime::new().unwrap();
        let sandbox = runtime.block_on(build(Sandbox::builder().newest_day(FIXED_DAY)).start()).unwrap();
        Self { sandbox, _runtime: runtime }
    }

    /// Starts a bank at which a desk has a consent for the four accounts of the first test user.
    pub(crate) fn with_consent(desk: &Desk) -> Self {
        let redirect = desk.redirect();
        let bank = Self::built(|builder| builder.redirect_url(&redirect));
        bank.consent(desk, &[]).well();
        bank
    }

    /// Returns the command, with the bank in its environment.
    pub(crate) fn tilisy(&self, desk: &Desk, arguments: &[&str]) -> Command {
        let mut command = desk.tilisy(arguments);
        command
            .env("TILISY_HOST", self.sandbox.url())
            .env("TILISY_AUDIENCE", self.sandbox.audience())
            .env("TILISY_APPLICATION_ID", self.sandbox.application_id().to_string())
            .env("TILISY_PRIVATE_KEY", self.sandbox.private_key_pem())
            .env("TILISY_REDIRECT_URL", desk.redirect());
        command
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self, desk: &Desk, arguments: &[&str]) -> Done {
        self.tilisy(desk, arguments).output().unwrap().into()
    }

    /// Connects to Saimaan Pankki, and approves the consent.
    pub(crate) fn consent(&self, desk: &Desk, more: &[&str]) -> Done {
        let arguments = ["connect", "Saimaan Pankki", "--no-browser"];
        let arguments: Vec<_> = arguments.iter().chain(more).copied().collect();
        let connecting = Connecting::new(self.tilisy(desk, &arguments));
        get(&self.sandbox.approve(&connecting.link).unwrap());
        connecting.end()
    }

    /// Scripts the responses to the next requests.
    pub(crate) fn says(&self, replies: impl IntoIterator<Item = Reply>) {
        self.sandbox.answer_next(replies).unwrap();
    }

    /// Checks that a text contains no line of the key, and no code, token or continuation key, which are base64.
    #[track_caller]
    pub(crate) fn keeps_its_secrets(&self, text: &str) {
        let lines = self.sandbox.private_key_pem().lines().filter(|line| !line.starts_with('-'));
        for secret in lines.chain(["eyJ", "PRIVATE KEY-----", "Bearer", self.sandbox.registration_token()]) {
            assert!(!text.contains(secret), "`{secret}` in {text}");
        }
    }
}
