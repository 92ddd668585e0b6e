//! Requests as they arrive, and what is compared of them.

use openbanking_oracle::request::{Mismatch, Part, mismatch};

/// Headers that depend on the client and not on the operation.
const IGNORED: &[&str] = &["host", "user-agent", "api-version", "content-length", "transfer-encoding"];

/// A request as it arrived.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Sent {
    method: String,
    /// The path and the query as they were written.
    target: String,
    /// The names in lower case with their values, in order of the names. Values of one name are in the order of the
    /// request.
    headers: Vec<(String, String)>,
    /// The body without its framing.
    body: Vec<u8>,
}

impl Sent {
    /// Reads a request, or returns `None` if more bytes have to come.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let end = find(bytes, b"\r\n\r\n")?;
        // Bytes that are not text are kept apart from each other, as in Latin-1.
        let head: String = bytes[..end].iter().copied().map(char::from).collect();
        let rest = &bytes[end + 4..];
        let mut lines = head.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let fields = lines.filter_map(|line| line.split_once(':'));
        // One space belongs to the framing, others to the value.
        let fields = fields.map(|(name, value)| (name.to_ascii_lowercase(), value.strip_prefix(' ').unwrap_or(value)));
        let mut headers: Vec<_> = fields.map(|(name, value)| (name, value.to_owned())).collect();
        // The values of a repeated header keep their order, which has a meaning.
        headers.sort_by(|(left, _), (right, _)| left.cmp(right));
        let header = |name: &str| headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
        let body = match (header("content-length"), header("transfer-encoding")) {
            (Some(length), _) => rest.get(..length.parse().ok()?)?.to_vec(),
            (None, Some("chunked")) => unchunked(rest)?,
            _ => Vec::new(),
        };
        Some(Self { method, target, headers, body })
    }

    fn compared_headers(&self) -> Vec<&(String, String)> {
        self.headers.iter().filter(|(name, _)| !IGNORED.contains(&name.as_str())).collect()
    }
}

/// Returns the parts in which two requests differ.
pub(crate) fn mismatches(ours: &Sent, theirs: &Sent) -> Vec<Mismatch> {
    let text = |sent: &Sent| String::from_utf8_lossy(&sent.body).into_owned();
    let body =
        (ours.body != theirs.body).then(|| Mismatch { part: Part::Body, ours: text(ours), theirs: text(theirs) });
    [
        mismatch(Part::Method, &ours.method, &theirs.method),
        mismatch(Part::Target, &ours.target, &theirs.target),
        mismatch(Part::Headers, &ours.compared_headers(), &theirs.compared_headers()),
        body,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = find(bytes, b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..line]).ok()?.trim(), 16).ok()?;
        let chunk = bytes.get(line + 2..line + 2 + size)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunk);
        bytes = bytes.get(line + 2 + size + 2..)?;
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[test]
fn a_chunked_body_is_the_same_as_a_counted_one() {
    let counted = b"POST /a?b HTTP/1.1\r\nX-A:  b \r\nContent-Length: 5\r\n\r\n12345";
    let chunked =
        b"POST /a?b HTTP/1.1\r\nTransfer-Encoding: chunked\r\nx-a:  b \r\n\r\n2\r\n12\r\n3\r\n345\r\n0\r\n\r\n";
    let (counted, chunked) = (Sent::read(counted).unwrap(), Sent::read(chunked).unwrap());
    assert_eq!(mismatches(&counted, &chunked), []);
    assert_eq!(counted.body, b"12345");
    assert_eq!(counted.compared_headers(), [&("x-a".to_owned(), " b ".to_owned())]);
}

#[test]
fn a_request_is_not_read_before_all_of_it_has_come() {
    let whole = b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab";
    assert!(Sent::read(whole).is_some());
    for end in 0..whole.len() {
        assert_eq!(Sent::read(&whole[..end]), None);
    }
}
