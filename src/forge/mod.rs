//! What forges know: runs, commits, pull requests. One folder a forge, which owns its protocol: its words, addresses and
//! shapes are private to it.
//!
//! The engine sees [demands](Demand), which [`plan`] turns into as few opaque [calls](Call) as the forge allows, and
//! [facts](ParsedAnswer), which [`read`] makes of a call's answer. What differs between forges and matters to when and
//! what is asked is data: [`Capabilities`]. Nothing here performs IO or decides when something is asked.
//!
//! How much one call asks for differs: a hundred builds in one request of Azure DevOps, fifty things of everything in one
//! of GitHub's GraphQL, one pipeline a request of GitLab.

mod answer;
mod azure_devops;
mod call;
mod capabilities;
pub mod connections;
mod explain;
mod github;
mod gitlab;
mod key;
mod references;

use std::time::Duration;

pub use self::{
    call::{Call, Demand, NotFound, ParsedAnswer, PlanContext},
    capabilities::{Anonymous, BucketSize, Capabilities, PartsCalls, TokenScope},
    key::{RepoId, RepoResource, Repositories, Resource, ResourceKey},
    references::{KnownFacts, ProjectForges, RowNames, RowReferences},
};
use crate::{
    config::Forge,
    domain::{id::CommitId, link::Link, problem::ProblemKind, stage::Service, time::Timestamp},
    http::{ApiError, Origin, REDIRECTED, Request, Response, secret::Secret},
};

/// How a call asks, which only its adapter knows.
#[derive(Clone, Debug)]
enum CallKind {
    AzureDevOps(azure_devops::CallKind),
    GitHub(github::CallKind),
    GitLab(gitlab::CallKind),
}

/// The next call for the first of these demands, and for as many of the others as it has room for: all are of one
/// origin and may be asked now. `None` when it cannot be asked for, or an answer that is awaited may tell it.
#[must_use]
pub fn plan(demands: &[Demand<'_>], context: &PlanContext<'_>) -> Option<Call> {
    let first = demands.first()?;
    let (keys, kind) = match context.repositories.get(first.key.repo)? {
        Forge::AzureDevOps(at) => {
            let (keys, kind) = azure_devops::plan(at, demands, context)?;
            (keys, CallKind::AzureDevOps(kind))
        }
        Forge::GitHub(_) => {
            let (keys, kind) = github::plan(demands, context)?;
            (keys, CallKind::GitHub(kind))
        }
        Forge::GitLab(_) => {
            let (keys, kind) = gitlab::plan(demands)?;
            (keys, CallKind::GitLab(kind))
        }
    };
    Some(Call { keys, etag: first.etag.map(str::to_owned), kind })
}

/// The request of a call to a repository of that forge.
#[must_use]
pub fn request(forge: &Forge, call: &Call, secret: Option<&Secret>) -> Option<Request> {
    let (keys, etag) = (call.keys(), call.etag.as_deref());
    match (forge, &call.kind) {
        (Forge::AzureDevOps(at), CallKind::AzureDevOps(kind)) => azure_devops::request(at, kind, keys, secret),
        (Forge::GitHub(at), CallKind::GitHub(kind)) => github::request(at, kind, keys, secret, etag),
        (Forge::GitLab(at), CallKind::GitLab(kind)) => gitlab::request(at, kind, keys, secret, etag),
        _ => None,
    }
}

/// What the answer to a call says.
///
/// # Errors
/// When it is a refusal, or not what was asked for.
pub fn read(call: &Call, response: &Response) -> Result<ParsedAnswer, ApiError> {
    match &call.kind {
        CallKind::AzureDevOps(kind) => azure_devops::read(kind, call.keys(), response),
        CallKind::GitHub(kind) => github::read(kind, call.keys(), response),
        CallKind::GitLab(kind) => gitlab::read(kind, call.keys(), response),
    }
}

/// What it means that a call was answered with "not found".
#[must_use]
pub fn not_found(call: &Call) -> NotFound {
    match &call.kind {
        CallKind::AzureDevOps(kind) => azure_devops::not_found(kind, call.keys()),
        CallKind::GitHub(kind) => github::not_found(kind, call.keys()),
        CallKind::GitLab(kind) => gitlab::not_found(kind, call.keys()),
    }
}

/// Whether a failure says nothing of what was asked for: the service is down, or something in between answered.
#[must_use]
pub fn is_outage(error: &ApiError) -> bool {
    error.status == 503 || error.kind == ProblemKind::Unreadable && error.detail == answer::WEB_PAGE
}

/// Whether what a call asks for can be asked for by calls of other kinds, one by one.
#[must_use]
pub const fn is_bundle(call: &Call) -> bool {
    match &call.kind {
        CallKind::AzureDevOps(kind) => matches!(kind, azure_devops::CallKind::PullRequests(_)),
        CallKind::GitHub(kind) => matches!(kind, github::CallKind::Many(_) | github::CallKind::Manifests),
        CallKind::GitLab(_) => false,
    }
}

/// What is special about a service.
#[must_use]
pub const fn capabilities(service: Service) -> &'static Capabilities {
    match service {
        Service::AzureDevOps => &azure_devops::CAPABILITIES,
        Service::GitHub => &github::CAPABILITIES,
        Service::GitLab => &gitlab::CAPABILITIES,
    }
}

/// What an answer's headers say of how much may still be asked.
#[must_use]
pub fn limits(service: Service, response: &Response) -> Limits {
    match service {
        Service::AzureDevOps => azure_devops::limits(response),
        Service::GitHub => github::limits(response),
        Service::GitLab => gitlab::limits(response),
    }
}

