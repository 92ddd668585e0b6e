//! Every rule of paging, against a server that answers page by page.

use serde_json::{Value, json};
use tilisy_client::chrono::{NaiveDate, Utc};
use tilisy_client::consent::{Redirect, State, valid_until};
use tilisy_client::types::{Access, Aspsp, ErrorCode, StartAuthorizationRequest, TransactionStatus};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials, Error, ErrorKind, PsuHeaders, Transactions};
use tilisy_sandbox::{Edition, FIXED_DAY, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::bank::{Bank, Reply};

const ID: &str = "497f6eca-6276-4993-bfeb-53cbbbba6f08";

/// A page of so many transactions, numbered by their reference.
fn page(references: &[u32], key: Value) -> Reply {
    let row = |reference: &u32| {
        json!({
            "credit_debit_indicator": "DBIT", "status": "BOOK", "entry_reference": reference.to_string(),
            "transaction_amount": { "amount": "1", "currency": "EUR" },
        })
    };
    let rows: Vec<_> = references.iter().map(row).collect();
    Reply::json(200, json!({ "transactions": rows, "continuation_key": key }).to_string())
}

async fn serving(answers: Vec<Reply>) -> (Bank, Client) {
    let server = Bank::scripted(answers).await;
    let client = Client::with_token(server.url(), "token").unwrap();
    (server, client)
}

/// What comes before the end or the error, by reference.
async fn read(mut rows: Transactions) -> (Vec<u32>, Option<Error>) {
    let mut seen = Vec::new();
    loop {
        match rows.try_next().await {
            Ok(Some(row)) => seen.push(row.entry_reference.unwrap().parse().unwrap()),
            Ok(None) => return (seen, None),
            Err(error) => {
                assert!(!error.is_retryable() && rows.try_next().await.unwrap().is_none(), "there is nothing more");
                return (seen, Some(error));
            }
        }
    }
}

fn account() -> Uuid {
    ID.parse().unwrap()
}

fn keys(server: &Bank) -> Vec<Option<String>> {
    let key = |target: &str| {
        let query = target.split_once('?').map(|(_, query)| query)?;
        query.split('&').find_map(|pair| pair.strip_prefix("continuation_key=")).map(str::to_owned)
    };
    server.requests().iter().map(|request| key(request.target())).collect()
}

#[tokio::test]
async fn stream_ends_when_the_key_is_null_absent_or_empty() {
    let absent = Reply::json(200, json!({ "transactions": [] }).to_string());
    let both: &[u32] = &[1, 2, 3];
    for (last, expected) in [(page(&[3], Value::Null), both), (page(&[3], json!("")), both), (absent, &[1, 2])] {
        let (server, client) = serving(vec![page(&[1, 2], json!("a")), last]).await;
        let (seen, error) = read(client.account_transactions(&account()).stream()).await;
        assert_eq!((seen.as_slice(), error.is_none()), (expected, true));
        assert_eq!(keys(&server), [None, Some("a".to_owned())]);
    }
}

#[tokio::test]
async fn stream_continues_after_an_empty_page() {
    let (server, client) = serving(vec![page(&[1], json!("a")), page(&[], json!("b")), page(&[2], Value::Null)]).await;
    let started = std::time::Instant::now();
    let (seen, error) = read(client.account_transactions(&account()).stream()).await;
    assert_eq!((seen.as_slice(), error.is_none(), server.requests().len()), ([1, 2].as_slice(), true, 3));
    assert!(started.elapsed().as_millis() >= 250, "a bank that is still collecting is given time");
}

#[tokio::test]
async fn every_filter_is_repeated() {
    let (server, client) = serving(vec![page(&[1], json!("a=b.c")), page(&[2], Value::Null)]).await;
    let day = |day| NaiveDate::from_ymd_opt(2020, 1, day).unwrap();
    let request = client.account_transactions(&account()).date_from(day(1)).date_to(day(2));
    let (seen, _) = read(request.transaction_status(TransactionStatus::Pdng).stream()).await;
    assert_eq!(seen, [1, 2]);
    let filters = "date_from=2020-01-01&date_to=2020-01-02&transaction_status=PDNG";
    let targets: Vec<_> = server.requests().iter().map(|request| request.target().to_owned()).collect();
    assert_eq!(
        targets,
        [
            format!("/accounts/{ID}/transactions?{filters}"),
            format!("/accounts/{ID}/transactions?continuation_key=a%3Db.c&{filters}"),
        ]
    );
}

#[tokio::test]
async fn a_repeated_key_is_an_error_after_the_rows_that_differ_from_the_page_before() {
    for (answers, expected) in [
        (vec![page(&[1], json!("a")), page(&[1], json!("a"))], vec![1]),
        (vec![page(&[1], json!("a")), page(&[], json!("a"))], vec![1]),
        // The last page, with the key of the page before it.
        (vec![page(&[1], json!("a")), page(&[2], json!("a"))], vec![1, 2]),
        (vec![page(&[1], json!("a")), page(&[2], json!("b")), page(&[3], json!("a"))], vec![1, 2, 3]),
    ] {
        let requests = answers.len();
        let (server, client) = serving(answers).await;
        let (seen, error) = read(client.account_transactions(&account()).stream()).await;
        assert_eq!((seen, error.unwrap().kind()), (expected, ErrorKind::RepeatedPage));
        assert_eq!(server.requests().len(), requests);
    }
}

#[tokio::test]
async fn a_cap_on_pages_is_an_error_and_no_silent_end() {
    let (server, client) = serving((0..9).map(|number| page(&[number], json!(number.to_string()))).collect()).await;
    let (seen, error) = read(client.account_transactions(&account()).stream().max_pages(3)).await;
    assert_eq!((seen, error.unwrap().kind()), (vec![0, 1, 2], ErrorKind::TooManyPages));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn limit_never_asks_beyond() {
    for (limit, seen, requests) in [(0, vec![], 0), (1, vec![1], 1), (2, vec![1, 2], 1), (3, vec![1, 2, 3], 2)] {
        let (server, client) = serving(vec![page(&[1, 2], json!("a")), page(&[3, 4], json!("b"))]).await;
        let (read, error) = read(client.account_transactions(&account()).stream().limit(limit)).await;
        assert_eq!((read, error.is_none(), server.requests().len()), (seen, true, requests), "limit {limit}");
    }
}

#[tokio::test]
async fn filters_that_are_refused_with_a_key_are_left_out_once() {
    let refusal = |message: &str| {
        let body = json!({ "code": 422, "error": "WRONG_REQUEST_PARAMETERS", "message": message });
        Reply::json(422, body.to_string())
    };
    let specific = refusal("dateFrom in request is not the same as in continuationKey");
    let day = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();

    let (server, client) =
        serving(vec![page(&[1], json!("a")), specific.clone(), page(&[2], json!("b")), page(&[3], Value::Null)]).await;
    let (seen, error) = read(client.account_transactions(&account()).date_from(day).stream()).await;
    assert_eq!((seen, error.is_none()), (vec![1, 2, 3], true));
    let with_filter: Vec<_> = server.requests().iter().map(|request| request.target().contains("date_from")).collect();
    assert_eq!(with_filter, [true, true, false, false]);

    // Neither another refusal nor a second one is met with a guess.
    for (answers, requests) in [
        (vec![page(&[1], json!("a")), refusal("date_from is wrong")], 2),
        (vec![page(&[1], json!("a")), specific.clone(), specific.clone()], 3),
        (vec![specific.clone()], 1),
    ] {
        let (server, client) = serving(answers).await;
        let (_, error) = read(client.account_transactions(&account()).date_from(day).stream()).await;
        assert_eq!((error.unwrap().status(), server.requests().len()), (Some(422), requests));
    }
}

#[tokio::test]
async fn a_stream_can_begin_with_a_key_and_outlive_its_client() {
    let (server, client) = serving(vec![page(&[2], Value::Null)]).await;
    let rows = client.account_transactions(&account()).continuation_key("a").stream();
    drop(client);
    let (seen, _) = tokio::spawn(read(rows)).await.unwrap();
    assert_eq!((seen, keys(&server)), (vec![2], vec![Some("a".to_owned())]));
}

#[tokio::test]
async fn a_page_is_requested_twice_without_a_psu_and_three_times_with_one() {
    let again = || Some("a".to_owned());
    for (attended, requests) in [(false, 2), (true, 3)] {
        let busy = Reply::json(503, "");
        let cut = page(&[2], Value::Null).cut_after(20);
        let pages = vec![page(&[1], json!("a")), busy.clone(), cut.clone(), busy, cut, page(&[2], Value::Null)];
        let (server, client) = serving(pages).await;
        let psu = PsuHeaders::new("192.0.2.1".parse().unwrap(), "Browser/1.0").unwrap();
        let client = if attended { client.with_psu(psu) } else { client };
        let mut rows = client.account_transactions(&account()).stream();
        assert!(rows.try_next().await.unwrap().is_some());
        let error = rows.try_next().await.unwrap_err();
        assert!(!error.is_retryable(), "{error}");
        for _ in 0..5 {
            assert!(rows.try_next().await.unwrap().is_none());
        }
        let expected: Vec<_> = [None].into_iter().chain((0..requests).map(|_| again())).collect();
        assert_eq!(keys(&server), expected);
    }
}

#[tokio::test]
async fn pages_are_given_out_whole() {
    let (_server, client) = serving(vec![page(&[1, 2], json!("a")), page(&[], Value::Null)]).await;
    let mut pages = client.account_transactions(&account()).pages();
    let first = pages.try_next().await.unwrap().unwrap();
    assert_eq!((first.transactions.len(), first.continuation_key.as_deref()), (2, Some("a")));
    assert!(pages.try_next().await.unwrap().unwrap().transactions.is_empty());
    assert!(pages.try_next().await.unwrap().is_none());
}

/// A page whose middle row has no amount, and whose last is a number.
fn holed() -> Reply {
    let row = |reference: &str, amount: Value| {
        json!({
            "credit_debit_indicator": "DBIT", "status": "BOOK", "entry_reference": reference,
            "transaction_amount": { "amount": amount, "currency": "EUR" },
        })
    };
    let rows = json!([row("1", json!("1")), row("x", Value::Null), row("2", json!(2)), 7, null]);
    Reply::json(200, json!({ "transactions": rows, "continuation_key": "a" }).to_string())
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_an_error_in_its_place() {
    let (_server, client) = serving(vec![holed(), page(&[3], Value::Null)]).await;
    let mut rows = client.account_transactions(&account()).stream();
    let mut seen = Vec::new();
    loop {
        match rows.try_next().await {
            Ok(Some(row)) => seen.push(row.entry_reference.unwrap()),
            Ok(None) => break,
            Err(error) => {
                assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::BadRow, false));
                seen.push(format!("{} {:?}", error.path().unwrap(), error.row()));
            }
        }
    }
    let bad =
        ["transactions[1].transaction_amount.amount Some(1)", "transactions[3] Some(3)", "transactions[4] Some(4)"];
    assert_eq!(seen, ["1", bad[0], "2", bad[1], bad[2], "3"]);
}

#[tokio::test]
async fn a_page_comes_before_the_errors_of_its_rows() {
    let (_server, client) = serving(vec![holed(), page(&[3], Value::Null)]).await;
    let mut pages = client.account_transactions(&account()).pages();
    assert_eq!(pages.try_next().await.unwrap().unwrap().transactions.len(), 2);
    for row in [1, 3, 4] {
        assert_eq!(pages.try_next().await.unwrap_err().row(), Some(row));
    }
    assert_eq!(pages.try_next().await.unwrap().unwrap().transactions.len(), 1);
    assert!(pages.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_plain_call_fails_and_one_with_meta_gives_what_is_good() {
    let (_server, client) = serving(vec![holed()]).await;
    let error = client.account_transactions(&account()).await.unwrap_err();
    assert_eq!((error.kind(), error.bad_rows().len()), (ErrorKind::Unexpected, 3));
    let answer = client.account_transactions(&account()).with_meta().await.unwrap();
    assert_eq!((answer.value().transactions.len(), answer.bad_rows().len()), (2, 3));
}

#[tokio::test]
async fn bad_rows_count_neither_for_a_limit_nor_as_an_empty_page() {
    let (server, client) = serving(vec![holed(), page(&[3], Value::Null)]).await;
    let (seen, _) = read_past_rows(client.account_transactions(&account()).stream().limit(2)).await;
    assert_eq!((seen, server.requests().len()), (vec![1, 2], 1));
    let only_bad = json!({ "transactions": [7], "continuation_key": "a" }).to_string();
    let (_server, client) = serving(vec![Reply::json(200, only_bad), page(&[3], Value::Null)]).await;
    let (seen, bad) = read_past_rows(client.account_transactions(&account()).stream()).await;
    assert_eq!((seen, bad), (vec![3], 1));
}

/// What comes before the end, by reference, and how many rows were none.
async fn read_past_rows(mut rows: Transactions) -> (Vec<u32>, usize) {
    let (mut seen, mut bad) = (Vec::new(), 0);
    loop {
        match rows.try_next().await {
            Ok(Some(row)) => seen.push(row.entry_reference.unwrap().parse().unwrap()),
            Ok(None) => return (seen, bad),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::BadRow);
                bad += 1;
            }
        }
    }
}

#[tokio::test]
async fn a_page_is_asked_for_ahead_where_it_may_be() {
    let pages = || vec![page(&[1], json!("a")), page(&[2], json!("b")), page(&[3], Value::Null)];
    let psu = || PsuHeaders::new("203.0.113.7".parse().unwrap(), "Browser").unwrap();
    for (psu, asked, ahead) in
        [(None, None, false), (Some(psu()), None, true), (Some(psu()), Some(false), false), (None, Some(true), true)]
    {
        let (server, client) = serving(pages()).await;
        let client = psu.map_or(client.clone(), |psu| client.with_psu(psu));
        let rows = client.account_transactions(&account()).stream();
        let mut rows = asked.map_or(rows, |ahead| client.account_transactions(&account()).stream().look_ahead(ahead));
        rows.try_next().await.unwrap();
        let is_asked = || async {
            for _ in 0..100 {
                if server.requests().len() > 1 {
                    return true;
                }
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            false
        };
        assert_eq!(is_asked().await, ahead);
        // One page ahead and no more, and nothing is lost.
        assert!(server.requests().len() <= 2);
        let (seen, error) = read(rows).await;
        assert_eq!((seen, error.is_none(), server.requests().len()), (vec![2, 3], true, 3));
    }
}

#[tokio::test]
async fn looking_ahead_changes_no_rule() {
    let ahead = |client: &Client| client.account_transactions(&account()).stream().look_ahead(true);
    // Neither beyond a limit nor beyond a cap.
    for limit in [1, 2] {
        let (server, client) = serving(vec![page(&[1, 2], json!("a")), page(&[3], Value::Null)]).await;
        let (seen, _) = read(ahead(&client).limit(limit)).await;
        assert_eq!((seen.len(), server.requests().len()), (limit, 1));
    }
    let (server, client) = serving((0..9).map(|number| page(&[number], json!(number.to_string()))).collect()).await;
    let (seen, error) = read(ahead(&client).max_pages(3)).await;
    assert_eq!((seen, error.unwrap().kind()), (vec![0, 1, 2], ErrorKind::TooManyPages));
    assert_eq!(server.requests().len(), 3);
    // An error comes after the rows of the pages before it.
    let refused = Reply::json(422, json!({ "error": "EXPIRED_SESSION" }).to_string());
    let (_server, client) = serving(vec![page(&[1, 2], json!("a")), refused]).await;
    let (seen, error) = read(ahead(&client)).await;
    assert_eq!((seen, error.unwrap().status()), (vec![1, 2], Some(422)));
    let (server, client) = serving(vec![page(&[1], json!("a")), page(&[1], json!("a"))]).await;
    let (seen, error) = read(ahead(&client)).await;
    assert_eq!((seen, error.unwrap().kind(), server.requests().len()), (vec![1], ErrorKind::RepeatedPage, 2));
}

#[tokio::test]
async fn a_page_ahead_ends_with_its_stream() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let body = json!({ "transactions": [], "continuation_key": "a" }).to_string();
    let closed = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 4096];
        assert!(stream.read(&mut bytes).await.unwrap() > 0);
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        // The next page is asked for, and never answered.
        assert!(stream.read(&mut bytes).await.unwrap() > 0);
        stream.read(&mut bytes).await.map_or(0, |read| read)
    });
    let client = Client::with_token(&url, "token").unwrap();
    let mut pages = client.account_transactions(&account()).pages().look_ahead(true);
    pages.try_next().await.unwrap().unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    drop(pages);
    let left = tokio::time::timeout(std::time::Duration::from_secs(5), closed).await;
    assert_eq!(left.expect("the connection is closed when the stream is dropped").unwrap(), 0);
}

