//! GitHub, and GitHub Enterprise with the address of one's own server.
//!
//! Sources: GitHub's OpenAPI description (`@octokit/openapi`), its GraphQL schema (`@octokit/graphql-schema`), and the
//! pages "Rate limits for the REST API", "Rate limits and query limits for the GraphQL API" and "Best practices for
//! using the REST API" of its documentation.
//!
//! Two ways to ask: by REST one thing a request, which also works without a token, and by GraphQL many things at once
//! ([`request_many`]), which needs one. What a row calls a run is the id of a job or of a workflow run: the job is asked for
//! first, and where there is none, the run.
//!
//! Without a token a request has only headers that need no preflight, so it carries neither a version nor an ETag. The
//! ETag would spare nothing either: an answer that nothing has changed is free only for requests with a token.

mod ask;
mod branch;
mod calls;
mod deployments;
mod found;
mod graphql;
mod manifests;
mod manifests_many;
mod rest;
mod tags;
mod trouble;
mod wire;
mod words;

#[cfg(test)]
mod tests;

pub(super) use self::{
    branch::compare_link,
    calls::{CallKind, not_found, plan, read, request},
    rest::{parse_test, request_test},
    trouble::explain,
};
use super::{Anonymous, Capabilities, Limits, PartsCalls, Reads, TokenScope};
use crate::{
    config::GitHub,
    domain::{id::CommitId, link::Link},
    http::{AuthScheme, Request, Response, address::Address, encode, secret::Secret},
};

/// What the engine has to know of it.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    anonymous: Anonymous::Little,
    token_scope: TokenScope::Origin,
    bucket: None,
    takes_lists: false,
    needs_whole_commit_ids: false,
    is_sure_of_absence: false,
    parts_calls: PartsCalls::Never,
    has_environments: true,
    summarized_commits: manifests_many::WITH_STATUSES,
    merges_by_pull_request: true,
    numbers_projects: false,
};

/// GitHub itself, for repositories that rows name where the configuration names no other.
#[must_use]
pub(super) fn public() -> Option<GitHub> {
    let api = Address::new("https://api.github.com").ok()?;
    Some(GitHub { repository: "".into(), branch: None, api })
}

/// The version of the REST API that is asked for, which is also the one a request gets that names none.
const VERSION: &str = "2022-11-28";

/// What the answer says of how much may still be asked. The REST API and GraphQL count apart.
#[must_use]
pub(super) fn limits(response: &Response) -> Limits {
    Limits::read(response, "X-RateLimit")
}

/// The permission that a fine-grained token needs, as GitHub's page for making one calls it. For a classic token the
/// scope is `repo` in each case.
#[must_use]
pub(super) const fn scope(reads: Reads) -> &'static str {
    match reads {
        Reads::Runs | Reads::Releases => "Actions: read",
        Reads::Commits | Reads::Manifests => "Contents: read",
        Reads::Statuses => "Commit statuses: read",
        Reads::Environments => "Deployments: read",
        Reads::PullRequests => "Pull requests: read",
    }
}

/// Where people look at it: `https://github.com`, or the Enterprise server. `None` when the address of the API is
/// neither GitHub's nor of the form in which Enterprise has it, as behind a proxy.
#[must_use]
pub(super) fn web(at: &GitHub) -> Option<String> {
    let (base, host) = (at.api.as_str(), at.api.host());
    if host == "api.github.com" {
        return Some("https://github.com".to_owned());
    }
    // With data residency the API of https://NAME.ghe.com is https://api.NAME.ghe.com.
    if host.starts_with("api.") && host.ends_with(".ghe.com") {
        return Some(at.api.origin().as_str().replacen("://api.", "://", 1));
    }
    base.strip_suffix("/api/v3").map(str::to_owned)
}

/// Where people make a token.
#[must_use]
pub(super) fn token_page(at: &GitHub) -> Option<Link> {
    Link::new(&[&web(at)?, "/settings/personal-access-tokens/new"].concat())
}

/// The commit's page.
#[must_use]
pub(super) fn commit_link(at: &GitHub, id: &CommitId) -> Option<Link> {
    Link::new(&format!("{}/{}/commit/{}", web(at)?, path(&at.repository), encode(id.as_str())))
}

/// `owner/name` of a repository as rows spell it: `https://github.com/owner/name`, the same without its scheme or with
/// `.git`, `git@github.com:owner/name.git`, or `owner/name` itself. `at_host` is the API's host. `None` for what lies
/// elsewhere: another host counts only if GitHub is in its name.
#[must_use]
pub(super) fn repository(text: &str, at_host: &str) -> Option<String> {
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

/// `owner/name` as two segments of a path.
fn path(repository: &str) -> String {
    repository.split('/').map(encode).collect::<Vec<_>>().join("/")
}

/// Owner and name.
fn path_parts(repository: &str) -> Option<(&str, &str)> {
    repository.split_once('/').filter(|(owner, name)| !owner.is_empty() && !name.is_empty() && !name.contains('/'))
}

/// `heads/main`, `tags/flux-`: a part of a path, in which a name has slashes of its own. A name that Git would not take,
/// because it steps out of its folder, is kept in one piece.
fn reference(kind: &str, name: &str) -> String {
    let whole = [kind, "/", name].concat();
    if whole.split('/').any(|part| part.starts_with('.')) { encode(&whole) } else { path(&whole) }
}

/// A read of the REST API below the repository.
fn get(at: &GitHub, below: &str, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    let address = format!("{}/repos/{}{below}", at.api.as_str(), path(&at.repository));
    let mut request = Request::get(address).header("Accept", "application/vnd.github+json");
    request = request.secret(AuthScheme::Bearer, secret);
    if request.has_secret() {
        request = request.header("X-GitHub-Api-Version", VERSION);
        if let Some(etag) = etag {
            request = request.header("If-None-Match", etag);
        }
    }
    request
}
