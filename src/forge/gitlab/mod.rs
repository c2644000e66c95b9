//! GitLab, and GitLab on a server of one's own.
//!
//! Sources: the pages "Pipelines API", "Jobs API", "Merge requests API", "Commits API", "Tags API", "Repositories API",
//! "Branches API", "Projects API", "REST API authentication" and "Rate limits" of GitLab's documentation.
//!
//! One thing a request: lists leave out what a pipeline's times and people are. Rows hold numbers of projects where
//! other forges' rows hold addresses, so links need the project's own address, which [`request_project`] asks for once.

mod access;
mod answers;
mod branch;
mod calls;
mod manifests;
mod repository;
mod requests;
mod trouble;

#[cfg(test)]
mod tests;

pub(super) use self::{
    access::{scope, token_page},
    answers::parse_test,
    branch::compare_link,
    calls::{CallKind, not_found, plan, read, request},
    repository::{commit_link, repository},
    requests::{limits, request_owner, request_test},
    trouble::explain,
};
use super::capabilities::{Anonymous, Capabilities, PartsCalls, TokenScope};

pub(super) const CAPABILITIES: Capabilities = Capabilities {
    anonymous: Anonymous::AsMuch,
    token_scope: TokenScope::Origin,
    bucket: None,
    takes_lists: false,
    needs_whole_commit_ids: false,
    is_sure_of_absence: false,
    parts_calls: PartsCalls::OfFailedAndWaiting,
    has_environments: false,
    summarized_commits: 0,
    merges_by_pull_request: false,
    numbers_projects: true,
};
