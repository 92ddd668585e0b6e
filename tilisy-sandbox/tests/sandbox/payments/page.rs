//! The bank's page for a payment, as a browser without scripts uses it.

use reqwest::{Response, StatusCode};
use serde_json::json;

use super::{bulk, path, sepa, short, stopped, transfer};
use crate::{Caller, query};

/// A browser at the page of a payment.
struct Browser<'a> {
    caller: &'a Caller,
    link: String,
    token: String,
    page: String,
}

impl<'a> Browser<'a> {
    async fn open(caller: &'a Caller, link: &str) -> Self {
        let response = caller.http.get(link).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let page = response.text().await.unwrap();
        let token = page.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        Self { caller, link: link.to_owned(), token, page }
    }

    async fn submit(&self, action: &str, fields: &[(&str, &str)]) -> Response {
        let mut all = vec![("token", self.token.as_str()), ("action", action)];
        all.extend_from_slice(fields);
        self.caller.http.post(&self.link).form(&all).send().await.unwrap()
    }

    /// Submits a form and reads the page that follows.
    async fn step(&mut self, action: &str, fields: &[(&str, &str)]) -> StatusCode {
        let mut response = self.submit(action, fields).await;
        if response.status() == StatusCode::SEE_OTHER {
            assert!(self.link.ends_with(location(&response)), "{response:?}");
            response = self.caller.http.get(&self.link).send().await.unwrap();
        }
        let status = response.status();
        self.page = response.text().await.unwrap();
        status
    }

    /// Submits a form that leads back to the application.
    async fn leave(&self, action: &str, fields: &[(&str, &str)]) -> String {
        let response = self.submit(action, fields).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        location(&response).to_owned()
    }

    async fn log_in(&mut self) {
        assert_eq!(self.step("login", &[("username", "aino"), ("password", "revontulet")]).await, StatusCode::OK);
        assert_eq!(self.step("otp", &[("otp", "123456")]).await, StatusCode::OK);
    }

    /// The values of the accounts to choose from.
    fn accounts(&self) -> Vec<String> {
        let parts = self.page.split("name=\"account\" value=\"").skip(1);
        parts.map(|rest| rest.split_once('"').unwrap().0.to_owned()).collect()
    }
}

fn location(response: &Response) -> &str {
    response.headers()["location"].to_str().unwrap()
}

