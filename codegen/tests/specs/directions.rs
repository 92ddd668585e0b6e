//! Calls of the client that is generated from `directions.yaml`, to a server on this machine. A test of xtask puts this file
//! into the generated crate and runs it.

use directions_client::{Client, Context, types};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Makes a call that is answered with a body. Returns the head of the request, its body, and the result of the call.
macro_rules! call {
    ($body:expr, |$client:ident| $call:expr) => {{
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let client = Client::new(&url, Context::new()).unwrap();
        let $client = &client;
        let call = async { $call.await };
        let ((head, body), returned) = tokio::join!(serve(&listener, $body), call);
        (head, body, returned)
    }};
}

async fn serve(listener: &TcpListener, body: &str) -> (String, String) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = Vec::new();
    loop {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "the request has no end");
        let text = String::from_utf8(bytes.clone()).unwrap();
        let Some((head, sent)) = text.split_once("\r\n\r\n") else { continue };
        let length = header(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        if sent.len() >= length {
            let status = if body.is_empty() { "204 No Content" } else { "200 OK" };
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
            return (head.to_owned(), sent.to_owned());
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
}

/// The target of a request.
fn target(head: &str) -> &str {
    head.split(' ').nth(1).unwrap()
}

/// Required properties that are `readOnly` are not in requests, and `writeOnly` ones are not in responses.
#[tokio::test]
async fn a_request_has_a_type_of_its_own() {
    let parent = types::ThingRequestBody::new("p", "0");
    let thing = types::ThingRequestBody::new("n", "1")
        .parts(vec![types::PartRequest::new(7)])
        .by_name([("x".to_owned(), types::PartRequest::new(8))].into())
        .choice(types::ThingChoiceRequest::Part(types::PartRequest::new(9)))
        .kind(types::Kind::A)
        .parent(parent);
    let sent = r#"{"by_name":{"x":{"code":8}},"choice":{"code":9},"kind":"a","name":"n","parent":{"name":"p","pin":"0"},"parts":[{"code":7}],"pin":"1"}"#;
    let answer = r#"{"choice":"s","id":"1","name":"n","parts":[{"code":7,"made":"now"}]}"#;
    let (_, body, returned) = call!(answer, |client| client.create(&thing));
    assert_eq!(body, sent);
    let made: types::Thing = returned.unwrap();
    assert_eq!((made.id.as_str(), made.parts[0].made.as_str()), ("1", "now"));
    assert_eq!(serde_json::to_string(&made).unwrap(), answer);
    // The document's own type keeps the name.
    let _ = types::ThingRequest::new().a("a");
}

#[tokio::test]
async fn a_change_tells_null_from_a_property_that_is_left_out() {
    let answer = r#"{"inner":null,"must":null,"tags":["t"]}"#;
    let left_out = types::NoteRequest::new();
    let (head, body, returned) = call!(answer, |client| client.change(&left_out));
    assert_eq!((body.as_str(), header(&head, "content-type")), (r#"{"must":null}"#, Some("application/merge-patch+json")));
    let note: types::Note = returned.unwrap();
    assert_eq!((note.text, note.tags, note.inner), (None, vec!["t".to_owned()], None));
    let null = types::NoteRequest::new().must("m").text_null_().tags_null().inner_null();
    let (_, body, _) = call!(answer, |client| client.change(&null));
    assert_eq!(body, r#"{"inner":null,"must":"m","tags":null,"text":null}"#);
    let values = types::NoteRequest::new()
        .text("t")
        .text_null(true)
        .tags(Vec::new())
        .inner(types::InnerRequest::new().level_null())
        .plain("p");
    let (_, body, _) = call!(answer, |client| client.change(&values));
    assert_eq!(body, r#"{"inner":{"level":null},"must":null,"plain":"p","tags":[],"text":"t","text_null":true}"#);
    let again: types::NoteRequest = serde_json::from_str(&body).unwrap();
    assert_eq!(again, values);
}

#[tokio::test]
async fn forms_and_objects_without_any_property_to_send() {
    let (_, body, _) = call!("", |client| client.form(&types::FormRequest::new("x")));
    assert_eq!(body, "a=x");
    let parts = types::PartsBody::new("x");
    let (_, body, returned) = call!(r#"{"id":"1","a":"x"}"#, |client| client.parts(&parts));
    assert!(body.contains("name=\"a\"") && !body.contains("name=\"id\""), "{body}");
    assert_eq!(returned.unwrap().id, "1");
    let (_, body, returned) = call!(r#"{"at":"now"}"#, |client| client.seal(&types::SealedRequest::new()));
    assert_eq!((body.as_str(), returned.unwrap().at.as_deref()), ("{}", Some("now")));
}

/// A form has no null.
#[tokio::test]
async fn a_type_of_a_change_is_sent_as_a_form() {
    let levels = vec![types::InnerRequest::new().level(1), types::InnerRequest::new().level(2)];
    let note = types::NoteRequest::new().text("t").tags(vec!["a".to_owned(), "b".to_owned()]).levels(levels).inner_null();
    let (_, body, _) = call!("", |client| client.note_form(&note));
    let expected = ["levels=%7B%22level%22%3A1%7D", "levels=%7B%22level%22%3A2%7D", "tags=a", "tags=b", "text=t"];
    assert_eq!(body.split('&').collect::<Vec<_>>(), expected);
    let null = types::NoteRequest::new().levels_null().text_null_().plain("p");
    let (_, body, _) = call!("", |client| client.note_form(&null));
    assert_eq!(body, "plain=p");
}

#[tokio::test]
async fn elements_that_may_be_null_stay_in_their_places() {
    let answer = r#"{"cells":[[1,null,3],null,[]],"names":{"a":null,"b":"c"},"parts":[null,{"level":2}],"strict":["x",null,"y"]}"#;
    let cells = vec![Some(vec![Some(1), None]), None];
    let grid = types::Grid::new(cells);
    let (head, body, returned) = call!(answer, |client| client.grid(&grid).marks(vec!["m".to_owned()]));
    assert_eq!((target(&head), body.as_str()), ("/grid?marks=m", r#"{"cells":[[1,null],null]}"#));
    let found = returned.unwrap();
    assert_eq!(found.cells, [Some(vec![Some(1), None, Some(3)]), None, Some(vec![])]);
    assert_eq!(found.names.as_ref().map(|names| names["a"].is_none()), Some(true));
    assert_eq!(found.strict.as_deref(), Some(&["x".to_owned(), "y".to_owned()][..]));
    let written = serde_json::to_string(&found).unwrap();
    assert_eq!(written, answer.replace(r#"["x",null,"y"]"#, r#"["x","y"]"#));
}
