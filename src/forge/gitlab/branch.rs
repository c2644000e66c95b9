//! How two commits stand to each other, and what became of a branch.
//!
//! A comparison leaves out what the older commit has alone, so whether the newer one holds it is asked for apart.

use super::{answers::PAGE, repository::below, requests::get, trouble};
use crate::{
    config::GitLab,
    domain::{id::CommitId, link::Link, manifests::BranchEnd, problem::ProblemKind},
    forge::answer::{item, no},
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::{Json, wire},
};

/// The newest commit that both hold: the older one itself, if the newer one holds it.
pub(super) fn request_is_ancestor(at: &GitLab, old: &CommitId, new: &CommitId, secret: Option<&Secret>) -> Request {
    let (old, new) = (encode(old.as_str()), encode(new.as_str()));
    get(at, &format!("/repository/merge_base?refs[]={old}&refs[]={new}"), secret, None)
}

wire! {
    struct WireCommit {
        id: Option<String>,
    }
}

/// Reads the answer to [`request_is_ancestor`] of that older commit.
///
/// # Errors
/// When it is a refusal, or no commit.
pub(super) fn parse_is_ancestor(response: &Response, old: &CommitId) -> Result<bool, ApiError> {
    match trouble::read::<WireCommit>(response) {
        Ok(commit) => {
            let base = commit.id.as_deref().and_then(CommitId::new);
            base.map(|base| base.is_same_as(old)).ok_or_else(|| no(response, "a commit without an id"))
        }
        // Two histories without a common begin are distinguished from a project that is not there by this alone.
        Err(error) if error.kind == ProblemKind::NotFound && error.detail.contains("Merge Base") => Ok(false),
        Err(error) => Err(error),
    }
}

/// What `new` holds that `old` does not.
pub(super) fn request_compare(at: &GitLab, old: &CommitId, new: &CommitId, secret: Option<&Secret>) -> Request {
    let (old, new) = (encode(old.as_str()), encode(new.as_str()));
    get(at, &format!("/repository/compare?from={old}&to={new}"), secret, None)
}

wire! {
    struct Comparison<'a> {
        commits: Vec<Json<'a>>,
    }
}

/// Reads the answer to [`request_compare`]: how many commits that are.
///
/// # Errors
/// When it is a refusal, or no comparison.
pub(super) fn parse_compare(response: &Response) -> Result<u32, ApiError> {
    let Comparison { commits } = trouble::read(response)?;
    Ok(u32::try_from(commits.len()).unwrap_or(u32::MAX))
}

#[must_use]
pub(in crate::forge) fn compare_link(project: &Link, old: &CommitId, new: &CommitId) -> Option<Link> {
    let link = below(project, "/-/compare/", old.as_str())?;
    Link::new(&format!("{}...{}", link.as_str(), encode(new.as_str())))
}

/// The branch of that name, looked for from its begin to its end.
pub(super) fn request_branch(at: &GitLab, name: &str, secret: Option<&Secret>) -> Request {
    let search = encode(&["^", name, "$"].concat());
    get(at, &format!("/repository/branches?search={search}&per_page=100"), secret, None)
}

wire! {
    struct Branch {
        name: String,
        merged: Option<bool>,
    }
}

/// Reads the answer to [`request_branch`] of that name: `None` when the branch is there and not merged.
///
/// # Errors
/// When it is a refusal, or a list in which the branch may be without being readable.
pub(super) fn parse_branch(response: &Response, name: &str) -> Result<Option<BranchEnd>, ApiError> {
    let items: Vec<Json<'_>> = trouble::read(response)?;
    let branches: Vec<Branch> = items.iter().filter_map(item).collect();
    if let Some(branch) = branches.iter().find(|branch| branch.name == name) {
        return Ok((branch.merged == Some(true)).then_some(BranchEnd::Merged));
    }
    if branches.len() < items.len() || items.len() >= PAGE {
        return Err(no(response, "branches without knowing whether it is among them"));
    }
    Ok(Some(BranchEnd::Gone))
}
