//! The control endpoint and the control panel.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tilisy_sandbox::chrono::{TimeDelta, Utc};
use tilisy_sandbox::{Edition, Sandbox};

use crate::{Caller, query, spec};

impl Caller {
    /// Sends a request that the API does not have, with a token of the control panel.
    async fn own(&self, method: Method, target: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.request(method, target).bearer_auth(self.sandbox.registration_token());
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

#[tokio::test]
async fn the_control_endpoint_does_what_calls_do() {
    let caller = Caller::current().await;
    let before = caller.clock.now();
    let (status, state) = caller.own(Method::POST, "/sandbox/clock", Some(json!({ "advance_seconds": 86_400 }))).await;
    assert_eq!((status, &state["newest_day"]), (200, &json!("2026-02-01")));
    assert!(caller.clock.now() - before >= TimeDelta::days(1));
    caller.own(Method::POST, "/sandbox/clock", Some(json!({ "reset": true }))).await;

    let data = json!({ "banks": [{ "name": "Own", "country": "FI", "users": [{ "name": "u", "accounts": [
        { "currency": "EUR", "iban": "FI2112345600000785", "transactions": [{ "amount": "1.00", "party": "Shop" }] }] }] }] });
    assert_eq!(caller.own(Method::POST, "/sandbox/data", Some(data)).await, (200, json!({ "transactions": 1 })));
    let link = caller.link(&caller.authorization("FI", "Own")).await;
    let body = json!({ "link": link, "user": "u" });
    let (_, back) = caller.own(Method::POST, "/sandbox/approve", Some(body)).await;
    let code = query(back["location"].as_str().unwrap(), "code").unwrap();
    let session = caller.post("/sessions", &json!({ "code": code })).await.ok();
    let target = format!("/accounts/{}", session["accounts"][0]["uid"].as_str().unwrap());
    assert_eq!(caller.get(&format!("{target}/transactions")).await.ok()["transactions"].as_array().unwrap().len(), 1);

    caller.own(Method::PUT, "/sandbox/banks/FI/Own/quirks", Some(json!({ "names": ["SLOW"] }))).await;
    assert_eq!(caller.get(&format!("{target}/balances")).await.refusal(), (408, "ASPSP_TIMEOUT"));
    caller.own(Method::PUT, "/sandbox/banks/FI/Own/quirks", Some(json!({ "names": [] }))).await;
    caller.own(Method::PUT, "/sandbox/scenario", Some(json!({ "name": "ASPSP_ERROR" }))).await;
    assert_eq!(caller.get(&format!("{target}/balances")).await.refusal(), (400, "ASPSP_ERROR"));
    caller.own(Method::PUT, "/sandbox/scenario", Some(json!({ "name": null }))).await;
    caller.own(Method::PUT, "/sandbox/quirks", Some(json!({ "names": ["NO_BALANCES"] }))).await;
    assert_eq!(caller.get(&format!("{target}/balances")).await.refusal(), (400, "ASPSP_ERROR"));
    let (_, state) = caller.own(Method::GET, "/sandbox", None).await;
    assert_eq!((&state["edition"], &state["quirks"]), (&json!("current"), &json!(["NO_BALANCES"])));
    caller.own(Method::PUT, "/sandbox/quirks", Some(json!({ "names": [] }))).await;

    let block = json!({ "identification": "FI2112345600000785" });
    assert_eq!(caller.own(Method::POST, "/sandbox/block", Some(block)).await.0, 200);
    assert_eq!(caller.get(&format!("{target}/balances")).await.refusal().1, "ASPSP_ACCOUNT_NOT_ACCESSIBLE");
    let revoke = json!({ "session_id": session["session_id"] });
    assert_eq!(caller.own(Method::POST, "/sandbox/revoke", Some(revoke.clone())).await.0, 200);
    assert_eq!(caller.own(Method::POST, "/sandbox/revoke", Some(revoke)).await.0, 422);
    assert_eq!(caller.get(&format!("{target}/balances")).await.refusal().1, "REVOKED_SESSION");
    let link = caller.link(&caller.authorization("FI", "Own")).await;
    let (_, back) = caller.own(Method::POST, "/sandbox/deny", Some(json!({ "link": link }))).await;
    assert_eq!(query(back["location"].as_str().unwrap(), "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn the_control_endpoint_refuses_what_it_does_not_know() {
    let caller = Caller::current().await;
    for (method, target, body) in [
        (Method::POST, "/sandbox/clock", json!({ "advance_seconds": "1" })),
        (Method::POST, "/sandbox/clock", json!({ "advance_seconds": i64::MAX })),
        (Method::POST, "/sandbox/clock", json!({ "stop_at": "tomorrow" })),
        (Method::PUT, "/sandbox/scenario", json!({ "name": "NONE" })),
        (Method::PUT, "/sandbox/quirks", json!({ "names": ["NONE"] })),
        (Method::PUT, "/sandbox/quirks", json!({})),
        (Method::PUT, "/sandbox/banks/NO/Fjordbanken/quirks", json!({ "names": "SLOW" })),
        (Method::POST, "/sandbox/data", json!({ "banks": 1 })),
        (Method::POST, "/sandbox/approve", json!({ "link": "none" })),
        (Method::POST, "/sandbox/approve", json!({})),
        (Method::POST, "/sandbox/deny", json!({ "link": "none" })),
        (Method::POST, "/sandbox/revoke", json!({ "session_id": "none" })),
    ] {
        let (status, answer) = caller.own(method, target, Some(body.clone())).await;
        assert_eq!((status, &answer["error"]), (422, &json!("WRONG_REQUEST_PARAMETERS")), "{target} {body}");
    }
    let names = Some(json!({ "names": [] }));
    assert_eq!(caller.own(Method::PUT, "/sandbox/banks/NO/None/quirks", names).await.0, 404);
    assert_eq!(caller.own(Method::POST, "/sandbox/block", Some(json!({ "identification": "x" }))).await.0, 404);
    // Pages of other sites have no access.
    let foreign = caller.request(Method::POST, "/sandbox/clock").header("Origin", "https://evil.example").body("{}");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    let without = Caller::of(Sandbox::builder().control(false)).await;
    assert_eq!(without.own(Method::GET, "/sandbox", None).await.0, 404);
}

#[tokio::test]
async fn applications_are_listed_shown_linked_and_deleted() {
    let caller = Caller::current().await;
    let certificate = include_str!("../../../enablebanking-core/tests/keys/certificate.pem");
    let key = include_str!("../../../enablebanking-core/tests/keys/rsa2048.pkcs8.pem");
    let redirect = "https://app.example/back";
    let body =
        json!({ "name": "Mine", "certificate": certificate, "environment": "PRODUCTION", "redirect_urls": [redirect] });
    let (_, registered) = caller.own(Method::POST, "/api/applications", Some(body)).await;
    let id = registered["app_id"].as_str().unwrap().to_owned();
    let path = format!("/api/applications/{id}");
    let list = caller.request(Method::GET, "/api/applications").bearer_auth(caller.sandbox.registration_token());
    let all = caller.send_bare(list).await.ok();
    let ids: Vec<_> = all.as_array().unwrap().iter().map(|listed| listed["kid"].as_str().unwrap()).collect();
    assert!(ids.len() == 2 && ids.contains(&id.as_str()), "{ids:?}");
    assert_eq!(caller.own(Method::GET, &path, None).await.1["active"], false);
    let call = |method: Method, target: &str| caller.request(method, target).bearer_auth(caller.token_of(&id, key));
    let inactive = caller.send_bare(call(Method::GET, "/application")).await;
    assert_eq!(inactive.refusal(), (403, "UNAUTHORIZED_ACCESS"));

    // Linked accounts open it for them, and for no others.
    let link = |user: &str| Some(json!({ "aspsp": { "country": "FI", "name": "Saimaan Pankki" }, "user": user }));
    let accounts = format!("{path}/accounts");
    assert_eq!(caller.own(Method::POST, &accounts, link("vilho")).await.1["active"], true);
    assert_eq!(caller.own(Method::POST, &accounts, link("matti")).await.0, 422);
    let mut consent = caller.authorization("FI", "Saimaan Pankki");
    consent["redirect_url"] = json!(redirect);
    for (user, expected) in [("aino", Err("NO_ACCOUNTS_ADDED")), ("vilho", Ok(1))] {
        let started = caller.send_bare(call(Method::POST, "/auth").json(&consent)).await.ok();
        let back = caller.sandbox.approve_as::<&str>(started["url"].as_str().unwrap(), user, &[]).unwrap();
        let redeem = call(Method::POST, "/sessions").json(&json!({ "code": query(&back, "code") }));
        let answer = caller.send_bare(redeem).await;
        match expected {
            Ok(count) => assert_eq!(answer.ok()["accounts"].as_array().unwrap().len(), count),
            Err(code) => assert_eq!(answer.refusal(), (403, code)),
        }
    }

    assert_eq!(caller.own(Method::DELETE, &path, None).await.0, 200);
    for target in [&path, "/api/applications/none"] {
        assert_eq!(caller.own(Method::GET, target, None).await.0, 404, "{target}");
        assert_eq!(caller.own(Method::DELETE, target, None).await.0, 404, "{target}");
    }
    assert_eq!(caller.send_bare(call(Method::GET, "/application")).await.refusal().0, 401);
    // A token of an application does not open the control panel.
    for target in ["/api/applications", &path, "/api/requests"] {
        let request = caller.request(Method::GET, target).bearer_auth(caller.token());
        assert_eq!(request.send().await.unwrap().status(), 401, "{target}");
    }
}

#[tokio::test]
async fn requests_are_logged_by_the_id_that_their_response_has() {
    let caller = Caller::current().await;
    let session = caller.session(&caller.authorization("NO", "Fjordbanken")).await;
    let target = format!("/accounts/{}/balances", session["accounts"][0]["uid"].as_str().unwrap());
    let response =
        caller.request(Method::GET, &format!("{target}?x=secret")).bearer_auth(caller.token()).send().await.unwrap();
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    caller.get("/accounts/none/balances").await;
    let id_of = session["session_id"].as_str().unwrap();
    let (_, log) = caller.own(Method::GET, &format!("/api/requests?session_id={id_of}"), None).await;
    let logged = log["requests"].as_array().unwrap();
    let found = logged.iter().find(|request| request["request_id"] == id).unwrap();
    assert_eq!((&found["method"], &found["path"], &found["status"]), (&json!("GET"), &json!(target), &json!(200)));
    assert!(!log.to_string().contains("secret"));
    let own = caller.sandbox.application_id();
    let (_, log) = caller.own(Method::GET, &format!("/api/requests?application_id={own}"), None).await;
    let last = log["requests"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["status"], &last["error"]), (&json!(422), &json!("WRONG_REQUEST_PARAMETERS")));
    let (_, none) = caller.own(Method::GET, "/api/requests?session_id=none", None).await;
    assert_eq!(none["requests"], json!([]));
}

#[tokio::test]
async fn clients_that_do_not_know_the_clock_go_on_after_it_was_moved() {
    let caller = Caller::current().await;
    let claims =
        |now: i64| json!({ "iss": "enablebanking.com", "aud": "api.enablebanking.com", "iat": now, "exp": now + 3600 });
    let call = || {
        let token = caller.signed(&caller.header(), &claims(Utc::now().timestamp()));
        caller.send_bare(caller.request(Method::GET, "/application").bearer_auth(token))
    };
    // A clock that a test moves by itself is the one that its tokens are checked by.
    caller.clock.advance(TimeDelta::days(2));
    assert_eq!(call().await.refusal(), (401, "UNAUTHORIZED_ACCESS"));
    for body in [json!({ "advance_seconds": 172_800 }), json!({ "stop_at": "2026-02-01T12:00:00Z" })] {
        assert_eq!(caller.own(Method::POST, "/sandbox/clock", Some(body)).await.0, 200);
        call().await.ok();
    }
    assert_eq!(caller.own(Method::GET, "/sandbox", None).await.1["now"], "2026-02-01T12:00:00+00:00");
    // Nothing changes unless everything can.
    for body in [
        json!({ "reset": true, "stop_at": "bad" }),
        json!({ "advance_seconds": 300_000_000_000_i64 }),
        json!({ "stop_at": "9999-12-31T00:00:00Z", "advance_seconds": 100_000_000 }),
    ] {
        assert_eq!(caller.own(Method::POST, "/sandbox/clock", Some(body)).await.0, 422);
        assert_eq!(caller.own(Method::GET, "/sandbox", None).await.1["now"], "2026-02-01T12:00:00+00:00");
    }
}

#[tokio::test]
async fn bytes_that_are_not_text_are_refused_as_other_paths_are() {
    let caller = Caller::current().await;
    for target in ["/api/applications/%FF", "/sandbox/banks/FI/%FF/quirks", "/accounts/%FF/balances"] {
        let method = if target.starts_with("/sandbox") { Method::PUT } else { Method::GET };
        let body = (method == Method::PUT).then(|| json!({ "names": [] }));
        let (status, answer) = caller.own(method, target, body).await;
        assert!((400..500).contains(&status) && answer["message"].is_string(), "{target}: {answer}");
    }
}

#[tokio::test]
async fn a_user_signs_in_to_the_control_panel_by_a_link_in_a_mail() {
    let caller = Caller::current().await;
    let post = |target: &'static str, body: Value| caller.own(Method::POST, target, Some(body));
    let (send, sign_in) = ("/api/relyingparty/getOobConfirmationCode", "/api/relyingparty/emailLinkSignin");
    let mail = json!({ "requestType": "EMAIL_SIGNIN", "email": "a@example.org",
                       "continueUrl": "http://127.0.0.1:9000/done", "canHandleCodeInApp": true });
    assert!(caller.sandbox.login_link("a@example.org").is_none());
    assert_eq!(post(send, mail.clone()).await.0, 200);
    let link = caller.sandbox.login_link("a@example.org").unwrap();
    assert!(link.starts_with("http://127.0.0.1:9000/done?"), "{link}");
    assert_eq!(caller.own(Method::GET, "/sandbox/mails/a@example.org", None).await.1["mails"][0]["link"], json!(link));
    let code = query(&link, "oobCode").unwrap();
    assert_eq!(post(sign_in, json!({ "email": "b@example.org", "oobCode": code })).await.0, 400);
    let (_, tokens) = post(sign_in, json!({ "email": "a@example.org", "oobCode": code })).await;
    assert_eq!(post(sign_in, json!({ "email": "a@example.org", "oobCode": code })).await.0, 400, "a code works once");
    spec::check(Edition::Current, "POST", sign_in, 200, &tokens);

    let list = |token: String| {
        let request = caller.request(Method::GET, "/api/applications").bearer_auth(token);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    let id = tokens["idToken"].as_str().unwrap().to_owned();
    assert_eq!((list(id.clone()).await, &tokens["expiresIn"]), (200, &json!("3600")));
    caller.clock.advance(TimeDelta::hours(1));
    assert_eq!(list(id).await, 401);
    let renew = |form: &[(&'static str, String)]| {
        let request = caller.request(Method::POST, "/api/token").form(form);
        async move { request.send().await.unwrap() }
    };
    let refresh = tokens["refreshToken"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        let form = [("grant_type", "refresh_token".to_owned()), ("refresh_token", refresh.clone())];
        let renewed: Value = renew(&form).await.json().await.unwrap();
        spec::check(Edition::Current, "POST", "/api/token", 200, &renewed);
        assert_eq!(renewed["refresh_token"], json!(refresh));
        assert_eq!(list(renewed["id_token"].as_str().unwrap().to_owned()).await, 200);
    }
    let wrong = [("grant_type", "refresh_token".to_owned()), ("refresh_token", "none".to_owned())];
    assert_eq!(
        (renew(&wrong).await.status(), renew(&wrong[1..]).await.status()),
        (StatusCode::BAD_REQUEST, StatusCode::BAD_REQUEST)
    );

    // A link that is too old, and requests in another form.
    post(send, mail.clone()).await;
    let code = query(&caller.sandbox.login_link("a@example.org").unwrap(), "oobCode").unwrap();
    caller.clock.advance(TimeDelta::hours(1));
    assert_eq!(post(sign_in, json!({ "email": "a@example.org", "oobCode": code })).await.0, 400);
    for (key, wrong) in [
        ("requestType", json!("PASSWORD_RESET")),
        ("email", json!("a")),
        ("email", json!("a@example.org\nBcc: b@example.org")),
        ("continueUrl", json!("javascript:alert(1)")),
        ("continueUrl", json!("http://127.0.0.1/\r\nX: y")),
        ("canHandleCodeInApp", json!(false)),
    ] {
        let mut body = mail.clone();
        body[key] = wrong;
        assert_eq!(post(send, body).await.0, 422, "{key}");
    }
}
