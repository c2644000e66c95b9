//! Answers of GitLab.

use std::collections::BTreeMap;

use super::trouble;
use crate::{
    domain::{
        commit::Commit,
        deployment::Status,
        id::{Branch, CommitId, PullRequestId, Repository, RunId},
        link::Link,
        person::Person,
        pull_request::{PullRequest, PullState},
        run::{Run, RunPart},
        time::Timestamp,
    },
    forge::answer::{item, no},
    http::{ApiError, Response},
    json::{Json, wire},
};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Project {
    /// `group/name`.
    pub(super) path: Box<str>,
    pub(super) web: Link,
}

wire! {
    struct User {
        name: Option<String>,
        avatar_url: Option<String>,
        web_url: Option<String>,
    }
}

impl User {
    fn person(self) -> Option<Person> {
        Some(Person {
            name: boxed(self.name)?,
            email: None,
            image: link(self.avatar_url.as_deref()),
            url: link(self.web_url.as_deref()),
        })
    }
}

wire! {
    struct Pipeline {
        id: Option<u64>,
        iid: Option<u64>,
        project_id: Option<u64>,
        name: Option<String>,
        sha: Option<String>,
        branch: Option<String> = "ref",
        tag: Option<bool>,
        status: Option<String>,
        created_at: Option<String>,
        updated_at: Option<String>,
        started_at: Option<String>,
        finished_at: Option<String>,
        web_url: Option<String>,
        user: Option<User>,
        detailed_status: Option<DetailedStatus>,
    }

    struct DetailedStatus {
        group: Option<String>,
    }
}

/// Reads the answer to [`super::request_pipeline`].
///
/// # Errors
/// When it is a refusal, or no pipeline.
pub(super) fn parse_pipeline(response: &Response) -> Result<(RunId, Run), ApiError> {
    let pipeline: Pipeline = trouble::read(response)?;
    let id = pipeline.id.and_then(|id| RunId::new(&id.to_string()));
    let id = id.ok_or_else(|| no(response, "a pipeline without an id"))?;
    let status = status(pipeline.status.as_deref());
    let number = || pipeline.iid.or(pipeline.id).map(|n| format!("#{n}"));
    let is_over = matches!(status, Status::Succeeded | Status::Failed | Status::Canceled | Status::Skipped);
    let group = pipeline.detailed_status.and_then(|s| s.group);
    let run = Run {
        warned: status == Status::Succeeded && group.as_deref() == Some("success-with-warnings"),
        name: boxed(pipeline.name).or_else(|| boxed(number())),
        link: link(pipeline.web_url.as_deref()),
        queued: time(pipeline.created_at.as_deref()),
        started: time(pipeline.started_at.as_deref()),
        // One that was canceled or skipped before it began was never finished, only changed.
        ended: time(pipeline.finished_at.as_deref())
            .or_else(|| time(pipeline.updated_at.as_deref()))
            .filter(|_| is_over),
        commit: pipeline.sha.as_deref().and_then(CommitId::new),
        branch: pipeline.branch.as_deref().filter(|_| pipeline.tag != Some(true)).and_then(bare).and_then(Branch::new),
        repository: pipeline.project_id.and_then(|id| Repository::new(&id.to_string())),
        starter: pipeline.user.and_then(User::person),
        ..Run::new(status)
    };
    Ok((id, run))
}

/// The most items that an answer holds.
pub(super) const PAGE: usize = 100;

wire! {
    struct Job {
        id: u64,
        name: Option<String>,
        stage: String,
        status: Option<String>,
        allow_failure: Option<bool>,
        started_at: Option<String>,
        finished_at: Option<String>,
    }
}

