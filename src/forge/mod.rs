//! What forges know: runs, commits, pull requests. One file a forge, each a set of pairs: `request_x` says how to ask,
//! `parse_x` reads the answer. Neither performs IO, and only here are the forges' own words and addresses known.
//!
//! This is deliberately not a common denominator: what can be asked at once differs too much (a hundred builds in one
//! request of Azure DevOps, a page of everything in one of GitHub's GraphQL, one pipeline a request of GitLab). The
//! engine decides what is asked for, these say how.

mod answer;
pub mod azure_devops;
pub mod github;
pub mod gitlab;

use std::time::Duration;

use crate::{domain::time::Timestamp, http::Response};

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
