//! The list of differences in the migration page is the report of our own spec diff.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use openbanking_codegen::diff::{self, Finding, Rust, Side, Wire};
use xtask::workspace;

const PAGE: &str = "enablebanking-client/MIGRATION.md";

const START: &str = "<!-- start of the differences; a test writes them -->\n";

const END: &str = "<!-- end of the differences -->";

/// The heading of a finding; operations sort before schemas.
#[derive(Eq, Ord, PartialEq, PartialOrd)]
enum Heading {
    Api,
    Operation(String),
    Schema(String),
}

impl Heading {
    fn of(finding: &Finding) -> Self {
        let mut steps = finding.pointer.split('/').skip(1);
        match (steps.next(), steps.next(), steps.next()) {
            (Some("paths"), Some(path), Some(method)) => {
                let path = path.replace("~1", "/").replace("~0", "~");
                Self::Operation(format!("{} {path}", method.to_uppercase()))
            }
            (Some("components"), Some("schemas"), Some(name)) => Self::Schema(name.to_owned()),
            _ => Self::Api,
        }
    }

    fn title(&self) -> &str {
        match self {
            Self::Api => "The API as a whole",
            Self::Operation(name) | Self::Schema(name) => name,
        }
    }
}

fn verdict(finding: &Finding) -> &'static str {
    match (finding.wire, finding.rust) {
        (Wire::Breaking, _) => "breaking",
        (Wire::Potential, _) => "potentially breaking",
        (Wire::Compatible, Rust::Breaking | Rust::Refused) => "compatible, but breaking in Rust",
        (Wire::Compatible, _) => "compatible",
        (Wire::Docs | Wire::None, Rust::Breaking | Rust::Refused) => "breaking in Rust only",
        (Wire::Docs | Wire::None, _) => "no effect on existing calls",
    }
}

/// Returns the differences that show on the wire or in Rust signatures, by operation and schema.
fn differences() -> String {
    let text = |spec: &str| fs::read_to_string(workspace().unwrap().join(spec)).unwrap();
    let (base, head) = ("spec/tilisy.yaml", "spec/enablebanking.yaml");
    let (old, new) = (text(base), text(head));
    let report = diff::compare(Side { file: base, text: &old }, Side { file: head, text: &new }).unwrap();

    let mut groups: BTreeMap<Heading, Vec<&Finding>> = BTreeMap::new();
    let has_effect = |finding: &&Finding| finding.wire < Wire::Docs || finding.rust < Rust::Docs;
    for finding in report.findings.iter().filter(has_effect) {
        groups.entry(Heading::of(finding)).or_default().push(finding);
    }
    let mut page = String::new();
    for (heading, findings) in groups {
        let _ = writeln!(page, "\n### `{}`\n", heading.title());
        for finding in findings {
            let _ = writeln!(page, "- **{}**: {}", verdict(finding), finding.message);
        }
    }
    page.replace("### `The API as a whole`", "### The API as a whole") + "\n"
}

#[test]
fn the_migration_page_lists_all_differences() {
    let file = workspace().unwrap().join(PAGE);
    let page = fs::read_to_string(&file).unwrap();
    let (before, rest) = page.split_once(START).expect("the start of the differences");
    let (shown, after) = rest.split_once(END).expect("the end of the differences");
    let expected = differences();
    if shown == expected {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(file, format!("{before}{START}{expected}{END}{after}")).unwrap();
        return;
    }
    let changed: Vec<_> = expected.lines().filter(|line| !shown.contains(line)).collect();
    panic!(
        "{PAGE} does not list the differences of the specs: run `UPDATE=1 cargo test -p openbanking-tests --test specs`\n\
         missing lines:\n{}",
        changed.join("\n")
    );
}
