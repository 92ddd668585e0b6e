//! Delivery of webhooks: one task for each payment with a webhook address, until the payment is final.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::payments::payment::Payment;
use crate::payments::webhook::Event;
use crate::service::Service;
use crate::state::World;

/// The pauses before a webhook is sent again, unless the builder says otherwise. After the last one it is given up.
pub(crate) const PAUSES: &[Duration] = &[
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(16),
    Duration::from_secs(32),
    Duration::from_secs(60),
    Duration::from_secs(60),
];

/// Reports the statuses of payments whose ids arrive. Without payments, this future is never woken.
pub(crate) async fn run(service: Arc<Service>, mut created: UnboundedReceiver<Uuid>) {
    let mut followed = JoinSet::new();
    loop {
        tokio::select! {
            Some(id) = created.recv() => drop(followed.spawn(follow(Arc::clone(&service), id))),
            Some(_) = followed.join_next() => {}
            else => return,
        }
    }
}

/// Reports each change of a payment's status, in their order, until the last one.
async fn follow(service: Arc<Service>, id: Uuid) {
    report_all(&service.world, id).await;
    service.world.memory().payments.release(id);
}

async fn report_all(world: &World, id: Uuid) {
    let (mut moves, mut changes) = (world.clock.moves(), world.webhooks.changed.subscribe());
    // The response of `POST /payments` has the first status.
    let mut reported = 1;
    loop {
        // Before the look at the payment, so that no change after it is missed.
        moves.mark_unchanged();
        changes.mark_unchanged();
        let Some(payment) = world.memory().payments.get(id).cloned() else { return };
        let next = payment.life.steps().into_iter().nth(reported);
        let now = world.clock.now();
        if let Some(step) = next.filter(|step| step.since <= now) {
            report(world, &payment, step.status.wire()).await;
            reported += 1;
            if step.is_final {
                return;
            }
            continue;
        }
        let until = match next {
            Some(step) => step.since,
            None if payment.is_kept(now) => payment.kept_until(),
            // It cannot be submitted any more, or has no end.
            None => return,
        };
        let left = world.clock.until(until);
        tokio::select! {
            Ok(()) = moves.changed() => {}
            Ok(()) = changes.changed() => {}
            () = tokio::time::sleep(left.unwrap_or_default()), if left.is_some() => {}
            else => return,
        }
    }
}

/// Sends a status until it is acknowledged, or given up.
async fn report(world: &World, payment: &Payment, status: &str) {
    let environment = {
        let memory = world.memory();
        let application = memory.applications.get(&payment.application);
        application.map(|application| application.environment.clone()).unwrap_or_default()
    };
    let event = Event::new(&world.url, payment.application, &environment, payment.id, status);
    let (Some(target), Some(event)) = (&payment.webhook, event) else { return };
    let mut pauses = world.webhooks.pauses.iter();
    while !target.is_told(&event).await {
        let Some(pause) = pauses.next() else { return };
        tokio::time::sleep(*pause).await;
    }
}