#[tokio::test]
async fn a_psu_logs_in_confirms_and_approves() {
    let caller = stopped().await;
    let created = caller.pay(&sepa("12.50")).await;
    let mut browser = Browser::open(&caller, created["url"].as_str().unwrap()).await;
    assert!(browser.page.contains("<h1>Log in at Saimaan Pankki</h1>"));
    assert!(browser.page.contains("<td>aino</td>") && !browser.page.contains("yritys"));
    let wrong = [("username", "aino"), ("password", "wrong")];
    assert_eq!(browser.step("login", &wrong).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.page.contains("role=\"alert\"") && browser.page.contains("value=\"aino\""));
    assert_eq!(browser.step("approve", &[]).await, StatusCode::UNPROCESSABLE_ENTITY);
    browser.step("login", &[("username", "aino"), ("password", "revontulet")]).await;
    assert_eq!(browser.step("otp", &[("otp", "999999")]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.step("otp", &[("otp", "123456")]).await, StatusCode::OK);
    for text in ["Sandbox application", "12.50 EUR", "Kahvila Käpylä", "FI2112345600000785", "Lasku 12"] {
        assert!(browser.page.contains(text), "{text}\n{}", browser.page);
    }
    let accounts = browser.accounts();
    assert_eq!(browser.step("approve", &[("account", "none")]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(caller.status(&path(&created)).await, "RCVD");
    let back = browser.leave("approve", &[("account", &accounts[0])]).await;
    assert_eq!(back, format!("{}?state=some+state", crate::REDIRECT));
    assert_eq!(caller.status(&path(&created)).await, "ACTC");
    assert_eq!(caller.http.get(&browser.link).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(browser.submit("deny", &[]).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_psu_cancels_or_denies() {
    let caller = stopped().await;
    for (action, why, status) in [("cancel", "Cancelled by user", "CNCL!"), ("deny", "Denied payment", "RJCT!")] {
        let mut body = sepa("1.00");
        body["state"] = json!("a&b=c d");
        let created = caller.pay(&body).await;
        let browser = Browser::open(&caller, created["url"].as_str().unwrap()).await;
        let back = browser.leave(action, &[]).await;
        assert_eq!(query(&back, "error").as_deref(), Some("access_denied"));
        assert_eq!(query(&back, "error_description").as_deref(), Some(why));
        assert_eq!(query(&back, "state").as_deref(), Some("a&b=c d"));
        assert_eq!(caller.status(&path(&created)).await, status);
    }
}

#[tokio::test]
async fn the_third_wrong_one_time_password_ends_the_payment() {
    let caller = stopped().await;
    let created = caller.pay(&sepa("1.00")).await;
    let mut browser = Browser::open(&caller, created["url"].as_str().unwrap()).await;
    browser.step("login", &[("username", "aino"), ("password", "revontulet")]).await;
    for _ in 0..2 {
        assert_eq!(browser.step("otp", &[("otp", "1")]).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(browser.page.contains("aria-invalid=\"true\""));
        assert!(browser.page.contains(">The one-time password is wrong.</p>"));
    }
    let back = browser.leave("otp", &[("otp", "2")]).await;
    assert_eq!(query(&back, "error").as_deref(), Some("access_denied"));
    let shown = caller.get(&path(&created)).await.ok();
    assert_eq!(
        (short(&shown).as_str(), &shown["status_reason_information"]["status_reason_code"]),
        ("RJCT!", &json!("MS03"))
    );
}

#[tokio::test]
async fn the_account_of_the_request_is_the_only_choice() {
    let caller = stopped().await;
    let session = caller.session(&caller.authorization("FI", "Saimaan Pankki")).await;
    let account = &session["accounts"][0];
    let mut body = sepa("1.00");
    body["payment_request"]["debtor_account"] =
        json!({ "scheme_name": "IBAN", "identification": account["account_id"]["iban"] });
    let mut browser = Browser::open(&caller, caller.pay(&body).await["url"].as_str().unwrap()).await;
    browser.log_in().await;
    assert_eq!(browser.accounts(), [account["identification_hash"].as_str().unwrap()]);
    // An account of another holder cannot pay.
    body["payment_request"]["debtor_account"] = json!({ "scheme_name": "IBAN", "identification": super::ELSEWHERE });
    let created = caller.pay(&body).await;
    let mut browser = Browser::open(&caller, created["url"].as_str().unwrap()).await;
    browser.log_in().await;
    assert!(browser.page.contains("None of your accounts") && !browser.page.contains("value=\"approve\""));
    caller.sandbox.approve(created["url"].as_str().unwrap()).unwrap();
    caller.wait(10);
    let shown = caller.get(&path(&created)).await.ok();
    assert_eq!(
        (short(&shown).as_str(), &shown["status_reason_information"]["status_reason_code"]),
        ("RJCT!", &json!("AC01"))
    );
}

#[tokio::test]
async fn another_user_has_to_confirm_again() {
    let caller = stopped().await;
    let mut browser = Browser::open(&caller, caller.pay(&sepa("1.00")).await["url"].as_str().unwrap()).await;
    browser.log_in().await;
    assert!(browser.page.contains("value=\"approve\""));
    browser.step("login", &[("username", "tyyne"), ("password", "hiljaa")]).await;
    assert!(browser.page.contains("name=\"otp\"") && !browser.page.contains("value=\"approve\""));
    assert_eq!(browser.step("approve", &[("account", "none")]).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn credentials_of_the_request_log_in_once() {
    let caller = stopped().await;
    let mut body = sepa("1.00");
    (body["auth_method"], body["credentials"]) =
        (json!("password"), json!({ "userId": "aino", "password": "revontulet" }));
    let browser = Browser::open(&caller, caller.pay(&body).await["url"].as_str().unwrap()).await;
    assert!(browser.page.contains("name=\"otp\""));
    body["credentials"]["password"] = json!("wrong");
    let created = caller.pay(&body).await;
    let link = created["url"].as_str().unwrap();
    assert_eq!(caller.http.get(link).send().await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Browser::open(&caller, link).await.page.contains("name=\"username\""));
}

#[tokio::test]
async fn no_one_is_asked_if_payments_are_approved_at_once() {
    let caller = Caller::of(tilisy_sandbox::Sandbox::builder().auto_approve(true)).await;
    super::stop(&caller);
    let created = caller.pay(&sepa("1.00")).await;
    let response = caller.http.get(created["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&response), format!("{}?state=some+state", crate::REDIRECT));
    assert_eq!(caller.status(&path(&created)).await, "ACTC");
}

#[tokio::test]
async fn addresses_that_no_redirect_can_have_are_refused() {
    let caller = stopped().await;
    for (url, is_accepted) in [
        ("https://app.example/back?a=b#c", true),
        ("http://127.0.0.1/ä", false),
        ("http://127.0.0.1/\tx", false),
        ("http://127.0.0.1/\r", false),
        ("http://127.0.0.1/\u{7f}", false),
        ("http://127.0.0.1/a b", false),
    ] {
        let certificate = include_str!("../../../../enablebanking-core/tests/keys/certificate.pem");
        let body = json!({
            "certificate": certificate, "environment": "SANDBOX", "name": "Mine", "redirect_urls": [url],
        });
        let request = caller.request(reqwest::Method::POST, "/api/applications").json(&body);
        let response = request.bearer_auth(caller.sandbox.registration_token()).send().await.unwrap();
        assert_eq!(response.status(), if is_accepted { 200 } else { 422 }, "{url:?}");
        let started = tilisy_sandbox::Sandbox::builder().redirect_url(url).start().await;
        assert_eq!(started.is_ok(), is_accepted, "{url:?}");
        if let Err(error) = started {
            assert!(error.to_string().starts_with("cannot redirect to"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_test_approves_as_a_user_and_from_an_account() {
    let caller = stopped().await;
    let bank = caller.sandbox.bank("Saimaan Pankki");
    let vilho = bank.user("vilho").accounts()[0].clone();
    let created = caller.pay(&sepa("1.00")).await;
    let link = created["url"].as_str().unwrap();
    let approve = |user: &str, account: &str| caller.sandbox.approve_as(link, user, &[account]);
    assert!(approve("none", vilho.identification_hash()).is_err());
    assert!(approve("yritys", vilho.identification_hash()).is_err(), "the payment is of a person");
    assert!(approve("aino", vilho.identification_hash()).is_err());
    approve("vilho", vilho.identification_hash()).unwrap();
    assert!(approve("vilho", vilho.identification_hash()).is_err(), "links are used once");
    let shown = caller.get(&path(&created)).await.ok();
    let debtor = &shown["payment_details"]["debtor_account"]["identification"];
    assert_eq!(debtor.as_str(), vilho.iban());
}

#[tokio::test]
async fn the_control_endpoint_approves_and_denies_payments() {
    let caller = stopped().await;
    for (action, user, expected) in
        [("approve", None, "ACTC"), ("approve", Some("vilho"), "ACTC"), ("deny", None, "RJCT!")]
    {
        let created = caller.pay(&sepa("1.00")).await;
        let body = json!({ "link": created["url"], "user": user });
        let request = caller.request(reqwest::Method::POST, &format!("/sandbox/{action}")).json(&body);
        let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        assert!(answer["location"].as_str().unwrap().starts_with(crate::REDIRECT), "{answer}");
        assert_eq!(caller.status(&path(&created)).await, expected);
    }
}

#[tokio::test]
async fn texts_of_a_request_are_shown_as_text() {
    let caller = stopped().await;
    let mut body = sepa("1.00");
    let transfer = &mut body["payment_request"]["credit_transfer_transaction"][0];
    transfer["beneficiary"]["creditor"]["name"] = json!("<script>alert('1')</script>");
    transfer["remittance_information"] = json!(["\"><img>"]);
    let mut browser = Browser::open(&caller, caller.pay(&body).await["url"].as_str().unwrap()).await;
    browser.log_in().await;
    assert!(browser.page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"), "{}", browser.page);
    assert!(!browser.page.contains("<script") && !browser.page.contains("<img"));
}

#[tokio::test]
async fn long_lists_of_transfers_are_cut() {
    let caller = stopped().await;
    let mut body = bulk(&[]);
    let transfers: Vec<_> = (1..=25).map(|number| transfer(&format!("{number}.00"))).collect();
    body["payment_request"]["credit_transfer_transaction"] = json!(transfers);
    let mut browser = Browser::open(&caller, caller.pay(&body).await["url"].as_str().unwrap()).await;
    browser.step("login", &[("username", "yritys"), ("password", "lasku")]).await;
    browser.step("otp", &[("otp", "654321")]).await;
    assert_eq!(browser.page.matches("<dl>").count(), 20);
    assert!(browser.page.contains("20.00 EUR") && !browser.page.contains("21.00 EUR"));
    assert!(browser.page.contains("And 5 more transfers."));
}

#[tokio::test]
async fn responses_are_guarded_and_forms_of_other_pages_are_refused() {
    let caller = stopped().await;
    let created = caller.pay(&sepa("1.00")).await;
    let link = created["url"].as_str().unwrap();
    let mut browser = Browser::open(&caller, link).await;
    let token = browser.token.clone();
    let mut answers = vec![caller.http.get(link).send().await.unwrap()];
    answers.push(browser.submit("login", &[("username", "aino"), ("password", "wrong")]).await);
    answers.push(browser.submit("login", &[("username", &"x".repeat(100_000))]).await);
    answers.push(browser.submit("nothing", &[]).await);
    browser.token = "guessed".to_owned();
    answers.push(browser.submit("cancel", &[]).await);
    browser.token = token;
    answers.push(browser.submit("cancel", &[]).await);
    answers.push(caller.http.get(link).send().await.unwrap());
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    assert_eq!(statuses, [200, 422, 422, 422, 403, 303, 404]);
    for answer in answers {
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let policy = header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(header("cache-control").as_deref(), Some("no-store"));
        assert_eq!(header("referrer-policy").as_deref(), Some("same-origin"));
    }
}

#[tokio::test]
async fn every_field_has_a_label() {
    let caller = stopped().await;
    let mut browser = Browser::open(&caller, caller.pay(&sepa("1.00")).await["url"].as_str().unwrap()).await;
    browser.log_in().await;
    let ids = browser.page.split(" id=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
    let mut count = 0;
    for id in ids {
        assert!(browser.page.contains(&format!("<label class=\"account\" for=\"{id}\">")), "{id}");
        count += 1;
    }
    assert_eq!(count, browser.accounts().len());
    assert_eq!(browser.page.matches("<h1>").count(), 1);
}
