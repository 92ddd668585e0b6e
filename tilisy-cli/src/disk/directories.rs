//! The directories of a profile, by the XDG rules or those of the system.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use crate::failure::{Exit, Failure};

/// The directories of one profile.
#[derive(Clone, Debug)]
pub(crate) struct Directories {
    /// Settings and keys.
    pub(crate) config: PathBuf,
    /// Sessions.
    pub(crate) data: PathBuf,
    /// Temporary state, such as a running sandbox.
    pub(crate) state: PathBuf,
}

impl Directories {
    /// Returns those of a profile of the user.
    pub(crate) fn of(profile: &str) -> Result<Self, Failure> {
        let base = etcetera::choose_base_strategy().map_err(|_| no_home())?;
        let state = base.state_dir().unwrap_or_else(|| base.data_dir());
        let of = |folder: PathBuf| folder.join("tilisy").join(profile);
        let all = Self { config: of(base.config_dir()), data: of(base.data_dir()), state: of(state) };
        // An empty HOME leads to relative paths.
        if [&all.config, &all.data, &all.state].iter().all(|folder| folder.is_absolute()) {
            Ok(all)
        } else {
            Err(no_home())
        }
    }

    /// Returns those in a temporary folder.
    pub(crate) fn within(folder: &Path) -> Self {
        Self { config: folder.join("config"), data: folder.join("data"), state: folder.join("state") }
    }

    /// The settings of the profile.
    pub(crate) fn settings(&self) -> PathBuf {
        self.config.join("profile.toml")
    }

    /// The private key that `keygen` creates.
    pub(crate) fn key(&self) -> PathBuf {
        self.config.join("private.key")
    }

    /// The certificate that `keygen` creates.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.config.join("certificate.pem")
    }

    /// The sessions, a file each.
    pub(crate) fn sessions(&self) -> PathBuf {
        self.data.join("sessions")
    }

    /// The record of the sandbox that runs, if any.
    pub(crate) fn sandbox(&self) -> PathBuf {
        self.state.join("sandbox.json")
    }

    /// The sign-in to the control panel.
    pub(crate) fn login(&self) -> PathBuf {
        self.config.join("login.json")
    }

    /// The last exports of accounts, for `--since last`.
    pub(crate) fn exports(&self) -> PathBuf {
        self.data.join("exports.json")
    }

    /// The requests of today.
    pub(crate) fn calls(&self) -> PathBuf {
        self.state.join("calls.json")
    }

    /// The lock of all stored files of the profile.
    pub(crate) fn lock(&self) -> PathBuf {
        self.state.join("lock")
    }
}

fn no_home() -> Failure {
    Failure::new(Exit::Setup, "there is no home directory").hint(if cfg!(windows) {
        "set USERPROFILE, APPDATA and LOCALAPPDATA to absolute paths"
    } else {
        "set HOME, or XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_STATE_HOME, to absolute paths"
    })
}
