//! Its requests: one thing each.

use crate::{
    config::GitLab,
    domain::id::{CommitId, PullRequestId, RunId},
    forge::limits::Limits,
    http::{AuthScheme, Request, Response, encode, secret::Secret},
};

pub(super) fn request_pipeline(at: &GitLab, id: &RunId, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, &["/pipelines/", &encode(id.as_str())].concat(), secret, etag)
}

/// The jobs of a pipeline, for its stages: a page of a hundred. With those that were run again, because only their
/// first attempts show in which order the stages stand.
pub(super) fn request_jobs(at: &GitLab, id: &RunId, secret: Option<&Secret>) -> Request {
    let jobs = "/jobs?include_retried=true&per_page=100";
    get(at, &["/pipelines/", &encode(id.as_str()), jobs].concat(), secret, None)
}

/// A merge request by its `iid`, the number that people see.
pub(super) fn request_merge_request(
    at: &GitLab,
    id: &PullRequestId,
    secret: Option<&Secret>,
    etag: Option<&str>,
) -> Request {
    get(at, &["/merge_requests/", &encode(id.as_str())].concat(), secret, etag)
}

/// A commit, by its id or the begin of that.
pub(super) fn request_commit(at: &GitLab, id: &CommitId, secret: Option<&Secret>) -> Request {
    get(at, &["/repository/commits/", &encode(id.as_str())].concat(), secret, None)
}

pub(super) fn request_project(at: &GitLab, secret: Option<&Secret>) -> Request {
    get(at, "", secret, None)
}

/// The same, to find whether the token is one and may read it: one harmless request.
pub(in crate::forge) fn request_test(at: &GitLab, secret: Option<&Secret>) -> Request {
    request_project(at, secret)
}

pub(in crate::forge) fn request_owner(at: &GitLab, secret: Option<&Secret>) -> Request {
    Request::get([at.api.as_str(), "/user"].concat()).secret(AuthScheme::PrivateToken, secret)
}

pub(super) fn get(at: &GitLab, below: &str, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    let address = [at.api.as_str(), "/projects/", &encode(&at.project), below].concat();
    // Nothing but the token, which costs a preflight: what JSON is accepted is not stated.
    let request = Request::get(address).secret(AuthScheme::PrivateToken, secret);
    match etag {
        Some(etag) => request.header("If-None-Match", etag),
        None => request,
    }
}

/// What an answer holds of how much may still be asked.
#[must_use]
pub(in crate::forge) fn limits(response: &Response) -> Limits {
    Limits::read(response, "RateLimit")
}
