//! Where things are kept: by the XDG rules, in folders and files that only their owner reads.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy as _;

use crate::failure::{Exit, Failure};
use crate::file::{beside, temporary};

/// The longest time that another process may take to write a small file.
const PATIENCE: Duration = Duration::from_secs(10);

/// The folders of one profile.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    /// Settings and keys.
    pub(crate) config: PathBuf,
    /// Sessions.
    pub(crate) data: PathBuf,
    /// What is true for now: a running sandbox.
    pub(crate) state: PathBuf,
}

impl Home {
    /// Those of the user for a profile.
    pub(crate) fn of(profile: &str) -> Result<Self, Failure> {
        let base = etcetera::choose_base_strategy().map_err(|_| no_home())?;
        let state = base.state_dir().unwrap_or_else(|| base.data_dir());
        let of = |folder: PathBuf| folder.join("tilisy").join(profile);
        let home = Self { config: of(base.config_dir()), data: of(base.data_dir()), state: of(state) };
        // An empty HOME leads to paths that depend on where one stands.
        if [&home.config, &home.data, &home.state].iter().all(|folder| folder.is_absolute()) {
            Ok(home)
        } else {
            Err(no_home())
        }
    }

    /// Those within a folder that will be gone.
    pub(crate) fn within(folder: &Path) -> Self {
        Self { config: folder.join("config"), data: folder.join("data"), state: folder.join("state") }
    }

    /// The settings of the profile.
    pub(crate) fn settings(&self) -> PathBuf {
        self.config.join("profile.toml")
    }

    /// The private key that `keygen` makes.
    pub(crate) fn key(&self) -> PathBuf {
        self.config.join("private.key")
    }

    /// The certificate that `keygen` makes.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.config.join("certificate.pem")
    }

    /// The sessions, a file each.
    pub(crate) fn sessions(&self) -> PathBuf {
        self.data.join("sessions")
    }

    /// The sandbox that runs, if one does.
    pub(crate) fn sandbox(&self) -> PathBuf {
        self.state.join("sandbox.json")
    }

    /// The lock of everything that the profile keeps.
    pub(crate) fn lock(&self) -> PathBuf {
        self.state.join("lock")
    }
}

fn no_home() -> Failure {
    Failure::new(Exit::Setup, "there is no home folder to keep anything in")
        .hint("set HOME, or XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_STATE_HOME, to absolute paths")
}

/// Makes a folder, and those above it, for its owner alone.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        Failure::new(Exit::Setup, format!("cannot make the folder `{}`", folder.display()))
            .because(error)
            .hint("set HOME, or XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_STATE_HOME, to places that can be written")
    })
}

/// The ending of a file that is not whole yet. A run that is killed leaves it behind, and the next one writes over it.
pub(crate) const NEW: &str = ".new";

/// Writes a file that only its owner reads, whole or not at all.
pub(crate) fn write_private(file: &Path, content: &[u8]) -> Result<(), Failure> {
    replace(file, &beside(file, NEW), content, true)
}

/// Writes a file that only its owner reads, and that is not there yet.
pub(crate) fn write_new_private(file: &Path, content: &[u8]) -> Result<(), Failure> {
    replace(file, &beside(file, NEW), content, false)
}

/// Writes a file by way of a temporary one in the same folder.
pub(crate) fn replace(file: &Path, new: &Path, content: &[u8], may_replace: bool) -> Result<(), Failure> {
    make_folder(folder(file))?;
    let written = temporary(new, PATIENCE).and_then(|temporary| {
        let mut temporary = temporary.ok_or(io::ErrorKind::ResourceBusy)?;
        temporary.write_all(content)?;
        temporary.as_file().sync_all()?;
        let kept = if may_replace { temporary.persist(file) } else { temporary.persist_noclobber(file) };
        kept.map(drop).map_err(|refused| refused.error)
    });
    written.map_err(|error| cannot_write(file, error))
}

/// The folder that a file is in.
pub(crate) fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What to say where a file cannot be written.
pub(crate) fn cannot_write(file: &Path, error: io::Error) -> Failure {
    let name = file.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::new(Exit::Setup, format!("`{name}` is there already, and stays"))
            .hint("move it away, or choose another place"),
        kind => Failure::new(Exit::Write, format!("cannot write `{name}`")).because(error).unwritten(kind),
    }
}

/// Reads a file that need not be there.
pub(crate) fn read(file: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Failure::new(Exit::Setup, format!("cannot read `{}`", file.display()))
            .because(error)
            .hint("it has to be a file of text that you may read: mend that, or take it away")),
    }
}

/// Whether others than its owner may read a file; unknown where there are no such permissions.
#[cfg(unix)]
pub(crate) fn is_open_to_others(file: &Path) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).ok().map(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// Whether others than its owner may read a file; unknown where there are no such permissions.
#[cfg(not(unix))]
pub(crate) fn is_open_to_others(_: &Path) -> Option<bool> {
    None
}
