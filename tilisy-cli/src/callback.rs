//! Listens on this machine for a browser that comes back.

mod pages;

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State as Shared;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use tokio::sync::oneshot;

use self::pages::page;
use crate::failure::{Exit, Failure};
use crate::message::warn;
use crate::progress::Progress;

/// The time that the browser may take to load its last page.
const GRACE: Duration = Duration::from_secs(2);

/// An address on this machine that a browser can come back to.
pub(crate) struct Callback {
    listener: TcpListener,
    path: String,
}

/// The result of reading the query of an address.
pub(crate) struct Arrival<T> {
    /// The result, or the reason why the browser does not belong to this command.
    pub(crate) result: Result<T, String>,
    /// The page that the browser shows.
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
}

/// The function that reads the query of an address.
type Read<T> = Box<dyn Fn(&str) -> Arrival<T> + Send + Sync>;

/// The state of the server.
struct Waiting<T> {
    path: String,
    read: Read<T>,
    sender: Mutex<Option<oneshot::Sender<T>>>,
    progress: Progress,
}

impl Callback {
    /// Listens at a redirect address. Returns `None` if it is not on this machine, or not plain http.
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

    /// Uses a listener that exists already.
    pub(crate) fn on(listener: TcpListener, path: &str) -> Self {
        Self { listener, path: path.to_owned() }
    }

    /// Waits for a browser whose address is read successfully.
    pub(crate) async fn wait<T: Send + 'static>(
        self,
        progress: Progress,
        read: impl Fn(&str) -> Arrival<T> + Send + Sync + 'static,
    ) -> Result<T, Failure> {
        let cannot = |error| Failure::new(Exit::Other, "cannot listen for the browser").because(error);
        self.listener.set_nonblocking(true).map_err(cannot)?;
        let listener = tokio::net::TcpListener::from_std(self.listener).map_err(cannot)?;
        let (sender, receiver) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let waiting = Waiting { path: self.path, read: Box::new(read), sender: Mutex::new(Some(sender)), progress };
        let router = Router::new().fallback(came_back::<T>).with_state(Arc::new(waiting));
        let server = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let server = tokio::spawn(server.into_future());
        let result = receiver.await.map_err(|_| Failure::new(Exit::Other, "cannot wait for the browser"))?;
        // The last page is on its way. Connections that the browser keeps open are not waited for.
        drop(stop);
        let _ = tokio::time::timeout(GRACE, server).await;
        Ok(result)
    }
}

async fn came_back<T: Send + 'static>(Shared(waiting): Shared<Arc<Waiting<T>>>, uri: Uri) -> Response {
    // Browsers request an icon as well.
    if uri.path() != waiting.path || uri.query().is_none() {
        return (StatusCode::NOT_FOUND, "not found").into_response();
    }
    let Arrival { result, title, text } = (waiting.read)(uri.query().unwrap_or_default());
    match result {
        Ok(value) => {
            let sender = waiting.sender.lock().ok().and_then(|mut sender| sender.take());
            if let Some(sender) = sender {
                // The command may have stopped waiting.
                let _ = sender.send(value);
            }
            respond(StatusCode::OK, page(title, text))
        }
        Err(reason) => {
            waiting.progress.suspend(|| warn(&format!("a browser came back, but {reason}; still waiting")));
            respond(StatusCode::BAD_REQUEST, page(title, text))
        }
    }
}

fn respond(status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    // The address contains a code, which must not be sent anywhere else.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    );
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Returns the addresses and the path of an http URL on this machine.
fn local(url: &str) -> Option<(Vec<SocketAddr>, String)> {
    let uri: Uri = url.parse().ok()?;
    if uri.scheme_str() != Some("http") {
        return None;
    }
    let port = uri.port_u16().unwrap_or(80);
    let addresses = match uri.host()? {
        // Browsers use either address.
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
    fn only_plain_http_on_this_machine_is_listened_for() {
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
