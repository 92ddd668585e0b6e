//! The sandbox, told word by word what to answer, with what it was asked.

use serde_json::Value;
use tilisy_sandbox::{Edition, Sandbox};
pub(crate) use tilisy_sandbox::{Received, Reply};

/// A sandbox that says what a test has laid down for it.
pub(crate) struct Bank(Sandbox);

impl Bank {
    /// Answers every request with this status and this body of JSON.
    pub(crate) async fn answering(status: u16, body: impl Into<String>) -> Self {
        Self::scripted([Reply::json(status, body.into())]).await
    }

    /// Answers one request after another; the last answer is given again and again.
    pub(crate) async fn scripted(replies: impl IntoIterator<Item = Reply>) -> Self {
        let sandbox = Sandbox::builder().edition(Edition::Document2020).keep_requests(true).start().await.unwrap();
        // As the service does; errors keep it for who asks its support.
        let mut replies: Vec<_> = replies.into_iter().map(|reply| reply.header("x-request-id", "r-1")).collect();
        if let Some(last) = replies.pop() {
            replies.push(last.repeated());
        }
        sandbox.answer_next(replies).unwrap();
        Self(sandbox)
    }

    pub(crate) fn url(&self) -> &str {
        self.0.url()
    }

    /// All requests that came, in their order.
    pub(crate) fn requests(&self) -> Vec<Received> {
        self.0.requests()
    }

    /// The only request that came.
    pub(crate) fn request(&self) -> Received {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests[0].clone()
    }
}

/// The body of a request, or null if it has no body.
pub(crate) fn body_of(request: &Received) -> Value {
    if request.body().is_empty() { Value::Null } else { serde_json::from_slice(request.body()).unwrap() }
}
