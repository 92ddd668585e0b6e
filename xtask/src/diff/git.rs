//! Git, as far as a comparison needs it.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, bail};

/// Branches that changes are merged into; the first one that exists is used.
const MAIN: &[&str] = &["main", "origin/main"];

const UNSHALLOW: &str = "get the history with `git fetch --unshallow`, or with `fetch-depth: 0` of actions/checkout";

/// Abbreviates the name of a commit.
pub(super) fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

/// The repository of a folder.
#[derive(Debug)]
pub(super) struct Git<'a> {
    pub(super) root: &'a Path,
}

impl Git<'_> {
    fn run(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        run(self.root, arguments)
    }

    /// Returns the first line of a command's output, if it succeeds.
    fn line(&self, arguments: &[&str]) -> anyhow::Result<Option<String>> {
        let output = self.run(arguments)?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(Some(text.lines().next().unwrap_or_default().to_owned())
            .filter(|line| output.status.success() && !line.is_empty()))
    }

    pub(super) fn check(&self) -> anyhow::Result<()> {
        let output = self.run(&["rev-parse", "--git-dir"])?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.trim();
            bail!("this is no git repository: {said} (compare files with `--base FILE --head FILE`)");
        }
        Ok(())
    }

    fn is_shallow(&self) -> anyhow::Result<bool> {
        Ok(self.line(&["rev-parse", "--is-shallow-repository"])?.as_deref() == Some("true"))
    }

    fn find(&self, name: &str) -> anyhow::Result<Option<String>> {
        let found =
            self.line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")])?;
        // For `^main`, git prints the excluded commit after a `^`.
        Ok(found.filter(|commit| commit.chars().all(|digit| digit.is_ascii_hexdigit())))
    }

    /// Returns the full name of a commit.
    pub(super) fn commit(&self, name: &str) -> anyhow::Result<String> {
        match self.find(name)? {
            Some(commit) => Ok(commit),
            None if self.is_shallow()? => bail!("`{name}` is not in this shallow clone ({UNSHALLOW})"),
            None => bail!("there is no revision `{name}` here (`git fetch` brings those of others)"),
        }
    }

    /// Returns the newest tag of a version that a commit contains, and the tagged commit.
    ///
    /// Versions decide, not dates: tags are often created at once, or later. A pre-release is older than its release.
    pub(super) fn newest_release(&self, commit: &str) -> anyhow::Result<Option<(String, String)>> {
        for pattern in ["refs/tags/v[0-9]*", "refs/tags/v*"] {
            let merged = format!("--merged={commit}");
            let sorted = ["-c", "versionsort.suffix=-", "for-each-ref", "--sort=-version:refname", &merged];
            let tag = self.line(&[&sorted[..], &["--format=%(refname)", pattern]].concat())?;
            if let Some(tag) = tag
                && let Some(tagged) = self.find(&tag)?
            {
                return Ok(Some((tag.strip_prefix("refs/tags/").unwrap_or(&tag).to_owned(), tagged)));
            }
        }
        Ok(None)
    }

    pub(super) fn merge_base_with_main(&self) -> anyhow::Result<(&'static str, String)> {
        // Without the whole history, git finds no merge base, or one that is too old.
        if self.is_shallow()? {
            bail!("this clone is shallow, so where the changes begin is not known ({UNSHALLOW}, or name a revision)");
        }
        for name in MAIN {
            if self.find(name)?.is_some() {
                return Ok((name, self.merge_base(name, "HEAD")?));
            }
        }
        bail!("there is neither `main` nor `origin/main` here (fetch it, or name a revision: `cargo xtask diff REV`)")
    }

    pub(super) fn merge_base(&self, old: &str, new: &str) -> anyhow::Result<String> {
        let (from, to) = (self.commit(old)?, self.commit(new)?);
        if self.is_shallow()? {
            bail!("this clone is shallow, so what `{old}` and `{new}` come from is not known ({UNSHALLOW})");
        }
        let base = self.line(&["merge-base", &from, &to])?;
        base.with_context(|| format!("`{old}` and `{new}` have no commit in common (name a revision to compare with)"))
    }
}

/// Runs git in a folder, with messages in English.
pub(super) fn run(root: &Path, arguments: &[&str]) -> anyhow::Result<Output> {
    let mut git = Command::new("git");
    // Hooks set these variables, and git would use the repository of the hook instead of the folder.
    for name in ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(name);
    }
    git.args(arguments)
        .current_dir(root)
        .envs([("LC_ALL", "C"), ("GIT_OPTIONAL_LOCKS", "0")])
        .output()
        .context("cannot start `git` (compare files with `--base FILE --head FILE`)")
}
