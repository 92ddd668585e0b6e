//! The comparison of calls fails for each way in which one of two requests can be wrong.
//!
//! The two clients agree in most calls, so a comparison that misses something would pass as well as one that does not.
//! Here, requests with one change each are sent to the server and compared as those of the clients are.

use openbanking_oracle::difference::{Difference, Ledger, Right};
use openbanking_oracle::request::Part;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::differences;
use crate::server::Server;
use crate::wire::Sent;

/// A request without its framing, which [`record`] adds.
const REQUEST: &str = "\
POST /v1/a%2Fb/items/7?from=2024-01-31&tag=a+b%26c&tag=%C3%A9 HTTP/1.1\r
Host: localhost\r
Accept: application/json\r
Authorization: Bearer token\r
Content-Type: application/json\r
X-Tag: one\r
X-Tag: two\r
X-Trace: text \r
\r
{\"amount\":1.10,\"name\":\"\u{e9}\",\"note\":\"\",\"tags\":[1,2]}";

/// Each change: a text that occurs once in the request, the text in its place, and the part that differs then.
const MUTATIONS: &[(&str, &str, Part)] = &[
    ("POST ", "PUT ", Part::Method),
    ("POST ", "post ", Part::Method),
    ("/v1/", "/v2/", Part::Target),
    ("/v1/", "/", Part::Target),
    ("/v1/", "//v1/", Part::Target),
    ("a%2Fb", "a/b", Part::Target),
    ("a%2Fb", "a%252Fb", Part::Target),
    ("a%2Fb", "a%2fb", Part::Target),
    ("/items/", "/%69tems/", Part::Target),
    ("/7?", "/7/?", Part::Target),
    ("?from=2024-01-31&tag=a+b%26c&tag=%C3%A9", "", Part::Target),
    ("from=2024-01-31&tag=a+b%26c&tag=%C3%A9", "", Part::Target),
    ("from=2024-01-31&tag=a+b%26c", "tag=a+b%26c&from=2024-01-31", Part::Target),
    ("tag=a+b%26c&tag=%C3%A9", "tag=%C3%A9&tag=a+b%26c", Part::Target),
    ("tag=a+b%26c&tag=%C3%A9", "tag=a+b%26c,%C3%A9", Part::Target),
    ("&tag=%C3%A9", "", Part::Target),
    ("&tag=%C3%A9", "&tag=%C3%A9&tag=", Part::Target),
    ("from=", "From=", Part::Target),
    ("a+b", "a%20b", Part::Target),
    ("b%26c", "b&c", Part::Target),
    ("%C3%A9", "%E9", Part::Target),
    ("%C3%A9", "\u{e9}", Part::Target),
    ("X-Trace: text \r\n", "", Part::Headers),
    ("X-Trace: text \r\n", "X-Trace: \r\n", Part::Headers),
    ("X-Trace: text ", "X-Trace: text", Part::Headers),
    ("X-Trace: text", "X-Trace: Text", Part::Headers),
    ("X-Trace: text", "X-Trace: t\u{e9}xt", Part::Headers),
    ("X-Trace: text", "X-Traces: text", Part::Headers),
    ("X-Trace: text \r\n", "X-Trace: text \r\nX-Trace: text \r\n", Part::Headers),
    ("X-Trace: text \r\n", "X-Trace: text \r\nX-Other: text\r\n", Part::Headers),
    ("X-Tag: one\r\nX-Tag: two", "X-Tag: two\r\nX-Tag: one", Part::Headers),
    ("X-Tag: one\r\nX-Tag: two", "X-Tag: one, two", Part::Headers),
    ("Accept: application/json\r\n", "", Part::Headers),
    ("Accept: application/json", "Accept: */*", Part::Headers),
    ("Authorization: Bearer token\r\n", "", Part::Headers),
    ("Bearer token", "Bearer other", Part::Headers),
    ("Content-Type: application/json\r\n", "", Part::Headers),
    ("Content-Type: application/json", "Content-Type: text/plain", Part::Headers),
    ("1.10", "1.1", Part::Body),
    ("1.10", "\"1.10\"", Part::Body),
    ("\"name\":\"\u{e9}\"", "\"name\":\"\\u00e9\"", Part::Body),
    ("\"name\"", "\"Name\"", Part::Body),
    (",\"note\":\"\"", "", Part::Body),
    ("\"note\":\"\"", "\"note\":null", Part::Body),
    ("\"note\":\"\",\"tags\":[1,2]", "\"tags\":[1,2],\"note\":\"\"", Part::Body),
    ("[1,2]", "[2,1]", Part::Body),
    ("[1,2]", "[1, 2]", Part::Body),
    ("{\"amount\":1.10,\"name\":\"\u{e9}\",\"note\":\"\",\"tags\":[1,2]}", "{}", Part::Body),
    ("{\"amount\":1.10,\"name\":\"\u{e9}\",\"note\":\"\",\"tags\":[1,2]}", "", Part::Body),
];

/// Changes of what belongs to the connection or the library, which are not compared.
const UNCOMPARED: &[(&str, &str)] = &[
    ("Host: localhost", "Host: example.com"),
    ("Host: localhost", "Host: localhost\r\nUser-Agent: test\r\nApi-Version: 1"),
    ("Accept: ", "accept: "),
    (
        "Accept: application/json\r\nAuthorization: Bearer token",
        "Authorization: Bearer token\r\nAccept: application/json",
    ),
];

/// Accepted differences, one for each part.
static ACCEPTED: [Difference; 5] = [
    accepted(Part::Request),
    accepted(Part::Method),
    accepted(Part::Target),
    accepted(Part::Headers),
    accepted(Part::Body),
];

const fn accepted(part: Part) -> Difference {
    Difference { document: "document", operation: "operation", case: "case", part, right: Right::Ours, reason: "" }
}

type Outcome = Result<Sent, String>;

#[tokio::test]
async fn every_change_of_a_request_is_an_unlisted_difference() {
    let server = Server::start().await;
    let unchanged = Ok(record(&server, REQUEST).await);
    for (from, to, part) in MUTATIONS {
        let changed = Ok(record(&server, &changed(from, to)).await);
        check_difference(&changed, &unchanged, *part);
        check_difference(&unchanged, &changed, *part);
    }
}

#[tokio::test]
async fn a_call_that_one_client_does_not_make_is_an_unlisted_difference() {
    let server = Server::start().await;
    let sent = Ok(record(&server, REQUEST).await);
    let failed = Err("it cannot be sent".to_owned());
    check_difference(&failed, &sent, Part::Request);
    check_difference(&sent, &failed, Part::Request);
    check_difference(&failed, &failed, Part::Request);
    assert_eq!(server.take(Err("it cannot be sent".to_owned())), failed);
    assert_eq!(server.take(Ok(())), Err("nothing was sent".to_owned()));
}

#[tokio::test]
async fn an_accepted_difference_that_does_not_occur_is_reported() {
    let server = Server::start().await;
    let sent = Ok(record(&server, REQUEST).await);
    assert_eq!(complaints(&[], &sent, &sent), [""; 0]);
    for row in &ACCEPTED {
        let [complaint] = <[_; 1]>::try_from(complaints(std::slice::from_ref(row), &sent, &sent)).unwrap();
        assert!(complaint.starts_with("not met: "), "{complaint}");
    }
}

#[tokio::test]
async fn headers_of_the_connection_and_their_order_are_not_compared() {
    let server = Server::start().await;
    let unchanged = Ok(record(&server, REQUEST).await);
    for (from, to) in UNCOMPARED {
        let changed = Ok(record(&server, &changed(from, to)).await);
        assert_eq!(complaints(&[], &changed, &unchanged), [""; 0], "{to}");
    }
}

#[tokio::test]
#[should_panic(expected = "one call sent 2 requests")]
async fn a_call_that_sends_two_requests_fails() {
    let server = Server::start().await;
    send(&server, REQUEST).await;
    send(&server, REQUEST).await;
    drop(server.take(Ok(())));
}

fn changed(from: &str, to: &str) -> String {
    assert_eq!(REQUEST.matches(from).count(), 1, "{from}");
    REQUEST.replace(from, to)
}

/// Checks that two outcomes differ in one part, which is reported unless that difference is accepted.
fn check_difference(ours: &Outcome, theirs: &Outcome, part: Part) {
    let found = complaints(&[], ours, theirs);
    let start = format!("document operation \"case\" {part:?}\n");
    assert!(matches!(found.as_slice(), [one] if one.starts_with(&start)), "{ours:?} and {theirs:?}: {found:?}");
    for row in &ACCEPTED {
        let found = complaints(std::slice::from_ref(row), ours, theirs);
        assert_eq!(found.is_empty(), row.part == part, "{ours:?} and {theirs:?}: {found:?}");
    }
}

/// Returns the complaints about a call with these outcomes.
fn complaints(accepted: &'static [Difference], ours: &Outcome, theirs: &Outcome) -> Vec<String> {
    let mut ledger = Ledger::new(accepted);
    ledger.compare("document", "operation", "case", differences(ours, theirs));
    ledger.complaints()
}

/// Sends a request, and returns what the server recorded.
async fn record(server: &Server, request: &str) -> Sent {
    send(server, request).await;
    server.take(Ok(())).unwrap()
}

/// Sends a request with the length of its body, and reads the response, which the server writes once it has recorded the
/// request.
async fn send(server: &Server, request: &str) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
    let request = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
}
