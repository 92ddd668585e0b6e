//! The sign-in to the control panel, and its token.

use std::io::{IsTerminal as _, stdin};

use enablebanking_client::ErrorKind;
use enablebanking_client::chrono::{TimeDelta, Utc};
use enablebanking_client::control_panel::types::{SignInRequest, TokenRequest};
use enablebanking_client::control_panel::{Client, Error, SERVER};

use crate::disk::{Directories, Lock};
use crate::environment::{Backend, Environment};
use crate::failure::{Exit, Failure, said_in};
use crate::hints;
use crate::stored::Login;

/// Returns the URL of the control panel's API: the given one, else that of the sandbox, else that of the service.
pub(crate) fn base(environment: &Environment, given: Option<&str>) -> String {
    match (given, &environment.backend) {
        (Some(url), _) => url.trim_end_matches('/').to_owned(),
        (None, Backend::Service) => SERVER.to_owned(),
        (None, Backend::Running(record)) => format!("{}/api", record.url),
        (None, Backend::Own(own)) => format!("{}/api", own.sandbox.url()),
    }
}

/// Creates a client without a token.
pub(crate) fn client(base: &str) -> Result<Client, Failure> {
    Client::new(base).map_err(|error| Failure::new(Exit::Setup, error.to_string()).hint(hints::PANEL_URL))
}

/// Signs in with the code of a mail.
pub(crate) async fn sign_in(base: &str, email: &str, code: &str) -> Result<Login, Failure> {
    let response = client(base)?.sign_in(&SignInRequest::new(email, code)).await;
    let response = response.map_err(|error| match error.status() {
        Some(400..=499) => Failure::new(Exit::Auth, "the control panel does not accept the link")
            .hint("a link is valid for a short time, and once: run `tilisy login` again, and open the newest mail"),
        _ => explained(&error),
    })?;
    let lifetime = response.lifetime();
    let mut login = Login::new(base, Some(email), response.id_token, Some(response.refresh_token));
    login.expires_at = lifetime.and_then(|lifetime| Some(Utc::now() + TimeDelta::from_std(lifetime).ok()?));
    Ok(login)
}

/// Returns the stored sign-in at `base` with a token that is not over, if there is one.
pub(crate) async fn stored(directories: &Directories, base: &str) -> Result<Option<Login>, Failure> {
    match Login::read(directories)?.filter(|login| login.panel == base) {
        Some(login) if login.is_over(Utc::now()) => renew(directories, login).await.map(Some),
        login => Ok(login),
    }
}

/// Renews the token of a sign-in, and stores it.
async fn renew(directories: &Directories, login: Login) -> Result<Login, Failure> {
    let lock = Lock::of(directories).await?;
    renew_locked(directories, login, &lock).await
}

/// Does the same for a command that has the lock.
pub(crate) async fn renew_locked(directories: &Directories, login: Login, _: &Lock) -> Result<Login, Failure> {
    let Some(refresh_token) = &login.refresh_token else { return Err(ended()) };
    // Another command may have renewed it in the meantime.
    let current = Login::read(directories)?.filter(|current| current.panel == login.panel);
    if let Some(current) = current.filter(|current| current.id_token != login.id_token && !current.is_over(Utc::now()))
    {
        return Ok(current);
    }
    let response = client(&login.panel)?.renew_token(&TokenRequest::of(refresh_token)).await;
    let response = response.map_err(|error| match error.status() {
        Some(400 | 401 | 403) => ended(),
        _ => explained(&error),
    })?;
    let lifetime = response.lifetime();
    let mut renewed = login.clone();
    renewed.id_token = response.id_token;
    renewed.refresh_token = response.refresh_token.or(login.refresh_token);
    renewed.expires_at = lifetime.and_then(|lifetime| Some(Utc::now() + TimeDelta::from_std(lifetime).ok()?));
    renewed.write(directories)?;
    Ok(renewed)
}

/// Returns a token of a person, from the environment or a prompt: as an argument, other users could read it.
pub(crate) fn token() -> Result<String, Failure> {
    let token = match std::env::var("TILISY_REGISTRATION_TOKEN") {
        Ok(token) if !token.trim().is_empty() => token,
        // A script must not wait for input.
        _ if !stdin().is_terminal() => String::new(),
        _ => rpassword::prompt_password("Token of the control panel (it is not shown): ").unwrap_or_default(),
    };
    match token.trim() {
        "" => Err(Failure::new(Exit::Setup, "there is no token of the control panel")
            .hint("sign in with `tilisy login EMAIL`, or set TILISY_REGISTRATION_TOKEN to a token")),
        token => Ok(token.to_owned()),
    }
}

fn ended() -> Failure {
    Failure::new(Exit::Auth, "the sign-in to the control panel has ended").hint("sign in again: `tilisy login EMAIL`")
}

/// Explains an error of the sign-in. Its requests are not documented, so that they may have changed.
pub(crate) fn explained(error: &Error) -> Failure {
    let unreachable = error.kind() == ErrorKind::NotSent;
    let (exit, hint) = match error.status() {
        _ if unreachable => (Exit::Unavailable, "check the network and `--control-panel`; no request was sent"),
        Some(429) => (Exit::Wait, "too many mails were requested: wait some minutes"),
        Some(500..) => (Exit::Unavailable, "try again in a minute"),
        Some(400..=499) => (Exit::Refused, "check the mail address"),
        _ => (Exit::Other, hints::PANEL_URL),
    };
    let mut text = error.to_string();
    if let Some(said) = error.body().and_then(said_in) {
        text.push_str(&format!(" (the control panel says: {said})"));
    }
    let failure = Failure::new(exit, text).hint(hint);
    if unreachable { failure } else { failure.hint(hints::pasted_token()) }
}
