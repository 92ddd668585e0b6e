//! The names of this machine that requests may use.

use std::net::{IpAddr, SocketAddr};

use axum::http::uri::Authority;

/// The names under which a sandbox answers.
///
/// A name of another site may lead to this machine too, and would let a page of that site read what the sandbox answers
/// (DNS rebinding). An address cannot be pointed elsewhere.
#[derive(Debug)]
pub(crate) struct Names {
    /// The address that the sandbox listens at.
    address: IpAddr,
    /// Other names, in lower case.
    others: Vec<String>,
}

impl Names {
    pub(crate) fn new(address: SocketAddr, others: &[String]) -> Self {
        Self { address: address.ip(), others: others.iter().map(|name| name.to_ascii_lowercase()).collect() }
    }

    /// Returns whether a host, with or without a port, is this machine.
    pub(crate) fn has(&self, host: &str) -> bool {
        if host.contains('@') {
            return false;
        }
        let Ok(authority) = host.parse::<Authority>() else { return false };
        // After the brackets of an address, the parser takes any text.
        let port = host.strip_prefix(authority.host()).unwrap_or(host);
        if !port.is_empty() && port.strip_prefix(':').is_none_or(|port| port.parse::<u16>().is_err()) {
            return false;
        }
        let name = authority.host().to_ascii_lowercase();
        let literal = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(&name);
        match literal.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || address == self.address || self.address.is_unspecified(),
            Err(_) => {
                let name = name.strip_suffix('.').unwrap_or(&name);
                name == "localhost" || name.ends_with(".localhost") || self.others.iter().any(|other| other == name)
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]
mod tests {
    use super::*;

    /// Checks names of a sandbox that listens at an address, and others.
    fn check(address: &str, ours: &[&str], foreign: &[&str]) {
        let names = Names::new(address.parse().unwrap(), &["Bank.Test".to_owned()]);
        for (hosts, expected) in [(ours, true), (foreign, false)] {
            for host in hosts {
                assert_eq!(names.has(host), expected, "{host} at {address}");
            }
        }
    }

    #[test]
    fn only_names_of_this_machine_are_known() {
        let ours =
            ["localhost", "LOCALHOST:80", "a.localhost:1", "localhost.", "127.0.0.1:8080", "127.9.9.9", "[::1]:1"];
        let foreign = [
            "",
            "evil.example",
            "localhost.evil.example",
            "notlocalhost",
            "127.0.0.1.evil.example",
            "evil@localhost",
            "localhost:80@evil.example",
            "localhost/evil",
            "localhost, evil.example",
            "localhost evil",
            "[::1].evil.example",
            "::1",
            "10.0.0.1",
            "0.0.0.0",
            "2130706433",
        ];
        check("127.0.0.1:8080", &[&ours[..], &["bank.test:1"]].concat(), &foreign);
        check("10.0.0.1:8080", &["10.0.0.1:8080", "127.0.0.1", "bank.test"], &["10.0.0.2", "evil.example"]);
        check("0.0.0.0:8080", &["10.0.0.2", "[2001:db8::1]:8080", "BANK.TEST"], &["evil.example"]);
    }
}
