//! What a comparison says, in the order in which a reviewer wants to read it; as data it is the JSON that scripts read.

mod github;
mod groups;
mod markdown;
mod operations;
mod text;
mod unused;
mod versions;

use std::fmt;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

pub use self::github::github;
pub use self::markdown::markdown;
pub use self::operations::Operations;
pub use self::text::{Colour, text};
pub use self::unused::{Left, Why};
pub(super) use self::versions::parse;
pub use self::versions::{Bump, Package, Versions};

/// The version of the JSON form of a [`Report`]. Keys may be added to a version; what is there stays.
pub const SCHEMA: u32 = 1;

/// What a change does to those who speak the old description over the wire; the worst first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A finding is breaking, or may be.
    Breaking,
    /// Something on the wire changes, and existing clients go on working.
    NonBreaking,
    /// Nothing on the wire changes.
    None,
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
#[derive(Clone, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's short name, such as `property-removed`.
    #[schemars(with = "String")]
    pub rule: &'static str,
    /// What old clients notice of the new service.
    pub wire: Wire,
    /// What new clients notice of the old service.
    pub reverse: Wire,
    /// What the users of the crate notice.
    pub rust: Rust,
    /// Which way the values travel.
    pub direction: Direction,
    /// The operations that it reaches.
    #[serde(flatten)]
    pub operations: Operations,
    /// The component schemas that it stands in.
    pub schemas: Vec<String>,
    /// The spec as the new side names it; as the old side does where it is gone.
    pub spec: String,
    /// The JSON pointer of where it stands: on the new side, or on the old one where it is gone.
    pub pointer: String,
    /// What changes, with old and new value.
    pub message: String,
    /// What that does to the generated crate, item by item.
    pub rust_changes: Vec<String>,
    /// File and line on the old side; null where it is new.
    #[schemars(with = "Option<String>")]
    pub base: Option<Place>,
    /// File and line on the new side; null where it is gone.
    #[schemars(with = "Option<String>")]
    pub head: Option<Place>,
    /// The line of the new side that is nearest to it.
    #[serde(skip)]
    pub nearest: usize,
    /// Why somebody accepted it.
    pub acknowledged: Option<String>,
}

impl Finding {
    /// Whether a finding is about words alone.
    pub fn is_documentation(&self) -> bool {
        self.wire == Wire::Docs && self.rust >= Rust::Docs
    }

    /// Whether a new client notices more of the old service than an old client does of the new one.
    pub fn is_worse_in_reverse(&self) -> bool {
        self.reverse == Wire::Breaking && self.wire > Wire::Potential
    }
}

/// What became of a spec.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Both editions mean the same.
    Equal,
    /// They differ.
    Changed,
    /// There is no older edition.
    Added,
    /// There is no newer edition.
    Removed,
}

/// One spec of a report.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Compared {
    /// The spec as findings name it.
    pub spec: String,
    /// What became of it.
    pub state: State,
    /// The verdict about the wire.
    pub verdict: Verdict,
    /// What the version of a crate made of it needs.
    pub bump: Bump,
    /// Its `info.version`, and whether it says what changes on the wire.
    pub info_version: Versions,
}

/// All changes between two editions of one or more specs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Report {
    /// The version of this form.
    schema: u32,
    /// The verdict about the wire.
    pub verdict: Verdict,
    /// What the crate's version needs, by what becomes of Rust code that uses it.
    pub bump: Bump,
    /// What was compared.
    pub specs: Vec<Compared>,
    /// The crates that are generated from these specs, with their versions.
    pub packages: Vec<Package>,
    /// The changes, the worst first.
    pub findings: Vec<Finding>,
    /// Acknowledgements that acknowledge nothing.
    pub unused_acknowledgements: Vec<Left>,
}

impl Report {
    /// A report of one spec.
    pub(super) fn new(
        spec: &str,
        state: State,
        versions: (Option<&str>, Option<&str>),
        findings: Vec<Finding>,
    ) -> Self {
        let mut report = Self::together([]);
        report.take(findings);
        let state = if state == State::Changed && report.findings.is_empty() { State::Equal } else { state };
        let info_version = Versions::new(versions.0, versions.1, Bump::of_wire(&report.findings));
        let (verdict, bump) = (report.verdict, report.bump);
        report.specs.push(Compared { spec: spec.to_owned(), state, verdict, bump, info_version });
        report
    }

    /// One report of several.
    pub fn together(reports: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self {
            schema: SCHEMA,
            verdict: Verdict::None,
            bump: Bump::None,
            specs: Vec::new(),
            packages: Vec::new(),
            findings: Vec::new(),
            unused_acknowledgements: Vec::new(),
        };
        let mut findings = Vec::new();
        for report in reports {
            all.specs.extend(report.specs);
            all.packages.extend(report.packages);
            all.unused_acknowledgements.extend(report.unused_acknowledgements);
            findings.extend(report.findings);
        }
        all.take(findings);
        all
    }

    fn take(&mut self, mut findings: Vec<Finding>) {
        operations::limit(&mut findings);
        findings.sort_by(|a, b| order(a).cmp(&order(b)));
        self.verdict = Verdict::of(&findings);
        self.bump = Bump::of_rust(&findings);
        self.findings = findings;
    }

    /// Adds a crate that is generated from some of the specs, with its versions on both sides.
    pub fn add_package(&mut self, name: &str, specs: &[&str], base: Option<&str>, head: Option<&str>) {
        let bump = self.specs.iter().filter(|compared| specs.contains(&compared.spec.as_str()));
        let bump = bump.map(|compared| compared.bump).min().unwrap_or(Bump::None);
        self.packages.push(Package { name: name.to_owned(), version: Versions::new(base, head, bump) });
    }

    /// The findings without an acknowledgement.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.acknowledged.is_none())
    }
}

impl Verdict {
    fn of(findings: &[Finding]) -> Self {
        match findings.iter().map(|finding| finding.wire).min() {
            Some(Wire::Breaking | Wire::Potential) => Self::Breaking,
            Some(Wire::Compatible) => Self::NonBreaking,
            Some(Wire::Docs | Wire::None) | None => Self::None,
        }
    }
}

fn order(finding: &Finding) -> impl Ord + '_ {
    let Finding { wire, rust, spec, operations, pointer, rule, message, .. } = finding;
    (*wire, *rust, spec, operations, pointer, *rule, message)
}

/// The JSON Schema of a report.
pub fn json_schema() -> schemars::schema::RootSchema {
    schemars::schema_for!(Report)
}
