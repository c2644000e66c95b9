//! Azure DevOps: the service (`dev.azure.com`, classic releases on `vsrm.dev.azure.com`) and Azure DevOps Server, where
//! a collection stands for the organization and releases are on the same host.
//!
//! Source: the "Azure DevOps Services REST API" reference, version 7.1, and its specifications (`build`, `release`,
//! `git`). What it leaves open is read either way: words in any case, dates of year 1 as absent, `null` as missing.
//! Nothing here builds on continuation tokens, because a browser does not get to see those headers.

mod access;
mod answers;
mod approvals;
mod branch;
mod build;
mod calls;
mod commit;
mod explain;
mod manifests;
mod person;
mod pull_request;
mod release;
mod repository;
mod requests;
mod tags;
mod timeline;

use std::time::Duration;

pub(super) use self::{
    access::{
        SIGN_IN_SCOPES, has_entra_sign_in, parse_test, release_secret, request_owner, request_test, scope,
        shares_token, token_page,
    },
    branch::compare_link,
    calls::{CallKind, not_found, plan, read, request},
    commit::commit_link,
    explain::explain,
    repository::repository_at,
};
use super::{
    capabilities::{Anonymous, BucketSize, Capabilities, PartsCalls, TokenScope},
    limits::Limits,
};
use crate::http::Response;

/// What the engine has to know of it. It counts load, not requests, and shows browsers nothing of that.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    anonymous: Anonymous::Nothing,
    token_scope: TokenScope::Organization,
    bucket: Some(BucketSize { burst: 10, refill: Duration::from_secs(2) }),
    takes_lists: true,
    needs_whole_commit_ids: true,
    is_sure_of_absence: true,
    parts_calls: PartsCalls::UnlessPlainlyWell,
    has_environments: false,
    summarized_commits: 0,
    merges_by_pull_request: true,
    numbers_projects: false,
};

/// What an answer holds of how much may still be asked: "Rate and usage limits" names `X-RateLimit-*` and
/// `Retry-After`. They come only once a limit is near.
#[must_use]
pub(super) fn limits(response: &Response) -> Limits {
    Limits::read(response, "X-RateLimit")
}

#[cfg(test)]
mod tests;
