//! Calls of the client that is generated from `schemas.yaml`, to a server on this machine. A test of xtask puts this file
//! into the generated crate and runs it.

use openbanking_client_runtime::raw_json::RawJson;
use schemas_client::{BearerToken, Client, Context, types};
use serde_json::{Value, json};
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

fn payment(json: Value) -> types::Payment {
    serde_json::from_str(&json.to_string()).unwrap()
}

#[tokio::test]
async fn parameters_with_one_name_go_to_their_places() {
    let body = r#"{"id":"1","method":{"kind":"card"}}"#;
    let (head, _, returned) = call!(body, |client| client.get_payment("a/b").id_query("q").id_header(u64::MAX));
    assert_eq!(target(&head), "/payments/a%2Fb?id=q");
    assert_eq!(header(&head, "id"), Some("18446744073709551615"));
    assert_eq!(header(&head, "accept"), Some("application/json"));
    assert_eq!(returned.unwrap().id, "1");
}

/// OpenAPI ignores a parameter of this name, and the document has no security.
#[tokio::test]
async fn an_authorization_header_that_is_listed_takes_credentials() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let context = Context::new().with_authorize(BearerToken::new("t").unwrap());
    let client = Client::new(&url, context).unwrap();
    let call = async { client.get_payment("1").await };
    let ((head, _), _) = tokio::join!(serve(&listener, "{}"), call);
    assert_eq!(header(&head, "authorization"), Some("Bearer t"));
}

#[tokio::test]
async fn values_are_written_again_as_they_came() {
    let body = r#"{"children":[{"id":"2","method":{"kind":"new","x":1.50}}],"flag":2,"id":"1","level":7,"limit":5,"method":{"digits":"1","kind":"card"},"party":{"country":"FI","legal":"A"},"start<":"a","start>":"b","total":18446744073709551615,"rate":1.50}"#;
    let (_, _, returned) = call!(body, |client| client.get_payment("1"));
    let payment = returned.unwrap();
    let (head, sent, _) = call!("", |client| client.put_payments_id("1", &payment));
    assert!(head.starts_with("PUT /payments/1 HTTP/1.1"));
    assert_eq!(sent, body);
}

