//! The value that a call returns.

use super::Ty;
use crate::media::MediaKind;
use crate::status::Status;

/// The value of a success.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Returns {
    /// No success has a body.
    Nothing,
    /// Every success has a body of this type.
    One(Ty),
    /// Some successes have a body of this type, others have none.
    Maybe(Ty),
    /// Successes have bodies of different types: an enum of this name in the module `operations`.
    ByStatus(String),
}

/// A success with its body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Outcome<'a> {
    /// The status.
    pub status: Status,
    /// The description of the response.
    pub docs: &'a str,
    /// The body with its type.
    pub body: Option<(MediaKind, &'a Ty)>,
}

impl Returns {
    /// The value for some successes. `name` is that of the enum, if one is needed.
    pub(super) fn of(outcomes: &[Outcome<'_>], name: &str) -> Self {
        let mut types: Vec<&Ty> = Vec::new();
        for (_, ty) in outcomes.iter().filter_map(|outcome| outcome.body) {
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        let has_empty = outcomes.iter().any(|outcome| outcome.body.is_none());
        match types.as_slice() {
            [] => Self::Nothing,
            [ty] if has_empty => Self::Maybe((*ty).clone()),
            [ty] => Self::One((*ty).clone()),
            _ => Self::ByStatus(name.to_owned()),
        }
    }

    /// Returns the type of error bodies with these alternatives.
    ///
    /// `name` is the name of the enum, which is needed for several types. It is also needed for a single type from another
    /// crate, such as `String`, because the generated crate cannot implement the traits of error bodies for it.
    pub(super) fn of_errors(outcomes: &[Outcome<'_>], name: &str) -> Self {
        match Self::of(outcomes, name) {
            Self::One(ty @ (Ty::Object(_) | Ty::Union(_))) => Self::One(ty),
            Self::Nothing => Self::Nothing,
            _ => Self::ByStatus(name.to_owned()),
        }
    }

    /// The type in Rust, as the module `operations` writes it.
    pub fn path(&self) -> String {
        match self {
            Self::Nothing => "()".to_owned(),
            Self::One(ty) => ty.path(),
            Self::Maybe(ty) => format!("Option<{}>", ty.path()),
            Self::ByStatus(name) => name.clone(),
        }
    }
}

impl Outcome<'_> {
    /// The name of the variant for this status.
    pub fn variant(&self) -> String {
        let name = match self.status {
            Status::Code(200) => "Ok",
            Status::Code(201) => "Created",
            Status::Code(202) => "Accepted",
            Status::Code(203) => "NonAuthoritativeInformation",
            Status::Code(204) => "NoContent",
            Status::Code(205) => "ResetContent",
            Status::Code(206) => "PartialContent",
            Status::Code(207) => "MultiStatus",
            Status::Code(208) => "AlreadyReported",
            Status::Code(226) => "ImUsed",
            Status::Code(400) => "BadRequest",
            Status::Code(401) => "Unauthorized",
            Status::Code(402) => "PaymentRequired",
            Status::Code(403) => "Forbidden",
            Status::Code(404) => "NotFound",
            Status::Code(405) => "MethodNotAllowed",
            Status::Code(406) => "NotAcceptable",
            Status::Code(408) => "RequestTimeout",
            Status::Code(409) => "Conflict",
            Status::Code(410) => "Gone",
            Status::Code(412) => "PreconditionFailed",
            Status::Code(413) => "ContentTooLarge",
            Status::Code(415) => "UnsupportedMediaType",
            Status::Code(422) => "UnprocessableContent",
            Status::Code(423) => "Locked",
            Status::Code(424) => "FailedDependency",
            Status::Code(428) => "PreconditionRequired",
            Status::Code(429) => "TooManyRequests",
            Status::Code(500) => "InternalServerError",
            Status::Code(501) => "NotImplemented",
            Status::Code(502) => "BadGateway",
            Status::Code(503) => "ServiceUnavailable",
            Status::Code(504) => "GatewayTimeout",
            Status::Code(code) => return format!("Status{code}"),
            Status::Range(4) => "ClientError",
            Status::Range(5) => "ServerError",
            Status::Range(_) | Status::Default => "Other",
        };
        name.to_owned()
    }
}
