//! Addresses of repositories, as rows spell them.

use super::requests::LEGACY;
use crate::{config::AzureDevOps, http::decode};

/// Organization, project and repository of an address of the service: with or without scheme, user and `.git`, over
/// HTTPS or SSH, on `dev.azure.com` or `ORG.visualstudio.com`. An address that names no project means the one that is
/// called like the repository. `None` when it is somewhere else.
#[must_use]
pub(super) fn repository(text: &str) -> Option<(String, String, String)> {
    let (host, path) = split(text)?;
    let segments = segments(path)?;
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (host.as_str(), parts.as_slice()) {
        ("dev.azure.com", [organization, rest @ ..]) => triple(organization, rest),
        ("ssh.dev.azure.com" | "vs-ssh.visualstudio.com", [v3, organization, project, name])
            if v3.eq_ignore_ascii_case("v3") =>
        {
            Some(((*organization).to_owned(), (*project).to_owned(), bare(name).to_owned()))
        }
        (host, parts) => {
            let organization = host.strip_suffix(LEGACY)?;
            let rest = match parts {
                [collection, rest @ ..] if collection.eq_ignore_ascii_case("DefaultCollection") => rest,
                parts => parts,
            };
            (!organization.is_empty() && !organization.contains('.')).then(|| triple(organization, rest))?
        }
    }
}

/// The same where it may also be one of a server of one's own, which is known by its address alone. The first text is
/// its collection then.
#[must_use]
pub(in crate::forge) fn repository_at(at: &AzureDevOps, text: &str) -> Option<(String, String, String)> {
    repository(text).or_else(|| {
        let base = format!("{}/", at.api.as_str());
        let ((host, path), (home, root)) = (split(text)?, split(&base)?);
        let (segments, root) = (segments(path)?, self::segments(root)?);
        let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (front, rest) = parts.split_at_checked(root.len())?;
        let same = host == home && front.iter().zip(&root).all(|(a, b)| a.eq_ignore_ascii_case(b));
        let (collection, rest) = rest.split_first()?;
        same.then(|| triple(collection, rest))?
    })
}

/// Host in lower case and path, without scheme, user, port, query and fragment.
fn split(text: &str) -> Option<(String, &str)> {
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['?', '#']).next()?;
    let user = text.find('/').and_then(|slash| text.get(..slash)).unwrap_or(text).rfind('@');
    let text = user.and_then(|at| text.get(at + 1..)).unwrap_or(text);
    let at = text.find(['/', ':'])?;
    let (host, rest) = (text.get(..at)?, text.get(at + 1..)?);
    let port = rest.split('/').next().unwrap_or_default();
    let is_port = text.get(at..at + 1) == Some(":") && !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let path = if is_port { rest.get(port.len()..).unwrap_or_default() } else { rest };
    Some((host.to_ascii_lowercase(), path))
}

fn segments(path: &str) -> Option<Vec<String>> {
    let stray = |s: &String| s == "." || s == ".." || s.contains(|c: char| matches!(c, '/' | '\\') || c.is_control());
    let segments: Vec<String> = path.split('/').filter(|s| !s.is_empty()).map(|s| decode(s, false)).collect();
    (!segments.iter().any(stray)).then_some(segments)
}

fn triple(organization: &str, rest: &[&str]) -> Option<(String, String, String)> {
    let is_git = |text: &str| text.eq_ignore_ascii_case("_git");
    let (project, name) = match rest {
        [git, name, ..] if is_git(git) => (bare(name), bare(name)),
        [project, git, name, ..] if is_git(git) => (*project, bare(name)),
        _ => return None,
    };
    Some((organization.to_owned(), project.to_owned(), name.to_owned()))
}

fn bare(name: &str) -> &str {
    name.strip_suffix(".git").filter(|name| !name.is_empty()).unwrap_or(name)
}
