//! The client of the current edition against the sandbox, with data of the test's own.

use std::collections::BTreeSet;
use std::time::Duration;

use enablebanking_client::chrono::{NaiveDate, TimeDelta, Utc};
use enablebanking_client::consent::{Redirect, State, valid_until};
use enablebanking_client::types::{
    Access, AccountUid, Aspsp, AuthorizeSessionRequest, AuthorizeSessionResponse, SessionStatus,
    StartAuthorizationRequest, TransactionStatus, TransactionsFetchStrategy,
};
use enablebanking_client::{ApiHost, Client, Credentials, Error, ErrorKind};
use tilisy_sandbox::{Clock, NewAccount, NewTransaction, Sandbox};

const REDIRECT: &str = "http://127.0.0.1:8080/redirect";

/// A sandbox with a clock of its own, and a client of it.
struct Pair {
    sandbox: Sandbox,
    client: Client,
    clock: Clock,
}

impl Pair {
    async fn start() -> Self {
        let clock = Clock::default();
        let sandbox = Sandbox::builder().clock(clock.clone()).start().await.unwrap();
        let credentials =
            Credentials::from_pem(&sandbox.application_id().to_string(), sandbox.private_key_pem()).unwrap();
        let host = ApiHost::custom(sandbox.url(), sandbox.audience());
        let client = Client::builder(credentials).host(host).build().unwrap();
        Self { sandbox, client, clock }
    }

    /// A session of a user, for as long as the bank permits.
    async fn session(&self, country: &str, bank: &str, user: &str) -> AuthorizeSessionResponse {
        let banks = self.client.aspsps().country(country).await.unwrap().aspsps;
        let listed = banks.iter().find(|listed| listed.name == bank).unwrap();
        let longest = Duration::from_secs(u64::try_from(listed.maximum_consent_validity).unwrap());
        let access = Access::new(valid_until(Utc::now(), longest, Some(longest)));
        let state = State::generate().unwrap();
        let request = StartAuthorizationRequest::new(access, Aspsp::new(country, bank), REDIRECT, state.as_str());
        let link = self.client.start_authorization(&request).await.unwrap().link().unwrap();
        let back = self.sandbox.approve_as::<&str>(&link, user, &[]).unwrap();
        let code: AuthorizeSessionRequest = Redirect::parse(&back, &state).unwrap().into();
        self.client.authorize_session(&code).await.unwrap()
    }

    async fn references(&self, account: &AccountUid, from: Option<NaiveDate>) -> Vec<(String, TransactionStatus)> {
        let request = self.client.account_transactions(account);
        let mut stream = match from {
            Some(day) => request.date_from(day).stream(),
            None => request.strategy(TransactionsFetchStrategy::Longest).stream(),
        };
        let mut all = Vec::new();
        while let Some(row) = stream.try_next().await.unwrap() {
            all.push((row.entry_reference.clone().unwrap(), row.status.clone()));
        }
        all
    }
}

fn uid(session: &AuthorizeSessionResponse, nth: usize) -> AccountUid {
    session.accounts[nth].uid.unwrap()
}

#[tokio::test]
async fn a_consent_leads_to_every_operation_of_an_account() {
    let pair = Pair::start().await;
    let session = pair.session("FI", "Saimaan Pankki", "vilho").await;
    let account = uid(&session, 0);
    let details = pair.client.account_details(&account).await.unwrap();
    assert_eq!(details.identification_hash, session.accounts[0].identification_hash);
    assert!(!pair.client.account_balances(&account).await.unwrap().balances.is_empty());
    let mut stream = pair.client.account_transactions(&account).stream();
    let mut count = 0;
    while let Some(row) = stream.try_next().await.unwrap() {
        // Both parties are named, so that the other one is not the holder.
        assert!(row.counterparty().is_some_and(|party| party != "Vilho Virtanen"), "{count}");
        let id = row.transaction_id.clone().unwrap();
        let details = pair.client.account_transaction(&account, &id).await.unwrap();
        assert_eq!(details.entry_reference, row.entry_reference);
        count += 1;
    }
    assert_eq!(count, 12);
    let shown = pair.client.session(&session.session_id).await.unwrap();
    assert_eq!(shown.status, SessionStatus::Authorized);
    pair.client.delete_session(&session.session_id).await.unwrap();
    let error: Error = pair.client.account_balances(&account).await.unwrap_err();
    assert!(error.needs_new_consent(), "{error}");
    assert_eq!(pair.client.session(&session.session_id).await.unwrap().status, SessionStatus::Closed);
}

