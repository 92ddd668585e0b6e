//! The sign-in to the control panel of the sandbox, as the client makes it.

use enablebanking_client::control_panel::types::{SignInLinkRequest, SignInRequest, TokenRequest};
use enablebanking_client::control_panel::{Client, Error};
use enablebanking_client::registration::{self, types};
use enablebanking_client::uuid::Uuid;
use enablebanking_client::{ErrorClass, ErrorKind};
use tilisy_sandbox::chrono::TimeDelta;
use tilisy_sandbox::{Clock, Sandbox};
use xtask::workspace;

const EMAIL: &str = "person+1@example.org";
const HERE: &str = "http://127.0.0.1:9000/done";

/// A sandbox with a clock of its own, and clients of its control panel.
struct Panel {
    sandbox: Sandbox,
    clock: Clock,
}

impl Panel {
    async fn start() -> Self {
        let clock = Clock::default();
        Self { sandbox: Sandbox::builder().clock(clock.clone()).start().await.unwrap(), clock }
    }

    fn url(&self) -> String {
        format!("{}/api", self.sandbox.url())
    }

    fn client(&self) -> Client {
        Client::new(&self.url()).unwrap()
    }

    /// Requests a mail, and returns the code of its link.
    async fn code(&self) -> String {
        self.client().send_sign_in_link(&SignInLinkRequest::to_program(EMAIL, HERE)).await.unwrap();
        let link = self.sandbox.login_link(EMAIL).unwrap();
        assert!(link.starts_with(HERE), "{link}");
        link.split_once("oobCode=").unwrap().1.to_owned()
    }

    /// The ids of the applications that a token lists.
    async fn listed(&self, token: &str) -> Result<Vec<Uuid>, Error> {
        let all = Client::with_token(&self.url(), token).unwrap().applications().await?;
        Ok(all.iter().map(|application| application.kid).collect())
    }
}

fn check_refused(error: &Error, status: u16) {
    assert_eq!((error.kind(), error.status(), error.attempts()), (ErrorKind::Api, Some(status), 1));
}

#[tokio::test]
async fn a_person_signs_in_and_registers_an_application() {
    let panel = Panel::start().await;
    let tokens = panel.client().sign_in(&SignInRequest::new(EMAIL, panel.code().await)).await.unwrap();
    assert_eq!(tokens.lifetime().unwrap().as_secs(), 3600);
    assert_eq!(panel.listed(&tokens.id_token).await.unwrap(), [panel.sandbox.application_id()]);

    let certificate = workspace().unwrap().join("enablebanking-core/tests/keys/certificate.pem");
    let application = types::ApplicationRegistration::new(
        std::fs::read_to_string(certificate).unwrap(),
        types::Environment::Production,
        "Mine",
        vec!["https://app.example/back".to_owned()],
    );
    let registration = registration::Client::with_token(&panel.url(), &tokens.id_token).unwrap();
    let id = registration.register_application(&application).await.unwrap().app_id;
    let all = Client::with_token(&panel.url(), &tokens.id_token).unwrap().applications().await.unwrap();
    let mine = all.iter().find(|application| application.kid == id).unwrap();
    assert_eq!((mine.name.as_deref(), mine.active), (Some("Mine"), Some(false)));
    assert_eq!(mine.environment.as_ref().map(|environment| environment.as_str()), Some("PRODUCTION"));
    assert_eq!(mine.redirect_urls, ["https://app.example/back"]);
}

#[tokio::test]
async fn a_code_signs_in_once_and_only_its_own_address() {
    let panel = Panel::start().await;
    let (client, code) = (panel.client(), panel.code().await);
    let other = client.sign_in(&SignInRequest::new("other@example.org", code.as_str())).await.unwrap_err();
    check_refused(&other, 400);
    client.sign_in(&SignInRequest::new(EMAIL, code.as_str())).await.unwrap();
    let again = client.sign_in(&SignInRequest::new(EMAIL, code.as_str())).await.unwrap_err();
    check_refused(&again, 400);
    assert!(!again.is_retryable() && !format!("{again} {again:?}").contains(&code));
}

#[tokio::test]
async fn an_expired_id_token_is_renewed_by_the_same_refresh_token_again_and_again() {
    let panel = Panel::start().await;
    let client = panel.client();
    let tokens = client.sign_in(&SignInRequest::new(EMAIL, panel.code().await)).await.unwrap();
    let refresh = TokenRequest::of(&tokens.refresh_token);
    let mut id_token = tokens.id_token;
    for _ in 0..2 {
        panel.clock.advance(TimeDelta::hours(1));
        let error = panel.listed(&id_token).await.unwrap_err();
        assert_eq!((error.status(), error.class()), (Some(401), ErrorClass::Auth));
        let renewed = client.renew_token(&refresh).await.unwrap();
        assert_eq!(renewed.lifetime().unwrap().as_secs(), 3600);
        // The sandbox keeps the refresh token; the service may return another one.
        assert_eq!(renewed.refresh_token.as_deref(), Some(tokens.refresh_token.as_str()));
        id_token = renewed.id_token;
        assert_eq!(panel.listed(&id_token).await.unwrap().len(), 1);
    }
    let unknown = client.renew_token(&TokenRequest::of("a&b=c+d é")).await.unwrap_err();
    check_refused(&unknown, 400);
}

#[tokio::test]
async fn the_sign_in_needs_no_token_and_the_list_does() {
    let panel = Panel::start().await;
    let error = panel.client().applications().await.unwrap_err();
    assert_eq!((error.kind(), error.reason()), (ErrorKind::NotBuilt, Some("no credentials are set")));
    let error = panel.listed("none").await.unwrap_err();
    check_refused(&error, 401);
}
