//! How two commits stand to each other, and what became of a branch.

use super::{
    answers::{List, one},
    commit::place,
    pull_request::state,
    requests::{VERSION, home, read_at},
};
use crate::{
    config::AzureDevOps,
    domain::{
        id::CommitId,
        link::Link,
        manifests::{BranchEnd, Compared},
        pull_request::PullState,
    },
    forge::answer::{branch_end, item, no},
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::wire,
};

/// What `new` holds that `old` does not ("Diffs - Get"). Which files differ comes too, of which one is the fewest.
pub(super) fn request_compare(
    at: &AzureDevOps,
    repository: &str,
    old: &CommitId,
    new: &CommitId,
    secret: Option<&Secret>,
) -> Request {
    let (old, new) = (encode(old.as_str()), encode(new.as_str()));
    let base = format!("baseVersion={old}&baseVersionType=commit");
    let target = format!("targetVersion={new}&targetVersionType=commit");
    read_at(format!("{}/diffs/commits?{base}&{target}&$top=1&{VERSION}", place(at, repository)), secret)
}

#[must_use]
pub(in crate::forge) fn compare_link(
    at: &AzureDevOps,
    repository: &str,
    old: &CommitId,
    new: &CommitId,
) -> Option<Link> {
    let (home, repository) = (home(&at.api, at), encode(repository));
    let (old, new) = (encode(old.as_str()), encode(new.as_str()));
    Link::new(&format!("{home}/_git/{repository}/branchCompare?baseVersion=GC{old}&targetVersion=GC{new}"))
}

wire! {
    struct GitCommitDiffs {
        ahead_count: Option<u32> = "aheadCount",
        behind_count: Option<u32> = "behindCount",
    }
}

/// Reads the answer to [`request_compare`]: the counts are those of the target, seen from the base.
///
/// # Errors
/// When the answer is a refusal or no comparison.
pub(super) fn parse_compare(response: &Response) -> Result<Compared, ApiError> {
    let diffs: GitCommitDiffs = one(response)?;
    let counts = diffs.ahead_count.zip(diffs.behind_count);
    let (ahead, behind) = counts.ok_or_else(|| no(response, "a comparison that does not count"))?;
    Ok(Compared { ahead, is_ancestor: behind == 0 })
}

/// Whether there is a branch of that name ("Refs - List", which looks for names that begin with it).
pub(super) fn request_branch(at: &AzureDevOps, repository: &str, name: &str, secret: Option<&Secret>) -> Request {
    let filter = encode(&["heads/", name].concat());
    read_at(format!("{}/refs?filter={filter}&{VERSION}", place(at, repository)), secret)
}

wire! {
    struct GitRef {
        name: String,
    }
}

/// Reads the answer to [`request_branch`] of that name: `None` when the branch is there.
///
/// # Errors
/// When the answer is a refusal, or a list in which the branch may be without being readable.
pub(super) fn parse_branch(response: &Response, name: &str) -> Result<Option<BranchEnd>, ApiError> {
    let List { value } = one(response)?;
    branch_end(response, value.iter().map(|raw| Some(item::<GitRef>(raw)?.name)), name)
}

/// The newest pull request that would merge a branch ("Get Pull Requests").
pub(super) fn request_branch_pull(at: &AzureDevOps, repository: &str, name: &str, secret: Option<&Secret>) -> Request {
    let (place, name) = (place(at, repository), encode(&["refs/heads/", name].concat()));
    let search = format!("searchCriteria.sourceRefName={name}&searchCriteria.status=all");
    read_at(format!("{place}/pullrequests?{search}&$top=1&{VERSION}"), secret)
}

wire! {
    struct GitPullRequest {
        status: Option<String>,
    }
}

/// Reads the answer to [`request_branch_pull`]: `None` when there never was one.
///
/// # Errors
/// When the answer is a refusal or no list.
pub(super) fn parse_branch_pull(response: &Response) -> Result<Option<PullState>, ApiError> {
    let List { value } = one(response)?;
    let of = |pull: GitPullRequest| state(pull.status.as_deref());
    Ok(value.first().map(|raw| item(raw).map_or(PullState::Unknown, of)))
}
