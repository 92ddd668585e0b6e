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
        let page = response.text().await.unwrap();
        let token = page.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        Self { caller, link, token, page }
    }

    async fn submit(&mut self, action: &str, fields: &[(&str, &str)]) -> Response {
        let mut all = vec![("token", self.token.as_str()), ("action", action)];
        all.extend_from_slice(fields);
        self.caller.http.post(&self.link).form(&all).send().await.unwrap()
    }

    /// Submits, and reads the page that comes: what was right leads on to it.
    async fn step(&mut self, action: &str, fields: &[(&str, &str)]) -> StatusCode {
        let mut response = self.submit(action, fields).await;
        if response.status() == StatusCode::SEE_OTHER {
            assert!(self.link.ends_with(response.headers()["location"].to_str().unwrap()), "{response:?}");
            response = self.caller.http.get(&self.link).send().await.unwrap();
        }
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
async fn whoever_logs_in_in_place_of_another_confirms_it() {
    let caller = Caller::new().await;
    let mut browser = Browser::open(&caller, caller.link(&caller.authorization("FI", "Saimaan Pankki")).await).await;
    browser.step("login", &[("username", "aino"), ("password", "revontulet")]).await;
    browser.step("otp", &[("otp", "123456")]).await;
    assert!(browser.page.contains("value=\"approve\""), "{}", browser.page);
    // The page with this form may still be open in another window.
    browser.step("login", &[("username", "tyyne"), ("password", "hiljaa")]).await;
    assert!(browser.page.contains("name=\"otp\"") && !browser.page.contains("value=\"approve\""), "{}", browser.page);
    assert_eq!(browser.step("otp", &[("otp", "123456")]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.step("otp", &[("otp", "000000")]).await, StatusCode::OK);
    assert!(browser.page.contains("You have no accounts"), "{}", browser.page);
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
async fn no_answer_is_kept_framed_or_run() {
    let caller = Caller::new().await;
    let link = caller.link(&caller.authorization("FI", "Saimaan Pankki")).await;
    let mut browser = Browser::open(&caller, link.clone()).await;
    let token = browser.token.clone();
    let mut answers = vec![caller.http.get(&link).send().await.unwrap()];
    answers.push(browser.submit("login", &[("username", "aino"), ("password", "wrong")]).await);
    answers.push(browser.submit("login", &[("username", &"x".repeat(100_000))]).await);
    browser.token = "guessed".to_owned();
    answers.push(browser.submit("cancel", &[]).await);
    browser.token = token;
    answers.push(browser.submit("cancel", &[]).await);
    answers.push(caller.http.get(&link).send().await.unwrap());
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    assert_eq!(statuses, [200, 422, 422, 403, 303, 404]);
    for answer in answers {
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let policy = header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("script-src"), "{policy}");
        assert_eq!(header("cache-control").as_deref(), Some("no-store"));
        assert_eq!(header("referrer-policy").as_deref(), Some("same-origin"));
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"));
        let page = answer.text().await.unwrap();
        assert!(!page.contains("<script") && !page.contains("javascript:"), "{page}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_fields_and_what_was_typed_is_kept() {
    let caller = Caller::new().await;
    let mut browser = Browser::open(&caller, caller.link(&caller.authorization("FI", "Saimaan Pankki")).await).await;
    let tied = "aria-invalid=\"true\" aria-describedby=\"wrong\"";
    let is_said = |page: &str| page.contains("id=\"wrong\" role=\"alert\"") && page.contains("<title>Error: ");
    assert!(!browser.page.contains("wrong\"") && browser.page.contains("<title>Log in at "), "{}", browser.page);
    browser.step("login", &[("username", "\"aino\" "), ("password", "secret")]).await;
    assert!(is_said(&browser.page));
    assert_eq!(browser.page.matches(tied).count(), 2);
    assert!(browser.page.contains("value=\"&quot;aino&quot;\"") && !browser.page.contains("secret"));
    // This is not about what the fields say.
    browser.step("none", &[]).await;
    assert!(is_said(&browser.page) && !browser.page.contains(tied));
    browser.step("login", &[("username", "aino"), ("password", "revontulet")]).await;
    browser.step("otp", &[("otp", "1")]).await;
    assert!(is_said(&browser.page) && browser.page.contains(">The one-time password is wrong.</p>"));
    assert_eq!(browser.page.matches(tied).count(), 1);
    browser.step("otp", &[("otp", "123456")]).await;
    assert_eq!(browser.page.matches(" checked>").count(), 4);
    browser.step("approve", &[]).await;
    assert!(is_said(&browser.page) && browser.page.contains("<fieldset aria-describedby=\"wrong\">"));
    assert_eq!(browser.page.matches(" checked>").count(), 0, "none was chosen");
}

#[tokio::test]
async fn the_page_says_who_asks_for_what_and_for_how_long() {
    let caller = Caller::new().await;
    let mut body = caller.authorization("FI", "Saimaan Pankki");
    body["access"] = json!({ "valid_until": "2026-06-05T10:00:00Z", "transactions": false });
    caller.clock.stop_at("2026-06-01T10:00:00Z".parse().unwrap());
    let mut browser = Browser::open(&caller, caller.link(&body).await).await;
    // Whom a pretend bank knows is no secret; companies log in elsewhere.
    assert!(browser.page.contains("<td>aino</td><td>revontulet</td><td>123456</td>"));
    assert!(!browser.page.contains("yritys"));
    browser.step("login", &[("username", "aino"), ("password", "revontulet")]).await;
    browser.step("otp", &[("otp", "123456")]).await;
    let said = "<strong>Sandbox application</strong> asks to read balances of the accounts that you choose, until \
                <time datetime=\"2026-06-05\">5 June 2026</time>.";
    assert!(browser.page.contains(said), "{}", browser.page);
    // By what PSUs know of their accounts.
    assert!(browser.page.contains("Käyttötili, EUR<small>FI") && browser.page.contains("<small>************"));
}

/// How much lighter one colour is than another (WCAG 2.2).
fn contrast(one: &str, other: &str) -> f64 {
    let light = |colour: &str| {
        let digits = colour.trim_start_matches('#');
        let digits: String = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            _ => digits.to_owned(),
        };
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
    };
    let (one, other) = (light(one), light(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[tokio::test]
async fn colours_can_be_told_apart_by_day_and_by_night() {
    let caller = Caller::new().await;
    let browser = Browser::open(&caller, caller.link(&caller.authorization("FI", "Saimaan Pankki")).await).await;
    let schemes: Vec<_> = browser.page.split(":root{").skip(1).map(|rest| rest.split_once('}').unwrap().0).collect();
    assert_eq!(schemes.len(), 2);
    assert_eq!(format!("{:.1}", contrast("#000", "#ffffff")), "21.0");
    for scheme in schemes {
        let colour = |name: &str| {
            let found = scheme.split(';').find_map(|entry| entry.strip_prefix(&format!("--{name}:")));
            found.unwrap()
        };
        // Text, and what has to be seen besides: frames of fields, and the outline of what has the focus.
        for (one, other, least) in [
            ("ink", "paper", 4.5),
            ("ink", "soft", 4.5),
            ("wrong", "paper", 4.5),
            ("key", "paper", 4.5),
            ("line", "paper", 3.0),
        ] {
            let found = contrast(colour(one), colour(other));
            assert!(found >= least, "{one} on {other}: {found:.2}\n{scheme}");
        }
    }
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
        assert!(page.contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"));
        assert!(page.contains(":focus-visible{outline:3px solid"));
    };
    check(&browser.page);
    // Programs that know passwords find the fields by these.
    assert!(browser.page.contains("autocomplete=\"username\"") && browser.page.contains("\"current-password\""));
    browser.step("login", &[("username", "aino"), ("password", "revontulet")]).await;
    assert!(browser.page.contains("autocomplete=\"one-time-code\""));
    check(&browser.page);
    browser.step("otp", &[("otp", "123456")]).await;
    check(&browser.page);
}
