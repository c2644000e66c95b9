//! Which repository is meant, by whatever text names it.

use super::requests::{path, web};
use crate::{
    config::GitHub,
    domain::{id::CommitId, link::Link},
    http::{address::Address, encode},
};

/// GitHub itself, for repositories that rows name where the configuration names no other.
#[must_use]
pub(in crate::forge) fn public() -> Option<GitHub> {
    let api = Address::new("https://api.github.com").ok()?;
    Some(GitHub { repository: "".into(), branch: None, api })
}

/// `owner/name` of a repository as rows spell it: `https://github.com/owner/name`, the same without its scheme or with
/// `.git`, `git@github.com:owner/name.git`, or `owner/name` itself. `at_host` is the API's host. `None` for what lies
/// elsewhere: another host counts only if GitHub is in its name.
#[must_use]
pub(in crate::forge) fn repository(text: &str, at_host: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, text),
    };
    let rest = rest.split(['?', '#']).next()?;
    let (first, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, path) = match first.rsplit_once('@') {
        // git@github.com:owner/name
        Some((_, host)) if scheme.is_none() => match host.split_once(':') {
            Some((host, owner)) if !owner.is_empty() => (host, [owner, "/", path].concat()),
            _ => (host, path.to_owned()),
        },
        Some((_, host)) => (host, path.to_owned()),
        None => (first, path.to_owned()),
    };
    let is_bare = scheme.is_none() && !first.contains(['.', ':', '@']);
    let host = host.split(':').next()?.to_ascii_lowercase();
    let at_host = at_host.split(':').next()?.to_ascii_lowercase();
    let is_here = host == at_host || at_host.strip_prefix("api.") == Some(&host) || host.contains("github");
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let (owner, name) = match segments.as_slice() {
        [name] if is_bare => (first, *name),
        [owner, name, ..] if is_here => (*owner, *name),
        _ => return None,
    };
    let name = name.strip_suffix(".git").unwrap_or(name);
    let is_name = |text: &str| {
        let clean = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        clean && !matches!(text, "" | "." | "..")
    };
    (is_name(owner) && is_name(name)).then(|| [owner, "/", name].concat())
}

#[must_use]
pub(in crate::forge) fn commit_link(at: &GitHub, id: &CommitId) -> Option<Link> {
    Link::new(&format!("{}/{}/commit/{}", web(at)?, path(&at.repository), encode(id.as_str())))
}
