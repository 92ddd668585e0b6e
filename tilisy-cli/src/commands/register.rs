//! `tilisy register`: an application, from its certificate.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use enablebanking_client::ErrorKind;
use enablebanking_client::registration::types::{self, ApplicationRegistration};
use enablebanking_client::registration::{Client, Error};
use enablebanking_client::uuid::Uuid;

use super::keygen;
use crate::disk::{Lock, write_new_private};
use crate::environment::{Backend, Environment, REDIRECT_URL};
use crate::failure::{Exit, Failure};
use crate::hints;
use crate::message::{say, warn};
use crate::options::Global;
use crate::output::to_stdout;
use crate::panel;
use crate::steps;
use crate::stored::{Login, Profile};
use crate::text::{clean, counted};

/// Register an application with the certificate at the control panel.
///
/// Sign in to the control panel with `tilisy login EMAIL` first. Instead, a token of the control panel (not one of `tilisy
/// token`) can be in the variable TILISY_REGISTRATION_TOKEN, or is asked for. An application that was registered in a
/// browser is recorded with `--id`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The name that is shown when consent is asked for.
    #[arg(long, default_value = "tilisy")]
    name: String,
    /// The environment of the application; it cannot be changed later.
    #[arg(long, value_enum, default_value_t = Kind::Sandbox)]
    environment: Kind,
    /// The file of the certificate [default: that of the profile].
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// A redirect address; can be given more than once. [default: http://127.0.0.1:8080/redirect]
    #[arg(long, env = "TILISY_REDIRECT_URL", value_name = "URL")]
    redirect_url: Vec<String>,
    /// The description of the application (required for production).
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// A mail address for questions about data protection (required for production).
    #[arg(long, value_name = "ADDRESS")]
    gdpr_email: Option<String>,
    /// The URL of the privacy policy (required for production).
    #[arg(long, value_name = "URL")]
    privacy_url: Option<String>,
    /// The URL of the terms of service (required for production).
    #[arg(long, value_name = "URL")]
    terms_url: Option<String>,
    /// Record the id of an existing application instead of registering one.
    #[arg(long, value_name = "UUID", conflicts_with_all = ["name", "environment", "certificate", "description", "gdpr_email", "privacy_url", "terms_url"])]
    id: Option<Uuid>,
    /// Replace the application of the profile.
    #[arg(long)]
    replace: bool,
    /// The URL of the control panel's API, with its path [default: that of the service].
    #[arg(long, value_name = "URL", hide_short_help = true)]
    control_panel: Option<String>,
}

