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
    /// The credentials of a request. `None` if the operation takes none.
    pub authorization: Option<Authorization>,
    /// Set if the request contains something that can be used only once (`x-single-use`).
    pub single_use: bool,
    /// For a DELETE, the error codes which say that the resource does not exist (`x-gone`).
    pub gone: &'static [&'static str],
}

/// The credentials that a request of an operation carries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Authorization {
    /// The security schemes that apply together, each with the place of its value. Empty if the API asks for none but a
    /// client certificate.
    pub credentials: &'static [Credential],
    /// Set if a client without credentials may send the request.
    pub optional: bool,
}

impl Authorization {
    /// Required credentials in the header `Authorization`.
    pub const REQUIRED: Self =
        Self { credentials: &[Credential::header("authorization", "authorization")], optional: false };

    /// No credentials.
    pub(crate) const NONE: Self = Self { credentials: &[], optional: true };
}

/// A security scheme of an API description, and the part of a request that carries its value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Credential {
    /// The name of the scheme in the API description.
    pub scheme: &'static str,
    /// The part of a request that carries the value.
    pub place: Place,
}

impl Credential {
    /// Creates a credential in a header, whose name is in lower case.
    #[must_use]
    pub const fn header(scheme: &'static str, name: &'static str) -> Self {
        Self { scheme, place: Place::Header(name) }
    }

    /// Creates a credential in a query parameter.
    #[must_use]
    pub const fn query(scheme: &'static str, name: &'static str) -> Self {
        Self { scheme, place: Place::Query(name) }
    }

    /// Creates a credential in a cookie.
    #[must_use]
    pub const fn cookie(scheme: &'static str, name: &'static str) -> Self {
        Self { scheme, place: Place::Cookie(name) }
    }
}

/// The part of a request that carries a credential, with its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// A header, in lower case.
    Header(&'static str),
    /// A query parameter.
    Query(&'static str),
    /// A cookie.
    Cookie(&'static str),
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
