//! `tilisy keygen`: creates a private key and a certificate.

use std::path::PathBuf;

use clap::Args;
use enablebanking_client::chrono::{Datelike as _, Days, Utc};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize};

use crate::disk::{Directories, write_new_private};
use crate::environment::{Environment, sandbox_directories};
use crate::failure::{Exit, Failure};
use crate::options::Global;
use crate::output::to_stdout;
use crate::progress::Progress;
use crate::steps;

/// Create an RSA key and a self-signed certificate for it.
///
/// The key stays on this machine, in a file that only you can read. The certificate is for `tilisy register` or the control
/// panel. Existing files are not overwritten.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The size of the key, in bits.
    #[arg(long, value_name = "BITS", default_value = "4096", value_parser = ["2048", "3072", "4096"])]
    bits: String,
    /// The subject of the certificate, such as `CN=My app,O=Example Oy,C=FI` (with CN, O, OU, L, ST and C).
    #[arg(long, value_name = "NAME", default_value = "CN=tilisy", value_parser = subject)]
    subject: DistinguishedName,
    /// The number of days for which the certificate is valid.
    #[arg(long, value_name = "DAYS", default_value_t = 825, value_parser = clap::value_parser!(u16).range(1..=3650))]
    days: u16,
    /// The file of the private key [default: in the profile].
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The file of the certificate [default: in the profile].
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let directories = || if global.sandbox { sandbox_directories(global) } else { Directories::of(&global.profile) };
    let key = arguments.key.map_or_else(|| directories().map(|directories| directories.key()), Ok)?;
    let certificate =
        arguments.certificate.map_or_else(|| directories().map(|directories| directories.certificate()), Ok)?;
    if key == certificate {
        return Err(Failure::new(Exit::Usage, "the key and the certificate cannot be the same file")
            .hint("give `--key` and `--certificate` different names"));
    }
    for file in [&key, &certificate] {
        if file.symlink_metadata().is_ok() {
            return Err(Failure::new(
                Exit::Setup,
                format!("`{}` exists already, and is not overwritten", file.display()),
            )
            .hint("it may be in use: move it away, or choose other files with `--key` and `--certificate`")
            .hint("another profile (`--profile`) has other files"));
        }
    }
    let made = make(&arguments.bits, arguments.subject, arguments.days)?;
    write_new_private(&key, made.key.as_bytes())?;
    write_new_private(&certificate, made.certificate.as_bytes()).inspect_err(|_| {
        // A key alone would block the next attempt, and it is not in use yet.
        let _ = std::fs::remove_file(&key);
    })?;
    let (key, certificate) = (key.display(), certificate.display());
    to_stdout(format!("private key  {key}\ncertificate  {certificate}\n").as_bytes())?;
    if !global.sandbox {
        steps::say_next(&Environment::open(global).await?);
    }
    Ok(())
}

/// A key and its certificate, in PEM.
pub(crate) struct Made {
    pub(crate) key: String,
    pub(crate) certificate: String,
}

pub(crate) fn make(bits: &str, subject: DistinguishedName, days: u16) -> Result<Made, Failure> {
    let _progress = Progress::waiting("creating a key");
    let cannot = |error: rcgen::Error| Failure::new(Exit::Other, "the key cannot be created").because(error);
    let size = match bits {
        "2048" => RsaKeySize::_2048,
        "3072" => RsaKeySize::_3072,
        _ => RsaKeySize::_4096,
    };
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size).map_err(cannot)?;
    let today = Utc::now().date_naive();
    let day = |days: u64| {
        let day = today.checked_add_days(Days::new(days)).unwrap_or(today);
        let part = |number: u32| u8::try_from(number).unwrap_or(1);
        rcgen::date_time_ymd(day.year(), part(day.month()), part(day.day()))
    };
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = subject;
    // From the start of today, since clocks differ.
    parameters.not_before = day(0);
    parameters.not_after = day(days.into());
    let certificate = parameters.self_signed(&key).map_err(cannot)?;
    Ok(Made { key: key.serialize_pem(), certificate: certificate.pem() })
}

/// Parses a name as RFC 4514 writes it, with its escapes of single characters.
pub(crate) fn subject(text: &str) -> Result<DistinguishedName, String> {
    let mut name = DistinguishedName::new();
    for part in parts(text) {
        let Some((kind, value)) = part.split_once('=') else {
            return Err(format!("`{part}` has no `=`"));
        };
        let value = unescape(value.trim());
        let kind = match kind.trim().to_ascii_uppercase().as_str() {
            "CN" => DnType::CommonName,
            "O" => DnType::OrganizationName,
            "OU" => DnType::OrganizationalUnitName,
            "L" => DnType::LocalityName,
            "ST" => DnType::StateOrProvinceName,
            "C" => DnType::CountryName,
            other => return Err(format!("`{other}` is not one of CN, O, OU, L, ST and C")),
        };
        if value.is_empty() || value.chars().any(char::is_control) || value.chars().count() > 64 {
            return Err(format!("the value in `{part}` is not 1 to 64 printable characters"));
        }
        if kind == DnType::CountryName && !(value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_uppercase())) {
            return Err(format!("the country in `{part}` is not two capital letters"));
        }
        if name.get(&kind).is_some() {
            return Err(format!("`{part}` repeats an attribute"));
        }
        name.push(kind, value);
    }
    match name.get(&DnType::CommonName) {
        Some(_) => Ok(name),
        None => Err("there is no common name (CN=…)".to_owned()),
    }
}

/// Returns the parts between commas that are not escaped.
fn parts(text: &str) -> Vec<String> {
    let (mut parts, mut escaped) = (vec![String::new()], false);
    for c in text.chars() {
        match parts.last_mut() {
            Some(_) if c == ',' && !escaped => parts.push(String::new()),
            Some(part) => part.push(c),
            None => {}
        }
        escaped = c == '\\' && !escaped;
    }
    parts
}

fn unescape(text: &str) -> String {
    let (mut plain, mut escaped) = (String::new(), false);
    for c in text.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_read_or_refused() {
        let read = |text| subject(text).map(|name| name.iter().count());
        assert_eq!(read("CN=My app"), Ok(1));
        assert_eq!(read("cn=Jäätelö, Oy,O=A\\, B\\\\,C=FI"), Err("` Oy` has no `=`".to_owned()));
        assert_eq!(read("CN=Jäätelö\\, Oy,O=A\\, B\\\\,C=FI"), Ok(3));
        let long = format!("CN={}", "x".repeat(65));
        for text in
            ["", "CN=", "O=x", "CN=a,CN=b", "CN=a,C=Finland", "CN=a,C=fi", "CN=a,E=b", "CN=a\nb", "/CN=a", &long]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