#[test]
fn cases_are_recognized_by_their_form() {
    let card = payment(json!({"id": "1", "method": {"kind": "card", "digits": "7"}, "limit": "none"}));
    assert!(matches!(&card.method, types::Method::Card(card) if card.digits.as_deref() == Some("7")));
    assert!(matches!(card.limit, Some(types::PaymentLimit::Text(types::PaymentLimitText::None))));
    let nested = json!({"kind": "sepa", "next": {"kind": "card"}});
    let sepa = payment(json!({"id": "1", "method": nested, "party": {"surname": "A", "country": "FI"}, "limit": 3}));
    let types::Method::Transfer(transfer) = &sepa.method else { panic!("{:?}", sepa.method) };
    assert!(matches!(transfer.next.as_deref(), Some(types::Method::Card(_))));
    assert!(matches!(sepa.limit, Some(types::PaymentLimit::Number(3))));
    let Some(types::Party::Person(person)) = &sepa.party else { panic!("{:?}", sepa.party) };
    assert_eq!((person.surname.as_str(), person.country.as_deref()), ("A", Some("FI")));
    let unknown = payment(json!({"id": "1", "method": {"kind": "new"}, "limit": null, "party": [1]}));
    let is_kept = |json: &RawJson, text| json.as_json() == text;
    assert!(matches!(&unknown.method, types::Method::Unknown(json) if is_kept(json, r#"{"kind":"new"}"#)));
    assert!(matches!(&unknown.party, Some(types::Party::Unknown(json)) if is_kept(json, "[1]")));
    assert!(unknown.limit.is_none());
    assert!(!format!("{card:?} {sepa:?} {unknown:?}").contains("new"), "{unknown:?}");
}

#[test]
fn values_of_a_base_are_those_of_the_schemas_that_extend_it() {
    let refund = r#"{"day":"2026-01-02","of":{"day":"2026-01-01","reason":"late","sort":"dispute"},"sort":"refund"}"#;
    let text = format!(r#"{{"event":{refund},"id":"1","method":{{"kind":"card"}}}}"#);
    let payment: types::Payment = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&payment).unwrap(), text);
    let Some(types::Event::Refund(refund)) = payment.event.as_ref() else { panic!("{:?}", payment.event) };
    let Some(types::Event::Dispute(dispute)) = refund.of.as_deref() else { panic!("{:?}", refund.of) };
    assert_eq!((dispute.reason.as_deref(), &dispute.sort), (Some("late"), &types::EventSort::Dispute));

    let event = |sort: &str, more: &str| format!(r#"{{"day":"2026-01-01","sort":"{sort}"{more}}}"#);
    let read = |text: &str| serde_json::from_str::<types::Event>(text).unwrap();
    let appeal = event("Appeal", r#","court":"C""#);
    assert!(matches!(read(&appeal), types::Event::Appeal(appeal) if appeal.court == "C"));
    for base in ["plain", "Notice", "Memo"] {
        assert!(matches!(read(&event(base, "")), types::Event::Event(_)), "{base}");
    }
    let unknown = event("later", r#","amount":1.50"#);
    assert!(matches!(&read(&unknown), types::Event::Unknown(json) if json.as_json() == unknown));
    serde_json::from_str::<types::Event>(&event("Appeal", "")).unwrap_err();

    // Through another base.
    let read = |text: &str| serde_json::from_str::<types::Dispute>(text).unwrap();
    assert!(matches!(read(&appeal), types::Dispute::Appeal(_)));
    assert!(matches!(read(&event("dispute", "")), types::Dispute::Dispute(_)));
    assert!(matches!(read(&event("refund", "")), types::Dispute::Unknown(_)));
}

#[test]
fn a_schema_that_adds_to_a_base_has_the_cases_of_it() {
    let tagged = |sort: &str| {
        let text = format!(r#"{{"day":"2026-01-01","reason":"r","sort":"{sort}","tag":"t"}}"#);
        let value = payment(json!({"id": "1", "method": {"kind": "card"}, "tagged": serde_json::from_str::<Value>(&text).unwrap()}));
        let written = serde_json::to_string(&value.tagged).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
        value.tagged.unwrap()
    };
    let types::PaymentTagged::Dispute(dispute) = tagged("dispute") else { panic!("it is a dispute") };
    assert_eq!((dispute.reason.as_deref(), dispute.tag.as_deref()), (Some("r"), Some("t")));
    let types::PaymentTagged::Event(plain) = tagged("plain") else { panic!("it is a plain event") };
    assert_eq!(plain.tag.as_deref(), Some("t"));
    let last: Option<types::Event> = payment(json!({"id": "1", "method": {"kind": "card"}, "last": null})).last;
    assert!(last.is_none());
}

#[test]
fn a_case_that_lacks_a_required_property_is_an_error_without_values() {
    let text = r#"{"id":"1","method":{"kind":"card","digits":{"secret":1}}}"#;
    let error = serde_json::from_str::<types::Payment>(text).unwrap_err().to_string();
    assert!(error.contains("expected") && !error.contains("secret"), "{error}");
}

#[test]
fn enums_of_numbers_and_of_several_types_are_open() {
    let levels: Vec<types::Level> = serde_json::from_str("[1, 2.0, -1, 9]").unwrap();
    assert_eq!(levels[..3], [types::Level::Value1, types::Level::Value2, types::Level::ValueMinus1]);
    assert_eq!((levels[3].is_listed(), serde_json::to_string(&levels).unwrap().as_str()), (false, "[1,2,-1,9]"));
    let flags: Vec<types::PaymentFlag> = serde_json::from_str(r#"[true, "auto", 2, "2"]"#).unwrap();
    assert_eq!(serde_json::to_string(&flags).unwrap(), r#"[true,"auto",2,"2"]"#);
    assert_eq!(flags.iter().filter(|flag| flag.is_listed()).count(), 3);
    let option = r#"{"vec":{"x1":"*","x2":"a_b"}}"#;
    let read: types::OptionSchema = serde_json::from_str(option).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), option);
}

#[tokio::test]
async fn parameters_have_the_styles_of_the_document() {
    let range = types::FilterRange::new().from(1);
    let filter = types::Filter::new().state(vec!["a b".to_owned(), "c".to_owned()]).range(range);
    let page = types::SearchPage::new().size(5);
    let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let (head, _, returned) = call!("", |client| {
        let search = client.search("a b;c").level(types::Level::Value2).filter(filter).page(page).ids(list(&["1,2", "3"])).tags(list(&["x", "y"]));
        search.sort(list(&["-day"])).levels(vec![types::Level::Value1, types::Level::Value2])
    });
    returned.unwrap();
    let expected = "/search?filter%5Brange%5D%5Bfrom%5D=1&filter%5Bstate%5D%5B0%5D=a+b&filter%5Bstate%5D%5B1%5D=c\
                    &ids=1%2C2,3&size=5&sort=%5B%22-day%22%5D&tags=x%7Cy";
    assert_eq!((target(&head), header(&head, "levels")), (expected, Some("1,2")));
    assert_eq!(header(&head, "cookie"), Some("level=2; sid=a%20b%3Bc"));
}

#[tokio::test]
async fn a_value_of_several_types_goes_into_a_path() {
    let key: types::GetPaymentGetKey = serde_json::from_str("5").unwrap();
    let (head, _, returned) = call!(r#"{"b":"x"}"#, |client| client.get_payment_get(&key));
    assert_eq!(target(&head), "/by/5?kind=any");
    let whatever = returned.unwrap();
    assert_eq!(whatever.as_b().unwrap().b.as_deref(), Some("x"));
    assert_eq!(serde_json::to_string(&whatever).unwrap(), r#"{"b":"x"}"#);
}
