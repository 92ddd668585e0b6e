//! The payments of a sandbox, with the times at which they have to be looked at.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::payment::Payment;

/// The payments. Time brings changes at few moments, so that requests in between need not look at any payment.
#[derive(Debug, Default)]
pub(crate) struct Payments {
    all: BTreeMap<Uuid, Held>,
    due: BTreeSet<(DateTime<Utc>, Uuid)>,
    /// The payments that were dropped, with their applications.
    dropped: BTreeMap<Uuid, Uuid>,
}

#[derive(Debug)]
struct Held {
    payment: Payment,
    /// The time under which it is in `due`.
    due: Option<DateTime<Utc>>,
}

impl Payments {
    pub(crate) fn get(&self, id: Uuid) -> Option<&Payment> {
        self.all.get(&id).map(|held| &held.payment)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Payment> {
        self.all.values().map(|held| &held.payment)
    }

    /// Adds or replaces a payment, which is due at once.
    pub(crate) fn put(&mut self, payment: Payment) {
        self.hold(payment, Some(DateTime::<Utc>::MIN_UTC));
    }

    /// Removes a payment, or the memory of one that was dropped.
    pub(crate) fn remove(&mut self, id: Uuid) -> Option<Payment> {
        self.dropped.remove(&id);
        let held = self.all.remove(&id)?;
        if let Some(due) = held.due {
            self.due.remove(&(due, id));
        }
        Some(held.payment)
    }

    /// Removes the payments of an application, and returns them.
    pub(crate) fn remove_all(&mut self, application: Uuid) -> Vec<Payment> {
        self.dropped.retain(|_, other| *other != application);
        let own: Vec<_> = self.iter().filter(|payment| payment.application == application).map(|own| own.id).collect();
        own.into_iter().filter_map(|id| self.remove(id)).collect()
    }

    /// Returns the application of a payment that was dropped.
    pub(crate) fn dropped(&self, id: Uuid) -> Option<Uuid> {
        self.dropped.get(&id).copied()
    }

    /// Lets a payment be dropped, as its statuses are no longer reported.
    pub(crate) fn release(&mut self, id: Uuid) {
        if let Some(payment) = self.get(id).cloned() {
            self.put(Payment { is_followed: false, ..payment });
        }
    }

    /// Settles the payments that are due, and drops those that the bank no longer gives out and that time does not change
    /// any more.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>, mut settle: impl FnMut(&mut Payment)) {
        while let Some((time, id)) = self.due.first().copied().filter(|(time, _)| *time <= now) {
            self.due.remove(&(time, id));
            let Some(Held { mut payment, .. }) = self.all.remove(&id) else { continue };
            settle(&mut payment);
            match next(&payment, now) {
                Some(due) => self.hold(payment, Some(due)),
                None if payment.is_followed => self.hold(payment, None),
                None => drop(self.dropped.insert(id, payment.application)),
            }
        }
    }

    fn hold(&mut self, payment: Payment, due: Option<DateTime<Utc>>) {
        let id = payment.id;
        self.due.extend(due.map(|due| (due, id)));
        let before = self.all.insert(id, Held { payment, due });
        if let Some(before) = before.and_then(|before| before.due).filter(|before| Some(*before) != due) {
            self.due.remove(&(before, id));
        }
    }
}

/// Returns the time at which a payment changes next: by a step towards its end, or as the bank no longer gives it out.
fn next(payment: &Payment, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let steps = if payment.booked.is_settled { Vec::new() } else { payment.life.steps() };
    let step = steps.into_iter().map(|step| step.since).find(|since| *since > now);
    step.or(Some(payment.kept_until()).filter(|until| *until > now))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]
mod tests {
    use chrono::TimeDelta;
    use serde_json::json;

    use super::*;
    use crate::data::builtin;
    use crate::payments::life::{Decision, Life, Outcome, Status};
    use crate::payments::payment::Booked;
    use crate::visit::Visit;

    fn second(seconds: i64) -> DateTime<Utc> {
        "2026-02-01T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(seconds)
    }

    /// A payment that is created at 0 s, authorised at 100 s, and in process at 110 s.
    fn payment(number: u128) -> Payment {
        let bank = builtin::all(0, second(0).date_naive()).remove(0);
        Payment {
            id: Uuid::from_u128(number),
            application: Uuid::from_u128(7),
            bank,
            request: json!({}),
            record: json!({}),
            psu_id_hash: String::new(),
            webhook: None,
            life: Life {
                created: second(0),
                decided: Some((second(100), Decision::Authorised)),
                submitted: None,
                is_deferred: false,
                day: None,
                outcome: Outcome::Good,
                transfers: 1,
                last: Status::SettledHere,
            },
            visit: Visit::new(String::new()),
            debtor: None,
            booked: Booked::default(),
            is_followed: false,
        }
    }

    /// The number of payments that are looked at, each of which is settled once it is final.
    fn looks(payments: &mut Payments, seconds: i64) -> usize {
        let mut count = 0;
        payments.settle(second(seconds), |payment| {
            count += 1;
            payment.booked.is_settled = payment.life.at(second(seconds)).is_final;
        });
        count
    }

    const DAY: i64 = 86_400;

    #[test]
    fn payments_are_looked_at_when_something_changes() {
        let mut payments = Payments::default();
        payments.put(payment(1));
        payments.put(payment(2));
        let mut seen = Vec::new();
        for seconds in [100, 100, 109, 110, 111, 159, 160, 161, DAY] {
            seen.push(looks(&mut payments, seconds));
        }
        assert_eq!(seen, [2, 0, 0, 2, 0, 0, 2, 0, 0]);
        payments.put(payment(2));
        assert_eq!((looks(&mut payments, DAY), looks(&mut payments, DAY)), (1, 0), "one was changed");
    }

    #[test]
    fn payments_are_dropped_once_the_bank_no_longer_gives_them_out() {
        let mut payments = Payments::default();
        payments.put(payment(1));
        // A payment that never comes to its end, and one that is executed later.
        let mut endless = payment(2);
        endless.life.outcome = Outcome::NeverFinal;
        payments.put(endless);
        let mut late = payment(3);
        late.life.day = Some((second(0) + TimeDelta::days(100)).date_naive());
        payments.put(late);
        // And one whose statuses are still to be reported.
        payments.put(Payment { is_followed: true, ..payment(4) });
        looks(&mut payments, 90 * DAY - 1);
        assert_eq!(payments.iter().count(), 4);
        looks(&mut payments, 90 * DAY);
        assert_eq!(payments.iter().map(|payment| payment.id.as_u128()).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(payments.dropped(Uuid::from_u128(1)), Some(Uuid::from_u128(7)));
        payments.release(Uuid::from_u128(4));
        looks(&mut payments, 101 * DAY);
        assert_eq!(payments.iter().count(), 0);
        assert_eq!(looks(&mut payments, 1_000 * DAY), 0);
    }

    #[test]
    fn payments_that_are_removed_are_not_looked_at() {
        let mut payments = Payments::default();
        payments.put(payment(1));
        payments.put(payment(2));
        assert!(payments.remove(Uuid::from_u128(1)).is_some() && payments.remove(Uuid::from_u128(1)).is_none());
        assert_eq!(looks(&mut payments, 0), 1);
        assert_eq!(payments.remove_all(Uuid::from_u128(8)).len(), 0);
        assert_eq!(payments.remove_all(Uuid::from_u128(7)).len(), 1);
        assert_eq!(looks(&mut payments, DAY), 0);
    }
}
