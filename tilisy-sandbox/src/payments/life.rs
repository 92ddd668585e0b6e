//! The statuses of a payment over time, as a pure function of its events and the clock.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// The time in which a PSU has to authorise a payment.
pub(crate) const AUTHORISATION_LIFE: TimeDelta = TimeDelta::minutes(30);

/// The statuses of a good payment after its authorisation, with the seconds from there.
const COURSE: &[(Status, i64)] =
    &[(Status::TechnicallyValid, 0), (Status::InProcess, 10), (Status::SettledHere, 60), (Status::SettledThere, 120)];

/// A status of a payment or of one of its transfers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Status {
    Received,
    TechnicallyValid,
    InProcess,
    /// On the account of the payer.
    SettledHere,
    /// On the account of the receiver.
    SettledThere,
    /// Some transfers are settled, others rejected.
    Partial,
    Rejected,
    Cancelled,
}

impl Status {
    /// Returns the code of the API.
    pub(crate) fn wire(self) -> &'static str {
        match self {
            Self::Received => "RCVD",
            Self::TechnicallyValid => "ACTC",
            Self::InProcess => "ACSP",
            Self::SettledHere => "ACSC",
            Self::SettledThere => "ACCC",
            Self::Partial => "PART",
            Self::Rejected => "RJCT",
            Self::Cancelled => "CNCL",
        }
    }
}

/// A reason for a status, by a code of ISO 20022.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Reason {
    code: &'static str,
    description: &'static str,
}

impl Reason {
    /// The account of the receiver is closed.
    pub(crate) const CLOSED_ACCOUNT: Self =
        Self { code: "AC04", description: "The account of the creditor has been closed" };
    /// The account of the payer is not known to the bank.
    pub(crate) const UNKNOWN_ACCOUNT: Self =
        Self { code: "AC01", description: "The account of the debtor is not known" };
    /// The payer has too little money.
    pub(crate) const INSUFFICIENT_FUNDS: Self =
        Self { code: "AM04", description: "The amount exceeds the available balance of the debtor" };
    const CANCELLED: Self = Self { code: "DS02", description: "The user has cancelled the payment" };
    const EXPIRED: Self = Self { code: "DS24", description: "The payment was not authorised in time" };
    const DENIED: Self = Self { code: "MS02", description: "The user has denied the payment" };
    const NOT_AUTHENTICATED: Self = Self { code: "MS03", description: "The user could not be authenticated" };

    /// Returns the reason as `StatusReasonInformation`.
    pub(crate) fn wire(self) -> Value {
        json!({ "status_reason_code": self.code, "status_reason_description": self.description })
    }
}

/// The result of an authorisation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Decision {
    Authorised,
    Denied,
    Cancelled,
    /// The one-time password was wrong too often.
    NotAuthenticated,
}

/// The end to which the bank brings an authorised payment.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Outcome {
    #[default]
    Good,
    Rejected(Reason),
    /// Every second transfer is rejected. A payment of one transfer is good.
    Partial,
    /// The payment never comes to its last status.
    NeverFinal,
}

/// The events and settings that determine the statuses of a payment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    pub(crate) created: DateTime<Utc>,
    pub(crate) decided: Option<(DateTime<Utc>, Decision)>,
    pub(crate) submitted: Option<DateTime<Utc>>,
    pub(crate) is_deferred: bool,
    /// The requested day of execution, if there is one.
    pub(crate) day: Option<NaiveDate>,
    pub(crate) outcome: Outcome,
    /// The number of transfers.
    pub(crate) transfers: usize,
    /// The status in which a good payment of this bank ends.
    pub(crate) last: Status,
}

/// A status, and the time from which on the payment has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Step {
    pub(crate) since: DateTime<Utc>,
    pub(crate) status: Status,
    pub(crate) is_final: bool,
    pub(crate) reason: Option<Reason>,
}

impl Step {
    fn open(since: DateTime<Utc>, status: Status) -> Self {
        Self { since, status, is_final: false, reason: None }
    }

    fn ended(since: DateTime<Utc>, status: Status, reason: Option<Reason>) -> Self {
        Self { since, status, is_final: true, reason }
    }
}

impl Life {
    /// Returns the status at a time.
    pub(crate) fn at(&self, now: DateTime<Utc>) -> Step {
        let past = self.steps().into_iter().take_while(|step| step.since <= now).last();
        past.unwrap_or(Step::open(self.created, Status::Received))
    }

    /// Returns the status of one transfer at a time.
    pub(crate) fn transfer(&self, nth: usize, now: DateTime<Utc>) -> Status {
        match self.at(now).status {
            Status::Partial if is_rejected(nth) => Status::Rejected,
            Status::Partial => self.last,
            status => status,
        }
    }

