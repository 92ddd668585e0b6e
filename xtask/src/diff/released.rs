//! The release whose versions are compared with the new ones.

use std::path::Path;

use openbanking_codegen::Finding as Fault;
use openbanking_codegen::diff::{Report, Since};

use super::git::{Git, short};
use super::revisions::Sides;
use super::tree::Tree;
use super::{packages, trees};

/// Adds the crates to a report, and compares the versions with those of the named release, or of the newest one.
pub(super) fn compare_versions(
    mut report: Report,
    root: &Path,
    sides: &Sides,
    named: Option<&str>,
) -> anyhow::Result<Result<Report, Vec<Fault>>> {
    let git = Git { root };
    let Sides { base, head, base_name, .. } = sides;
    let release = match named {
        Some(name) => Some((name.to_owned(), git.commit(name)?)),
        None => git.newest_release(head.commit())?,
    };
    let Some((name, commit)) = release else {
        packages::add(&mut report, base, head)?;
        let reason = format!("no tag `v*` is reachable from {}", short(head.commit()));
        report.versions_since = Some(Since::unreleased(base_name, &reason));
        return Ok(Ok(report));
    };
    let released = Tree::at(root, commit);
    let compared = trees(&released, head).and_then(|compared| match compared {
        Ok(mut since) => packages::add(&mut since, &released, head).map(|()| Ok(since)),
        Err(findings) => Ok(Err(findings)),
    });
    match compared {
        Ok(Ok(since)) => report.compare_versions(&name, since),
        // A tag cannot be fixed any more, and must not keep all later changes from being compared.
        Ok(Err(_)) | Err(_) if named.is_none() => {
            packages::add(&mut report, base, head)?;
            let reason = format!("the release `{name}` cannot be compared");
            report.versions_since = Some(Since::unreleased(base_name, &reason));
        }
        Ok(Err(findings)) => return Ok(Err(findings)),
        Err(error) => return Err(error),
    }
    Ok(Ok(report))
}
