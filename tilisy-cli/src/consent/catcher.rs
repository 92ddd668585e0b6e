//! Listens on this machine for the browser's way back.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State as Shared;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use tilisy_client::consent::{AuthorizationCode, Redirect, RedirectError, State};
use tokio::sync::oneshot;

use super::pages::page;
use crate::failure::{Exit, Failure, warn};
use crate::progress::Progress;

/// What came back: a code, or a refusal.
pub(crate) type Return = Result<AuthorizationCode, RedirectError>;

/// How long the browser may take for its last page after the answer is known.
const GRACE: Duration = Duration::from_secs(2);

/// A place on this machine that a browser can come back to.
pub(crate) struct Catcher {
    listener: TcpListener,
    path: String,
}

/// What the requests share.
struct Waiting {
    state: State,
    path: String,
    answer: Mutex<Option<oneshot::Sender<Return>>>,
    progress: Progress,
}

impl Catcher {
    /// Listens where a redirect address leads; nothing where that is not this machine, or not plain http.
    pub(crate) fn at(redirect_url: &str) -> Result<Option<Self>, Failure> {
        let Some((addresses, path)) = local(redirect_url) else {
            return Ok(None);
        };
        let listener = TcpListener::bind(&*addresses).map_err(|error| {
            Failure::new(Exit::Setup, format!("cannot listen at the redirect address `{redirect_url}`"))
                .because(error)
                .hint(
                    "another program may use that port: stop it, or register another address and pass `--redirect-url`",
                )
        })?;
        Ok(Some(Self { listener, path }))
    }

    /// One that listens already.
    pub(crate) fn on(listener: TcpListener) -> Self {
        Self { listener, path: "/redirect".to_owned() }
    }

    /// Waits until a browser comes back with this state. What has another state is not believed.
    pub(crate) async fn wait(self, state: State, progress: Progress) -> Result<Return, Failure> {
        let cannot = |error| Failure::new(Exit::Other, "cannot listen for the browser").because(error);
        self.listener.set_nonblocking(true).map_err(cannot)?;
        let listener = tokio::net::TcpListener::from_std(self.listener).map_err(cannot)?;
        let (send, answer) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let waiting = Waiting { state, path: self.path, answer: Mutex::new(Some(send)), progress };
        let router = Router::new().fallback(came_back).with_state(Arc::new(waiting));
        let server = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let server = tokio::spawn(server.into_future());
        let answer = answer.await.map_err(|_| Failure::new(Exit::Other, "the browser cannot be waited for"))?;
        // The page that the browser is about to get is on its way; connections that it keeps open are not waited for.
        drop(stop);
        let _ = tokio::time::timeout(GRACE, server).await;
        Ok(answer)
    }
}

async fn came_back(Shared(waiting): Shared<Arc<Waiting>>, uri: Uri) -> Response {
    // Browsers ask for an icon as well.
    if uri.path() != waiting.path || uri.query().is_none() {
        return (StatusCode::NOT_FOUND, "there is nothing here").into_response();
    }
    let back = Redirect::parse(uri.query().unwrap_or_default(), &waiting.state);
    let (status, html) = match &back {
        Ok(_) => (StatusCode::OK, page("Thank you", "You can close this window and go back to the terminal.")),
        Err(RedirectError::Denied(_)) => {
            (StatusCode::OK, page("No consent", "Nothing was shared. You can close this window."))
        }
        Err(error) => {
            waiting.progress.say(|| warn(&format!("a browser came back, but {error}; still waiting")));
            let text = "This address does not belong to the consent that the terminal waits for.";
            return answer(StatusCode::BAD_REQUEST, page("Not this one", text));
        }
    };
    let send = waiting.answer.lock().ok().and_then(|mut answer| answer.take());
    if let Some(send) = send {
        // If nobody waits any more, nobody needs it.
        let _ = send.send(back);
    }
    answer(status, html)
}

fn answer(status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    // The code is in the address: it goes nowhere from here.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    );
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The addresses and the path of an http URL of this machine.
fn local(url: &str) -> Option<(Vec<SocketAddr>, String)> {
    let uri: Uri = url.parse().ok()?;
    if uri.scheme_str() != Some("http") {
        return None;
    }
    let port = uri.port_u16().unwrap_or(80);
    let addresses = match uri.host()? {
        // Browsers take either.
        "localhost" => vec![SocketAddr::from(([127, 0, 0, 1], port))],
        host => {
            let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().ok()?;
            vec![SocketAddr::new(address, port)]
        }
    };
    let path = if uri.path().is_empty() { "/" } else { uri.path() };
    addresses.iter().all(|address| address.ip().is_loopback()).then(|| (addresses, path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_to_this_machine_is_listened_for() {
        let listens = |url| local(url).map(|(addresses, path)| format!("{} {path}", addresses[0]));
        assert_eq!(listens("http://127.0.0.1:8080/redirect").as_deref(), Some("127.0.0.1:8080 /redirect"));
        assert_eq!(listens("http://localhost:8080/a?b=c").as_deref(), Some("127.0.0.1:8080 /a"));
        assert_eq!(listens("http://[::1]:9/x").as_deref(), Some("[::1]:9 /x"));
        assert_eq!(listens("http://127.0.0.1").as_deref(), Some("127.0.0.1:80 /"));
        for url in ["https://127.0.0.1:8080/redirect", "http://10.0.0.1/x", "http://example.com/x", "x", "", "http://"]
        {
            assert_eq!(listens(url), None, "{url}");
        }
    }
}