    /// Returns whether the transfer is executed, once the payment is final.
    pub(crate) fn is_executed(&self, nth: usize) -> bool {
        match self.outcome {
            Outcome::Good => true,
            Outcome::Partial => self.transfers < 2 || !is_rejected(nth),
            Outcome::Rejected(_) | Outcome::NeverFinal => false,
        }
    }

    /// Has the bank reject the payment, once it is in process.
    pub(crate) fn reject(&mut self, reason: Reason) {
        self.outcome = Outcome::Rejected(reason);
    }

    /// Returns whether the PSU can still authorise the payment.
    pub(crate) fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.decided.is_none() && now < self.created + AUTHORISATION_LIFE
    }

    /// Returns all statuses in their order, those in the future included as far as the events determine them.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps = vec![Step::open(self.created, Status::Received)];
        match self.decided {
            None => {
                let since = self.created + AUTHORISATION_LIFE;
                steps.push(Step::ended(since, Status::Rejected, Some(Reason::EXPIRED)));
            }
            Some((since, Decision::Authorised)) => self.authorised(since, &mut steps),
            Some((since, decision)) => {
                let (status, reason) = match decision {
                    Decision::Cancelled => (Status::Cancelled, Reason::CANCELLED),
                    Decision::NotAuthenticated => (Status::Rejected, Reason::NOT_AUTHENTICATED),
                    Decision::Denied | Decision::Authorised => (Status::Rejected, Reason::DENIED),
                };
                steps.push(Step::ended(since, status, Some(reason)));
            }
        }
        steps
    }

    fn authorised(&self, since: DateTime<Utc>, steps: &mut Vec<Step>) {
        steps.push(Step::open(since, Status::TechnicallyValid));
        let begins = match (self.is_deferred, self.submitted) {
            (true, None) => return,
            (true, Some(submitted)) => submitted.max(since),
            (false, _) => since,
        };
        let day = self.day.map(|day| day.and_time(NaiveTime::MIN).and_utc());
        let begins = day.map_or(begins, |day| day.max(begins));
        for (status, seconds) in COURSE.iter().copied() {
            let since = begins + TimeDelta::seconds(seconds);
            let is_last = status == self.last;
            match self.outcome {
                Outcome::Rejected(reason) if is_last || status == Status::InProcess => {
                    return steps.push(Step::ended(since, Status::Rejected, Some(reason)));
                }
                Outcome::Partial if is_last && self.transfers > 1 => {
                    return steps.push(Step::ended(since, Status::Partial, Some(Reason::CLOSED_ACCOUNT)));
                }
                Outcome::NeverFinal if is_last => return,
                _ if is_last => {
                    steps.retain(|step| (step.since, step.status) != (since, status));
                    return steps.push(Step::ended(since, status, None));
                }
                _ if status == Status::TechnicallyValid => {}
                _ => steps.push(Step::open(since, status)),
            }
        }
    }
}

fn is_rejected(nth: usize) -> bool {
    nth % 2 == 1
}

/// Returns the status in which a good payment ends, by `final_successful_statuses` of a record: the first that a payment
/// comes to.
pub(crate) fn last_status(record: &Value) -> Status {
    let listed = record.get("final_successful_statuses").and_then(Value::as_array).map(Vec::as_slice);
    let listed = listed.unwrap_or_default();
    let reached = COURSE.iter().map(|(status, _)| *status);
    reached.into_iter().find(|status| listed.iter().any(|code| code == status.wire())).unwrap_or(Status::SettledHere)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]
mod tests {
    use super::*;

    fn second(seconds: i64) -> DateTime<Utc> {
        "2026-02-01T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(seconds)
    }

    /// A payment that is created at 0 s and authorised at 100 s.
    fn life() -> Life {
        Life {
            created: second(0),
            decided: Some((second(100), Decision::Authorised)),
            submitted: None,
            is_deferred: false,
            day: None,
            outcome: Outcome::Good,
            transfers: 1,
            last: Status::SettledHere,
        }
    }

    /// Checks the statuses of a payment: seconds, code, and an `!` where it is final.
    fn check(life: Life, expected: &[(i64, &str)]) {
        for (seconds, text) in expected {
            let step = life.at(second(*seconds));
            let found = format!("{}{}", step.status.wire(), if step.is_final { "!" } else { "" });
            assert_eq!(found, *text, "at {seconds} s of {life:?}");
        }
        let steps = life.steps();
        assert!(steps.windows(2).all(|pair| pair[0].since <= pair[1].since), "{steps:?}");
        let finals = steps.iter().filter(|step| step.is_final).count();
        assert!(finals == 0 || (finals == 1 && steps.last().unwrap().is_final), "{steps:?}");
    }

