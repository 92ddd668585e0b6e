//! Who a request says it is from, and for whom: on every operation, as the spec has it and not otherwise.

use std::net::{IpAddr, Ipv4Addr};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use tilisy_client::types::{Access, Aspsp, AuthorizeSessionRequest, StartAuthorizationRequest};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials, PsuHeaders};
use xtask::workspace;

use crate::bank::{Bank, Received};

/// The operations that the spec gives PSU headers.
const WITH_PSU: &[&str] = &["account_balances", "account_transactions", "delete_session"];

fn key(name: &str) -> String {
    std::fs::read_to_string(workspace().unwrap().join("enablebanking-core/tests/keys").join(name)).unwrap()
}

/// Whether the token of a request is signed by the key that the service knows.
fn is_signed(request: &Received) -> bool {
    let public: String = key("public.pkcs1.pem").lines().filter(|line| !line.starts_with('-')).collect();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, STANDARD.decode(public).unwrap());
    let Some((message, signature)) = request
        .header("authorization")
        .and_then(|header| header.strip_prefix("Bearer "))
        .and_then(|token| token.rsplit_once('.'))
    else {
        return false;
    };
    public.verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).is_ok()
}

/// Calls every operation once; what comes back does not matter here.
async fn call_all(client: &Client) -> [&'static str; 8] {
    let id = Uuid::nil();
    let start =
        StartAuthorizationRequest::new(Access::new(Default::default()), Aspsp::new("FI", "Nordea"), "http://a", "s");
    let _ = client.account_balances(&id).await;
    let _ = client.account_transactions(&id).await;
    let _ = client.application().await;
    let _ = client.aspsps().await;
    let _ = client.authorize_session(&AuthorizeSessionRequest::new("code")).await;
    let _ = client.delete_session(&id).await;
    let _ = client.session(&id).await;
    let _ = client.start_authorization(&start).await;
    [
        "account_balances",
        "account_transactions",
        "application",
        "aspsps",
        "authorize_session",
        "delete_session",
        "session",
        "start_authorization",
    ]
}

#[tokio::test]
async fn every_call_is_signed_and_psu_headers_are_where_the_spec_has_them() {
    let server = Bank::answering(500, "").await;
    let credentials = Credentials::from_pem("cf589be3-3755-465b-a8df-a90a16a31403", key("rsa2048.pkcs8.pem")).unwrap();
    let client = Client::builder(credentials).host(ApiHost::custom(server.url(), "api.tilisy.com")).build().unwrap();
    let psu = PsuHeaders::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), "Browser/1.0").unwrap();

    let operations = call_all(&client.with_psu(psu)).await;
    let plans = xtask::codegen::plan(&workspace().unwrap()).unwrap().expect("our own specs have no findings");
    let made = plans.iter().find(|plan| plan.target.name == "tilisy").expect("the target is there");
    let made: Vec<_> = made.api.operations.iter().map(|operation| operation.name.as_str()).collect();
    assert_eq!(made, operations, "every operation is called");
    let requests = server.requests();
    assert_eq!(requests.len(), operations.len(), "nothing is sent twice");
    for (operation, request) in operations.iter().zip(&requests) {
        assert!(is_signed(request), "{operation}");
        assert_eq!(request.header("api-version"), None, "{operation}");
        assert!(request.header("user-agent").unwrap().starts_with("tilisy-client/"), "{operation}");
        let sent = (request.header("psu-ip-address"), request.header("psu-user-agent"));
        let expected = WITH_PSU.contains(operation).then_some(()).map(|()| ("192.0.2.1", "Browser/1.0"));
        assert_eq!(sent, expected.map_or((None, None), |(ip, agent)| (Some(ip), Some(agent))), "{operation}");
    }

    // The clone speaks for the PSU; the client itself still does not.
    call_all(&client).await;
    let unattended = &server.requests()[operations.len()..];
    assert!(unattended.iter().all(|request| request.header("psu-ip-address").is_none()));
    // One token serves them all.
    let first = requests[0].header("authorization");
    assert!(server.requests().iter().all(|request| request.header("authorization") == first));
}
