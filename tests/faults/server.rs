//! A server on this machine that does what a script says, and keeps what it saw.

use std::io;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::Utc;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use crate::answer::{Answer, End, Sent};
use crate::tls::{self, Identity};

/// What the server does with a connection or a request. The last act of a script goes on for ever.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Answers as it should: no fault.
    Fine(Answer),
    /// Gives an answer that is the fault.
    Answer(Answer),
    /// Answers as it should, then closes the connection that the client keeps.
    Closing(Answer),
    /// Resets a connection before it reads anything.
    ResetOnAccept,
    /// Takes the request and closes the connection.
    Close,
    /// Takes the request and closes its own direction.
    HalfClose,
    /// Takes the request and resets the connection.
    Reset,
    /// Takes the request and stays silent.
    Silence,
    /// Sends so many bytes of headers, if the other side takes them.
    Headers(usize),
    /// Sends the client to the other host, with this status.
    Redirect(u16),
    /// 401 as long as the token was not issued by the server's clock, which is so many seconds ahead.
    Clock(i64, Answer),
}

/// How the server is reached.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    Plain,
    Tls(Identity),
    /// A server that knows no TLS above 1.1, and says so by an alert or by its own hello.
    OldTls(tls::Refusal),
    /// A port that nobody listens on.
    Closed,
}

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    /// The head and the body as they came.
    pub(crate) bytes: Vec<u8>,
    pub(crate) at: Instant,
}

impl Request {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(&self.bytes);
        let lines = head.lines().take_while(|line| !line.is_empty());
        let mut headers = lines.filter_map(|line| line.split_once(": "));
        headers.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    /// When the token was issued, as its claims say.
    fn issued(&self) -> Option<i64> {
        let header = self.header("authorization")?;
        let claims = BASE64_URL_SAFE_NO_PAD.decode(header.split('.').nth(1)?).ok()?;
        serde_json::from_slice::<serde_json::Value>(&claims).ok()?.get("iat")?.as_i64()
    }
}

/// What the server saw.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) connections: usize,
    /// Connections that are not over yet.
    pub(crate) open: usize,
    /// Beginnings of TLS.
    pub(crate) hellos: usize,
    /// Complete requests.
    pub(crate) requests: Vec<Request>,
    /// How often a fault went as it was meant to.
    pub(crate) faults: usize,
    /// How each went.
    pub(crate) notes: Vec<String>,
    turn: usize,
}

/// The server; it goes away with its runtime.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
    _kept: Option<TcpSocket>,
}

#[derive(Debug)]
pub(crate) struct State {
    script: Vec<Act>,
    /// The base URL of the other host.
    elsewhere: Option<String>,
    record: Mutex<Record>,
}

impl Server {
    pub(crate) async fn start(place: Place, script: Vec<Act>, elsewhere: Option<String>) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = socket.local_addr()?;
        let state = Arc::new(State { script, elsewhere, record: Mutex::default() });
        // A port that is kept and not listened at refuses connections, and nobody else gets it.
        let kept = match place {
            Place::Closed => Some(socket),
            place => {
                tokio::spawn(listen(socket.listen(1024)?, place, Arc::clone(&state)));
                None
            }
        };
        Ok(Self { address, state, _kept: kept })
    }

    pub(crate) fn record(&self) -> Record {
        self.state.record().clone()
    }

    /// Waits until the server saw what is asked for; false if that takes too long.
    pub(crate) async fn saw(&self, what: impl Fn(&Record) -> bool) -> bool {
        for _ in 0..600 {
            if what(&self.state.record()) {
                return true;
            }
            sleep(Duration::from_millis(5)).await;
        }
        false
    }
}

impl State {
    pub(crate) fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap()
    }

    /// A fault that went as it was meant to.
    pub(crate) fn happened(&self, note: impl Into<String>) {
        let mut record = self.record();
        record.faults += 1;
        record.notes.push(note.into());
    }

    /// One that did not.
    pub(crate) fn failed(&self, note: impl Into<String>) {
        self.record().notes.push(note.into());
    }

    /// The act whose turn it is.
    fn act(&self) -> &Act {
        let turn = self.record().turn;
        self.script.get(turn).or(self.script.last()).expect("a script has an act")
    }

    pub(crate) fn next(&self) -> &Act {
        let act = self.act();
        self.record().turn += 1;
        act
    }
}

async fn listen(listener: TcpListener, place: Place, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        // What is written goes out at once.
        let _ = stream.set_nodelay(true);
        let (place, state) = (place.clone(), Arc::clone(&state));
        {
            let mut record = state.record();
            record.connections += 1;
            record.open += 1;
        }
        tokio::spawn(async move {
            match place {
                Place::Tls(identity) => tls::serve(stream, identity, &state).await,
                Place::OldTls(refusal) => tls::refuse(stream, refusal, &state).await,
                Place::Plain | Place::Closed => serve(stream, &state).await,
            }
            state.record().open -= 1;
        });
    }
}

