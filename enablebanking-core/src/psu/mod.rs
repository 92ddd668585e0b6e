//! The headers that say that a PSU is present.

mod address;
mod location;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt;
use std::net::IpAddr;

use openbanking_client_runtime::context::{Context, ContextHeader};

pub use self::location::GeoLocation;

const IP_ADDRESS: &str = "Psu-Ip-Address";
const USER_AGENT: &str = "Psu-User-Agent";
const REFERER: &str = "Psu-Referer";
const ACCEPT: &str = "Psu-Accept";
const ACCEPT_CHARSET: &str = "Psu-Accept-Charset";
const ACCEPT_ENCODING: &str = "Psu-Accept-Encoding";
// The API's own spelling.
const ACCEPT_LANGUAGE: &str = "Psu-Accept-language";
const GEO_LOCATION: &str = "Psu-Geo-Location";

/// Headers of the PSU's browser, which are passed on to the bank.
///
/// They mean that the PSU is present. Banks count requests without them (often four a day for each account), and some banks
/// only respond to requests with them. Use them only for requests that a PSU waits for, and take every value from the PSU's
/// own request.
///
/// Values are checked when they are set. A bank that requires some of them gets all it requires or none: ask
/// [`missing`](Self::missing).
///
/// ```
/// use enablebanking_client::{Client, PsuHeaders};
///
/// # fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
/// let psu = PsuHeaders::new("203.0.113.7".parse()?, "Mozilla/5.0 (X11; Linux x86_64)")?.accept_language("fi-FI")?;
/// assert_eq!(psu.missing(["psu-ip-address", "psu-referer"]), ["psu-referer"]);
///
/// let online = client.with_psu(psu);
/// assert!(online.has_psu());
/// # Ok(())
/// # }
/// # example(&Client::with_token("https://api.tilisy.com", "token")?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
#[doc(alias = "user present")]
#[doc(alias = "attended")]
#[doc(alias = "online")]
pub struct PsuHeaders {
    headers: Vec<(&'static str, ContextHeader)>,
    any_address: bool,
}

impl PsuHeaders {
    /// The names of all PSU headers.
    pub const NAMES: &'static [&'static str] =
        &[IP_ADDRESS, USER_AGENT, REFERER, ACCEPT, ACCEPT_CHARSET, ACCEPT_ENCODING, ACCEPT_LANGUAGE, GEO_LOCATION];

    /// Creates headers with the PSU's address and browser, which most banks require.
    ///
    /// # Errors
    ///
    /// As for [`ip_address`](Self::ip_address) and [`user_agent`](Self::user_agent).
    pub fn new(ip_address: IpAddr, user_agent: &str) -> Result<Self, PsuHeadersError> {
        Self::empty().ip_address(ip_address)?.user_agent(user_agent)
    }

    /// Creates headers of which none is set.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Allows addresses that are not public in later calls of [`ip_address`](Self::ip_address).
    ///
    /// Such an address usually belongs to a proxy in front of the application, and banks refuse it. In a sandbox it is
    /// harmless:
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    ///
    /// use enablebanking_client::PsuHeaders;
    ///
    /// let here = Ipv4Addr::LOCALHOST.into();
    /// assert!(PsuHeaders::empty().ip_address(here).is_err());
    /// assert!(PsuHeaders::empty().allow_private_address().ip_address(here).is_ok());
    /// ```
    #[must_use]
    pub fn allow_private_address(mut self) -> Self {
        self.any_address = true;
        self
    }

    /// Sets the PSU's IP address (`Psu-Ip-Address`). An IPv4 address in IPv6 form is written as IPv4.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is private, shared (carrier-grade NAT), loopback, link-local, unique-local, unspecified,
    /// multicast or reserved, unless [`allow_private_address`](Self::allow_private_address) was called before.
    #[doc(alias = "client ip")]
    pub fn ip_address(self, address: IpAddr) -> Result<Self, PsuHeadersError> {
        let address = address.to_canonical();
        if !(self.any_address || address::is_public(address)) {
            let reason = "the address is not a public one (behind a proxy, take the address the proxy tells)";
            return Err(PsuHeadersError::new(IP_ADDRESS, reason));
        }
        self.set(IP_ADDRESS, &address.to_string())
    }

    /// Sets the `User-Agent` of the PSU's browser (`Psu-User-Agent`).
    ///
    /// # Errors
    ///
    /// Returns an error if the text is empty or blank, or has characters other than printable ASCII. This applies to all
    /// texts here.
    pub fn user_agent(self, text: &str) -> Result<Self, PsuHeadersError> {
        self.set(USER_AGENT, text)
    }

    /// Sets the `Referer` that the PSU's browser sent (`Psu-Referer`).
    ///
    /// # Errors
    ///
    /// As for [`user_agent`](Self::user_agent).
    pub fn referer(self, text: &str) -> Result<Self, PsuHeadersError> {
        self.set(REFERER, text)
    }

    /// Sets the `Accept` that the PSU's browser sent (`Psu-Accept`).
    ///
    /// # Errors
    ///
    /// As for [`user_agent`](Self::user_agent).
    pub fn accept(self, text: &str) -> Result<Self, PsuHeadersError> {
        self.set(ACCEPT, text)
    }

    /// Sets the `Accept-Charset` that the PSU's browser sent (`Psu-Accept-Charset`).
    ///
    /// # Errors
    ///
    /// As for [`user_agent`](Self::user_agent).
    pub fn accept_charset(self, text: &str) -> Result<Self, PsuHeadersError> {
        self.set(ACCEPT_CHARSET, text)
    }

