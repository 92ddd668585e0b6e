//! The error codes of the current edition, with the statuses and the operations of each. The README has the same.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Answer;

/// The operations that a code belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum On {
    Every,
    Banks,
    Auth,
    Sessions,
    /// `GET` and `DELETE /sessions/{session_id}`.
    Session,
    EndSession,
    /// The four operations of an account.
    Account,
    Transactions,
    Transaction,
    Pay,
    Payment,
    DeletePayment,
    Submit,
    Transfer,
}

use On::{
    Account, Auth, Banks, DeletePayment, EndSession, Every, Pay, Payment, Session, Sessions, Submit, Transaction,
    Transactions, Transfer,
};

impl On {
    /// The operation as the README names it.
    fn name(self) -> &'static str {
        match self {
            Every => "every call",
            Banks => "`GET /aspsps`",
            Auth => "`POST /auth`",
            Sessions => "`POST /sessions`",
            Session => "session calls",
            EndSession => "`DELETE /sessions/…`",
            Account => "account calls",
            Transactions => "transactions",
            Transaction => "`…/transactions/{transaction_id}`",
            Pay => "`POST /payments`",
            Payment => "`GET /payments/…`",
            DeletePayment => "`DELETE /payments/…`",
            Submit => "`POST /payments/…/submit`",
            Transfer => "`GET /payments/…/transactions/…`",
        }
    }

    fn is_of_payments(self) -> bool {
        matches!(self, Pay | Payment | DeletePayment | Submit | Transfer)
    }
}

/// A code, its statuses (the first is that of the header), and the operations on which the header works.
pub(crate) type Row = (&'static str, &'static [u16], &'static [On]);

const AT_BANKS: &[On] = &[Account, Sessions, EndSession, Pay, Submit];

/// Every code.
pub(crate) const CODES: &[Row] = &[
    ("ACCESS_DENIED", &[403], &[Auth, Pay]),
    ("ACCOUNT_DOES_NOT_EXIST", &[422], &[Account]),
    ("ALREADY_AUTHORIZED", &[422], &[Sessions]),
    ("ASPSP_ACCOUNT_NOT_ACCESSIBLE", &[403], &[Account]),
    ("ASPSP_ERROR", &[400], AT_BANKS),
    ("ASPSP_PAYMENT_NOT_ACCESSIBLE", &[422], &[Payment, Submit, Transfer]),
    ("ASPSP_PSU_ACTION_REQUIRED", &[422], AT_BANKS),
    ("ASPSP_RATE_LIMIT_EXCEEDED", &[429], AT_BANKS),
    ("ASPSP_TIMEOUT", &[408], AT_BANKS),
    ("AUTHORIZATION_NOT_PROVIDED", &[401], &[Every]),
    ("CLOSED_SESSION", &[401], &[Account, EndSession]),
    ("DATE_FROM_IN_FUTURE", &[422], &[Transactions]),
    ("DATE_TO_WITHOUT_DATE_FROM", &[422], &[Transactions]),
    ("EXPIRED_AUTHORIZATION_CODE", &[422], &[Sessions]),
    ("EXPIRED_SESSION", &[401], &[Account, EndSession]),
    ("INVALID_ACCOUNT_ID", &[422], &[Auth]),
    ("INVALID_HOST", &[403], &[Every]),
    ("INVALID_PAYMENT", &[422], &[Submit]),
    ("NO_ACCOUNTS_ADDED", &[403], &[Sessions]),
    ("PAYMENT_LIMIT_EXCEEDED", &[422], &[Pay]),
    ("PAYMENT_NOT_AUTHORIZED", &[422], &[Submit]),
    ("PAYMENT_NOT_FINALIZED", &[422], &[DeletePayment]),
    ("PAYMENT_NOT_FOUND", &[404], &[Payment, DeletePayment, Submit, Transfer]),
    ("PAYMENT_SUBMISSION_NOT_DEFERRED", &[422], &[Submit]),
    ("PAYMENT_SUBMISSION_NOT_SUPPORTED", &[422], &[Pay, Submit]),
    ("PSU_HEADER_INVALID", &[422], &[Account, EndSession]),
    ("PSU_HEADER_NOT_PROVIDED", &[422], &[Account, EndSession]),
    ("REDIRECT_URI_NOT_ALLOWED", &[422], &[Auth, Pay]),
    ("REVOKED_SESSION", &[401], &[Account, EndSession]),
    ("SESSION_DOES_NOT_EXIST", &[422], &[Session]),
    ("TRANSACTION_DOES_NOT_EXIST", &[404], &[Transaction, Transfer]),
    ("UNAUTHORIZED_ACCESS", &[401, 403], &[Every]),
    ("UNAUTHORIZED_IP", &[403], &[Every]),
    ("UNTRUSTED_PAYMENT_PARTY", &[422], &[Pay]),
    ("WEBHOOK_URI_NOT_ALLOWED", &[422], &[Pay]),
    ("WRONG_ASPSP_PROVIDED", &[422], &[Auth, Pay]),
    ("WRONG_AUTHORIZATION_CODE", &[422], &[Sessions]),
    ("WRONG_CONTINUATION_KEY", &[422], &[Transactions]),
    ("WRONG_CREDENTIALS_PROVIDED", &[422], &[Auth, Pay]),
    ("WRONG_DATE_INTERVAL", &[422], &[Transactions]),
    ("WRONG_REQUEST_PARAMETERS", &[422], &[Banks, Auth, Sessions, Transactions, Pay]),
    ("WRONG_SESSION_STATUS", &[422], &[Account, Sessions, EndSession]),
    ("WRONG_TRANSACTIONS_PERIOD", &[422], &[Transactions]),
];

/// The codes of operations other than those of payments.
pub(crate) fn of_accounts() -> impl Iterator<Item = &'static Row> {
    CODES.iter().filter(|(_, _, on)| on.iter().any(|on| !on.is_of_payments()))
}

