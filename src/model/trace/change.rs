//! A change of a service, and what became of it in each ring.

use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::{
    domain::{
        deployment::Status,
        id::{ClusterName, image_parts},
        project::ProjectId,
        time::Timestamp,
    },
    model::{
        cluster_state::Known,
        fold::fold,
        rings::{BlockedAt, Cell, blocked_at},
        store::{Slot, Store, commit_key},
        symbols::{RingSym, ServiceSym},
        sync::Syncs,
    },
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
pub(super) struct Service {
    pub project: ProjectId,
    pub service: ServiceSym,
    pub cells: Vec<(RingSym, Vec<Slot>, Cell)>,
    /// Its versions, the newest first, each with all its deployments.
    pub versions: Vec<Vec<Slot>>,
    pub version_of: FxHashMap<Slot, usize>,
}

impl Service {
    pub(super) fn of(store: &Store, syncs: &Syncs, project: ProjectId, service: ServiceSym) -> Self {
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

    pub(super) fn change(&self, store: &Store, version: &[Slot]) -> Option<TracedChange> {
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