/// Reads the answer to [`super::request_jobs`]: the stages in their order. A stage is as its worst job is; a job that
/// is allowed to fail only warns, and one that has been run again counts for nothing. Jobs that cannot be read, or did
/// not fit into the answer, are a last part of their own whose state is unknown.
///
/// # Errors
/// When it is a refusal, or no list.
pub(super) fn parse_jobs(response: &Response) -> Result<Vec<RunPart>, ApiError> {
    let items: Vec<Json<'_>> = trouble::read(response)?;
    let mut jobs: Vec<Job> = items.iter().filter_map(item).collect();
    let is_all = jobs.len() == items.len() && !has_next_page(response, items.len());
    // The list has the newest first; numbers are given stage by stage, and anew to a job that is run again.
    jobs.sort_by_key(|job| job.id);
    let attempts: BTreeMap<(&str, Option<&str>), u64> =
        jobs.iter().map(|job| ((job.stage.as_str(), job.name.as_deref()), job.id)).collect();
    let mut parts: Vec<RunPart> = Vec::new();
    for job in &jobs {
        let index = parts.iter().position(|part| *part.name == *job.stage).unwrap_or(parts.len());
        if index == parts.len() {
            parts.push(part(&job.stage, Status::Incomplete));
        }
        let is_last = attempts.get(&(job.stage.as_str(), job.name.as_deref())) == Some(&job.id);
        let Some(part) = parts.get_mut(index).filter(|_| is_last) else { continue };
        let may_fail = job.allow_failure.unwrap_or(false);
        let warned = may_fail && matches!(job.status.as_deref(), Some("failed" | "canceled"));
        // What waits for a hand that need not come holds up nothing.
        let status = match status(job.status.as_deref()) {
            _ if warned => Status::Succeeded,
            Status::Waiting if may_fail => Status::Incomplete,
            status => status,
        };
        let (started, ended) = (time(job.started_at.as_deref()), time(job.finished_at.as_deref()));
        part.status = worse(part.status, status);
        part.warned |= warned;
        part.started = part.started.into_iter().chain(started).min();
        part.ended = part.ended.max(ended);
    }
    for part in &mut parts {
        // The end of some of its jobs is not its own.
        if !matches!(part.status, Status::Succeeded | Status::Failed | Status::Canceled) {
            part.ended = None;
        }
    }
    if !is_all {
        parts.push(part("jobs not listed", Status::Unknown));
    }
    Ok(parts)
}

fn part(name: &str, status: Status) -> RunPart {
    RunPart::new(name, status)
}

/// `X-Next-Page` is there, and empty on the last page. Where a browser does not show it, a full page may have a next.
fn has_next_page(response: &Response, jobs: usize) -> bool {
    response.header("x-next-page").map_or(jobs >= PAGE, |next| !next.trim().is_empty())
}

/// Of two jobs' states the one that decides the stage's.
fn worse(a: Status, b: Status) -> Status {
    const ORDER: [Status; 9] = [
        Status::Failed,
        Status::Canceled,
        Status::Running,
        Status::Waiting,
        Status::Queued,
        Status::Unknown,
        Status::Succeeded,
        Status::Skipped,
        Status::Incomplete,
    ];
    ORDER.into_iter().find(|&status| status == a || status == b).unwrap_or(a)
}

/// A state in GitLab's words. One that was skipped did not run and will not; `manual` waits for somebody to start it.
fn status(word: Option<&str>) -> Status {
    match word.unwrap_or_default() {
        "created" | "waiting_for_resource" | "preparing" | "waiting_for_callback" | "pending" | "scheduled" => {
            Status::Queued
        }
        "running" | "canceling" => Status::Running,
        "success" => Status::Succeeded,
        "failed" => Status::Failed,
        "canceled" => Status::Canceled,
        "skipped" => Status::Skipped,
        "manual" => Status::Waiting,
        _ => Status::Unknown,
    }
}

wire! {
    struct MergeRequest {
        iid: Option<u64>,
        title: Option<String>,
        state: Option<String>,
        draft: Option<bool>,
        web_url: Option<String>,
        source_branch: Option<String>,
        created_at: Option<String>,
        merged_at: Option<String>,
        closed_at: Option<String>,
        author: Option<User>,
        merge_user: Option<User>,
        /// What `merge_user` was called before.
        merged_by: Option<User>,
        reviewers: Option<Vec<User>>,
        merge_commit_sha: Option<String>,
        squash_commit_sha: Option<String>,
        sha: Option<String>,
    }
}