#[tokio::test]
async fn a_nightly_run_finds_what_the_day_has_brought() {
    let pair = Pair::start().await;
    let session = pair.session("NO", "Fjordbanken", "aino").await;
    let account = uid(&session, 0);
    let before = pair.references(&account, None).await;
    let unique: BTreeSet<_> = before.iter().map(|(reference, _)| reference).collect();
    assert_eq!(unique.len(), before.len());
    let yesterday = pair.sandbox.newest_day();
    pair.clock.advance(TimeDelta::days(1));
    // The token is made by the machine's clock, which is a day behind: the client corrects itself.
    let after = pair.references(&account, Some(yesterday)).await;
    let booked = |all: &[(String, TransactionStatus)]| -> BTreeSet<String> {
        let booked = all.iter().filter(|(_, status)| *status == TransactionStatus::Book);
        booked.map(|(reference, _)| reference.clone()).collect()
    };
    let new: BTreeSet<_> = booked(&after).difference(&booked(&before)).cloned().collect();
    assert_eq!(new.len(), 3);
    let pending: BTreeSet<_> = before
        .iter()
        .filter(|(_, status)| *status == TransactionStatus::Pdng)
        .map(|(reference, _)| reference.clone())
        .collect();
    assert!(pending.len() == 2 && pending.is_subset(&new));
}

#[tokio::test]
async fn a_transaction_of_the_test_reaches_the_client() {
    let pair = Pair::start().await;
    let user = pair.sandbox.bank("Testbank").user("liisa");
    let account = user.account(NewAccount::new("EUR").opening_balance("10.00")).unwrap();
    let transaction = NewTransaction::credit("5.5", "Employer").party_account("FI2112345600000785").text("Pay");
    account.add_transaction(transaction).unwrap();
    let session = pair.session("FI", "Testbank", "liisa").await;
    let page = pair.client.account_transactions(&uid(&session, 0)).await.unwrap();
    let [row] = page.transactions.as_slice() else { panic!("{page:?}") };
    assert_eq!(row.signed_amount().unwrap().to_string(), "5.5");
    assert_eq!(row.counterparty(), Some("Employer"));
    assert_eq!(row.balance_after_transaction.as_ref().unwrap().amount.to_string(), "15.50");
}

#[tokio::test]
async fn habits_of_banks_come_out_as_the_client_says_they_do() {
    let pair = Pair::start().await;
    let session = pair.session("NO", "Fjordbanken", "vilho").await;
    let account = uid(&session, 0);
    let bank = pair.sandbox.bank("Fjordbanken");
    bank.set_quirks(&["LIMIT_BY_CONSENT"]).unwrap();
    let mut last = None;
    for _ in 0..21 {
        last = pair.client.account_balances(&account).await.err();
    }
    assert!(last.unwrap().is_rate_limited());
    bank.set_quirks(&["ACTION_REQUIRED"]).unwrap();
    let error = pair.client.account_balances(&account).await.unwrap_err();
    assert_eq!(error.code().map(|code| code.to_string()).as_deref(), Some("ASPSP_PSU_ACTION_REQUIRED"));
    bank.set_quirks(&["REPEATED_LAST_PAGE", "SMALL_PAGES"]).unwrap();
    let mut stream = pair.client.account_transactions(&account).stream();
    let mut count = 0;
    let error = loop {
        match stream.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => break None,
            Err(error) => break Some(error.kind()),
        }
    };
    // The page that comes twice is not read twice.
    assert_eq!((count, error), (12, Some(ErrorKind::RepeatedPage)));
    bank.set_quirks(&["DOWN"]).unwrap();
    pair.client.account_balances(&account).await.unwrap_err();
}
