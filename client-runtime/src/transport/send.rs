//! The backend of calls.

use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::time;

use super::Transport;
use super::body::read;
use super::failure::{TIMED_OUT, failure};
use super::watch::{Watch, timer};
use crate::call::Backend;
use crate::exchange::{Failure, HttpRequest, HttpResponse};
use crate::outcome::Outcome;
use crate::pace::Limits;

impl Backend for Transport {
    async fn send(&self, request: HttpRequest, timeout: Duration, limits: &Limits) -> Result<HttpResponse, Failure> {
        let HttpRequest { method, url, headers, body, .. } = request;
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        *request.body_mut() = body.map(Into::into);
        let timer = pin!(timer(timeout, self.read_timeout));
        let mut watch = Watch::new(timer, timeout, self.read_timeout);
        let Some(response) = watch.within(self.client.execute(request)).await else {
            return Err(Failure { outcome: Outcome::Interrupted, cause: TIMED_OUT.into() });
        };
        let mut response = response.map_err(|error| failure(&error))?;
        let status = response.status();
        let limit = if status.is_success() { limits.answer_bytes } else { limits.error_bytes };
        let headers = std::mem::take(response.headers_mut());
        let body = read(&mut response, limit, &mut watch).await;
        Ok(HttpResponse { status, headers, body })
    }

    fn now(&self) -> Instant {
        // The clock of tokio, which tests can pause.
        time::Instant::now().into_std()
    }

    async fn sleep(&self, duration: Duration) {
        time::sleep(duration).await;
    }
}