/// One harmless request that says whether a token works.
#[must_use]
pub fn request_test(forge: &Forge, secret: Option<&Secret>) -> Request {
    match forge {
        Forge::AzureDevOps(at) => azure_devops::request_test(at, secret),
        Forge::GitHub(at) => github::request_test(at, secret),
        Forge::GitLab(at) => gitlab::request_test(at, secret),
    }
}

/// Reads the answer to [`request_test`].
///
/// # Errors
/// When it is a refusal, or not what the service answers.
pub fn parse_test(service: Service, response: &Response) -> Result<(), ApiError> {
    match service {
        Service::AzureDevOps => azure_devops::parse_test(response),
        Service::GitHub => github::parse_test(response),
        Service::GitLab => gitlab::parse_test(response),
    }
}

/// What people read when a forge does not tell: what is wrong, and what to do.
#[must_use]
pub fn explain(error: &ApiError, forge: &Forge, reads: Reads, has_token: bool) -> (String, String) {
    // Azure DevOps sends to its sign-in page whom it does not know: there it is the token.
    if error.code == REDIRECTED && !matches!(forge, Forge::AzureDevOps(_)) {
        let host = forge.api().host();
        let what = format!("{host} answers with a redirect, which is not followed with a token or to another host.");
        let hint = "What config.json or a row names was renamed or moved there, or a sign-in page stands in between. Write its new name into config.json.";
        return (what, hint.to_owned());
    }
    match forge {
        Forge::AzureDevOps(at) => azure_devops::explain(error, at, reads),
        Forge::GitHub(at) => github::explain(error, at, reads, has_token),
        Forge::GitLab(at) => gitlab::explain(error, at, reads, has_token),
    }
}

/// Where to see a commit. `project` is the address of its project, where that has to be asked for.
#[must_use]
pub fn commit_link(forge: &Forge, project: Option<&Link>, id: &CommitId) -> Option<Link> {
    match forge {
        Forge::AzureDevOps(at) => azure_devops::commit_link(at, at.repository.as_deref()?, id),
        Forge::GitHub(at) => github::commit_link(at, id),
        Forge::GitLab(_) => gitlab::commit_link(project?, id),
    }
}

/// The page with what the newer of two commits holds that the older does not. `project` as in [`commit_link`].
#[must_use]
pub fn compare_link(forge: &Forge, project: Option<&Link>, old: &CommitId, new: &CommitId) -> Option<Link> {
    match forge {
        Forge::AzureDevOps(at) => azure_devops::compare_link(at, at.repository.as_deref()?, old, new),
        Forge::GitHub(at) => github::compare_link(at, old, new),
        Forge::GitLab(_) => gitlab::compare_link(project?, old, new),
    }
}

/// What people call a repository or project in a list.
#[must_use]
pub fn repository_name(forge: &Forge) -> String {
    match forge {
        Forge::AzureDevOps(at) => format!("{}/{}", at.organization, at.project),
        Forge::GitHub(at) => at.repository.to_string(),
        Forge::GitLab(at) => format!("project {}", at.project),
    }
}

/// The branch that a configuration names; `None` is the default one.
#[must_use]
pub fn branch(forge: &Forge) -> Option<&str> {
    let branch = match forge {
        Forge::AzureDevOps(at) => &at.branch,
        Forge::GitHub(at) => &at.branch,
        Forge::GitLab(at) => &at.branch,
    };
    branch.as_ref().map(|branch| branch.as_str())
}

/// The origins that a forge is asked at: that of its API, and that of its releases where they are apart.
pub fn origins(forge: &Forge) -> impl Iterator<Item = &Origin> {
    let releases = match forge {
        Forge::AzureDevOps(at) => Some(at.release_api.origin()),
        Forge::GitHub(_) | Forge::GitLab(_) => None,
    };
    let api = forge.api().origin();
    std::iter::once(api).chain(releases.filter(move |&releases| releases != api))
}

/// The credential for another origin of a forge, made of the one for its API where that is good for both.
#[must_use]
pub fn secret_for(forge: &Forge, origin: &Origin, of_api: &Secret) -> Option<Secret> {
    match forge {
        Forge::AzureDevOps(at) if origin == at.release_api.origin() => azure_devops::release_secret(at, of_api),
        Forge::AzureDevOps(_) | Forge::GitHub(_) | Forge::GitLab(_) => None,
    }
}

/// What a credential must be allowed to read. Each may be missing while the others are there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reads {
    /// Builds, pipelines, workflows, jobs.
    Runs,
    /// Classic releases of Azure DevOps.
    Releases,
    /// Commits.
    Commits,
    /// Pull and merge requests.
    PullRequests,
    /// The commits and tags of a repository that clusters apply manifests from.
    Manifests,
    /// Commit statuses there.
    Statuses,
    /// Deployments to environments there.
    Environments,
}

/// What an answer says of how much may still be asked. In a browser all of it may be invisible.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Limits {
    /// Requests left until `reset`.
    pub remaining: Option<u32>,
    /// When there are more again.
    pub reset: Option<Timestamp>,
    /// Not to ask again before so long.
    pub retry_after: Option<Duration>,
}

impl Limits {
    /// From headers of the usual names, in any case: `{prefix}-Remaining` and `{prefix}-Reset` (seconds since 1970),
    /// and `Retry-After`.
    #[must_use]
    pub fn read(response: &Response, prefix: &str) -> Self {
        let number = |name: &str| response.header(&[prefix, name].concat())?.trim().parse::<i64>().ok();
        Self {
            remaining: number("-Remaining").and_then(|n| u32::try_from(n).ok()),
            reset: number("-Reset").and_then(|s| s.checked_mul(1000)).map(Timestamp::from_millis),
            retry_after: response.retry_after(),
        }
    }
}