    #[test]
    fn a_good_payment_is_settled_after_a_minute() {
        check(
            life(),
            &[(-1, "RCVD"), (0, "RCVD"), (99, "RCVD"), (100, "ACTC"), (109, "ACTC"), (110, "ACSP"), (159, "ACSP")],
        );
        check(life(), &[(160, "ACSC!"), (1_000_000, "ACSC!")]);
    }

    #[test]
    fn the_last_status_is_that_of_the_bank() {
        for (codes, expected) in [
            (json!(["ACSC"]), Status::SettledHere),
            (json!(["ACCC"]), Status::SettledThere),
            (json!(["ACCC", "ACSP"]), Status::InProcess),
            (json!(["ACTC"]), Status::TechnicallyValid),
            (json!([]), Status::SettledHere),
        ] {
            assert_eq!(last_status(&json!({ "final_successful_statuses": codes })), expected);
        }
        check(Life { last: Status::SettledThere, ..life() }, &[(160, "ACSC"), (219, "ACSC"), (220, "ACCC!")]);
        check(Life { last: Status::InProcess, ..life() }, &[(109, "ACTC"), (110, "ACSP!"), (999, "ACSP!")]);
        check(Life { last: Status::TechnicallyValid, ..life() }, &[(99, "RCVD"), (100, "ACTC!")]);
    }

    #[test]
    fn a_payment_that_is_not_authorised_expires() {
        let open = Life { decided: None, ..life() };
        check(open, &[(1799, "RCVD"), (1800, "RJCT!")]);
        assert!(open.is_open(second(1799)) && !open.is_open(second(1800)) && !life().is_open(second(1)));
        assert_eq!(open.at(second(1800)).reason, Some(Reason::EXPIRED));
    }

    #[test]
    fn a_payment_that_is_not_agreed_to_ends_at_once() {
        for (decision, code, reason) in [
            (Decision::Denied, "RJCT!", "MS02"),
            (Decision::Cancelled, "CNCL!", "DS02"),
            (Decision::NotAuthenticated, "RJCT!", "MS03"),
        ] {
            let life = Life { decided: Some((second(5), decision)), ..life() };
            check(life, &[(4, "RCVD"), (5, code)]);
            assert_eq!(life.at(second(5)).reason.unwrap().wire()["status_reason_code"], reason);
        }
    }

    #[test]
    fn a_deferred_payment_waits_for_its_submission() {
        let deferred = Life { is_deferred: true, ..life() };
        check(deferred, &[(99, "RCVD"), (100, "ACTC"), (1_000_000, "ACTC")]);
        let submitted = Life { submitted: Some(second(500)), ..deferred };
        check(submitted, &[(500, "ACTC"), (510, "ACSP"), (560, "ACSC!")]);
    }

    #[test]
    fn a_payment_waits_for_its_day() {
        let later = Life { day: "2026-02-03".parse().ok(), ..life() };
        let midnight = 36 * 3600;
        check(later, &[(200, "ACTC"), (midnight, "ACTC"), (midnight + 10, "ACSP"), (midnight + 60, "ACSC!")]);
        check(Life { day: "2026-02-01".parse().ok(), ..life() }, &[(160, "ACSC!")]);
    }

    #[test]
    fn a_bank_can_reject_a_payment() {
        let rejected = Life { outcome: Outcome::Rejected(Reason::CLOSED_ACCOUNT), ..life() };
        check(rejected, &[(100, "ACTC"), (110, "RJCT!"), (999, "RJCT!")]);
        assert_eq!(rejected.at(second(110)).reason.unwrap().wire()["status_reason_code"], "AC04");
        assert!(!rejected.is_executed(0) && life().is_executed(0));
    }

    #[test]
    fn a_bulk_payment_can_be_accepted_in_part() {
        let partial = Life { outcome: Outcome::Partial, transfers: 3, ..life() };
        check(partial, &[(110, "ACSP"), (160, "PART!")]);
        let statuses = |seconds: i64| [0, 1, 2].map(|nth| partial.transfer(nth, second(seconds)).wire());
        assert_eq!(statuses(110), ["ACSP"; 3]);
        assert_eq!(statuses(160), ["ACSC", "RJCT", "ACSC"]);
        assert_eq!([0, 1, 2].map(|nth| partial.is_executed(nth)), [true, false, true]);
        let single = Life { transfers: 1, ..partial };
        check(single, &[(160, "ACSC!")]);
        assert!(single.is_executed(0));
    }

    #[test]
    fn a_payment_can_stay_in_process() {
        let stuck = Life { outcome: Outcome::NeverFinal, ..life() };
        check(stuck, &[(110, "ACSP"), (1_000_000_000, "ACSP")]);
        assert!(!stuck.is_executed(0));
    }
}