/// Reads the answer to [`super::request_merge_request`].
///
/// # Errors
/// When it is a refusal, or no merge request.
pub(super) fn parse_merge_request(response: &Response) -> Result<PullRequest, ApiError> {
    let merge: MergeRequest = trouble::read(response)?;
    let id = merge.iid.and_then(|iid| PullRequestId::new(&iid.to_string()));
    let id = id.ok_or_else(|| no(response, "a merge request without a number"))?;
    let state = match merge.state.as_deref().unwrap_or_default() {
        // Locked is what it is for the moment in which it is being merged.
        "opened" | "locked" => PullState::Open,
        "merged" => PullState::Merged,
        "closed" => PullState::Abandoned,
        _ => PullState::Unknown,
    };
    let is_merged = state == PullState::Merged;
    let made = [merge.merge_commit_sha, merge.squash_commit_sha, merge.sha].into_iter().flatten();
    let people = merge.reviewers.into_iter().flatten().filter_map(User::person);
    Ok(PullRequest {
        draft: merge.draft.unwrap_or(false),
        title: boxed(merge.title),
        link: link(merge.web_url.as_deref()),
        branch: merge.source_branch.as_deref().and_then(Branch::new),
        created: time(merge.created_at.as_deref()),
        ended: time(if is_merged { merge.merged_at.as_deref() } else { merge.closed_at.as_deref() }),
        author: merge.author.and_then(User::person),
        merged_by: merge.merge_user.or(merge.merged_by).and_then(User::person).filter(|_| is_merged),
        waits_for: if state == PullState::Open { people.collect() } else { Vec::new() },
        // A merge that only moved the branch forward made no commit of its own: the last one of it is there then.
        merge_commit: made.filter_map(|sha| CommitId::new(&sha)).next().filter(|_| is_merged),
        ..PullRequest::new(id, state)
    })
}

wire! {
    struct WireCommit {
        id: Option<String>,
        message: Option<String>,
        author_name: Option<String>,
        author_email: Option<String>,
        committed_date: Option<String>,
        web_url: Option<String>,
    }
}

/// Reads the answer to [`super::request_commit`]. It has no pictures; asking for them would show somebody's e-mail
/// address to a service that people need not know of.
///
/// # Errors
/// When it is a refusal, or no commit.
pub(super) fn parse_commit(response: &Response) -> Result<Commit, ApiError> {
    let commit: WireCommit = trouble::read(response)?;
    let id = commit.id.as_deref().and_then(CommitId::new);
    let email = boxed(commit.author_email);
    Ok(Commit {
        id: id.ok_or_else(|| no(response, "a commit without an id"))?,
        message: boxed(commit.message),
        author: boxed(commit.author_name).map(|name| Person { name, email, image: None, url: None }),
        at: time(commit.committed_date.as_deref()),
        link: link(commit.web_url.as_deref()),
    })
}

wire! {
    struct WireProject {
        path_with_namespace: Option<String>,
        web_url: Option<String>,
    }
}

/// Reads the answer to [`super::request_project`].
///
/// # Errors
/// When it is a refusal, or no project.
pub(super) fn parse_project(response: &Response) -> Result<Project, ApiError> {
    let project: WireProject = trouble::read(response)?;
    let found = boxed(project.path_with_namespace).zip(link(project.web_url.as_deref()));
    let (path, web) = found.ok_or_else(|| no(response, "a project without an address"))?;
    Ok(Project { path, web })
}

/// Reads the answer to [`super::request_test`].
///
/// # Errors
/// When it is a refusal, or no project.
pub(in crate::forge) fn parse_test(response: &Response) -> Result<(), ApiError> {
    parse_project(response).map(|_| ())
}

pub(super) fn boxed(text: Option<String>) -> Option<Box<str>> {
    text.filter(|text| !text.trim().is_empty()).map(Into::into)
}

fn link(text: Option<&str>) -> Option<Link> {
    text.and_then(Link::new)
}

pub(super) fn time(text: Option<&str>) -> Option<Timestamp> {
    text.and_then(Timestamp::parse)
}

/// A branch without `refs/heads/`. What a merge request's own pipeline runs on (`refs/merge-requests/3/head`) is none.
fn bare(branch: &str) -> Option<&str> {
    let bare = branch.strip_prefix("refs/heads/").unwrap_or(branch);
    (!bare.starts_with("refs/")).then_some(bare)
}
