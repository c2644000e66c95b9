//! Which project is meant, by whatever text names it.

use crate::{
    domain::{id::CommitId, link::Link},
    http::encode,
};

/// The project of a row's repository text: its number, or its path. `at_host` is the host of the API that is
/// configured. `None` when the text names something that is not GitLab's.
#[must_use]
pub(in crate::forge) fn repository(text: &str, at_host: &str) -> Option<String> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text.to_owned());
    }
    let (scheme, rest) = text.split_once("://").map_or((None, text), |(scheme, rest)| (Some(scheme), rest));
    let (user, rest) = match rest.split_once('@') {
        // Who clones it is no part of the address.
        Some((user, rest)) if !user.contains('/') => (Some(user), rest),
        _ => (None, rest),
    };
    let end = rest.find(['/', ':'])?;
    let (host, path) = (rest.get(..end)?.to_ascii_lowercase(), rest.get(end + 1..)?);
    // git@HOST:GROUP/NAME has a colon where other addresses have a slash, or a port before it.
    let may_be_port = rest.get(end..)?.starts_with(':') && (scheme.is_some() || user.is_none());
    let path = match path.split_once('/') {
        Some((port, path)) if may_be_port && port.bytes().all(|b| b.is_ascii_digit()) => path,
        _ => path,
    };
    // Without a dot it is a group's name: gitlab-org/shop/api.
    if host != "gitlab.com" && host != at_host && !(host.contains("gitlab") && host.contains('.')) {
        return None;
    }
    let path = path.split(['?', '#']).next()?.split("/-/").next()?.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let is_part = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(char::is_whitespace);
    let is_path = path.contains('/') && path.split('/').all(is_part);
    is_path.then(|| path.to_owned())
}

#[must_use]
pub(in crate::forge) fn commit_link(project: &Link, id: &CommitId) -> Option<Link> {
    below(project, "/-/commit/", id.as_str())
}

pub(super) fn below(project: &Link, path: &str, id: &str) -> Option<Link> {
    Link::new(&[project.as_str().trim_end_matches('/'), path, &encode(id)].concat())
}
