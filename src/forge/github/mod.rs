//! GitHub, and GitHub Enterprise with the address of one's own server.
//!
//! Sources: GitHub's OpenAPI description (`@octokit/openapi`), its GraphQL schema (`@octokit/graphql-schema`), and the
//! pages "Rate limits for the REST API", "Rate limits and query limits for the GraphQL API" and "Best practices for
//! using the REST API" of its documentation.
//!
//! Two ways to ask: by REST one thing a request, which also works without a token, and by GraphQL many things at once
//! ([`request_many`]), which needs one. What a row calls a run is the id of a job or of a workflow run: the job is
//! asked for first, and where there is none, the run.
//!
//! Without a token a request has only headers that need no preflight, so it carries neither a version nor an ETag. The
//! ETag would spare nothing either: an answer that nothing has changed is free only for requests with a token.

mod access;
mod branch;
mod calls;
mod deployments;
mod found;
mod graphql;
mod lookup;
mod manifests;
mod manifests_many;
mod pending;
mod repository;
mod requests;
mod rest;
mod tags;
mod trouble;
mod wire;
mod words;

#[cfg(test)]
mod tests;

pub(super) use self::{
    access::{scope, token_page},
    branch::compare_link,
    calls::{CallKind, not_found, plan, read, request},
    pending::approvals_of_run,
    repository::{commit_link, public, repository},
    requests::{limits, request_owner},
    rest::{parse_test, request_test},
    trouble::explain,
};
use super::capabilities::{Anonymous, Capabilities, PartsCalls, TokenScope};

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
