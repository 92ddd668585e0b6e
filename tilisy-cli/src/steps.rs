//! The steps from nothing to one's own transactions.

use std::io::{IsTerminal as _, stderr};

use enablebanking_client::chrono::Utc;

use crate::environment::{Backend, Environment};
use crate::failure::Failure;
use crate::message::say;
use crate::stored::{Condition, Login};

/// A step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// A sign-in to the control panel.
    Login,
    /// A key with its certificate.
    Key,
    /// A registered application.
    Application,
    /// A consent.
    Consent,
    /// The transactions.
    Transactions,
}

impl Step {
    pub(crate) const ALL: [Self; 5] = [Self::Login, Self::Key, Self::Application, Self::Consent, Self::Transactions];

    /// Returns the arguments of the command that does this step.
    pub(crate) const fn command(self) -> &'static str {
        match self {
            Self::Login => "login EMAIL",
            Self::Key => "keygen",
            Self::Application => "register --environment production --redirect-url https://localhost:8080/redirect",
            Self::Consent => "connect BANK --country CC",
            Self::Transactions => "transactions --all",
        }
    }

    /// Returns the title of the step.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Login => "sign in to the control panel",
            Self::Key => "create a key",
            Self::Application => "register an application",
            Self::Consent => "connect to your bank",
            Self::Transactions => "read your transactions",
        }
    }

    /// Returns what the step does.
    pub(crate) const fn purpose(self) -> &'static str {
        match self {
            Self::Consent => "connect to your bank (`tilisy banks --country CC` lists the banks)",
            other => other.title(),
        }
    }

    /// Returns whether the step is done. A sandbox has an application and a key from the start, which do the first steps
    /// unless only those of the profile count.
    pub(crate) fn is_done(self, environment: &Environment, only_profile: bool) -> Result<bool, Failure> {
        let has_application = match &environment.backend {
            Backend::Running(_) | Backend::Own(_) if only_profile => environment.profile.application_id.is_some(),
            _ => environment.application_id()?.is_some(),
        };
        match self {
            // An application that exists needs no sign-in.
            Self::Login => Ok(has_application || Login::read(&environment.directories)?.is_some()),
            Self::Key => match environment.backend {
                Backend::Service => Ok(environment.key().is_ok()),
                Backend::Running(_) | Backend::Own(_) => Ok(!only_profile || environment.key_file().exists()),
            },
            Self::Application => Ok(has_application),
            Self::Consent => {
                let (now, all) = (Utc::now(), environment.consents()?.all()?);
                let is_usable = |condition| matches!(condition, Condition::Valid | Condition::EndsSoon);
                Ok(all.iter().any(|session| is_usable(session.condition(now))))
            }
            Self::Transactions => Ok(false),
        }
    }

    /// Returns the first step that is not done.
    pub(crate) fn next(environment: &Environment) -> Result<Self, Failure> {
        for step in Self::ALL {
            if !step.is_done(environment, false)? {
                return Ok(step);
            }
        }
        Ok(Self::Transactions)
    }
}

/// Prints the next step on a terminal, unless the user wants no hints.
pub(crate) fn say_next(environment: &Environment) {
    // A sandbox of the command keeps nothing that a next step could use.
    if !is_wanted(environment) || matches!(environment.backend, Backend::Own(_)) {
        return;
    }
    // Problems of the next step are reported by its command.
    if let Ok(step) = Step::next(environment) {
        say(&format!("next: {}: `{} {}`", step.purpose(), environment.global.command(), step.command()));
    }
}

/// Prints a next step of its own, under the same conditions.
pub(crate) fn say_next_is(environment: &Environment, text: &str) {
    if is_wanted(environment) {
        say(&format!("next: {text}"));
    }
}

fn is_wanted(environment: &Environment) -> bool {
    stderr().is_terminal() && !environment.global.quiet
}