#[tokio::test]
async fn many_accounts_take_turns_and_fail_alone() {
    let sandbox = Sandbox::builder().edition(Edition::Document2020).newest_day(FIXED_DAY).start().await.unwrap();
    let id = sandbox.application_id().to_string();
    let credentials = Credentials::from_pem(&id, sandbox.private_key_pem()).unwrap();
    let host = ApiHost::custom(sandbox.url(), sandbox.audience());
    let client = Client::builder(credentials).host(host).build().unwrap();
    let state = State::generate().unwrap();
    let access = Access::new(valid_until(Utc::now(), std::time::Duration::from_secs(86_400), None));
    let redirect = "http://127.0.0.1:8080/redirect";
    let request = StartAuthorizationRequest::new(access, Aspsp::new("NO", "Fjordbanken"), redirect, state.as_str());
    let link = client.start_authorization(&request).await.unwrap().link().unwrap();
    let code = Redirect::parse(&sandbox.approve(&link).unwrap(), &state).unwrap();
    let session = client.authorize_session(&code.into()).await.unwrap();
    let uids: Vec<_> = session.accounts.iter().filter_map(|account| account.uid).collect();

    // The first has 1,000 rows, the second 100,000 of which three months are asked for, the third 1, the last none.
    let day = NaiveDate::from_ymd_opt(2025, 11, 1).unwrap();
    let accounts = [uids[0], account(), uids[1], uids[2], uids[3]];
    for concurrency in [0, 1, 2, 100] {
        let mut alone = Vec::new();
        for uid in accounts {
            let (mut rows, mut seen) = (client.account_transactions(&uid).date_from(day).stream(), Vec::new());
            while let Ok(Some(row)) = rows.try_next().await {
                seen.push(row.entry_reference);
            }
            alone.push(seen);
        }
        let mut rows = client.transactions_of(accounts).concurrency(concurrency).each(move |it| it.date_from(day));
        let (mut together, mut errors, mut order) = (vec![Vec::new(); 5], Vec::new(), Vec::new());
        while let Some((uid, row)) = rows.next().await {
            let place = accounts.iter().position(|account| *account == uid).unwrap();
            order.push(place);
            match row {
                Ok(row) => together[place].push(row.entry_reference),
                Err(error) => errors.push((place, error.code().cloned())),
            }
        }
        assert_eq!((together, errors), (alone, vec![(1, Some(ErrorCode::AccountDoesNotExist))]));
        let (begins, ends) = (order.iter().position(|place| *place == 2), order.iter().rposition(|place| *place == 0));
        assert_eq!(begins < ends, concurrency >= 2, "one after another, or together");
    }
    assert!(client.transactions_of([]).next().await.is_none());
}

