//! Odd answers on request: each differs from the ordinary one, and no other request notices.

use reqwest::Method;
use serde_json::Value;

use crate::Caller;

/// A quirk, and the call that shows it.
const QUIRKS: &[(&str, &str)] = &[
    ("EMPTY_TEXT_FOR_OBJECT", "transactions"),
    ("BRACKET_FOR_CODE", "transactions"),
    ("NULL_AMOUNT", "balances"),
    ("TEXT_FOR_ADDRESS_LINES", "transactions"),
    ("NULL_USER", "aspsps"),
    ("EMPTY_CREDENTIAL", "aspsps"),
    ("ERROR_CODE_ZERO", "error"),
    ("NULL_LIST", "transactions"),
    ("NULL_OPTIONAL", "transactions"),
    ("NULL_UID", "session"),
    ("CURRENCY_XXX", "balances"),
    ("SIGNED_AMOUNT", "transactions"),
    ("NUMBER_FOR_AMOUNT", "balances"),
    ("NEW_CODE", "balances"),
    ("RIGHT_SPELLING", "transactions"),
    ("MICROSECONDS", "balances"),
    ("TEXT_FOR_ERROR_CODE", "error"),
    ("EMPTY_TEXT_FOR_KEY", "transactions"),
    ("HTML", "balances"),
];

#[tokio::test]
async fn every_quirk_changes_its_answer_and_no_other() {
    let caller = Caller::new().await;
    let session = caller.session(&caller.authorization("SE", "Älvsbanken")).await;
    let (uid, id) = (session["accounts"][0]["uid"].as_str().unwrap(), session["session_id"].as_str().unwrap());
    let get = |target: String, quirk: &'static str| {
        let request = caller.request(Method::GET, &target).bearer_auth(caller.token());
        let request = if quirk.is_empty() { request } else { request.header("X-Sandbox-Quirk", quirk) };
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    for (quirk, call) in QUIRKS {
        let target = match *call {
            "aspsps" => "/aspsps?country=SE".to_owned(),
            "session" => format!("/sessions/{id}"),
            "error" => "/sessions/none".to_owned(),
            rest => format!("/accounts/{uid}/{rest}"),
        };
        let plain = get(target.clone(), "").await;
        let odd = get(target.clone(), quirk).await;
        assert_ne!(plain, odd, "{quirk}");
        assert_eq!(serde_json::from_str::<Value>(&odd).is_ok(), *quirk != "HTML", "{quirk}");
        assert_eq!(get(target, "").await, plain, "{quirk}");
    }
    let both = get(format!("/accounts/{uid}/balances"), "NUMBER_FOR_AMOUNT, CURRENCY_XXX").await;
    let both: Value = serde_json::from_str(&both).unwrap();
    let amount = &both["balances"][0]["balance_amount"];
    assert!(amount["amount"].is_number() && amount["currency"] == "XXX", "{amount}");
    let unknown = caller.request(Method::GET, "/aspsps").header("X-Sandbox-Quirk", "NONE");
    let unknown = caller.send(unknown).await;
    assert_eq!(unknown.refusal(), (422, "WRONG_REQUEST_PARAMETERS"));
    let named: Vec<_> = unknown.body["detail"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let tested: Vec<_> = QUIRKS.iter().map(|(quirk, _)| *quirk).collect();
    // One is about the details of a refusal that has some.
    assert!(named.iter().all(|name| tested.contains(name) || *name == "OBJECT_FOR_DETAIL"), "{named:?}");
}
