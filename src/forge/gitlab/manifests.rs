//! A repository that clusters apply manifests from: its history, its tags, what is reported of its commits.
//! An item of a list that cannot be read is left out.

use std::collections::BTreeMap;

use super::{
    answers::{boxed, time},
    requests::get,
    trouble,
};
use crate::{
    config::GitLab,
    domain::{
        cluster::SignalState,
        id::CommitId,
        manifests::{CommitStatus, ListPage, Listed, Log, Rest, Tag},
        time::Timestamp,
    },
    forge::answer::{has_next, item},
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::{Json, wire},
};

/// Items of a page: the most there are.
const AT_ONCE: usize = 100;

/// A hundred commits: `from` and what comes before it, else a branch's, else the default branch's.
pub(super) fn request_log(
    at: &GitLab,
    from: Option<&CommitId>,
    branch: Option<&str>,
    secret: Option<&Secret>,
    etag: Option<&str>,
) -> Request {
    let start = from.map(CommitId::as_str).or(branch).map(encode);
    let start = start.map_or_else(String::new, |start| format!("ref_name={start}&"));
    get(at, &format!("/repository/commits?{start}per_page=100"), secret, etag)
}

wire! {
    struct WireCommit {
        id: Option<String>,
        parent_ids: Option<Vec<String>>,
        committed_date: Option<String>,
        created_at: Option<String>,
    }
}

impl WireCommit {
    fn id(&self) -> Option<CommitId> {
        CommitId::new(self.id.as_deref()?)
    }

    /// When it was committed: `created_at` is an older name for it.
    fn at(&self) -> Option<Timestamp> {
        time(self.committed_date.as_deref()).or_else(|| time(self.created_at.as_deref()))
    }
}

/// Reads the answer to [`request_log`].
///
/// # Errors
/// When it is a refusal, or no list.
pub(super) fn parse_log(response: &Response) -> Result<Log, ApiError> {
    let items: Vec<Json<'_>> = trouble::read(response)?;
    let mut log = Log::default();
    for (place, raw) in items.iter().enumerate() {
        let Some(commit) = item::<WireCommit>(raw) else { continue };
        let Some(id) = commit.id() else { continue };
        if place == 0 {
            log.tip = Some(id.clone());
        }
        let parents: Option<Vec<CommitId>> =
            commit.parent_ids.as_ref().and_then(|parents| parents.iter().map(|id| CommitId::new(id)).collect());
        match parents {
            Some(parents) => log.commits.push(Listed { id, parents, at: commit.at() }),
            None => log.unclear.push(id),
        }
    }
    Ok(log)
}

/// The tags whose names begin with `prefix`: a page of a hundred.
pub(super) fn request_tags(
    at: &GitLab,
    prefix: &str,
    page: u32,
    secret: Option<&Secret>,
    etag: Option<&str>,
) -> Request {
    let search = encode(&["^", prefix].concat());
    get(at, &format!("/repository/tags?search={search}&{}", page_of(page)), secret, etag)
}

wire! {
    struct WireTag {
        name: Option<String>,
        commit: Option<WireCommit>,
        /// When an annotated tag was made. Servers older than 16.11 do not report it, and a lightweight one has no such
        /// time.
        created_at: Option<String>,
    }
}

/// Reads the answer to [`request_tags`].
///
/// # Errors
/// When it is a refusal, or no list.
pub(super) fn parse_tags(response: &Response) -> Result<ListPage<Tag>, ApiError> {
    let tag = |tag: WireTag| {
        let commit = tag.commit?;
        let made = time(tag.created_at.as_deref());
        Some(Tag {
            name: boxed(tag.name)?,
            object: None,
            commit: Some(commit.id()?),
            at: made.or_else(|| commit.at()),
            is_approximate: made.is_none(),
        })
    };
    let raw: Vec<Json<'_>> = trouble::read(response)?;
    let items = raw.iter().filter_map(|raw| tag(item(raw)?)).collect();
    Ok(ListPage { items, rest: Rest::next_page_if(has_next(response, raw.len() >= AT_ONCE)) })
}

/// What is reported of a commit, with the jobs of its pipelines: a page of a hundred, the newest first. A server older
/// than 17.8 does not mind the order, and has the oldest first.
pub(super) fn request_statuses(at: &GitLab, commit: &CommitId, page: u32, secret: Option<&Secret>) -> Request {
    let (commit, page) = (encode(commit.as_str()), page_of(page));
    get(at, &format!("/repository/commits/{commit}/statuses?order_by=id&sort=desc&{page}"), secret, None)
}

fn page_of(page: u32) -> String {
    if page > 1 { format!("per_page={AT_ONCE}&page={page}") } else { format!("per_page={AT_ONCE}") }
}

wire! {
    struct WireStatus {
        id: Option<u64>,
        name: Option<String>,
        status: Option<String>,
        description: Option<String>,
        created_at: Option<String>,
        started_at: Option<String>,
        finished_at: Option<String>,
    }
}

impl WireStatus {
    fn at(&self) -> Option<Timestamp> {
        [&self.finished_at, &self.started_at, &self.created_at].into_iter().find_map(|text| time(text.as_deref()))
    }
}

/// Reads the answer to [`request_statuses`] of that commit: of each name the newest.
///
/// # Errors
/// When it is a refusal, or no list.
pub(super) fn parse_statuses(response: &Response, commit: &CommitId) -> Result<ListPage<CommitStatus>, ApiError> {
    let items: Vec<Json<'_>> = trouble::read(response)?;
    let mut newest: BTreeMap<Box<str>, WireStatus> = BTreeMap::new();
    for mut status in items.iter().filter_map(item::<WireStatus>) {
        let Some(name) = boxed(status.name.take()) else { continue };
        let order = |status: &WireStatus| (status.id, status.at());
        if newest.get(&name).is_none_or(|known| order(known) <= order(&status)) {
            newest.insert(name, status);
        }
    }
    let statuses = newest.into_iter().map(|(context, status)| CommitStatus {
        commit: commit.clone(),
        context,
        genre: None,
        state: state(status.status.as_deref()),
        at: status.at(),
        message: boxed(status.description),
    });
    let rest = Rest::next_page_if(has_next(response, items.len() >= AT_ONCE));
    Ok(ListPage { items: statuses.collect(), rest })
}

/// A state in GitLab's words. What was skipped, or waits for a hand, is no evidence of a cluster.
pub(super) fn state(word: Option<&str>) -> SignalState {
    match word.unwrap_or_default() {
        "success" => SignalState::Applied,
        "failed" | "canceled" => SignalState::Failed,
        "created"
        | "waiting_for_resource"
        | "preparing"
        | "waiting_for_callback"
        | "pending"
        | "scheduled"
        | "running"
        | "canceling" => SignalState::Pending,
        _ => SignalState::Unknown,
    }
}
