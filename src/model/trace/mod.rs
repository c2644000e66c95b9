//! "Where is it?": a change, and what became of it in each ring; and all changes of a service, one below the other.
//!
//! A change is a version of a service: the same image, or where there is none the same commit. What became of it in a
//! ring is decided by the same rules as the board's cells ([`super::rings`]), over all of its deployments.

mod question;

use std::time::Duration;

pub use question::{NAMELESS, question, services};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    cluster_state::Known,
    filter::Filter,
    fold::fold,
    query::Term,
    rings::{BlockedAt, Cell, blocked_at},
    select::{pull_request_number, select},
    store::{RunKind, SharedColumn, Slot, Store, commit_key},
    symbols::{AuthorSym, RingSym, ServiceSym},
    sync::Syncs,
};
use crate::{
    domain::{
        deployment::Status,
        id::{ClusterName, image_parts, is_same_commit},
        project::ProjectId,
        time::Timestamp,
    },
    text,
};

/// What became of a change in a ring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChangeStatus {
    /// It runs.
    Live {
        /// Where; empty when no cluster reports.
        clusters: Vec<ClusterName>,
        /// Since when.
        since: Option<Timestamp>,
        /// `since` is the latest that it can have been.
        is_vague: bool,
    },
    /// It was published, and what the clusters run is not known.
    Deployed {
        /// When.
        since: Option<Timestamp>,
    },
    /// It ran, or was published, until something else came.
    Replaced {
        /// By what.
        by: Slot,
        /// When.
        at: Option<Timestamp>,
        /// How long after it came itself.
        after: Option<Duration>,
    },
    /// It is on its way.
    OnItsWay(BlockedAt),
    /// It failed: a stage of it, or a cluster that tried to apply it.
    Failed,
    /// Somebody stopped it.
    Canceled,
    /// It never got through, and something newer did.
    Superseded,
    /// It never went there.
    NotThere,
}

impl ChangeStatus {
    /// Its word in the page's hooks.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Live { .. } => "live",
            Self::Deployed { .. } => "deployed",
            Self::Replaced { .. } => "replaced",
            Self::OnItsWay(_) => "on-its-way",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Superseded => "superseded",
            Self::NotThere => "not-there",
        }
    }

    /// Where it stands among others when the question is where a change is: what runs first, what is not there last.
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Live { .. } => 0,
            Self::Deployed { .. } => 1,
            Self::OnItsWay(_) => 2,
            Self::Failed => 3,
            Self::Replaced { .. } => 4,
            Self::Canceled => 5,
            Self::Superseded => 6,
            Self::NotThere => 7,
        }
    }
}

/// A change in one ring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The ring.
    pub ring: RingSym,
    /// The deployment that shows it; `None` where it never went there.
    pub slot: Option<Slot>,
    /// What became of it.
    pub change_status: ChangeStatus,
}

/// A version of a service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TracedChange {
    /// The project's number.
    pub project: ProjectId,
    /// The service.
    pub service: ServiceSym,
    /// Its newest deployment.
    pub newest: Slot,
    /// One a ring that the service was ever deployed to, in promotion order.
    pub places: Vec<Place>,
}

impl TracedChange {
    /// The deployments that show where it is, its newest first.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let newest = self.newest;
        let others = self.places.iter().filter_map(|place| place.slot).filter(move |&slot| slot != newest);
        std::iter::once(newest).chain(others)
    }
}

/// All changes of a service.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ServiceHistory {
    /// The rings that it was ever deployed to, in promotion order.
    pub rings: Vec<RingSym>,
    /// Its changes, the newest first.
    pub changes: Vec<TracedChange>,
    /// How many older ones there are.
    pub more: usize,
}

impl ServiceHistory {
    /// Those changes of which anything `is_wanted`, the newest `limit` of them.
    #[must_use]
    pub fn narrowed(mut self, is_wanted: impl Fn(Slot) -> bool, limit: usize) -> Self {
        self.changes.retain(|change| change.slots().any(&is_wanted));
        self.more += self.changes.len().saturating_sub(limit);
        self.changes.truncate(limit);
        self
    }
}

/// One service: its cells, each with all its deployments.
struct Service {
    project: ProjectId,
    service: ServiceSym,
    cells: Vec<(RingSym, Vec<Slot>, Cell)>,
    /// Its versions, the newest first, each with all its deployments.
    versions: Vec<Vec<Slot>>,
    version_of: FxHashMap<Slot, usize>,
}

impl Service {
    fn of(store: &Store, syncs: &Syncs, project: ProjectId, service: ServiceSym) -> Self {
        let is_its = |slot: &Slot| store.service(*slot) == service && store.at(*slot).project() == project;
        let slots: Vec<Slot> = store.by_time().iter().copied().filter(is_its).collect();
        let mut rings: Vec<RingSym> = Vec::new();
        let mut versions: Vec<Vec<Slot>> = Vec::new();
        let mut version_of: FxHashMap<Slot, usize> = FxHashMap::default();
        // By image and by commit: whichever a row has leads to its version.
        let mut known: FxHashMap<String, usize> = FxHashMap::default();
        for &slot in &slots {
            let ring = store.at(slot).ring();
            if !rings.contains(&ring) && ring != RingSym::NONE {
                rings.push(ring);
            }
            let VersionKeys { of, by } = VersionKeys::new(store, slot);
            let version = by.iter().find_map(|key| known.get(key)).copied().unwrap_or_else(|| {
                versions.push(Vec::new());
                versions.len() - 1
            });
            for key in of {
                known.entry(key).or_insert(version);
            }
            version_of.insert(slot, version);
            if let Some(version) = versions.get_mut(version) {
                version.push(slot);
            }
        }
        store.rings().sort(&mut rings);
        let cells = rings.into_iter().map(|ring| {
            let here: Vec<Slot> = slots.iter().copied().filter(|&s| store.at(s).ring() == ring).collect();
            let cell = Cell::of(store, syncs, (project, ring), &here, None);
            (ring, here, cell)
        });
        Self { project, service, cells: cells.collect(), versions, version_of }
    }

