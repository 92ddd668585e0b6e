//! The token and the PSU headers of a request, on every operation: as the spec has them and not otherwise.

use std::net::{IpAddr, Ipv4Addr};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use enablebanking_core::{ApiHost, Credentials, PsuHeaders};
use openbanking_oracle::case::Case;
use xtask::workspace;

use crate::bank::{Bank, Received};
use crate::cases::Call;
use crate::clients::{APIS, Api, enablebanking, tilisy};

/// The operations to which the specs give PSU headers.
const WITH_PSU: [(&str, &[&str]); 2] = [
    (
        "enablebanking",
        &["accountBalances", "accountDetails", "accountTransaction", "accountTransactions", "deleteSession"],
    ),
    ("tilisy", &["accountBalances", "accountTransactions", "deleteSession"]),
];

/// A client that takes PSU headers.
trait Edition: Sized {
    const API: &'static Api;

    /// Creates a client that signs its tokens.
    fn at(url: &str) -> Self;

    fn for_psu(&self, psu: PsuHeaders) -> Self;

    /// Calls an operation by its id. Its result does not matter here.
    async fn call(&self, id: &str, case: &Case) -> Result<(), String>;
}

macro_rules! edition {
    ($client:ident, $generated:ident, $audience:literal) => {
        impl Edition for $client::Client {
            const API: &'static Api = &$generated::API;

            fn at(url: &str) -> Self {
                let id = "cf589be3-3755-465b-a8df-a90a16a31403";
                let credentials = Credentials::from_pem(id, key("rsa2048.pkcs8.pem")).unwrap();
                Self::builder(credentials).host(ApiHost::custom(url, $audience)).build().unwrap()
            }

            fn for_psu(&self, psu: PsuHeaders) -> Self {
                self.with_psu(psu)
            }

            async fn call(&self, id: &str, case: &Case) -> Result<(), String> {
                $generated::call(self, id, case).await.map(drop)
            }
        }
    };
}

edition!(enablebanking_client, enablebanking, "api.enablebanking.com");
edition!(tilisy_client, tilisy, "api.tilisy.com");

fn key(name: &str) -> String {
    std::fs::read_to_string(workspace().unwrap().join("enablebanking-core/tests/keys").join(name)).unwrap()
}

/// Returns whether the token of a request is signed by the key that the service knows.
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

/// Calls every operation once.
async fn call_all(client: &impl Edition, api: &'static Api) {
    for operation in api.operations {
        let body = api.request(operation).to_string();
        client.call(operation.id, &Call::new(api, operation, &body).case).await.expect(operation.id);
    }
}

async fn check<E: Edition>() {
    let api = E::API;
    let server = Bank::answering(500, "").await;
    let client = E::at(server.url());
    let psu = PsuHeaders::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), "Browser/1.0").unwrap();

    call_all(&client.for_psu(psu), api).await;
    let requests = server.requests();
    assert_eq!(requests.len(), api.operations.len(), "nothing is sent twice");
    let (_, with_psu) = WITH_PSU.iter().find(|(name, _)| *name == api.name).unwrap();
    for (operation, request) in api.operations.iter().zip(&requests) {
        let id = operation.id;
        assert!(is_signed(request), "{id}");
        assert_eq!((request.method(), request.header("api-version")), (operation.method, None), "{id}");
        let agent = format!("{}-client/", api.name);
        assert!(request.header("user-agent").unwrap().starts_with(&agent), "{id}");
        let sent = (request.header("psu-ip-address"), request.header("psu-user-agent"));
        let expected = with_psu.contains(&id).then_some(("192.0.2.1", "Browser/1.0"));
        assert_eq!(sent, expected.map_or((None, None), |(ip, agent)| (Some(ip), Some(agent))), "{id}");
        assert_eq!(operation.takes_psu, expected.is_some(), "{id}");
    }

    // The clone speaks for the PSU; the client itself still does not.
    call_all(&client, api).await;
    let unattended = &server.requests()[api.operations.len()..];
    assert_eq!(unattended.len(), api.operations.len());
    assert!(unattended.iter().all(|request| request.header("psu-ip-address").is_none()));
    // One token serves them all.
    let first = requests[0].header("authorization");
    assert!(server.requests().iter().all(|request| request.header("authorization") == first));
}

#[tokio::test]
async fn every_call_of_tilisy_is_signed_and_psu_headers_are_where_the_spec_has_them() {
    check::<tilisy_client::Client>().await;
}

#[tokio::test]
async fn every_call_of_enablebanking_is_signed_and_psu_headers_are_where_the_spec_has_them() {
    check::<enablebanking_client::Client>().await;
}

#[test]
fn every_client_with_psu_headers_is_checked() {
    let takes_psu = |api: &&&Api| api.operations.iter().any(|operation| operation.takes_psu);
    let names = APIS.iter().filter(takes_psu).map(|api| api.name);
    assert!(names.eq(WITH_PSU.map(|(name, _)| name)), "a client with PSU headers needs a line in WITH_PSU and a test");
}
