//! Makes a SEPA payment:
//! `cargo run -p enablebanking-client --example payment -- FI Nordea Receiver FI2112345600000785 2.00`
//!
//! **An application in production moves real money.** Set `ENABLEBANKING_APPLICATION_ID` and
//! `ENABLEBANKING_PRIVATE_KEY_FILE` first. The example uses the first redirect address of the application. It does not have
//! to be reachable: copy the address from the browser and paste it.
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use std::io::{Write as _, stdin, stdout};
use std::time::Duration;

use enablebanking_client::consent::{Redirect, State};
use enablebanking_client::types::{
    AmountType, Beneficiary, CreatePaymentRequest, CreditTransferTransaction, GenericIdentification,
    PartyIdentification, PaymentRequestResource, PaymentType, PsuType, SchemeName, Service,
};
use enablebanking_client::{Client, Credentials};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(Credentials::from_env()?).build()?;
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [country, bank, creditor, iban, amount] = arguments.as_slice() else {
        return Err("usage: payment COUNTRY BANK CREDITOR IBAN AMOUNT".into());
    };

    let banks = client.aspsps().country(country).service(Service::Pis).await?.aspsps;
    let bank = banks.iter().find(|listed| listed.name == *bank).ok_or("no bank with payments has this name")?;
    let rules = bank.payment_rules(&PaymentType::Sepa, &PsuType::Personal).ok_or("the bank has no SEPA payments")?;
    let application = client.application().await?;
    let back = application.redirect_urls.first().ok_or("the application has no redirect address")?;

    let account = GenericIdentification::new(iban, SchemeName::Iban);
    let beneficiary = Beneficiary::new(account).creditor(PartyIdentification::new().name(creditor));
    let transfer = CreditTransferTransaction::new(beneficiary, AmountType::new(amount.parse()?, "EUR"))
        .remittance_information(vec!["Test of a payment".to_owned()]);
    let payment = PaymentRequestResource::new(vec![transfer]);
    let state = State::generate()?;
    let request =
        CreatePaymentRequest::new(bank.to_aspsp(), payment, PaymentType::Sepa, PsuType::Personal, back, state.as_str());
    let violations = request.check(rules);
    if !violations.is_empty() {
        violations.iter().for_each(|violation| println!("{violation}"));
        return Err("the payment breaks rules of the bank".into());
    }

    let created = match client.create_payment(&request).await {
        Ok(created) => created,
        Err(error) if error.outcome_is_unknown() => {
            // A second request could pay twice.
            return Err(format!("the payment may exist: do not create it again ({error})").into());
        }
        Err(error) => return Err(error.into()),
    };
    // Payments cannot be listed: keep the id before anything can fail.
    println!("payment {}", created.payment_id);
    println!("Open this address in a browser:\n{}", created.link()?);
    print!("Paste the address to which the browser returned: ");
    stdout().flush()?;
    let mut came_back = String::new();
    stdin().read_line(&mut came_back)?;
    Redirect::parse_payment(&came_back, &state)?;

    // The redirect is not a proof; the status is.
    for _ in 0..60 {
        let payment = client.payment(&created.payment_id).await?;
        println!("{}", payment.status);
        if payment.is_final() {
            match payment.is_successful(rules) {
                Some(true) => println!("successful"),
                Some(false) => println!("not successful"),
                None => println!("final (the bank does not say which statuses are successful)"),
            }
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    println!("not final yet: ask again later, with the payment id {}", created.payment_id);
    Ok(())
}
