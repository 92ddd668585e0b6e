//! What a comparison says, in the order in which a reviewer wants to read it, and as the JSON that scripts read.

use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

/// The version of the JSON form of a [`Report`].
pub const SCHEMA: u32 = 1;

/// What a change does to those who speak the old description over the wire; the worst first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// What worked fails.
    Breaking,
    /// What worked fails for some.
    Potential,
    /// What worked goes on working.
    Compatible,
    /// Only the description of it changes.
    Docs,
    /// Nothing of it is on the wire.
    None,
}

/// What a change does to the users of the generated crate; the worst first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Rust {
    /// There is no new crate: the generator does not take the spec.
    Refused,
    /// Code that compiled may not.
    Breaking,
    /// Something can be used that was not there, or is announced to go.
    Additive,
    /// The documentation, or what is behind the signatures.
    Docs,
    /// Nothing.
    None,
}

/// Which way the values travel that a finding is about.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the client to the service.
    Request,
    /// From the service to the client.
    Response,
    /// Either way.
    Both,
    /// They do not travel.
    None,
}

/// Whether old clients and a new service go together.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A finding is breaking, or may be.
    Breaking,
    /// Something on the wire changes, and breaks nobody.
    NonBreaking,
    /// Nothing on the wire changes.
    None,
}

/// The part of the crate's version that must go up; below 1.0, Cargo reads each of them one place further right.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// 1.x to 2.0, or 0.x to 0.(x+1).
    Major,
    /// 1.x to 1.(x+1), or 0.x.y to 0.x.(y+1).
    Minor,
    /// The last number.
    Patch,
    /// None.
    None,
}

impl Bump {
    /// What the bump is, with the rule for versions below 1.0.
    pub fn explain(self) -> &'static str {
        match self {
            Self::Major => "a major version: 1.x to 2.0, or 0.x to 0.(x+1)",
            Self::Minor => "a minor version: 1.x to 1.(x+1), or 0.x.y to 0.x.(y+1)",
            Self::Patch => "a patch version: 1.x.y to 1.x.(y+1), or 0.x.y to 0.x.(y+1)",
            Self::None => "no new version",
        }
    }
}

/// A line of one side.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct Place {
    /// The file as it was named.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One change.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's short name, such as `property-removed`.
    pub rule: &'static str,
    /// What old clients notice of the new service.
    pub wire: Wire,
    /// What new clients notice of the old service.
    pub reverse: Wire,
    /// What the users of the crate notice.
    pub rust: Rust,
    /// Which way the values travel.
    pub direction: Direction,
    /// The operations that it reaches, such as `GET /sessions`.
    pub operations: Vec<String>,
    /// The component schemas that it stands in.
    pub schemas: Vec<String>,
    /// The spec as the new side names it.
    pub spec: String,
    /// Where it stands: on the new side, or on the old one where it is gone.
    pub pointer: String,
    /// What changes, with old and new value.
    pub message: String,
    /// Its line on the old side.
    pub base: Option<Place>,
    /// Its line on the new side.
    pub head: Option<Place>,
    /// Why somebody accepted it.
    pub acknowledged: Option<String>,
}

/// All changes between two sides.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The spec as the new side names it.
    pub spec: String,
    /// The verdict about the wire.
    pub verdict: Verdict,
    /// What the crate's version needs.
    pub bump: Bump,
    /// The changes, the worst first.
    pub findings: Vec<Finding>,
    /// `info.version` of the old side.
    pub base_version: String,
    /// `info.version` of the new side.
    pub head_version: String,
}

impl Report {
    pub(super) fn new(spec: &str, versions: (String, String), mut findings: Vec<Finding>) -> Self {
        findings.sort_by(|a, b| order(a).cmp(&order(b)));
        let wire = findings.iter().map(|finding| finding.wire).min().unwrap_or(Wire::None);
        let rust = findings.iter().map(|finding| finding.rust).min().unwrap_or(Rust::None);
        let verdict = match wire {
            Wire::Breaking | Wire::Potential => Verdict::Breaking,
            Wire::Compatible => Verdict::NonBreaking,
            Wire::Docs | Wire::None => Verdict::None,
        };
        let bump = match rust {
            Rust::Refused | Rust::Breaking => Bump::Major,
            Rust::Additive => Bump::Minor,
            Rust::Docs => Bump::Patch,
            Rust::None => Bump::None,
        };
        let (base_version, head_version) = versions;
        Self { spec: spec.to_owned(), verdict, bump, findings, base_version, head_version }
    }
}

fn order(finding: &Finding) -> impl Ord + '_ {
    (finding.wire, finding.rust, &finding.operations, &finding.pointer, finding.rule, &finding.message)
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("Report", 7)?;
        report.serialize_field("schema", &SCHEMA)?;
        report.serialize_field("spec", &self.spec)?;
        report.serialize_field("verdict", &self.verdict)?;
        report.serialize_field("bump", &self.bump)?;
        report.serialize_field("base_version", &self.base_version)?;
        report.serialize_field("head_version", &self.head_version)?;
        report.serialize_field("findings", &self.findings)?;
        report.end()
    }
}
