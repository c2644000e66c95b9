//! A repository that clusters apply manifests from: its history, and what is reported of its commits.
//!
//! A list of commits does not show their parents ("Commits - Get Commits"), only "Commits - Get" does. So the list is
//! asked for along first parents, where each commit's parent is the next one. What may be a merge has others too, and
//! has to be asked for by itself.

use std::collections::BTreeMap;

use super::{
    answers::{List, filled, one, time, word},
    commit::{ids_body, place},
    requests::{AT_ONCE, VERSION, read_at},
};
use crate::{
    config::AzureDevOps,
    domain::{
        cluster::SignalState,
        id::CommitId,
        manifests::{CommitStatus, ListPage, Listed, Log, Rest},
        time::Timestamp,
    },
    forge::answer::{item, no},
    http::{ApiError, AuthScheme, Request, Response, encode, secret::Secret},
    json::{Json, wire},
};

/// A hundred commits along first parents: `from` and what comes before it, else a branch's, else the default branch's.
/// The mode of history is minded only where a path is given too, so the root is. What changes no file at all may be
/// passed over then, as `git log` does with a path.
pub(super) fn request_log(
    at: &AzureDevOps,
    repository: &str,
    from: Option<&CommitId>,
    branch: Option<&str>,
    secret: Option<&Secret>,
) -> Request {
    let start = from.map(|from| (from.as_str(), "commit")).or(branch.map(|branch| (branch, "branch")));
    let start = start.map_or_else(String::new, |(version, kind)| {
        let version = encode(version);
        format!("searchCriteria.itemVersion.version={version}&searchCriteria.itemVersion.versionType={kind}&")
    });
    let along = "searchCriteria.itemPath=/&searchCriteria.historyMode=firstParent";
    let place = place(at, repository);
    read_at(format!("{place}/commits?{start}{along}&searchCriteria.$top={AT_ONCE}&{VERSION}"), secret)
}

wire! {
    struct GitCommit<'a> {
        commit_id: Option<String> = "commitId",
        comment: Option<String>,
        committer: Option<GitUser>,
        parents: Option<Vec<String>>,
        statuses: Option<Vec<Json<'a>>>,
    }

    struct GitUser {
        date: Option<String>,
    }
}

impl GitCommit<'_> {
    fn id(&self) -> Option<CommitId> {
        CommitId::new(self.commit_id.as_deref()?)
    }

    fn at(&self) -> Option<Timestamp> {
        time(self.committer.as_ref()?.date.as_deref())
    }

    fn parents(&self) -> Option<Vec<CommitId>> {
        self.parents.as_ref()?.iter().map(|id| CommitId::new(id)).collect()
    }

    /// Whether its words are those that Git and Azure Repos begin the message of a merge with. A squash has them too.
    fn may_be_merge(&self) -> bool {
        word(self.comment.as_deref()).starts_with("merge")
    }
}

/// Reads the answer to [`request_log`]. `is_first_parent`: it is a list along first parents, as that asks for;
/// of any other one the order is no evidence once there may have been a merge. The last commit of a full list is left
/// out, because its parent is not in it; of a list that ends by itself it may be the first commit of all.
///
/// # Errors
/// When the answer is a refusal or no list.
pub(super) fn parse_log(response: &Response, is_first_parent: bool) -> Result<Log, ApiError> {
    let List { value } = one(response)?;
    let commits: Vec<Option<GitCommit<'_>>> = value.iter().map(item).collect();
    let ids: Vec<Option<CommitId>> = commits.iter().map(|commit| commit.as_ref()?.id()).collect();
    let mut log = Log { tip: ids.first().cloned().flatten(), ..Log::default() };
    let mut is_line = true;
    for (place, commit) in commits.iter().enumerate() {
        let (Some(commit), Some(Some(id))) = (commit, ids.get(place)) else { continue };
        let listed = commit.parents().filter(|parents| !parents.is_empty());
        let may_be_merge = commit.may_be_merge();
        is_line &= is_first_parent || !may_be_merge;
        let next = ids.get(place + 1);
        let parents = match (listed, next) {
            (Some(parents), _) => Some(parents),
            (None, Some(Some(next))) if is_line && !may_be_merge => Some(vec![next.clone()]),
            (None, None) if commits.len() >= AT_ONCE && !may_be_merge => continue,
            (None, _) => None,
        };
        match parents {
            Some(parents) => log.commits.push(Listed { id: id.clone(), parents, at: commit.at() }),
            None => log.unclear.push(id.clone()),
        }
    }
    Ok(log)
}

/// One commit with its parents ("Commits - Get").
pub(super) fn request_parents(
    at: &AzureDevOps,
    repository: &str,
    commit: &CommitId,
    secret: Option<&Secret>,
) -> Request {
    super::commit::request_commit(at, repository, commit, secret)
}

