//! Names of components.

use super::report::Report;
use super::rules;
use super::spec::Spec;

/// Components have names that OpenAPI allows.
pub(super) fn components(spec: &Spec<'_>, report: &mut Report<'_>) {
    for (_, all) in spec.view.root().get("components").members() {
        for (name, component) in all.children() {
            let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            if name.is_empty() || !name.bytes().all(is_fine) {
                let message = format!("`{name}` cannot name a component");
                let fix = "use letters, digits, dots, hyphens and underscores";
                report.tolerated(&component, rules::BAD_COMPONENT_NAME, message, fix);
            }
        }
    }
}