    /// Sets the `Accept-Encoding` that the PSU's browser sent (`Psu-Accept-Encoding`).
    ///
    /// # Errors
    ///
    /// As for [`user_agent`](Self::user_agent).
    pub fn accept_encoding(self, text: &str) -> Result<Self, PsuHeadersError> {
        self.set(ACCEPT_ENCODING, text)
    }

    /// Sets the `Accept-Language` that the PSU's browser sent (`Psu-Accept-language`).
    ///
    /// # Errors
    ///
    /// As for [`user_agent`](Self::user_agent).
    pub fn accept_language(self, text: &str) -> Result<Self, PsuHeadersError> {
        self.set(ACCEPT_LANGUAGE, text)
    }

    /// Sets where the PSU is (`Psu-Geo-Location`), written as `latitude,longitude`.
    ///
    /// # Errors
    ///
    /// None today: the location was checked when it was created.
    pub fn geo_location(self, location: GeoLocation) -> Result<Self, PsuHeadersError> {
        self.set(GEO_LOCATION, &location.header_text())
    }

    /// Returns the headers that a bank requires and that are not set, as the bank writes them. Names are compared without
    /// case. A name that [`NAMES`](Self::NAMES) does not have is missing too.
    ///
    /// If any header is missing, the bank refuses the request. Send it without PSU headers then.
    #[must_use]
    #[doc(alias = "required headers")]
    pub fn missing(&self, required: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
        let set = |name: &str| self.headers.iter().any(|(_, header)| header.is_named(name));
        let names = required.into_iter().map(|name| name.as_ref().trim().to_owned());
        names.filter(|name| !set(name)).collect()
    }

    /// Checks that all headers are set that a bank requires, such as `ASPSPData.required_psu_headers`. Without any header
    /// the check passes too: a bank takes all of them or none.
    ///
    /// # Errors
    ///
    /// Returns an error with the names of the headers that are missing.
    pub fn check(&self, required: impl IntoIterator<Item = impl AsRef<str>>) -> Result<(), MissingPsuHeaders> {
        let missing = if self.headers.is_empty() { Vec::new() } else { self.missing(required) };
        if missing.is_empty() { Ok(()) } else { Err(MissingPsuHeaders(missing)) }
    }

    fn set(mut self, name: &'static str, text: &str) -> Result<Self, PsuHeadersError> {
        let text = text.trim_matches(' ');
        if text.is_empty() {
            return Err(PsuHeadersError::new(name, "the value is empty (leave it out instead)"));
        }
        let printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        let header = ContextHeader::new(name, text).ok().filter(|_| printable);
        let header =
            header.ok_or(PsuHeadersError::new(name, "the value holds characters other than printable ASCII"))?;
        self.headers.retain(|(set, _)| *set != name);
        self.headers.push((name, header));
        Ok(self)
    }
}

impl fmt::Debug for PsuHeaders {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        formatter.debug_struct("PsuHeaders").field("set", &names).finish_non_exhaustive()
    }
}

/// Returns a context with these headers in place of all headers.
#[must_use]
pub fn with_psu(context: &Context, psu: PsuHeaders) -> Context {
    context.with_checked_headers(psu.headers.into_iter().map(|(_, header)| header))
}

/// Returns whether a context has any PSU header.
#[must_use]
pub fn has_psu(context: &Context) -> bool {
    PsuHeaders::NAMES.iter().any(|name| context.has_context_header(name))
}

/// An error about PSU headers that a bank requires and that are not set.
///
/// `Display` and `Debug` show the names of [`PsuHeaders::NAMES`] only: others are text of the service.
#[derive(Clone, Eq, PartialEq)]
pub struct MissingPsuHeaders(Vec<String>);

impl MissingPsuHeaders {
    /// Returns the names of the missing headers as the bank writes them.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }

    fn known(&self) -> Vec<&'static str> {
        let names = PsuHeaders::NAMES.iter().copied();
        names.filter(|name| self.0.iter().any(|missing| missing.eq_ignore_ascii_case(name))).collect()
    }
}

impl fmt::Display for MissingPsuHeaders {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known();
        formatter.write_str("the bank requires more PSU headers: ")?;
        for (index, name) in known.iter().enumerate() {
            write!(formatter, "{}`{name}`", if index == 0 { "" } else { ", " })?;
        }
        match (known.len(), self.0.len() - known.len().min(self.0.len())) {
            (_, 0) => {}
            (0, others) => write!(formatter, "{others} that this version does not know")?,
            (_, others) => write!(formatter, " and {others} that this version does not know")?,
        }
        formatter.write_str(" (set all of them, or send no PSU headers)")
    }
}

impl fmt::Debug for MissingPsuHeaders {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("MissingPsuHeaders").field(&self.known()).finish()
    }
}

impl Error for MissingPsuHeaders {}

/// An error about the value of a PSU header. It shows the name of the header, never the value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PsuHeadersError {
    header: &'static str,
    reason: &'static str,
}

impl PsuHeadersError {
    const fn new(header: &'static str, reason: &'static str) -> Self {
        Self { header, reason }
    }

    /// The name of the header, one of [`PsuHeaders::NAMES`].
    #[must_use]
    pub const fn header(&self) -> &'static str {
        self.header
    }
}

impl fmt::Display for PsuHeadersError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: {}", self.header, self.reason)
    }
}

impl Error for PsuHeadersError {}
