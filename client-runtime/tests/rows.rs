//! Lists that cannot be read as a whole are read row by row.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod support;

use openbanking_client_runtime::context::Operation;
use openbanking_client_runtime::error::{Error, ErrorKind};
use openbanking_client_runtime::object;
use openbanking_client_runtime::response::{BadRow, Response};
use support::{CANARY, Failure, OPERATION, Server, call, fetch, transport};

#[derive(Debug, PartialEq)]
struct Page {
    rows: Vec<Row>,
    others: Vec<String>,
    key: Option<String>,
}
object!(Page { rows: "rows" => required_list, others: "others" => list, key: "key" => nullable });

#[derive(Debug, PartialEq)]
struct Row {
    id: i64,
    tags: Vec<i64>,
}
object!(Row { id: "id" => required, tags: "tags" => list });

type Read<T> = Result<Response<T>, Error<Failure>>;

fn ids(page: &Page) -> Vec<i64> {
    page.rows.iter().map(|row| row.id).collect()
}

fn places(rows: &[BadRow]) -> Vec<(usize, usize, &str)> {
    rows.iter().map(|row| (row.index(), row.position(), row.path())).collect()
}

#[tokio::test]
async fn good_rows_are_kept_and_bad_ones_are_named() {
    let body = format!(
        r#"{{"key": "k", "rows": [{{"id": 1}}, {{"id": "{CANARY}"}}, null, {{"id": 2, "tags": [1, "x"]}},
            {{}}, [], {{"id": 3, "tags": null}}], "others": ["a", 7, "b"]}}"#
    );
    let response: Read<Page> = fetch(200, &body).await;
    let response = response.unwrap();
    assert_eq!((ids(response.value()), response.value().key.as_deref()), (vec![1, 3], Some("k")));
    assert_eq!(response.value().others, ["a", "b"]);
    assert_eq!(
        places(response.bad_rows()),
        [
            (1, 1, "rows[1].id"),
            (2, 1, "rows[2]"),
            (3, 1, "rows[3].tags[1]"),
            (4, 1, "rows[4]"),
            (5, 1, "rows[5]"),
            (1, 1, "others[1]"),
        ]
    );
    assert_eq!(response.bad_rows()[1].to_string(), "`rows[2]`: expected an object, found null");
    assert_eq!(response.bad_rows()[3].to_string(), "`rows[4]`: missing field `id`");
    assert_eq!(response.bad_rows()[0].json(), format!(r#"{{"id": "{CANARY}"}}"#).as_bytes());
    assert!(!format!("{response:?} {:#?}", response.bad_rows()).contains(CANARY));

    let row: Error<Failure> = Error::bad_row(response.bad_rows()[2].clone(), &OPERATION, response.meta());
    assert_eq!((row.kind(), row.row(), row.path()), (ErrorKind::BadRow, Some(3), Some("rows[3].tags[1]")));
    assert_eq!(row.body(), Some(response.bad_rows()[2].json()));

    let error = response.into_whole::<Error<Failure>>(&OPERATION).unwrap_err();
    assert_eq!((error.kind(), error.path(), error.bad_rows().len()), (ErrorKind::Unexpected, Some("rows[1].id"), 6));
    assert_eq!(error.body(), Some(body.as_bytes()));
    let text = error.to_string();
    assert!(
        text.ends_with("at `rows[1].id`: expected a whole number in range (5 more elements in `bad_rows`)"),
        "{text}"
    );
    assert!(!format!("{error:?} {error:#?}").contains(CANARY));
}

#[tokio::test]
async fn a_row_that_is_no_json_is_a_row_too() {
    let body =
        format!(r#"{{"rows": [{{"id": 1}}, {{"id": 1e999, "{CANARY}": 1}}, {{"id": "\ud800"}}], "x": ["\ud800"]}}"#);
    let response: Read<Page> = fetch(200, &body).await;
    let response = response.unwrap();
    let rows: Vec<_> = response.bad_rows().iter().map(ToString::to_string).collect();
    let cause = "it contains invalid JSON";
    assert_eq!(
        (ids(response.value()), rows),
        (vec![1], vec![format!("`rows[1]`: {cause}"), format!("`rows[2]`: {cause}")])
    );
}

#[tokio::test]
async fn a_list_of_bad_rows_alone_is_no_empty_list() {
    let response: Read<Page> = fetch(200, r#"{"rows": [1, 2]}"#).await;
    let response = response.unwrap();
    assert_eq!((response.value().rows.len(), response.bad_rows().len()), (0, 2));
    response.into_whole::<Error<Failure>>(&OPERATION).unwrap_err();
}

#[tokio::test]
async fn what_is_wrong_beside_the_rows_is_wrong_as_a_whole() {
    for body in [
        r#"{"rows": [1], "key": {}}"#,
        r#"{"rows": [{"id": 1}], "key": {}}"#,
        r#"{"rows": [1], "rows": []}"#,
        r#"{"others": [1]}"#,
        r#"{"rows": {}}"#,
        r#"{"rows": [1}"#,
        r#"{"rows": [{"id": 1}, {"id": 2"#,
        "[[]]",
        "{}",
        "[]",
    ] {
        let response: Read<Page> = fetch(200, body).await;
        let error = response.unwrap_err();
        assert_eq!((error.kind(), error.bad_rows().len()), (ErrorKind::Unexpected, 0), "{body}");
    }
}

#[tokio::test]
async fn an_answer_that_is_a_list_has_rows_too() {
    let response: Read<Vec<Row>> = fetch(200, r#" [{"id": 1}, {"id": null}, {"id": 2}]"#).await;
    let response = response.unwrap();
    assert_eq!(response.value().iter().map(|row| row.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(places(response.bad_rows()), [(1, 1, "[1].id")]);
}

#[tokio::test]
async fn rows_are_read_alone_however_many_there_are() {
    let rows: Vec<_> =
        (0..20_000).map(|id| format!(r#"{{"id": {}}}"#, if id % 20 == 0 { "true" } else { "1" })).collect();
    let response: Read<Page> = fetch(200, &format!(r#"{{"rows": [{}]}}"#, rows.join(","))).await;
    let response = response.unwrap();
    assert_eq!((response.value().rows.len(), response.bad_rows().len()), (19_000, 1_000));
}

#[tokio::test]
async fn limits_end_a_list_after_its_good_rows() {
    let rows = |bad: usize| format!(r#"{{"rows": [{{"id": 1}}, {} {{"id": 2}}]}}"#, "1,".repeat(bad));
    // Properties beside a list are decoded again with each of its rows.
    let key = "k".repeat(100_000);
    let beside = format!(r#"{{"key": "{key}", "rows": [{}1]}}"#, r#"{"id": 1},"#.repeat(10_000));
    let rest = "the rest of the list was not read (too much of it does not match)";
    for (body, good, bad, last) in [
        (rows(1_000), 2, 1_000, "`rows[1000]`: expected an object"),
        (rows(1_500), 2, 1_001, "`rows`: 500 more elements do not match the API description"),
        (rows(100_000), 1, 1_002, &*format!("`rows`: {rest}")),
        (beside, 168, 1, &*format!("`rows`: {rest}")),
    ] {
        let response: Read<Page> = fetch(200, &body).await;
        let response = response.unwrap();
        assert_eq!((response.value().rows.len(), response.bad_rows().len()), (good, bad), "{last}");
        assert_eq!(response.bad_rows().last().unwrap().to_string(), last);
        assert!(response.bad_rows().last().unwrap().position() <= good);
    }
    let members: String = (0..2_000).map(|nth| format!(r#""a{nth}": 1,"#)).collect();
    let response: Read<Page> = fetch(200, &format!(r#"{{{members} "rows": [1]}}"#)).await;
    let error = response.unwrap_err();
    assert_eq!((error.kind(), error.path(), error.bad_rows().len()), (ErrorKind::Unexpected, Some("rows[0]"), 0));
}

#[tokio::test]
async fn null_in_place_of_required_objects_is_reported() {
    let (row, list) = ("expected an object, found null", "expected a list, found null");
    for (body, good, bad) in [
        (
            r#"{"rows": [null, {"id": 1}, null]}"#,
            vec![1],
            vec![format!("`rows[0]`: {row}"), format!("`rows[2]`: {row}")],
        ),
        (r#"{"rows": [null]}"#, vec![], vec![format!("`rows[0]`: {row}")]),
        (r#"{"rows": null}"#, vec![], vec![format!("`rows`: {list}")]),
        (
            r#"{"rows": null, "others": ["a", 1]}"#,
            vec![],
            vec![format!("`rows`: {list}"), "`others[1]`: expected a string".into()],
        ),
        // Optional lists, and lists of other values, stay lenient.
        (r#"{"rows": [{"id": 1, "tags": [null]}], "others": null}"#, vec![1], vec![]),
        (r#"{"rows": [{"id": 1, "tags": null}], "others": [null]}"#, vec![1], vec![]),
    ] {
        assert_eq!(damaged(body.as_bytes()).await, (good, bad.clone()), "{body}");
        static ONCE: Operation = Operation { single_use: true, ..OPERATION };
        let response: Response<Page> = fetch(200, body).await.unwrap();
        let is_harmless = bad.iter().all(|row| row.ends_with("found null"));
        assert_eq!(response.into_whole::<Error<Failure>>(&ONCE).is_ok(), is_harmless);
        let response: Response<Page> = fetch(200, body).await.unwrap();
        assert_eq!(response.into_whole::<Error<Failure>>(&OPERATION).is_ok(), bad.is_empty());
    }
    let response: Response<Vec<Row>> = fetch(200, r#"[null, {"id": 1}]"#).await.unwrap();
    assert_eq!(places(response.bad_rows()), [(0, 0, "[0]")]);
}

/// Returns the ids of the good rows, and the bad rows.
async fn damaged(body: &[u8]) -> (Vec<i64>, Vec<String>) {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let server = Server::new(vec![[head.as_bytes(), body].concat()]).await;
    let response: Response<Page> = call(&transport(&server.url, |_| {}), &OPERATION).await.unwrap();
    (ids(response.value()), response.bad_rows().iter().map(ToString::to_string).collect())
}

#[tokio::test]
async fn damaged_text_costs_its_row_alone() {
    let damage = "expected text in UTF-8 without control characters";
    for (body, path) in [
        (b"{\"rows\": [{\"id\": 1}, {\"id\": 2, \"note\": \"\xff\"}, {\"id\": 3}]}".as_slice(), "rows[1]"),
        (b"{\"rows\": [{\"id\": 1}, {\"id\": 2, \"\xc3\": 1}, {\"id\": 3}]}", "rows[1]"),
        (b"{\"rows\": [{\"id\": 1}, {\"id\": 2, \"note\": \"a\nb\"}, {\"id\": 3}]}", "rows[1]"),
        (b"{\"rows\": [{\"id\": 1}, {\"id\": 3}], \"unlisted\": \"\xff\"}", "?"),
        (b"{\"rows\": [{\"id\": 1}, {\"id\": 3}], \"\xff\": 1}", "?"),
    ] {
        assert_eq!(damaged(body).await, (vec![1, 3], vec![format!("`{path}`: {damage}")]), "{path}");
    }
    let (good, bad) = damaged(b"{\"rows\": [{\"id\": 1}]} <!-- 3 ms -->").await;
    assert_eq!((good, bad), (vec![1], vec!["`.`: text follows the JSON value".to_owned()]));
    // A byte order mark is no damage.
    assert_eq!(damaged(b"\xef\xbb\xbf{\"rows\": [{\"id\": 1}]}").await, (vec![1], vec![]));
    // The damaged value is a listed one.
    let body = b"{\"rows\": [{\"id\": 1}], \"key\": \"\xff\"}";
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let server = Server::new(vec![[head.as_bytes(), body].concat()]).await;
    let client = transport(&server.url, |_| {});
    call::<Page>(&client, &OPERATION).await.unwrap_err();
    // What is sent once cannot be requested again.
    static ONCE: Operation = Operation { single_use: true, ..OPERATION };
    let response = call::<Page>(&client, &ONCE).await.unwrap();
    assert_eq!(response.bad_rows()[0].to_string(), format!("`key`: {damage}"));
    assert_eq!(ids(&response.into_whole::<Error<Failure>>(&ONCE).unwrap()), [1]);
}

#[tokio::test]
async fn damaged_text_does_not_cost_an_error_its_code() {
    for body in [
        b"{\"error\": \"BUSY\", \"message\": \"\xff\"}".as_slice(),
        b"{\"error\": \"BUSY\", \"message\": \"a\tb\"}",
        b"{\"error\": \"BUSY\"}\n<html>",
        b"\xef\xbb\xbf{\"error\": \"BUSY\"}",
    ] {
        for status in ["200 OK", "422 No"] {
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len());
            let server = Server::new(vec![[head.as_bytes(), body].concat()]).await;
            let error = call::<Page>(&transport(&server.url, |_| {}), &OPERATION).await.unwrap_err();
            assert_eq!((error.kind(), error.code().map(|code| &**code)), (ErrorKind::Api, Some("BUSY")), "{status}");
        }
    }
}
