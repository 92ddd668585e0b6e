//! The consent page, as a browser without scripts uses it.

use reqwest::{Response, StatusCode};
use serde_json::json;

use crate::{Caller, query};

/// A browser at a consent page.
struct Browser<'a> {
    caller: &'a Caller,
    link: String,
    token: String,
    page: String,
}

impl<'a> Browser<'a> {
    async fn open(caller: &'a Caller, link: String) -> Self {
        let response = caller.http.get(&link).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        let page = response.text().await.unwrap();
        let token = page.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        Self { caller, link, token, page }
    }

    async fn submit(&mut self, action: &str, fields: &[(&str, &str)]) -> Response {
        let mut all = vec![("token", self.token.as_str()), ("action", action)];
        all.extend_from_slice(fields);
        self.caller.http.post(&self.link).form(&all).send().await.unwrap()
    }

    /// Submits, and reads the page that comes.
    async fn step(&mut self, action: &str, fields: &[(&str, &str)]) -> StatusCode {
        let response = self.submit(action, fields).await;
        let status = response.status();
        self.page = response.text().await.unwrap();
        status
    }

    /// Submits, and is sent back to the application.
    async fn leave(&mut self, action: &str, fields: &[(&str, &str)]) -> String {
        let response = self.submit(action, fields).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        response.headers()["location"].to_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_psu_logs_in_confirms_chooses_and_approves() {
    let caller = Caller::new().await;
    let link = caller.link(&caller.authorization("FI", "Saimaan Pankki")).await;
    let mut browser = Browser::open(&caller, link).await;
    assert!(browser.page.contains("<h1>Log in at Saimaan Pankki</h1>"));
    assert_eq!(
        browser.step("login", &[("username", "aino"), ("password", "wrong")]).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(browser.page.contains("role=\"alert\""));
    assert_eq!(browser.step("approve", &[]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.step("login", &[("username", "aino"), ("password", "revontulet")]).await, StatusCode::OK);
    assert_eq!(browser.step("otp", &[("otp", "999999")]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.step("otp", &[("otp", "123456")]).await, StatusCode::OK);
    let hashes: Vec<String> = browser
        .page
        .split("name=\"account\" value=\"")
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0.to_owned())
        .collect();
    assert_eq!(hashes.len(), 4);
    assert_eq!(browser.step("approve", &[]).await, StatusCode::UNPROCESSABLE_ENTITY);
    let back = browser.leave("approve", &[("account", &hashes[0]), ("account", &hashes[2]), ("account", "none")]).await;
    let session = caller.post("/sessions", &json!({ "code": query(&back, "code") })).await.ok();
    let shared: Vec<_> =
        session["accounts"].as_array().unwrap().iter().map(|account| &account["identification_hash"]).collect();
    assert_eq!(shared, [&hashes[0], &hashes[2]]);
    assert_eq!(caller.http.get(&browser.link).send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_psu_cancels_or_denies() {
    let caller = Caller::new().await;
    for (action, why) in [("cancel", "Cancelled by user"), ("deny", "Denied data sharing consent")] {
        let mut body = caller.authorization("FI", "Saimaan Pankki");
        body["state"] = json!("a&b=c d");
        let mut browser = Browser::open(&caller, caller.link(&body).await).await;
        let back = browser.leave(action, &[]).await;
        assert_eq!(query(&back, "error").as_deref(), Some("access_denied"));
        assert_eq!(query(&back, "error_description").as_deref(), Some(why));
        assert_eq!(query(&back, "state").as_deref(), Some("a&b=c d"));
    }
}

#[tokio::test]
async fn a_form_of_another_page_is_refused() {
    let caller = Caller::new().await;
    let mut browser = Browser::open(&caller, caller.link(&caller.authorization("FI", "Saimaan Pankki")).await).await;
    for token in ["", "guessed"] {
        token.clone_into(&mut browser.token);
        assert_eq!(browser.step("cancel", &[]).await, StatusCode::FORBIDDEN);
    }
    let unknown = format!("{}/consent/497f6eca-6276-4993-bfeb-53cbbbba6f08", caller.sandbox.url());
    assert_eq!(caller.http.get(unknown).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    let long = "x".repeat(100_000);
    assert_eq!(browser.step("login", &[("username", &long)]).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn credentials_are_filled_in_or_submitted() {
    let caller = Caller::new().await;
    let mut body = caller.authorization("SE", "Älvsbanken");
    body["credentials"] = json!({ "userId": "\"><script>alert(1)</script>", "password": "x" });
    body["credentials_autosubmit"] = json!(false);
    let browser = Browser::open(&caller, caller.link(&body).await).await;
    assert!(browser.page.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""), "{}", browser.page);
    assert!(!browser.page.contains("<script"));
    body["credentials"] = json!({ "userId": "aino", "password": "revontulet" });
    let filled = Browser::open(&caller, caller.link(&body).await).await;
    assert!(filled.page.contains("value=\"aino\"") && filled.page.contains("name=\"password\""));
    body["credentials_autosubmit"] = json!(true);
    let mut submitted = Browser::open(&caller, caller.link(&body).await).await;
    assert!(submitted.page.contains("name=\"otp\""));
    assert_eq!(submitted.step("otp", &[("otp", "123456")]).await, StatusCode::OK);
    // What does not fit is asked for.
    body["credentials"] = json!({ "userId": "aino", "password": "wrong" });
    let link = caller.link(&body).await;
    let wrong = caller.http.get(&link).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Browser::open(&caller, link).await.page.contains("name=\"username\""));
}

#[tokio::test]
async fn nobody_is_asked_where_that_is_switched_on() {
    let caller = Caller::with(tilisy_sandbox::Sandbox::builder().auto_approve(true)).await;
    let link = caller.link(&caller.authorization("FI", "Saimaan Pankki")).await;
    let response = caller.http.get(&link).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let code = query(response.headers()["location"].to_str().unwrap(), "code");
    caller.post("/sessions", &json!({ "code": code })).await.ok();
}

#[tokio::test]
async fn every_field_has_a_label() {
    let caller = Caller::new().await;
    let mut browser = Browser::open(&caller, caller.link(&caller.authorization("FI", "Saimaan Pankki")).await).await;
    let check = |page: &str| {
        let ids = page.split(" id=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
        for id in ids {
            assert!(
                page.contains(&format!("<label for=\"{id}\">"))
                    || page.contains(&format!("<label class=\"account\" for=\"{id}\">")),
                "{id}"
            );
        }
        assert_eq!(page.matches("<h1>").count(), 1);
        assert!(page.contains("<html lang=\"en\">") && page.contains("<main>"));
    };
    check(&browser.page);
    browser.step("login", &[("username", "aino"), ("password", "revontulet")]).await;
    check(&browser.page);
    browser.step("otp", &[("otp", "123456")]).await;
    check(&browser.page);
}