/// The source of the application id.
enum Source {
    Recorded(Uuid),
    New(Token, Box<ApplicationRegistration>),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Kind {
    /// Simulated banks; active at once.
    Sandbox,
    /// Real banks; active once accounts are linked in the control panel, or by a contract.
    Production,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    if global.sandbox && arguments.environment == Kind::Production {
        return Err(Failure::new(Exit::Usage, "a sandbox has no production").hint("leave out `--environment`"));
    }
    let environment = Environment::open(global).await?;
    check_profile(&environment, &environment.profile, &arguments)?;
    if let Backend::Own(_) = environment.backend
        && arguments.certificate.is_none()
    {
        let name = keygen::subject("CN=tilisy").map_err(|text| Failure::new(Exit::Other, text))?;
        let made = keygen::make("2048", name, 1)?;
        write_new_private(&environment.directories.key(), made.key.as_bytes())?;
        write_new_private(&environment.directories.certificate(), made.certificate.as_bytes())?;
    }
    let mut redirect_urls = arguments.redirect_url.clone();
    if redirect_urls.is_empty() {
        redirect_urls.push(environment.redirect_url(None));
    }
    check_redirects(&redirect_urls, arguments.environment)?;
    let source = match arguments.id {
        Some(id) => Source::Recorded(id),
        None => prepare(&environment, &arguments, &redirect_urls).await?,
    };
    // Not before the prompt. Another run may have registered an application since the profile was read.
    let lock = Lock::of(&environment.directories).await?;
    let mut profile = Profile::read(&environment.directories)?;
    if profile.application_id != environment.profile.application_id {
        check_profile(&environment, &profile, &arguments)?;
    }
    let id = match source {
        Source::Recorded(id) => id,
        Source::New(token, body) => send(&environment, token, &body, &arguments, &lock).await?,
    };
    profile.application_id = Some(id);
    profile.redirect_url = redirect_urls.into_iter().next().filter(|url| url != REDIRECT_URL);
    if let Some(file) = &global.key_file {
        profile.key_file = Some(std::path::absolute(file).unwrap_or_else(|_| file.clone()));
    }
    if let (Backend::Service, Some(host)) = (&environment.backend, &global.host) {
        profile.host = Some(host.clone());
        profile.audience = global.audience.clone();
    }
    // The id is printed even if it cannot be stored.
    let kept = profile.write(&environment.directories);
    let printed = to_stdout(format!("application id  {id}\n").as_bytes());
    kept.map_err(|failure| {
        failure.hint(format!("the application is registered, and has the id {id}: record it with `--id`"))
    })?;
    printed?;
    if arguments.environment == Kind::Production && arguments.id.is_none() {
        say(&format!("(the application is not active yet: {})", hints::activation()));
        steps::say_next_is(
            &environment,
            &format!("link your accounts at {}, then check with `{} doctor`", hints::ADDRESS, global.command()),
        );
    } else {
        environment.say_what_stays();
        steps::say_next(&environment.reopened()?);
    }
    Ok(())
}

/// The token of a request.
enum Token {
    /// That of a sign-in, which can be renewed.
    SignedIn(Login),
    Given(String),
}

/// Prepares the request, with a token of the control panel.
async fn prepare(
    environment: &Environment,
    arguments: &Arguments,
    redirect_urls: &[String],
) -> Result<Source, Failure> {
    let certificate = certificate(environment, arguments)?;
    let base = panel::base(environment, arguments.control_panel.as_deref());
    // A URL that cannot be used is reported before a prompt.
    panel::client(&base)?;
    let is_in_variable = std::env::var("TILISY_REGISTRATION_TOKEN").is_ok_and(|token| !token.trim().is_empty());
    let login = if is_in_variable { None } else { panel::stored(&environment.directories, &base).await? };
    let token = match (login, &environment.backend) {
        (Some(login), _) => Token::SignedIn(login),
        (None, Backend::Service) => Token::Given(panel::token()?),
        (None, Backend::Running(record)) => Token::Given(record.registration_token.clone()),
        (None, Backend::Own(own)) => Token::Given(own.sandbox.registration_token().to_owned()),
    };
    let kind = match arguments.environment {
        Kind::Sandbox => types::Environment::Sandbox,
        Kind::Production => types::Environment::Production,
    };
    let mut body = ApplicationRegistration::new(certificate, kind, &arguments.name, redirect_urls.to_vec());
    body.description.clone_from(&arguments.description);
    body.gdpr_email.clone_from(&arguments.gdpr_email);
    body.privacy_url.clone_from(&arguments.privacy_url);
    body.terms_url.clone_from(&arguments.terms_url);
    Ok(Source::New(token, Box::new(body)))
}

fn client(base: &str, token: &str) -> Result<Client, Failure> {
    let client = Client::with_token(base, token);
    client.map_err(|error| Failure::new(Exit::Setup, error.to_string()).hint(hints::PANEL_URL))
}

/// Registers the application. A token of a sign-in that the control panel refuses is renewed once.
async fn send(
    environment: &Environment,
    token: Token,
    body: &ApplicationRegistration,
    arguments: &Arguments,
    lock: &Lock,
) -> Result<Uuid, Failure> {
    let base = panel::base(environment, arguments.control_panel.as_deref());
    let text = match &token {
        Token::SignedIn(login) => &login.id_token,
        Token::Given(text) => text,
    };
    let error = match client(&base, text)?.register_application(body).await {
        Ok(response) => return Ok(response.app_id),
        Err(error) => error,
    };
    match token {
        Token::SignedIn(login) if matches!(error.status(), Some(401 | 403)) && login.refresh_token.is_some() => {
            let login = panel::renew_locked(&environment.directories, login, lock).await?;
            let again = client(&base, &login.id_token)?.register_application(body).await;
            again.map(|response| response.app_id).map_err(|error| refused(error, &base))
        }
        _ => Err(refused(error, &base)),
    }
}

/// Explains an error of the control panel.
fn refused(error: Error, url: &str) -> Failure {
    // Statuses of an unknown path, or of a web page in place of the API.
    let is_elsewhere = matches!(error.status(), Some(300..=399 | 404 | 405 | 410))
        || error.kind() == ErrorKind::Unexpected && error.status() == Some(200);
    let failure = Failure::from(error);
    if !is_elsewhere {
        return failure;
    }
    let elsewhere = format!("there may be no registration API at `{}`", clean(url));
    failure.hint_first(hints::PANEL_URL).hint_first(elsewhere)
}

/// A second application is rarely meant, and the id of the first is kept nowhere else.
fn check_profile(environment: &Environment, profile: &Profile, arguments: &Arguments) -> Result<(), Failure> {
    match (profile.application_id, arguments.replace) {
        (Some(id), false) => Err(Failure::new(Exit::Setup, format!("the profile has an application already, {id}"))
            .hint("keep both with another `--profile`, or let the new one take its place with `--replace`")),
        (Some(id), true) => {
            let consents = environment.consents()?.all()?.len();
            if consents > 0 && arguments.id != Some(id) {
                let command = environment.global.command();
                warn(&format!(
                    "{} of the earlier application stay at the banks: `{command} disconnect --all --application-id {id}` \
                     ends them",
                    counted(consents, "consent")
                ));
            }
            Ok(())
        }
        (None, _) => Ok(()),
    }
}

/// Returns the certificate, and refuses a private key.
fn certificate(environment: &Environment, arguments: &Arguments) -> Result<String, Failure> {
    let file = arguments.certificate.clone().unwrap_or_else(|| environment.directories.certificate());
    let name = file.display();
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Failure::new(Exit::Setup, format!("no certificate exists at `{name}`"))
                .hint("`tilisy keygen` creates one with its key; `--certificate` takes another file"));
        }
        Err(error) => {
            return Err(Failure::new(Exit::Setup, format!("cannot read `{name}`"))
                .because(error)
                .hint("give the file of the certificate, in PEM, to `--certificate`"));
        }
    };
    if text.contains("PRIVATE KEY-----") {
        return Err(Failure::new(Exit::Setup, format!("`{name}` contains a private key, which must not be sent"))
            .hint("give the certificate alone to `--certificate`"));
    }
    if !text.contains("-----BEGIN CERTIFICATE-----") && !text.contains("-----BEGIN PUBLIC KEY-----") {
        return Err(Failure::new(Exit::Setup, format!("`{name}` does not contain a certificate in PEM")).hint(
            "a certificate starts with `-----BEGIN CERTIFICATE-----`; `tilisy keygen` creates one with its key",
        ));
    }
    Ok(text)
}

fn check_redirects(urls: &[String], environment: Kind) -> Result<(), Failure> {
    for url in urls {
        let address = clean(url);
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(Failure::new(Exit::Usage, format!("the redirect address `{address}` is not a URL"))
                .hint("it starts with https://, or with http:// on this machine"));
        }
        if environment == Kind::Production && url.starts_with("http://") {
            warn(&format!("the service refuses http for production (`{address}`)"));
        }
    }
    Ok(())
}