async fn serve(stream: TcpStream, state: &State) {
    if matches!(state.act(), Act::ResetOnAccept) {
        state.next();
        reset(stream, state, "reset before anything was read");
        return;
    }
    let mut wire = BufReader::new(stream);
    while let Some(request) = read(&mut wire).await {
        let act = {
            state.record().requests.push(request.clone());
            state.next()
        };
        match play(act, &request, wire, state).await {
            ControlFlow::Continue(same) => wire = same,
            ControlFlow::Break(()) => return,
        }
    }
}

async fn play(
    act: &Act,
    request: &Request,
    mut wire: BufReader<TcpStream>,
    state: &State,
) -> ControlFlow<(), BufReader<TcpStream>> {
    match act {
        Act::Fine(answer) => match answer.send(&mut wire).await {
            Sent::Whole => return ControlFlow::Continue(wire),
            _ => state.failed("the peer went away before a good answer"),
        },
        Act::Answer(answer) => return send(answer, wire, state).await,
        Act::Closing(answer) => match answer.send(&mut wire).await {
            Sent::Whole => state.happened("closed after the answer"),
            _ => state.failed("the peer went away before it was closed"),
        },
        Act::Close => state.happened("closed after the request"),
        Act::HalfClose => match wire.shutdown().await {
            Ok(()) => {
                gone(&mut wire).await;
                state.happened("half closed after the request");
            }
            Err(_) => state.failed("the peer went away before the half close"),
        },
        Act::Reset | Act::ResetOnAccept => reset(wire.into_inner(), state, "reset after the request"),
        Act::Silence => match gone(&mut wire).await {
            Some(waited) => state.happened(format!("the peer went away after {} ms", waited.as_millis())),
            None => state.failed("the peer did not go away"),
        },
        Act::Headers(bytes) => headers(*bytes, wire, state).await,
        Act::Redirect(status) => {
            let elsewhere = state.elsewhere.as_deref().unwrap_or_default();
            let location = format!("{elsewhere}{}", request.target);
            return send(&Answer::html(*status, "moved").header("location", location), wire, state).await;
        }
        Act::Clock(ahead, fine) => {
            let now = Utc::now().timestamp() + ahead;
            if request.issued().is_some_and(|issued| (now - 60..=now + 10).contains(&issued)) {
                return match fine.send(&mut wire).await {
                    Sent::Whole => ControlFlow::Continue(wire),
                    _ => ControlFlow::Break(()),
                };
            }
            let body = br#"{"code":401,"error":"UNAUTHORIZED_ACCESS","message":"the token is not valid now"}"#;
            return send(&Answer::json(401, body).time("date", *ahead), wire, state).await;
        }
    }
    ControlFlow::Break(())
}

async fn send(answer: &Answer, mut wire: BufReader<TcpStream>, state: &State) -> ControlFlow<(), BufReader<TcpStream>> {
    match answer.send(&mut wire).await {
        Sent::Whole => {
            state.happened(format!("answered {}", answer.status));
            return ControlFlow::Continue(wire);
        }
        Sent::Ended(how, End::Close) => state.happened(how),
        Sent::Ended(how, End::Reset) => reset(wire.into_inner(), state, &how),
        Sent::Ended(how, End::Silence) => {
            state.happened(how);
            gone(&mut wire).await;
        }
        Sent::Lost(how) => state.failed(how),
    }
    ControlFlow::Break(())
}

/// Closes a connection so that the other side gets a reset.
fn reset(stream: TcpStream, state: &State, note: &str) {
    match stream.set_zero_linger() {
        Ok(()) => state.happened(note),
        Err(_) => state.failed("the connection could not be reset"),
    }
}

/// Waits until the other side goes away, and says how long that took.
pub(crate) async fn gone(wire: &mut (impl AsyncReadExt + Unpin)) -> Option<Duration> {
    let started = Instant::now();
    let mut scratch = [0; 1024];
    let end = async { while wire.read(&mut scratch).await.is_ok_and(|count| count > 0) {} };
    timeout(Duration::from_secs(60), end).await.ok().map(|()| started.elapsed())
}

async fn headers(bytes: usize, mut wire: BufReader<TcpStream>, state: &State) {
    let line = format!("x-filler: {}\r\n", "f".repeat(8000));
    let mut written = 0;
    let mut sent = wire.write_all(b"HTTP/1.1 200 As it is\r\n").await;
    while written < bytes && sent.is_ok() {
        sent = wire.write_all(line.as_bytes()).await;
        written += line.len();
    }
    if sent.is_ok() {
        sent = wire.write_all(b"content-length: 2\r\n\r\n{}").await;
    }
    let end = if sent.is_ok() { "all were taken" } else { "then the peer went away" };
    if written > 64 * 1024 {
        state.happened(format!("{} KiB of headers, {end}", written / 1024));
    } else {
        state.failed(format!("only {written} bytes of headers"));
    }
}

/// Reads one request; none where the other side has hung up.
pub(crate) async fn read<R: AsyncBufRead + Unpin>(wire: &mut R) -> Option<Request> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        if wire.read_until(b'\n', &mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let first = bytes.split(|byte| *byte == b'\r').next().map(String::from_utf8_lossy)?.into_owned();
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut request = Request { method, target, bytes, at: Instant::now() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    wire.read_exact(&mut body).await.ok()?;
    request.bytes.extend(body);
    Some(request)
}