impl Answer {
    /// The code of a refusal, whose status is one of those of the code.
    pub(crate) fn code(&self) -> &str {
        let (status, code) = self.refusal();
        let row = CODES.iter().find(|(other, ..)| *other == code);
        assert!(row.is_some_and(|(_, statuses, _)| statuses.contains(&status)), "{status} {:?}", self.body);
        code
    }
}

/// The rows of the README's table whose heading starts like this: code, status, and the last cell.
fn table(heading: &str) -> Vec<(String, String, String)> {
    let readme = include_str!("../../../README.md");
    let lines = readme.lines().skip_while(|line| !line.starts_with(heading)).skip(2);
    let cells = lines.take_while(|line| line.starts_with('|')).map(|line| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
        assert_eq!(cells.len(), 4, "{line}");
        (cells[0].clone(), cells[1].clone(), cells[3].clone())
    });
    cells.collect()
}

fn row((code, statuses, _): &Row, on: impl Iterator<Item = On>) -> (String, String, String) {
    let statuses: Vec<_> = statuses.iter().map(u16::to_string).collect();
    let on: Vec<_> = on.map(On::name).collect();
    (format!("`{code}`"), statuses.join(", "), on.join(", "))
}

#[test]
fn codes_are_those_of_the_spec() {
    let spec: Value = serde_yaml::from_str(include_str!("../../../../spec/enablebanking.yaml")).unwrap();
    let values = spec["components"]["schemas"]["ErrorCode"]["oneOf"].as_array().unwrap();
    let listed: BTreeSet<_> = values.iter().map(|value| value["enum"][0].as_str().unwrap()).collect();
    assert_eq!((listed.len(), CODES.len()), (43, 43));
    assert_eq!(CODES.iter().map(|(code, ..)| *code).collect::<BTreeSet<_>>(), listed);
}

#[test]
fn the_readme_has_the_statuses_and_operations_of_every_code() {
    let expected: Vec<_> = of_accounts().map(|code| row(code, code.2.iter().copied())).collect();
    assert_eq!(table("| code | status | realistic conditions |"), expected);
    // The chapter about payments has the codes that no other operation has, and two that mean something else there.
    let is_there = |(code, _, on): &&Row| {
        on.iter().all(|on| on.is_of_payments()) || matches!(*code, "ACCESS_DENIED" | "TRANSACTION_DOES_NOT_EXIST")
    };
    let codes = CODES.iter().filter(is_there);
    let expected: Vec<_> =
        codes.map(|code| row(code, code.2.iter().copied().filter(|on| on.is_of_payments()))).collect();
    assert_eq!(table("| code | status | realistic condition |"), expected);
}