/// Reads the answer to [`request_parents`].
///
/// # Errors
/// When the answer is a refusal or no commit with its parents.
pub(super) fn parse_parents(response: &Response) -> Result<Listed, ApiError> {
    let commit: GitCommit<'_> = one(response)?;
    let found = commit.id().zip(commit.parents());
    let (id, parents) = found.ok_or_else(|| no(response, "a commit without an id or parents"))?;
    Ok(Listed { id, parents, at: commit.at() })
}

/// What is reported of up to [`AT_ONCE`] commits ("Commits - Get Commits Batch"). One id that the repository does not
/// know may have all of them refused.
pub(super) fn request_statuses(
    at: &AzureDevOps,
    repository: &str,
    commits: &[CommitId],
    secret: Option<&Secret>,
) -> Request {
    let question = ids_body(commits);
    let address = format!("{}/commitsbatch?includeStatuses=true&{VERSION}", place(at, repository));
    Request::post(address, question).header("Accept", "application/json").secret(AuthScheme::Basic, secret)
}

wire! {
    struct GitStatus {
        id: Option<i64>,
        state: Option<String>,
        description: Option<String>,
        context: Option<GitStatusContext>,
        creation_date: Option<String> = "creationDate",
    }
}

impl GitStatus {
    fn at(&self) -> Option<Timestamp> {
        time(self.creation_date.as_deref())
    }

    /// The greater id is the later one.
    fn order(&self) -> (Option<Timestamp>, Option<i64>) {
        (self.at(), self.id)
    }
}

wire! {
    struct GitStatusContext {
        name: Option<String>,
        genre: Option<String>,
    }
}

/// Reads the answer to [`request_statuses`]: of each commit what is reported of it. Nothing limits how many statuses
/// that list holds at most: a list of a hundred may have been cut, and has to be read in [pages](request_status_page).
///
/// # Errors
/// When the answer is a refusal or no list.
pub(super) fn parse_statuses(response: &Response) -> Result<Vec<(CommitId, ListPage<CommitStatus>)>, ApiError> {
    let List { value } = one(response)?;
    let of = |commit: GitCommit<'_>| {
        let (id, raw) = (commit.id()?, commit.statuses.unwrap_or_default());
        let items = newest(&id, &raw);
        Some((id, ListPage { items, rest: Rest::next_page_if(raw.len() >= AT_ONCE) }))
    };
    Ok(value.iter().filter_map(|raw| of(item::<GitCommit<'_>>(raw)?)).collect())
}

/// What is reported of a commit, by each context the newest: a page of a hundred ("Statuses - List").
pub(super) fn request_status_page(
    at: &AzureDevOps,
    repository: &str,
    commit: &CommitId,
    page: u32,
    secret: Option<&Secret>,
) -> Request {
    let (place, commit) = (place(at, repository), encode(commit.as_str()));
    let skip = page.saturating_sub(1) as usize * AT_ONCE;
    read_at(format!("{place}/commits/{commit}/statuses?latestOnly=true&top={AT_ONCE}&skip={skip}&{VERSION}"), secret)
}

/// Reads the answer to [`request_status_page`].
///
/// # Errors
/// When the answer is a refusal or no list.
pub(super) fn parse_status_page(response: &Response, commit: &CommitId) -> Result<ListPage<CommitStatus>, ApiError> {
    let List { value } = one(response)?;
    Ok(ListPage { items: newest(commit, &value), rest: Rest::next_page_if(value.len() >= AT_ONCE) })
}

/// Of each context in its genre the newest word. One that does not apply counts as none.
fn newest(id: &CommitId, raw: &[Json<'_>]) -> Vec<CommitStatus> {
    let mut newest: BTreeMap<(Option<Box<str>>, Box<str>), GitStatus> = BTreeMap::new();
    for mut status in raw.iter().filter_map(item::<GitStatus>) {
        let Some(context) = status.context.take() else { continue };
        let Some(name) = filled(context.name) else { continue };
        let key = (filled(context.genre), name);
        if newest.get(&key).is_none_or(|known| known.order() <= status.order()) {
            newest.insert(key, status);
        }
    }
    let statuses = newest.into_iter().filter_map(|((genre, context), status)| {
        let (commit, state, at) = (id.clone(), state(status.state.as_deref())?, status.at());
        Some(CommitStatus { commit, context, genre, state, at, message: filled(status.description) })
    });
    statuses.collect()
}

/// `GitStatusState`.
pub(super) fn state(state: Option<&str>) -> Option<SignalState> {
    match word(state).as_str() {
        "succeeded" => Some(SignalState::Applied),
        "pending" => Some(SignalState::Pending),
        "failed" | "error" => Some(SignalState::Failed),
        "notapplicable" => None,
        _ => Some(SignalState::Unknown),
    }
}
