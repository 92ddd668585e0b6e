//! What the generator knows of an operation.

/// What the generator knows of an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Operation {
    /// Its name in the service's description.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path with its parameters unfilled.
    pub path: &'static str,
    /// The statuses of success that the description lists, as the first and the last of each range.
    pub successes: &'static [(u16, u16)],
    /// The headers it takes from the [`Context`](super::Context).
    pub context_headers: &'static [&'static str],
    /// The one of them that gets a new value for every call, where none is set.
    pub request_id: Option<&'static str>,
    /// How it shows who calls, if it does.
    pub authorization: Option<Authorization>,
    /// Whether what it sends can be used once: it is not signed anew and sent again.
    pub single_use: bool,
    /// For a DELETE, the error codes by which the service says that what is to be deleted is gone.
    pub gone: &'static [&'static str],
}

/// How an operation shows who calls.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Authorization {
    /// The header that says it, in lower case.
    pub header: &'static str,
    /// Whether it is sent without, where a client has no credentials.
    pub optional: bool,
}

impl Authorization {
    /// The usual: it has to be there, in the header `Authorization`.
    pub const REQUIRED: Self = Self { header: "authorization", optional: false };
}

impl Operation {
    /// Whether it can say that a PSU is present.
    pub(crate) fn takes_psu_headers(&self) -> bool {
        self.context_headers.iter().any(|name| is_psu_header(name))
    }

    /// Whether the description lists a status as one of success.
    pub(crate) fn is_success(&self, status: u16) -> bool {
        self.successes.iter().any(|(first, last)| (*first..=*last).contains(&status))
    }

    /// Whether sending a request twice does what sending it once does.
    pub(crate) fn is_repeatable(&self) -> bool {
        !self.single_use && matches!(self.method, "GET" | "HEAD" | "PUT" | "DELETE")
    }

    /// Whether an answer to a repeated request says that what it deletes is gone.
    pub(crate) fn is_gone(&self, status: u16, code: Option<&str>) -> bool {
        // Without a code of the service, a 404 may be a gateway's.
        let is_missing = self.gone.is_empty() && matches!(status, 404 | 410);
        self.method == "DELETE" && (is_missing || code.is_some_and(|code| self.gone.contains(&code)))
    }
}

/// Whether a header speaks of the PSU, by the names that PSD2 interfaces share.
pub(super) fn is_psu_header(name: &str) -> bool {
    name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("psu-"))
}
