//! The settings of a profile, in a file that people may edit.

use std::path::{Path, PathBuf};

use enablebanking_client::uuid::Uuid;
use serde::Deserialize;
use toml_edit::{DocumentMut, Item, value};

use super::version;
use crate::disk::{self, Directories};
use crate::failure::{Exit, Failure};

/// The last version that is read.
const VERSION: u32 = 1;

/// The settings of a profile. The command line and the environment take precedence over them.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// The version of the format. A file that people wrote need not have it.
    #[serde(default)]
    version: Option<u64>,
    /// The application's id, the `kid` of its tokens.
    pub(crate) application_id: Option<Uuid>,
    /// The application's private key.
    pub(crate) key_file: Option<PathBuf>,
    /// `enablebanking`, `tilisy`, or a URL.
    pub(crate) host: Option<String>,
    /// The audience of tokens, if the host is a URL.
    pub(crate) audience: Option<String>,
    /// The address that the bank sends the browser back to.
    pub(crate) redirect_url: Option<String>,
    /// The public IP address of the PSU.
    pub(crate) psu_ip_address: Option<std::net::IpAddr>,
    /// The user agent of the PSU's browser.
    pub(crate) psu_user_agent: Option<String>,
    /// The language of the bank's pages, a two-letter ISO 639 code.
    pub(crate) language: Option<String>,
}

impl Profile {
    /// Reads the settings of a profile. Without a file, all are unset.
    pub(crate) fn read(directories: &Directories) -> Result<Self, Failure> {
        let file = directories.settings();
        match disk::read(&file)? {
            Some(text) => Self::parse(&text, &file),
            None => Ok(Self::default()),
        }
    }

    fn parse(text: &str, file: &Path) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Versioned {
            version: Option<u64>,
        }
        // Before unknown names are refused: a later version may have more of them.
        if let Ok(Versioned { version: Some(version) }) = toml::from_str(text) {
            version::check(version, file, VERSION)?;
        }
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let place = format!("{}:{line}", file.display());
            Failure::new(Exit::Setup, format!("{place}: {}", error.message()))
                .hint("fix that line, or move the file away to start over")
        })
    }

    /// Writes the settings. Comments and the order of an existing file stay.
    pub(crate) fn write(&self, directories: &Directories) -> Result<(), Failure> {
        let file = directories.settings();
        let text = disk::read(&file)?.unwrap_or_default();
        disk::write_private(&file, self.written_over(&text, &file)?.as_bytes())
    }

    fn written_over(&self, text: &str, file: &Path) -> Result<String, Failure> {
        let mut document: DocumentMut = text.parse().map_err(|_| {
            Failure::new(Exit::Setup, format!("`{}` is not valid TOML", file.display())).hint("fix or remove the file")
        })?;
        let key_file = self.key_file.as_ref().map(|file| file.to_string_lossy().into_owned());
        let texts = [
            ("application_id", self.application_id.map(|id| id.to_string())),
            ("key_file", key_file),
            ("host", self.host.clone()),
            ("audience", self.audience.clone()),
            ("redirect_url", self.redirect_url.clone()),
            ("psu_ip_address", self.psu_ip_address.map(|address| address.to_string())),
            ("psu_user_agent", self.psu_user_agent.clone()),
            ("language", self.language.clone()),
        ];
        for (name, text) in texts {
            match (text, document.get_mut(name)) {
                (Some(text), Some(Item::Value(known))) if known.as_str() == Some(&text) => {}
                // The comment beside a value stays with it.
                (Some(text), Some(Item::Value(known))) => {
                    let decor = known.decor().clone();
                    *known = text.into();
                    *known.decor_mut() = decor;
                }
                (Some(text), _) => drop(document.insert(name, value(text))),
                (None, _) => drop(document.remove(name)),
            }
        }
        Ok(document.to_string())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use std::fs;
    use std::sync::Barrier;

    use super::*;
    use crate::disk::Lock;

    #[test]
    fn comments_stay_where_settings_change() {
        let file = Path::new("profile.toml");
        let text = "# Ours.\nhost = \"tilisy\" # the old one\n\nlanguage = \"fi\"\n";
        let profile = Profile { host: Some("enablebanking".to_owned()), ..Profile::parse(text, file).unwrap() };
        let written = profile.written_over(text, file).unwrap();
        assert_eq!(written, "# Ours.\nhost = \"enablebanking\" # the old one\n\nlanguage = \"fi\"\n");
        assert_eq!(Profile::parse(&written, file).unwrap(), profile);
        let cleared = Profile::default().written_over(&written, file).unwrap();
        assert!(!cleared.contains("enablebanking") && Profile::parse(&cleared, file).unwrap() == Profile::default());
    }

    #[test]
    fn profiles_of_later_versions_and_typing_errors_are_refused() {
        let refused = |text| Profile::parse(text, Path::new("p.toml")).unwrap_err().text().to_owned();
        assert!(refused("version = 2\nunknown = 1").contains("`p.toml` has format 2,"));
        let typing_error = refused("\nhots = \"tilisy\"");
        assert!(typing_error.starts_with("p.toml:2: unknown field `hots`"), "{typing_error}");
        assert!(Profile::parse("version = 1", Path::new("p.toml")).is_ok());
    }

    #[test]
    fn of_two_commands_that_read_a_profile_at_once_one_writes_it() {
        // In memory where that is possible, since each file is synced.
        let folder = tempfile::TempDir::new_in("/dev/shm").or_else(|_| tempfile::TempDir::new()).unwrap();
        let directories = Directories::within(folder.path());
        // Windows starts a process for each file.
        for round in 0..if cfg!(windows) { 50 } else { 1_000 } {
            let barrier = Barrier::new(2);
            let write = |id: u128| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                barrier.wait();
                let _lock = runtime.block_on(Lock::of(&directories)).unwrap();
                let mut profile = Profile::read(&directories).unwrap();
                let is_first = profile.application_id.is_none();
                if is_first {
                    profile.application_id = Some(Uuid::from_u128(id));
                    profile.write(&directories).unwrap();
                }
                is_first
            };
            let wrote = std::thread::scope(|scope| {
                [scope.spawn(|| write(1)), scope.spawn(|| write(2))].map(|thread| thread.join().unwrap())
            });
            let kept = Profile::read(&directories).unwrap().application_id.unwrap().as_u128();
            assert_eq!(wrote, [kept == 1, kept == 2], "round {round}");
            fs::remove_file(directories.settings()).unwrap();
        }
    }
}
