//! A webhook that has passed all checks.

use openbanking_client_runtime::redacted_debug;
use serde::Deserialize;

use crate::types::PaymentId;

/// A webhook of Enable Banking that has passed all checks.
///
/// Take it as a hint to request the payment with [`Client::payment`](crate::Client::payment): the service does not document
/// the body, and webhooks can arrive twice or out of order.
#[derive(Clone, Eq, PartialEq)]
pub struct Verified {
    body: Vec<u8>,
}

redacted_debug!(Verified { body: hidden });

impl Verified {
    pub(super) fn new(body: &[u8]) -> Self {
        Self { body: body.to_vec() }
    }

    /// Returns the body as it was received. It is JSON by the service's documentation, which does not say more.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the property `payment_id` of the body if there is one and it is a UUID.
    ///
    /// The documentation does not promise it. If it is `None`, find the payment by the address that received the webhook:
    /// each payment has a [`webhook_url`](crate::types::CreatePaymentRequest::webhook_url) of its own, whose path may
    /// contain your reference.
    #[must_use]
    pub fn payment_id(&self) -> Option<PaymentId> {
        #[derive(Deserialize)]
        struct Hint {
            payment_id: PaymentId,
        }

        serde_json::from_slice::<Hint>(&self.body).ok().map(|hint| hint.payment_id)
    }
}
