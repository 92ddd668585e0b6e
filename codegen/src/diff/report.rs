//! The result of a comparison, in the order in which a reviewer reads it. Scripts read it as JSON.

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
pub use self::versions::{Bump, Package, Since, Versions};

/// The version of the JSON form of a [`Report`]. Keys and values may be added within a version, but not changed or removed.
///
/// In version 1, `verdict` was `breaking` for findings that may break as well.
pub const SCHEMA: u32 = 2;

/// The effect of a change on clients and services that follow the old description; the worst first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// Calls that worked fail.
    Breaking,
    /// Calls that worked may fail.
    Potential,
    /// Calls that worked go on working.
    Compatible,
    /// Only the documentation changes.
    Docs,
    /// The change isn't on the wire.
    None,
}

/// The effect of a change on the users of the generated crate; the worst first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Rust {
    /// The generator refuses the spec, so that no new crate exists.
    Refused,
    /// Code that compiled may not compile.
    Breaking,
    /// Items are added or deprecated.
    Additive,
    /// Only the documentation changes, or code behind the signatures.
    Docs,
    /// Not known, because the generator takes neither side.
    Unknown,
    /// The crate does not change.
    None,
}

/// The direction in which the values of a finding travel.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the client to the service.
    Request,
    /// From the service to the client.
    Response,
    /// In both directions.
    Both,
    /// They do not travel.
    None,
}

/// The compatibility of old clients with a new service.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A finding is breaking.
    Breaking,
    /// A finding may be breaking, and none is.
    Potential,
    /// Something on the wire changes, but existing clients go on working.
    NonBreaking,
    /// Messages on the wire do not change.
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
    /// The effect of the new service on old clients.
    pub wire: Wire,
    /// The effect of the old service on new clients.
    pub reverse: Wire,
    /// The effect on the users of the crate.
    pub rust: Rust,
    /// The direction in which the values travel.
    pub direction: Direction,
    /// The operations that it reaches.
    #[serde(flatten)]
    pub operations: Operations,
    /// The component schemas that it is in.
    pub schemas: Vec<String>,
    /// The spec as the new side names it, or as the old side does if it is gone.
    pub spec: String,
    /// The JSON pointer of its place on the new side, or on the old side if it is gone.
    pub pointer: String,
    /// A description of the change, with the old and the new value.
    pub message: String,
    /// The effects on the generated crate, item by item.
    pub rust_changes: Vec<String>,
    /// File and line on the old side; null if it is new.
    #[schemars(with = "Option<String>")]
    pub base: Option<Place>,
    /// File and line on the new side; null if it is gone.
    #[schemars(with = "Option<String>")]
    pub head: Option<Place>,
    /// The line of the new side that is nearest to it.
    #[serde(skip)]
    pub nearest: usize,
    /// The reason for accepting it; null if it is not acknowledged.
    pub acknowledged: Option<String>,
    /// The JSON pointers of further places with the same change.
    pub also: Vec<String>,
}

impl Finding {
    /// Returns whether a finding is only about documentation.
    pub fn is_documentation(&self) -> bool {
        self.wire == Wire::Docs && self.rust >= Rust::Docs && self.rule != "generator-refuses-both"
    }

    /// Returns whether the old service breaks new clients, and the new service does not break old ones.
    pub fn is_worse_in_reverse(&self) -> bool {
        self.reverse == Wire::Breaking && self.wire > Wire::Potential
    }
}

/// The state of a spec.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Both revisions mean the same.
    Equal,
    /// They differ.
    Changed,
    /// The spec has no older revision.
    Added,
    /// The spec has no newer revision.
    Removed,
}

/// One spec of a report.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Compared {
    /// The spec as findings name it.
    pub spec: String,
    /// Its state.
    pub state: State,
    /// The verdict about the wire.
    pub verdict: Verdict,
    /// The part of a crate's version that must go up if the crate is generated from it.
    pub bump: Bump,
    /// Its `info.version`, compared with the changes on the wire.
    pub info_version: Versions,
}

/// All changes between two revisions of one or more specs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Report {
    /// The version of this form.
    schema: u32,
    /// The verdict about the wire.
    pub verdict: Verdict,
    /// The part of the crate's version that must go up, by the effect on Rust code that uses it.
    pub bump: Bump,
    /// The specs that were compared.
    pub specs: Vec<Compared>,
    /// The crates that are generated from these specs, with their versions.
    pub packages: Vec<Package>,
    /// The revision with the old versions; null if those are the versions of the old side.
    pub versions_since: Option<Since>,
    /// The changes, the worst first.
    pub findings: Vec<Finding>,
    /// Acknowledgements without a finding that they apply to.
    pub unused_acknowledgements: Vec<Left>,
    /// Faults that both sides have. What they are about is compared as far as it can be read.
    pub warnings: Vec<String>,
}

impl Report {
    /// Creates a report on one spec.
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

    /// Merges reports into one.
    pub fn together(reports: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self {
            schema: SCHEMA,
            verdict: Verdict::None,
            bump: Bump::None,
            specs: Vec::new(),
            packages: Vec::new(),
            versions_since: None,
            findings: Vec::new(),
            unused_acknowledgements: Vec::new(),
            warnings: Vec::new(),
        };
        let mut findings = Vec::new();
        for report in reports {
            all.specs.extend(report.specs);
            all.packages.extend(report.packages);
            all.unused_acknowledgements.extend(report.unused_acknowledgements);
            all.warnings.extend(report.warnings);
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

    /// Compares the new versions with those of a release, by all changes since then.
    ///
    /// The old side of most comparisons is no release: it may have a version that is not in use yet, which a second change
    /// need not raise again.
    pub fn compare_versions(&mut self, release: &str, since_release: Self) {
        for own in &mut self.specs {
            if let Some(since) = since_release.specs.iter().find(|since| since.spec == own.spec) {
                own.info_version = since.info_version.clone();
            }
        }
        self.packages = since_release.packages;
        self.versions_since = Some(Since::release(release));
    }

    /// Returns whether the generator takes neither side of a spec, so that effects on Rust are not known.
    pub fn is_rust_unknown(&self) -> bool {
        self.findings.iter().any(|finding| finding.rust == Rust::Unknown)
    }

    /// Returns the findings without an acknowledgement.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.acknowledged.is_none())
    }
}

impl Verdict {
    fn of(findings: &[Finding]) -> Self {
        match findings.iter().map(|finding| finding.wire).min() {
            Some(Wire::Breaking) => Self::Breaking,
            Some(Wire::Potential) => Self::Potential,
            Some(Wire::Compatible) => Self::NonBreaking,
            Some(Wire::Docs | Wire::None) | None => Self::None,
        }
    }
}

fn order(finding: &Finding) -> impl Ord + '_ {
    let Finding { wire, rust, spec, operations, pointer, rule, message, .. } = finding;
    (*wire, *rust, spec, operations, pointer, *rule, message)
}

/// Returns the JSON Schema of a report.
pub fn json_schema() -> schemars::schema::RootSchema {
    schemars::schema_for!(Report)
}
