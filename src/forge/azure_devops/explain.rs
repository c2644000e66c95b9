//! What people read when Azure DevOps does not answer as it should.

use super::{
    access::{scope, shares_token},
    requests::LEGACY,
};
use crate::{
    config::AzureDevOps,
    domain::problem::ProblemKind,
    forge::{
        capabilities::Reads,
        explain::{Asked, common},
    },
    http::ApiError,
};

/// What is wrong, and what to do about it. A browser shows nothing of a refusal, because that comes without the
/// header that would let this page read it: it looks as if there were no network.
#[must_use]
pub(in crate::forge) fn explain(error: &ApiError, at: &AzureDevOps, reads: Reads) -> (String, String) {
    let things = match reads {
        Reads::Runs => "builds",
        Reads::Releases => "releases",
        Reads::Approvals => "approvals",
        Reads::Commits => "commits",
        Reads::PullRequests => "pull requests",
        // Deployments to environments are asked for at GitHub alone.
        Reads::Manifests | Reads::Environments => "commits and tags",
        Reads::Statuses => "commit statuses",
    };
    let api = if reads == Reads::Releases { &at.release_api } else { &at.api };
    let (host, home, scope) = (api.origin().as_str(), at.api.origin().as_str(), scope(reads));
    let (organization, project) = (&at.organization, &at.project);
    let is_service = at.api.host() == "dev.azure.com" || at.api.host().ends_with(LEGACY);
    let house = if is_service { "organization" } else { "collection" };
    let address = if reads == Reads::Releases && host != home { "releaseApi" } else { "api" };
    if reads == Reads::Releases
        && !shares_token(at)
        && matches!(error.kind, ProblemKind::Unauthorized | ProblemKind::Unreachable)
    {
        return (
            format!("{host} does not let this page read the releases of {project}."),
            format!(
                "config.json names it as releaseApi. The token for {home} is not sent there, because a token belongs to \
                 one origin. Check releaseApi, or leave it out."
            ),
        );
    }
    match error.kind {
        ProblemKind::Unauthorized => (
            format!("{host} does not accept the token for the {things} of {project}."),
            format!(
                "It is missing, mistyped, expired or revoked, was made in another {house}, or lacks the scope {scope}. \
                 Make one in {organization} and enter it under Connections."
            ),
        ),
        ProblemKind::Expired => (
            format!("The token for {home} has expired."),
            format!("Make a new one in {organization} with the scope {scope} and enter it under Connections."),
        ),
        ProblemKind::Forbidden => (
            format!("The token may not read the {things} of {project}."),
            format!(
                "It needs the scope {scope}, and whoever made it must be allowed to see them in {project}. A policy of \
                 the {house} may also shut out this network."
            ),
        ),
        ProblemKind::NotFound if ["BuildNotFoundException", "ReleaseNotFoundException"].contains(&error.code.as_str()) => (
            format!("{host} no longer has some of the {things} of {project}."),
            "Nothing to do: they are kept as long as the retention policy allows, and then only the table has them."
                .to_owned(),
        ),
        ProblemKind::NotFound => match reads {
            Reads::Runs | Reads::Releases | Reads::Approvals => (
                format!("There is no project {project} in {organization} at {host}."),
                format!(
                    "Check organization, project and {address} in config.json. The same is said of a project that \
                     whoever made the token may not see."
                ),
            ),
            Reads::Commits
            | Reads::PullRequests
            | Reads::Manifests
            | Reads::Statuses
            | Reads::Environments => (
                format!("{project} in {organization} does not have the repository, or not these {things}."),
                "Repositories move and get new names, and their history can be rewritten. The same is said of a \
                 repository that whoever made the token may not see."
                    .to_owned(),
            ),
        },
        ProblemKind::RateLimited => (
            format!("{host} is limiting requests."),
            "Retrying more slowly. Whatever else uses the same token counts too.".to_owned(),
        ),
        ProblemKind::Unreachable => (
            format!("{host} does not let this page read the {things} of {project}."),
            format!(
                "Most likely it is the token: missing, mistyped, expired or made in another {house}. Browsers report a \
                 refused token and an unreachable host alike. Enter a new one with the scope {scope} under \
                 Connections; if that does not help, this network blocks {host}{}.",
                if is_service { "" } else { ", or the server does not let pages of other origins in (CORS)" }
            ),
        ),
        ProblemKind::Unreadable if error.status == 400 => (
            format!("{host} rejects the request for the {things} of {project}."),
            format!(
                "Check {address} in config.json. Azure DevOps Server must be 2022.1 or newer: version 7.1 of its API is \
                 asked for."
            ),
        ),
        ProblemKind::Timeout
        | ProblemKind::Offline
        | ProblemKind::Truncated
        | ProblemKind::Server
        | ProblemKind::Unreadable => {
            let (things, check) = (format!("{things} of {project}"), format!("Check {address} in config.json."));
            common(error, &Asked { host, things: &things, check: &check })
        }
    }
}