#[tokio::test]
async fn polling_after_an_error_sends_no_request() {
    let (server, client) = serving(vec![page(&[1], json!("a")), Reply::json(503, "")]).await;
    let mut rows = client.without_retries().account_transactions(&account()).stream();
    assert!(rows.try_next().await.unwrap().is_some());
    let mut failed = 0;
    // As who passes over errors.
    while let Some(error) = rows.try_next().await.err() {
        assert_eq!(error.status(), Some(503));
        failed += 1;
    }
    assert_eq!((failed, server.requests().len()), (1, 2));
}

#[tokio::test]
async fn extra_parameters_and_headers_are_repeated_on_every_page() {
    let refusal = json!({ "error": "WRONG_REQUEST_PARAMETERS", "message": "continuation key without filters" });
    let pages = vec![
        page(&[1], json!("a")),
        // The filters are left out from here on, the extra parts are not.
        Reply::json(422, refusal.to_string()),
        page(&[2], json!("b")),
        page(&[3], Value::Null),
    ];
    let (server, client) = serving(pages).await;
    let request = client.account_transactions(&account()).date_from(NaiveDate::MIN);
    let request = request.query_extra("strategy", "longest").header_extra("X-Trial", "on");
    let (seen, error) = read(request.stream()).await;
    assert_eq!((seen.as_slice(), error.is_none()), ([1, 2, 3].as_slice(), true));
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    for request in requests {
        assert!(request.target().contains("strategy=longest"), "{}", request.target());
        assert_eq!(request.header("x-trial"), Some("on"));
    }
}

#[tokio::test]
async fn an_extra_parameter_that_the_client_sets_itself_is_not_sent() {
    let (server, client) = serving(vec![page(&[1], Value::Null)]).await;
    let account = account();
    let request = || client.account_transactions(&account);
    for request in [
        request().query_extra("continuation_key", "secret"),
        request().header_extra("authorization", "secret"),
        request().header_extra("Host", "secret"),
        request().header_extra("psu-ip-address", "secret"),
    ] {
        let error = request.await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotBuilt, 0));
        assert!(error.to_string().contains("_extra` cannot set `") && !error.to_string().contains("secret"), "{error}");
    }
    assert!(server.requests().is_empty());
}