    fn change(&self, store: &Store, version: &[Slot]) -> Option<TracedChange> {
        let places = self.cells.iter().map(|(ring, slots, cell)| {
            let here = version.iter().copied().filter(|&slot| store.at(slot).ring() == *ring);
            let change_statuses = here.map(|slot| (slot, change_status(store, slots, cell, slot)));
            // Deployed twice, it is where the better of the two is; of equals the newer.
            let best = change_statuses.min_by_key(|(_, change_status)| match change_status {
                ChangeStatus::Live { .. } | ChangeStatus::Deployed { .. } => 0,
                ChangeStatus::OnItsWay(_) => 1,
                _ => 2,
            });
            match best {
                Some((slot, change_status)) => Place { ring: *ring, slot: Some(slot), change_status },
                None => Place { ring: *ring, slot: None, change_status: ChangeStatus::NotThere },
            }
        });
        let newest = *version.first()?;
        Some(TracedChange { project: self.project, service: self.service, newest, places: places.collect() })
    }
}

/// The keys of a deployment's version.
struct VersionKeys {
    /// What makes others equal to it: its image, its commit, its edit.
    of: Vec<String>,
    /// Its own keys, the most specific first.
    by: Vec<String>,
}

impl VersionKeys {
    /// Images are the same by their digests where both have one, else by their tags.
    fn new(store: &Store, slot: Slot) -> Self {
        let at = store.at(slot);
        let (tag, digest) = image_parts(at.image());
        let (plain, tagged) = (format!("plain {}", fold(tag)), format!("tagged {}", fold(tag)));
        let commits = [at.commit(), at.hld_commit()].map(commit_key);
        let commits = commits.into_iter().zip(["commit", "edit"]).filter(|(key, _)| *key != 0);
        let commits: Vec<String> = commits.map(|(key, what)| format!("{what} {key}")).collect();
        let (mut of, by) = match digest.map(|digest| format!("image {}", fold(digest))) {
            Some(image) => (vec![image.clone(), tagged], vec![image, plain]),
            None if !tag.is_empty() => (vec![plain.clone()], vec![plain, tagged]),
            None => (Vec::new(), commits.iter().take(1).cloned().collect()),
        };
        of.extend(commits);
        Self { of, by }
    }
}

fn change_status(store: &Store, slots: &[Slot], cell: &Cell, slot: Slot) -> ChangeStatus {
    let published = |slot: Slot| store.at(slot).published().or_else(|| store.at(slot).updated());
    let on = cell.clusters.iter().filter(|c| c.running == Some(slot));
    let first = on.clone().filter(|c| c.since.0.is_some()).min_by_key(|c| c.since.0);
    let clusters: Vec<ClusterName> = on.map(|c| c.cluster.clone()).collect();
    if !clusters.is_empty() {
        let (since, is_vague) = first.map_or((None, true), |c| c.since);
        return ChangeStatus::Live { clusters, since, is_vague };
    }
    if [cell.running, cell.edited].contains(&Some(slot)) {
        return match cell.known {
            Known::Unknown => ChangeStatus::Deployed { since: published(slot) },
            Known::Rows | Known::Clusters => ChangeStatus::Live { clusters, since: published(slot), is_vague: false },
        };
    }
    let place = cell.history().iter().position(|&s| s == slot);
    if let Some(&by) = place.and_then(|n| n.checked_sub(1)).and_then(|n| cell.history().get(n)) {
        let at = published(by);
        let after = at.zip(published(slot)).map(|(at, came)| at.since(came));
        return ChangeStatus::Replaced { by, at, after };
    }
    if cell.failed == Some(slot) || cell.clusters.iter().any(|c| c.failed == Some(slot)) {
        return ChangeStatus::Failed;
    }
    if cell.missing.contains(&slot) {
        return ChangeStatus::OnItsWay(blocked_at(store, slot));
    }
    match store.at(slot).status() {
        Status::Failed => ChangeStatus::Failed,
        Status::Canceled => ChangeStatus::Canceled,
        Status::Succeeded => ChangeStatus::Superseded,
        _ => {
            let newest = slots.iter().find(|&&s| s == slot || store.at(s).status() == Status::Succeeded);
            if newest == Some(&slot) {
                ChangeStatus::OnItsWay(blocked_at(store, slot))
            } else {
                ChangeStatus::Superseded
            }
        }
    }
}

/// The changes of a service: all, or the newest `limit` of them.
#[must_use]
pub fn history(
    store: &Store,
    syncs: &Syncs,
    project: ProjectId,
    service: ServiceSym,
    limit: Option<usize>,
) -> ServiceHistory {
    let all = Service::of(store, syncs, project, service);
    let shown = limit.unwrap_or(all.versions.len());
    let changes = all.versions.iter().take(shown).filter_map(|version| all.change(store, version)).collect();
    ServiceHistory {
        rings: all.cells.iter().map(|c| c.0).collect(),
        changes,
        more: all.versions.len().saturating_sub(shown),
    }
}

/// The change that a deployment belongs to.
#[must_use]
pub fn change_of(store: &Store, syncs: &Syncs, slot: Slot) -> Option<TracedChange> {
    let derived = store.derived();
    let project = slot.of(&derived.project).copied()?;
    let all = Service::of(store, syncs, project, store.service(slot));
    all.change(store, all.versions.get(*all.version_of.get(&slot)?)?)
}

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
