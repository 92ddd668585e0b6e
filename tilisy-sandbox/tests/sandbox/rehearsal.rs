//! Answers that a test has laid down, and requests that were kept.

use reqwest::{Method, Response};
use serde_json::json;
use tilisy_sandbox::{NoReply, Reply, Sandbox};

use crate::Caller;

async fn ask(caller: &Caller) -> Response {
    caller.request(Method::GET, "/aspsps").send().await.unwrap()
}

#[tokio::test]
async fn replies_are_given_in_turn_and_then_the_bank_answers() {
    let caller = Caller::new().await;
    let busy = Reply::new(503).header("Retry-After", "9").header("retry-after", "1");
    caller.sandbox.answer_next([busy, Reply::json(200, "{]").header("x-odd", "yes")]).unwrap();
    let first = ask(&caller).await;
    assert_eq!((first.status().as_u16(), first.headers()["retry-after"].as_bytes()), (503, b"1".as_slice()));
    let second = ask(&caller).await;
    assert_eq!(second.headers()["x-odd"], "yes");
    assert_eq!(second.text().await.unwrap(), "{]");
    caller.get("/aspsps").await.ok();

    caller.sandbox.answer_next([Reply::new(204), Reply::new(500).repeated(), Reply::new(404)]).unwrap();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(ask(&caller).await.status().as_u16());
    }
    assert_eq!(statuses, [204, 500, 500, 500]);
    caller.sandbox.answer_next([]).unwrap();
    caller.get("/aspsps").await.ok();
}

#[tokio::test]
async fn a_reply_breaks_off_where_it_is_told_to() {
    let caller = Caller::new().await;
    for (cut, came) in [(0, ""), (3, "abc"), (5, "abcde")] {
        caller.sandbox.answer_next([Reply::new(200).body("abcdef").cut_after(cut)]).unwrap();
        let mut answer = ask(&caller).await;
        assert_eq!(answer.content_length(), Some(6));
        let mut body = Vec::new();
        while let Ok(chunk) = answer.chunk().await {
            body.extend_from_slice(&chunk.expect("the body ends early, and not well"));
        }
        assert_eq!(body, came.as_bytes());
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_whole() {
    let caller = Caller::new().await;
    for bad in [
        Reply::new(199),
        Reply::new(600),
        Reply::new(200).header("a b", "c"),
        Reply::new(200).header("a", "b\r\nc: d"),
        Reply::new(200).header("Content-Length", "5").body("abc"),
    ] {
        let refused = caller.sandbox.answer_next([Reply::new(500), bad]);
        assert_eq!(refused, Err(NoReply { number: 2 }));
        caller.get("/aspsps").await.ok();
    }
}

#[tokio::test]
async fn requests_are_kept_where_asked_and_show_nothing() {
    let caller = Caller::with(Sandbox::builder().keep_requests(true)).await;
    caller.post("/sessions?a=hunter2", &json!({ "code": "hunter2" })).await.refusal();
    caller.request(Method::POST, "/sessions").body("a".repeat(100_000)).send().await.unwrap();
    let kept = caller.sandbox.requests();
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[0].method(), kept[0].target()), ("POST", "/sessions?a=hunter2"));
    assert_eq!((kept[0].body(), kept[1].body()), (br#"{"code":"hunter2"}"#.as_slice(), b"".as_slice()));
    assert_eq!((kept[0].header("Content-Type"), kept[0].header("psu-accept")), (Some("application/json"), None));
    let shown = format!("{kept:?} {:?}", caller.sandbox);
    assert!(shown.contains("/sessions") && !shown.contains("hunter2") && !shown.contains("Bearer"), "{shown}");
    let other = Caller::new().await;
    other.get("/aspsps").await.ok();
    assert!(other.sandbox.requests().is_empty());
}
