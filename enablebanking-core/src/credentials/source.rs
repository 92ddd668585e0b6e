//! The sources of a private key, and the messages about unusable ones.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::error::{CredentialsError, CredentialsErrorKind as Kind};

/// The names of the variables.
struct Names {
    application_id: &'static str,
    key: &'static str,
    key_file: &'static str,
}

/// The current names, and the former names of the service.
const NAMES: [Names; 2] = [
    Names {
        application_id: "ENABLEBANKING_APPLICATION_ID",
        key: "ENABLEBANKING_PRIVATE_KEY",
        key_file: "ENABLEBANKING_PRIVATE_KEY_FILE",
    },
    Names { application_id: "TILISY_APPLICATION_ID", key: "TILISY_PRIVATE_KEY", key_file: "TILISY_PRIVATE_KEY_FILE" },
];

/// Most bytes of a file: a key of 8192 bits takes a tenth of it.
const MOST_BYTES: usize = 64 * 1024;

/// The source of a key.
pub(super) enum Place {
    /// In a text that the caller gave.
    Text,
    /// In a variable.
    Variable(&'static str),
    /// In a file, whose path may be shown.
    File(String),
    /// In a file of a path that may be a key.
    OddFile,
}

impl Place {
    /// Whoever mixes up the text and the path of a key must not find the key in a log.
    pub(super) fn file(path: &Path) -> Self {
        let text = path.to_string_lossy();
        let odd = text.len() > 300 || text.contains("-----") || text.chars().any(char::is_control);
        if odd { Self::OddFile } else { Self::File(text.into_owned()) }
    }

    pub(super) fn refusal(&self, kind: Kind) -> CredentialsError {
        CredentialsError::new(kind, format!("{self} {}", finding(kind)))
    }

    fn unreadable(&self, reason: impl fmt::Display) -> CredentialsError {
        let hint = match self {
            Self::OddFile => "give the path of a file that holds the key, not the key",
            _ => "give the path of a file that holds the private key in PEM",
        };
        CredentialsError::new(Kind::Unreadable, format!("{self} cannot be read: {reason} ({hint})"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => formatter.write_str("the PEM text"),
            Self::Variable(name) => write!(formatter, "`{name}`"),
            Self::File(path) => write!(formatter, "the file `{path}`"),
            Self::OddFile => formatter.write_str("a file whose path looks like a key"),
        }
    }
}

/// Returns the description of an unusable key, and what to do.
fn finding(kind: Kind) -> &'static str {
    match kind {
        Kind::NoPrivateKey => "holds no private key in PEM (it begins with `-----BEGIN PRIVATE KEY-----`)",
        Kind::PublicKey => "holds a public key (give the private key that it belongs to)",
        Kind::Certificate => "holds a certificate (give the private key that it was made with)",
        Kind::Encrypted => "holds an encrypted key (decrypt it: `openssl pkey -in encrypted.pem -out private.pem`)",
        Kind::OpenSsh => "holds a key in the format of OpenSSH (convert a copy: `ssh-keygen -p -m PEM -f copy`)",
        Kind::NotRsa => "holds a private key that is not plain RSA (register a key made by `openssl genrsa 4096`)",
        Kind::TooShort => "holds an RSA key of fewer than 2048 bits (register a key made by `openssl genrsa 4096`)",
        Kind::TooLong => "holds an RSA key of more than 8192 bits (register a key made by `openssl genrsa 4096`)",
        _ => "holds a private key that is cut short or garbled (copy it again, first line to last)",
    }
}

/// The id in `text`, which is never shown: a key may have got in its place.
pub(super) fn application_id(text: &str, place: &str) -> Result<Uuid, CredentialsError> {
    Uuid::try_parse(bare(text)).map_err(|_| {
        let hint = "(give the id that registration returned, like `cf589be3-3755-465b-a8df-a90a16a31403`)";
        CredentialsError::new(Kind::ApplicationId, format!("{place} is no UUID {hint}"))
    })
}

/// A value without the white space and the quotes around it.
fn bare(text: &str) -> &str {
    text.trim().trim_matches(['"', '\'']).trim()
}

pub(super) fn read(path: &Path, place: &Place) -> Result<Zeroizing<Vec<u8>>, CredentialsError> {
    // Room for all of it at once: a vector that grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(MOST_BYTES + 64));
    let file = File::open(path).map_err(|error| place.unreadable(reason(&error)))?;
    let limit = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut text).map_err(|error| place.unreadable(reason(&error)))?;
    if text.len() > MOST_BYTES {
        return Err(place.unreadable("it is larger than 64 KiB"));
    }
    Ok(text)
}

/// Returns the reason of an error, without the path that some messages of the system contain.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        kind => kind.to_string(),
    }
}

/// Credentials from environment variables, before the key is parsed.
pub(super) struct Source {
    pub(super) application_id: Uuid,
    pub(super) pem: Zeroizing<Vec<u8>>,
    pub(super) place: Place,
}

/// Reads the variables with the current names, or those with the former names if only they are set. The two are not mixed,
/// so that a key never signs for the application of the other.
pub(super) fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Source, CredentialsError> {
    let variable = |name| variable(name).filter(|value| !value.to_string_lossy().trim().is_empty());
    let missing = |text: String| CredentialsError::new(Kind::VariableMissing, text);
    let is_set =
        |names: &&Names| [names.application_id, names.key, names.key_file].iter().any(|name| variable(name).is_some());
    let Some(Names { application_id: id_name, key, key_file }) = NAMES.iter().find(is_set) else {
        let text = "`ENABLEBANKING_APPLICATION_ID` is not set (set it to the application id; the former name \
            `TILISY_APPLICATION_ID` works too)";
        return Err(missing(text.to_owned()));
    };
    let id =
        variable(id_name).ok_or_else(|| missing(format!("`{id_name}` is not set (set it to the application id)")))?;
    let application_id = application_id(&id.to_string_lossy(), &format!("`{id_name}`"))?;
    let (pem, place) = match (variable(key), variable(key_file)) {
        (Some(_), Some(_)) => {
            let text = format!("both `{key}` and `{key_file}` are set (unset one of them)");
            return Err(CredentialsError::new(Kind::VariableConflict, text));
        }
        (Some(pem), None) => (Zeroizing::new(pem.into_encoded_bytes()), Place::Variable(key)),
        (None, Some(path)) => {
            let path = path.to_str().map_or(path.clone(), |path| bare(path).into());
            let place = Place::file(path.as_ref());
            (read(path.as_ref(), &place)?, place)
        }
        (None, None) => return Err(missing(format!("neither `{key}` nor `{key_file}` is set (set one of them)"))),
    };
    Ok(Source { application_id, pem, place })
}
