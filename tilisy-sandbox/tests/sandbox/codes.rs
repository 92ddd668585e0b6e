//! The error codes: by realistic conditions, and by a header. Here are the 16 of the document.

mod current;
mod table;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tilisy_sandbox::chrono::TimeDelta;

use crate::{Answer, Caller, query};

fn documented() -> BTreeSet<String> {
    let spec: Value = serde_yaml::from_str(include_str!("../../../spec/tilisy.yaml")).unwrap();
    let values = spec["components"]["schemas"]["ErrorCode"]["oneOf"].as_array().unwrap();
    values.iter().map(|value| value["enum"][0].as_str().unwrap().to_owned()).collect()
}

fn code(answer: &Answer) -> String {
    answer.refusal().1.to_owned()
}

/// The code of a consent that a user gives on the pages.
async fn code_of(caller: &Caller, body: &Value, username: &str, password: &str, otp: &str) -> String {
    let link = caller.link(body).await;
    let form = |fields: Vec<(&'static str, String)>| caller.http.post(&link).form(&fields).send();
    let page = caller.http.get(&link).send().await.unwrap().text().await.unwrap();
    let token = page.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let field = |name, value: &str| (name, value.to_owned());
    let login = vec![
        field("token", &token),
        field("action", "login"),
        field("username", username),
        field("password", password),
    ];
    form(login).await.unwrap();
    form(vec![field("token", &token), field("action", "otp"), field("otp", otp)]).await.unwrap();
    let back = form(vec![field("token", &token), field("action", "approve")]).await.unwrap();
    query(back.headers()["location"].to_str().unwrap(), "code").unwrap()
}

#[tokio::test]
async fn every_code_is_reached_as_in_life() {
    let caller = Caller::new().await;
    let none = "497f6eca-6276-4993-bfeb-53cbbbba6f08";
    let mut seen = Vec::new();
    let body = caller.authorization("NO", "Fjordbanken");
    let uid = caller.account(0).await;
    let rows = format!("/accounts/{uid}/transactions");
    for target in [
        format!("/accounts/{none}/balances"),
        format!("/sessions/{none}"),
        format!("{rows}?date_to=2026-01-01"),
        format!("{rows}?date_from=2026-01-02&date_to=2026-01-01"),
        format!("{rows}?transaction_status=none"),
    ] {
        seen.push(code(&caller.get(&target).await));
    }
    seen.push(code(&caller.send_bare(caller.request(Method::GET, "/aspsps")).await));
    seen.push(code(&caller.post("/auth", &caller.authorization("NO", "Nobody")).await));
    let mut stranger = body.clone();
    stranger["redirect_url"] = json!("https://stranger.example");
    seen.push(code(&caller.post("/auth", &stranger).await));
    seen.push(code(&caller.post("/sessions", &json!({ "code": "none" })).await));

    // A bank that is down, one that wants headers, one that tells the last 90 days.
    let down = caller.code(&caller.authorization("FI", "Häiriöpankki")).await;
    seen.push(code(&caller.post("/sessions", &json!({ "code": down })).await));
    for (bank, country, rest) in
        [("Fjällkassan", "SE", "balances"), ("Revontuli", "FI", "transactions?date_from=2025-01-01")]
    {
        let session = caller.session(&caller.authorization(country, bank)).await;
        let target = format!("/accounts/{}/{rest}", session["accounts"][0]["uid"].as_str().unwrap());
        seen.push(code(&caller.get(&target).await));
    }
    // A user without accounts.
    let code_of_nothing = code_of(&caller, &body, "tyyne", "hiljaa", "000000").await;
    seen.push(code(&caller.post("/sessions", &json!({ "code": code_of_nothing })).await));

    let session = caller.session(&body).await;
    let target = format!("/sessions/{}", session["session_id"].as_str().unwrap());
    caller.delete(&target).await.ok();
    seen.push(code(&caller.delete(&target).await));
    let late = caller.code(&body).await;
    caller.clock.advance(TimeDelta::minutes(10));
    seen.push(code(&caller.post("/sessions", &json!({ "code": late })).await));
    caller.clock.advance(TimeDelta::days(31));
    seen.push(code(&caller.get(&rows).await));
    let count = seen.len();
    assert_eq!((seen.into_iter().collect::<BTreeSet<_>>(), count), (documented(), 16));
}

#[tokio::test]
async fn every_code_is_reached_by_the_header() {
    let caller = Caller::new().await;
    let session = caller.session(&caller.authorization("NO", "Fjordbanken")).await;
    let rows = format!("/accounts/{}/transactions", session["accounts"][0]["uid"].as_str().unwrap());
    let one = format!("/sessions/{}", session["session_id"].as_str().unwrap());
    for name in documented() {
        let authorization = caller.authorization("NO", "Fjordbanken");
        let code = json!({ "code": caller.code(&authorization).await });
        let (method, target, body) = match name.as_str() {
            "WRONG_ASPSP_PROVIDED" | "REDIRECT_URI_NOT_ALLOWED" => (Method::POST, "/auth", Some(&authorization)),
            "EXPIRED_AUTHORIZATION_CODE" | "WRONG_AUTHORIZATION_CODE" | "NO_ACCOUNTS_ADDED" => {
                (Method::POST, "/sessions", Some(&code))
            }
            "SESSION_DOES_NOT_EXIST" => (Method::GET, one.as_str(), None),
            _ => (Method::GET, rows.as_str(), None),
        };
        let answer = caller.scenario(method.clone(), target, body, &name).await;
        assert_eq!(answer.refusal().1, name, "{:?}", answer.body);
    }
    // It was a state of those requests alone.
    caller.get(&rows).await.ok();
    let unknown = caller.scenario(Method::GET, &rows, None, "NONSENSE").await;
    assert_eq!(unknown.refusal(), (422, "WRONG_REQUEST_PARAMETERS"));
}
