//! Payments of the current edition: its client against the sandbox.

use enablebanking_client::types::{
    AmountType, Aspsp, Beneficiary, CreatePaymentRequest, CreatePaymentResponse, CreditTransferTransaction, ErrorCode,
    GenericIdentification, PartyIdentification, PaymentRequestResource, PaymentStatus, PaymentType, PsuType,
    SchemeName, Service,
};
use enablebanking_client::{ApiHost, Client, Credentials};
use serde_json::Map;
use tilisy_sandbox::chrono::TimeDelta;
use tilisy_sandbox::{Builder, Clock, Sandbox};

const REDIRECT: &str = "http://127.0.0.1:8080/redirect";

async fn start(builder: Builder) -> (Sandbox, Client, Clock) {
    let clock = Clock::default();
    let sandbox = builder.clock(clock.clone()).start().await.unwrap();
    let credentials = Credentials::from_pem(&sandbox.application_id().to_string(), sandbox.private_key_pem()).unwrap();
    let host = ApiHost::custom(sandbox.url(), sandbox.audience());
    let client = Client::builder(credentials).host(host).build().unwrap();
    (sandbox, client, clock)
}

fn transfer(amount: &str) -> CreditTransferTransaction {
    let account = GenericIdentification::new("FI2112345600000785", SchemeName::Iban);
    let beneficiary = Beneficiary::new(account).creditor(PartyIdentification::new().name("Receiver"));
    CreditTransferTransaction::new(beneficiary, AmountType::new(amount.parse().unwrap(), "EUR"))
        .remittance_information(vec!["Invoice 12".to_owned()])
}

fn request() -> CreatePaymentRequest {
    let payment = PaymentRequestResource::new(vec![transfer("2.00")]);
    let bank = Aspsp::new("FI", "Saimaan Pankki");
    CreatePaymentRequest::new(bank, payment, PaymentType::Sepa, PsuType::Personal, REDIRECT, "state")
}

/// Creates a payment, and approves it at the bank.
async fn approved(sandbox: &Sandbox, client: &Client, request: &CreatePaymentRequest) -> CreatePaymentResponse {
    let created = client.create_payment(request).await.unwrap();
    sandbox.approve(&created.link().unwrap()).unwrap();
    created
}

#[tokio::test]
async fn a_payment_goes_from_its_creation_to_its_deletion() {
    let (sandbox, client, clock) = start(Sandbox::builder()).await;
    let created = approved(&sandbox, &client, &request()).await;
    assert_eq!(created.status, PaymentStatus::Rcvd);
    assert_eq!(client.payment(&created.payment_id).await.unwrap().status, PaymentStatus::Actc);
    clock.advance(TimeDelta::minutes(2));
    let shown = client.payment(&created.payment_id).await.unwrap();
    assert!(shown.status == PaymentStatus::Acsc && shown.final_status);
    let transfers = &shown.payment_details.credit_transfer_transaction;
    let id = transfers[0].transaction_id.as_deref().unwrap();
    let transfer = client.payment_transaction(&created.payment_id, id).await.unwrap();
    assert_eq!(transfer.transaction_details.transaction_status, Some(PaymentStatus::Acsc));
    client.delete_payment(&created.payment_id).await.unwrap();
    let error = client.payment(&created.payment_id).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::PaymentNotFound));
}

#[tokio::test]
async fn a_deferred_payment_is_submitted() {
    let (sandbox, client, clock) = start(Sandbox::builder()).await;
    let created = approved(&sandbox, &client, &request().defer_submission(true)).await;
    clock.advance(TimeDelta::minutes(2));
    assert_eq!(client.payment(&created.payment_id).await.unwrap().status, PaymentStatus::Actc);
    client.submit_payment(&created.payment_id, &Map::new()).await.unwrap();
    let again = client.submit_payment(&created.payment_id, &Map::new()).await.unwrap_err();
    assert_eq!(again.code(), Some(&ErrorCode::InvalidPayment));
}

#[tokio::test]
async fn the_client_and_the_sandbox_agree_on_the_rules() {
    let (_sandbox, client, _) = start(Sandbox::builder()).await;
    let banks = client.aspsps().country("FI").service(Service::Pis).await.unwrap().aspsps;
    let bank = banks.iter().find(|bank| bank.name == "Saimaan Pankki").unwrap();
    let rules = bank.payment_rules(&PaymentType::Sepa, &PsuType::Personal).unwrap();
    let of = |transfers: Vec<_>| {
        let mut request = request();
        request.payment_request = PaymentRequestResource::new(transfers);
        request
    };
    let mut foreign = transfer("1.00");
    foreign.instructed_amount.currency = "SEK".to_owned();
    let mut unnamed = transfer("1.00");
    unnamed.beneficiary.creditor = None;
    let long = transfer("1.00").remittance_information(vec!["x".repeat(141)]);
    for (request, is_good) in [
        (request(), true),
        (request().defer_submission(true), true),
        (of(vec![transfer("1.00").reference_number("1232")]), true),
        (of(vec![transfer("1.00"), transfer("1.00")]), false),
        (of(vec![transfer("0.00")]), false),
        (of(vec![foreign]), false),
        (of(vec![unnamed]), false),
        (of(vec![long]), false),
    ] {
        assert_eq!(request.check(rules).is_empty(), is_good, "{:?}", request.check(rules));
        assert_eq!(client.create_payment(&request).await.is_ok(), is_good, "{:?}", request.check(rules));
    }
}
