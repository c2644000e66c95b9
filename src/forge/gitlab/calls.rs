//! Which calls ask for what is demanded, and what their answers hold.

use super::{answers, branch, manifests, requests};
use crate::{
    config::GitLab,
    domain::{
        fact::Fact,
        id::{CommitId, is_same_commit},
    },
    forge::{
        answer::hold,
        demand::{Demand, NotFound, ParsedAnswer},
        key::{RepoResource, Resource, ResourceKey},
    },
    http::{ApiError, Request, Response, secret::Secret},
};

/// How a call asks: one thing each, which the key names.
#[derive(Clone, Debug)]
pub(in crate::forge) enum CallKind {
    /// The pipeline, the merge request, the project, or something of the repository.
    Resource,
    Jobs,
    Commit(CommitId),
}

/// The next call for the first of these demands.
pub(in crate::forge) fn plan(demands: &[Demand<'_>]) -> Option<(Vec<ResourceKey>, CallKind)> {
    let first = demands.first()?;
    let kind = match &first.key.resource {
        Resource::Run(_) if first.parts => CallKind::Jobs,
        Resource::Commit(_) => CallKind::Commit(first.commit?.clone()),
        Resource::Run(_) | Resource::PullRequest(_) | Resource::Project => CallKind::Resource,
        Resource::Release(_) | Resource::Approvals(_) => return None,
        Resource::Repo(resource) => match resource {
            // Its lists show all of it, and a branch itself shows whether it was merged.
            RepoResource::Parents(_)
            | RepoResource::TagObject(_)
            | RepoResource::Environments(_)
            | RepoResource::Environment(_)
            | RepoResource::Outcome(_)
            | RepoResource::BranchPullRequest(_) => return None,
            _ => CallKind::Resource,
        },
    };
    Some((vec![first.key.clone()], kind))
}

pub(in crate::forge) fn request(
    at: &GitLab,
    kind: &CallKind,
    keys: &[ResourceKey],
    secret: Option<&Secret>,
    etag: Option<&str>,
) -> Option<Request> {
    Some(match (kind, &keys.first()?.resource) {
        (CallKind::Jobs, Resource::Run(id)) => requests::request_jobs(at, id, secret),
        (CallKind::Commit(id), _) => requests::request_commit(at, id, secret),
        (CallKind::Resource, Resource::Run(id)) => requests::request_pipeline(at, id, secret, etag),
        (CallKind::Resource, Resource::PullRequest(id)) => requests::request_merge_request(at, id, secret, etag),
        (CallKind::Resource, Resource::Project) => requests::request_project(at, secret),
        (CallKind::Resource, Resource::Repo(resource)) => match resource {
            RepoResource::Head(branch) => manifests::request_log(at, None, branch.as_deref(), secret, etag),
            RepoResource::History(from) => manifests::request_log(at, Some(from), None, secret, None),
            RepoResource::Tags(prefix, page) => manifests::request_tags(at, prefix, *page, secret, etag),
            RepoResource::Statuses(commit, page) => manifests::request_statuses(at, commit, *page, secret),
            RepoResource::Contains(old, new) => branch::request_is_ancestor(at, old, new, secret),
            RepoResource::Between(old, new) => branch::request_compare(at, old, new, secret),
            RepoResource::Branch(name) => branch::request_branch(at, name, secret),
            RepoResource::Parents(_)
            | RepoResource::TagObject(_)
            | RepoResource::Environments(_)
            | RepoResource::Environment(_)
            | RepoResource::Outcome(_)
            | RepoResource::BranchPullRequest(_) => return None,
        },
        (CallKind::Jobs | CallKind::Resource, _) => return None,
    })
}

pub(in crate::forge) fn read(
    kind: &CallKind,
    keys: &[ResourceKey],
    response: &Response,
) -> Result<ParsedAnswer, ApiError> {
    let Some(key) = keys.first() else { return Ok(ParsedAnswer::default()) };
    match (kind, &key.resource) {
        (CallKind::Jobs, resource) => {
            hold(response, &["pipeline", "id"], |id| matches!(resource, Resource::Run(run) if run.as_str() == id))?;
            answers::parse_jobs(response).map(ParsedAnswer::parts)
        }
        (CallKind::Commit(_), _) => ParsedAnswer::commit(key, answers::parse_commit(response)?),
        (CallKind::Resource, Resource::Run(_)) => ParsedAnswer::run(key, answers::parse_pipeline(response)?),
        (CallKind::Resource, Resource::PullRequest(_)) => {
            ParsedAnswer::pull_request(key, answers::parse_merge_request(response)?)
        }
        (CallKind::Resource, Resource::Project) => {
            let answers::Project { path, web } = answers::parse_project(response)?;
            Ok(ParsedAnswer::one(key, Fact::Project { path, web }))
        }
        (CallKind::Resource, Resource::Repo(resource)) => {
            let fact = match resource {
                RepoResource::Head(_) | RepoResource::History(_) => {
                    return ParsedAnswer::log(key, manifests::parse_log(response)?);
                }
                RepoResource::Tags(..) => Fact::Tags(manifests::parse_tags(response)?),
                RepoResource::Statuses(commit, _) => {
                    hold(response, &["sha"], |sha| is_same_commit(sha, commit.as_str()))?;
                    Fact::Statuses(manifests::parse_statuses(response, commit)?)
                }
                RepoResource::Contains(old, _) => {
                    Fact::Compared { ahead: None, is_ancestor: Some(branch::parse_is_ancestor(response, old)?) }
                }
                RepoResource::Between(_, new) => {
                    hold(response, &["commit", "id"], |id| is_same_commit(id, new.as_str()))?;
                    Fact::Compared { ahead: Some(branch::parse_compare(response)?), is_ancestor: None }
                }
                RepoResource::Branch(name) => Fact::Branch(branch::parse_branch(response, name)?),
                RepoResource::Parents(_)
                | RepoResource::TagObject(_)
                | RepoResource::Environments(_)
                | RepoResource::Environment(_)
                | RepoResource::Outcome(_)
                | RepoResource::BranchPullRequest(_) => return Ok(ParsedAnswer::default()),
            };
            Ok(ParsedAnswer::one(key, fact))
        }
        (CallKind::Resource, Resource::Release(_) | Resource::Commit(_) | Resource::Approvals(_)) => {
            Ok(ParsedAnswer::default())
        }
    }
}

/// What "not found" means for a call.
pub(in crate::forge) fn not_found(kind: &CallKind, keys: &[ResourceKey]) -> NotFound {
    match kind {
        // A run without jobs is no less there.
        CallKind::Jobs => NotFound::NoParts,
        CallKind::Resource if keys.first().is_some_and(ResourceKey::is_head) => NotFound::Refused,
        CallKind::Resource | CallKind::Commit(_) => NotFound::Gone,
    }
}
