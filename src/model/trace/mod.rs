//! "Where is it?": a change, and what became of it in each ring; and all changes of a service, one below the other.
//!
//! A change is a version of a service: the same image, or where there is none the same commit. What became of it in a
//! ring is decided by the same rules as the board's cells ([`super::rings`]), over all of its deployments.

mod change;
mod question;

pub use change::{ChangeStatus, Place, ServiceHistory, TracedChange, change_of, history};
pub use question::{NAMELESS, question, services};

use rustc_hash::FxHashSet;

use self::change::Service;
use super::{
    filter::Filter,
    query::Term,
    select::{pull_request_number, select},
    store::{RunKind, SharedColumn, Slot, Store},
    symbols::AuthorSym,
    sync::Syncs,
};
use crate::{
    domain::id::{image_parts, is_same_commit},
    text,
};

/// What a question names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TracedBy {
    /// A commit: of the source, the high-level definition or the manifests.
    Commit,
    /// An image's tag.
    Image,
    /// A pull request's number.
    PullRequest,
    /// A build, a release or another run, by its number or name.
    Run,
    /// Who wrote it.
    Author,
    /// The deployment's own id.
    Id,
}

impl TracedBy {
    /// Its word in the page's hooks.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Image => "image",
            Self::PullRequest => "pull-request",
            Self::Run => "run",
            Self::Author => "author",
            Self::Id => "deployment",
        }
    }
}

/// Where a change is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trace {
    /// What the question was taken for.
    pub by: TracedBy,
    /// The changes that are meant, the newest first.
    pub changes: Vec<TracedChange>,
    /// How many older ones there are.
    pub more: usize,
}

/// Answers "where is it?" for a commit, image tag, pull request (`12`, `#12`, `!12`), run or author; `None` for all
/// else that people type into the search box. A name must be whole, a commit no shorter than seven digits.
#[must_use]
pub fn where_is(store: &Store, syncs: &Syncs, query: &str, limit: Option<usize>) -> Option<Trace> {
    let query = query.trim().trim_matches('"');
    let number = pull_request_number(query).unwrap_or(query);
    if number.is_empty() {
        return None;
    }
    let term = Term { negated: false, facet: None, value: number.to_owned() };
    let selection = select(store, syncs, &Filter { terms: vec![term], ..Filter::default() });
    let author = store.symbols(SharedColumn::Author).find(query).map(AuthorSym::from);
    let by_id = store.by_id(query);
    let mut hits: Vec<(TracedBy, Slot)> = Vec::new();
    for &slot in store.by_time().iter().filter(|&&slot| selection.has(slot)) {
        let by = names(store, slot, query, number, author);
        hits.extend(by.or((by_id == Some(slot)).then_some(TracedBy::Id)).map(|by| (by, slot)));
    }
    let by = hits.iter().map(|hit| hit.0).min()?;
    let mut services: Vec<Service> = Vec::new();
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut seen: FxHashSet<(usize, usize)> = FxHashSet::default();
    for (_, slot) in hits.into_iter().filter(|hit| hit.0 == by) {
        let (project, service) = (store.at(slot).project(), store.service(slot));
        let known = services.iter().position(|s| (s.project, s.service) == (project, service));
        let place = known.unwrap_or_else(|| {
            services.push(Service::of(store, syncs, project, service));
            services.len() - 1
        });
        let version = services.get(place).and_then(|s| s.version_of.get(&slot)).copied();
        if let Some(version) = version.filter(|&version| seen.insert((place, version))) {
            found.push((place, version));
        }
    }
    let change = |&(place, version): &(usize, usize)| {
        let service = services.get(place)?;
        service.change(store, service.versions.get(version)?)
    };
    let shown = limit.unwrap_or(found.len());
    let changes = found.iter().take(shown).filter_map(change).collect();
    Some(Trace { by, changes, more: found.len().saturating_sub(shown) })
}

/// What of a deployment a question names, the most specific first. `author` is the one it is the whole name of.
fn names(store: &Store, slot: Slot, query: &str, number: &str, author: Option<AuthorSym>) -> Option<TracedBy> {
    let at = store.at(slot);
    let is = |known: &str, text: &str| !known.is_empty() && known.eq_ignore_ascii_case(text);
    let pull = at.pull_request();
    let has_mark = number.len() < query.len();
    if has_mark {
        return is(pull, number).then_some(TracedBy::PullRequest);
    }
    let is_commit = query.bytes().all(|b| b.is_ascii_hexdigit())
        && [at.commit(), at.hld_commit(), at.manifest_commit()].into_iter().any(|commit| is_same_commit(commit, query));
    let (tag, digest) = image_parts(at.image());
    let short = text::shorten_tag(tag, Some(at.service_name()).filter(|s| !s.is_empty()));
    let runs = RunKind::ALL.map(|run| at.run_id(run)).into_iter().chain(at.run_names());
    let wrote = author == Some(store.shared(SharedColumn::Author, slot).into());
    if is_commit {
        Some(TracedBy::Commit)
    } else if is(at.image(), query)
        || is(tag, query)
        || is(digest.unwrap_or_default(), query)
        || (!short.is_empty() && short.eq_ignore_ascii_case(query))
    {
        Some(TracedBy::Image)
    } else if is(pull, query) {
        Some(TracedBy::PullRequest)
    } else if runs.into_iter().any(|run| is(run, query)) {
        Some(TracedBy::Run)
    } else {
        (wrote || is(at.author_email(), query)).then_some(TracedBy::Author)
    }
}

#[cfg(test)]
mod tests;
