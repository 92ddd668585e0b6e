//! The requests of the control panel's client as they arrive, and its answers to odd responses.

use enablebanking_client::ErrorKind;
use enablebanking_client::control_panel::types::{SignInLinkRequest, SignInRequest, TokenRequest};
use enablebanking_client::control_panel::{Client, Error};
use serde_json::{Value, json};

use crate::bank::{Bank, Reply, body_of};

const EMAIL: &str = "person@example.org";
const ID: &str = "497f6eca-6276-4993-bfeb-53cbbbba6f08";

#[tokio::test]
async fn a_sign_in_link_is_requested_as_json_without_a_token_whatever_the_body_of_the_response() {
    for body in ["", "{}", "<html>", "null"] {
        let server = Bank::answering(200, body).await;
        let client = Client::with_token(server.url(), "token").unwrap();
        let request = SignInLinkRequest::to_program(EMAIL, "http://localhost:8888/");
        client.send_sign_in_link(&request).await.unwrap();
        let arrived = server.request();
        assert_eq!((arrived.method(), arrived.target()), ("POST", "/relyingparty/getOobConfirmationCode"));
        assert_eq!((arrived.header("authorization"), arrived.header("content-type")), (None, Some("application/json")));
        let expected = json!({ "requestType": "EMAIL_SIGNIN", "email": EMAIL,
                               "continueUrl": "http://localhost:8888/", "canHandleCodeInApp": true });
        assert_eq!(body_of(&arrived), expected);
    }
}

#[tokio::test]
async fn a_code_is_sent_as_json_and_the_lifetime_may_be_text_or_a_number() {
    for lifetime in [json!("3600"), json!(3600)] {
        let answer = json!({ "idToken": "i", "refreshToken": "r", "expiresIn": lifetime, "isNewUser": false });
        let server = Bank::answering(200, answer.to_string()).await;
        let tokens = Client::new(server.url()).unwrap().sign_in(&SignInRequest::new(EMAIL, "c")).await.unwrap();
        assert_eq!((tokens.id_token.as_str(), tokens.refresh_token.as_str()), ("i", "r"));
        assert_eq!(tokens.lifetime().unwrap().as_secs(), 3600);
        let arrived = server.request();
        assert_eq!((arrived.method(), arrived.target()), ("POST", "/relyingparty/emailLinkSignin"));
        assert_eq!(body_of(&arrived), json!({ "oobCode": "c", "email": EMAIL }));
    }
}

#[tokio::test]
async fn a_renewal_is_a_form_and_needs_no_new_refresh_token_in_the_response() {
    let server = Bank::answering(200, r#"{"id_token": "i", "expires_in": 60}"#).await;
    let client = Client::with_token(server.url(), "token").unwrap();
    let renewed = client.renew_token(&TokenRequest::of("a&b=c+d é")).await.unwrap();
    assert_eq!((renewed.refresh_token.as_ref(), renewed.lifetime().unwrap().as_secs()), (None, 60));
    let arrived = server.request();
    assert_eq!((arrived.method(), arrived.target()), ("POST", "/token"));
    let headers = ["authorization", "content-type", "accept"].map(|name| arrived.header(name));
    assert_eq!(headers, [None, Some("application/x-www-form-urlencoded"), Some("application/json")]);
    assert_eq!(arrived.body(), b"grant_type=refresh_token&refresh_token=a%26b%3Dc%2Bd+%C3%A9");
}

#[tokio::test]
async fn applications_need_nothing_but_their_ids() {
    let answer: Value = json!([{ "kid": ID, "active": true, "environment": "NEW", "whitelisted_accounts": [] },
                               { "kid": ID, "name": null, "redirect_urls": null }]);
    let server = Bank::answering(200, answer.to_string()).await;
    let all = Client::with_token(server.url(), "token").unwrap().applications().await.unwrap();
    assert_eq!(all.iter().map(|application| application.active).collect::<Vec<_>>(), [Some(true), None]);
    assert_eq!(all[0].extra().raw("whitelisted_accounts"), Some("[]"));
    let arrived = server.request();
    assert_eq!((arrived.method(), arrived.target()), ("GET", "/applications"));
    assert_eq!(arrived.header("authorization"), Some("Bearer token"));
}

/// A second request would send a second mail, or a code or a token that is spent.
#[tokio::test]
async fn the_calls_of_a_sign_in_are_sent_once() {
    let busy = || Reply::json(503, "{}").header("retry-after", "0");
    let slow_down = || Reply::json(429, "{}").header("retry-after", "0");
    let limit = |error: Error| (error.kind(), error.attempts());
    for reply in [busy, slow_down] as [fn() -> Reply; 2] {
        let server = Bank::scripted([reply()]).await;
        let client = Client::new(server.url()).unwrap();
        let link = SignInLinkRequest::to_program(EMAIL, "http://localhost:8888/");
        let errors = [
            client.send_sign_in_link(&link).await.unwrap_err(),
            client.sign_in(&SignInRequest::new(EMAIL, "c")).await.unwrap_err(),
            client.renew_token(&TokenRequest::of("r")).await.unwrap_err(),
        ];
        assert_eq!(errors.map(limit), [(ErrorKind::Api, 1); 3]);
        assert_eq!(server.requests().len(), 3);
    }
    // The list is repeated.
    let server = Bank::scripted([busy(), Reply::json(200, "[]")]).await;
    Client::with_token(server.url(), "token").unwrap().applications().await.unwrap();
    assert_eq!(server.requests().len(), 2);
}
