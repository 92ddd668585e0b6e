//! The settings of a command: from the command line, else the environment, else the profile, else the default.

use std::net::IpAddr;
use std::path::PathBuf;

use enablebanking_client::uuid::Uuid;
use enablebanking_client::{ApiHost, Credentials, PsuHeaders};

use crate::disk::Directories;
use crate::failure::{Exit, Failure};
use crate::options::{Global, Psu};
use crate::stored::Profile;

/// Returns the host of the API.
pub(crate) fn host(global: &Global, profile: &Profile) -> Result<ApiHost, Failure> {
    // The audience of the profile belongs to the host of the profile.
    let (named, audience) = match &global.host {
        Some(host) => (host.as_str(), global.audience.as_deref()),
        None => {
            let audience = global.audience.as_deref().or(profile.audience.as_deref());
            (profile.host.as_deref().unwrap_or("enablebanking"), audience)
        }
    };
    match (named, audience) {
        ("enablebanking", None) => Ok(ApiHost::EnableBanking),
        ("tilisy", None) => Ok(ApiHost::Tilisy),
        ("enablebanking" | "tilisy", Some(_)) => {
            Err(Failure::new(Exit::Usage, format!("`--host {named}` has its own audience"))
                .hint("leave `--audience` out, or give a URL to `--host`"))
        }
        (url, audience) => {
            let Some(domain) = domain(url) else {
                return Err(Failure::new(Exit::Usage, "the host is neither a name nor a URL")
                    .hint("`--host` takes `enablebanking`, `tilisy`, or something like `https://api.example.com`"));
            };
            // Messages that name the host would show it.
            if url.contains('@') {
                return Err(Failure::new(Exit::Usage, "the host has a name or a password in it")
                    .hint("leave out the part before the `@`: the API authenticates by tokens only"));
            }
            Ok(ApiHost::custom(url.trim_end_matches('/'), audience.unwrap_or(domain)))
        }
    }
}

/// Returns the domain of a URL.
fn domain(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = match authority.split_once(']') {
        Some((address, _)) => &authority[..=address.len()],
        None => authority.split(':').next()?,
    };
    Some(host).filter(|host| !host.is_empty())
}

/// Returns the id and key of the application.
pub(crate) fn credentials(
    global: &Global,
    profile: &Profile,
    directories: &Directories,
) -> Result<Credentials, Failure> {
    // A wrong key is reported even before an application is registered.
    let key = key(global, profile, directories)?;
    let id = application_id(global, profile)?.ok_or_else(|| {
        Failure::new(Exit::Setup, "no application id is set")
            .hint(
                "`tilisy register` registers an application; `tilisy register --id UUID` records one that exists already",
            )
            .hint("`--sandbox` needs neither")
    })?;
    match key {
        Key::Text(text) => Ok(Credentials::from_pem(&id.to_string(), text)?),
        Key::File(file) => Ok(Credentials::from_file(&id.to_string(), file)?),
    }
}

/// Returns the id of the application, if one is set.
pub(crate) fn application_id(global: &Global, profile: &Profile) -> Result<Option<Uuid>, Failure> {
    match global.application_id.as_deref().map(str::trim).filter(|id| !id.is_empty()) {
        // Not shown: it may be a secret that was put in the wrong place.
        Some(id) => id.parse().map(Some).map_err(|_| {
            Failure::new(Exit::Setup, "the application id is not a UUID")
                .hint("the application id is the one that `tilisy register` or the control panel gave")
        }),
        None => Ok(profile.application_id),
    }
}

/// The source of the private key.
pub(crate) enum Key {
    Text(String),
    File(PathBuf),
}

/// Returns the source of the private key of the application.
pub(crate) fn key(global: &Global, profile: &Profile, directories: &Directories) -> Result<Key, Failure> {
    let text = std::env::var("TILISY_PRIVATE_KEY").ok().filter(|text| !text.trim().is_empty());
    match (text, &global.key_file) {
        (Some(_), Some(_)) => Err(Failure::new(Exit::Setup, "two private keys are set, as a text and as a file")
            .hint("unset TILISY_PRIVATE_KEY, or leave out `--key-file` and TILISY_PRIVATE_KEY_FILE")),
        (Some(text), None) => Ok(Key::Text(text)),
        (None, Some(file)) => Ok(Key::File(file.clone())),
        (None, None) => {
            let file = profile.key_file.clone().unwrap_or_else(|| directories.key());
            if !file.exists() {
                let missing = format!("no private key exists at `{}`", file.display());
                return Err(Failure::new(Exit::Setup, missing)
                    .hint("`tilisy keygen` creates one; pass `--key-file` for one that you have")
                    .hint("`--sandbox` needs none"));
            }
            Ok(Key::File(file))
        }
    }
}

/// Returns the headers of a PSU who is present, if the settings have one.
pub(crate) fn psu(psu: &Psu, profile: &Profile, is_sandbox: bool) -> Result<Option<PsuHeaders>, Failure> {
    let address: Option<IpAddr> = psu.psu_ip_address.or(profile.psu_ip_address);
    let user_agent = psu.psu_user_agent.as_deref().or(profile.psu_user_agent.as_deref());
    if address.is_none() && user_agent.is_none() {
        return Ok(None);
    }
    let headers = || {
        let mut headers = PsuHeaders::empty();
        if is_sandbox {
            headers = headers.allow_private_address();
        }
        if let Some(address) = address {
            headers = headers.ip_address(address)?;
        }
        match user_agent {
            Some(user_agent) => headers.user_agent(user_agent),
            None => Ok(headers),
        }
    };
    headers().map(Some).map_err(|error| {
        Failure::new(Exit::Usage, "the PSU headers are not valid")
            .because(error)
            .hint("`--psu-ip-address` is your public address, `--psu-user-agent` the user agent of your browser")
    })
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn the_domain_of_a_url_is_its_audience() {
        for (url, found) in [
            ("https://api.example.com", Some("api.example.com")),
            ("https://api.example.com:8443/v1?x=1", Some("api.example.com")),
            ("http://127.0.0.1:8080", Some("127.0.0.1")),
            ("http://[::1]:80/", Some("[::1]")),
            ("https://", None),
            ("api.example.com", None),
            ("", None),
        ] {
            assert_eq!(domain(url), found, "{url}");
        }
    }
}
