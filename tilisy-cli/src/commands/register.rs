//! `tilisy register`: an application, from its certificate.

use std::io::{IsTerminal as _, stdin};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use tilisy_client::ErrorKind;
use tilisy_client::registration::types::{ApplicationRegistration, Environment};
use tilisy_client::registration::{Client, Error, SERVER};
use tilisy_client::uuid::Uuid;

use super::keygen;
use crate::arguments::Global;
use crate::failure::{Exit, Failure, say, warn};
use crate::home::write_new_private;
use crate::lock::Lock;
use crate::output::to_stdout;
use crate::place::{Place, REDIRECT_URL, Side};
use crate::profile::Profile;
use crate::text::{clean, counted};

/// Register an application with the certificate, at the service's control panel.
///
/// The control panel wants the token of a person who is signed in there (not one of `tilisy token`): it is read from
/// TILISY_REGISTRATION_TOKEN, or asked for. An application that was registered in a browser is recorded with `--id`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What customers see when they are asked for their consent.
    #[arg(long, default_value = "tilisy")]
    name: String,
    /// Where the application works; it cannot be changed later.
    #[arg(long, value_enum, default_value_t = Kind::Sandbox)]
    environment: Kind,
    /// The certificate; that of the profile if not given.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// An address that customers may be sent back to; can be given more than once. [default: http://127.0.0.1:8080/redirect]
    #[arg(long, env = "TILISY_REDIRECT_URL", value_name = "URL")]
    redirect_url: Vec<String>,
    /// What the application is for (wanted for production).
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// A mail address for questions about data protection (wanted for production).
    #[arg(long, value_name = "ADDRESS")]
    gdpr_email: Option<String>,
    /// Where the privacy policy is (wanted for production).
    #[arg(long, value_name = "URL")]
    privacy_url: Option<String>,
    /// Where the terms of service are (wanted for production).
    #[arg(long, value_name = "URL")]
    terms_url: Option<String>,
    /// Registers nothing: records the id of an application that there is already.
    #[arg(long, value_name = "UUID", conflicts_with_all = ["name", "environment", "certificate", "description", "gdpr_email", "privacy_url", "terms_url"])]
    id: Option<Uuid>,
    /// Let it take the place of the application that the profile has.
    #[arg(long)]
    replace: bool,
    /// The URL of the control panel's API, with its path.
    #[arg(long, value_name = "URL", default_value = SERVER, hide_short_help = true)]
    control_panel: String,
}

/// Hint for a wrong URL of the control panel.
const PANEL_URL: &str =
    "`--control-panel` takes the URL of the API with its path, such as https://enablebanking.com/api";

