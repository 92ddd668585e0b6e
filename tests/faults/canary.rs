//! What is sent or answered and must not be read anywhere else.

use std::fmt;

pub(crate) const TOKEN: &str = "canary-token-5b1f0e";
pub(crate) const CODE: &str = "canary-code-93ad1c";
pub(crate) const STATE: &str = "canary-state-0c77e2";
pub(crate) const CREDENTIAL: &str = "canary-credential-41d9aa";
pub(crate) const SESSION: &str = "5e551011-ca4a-4111-8222-333344445555";
pub(crate) const ACCOUNT: &str = "acc00947-ca4a-4666-8777-888899990000";
pub(crate) const PAYMENT: &str = "9a73e17d-ca4a-4999-8aaa-bbbbccccdddd";
pub(crate) const TRANSACTION: &str = "canary-transaction-52c8d7";
pub(crate) const HASH: &str = "canary-hash-8e4f10";
pub(crate) const CONTINUATION_KEY: &str = "canary-continuation-e83b65";
pub(crate) const IBAN: &str = "FI2112345600000785";
pub(crate) const REMITTANCE: &str = "canary rent for the boathouse";
pub(crate) const PSU_ADDRESS: &str = "203.0.113.77";

/// All of them, by name.
pub(crate) const ALL: [(&str, &str); 13] = [
    ("token", TOKEN),
    ("code", CODE),
    ("state", STATE),
    ("credential", CREDENTIAL),
    ("session id", SESSION),
    ("account id", ACCOUNT),
    ("payment id", PAYMENT),
    ("transaction id", TRANSACTION),
    ("hash", HASH),
    ("continuation key", CONTINUATION_KEY),
    ("IBAN", IBAN),
    ("remittance text", REMITTANCE),
    ("PSU's address", PSU_ADDRESS),
];

/// How much of a text is looked through; writing stops there.
const MOST: usize = 8 * 1024 * 1024;

/// Looks for canaries in what is written to it, without keeping it.
#[derive(Debug)]
pub(crate) struct Search {
    wanted: Vec<(&'static str, String)>,
    found: Vec<&'static str>,
    recent: String,
    /// How much was written, in bytes; whoever sets it back may write more.
    pub(crate) bytes: usize,
    pub(crate) total: usize,
}

impl Search {
    /// Looks for all canaries and for these.
    pub(crate) fn new(secrets: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let wanted = ALL.iter().map(|&(name, value)| (name, value.to_owned())).chain(secrets);
        Self { wanted: wanted.collect(), found: Vec::new(), recent: String::new(), bytes: 0, total: 0 }
    }

    fn look(&mut self) {
        let recent = &self.recent;
        self.wanted.retain(|(name, value)| {
            let is_there = recent.contains(value);
            if is_there && !self.found.contains(name) {
                self.found.push(name);
            }
            !is_there
        });
        // What may be the beginning of a canary stays.
        let longest = self.wanted.iter().map(|(_, value)| value.len()).max().unwrap_or_default();
        let mut keep = self.recent.len().saturating_sub(longest);
        while !self.recent.is_char_boundary(keep) {
            keep -= 1;
        }
        self.recent.drain(..keep);
    }

    /// The names of those that were there.
    pub(crate) fn found(mut self) -> Vec<&'static str> {
        self.found_so_far()
    }

    pub(crate) fn found_so_far(&mut self) -> Vec<&'static str> {
        self.look();
        self.found.clone()
    }
}

impl fmt::Write for Search {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes += text.len();
        self.total += text.len();
        self.recent.push_str(text);
        if self.recent.len() > 64 * 1024 {
            self.look();
        }
        if self.bytes > MOST { Err(fmt::Error) } else { Ok(()) }
    }
}

/// The names of the canaries in some bytes.
pub(crate) fn found_in(bytes: &[u8]) -> Vec<&'static str> {
    let text = String::from_utf8_lossy(bytes);
    ALL.iter().filter(|(_, value)| text.contains(value)).map(|(name, _)| *name).collect()
}
