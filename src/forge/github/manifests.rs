//! A repository that clusters apply manifests from: its history, and what is reported of its commits. One thing a
//! request; only parameters that GitHub's OpenAPI description names are used, as for the tags and deployments beside
//! it.
//!
//! An item of a list that cannot be read is left out. A repository without any commit is in conflict (409) with being
//! asked for them; it has none.

use super::{
    requests::get,
    trouble,
    wire::{filled, id, time},
    words,
};
use crate::{
    config::GitHub,
    domain::{
        id::CommitId,
        manifests::{CommitStatus, ListPage, Listed, Log, Rest},
    },
    forge::answer::{has_next, item},
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::{Json, wire},
};

/// Items of a page: the most there are.
pub(super) const AT_ONCE: usize = 100;

/// A hundred commits: `from` and what comes before it, else a branch's, else the default branch's.
pub(super) fn request_log(
    at: &GitHub,
    from: Option<&CommitId>,
    branch: Option<&str>,
    secret: Option<&Secret>,
    etag: Option<&str>,
) -> Request {
    let start = from.map(CommitId::as_str).or(branch).map(encode);
    let start = start.map_or_else(String::new, |start| format!("sha={start}&"));
    get(at, &format!("/commits?{start}per_page=100"), secret, etag)
}

wire! {
    struct WireCommit {
        sha: Option<String>,
        commit: Option<CommitText>,
        parents: Option<Vec<Sha>>,
    }

    struct CommitText {
        committer: Option<Dated>,
    }

    /// Who did something, of which only the time is of interest.
    pub(super) struct Dated {
        pub(super) date: Option<String>,
    }

    struct Sha {
        sha: Option<String>,
    }
}

/// Reads the answer to [`request_log`].
///
/// # Errors
/// When it is a refusal, or no list.
pub(super) fn parse_log(response: &Response) -> Result<Log, ApiError> {
    let mut log = Log::default();
    for (place, raw) in list(response)?.iter().enumerate() {
        let Some(commit) = item::<WireCommit>(raw) else { continue };
        let Some(sha) = id(&commit.sha) else { continue };
        if place == 0 {
            log.tip = Some(sha.clone());
        }
        let date = commit.commit.and_then(|text| text.committer?.date);
        let parents: Option<Vec<CommitId>> =
            commit.parents.and_then(|parents| parents.iter().map(|parent| id(&parent.sha)).collect());
        match parents {
            Some(parents) => log.commits.push(Listed { id: sha, parents, at: time(&date) }),
            None => log.unclear.push(sha),
        }
    }
    Ok(log)
}

/// What is reported of a commit, by each context the newest: a page of a hundred.
pub(super) fn request_statuses(
    at: &GitHub,
    commit: &CommitId,
    page: u32,
    secret: Option<&Secret>,
    etag: Option<&str>,
) -> Request {
    get(at, &format!("/commits/{}/status?{}", encode(commit.as_str()), page_of(page)), secret, etag)
}

/// Pages of lists, as many items to each as GitHub gives.
pub(super) fn page_of(page: u32) -> String {
    if page > 1 { format!("per_page={AT_ONCE}&page={page}") } else { format!("per_page={AT_ONCE}") }
}

wire! {
    struct Combined<'a> {
        statuses: Vec<Json<'a>>,
    }

    /// A status of the REST API; GraphQL is asked for it under these names.
    pub(super) struct Status {
        context: Option<String>,
        state: Option<String>,
        description: Option<String>,
        created_at: Option<String>,
        updated_at: Option<String>,
    }
}

impl Status {
    pub(super) fn status(&self, commit: &CommitId) -> Option<CommitStatus> {
        Some(CommitStatus {
            commit: commit.clone(),
            context: filled(&self.context)?.into(),
            genre: None,
            state: words::signal(self.state.as_deref()),
            // A status is never changed: who has something else to report makes another.
            at: time(&self.created_at).or_else(|| time(&self.updated_at)),
            message: filled(&self.description).map(Into::into),
        })
    }
}

/// Reads the answer to [`request_statuses`] of that commit. What GitHub makes of all of them together counts for
/// nothing: a commit without a status is pending there.
///
/// # Errors
/// When it is a refusal, or no combined status.
pub(super) fn parse_statuses(response: &Response, commit: &CommitId) -> Result<ListPage<CommitStatus>, ApiError> {
    let combined: Combined<'_> = trouble::read(response)?;
    let items = combined.statuses.iter().filter_map(|raw| item::<Status>(raw)?.status(commit)).collect();
    Ok(ListPage { items, rest: Rest::next_page_if(has_next(response, combined.statuses.len() >= AT_ONCE)) })
}

/// The items of a list of what a repository without a commit has none of.
pub(super) fn list(response: &Response) -> Result<Vec<Json<'_>>, ApiError> {
    match trouble::read(response) {
        Err(error) if error.status == 409 => Ok(Vec::new()),
        result => result,
    }
}
