//! How two commits stand to each other, and what became of a branch.

use super::{
    manifests::list,
    requests::{get, path, path_parts, reference, web},
    trouble, wire,
};
use crate::{
    config::GitHub,
    domain::{
        id::CommitId,
        link::Link,
        manifests::{BranchEnd, Compared},
        pull_request::PullState,
    },
    forge::answer::{branch_end, item, no},
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::{Json, wire},
};

/// What `new` holds that `old` does not. The commits themselves come in pages, of which one commit is the smallest.
pub(super) fn request_compare(at: &GitHub, old: &CommitId, new: &CommitId, secret: Option<&Secret>) -> Request {
    get(at, &["/compare/", &span(old, new), "?per_page=1"].concat(), secret, None)
}

#[must_use]
pub(in crate::forge) fn compare_link(at: &GitHub, old: &CommitId, new: &CommitId) -> Option<Link> {
    Link::new(&format!("{}/{}/compare/{}", web(at)?, path(&at.repository), span(old, new)))
}

fn span(old: &CommitId, new: &CommitId) -> String {
    format!("{}...{}", encode(old.as_str()), encode(new.as_str()))
}

wire! {
    struct Comparison {
        status: Option<String>,
        ahead_by: Option<u32>,
        behind_by: Option<u32>,
    }
}

/// Reads the answer to [`request_compare`].
///
/// # Errors
/// When it is a refusal, which is also GitHub's answer for commits without a common ancestor, or no comparison.
pub(super) fn parse_compare(response: &Response) -> Result<Compared, ApiError> {
    let compared: Comparison = trouble::read(response)?;
    let by_word = || match compared.status.as_deref()? {
        "ahead" | "identical" => Some(true),
        "behind" | "diverged" => Some(false),
        _ => None,
    };
    let is_ancestor = compared.behind_by.map(|behind| behind == 0).or_else(by_word);
    let (ahead, is_ancestor) =
        compared.ahead_by.zip(is_ancestor).ok_or_else(|| no(response, "a comparison that does not count"))?;
    Ok(Compared { ahead, is_ancestor })
}

/// Whether there is a branch of that name. What is asked for is names that begin with it: a single one that is missing
/// would be an error, and errors can be about the whole repository too.
pub(super) fn request_branch(at: &GitHub, name: &str, secret: Option<&Secret>) -> Request {
    get(at, &["/git/matching-refs/", &reference("heads", name)].concat(), secret, None)
}

wire! {
    struct Reference {
        name: String = "ref",
    }
}

/// Reads the answer to [`request_branch`] of that name: `None` when the branch is there.
///
/// # Errors
/// When it is a refusal, or a list in which the branch may be without being readable.
pub(super) fn parse_branch(response: &Response, name: &str) -> Result<Option<BranchEnd>, ApiError> {
    let items = list(response)?;
    branch_end(response, items.iter().map(|raw| Some(item::<Reference>(raw)?.name)), name)
}

/// The newest pull request that would merge a branch of this repository.
pub(super) fn request_branch_pull(at: &GitHub, name: &str, secret: Option<&Secret>) -> Request {
    // A name without its owner would not be looked for, and all pull requests be listed.
    let owner = path_parts(&at.repository).map_or("", |(owner, _)| owner);
    let head = encode(&[owner, ":", name].concat());
    get(at, &format!("/pulls?head={head}&state=all&sort=created&direction=desc&per_page=1"), secret, None)
}

/// Reads the answer to [`request_branch_pull`]: `None` when there never was one.
///
/// # Errors
/// When it is a refusal, or no list.
pub(super) fn parse_branch_pull(response: &Response) -> Result<Option<PullState>, ApiError> {
    let items: Vec<Json<'_>> = trouble::read(response)?;
    let state = |raw: &Json<'_>| item::<wire::Pull>(raw)?.pull_request().map(|pull| pull.state);
    Ok(items.first().map(|raw| state(raw).unwrap_or(PullState::Unknown)))
}
