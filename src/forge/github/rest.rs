//! One thing a request. Only parameters that GitHub's OpenAPI description names are used.

use super::{requests::get, trouble, wire};
use crate::{
    config::GitHub,
    domain::{
        commit::Commit,
        id::{CommitId, PullRequestId, RunId},
        problem::ProblemKind,
        pull_request::PullRequest,
        run::Run,
    },
    forge::answer::no,
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::wire,
};

/// A job of GitHub Actions. Where there is none of that id, it may be the id of a run: [`request_run`].
pub(super) fn request_job(at: &GitHub, id: &RunId, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, &["/actions/jobs/", &encode(id.as_str())].concat(), secret, etag)
}

/// Reads the answer to [`request_job`]. Steps are reported only of a job that failed by one.
///
/// # Errors
/// When it is a refusal, or no job.
pub(super) fn parse_job(response: &Response) -> Result<(RunId, Run), ApiError> {
    let job: wire::Job = trouble::read(response)?;
    let id = job.id.and_then(|id| RunId::new(&id.to_string())).ok_or_else(|| no(response, "a job without an id"))?;
    Ok((id, job.run()))
}

/// A workflow run of GitHub Actions.
pub(super) fn request_run(at: &GitHub, id: &RunId, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    // The pull requests of the branch would be listed otherwise, which rows have more exactly.
    let below = ["/actions/runs/", &encode(id.as_str()), "?exclude_pull_requests=true"].concat();
    get(at, &below, secret, etag)
}

/// Reads the answer to [`request_run`].
///
/// # Errors
/// When it is a refusal, or no workflow run.
pub(super) fn parse_run(response: &Response) -> Result<(RunId, Run), ApiError> {
    let run: wire::WorkflowRun = trouble::read(response)?;
    let id = run.id.and_then(|id| RunId::new(&id.to_string())).ok_or_else(|| no(response, "a run without an id"))?;
    Ok((id, run.run()))
}

/// A commit, by its id or the begin of that. What it changed comes in pages, of which one file is the smallest.
pub(super) fn request_commit(at: &GitHub, id: &CommitId, secret: Option<&Secret>) -> Request {
    get(at, &["/commits/", &encode(id.as_str()), "?per_page=1"].concat(), secret, None)
}

/// Reads the answer to [`request_commit`].
///
/// # Errors
/// When it is a refusal, or no commit.
pub(super) fn parse_commit(response: &Response) -> Result<Commit, ApiError> {
    let commit: wire::Commit = trouble::read(response).map_err(|mut error| {
        // An id that no commit has is invalid to GitHub (422), and a repository without any is in conflict (409).
        if matches!(error.status, 409 | 422) {
            error.kind = ProblemKind::NotFound;
        }
        error
    })?;
    commit.commit().ok_or_else(|| no(response, "a commit without an id"))
}

pub(super) fn request_pull_request(
    at: &GitHub,
    id: &PullRequestId,
    secret: Option<&Secret>,
    etag: Option<&str>,
) -> Request {
    get(at, &["/pulls/", &encode(id.as_str())].concat(), secret, etag)
}

/// Reads the answer to [`request_pull_request`].
///
/// # Errors
/// When it is a refusal, or no pull request.
pub(super) fn parse_pull_request(response: &Response) -> Result<PullRequest, ApiError> {
    let pull: wire::Pull = trouble::read(response)?;
    pull.pull_request().ok_or_else(|| no(response, "a pull request without a number"))
}

/// The repository itself: whether the token is one, and may read it.
pub(in crate::forge) fn request_test(at: &GitHub, secret: Option<&Secret>) -> Request {
    get(at, "", secret, None)
}

wire! {
    struct Repository {
        full_name: Option<String>,
    }
}

/// Reads the answer to [`request_test`].
///
/// # Errors
/// When it is a refusal, or no repository.
pub(in crate::forge) fn parse_test(response: &Response) -> Result<(), ApiError> {
    let repository: Repository = trouble::read(response)?;
    repository.full_name.map(|_| ()).ok_or_else(|| no(response, "a repository without a name"))
}