/// The source of the application id.
enum Source {
    Recorded(Uuid),
    New(Box<Client>, Box<ApplicationRegistration>),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Kind {
    /// Pretend banks, at once.
    Sandbox,
    /// Real banks, once the service has activated the application.
    Production,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    if global.sandbox && arguments.environment == Kind::Production {
        return Err(Failure::new(Exit::Usage, "a sandbox has no production").hint("leave out `--environment`"));
    }
    let place = Place::open(global).await?;
    check_profile(&place, &place.profile, &arguments)?;
    if let Side::Own(_) = place.side
        && arguments.certificate.is_none()
    {
        let name = keygen::subject("CN=tilisy").map_err(|text| Failure::new(Exit::Other, text))?;
        let made = keygen::make("2048", name, 1)?;
        write_new_private(&place.home.key(), made.key.as_bytes())?;
        write_new_private(&place.home.certificate(), made.certificate.as_bytes())?;
    }
    let mut redirect_urls = arguments.redirect_url.clone();
    if redirect_urls.is_empty() {
        redirect_urls.push(place.redirect_url(None));
    }
    check_redirects(&redirect_urls, arguments.environment)?;
    let source = match arguments.id {
        Some(id) => Source::Recorded(id),
        None => prepare(&place, &arguments, &redirect_urls)?,
    };
    // Not before the prompt. Another run may have registered an application since the profile was read.
    let _lock = Lock::of(&place.home).await?;
    let mut profile = Profile::read(&place.home)?;
    if profile.application_id != place.profile.application_id {
        check_profile(&place, &profile, &arguments)?;
    }
    let id = match source {
        Source::Recorded(id) => id,
        Source::New(client, body) => match client.register_application(&body).await {
            Ok(answer) => answer.app_id,
            Err(error) => return Err(refused(error, &arguments.control_panel)),
        },
    };
    profile.application_id = Some(id);
    profile.redirect_url = redirect_urls.into_iter().next().filter(|url| url != REDIRECT_URL);
    if let Some(file) = &global.key_file {
        profile.key_file = Some(std::path::absolute(file).unwrap_or_else(|_| file.clone()));
    }
    if let (Side::Service, Some(host)) = (&place.side, &global.host) {
        profile.host = Some(host.clone());
        profile.audience = global.audience.clone();
    }
    // The id is told once, here and nowhere else.
    let kept = profile.write(&place.home);
    let told = to_stdout(format!("application id  {id}\n").as_bytes());
    kept.map_err(|failure| {
        failure.hint(format!("the application is registered, and has the id {id}: record it with `--id`"))
    })?;
    told?;
    if arguments.environment == Kind::Production && arguments.id.is_none() {
        say("a production application works once the service has activated it (`tilisy doctor` tells)");
    }
    place.say_what_stays();
    Ok(())
}

/// Prepares the request, with the token of the control panel.
fn prepare(place: &Place, arguments: &Arguments, redirect_urls: &[String]) -> Result<Source, Failure> {
    let certificate = certificate(place, arguments)?;
    // Nothing has been waited for yet, so that Ctrl-C still ends a prompt.
    let (base, token) = match &place.side {
        Side::Service => (arguments.control_panel.clone(), token()?),
        Side::Running(record) => (format!("{}/api", record.url), record.registration_token.clone()),
        Side::Own(own) => (format!("{}/api", own.sandbox.url()), own.sandbox.registration_token().to_owned()),
    };
    let environment = match arguments.environment {
        Kind::Sandbox => Environment::Sandbox,
        Kind::Production => Environment::Production,
    };
    let mut body = ApplicationRegistration::new(certificate, environment, &arguments.name, redirect_urls.to_vec());
    body.description.clone_from(&arguments.description);
    body.gdpr_email.clone_from(&arguments.gdpr_email);
    body.privacy_url.clone_from(&arguments.privacy_url);
    body.terms_url.clone_from(&arguments.terms_url);
    let client = Client::with_token(&base, token.trim());
    let client = client.map_err(|error| Failure::new(Exit::Setup, error.to_string()).hint(PANEL_URL))?;
    Ok(Source::New(Box::new(client), Box::new(body)))
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
    failure.hint_first(PANEL_URL).hint_first(elsewhere)
}

/// A second application is rarely meant, and the id of the first is kept nowhere else.
fn check_profile(place: &Place, profile: &Profile, arguments: &Arguments) -> Result<(), Failure> {
    match (profile.application_id, arguments.replace) {
        (Some(id), false) => Err(Failure::new(Exit::Setup, format!("the profile has an application already, {id}"))
            .hint("keep both with another `--profile`, or let the new one take its place with `--replace`")),
        (Some(id), true) => {
            let consents = place.sessions()?.all()?.len();
            if consents > 0 && arguments.id != Some(id) {
                let command = place.global.command();
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

/// The certificate, which must not be the key by mistake.
fn certificate(place: &Place, arguments: &Arguments) -> Result<String, Failure> {
    let file = arguments.certificate.clone().unwrap_or_else(|| place.home.certificate());
    let name = file.display();
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Failure::new(Exit::Setup, format!("there is no certificate at `{name}`"))
                .hint("`tilisy keygen` makes one with its key; `--certificate` takes another file"));
        }
        Err(error) => {
            return Err(Failure::new(Exit::Setup, format!("cannot read `{name}`"))
                .because(error)
                .hint("give the file of the certificate, in PEM, to `--certificate`"));
        }
    };
    if text.contains("PRIVATE KEY-----") {
        return Err(Failure::new(
            Exit::Setup,
            format!("`{name}` holds a private key, which is nobody else's business"),
        )
        .hint("give the certificate alone to `--certificate`"));
    }
    if !text.contains("-----BEGIN CERTIFICATE-----") && !text.contains("-----BEGIN PUBLIC KEY-----") {
        return Err(Failure::new(Exit::Setup, format!("`{name}` holds no certificate in PEM"))
            .hint("it begins with `-----BEGIN CERTIFICATE-----`; `tilisy keygen` makes one with its key"));
    }
    Ok(text)
}

/// The token of a person, from the environment or a prompt: on the command line, others could read it.
fn token() -> Result<String, Failure> {
    let token = match std::env::var("TILISY_REGISTRATION_TOKEN") {
        Ok(token) if !token.trim().is_empty() => token,
        // A script is not to wait for an answer that nobody gives.
        _ if !stdin().is_terminal() => String::new(),
        _ => rpassword::prompt_password("Token of the control panel (it is not shown): ").unwrap_or_default(),
    };
    match token.trim() {
        "" => Err(Failure::new(Exit::Setup, "there is no token for the control panel")
            .hint("put it into the variable TILISY_REGISTRATION_TOKEN, or run this on a terminal to be asked for it")),
        _ => Ok(token),
    }
}

fn check_redirects(urls: &[String], environment: Kind) -> Result<(), Failure> {
    for url in urls {
        let address = clean(url);
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(Failure::new(Exit::Usage, format!("the redirect address `{address}` is no URL"))
                .hint("it begins with https://, or with http:// on this machine"));
        }
        if environment == Kind::Production && url.starts_with("http://") {
            warn(&format!("the service refuses http for production (`{address}`)"));
        }
    }
    Ok(())
}
