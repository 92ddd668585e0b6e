//! The facts about an operation that its generated code passes to the runtime.

/// An operation of an API description.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path template, such as `/accounts/{account_id}/balances`.
    pub path: &'static str,
    /// The documented statuses of success, as the first and the last of each range.
    pub successes: &'static [(u16, u16)],
    /// The headers that it takes from the [`Context`](crate::context::Context).
    pub context_headers: &'static [&'static str],
    /// The one of them that gets a new UUID for every call, unless it is set.
    pub request_id: Option<&'static str>,
    /// The header for credentials, if the operation takes any.
    pub authorization: Option<Authorization>,
    /// Set if the request contains something that can be used only once (`x-single-use`).
    pub single_use: bool,
    /// For a DELETE, the error codes which say that the resource does not exist (`x-gone`).
    pub gone: &'static [&'static str],
}

/// The header for the credentials of an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Authorization {
    /// The name of the header, in lower case.
    pub header: &'static str,
    /// Set if a client without credentials may send the request.
    pub optional: bool,
}

impl Authorization {
    /// Required credentials in the header `Authorization`.
    pub const REQUIRED: Self = Self { header: "authorization", optional: false };
}

impl Operation {
    /// Returns whether it takes headers about the PSU.
    pub(crate) fn takes_psu_headers(&self) -> bool {
        self.context_headers.iter().any(|name| is_psu_header(name))
    }

    /// Returns whether a status is documented as a success.
    pub(crate) fn is_success(&self, status: u16) -> bool {
        self.successes.iter().any(|(first, last)| (*first..=*last).contains(&status))
    }

    /// Returns whether two requests have the effect of one.
    pub(crate) fn is_repeatable(&self) -> bool {
        !self.single_use && matches!(self.method, "GET" | "HEAD" | "PUT" | "DELETE")
    }

    /// Returns whether the response to a repeated request says that the resource is already deleted.
    pub(crate) fn is_gone(&self, status: u16, code: Option<&str>) -> bool {
        // A 404 without a code of the service may come from a gateway.
        let is_missing = self.gone.is_empty() && matches!(status, 404 | 410);
        self.method == "DELETE" && (is_missing || code.is_some_and(|code| self.gone.contains(&code)))
    }
}

/// Returns whether a header is about the PSU, by the prefix that PSD2 interfaces share.
pub(crate) fn is_psu_header(name: &str) -> bool {
    name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("psu-"))
}
