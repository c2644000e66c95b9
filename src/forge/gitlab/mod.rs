//! GitLab, and GitLab on a server of one's own.
//!
//! Sources: the pages "Pipelines API", "Jobs API", "Merge requests API", "Commits API", "Tags API", "Repositories API",
//! "Branches API", "Projects API", "REST API authentication" and "Rate limits" of GitLab's documentation.
//!
//! One thing a request: lists leave out what a pipeline's times and people are. Rows hold numbers of projects where
//! other forges' rows hold addresses, so links need the project's own address, which [`request_project`] asks for once.

mod answers;
mod branch;
mod calls;
mod manifests;
mod trouble;

#[cfg(test)]
mod tests;

pub(super) use self::{
    answers::parse_test,
    branch::compare_link,
    calls::{CallKind, not_found, plan, read, request},
    trouble::explain,
};
use super::{Anonymous, Capabilities, Limits, PartsCalls, Reads, TokenScope};
use crate::{
    config::GitLab,
    domain::{
        id::{CommitId, PullRequestId, RunId},
        link::Link,
    },
    http::{AuthScheme, Request, Response, encode, secret::Secret},
};

/// What the engine has to know of it.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    anonymous: Anonymous::AsMuch,
    token_scope: TokenScope::Origin,
    bucket: None,
    takes_lists: false,
    needs_whole_commit_ids: false,
    is_sure_of_absence: false,
    parts_calls: PartsCalls::OfFailures,
    has_environments: false,
    summarized_commits: 0,
    merges_by_pull_request: false,
    numbers_projects: true,
};

/// A pipeline.
#[must_use]
fn request_pipeline(at: &GitLab, id: &RunId, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, &["/pipelines/", &encode(id.as_str())].concat(), secret, etag)
}

/// The jobs of a pipeline, for its stages: a page of a hundred. With those that were run again, because only their
/// first attempts say in which order the stages stand.
#[must_use]
fn request_jobs(at: &GitLab, id: &RunId, secret: Option<&Secret>) -> Request {
    let jobs = "/jobs?include_retried=true&per_page=100";
    get(at, &["/pipelines/", &encode(id.as_str()), jobs].concat(), secret, None)
}

/// A merge request by its `iid`, the number that people see.
#[must_use]
fn request_merge_request(at: &GitLab, id: &PullRequestId, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, &["/merge_requests/", &encode(id.as_str())].concat(), secret, etag)
}

/// A commit, by its id or the begin of that.
#[must_use]
fn request_commit(at: &GitLab, id: &CommitId, secret: Option<&Secret>) -> Request {
    get(at, &["/repository/commits/", &encode(id.as_str())].concat(), secret, None)
}

/// The project itself.
#[must_use]
fn request_project(at: &GitLab, secret: Option<&Secret>) -> Request {
    get(at, "", secret, None)
}

/// The same, to see whether the token is one and sees it: one harmless question.
#[must_use]
pub(super) fn request_test(at: &GitLab, secret: Option<&Secret>) -> Request {
    request_project(at, secret)
}

fn get(at: &GitLab, below: &str, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    let address = [at.api.as_str(), "/projects/", &encode(&at.project), below].concat();
    // Nothing but the token, which costs a preflight: what JSON is accepted goes without saying here.
    let request = Request::get(address).secret(AuthScheme::PrivateToken, secret);
    match etag {
        Some(etag) => request.header("If-None-Match", etag),
        None => request,
    }
}

/// What an answer says of how much may still be asked.
#[must_use]
pub(super) fn limits(response: &Response) -> Limits {
    Limits::read(response, "RateLimit")
}

/// The scope that a token needs, as GitLab's page for making one calls it: the narrowest there is for reading.
#[must_use]
pub(super) const fn scope(_: Reads) -> &'static str {
    "read_api"
}

/// Where people look at it; `None` when the address of the API is not of the form that GitLab has it in.
fn web(at: &GitLab) -> Option<&str> {
    at.api.as_str().strip_suffix("/api/v4")
}

/// Where people make a token, with the scope filled in.
#[must_use]
pub(super) fn token_page(at: &GitLab) -> Option<Link> {
    let page = "/-/user_settings/personal_access_tokens?name=Ringside&scopes=read_api";
    Link::new(&[web(at)?, page].concat())
}

/// The project of a row's repository text: its number, or its path. `at_host` is the host of the API that is
/// configured. `None` when the text names something that is not GitLab's.
#[must_use]
pub(super) fn repository(text: &str, at_host: &str) -> Option<String> {
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

/// Where to see a commit of a project.
#[must_use]
pub(super) fn commit_link(project: &Link, id: &CommitId) -> Option<Link> {
    below(project, "/-/commit/", id.as_str())
}

fn below(project: &Link, path: &str, id: &str) -> Option<Link> {
    Link::new(&[project.as_str().trim_end_matches('/'), path, &encode(id)].concat())
}
