//! Webhooks of the sandbox, as the client of the current edition verifies them.

use enablebanking_client::types::{
    AmountType, Aspsp, Beneficiary, CreatePaymentRequest, CreditTransferTransaction, Environment,
    GenericIdentification, PartyIdentification, PaymentRequestResource, PaymentType, PsuType, SchemeName,
};
use enablebanking_client::uuid::Uuid;
use enablebanking_client::webhook::{ErrorKind, Expected, Verifier};
use enablebanking_client::{ApiHost, Client, Credentials};
use tilisy_sandbox::Sandbox;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Waits for one webhook, acknowledges it, and returns its token and its body.
async fn received(listener: &TcpListener) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut read = Vec::new();
    loop {
        assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0);
        let text = String::from_utf8(read.clone()).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let value = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
        if body.len().to_string() == value("content-length: ") {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            return (value("authorization: "), body.as_bytes().to_vec());
        }
    }
}

fn verifier(application: Uuid) -> Verifier {
    let expected = Expected::new(application, Environment::Sandbox).allow_insecure_host("127.0.0.1");
    Verifier::builder(expected).build().unwrap()
}

#[tokio::test]
async fn a_webhook_of_the_sandbox_is_verified_by_the_client() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let sandbox = Sandbox::builder().webhook_origin(&origin).start().await.unwrap();
    let id = sandbox.application_id();
    let credentials = Credentials::from_pem(&id.to_string(), sandbox.private_key_pem()).unwrap();
    let host = ApiHost::custom(sandbox.url(), sandbox.audience());
    let client = Client::builder(credentials).host(host).build().unwrap();
    let account = GenericIdentification::new("FI2112345600000785", SchemeName::Iban);
    let beneficiary = Beneficiary::new(account).creditor(PartyIdentification::new().name("Receiver"));
    let transfer = CreditTransferTransaction::new(beneficiary, AmountType::new("2.00".parse().unwrap(), "EUR"));
    let (bank, payment) = (Aspsp::new("FI", "Saimaan Pankki"), PaymentRequestResource::new(vec![transfer]));
    let back = "http://127.0.0.1:8080/redirect";
    let request = CreatePaymentRequest::new(bank, payment, PaymentType::Sepa, PsuType::Personal, back, "state")
        .webhook_url(format!("{origin}/hook"));
    let created = client.create_payment(&request).await.unwrap();
    sandbox.approve(&created.link().unwrap()).unwrap();

    let (token, body) = received(&listener).await;
    let verified = verifier(id).verify(&token, &body).await.unwrap();
    assert_eq!(verified.payment_id(), Some(created.payment_id));
    // It is of no other application, and of no other body.
    let other = verifier(Uuid::nil()).verify(&token, &body).await.unwrap_err();
    let mut changed = body.clone();
    changed[0] = b' ';
    let changed = verifier(id).verify(&token, &changed).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Application);
    assert_eq!(changed.kind(), ErrorKind::Body);
}
