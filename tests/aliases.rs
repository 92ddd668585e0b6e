//! The words by which people search the documentation of `enablebanking-client`.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::workspace;

/// A public item with its `#[doc(alias)]` texts.
struct Item {
    name: String,
    aliases: Vec<String>,
}

/// The files of the runtime whose items the client re-exports or defines by macro.
const REEXPORTED: &[&str] =
    &["bad_row.rs", "error/client.rs", "extra.rs", "meta.rs", "response.rs", "retry.rs", "transport/setters.rs"];

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// Returns the name of the public item that a line declares.
fn declared(line: &str) -> Option<String> {
    let mut words = line.strip_prefix("pub ")?.split_whitespace();
    words.find(|word| ["fn", "struct", "enum", "trait"].contains(word))?;
    let name: String = words.next()?.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    Some(name)
}

fn items() -> Vec<Item> {
    let root = workspace().unwrap();
    let mut files: Vec<_> = REEXPORTED.iter().map(|file| root.join("client-runtime/src").join(file)).collect();
    collect_files(&root.join("enablebanking-client/src"), &mut files);
    collect_files(&root.join("enablebanking-core/src"), &mut files);
    let mut items = Vec::new();
    for file in files {
        let mut aliases = Vec::new();
        for line in fs::read_to_string(&file).unwrap().lines().map(str::trim) {
            if let Some(alias) = line.strip_prefix("#[doc(alias = \"").and_then(|rest| rest.strip_suffix("\")]")) {
                aliases.push(alias.to_owned());
            } else if let Some(name) = declared(line) {
                items.push(Item { name, aliases: std::mem::take(&mut aliases) });
            }
        }
        assert!(aliases.is_empty(), "{}: {aliases:?} are followed by no public item", file.display());
    }
    items
}

/// Phrases and the item that a search for each must show.
const PHRASES: &[(&str, &str)] = &[
    ("refresh", "needs_new_consent"),
    ("renew", "needs_new_consent"),
    ("expired", "needs_new_consent"),
    ("revoked", "needs_new_consent"),
    ("retry", "is_retryable"),
    ("max retries", "retry"),
    ("backoff", "Retry"),
    ("retry after", "retry_after"),
    ("pagination", "pages"),
    ("cursor", "pages"),
    ("next page", "pages"),
    ("since", "stream"),
    ("history", "stream"),
    ("iterator", "stream"),
    ("all accounts", "transactions_of"),
    ("mock", "custom"),
    ("base url", "custom"),
    ("sandbox", "custom"),
    ("environment", "ApiHost"),
    ("rate limit", "is_rate_limited"),
    ("rate limit", "RateLimit"),
    ("quota", "RateLimit"),
    ("throttle", "is_rate_limited"),
    ("429", "is_rate_limited"),
    ("401", "is_auth"),
    ("unauthorized", "is_auth"),
    ("idempotent", "outcome_is_unknown"),
    ("duplicate", "outcome_is_unknown"),
    ("error code", "code"),
    ("status code", "status"),
    ("cause", "reason"),
    ("timeout", "total_timeout"),
    ("proxy", "proxy"),
    ("mtls", "identity"),
    ("client certificate", "identity"),
    ("self signed", "extra_root_certificate"),
    ("dns", "resolver"),
    ("user agent", "user_agent_suffix"),
    ("jwt", "Credentials"),
    ("private key", "from_pem"),
    ("access token", "Token"),
    ("login", "link"),
    ("callback", "Redirect"),
    ("csrf", "State"),
    ("90 days", "valid_until"),
    ("client ip", "ip_address"),
    ("negative", "signed_amount"),
    ("correlation id", "request_id"),
    ("custom header", "header_extra"),
    ("custom parameter", "query_extra"),
    ("raw response", "with_meta"),
    ("unknown fields", "Extra"),
    ("partial response", "BadRow"),
];

#[test]
fn a_search_for_common_words_finds_the_item() {
    assert!(PHRASES.len() >= 40);
    let items = items();
    for (phrase, expected) in PHRASES {
        let as_name = phrase.replace(' ', "_");
        let found = items.iter().filter(|item| item.name == *expected);
        let is_found = found.into_iter().any(|item| {
            item.name.to_lowercase().contains(&as_name) || item.aliases.iter().any(|alias| alias == phrase)
        });
        assert!(is_found, "a search for `{phrase}` does not find `{expected}`");
    }
}
