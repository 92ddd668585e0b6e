//! Requests that nobody should send, each answered in the documented form.

use reqwest::Method;
use serde_json::json;

use crate::Caller;

#[tokio::test]
async fn bad_requests_get_the_documented_error_body() {
    let caller = Caller::new().await;
    let post = |body: &'static str, kind: &'static str| {
        let request = caller.request(Method::POST, "/sessions").body(body);
        caller.send(if kind.is_empty() { request } else { request.header("content-type", kind) })
    };
    for (body, kind) in [
        ("{\"code\":\"a\"}", "text/plain"),
        ("code=a", "application/x-www-form-urlencoded"),
        ("{\"code\":", "application/json"),
        ("", "application/json"),
        ("[]", "application/json"),
        ("null", "application/json"),
        ("{\"code\":1}", "application/json"),
        ("{}", "application/json"),
        ("\u{feff}{}", "application/json"),
    ] {
        assert_eq!(post(body, kind).await.refusal(), (422, "WRONG_REQUEST_PARAMETERS"), "{body} as {kind}");
    }
    // Without a type, a body counts as JSON: the code is unknown.
    assert_eq!(post("{\"code\":\"a\"}", "").await.refusal(), (422, "WRONG_AUTHORIZATION_CODE"));
    assert_eq!(post("code=a", "").await.refusal(), (422, "WRONG_REQUEST_PARAMETERS"));
    for query in ["country=FI&country=SE", "psu_type=personal&psu_type=personal", "country=FI&coun%74ry=FI"] {
        let answer = caller.get(&format!("/aspsps?{query}")).await;
        assert_eq!(answer.refusal(), (422, "WRONG_REQUEST_PARAMETERS"), "{query}");
    }
    let large = json!({ "code": "a".repeat(100_000) });
    assert_eq!(caller.post("/sessions", &large).await.refusal(), (422, "WRONG_REQUEST_PARAMETERS"));
    for (method, target, status) in [
        (Method::GET, "/", 404),
        (Method::GET, "/nothing", 404),
        (Method::GET, "/accounts", 404),
        (Method::GET, "/aspsps/", 404),
        (Method::POST, "/aspsps", 405),
        (Method::GET, "/sessions", 405),
        (Method::PATCH, "/sessions/497f6eca-6276-4993-bfeb-53cbbbba6f08", 405),
        (Method::GET, "/sessions/none", 422),
        (Method::GET, "/accounts/FI8821291587733472/balances", 422),
        (Method::GET, "/accounts/%00/transactions", 422),
    ] {
        let answer = caller.send(caller.request(method.clone(), target)).await;
        assert_eq!(answer.status, status, "{method} {target}");
        assert_eq!(answer.body["code"], status);
    }
}
