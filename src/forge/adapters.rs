//! What the engine asks of a forge: each function picks the adapter.

use super::{
    answer, azure_devops,
    call::{Call, CallKind},
    capabilities::{Capabilities, Reads},
    demand::{Demand, NotFound, ParsedAnswer, PlanContext},
    github, gitlab,
    key::ResourceKey,
    limits::Limits,
};
use crate::{
    config::Forge,
    domain::{
        id::CommitId,
        link::Link,
        problem::ProblemKind,
        run::{Approval, Run},
        stage::Service,
    },
    http::{ApiError, Origin, REDIRECTED, Request, Response, secret::Secret},
};

/// The next call for the first of these demands, and for as many of the others as it has room for: all are of one
/// origin and may be asked now. `in_flight` are the calls to that origin whose answers are awaited. `None` when it
/// cannot be asked for, or an answer that is awaited may have it.
#[must_use]
pub fn plan(demands: &[Demand<'_>], context: &PlanContext<'_>, in_flight: &[&Call]) -> Option<Call> {
    let first = demands.first()?;
    let (keys, kind) = match context.repositories.get(first.key.repo)? {
        Forge::AzureDevOps(at) => {
            let there = in_flight.iter().filter(|call| call.repo() == Some(first.key.repo));
            let kinds = there.filter_map(|call| match &call.kind {
                CallKind::AzureDevOps(kind) => Some(kind),
                _ => None,
            });
            let (keys, kind) = azure_devops::plan(at, demands, kinds)?;
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

/// What the answer to a call holds.
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

/// Whether a failure is unrelated to what was asked for: the service is down, or something in between answered.
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

/// Which of the approvals that [`Run::approvals`] leads to a run itself waits for.
#[must_use]
pub fn approvals_of_run<'a>(
    forge: &Forge,
    key: &ResourceKey,
    run: &Run,
    approvals: &'a [Approval],
) -> Vec<&'a Approval> {
    match forge {
        Forge::GitHub(_) => github::approvals_of_run(key, run, approvals),
        Forge::AzureDevOps(_) | Forge::GitLab(_) => approvals.iter().collect(),
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

/// What an answer's headers holds of how much may still be asked.
#[must_use]
pub fn limits(service: Service, response: &Response) -> Limits {
    match service {
        Service::AzureDevOps => azure_devops::limits(response),
        Service::GitHub => github::limits(response),
        Service::GitLab => gitlab::limits(response),
    }
}

/// One harmless request that shows whether a token works.
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

/// What people read when a forge refuses: what is wrong, and what to do.
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

#[cfg(test)]
mod tests;
