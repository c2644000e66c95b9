//! One service in one ring.

use std::{borrow::Cow, time::Duration};

use crate::{
    domain::{
        deployment::{Kind, Status},
        id::{is_same_commit, is_same_image},
        project::ProjectId,
        stage::StageKind,
        time::Timestamp,
    },
    model::{
        cluster_state::{CellCluster, Known, decide},
        order::sorted_by,
        store::{RunKind, Slot, Store},
        symbols::RingSym,
        sync::Syncs,
    },
};

/// How many of a cell's past deployments are looked through to find how far behind another ring is.
pub(super) const HISTORY: usize = 50;

/// What one ring has of one service.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cell {
    /// What runs.
    pub running: Option<Slot>,
    /// The newest on its way.
    pub next: Option<Slot>,
    /// How many more are on their way behind it.
    pub more_next: u32,
    /// The newest of these that waits for a person, unless `next` does.
    pub waiting: Option<Slot>,
    next_waits: bool,
    /// The newest that failed after what runs.
    pub failed: Option<Slot>,
    /// A manual edit newer than the image that runs.
    pub edited: Option<Slot>,
    /// What ran, newest first, at most [`HISTORY`].
    history: Vec<Slot>,
    /// How it compares with the ring before.
    pub drift: Option<Drift>,
    /// How it is known what runs.
    pub known: Known,
    /// Each cluster that serves the ring, and what it runs of this service.
    pub clusters: Vec<CellCluster>,
    /// What was published and is not in what runs, the last first: the end of what is on its way.
    pub missing: Vec<Slot>,
    /// What runs is an older version that came back.
    pub rollback: Option<Rollback>,
    /// Its newest activity.
    pub newest: Option<Slot>,
    /// What may be newer than what runs: nothing shows which of the two is.
    pub may_be: Option<Slot>,
}

/// An older version that came back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rollback {
    /// The deployment that had the version before.
    pub to: Slot,
    /// The other version that ran last in between.
    pub from: Slot,
}

/// Where a deployment on its way hangs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlockedAt {
    /// The stage that it is at; [`StageKind::Sync`] when it is published and no cluster has applied it yet.
    pub stage: Option<StageKind>,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// Where a deployment on its way hangs.
#[must_use]
pub fn blocked_at(store: &Store, slot: Slot) -> BlockedAt {
    let at = store.at(slot);
    let outcome = at.stages().outcome();
    if outcome.status == Status::Succeeded {
        let published = at.published().or(outcome.updated);
        return BlockedAt { stage: Some(StageKind::Sync), since: published };
    }
    BlockedAt { stage: outcome.decided_by, since: outcome.updated }
}

impl Cell {
    /// Whether the service has anything to do with this ring.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.running.is_none() && self.next.is_none() && self.failed.is_none() && self.edited.is_none()
    }

    /// The deployments it shows.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + use<> {
        [self.running, self.next, self.waiting, self.failed, self.edited].into_iter().flatten()
    }

    /// What runs, or what is on its way where nothing does.
    pub(super) fn shown(&self) -> Option<Slot> {
        self.running.or(self.next)
    }

    /// What ran and runs, the last first, as far back as is kept.
    #[must_use]
    pub fn history(&self) -> &[Slot] {
        &self.history
    }

    /// How many of the ring's clusters run what the cell shows, and of how many that is known.
    #[must_use]
    pub fn running_on(&self) -> (usize, usize) {
        let runs = self.clusters.iter().filter(|c| c.running.is_some() && c.running == self.running).count();
        (runs, self.clusters.len())
    }
}

/// How what runs here compares with what runs in the ring before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Drift {
    /// The ring it is compared with.
    pub with: RingSym,
    /// Which deployments there came since the one that runs here; `None` when that one is not among the last fifty.
    pub deployments: Option<u32>,
    /// How many commits of the service's source the version here is behind, if somebody has counted.
    pub commits: Option<u32>,
    /// How much older the version here is, where both have a time.
    pub by: Option<Duration>,
}

impl Cell {
    /// The cell of a service and ring, from all its deployments there, the newest first; compared with no other ring.
    /// Of what ran all or so many are kept, and compared with each other: all of thousands would cost more than all the
    /// rest.
    pub(in crate::model) fn of(
        store: &Store,
        syncs: &Syncs,
        (project, ring): (ProjectId, RingSym),
        slots: &[Slot],
        history: Option<usize>,
    ) -> Self {
        let newest = slots.first().copied();
        let (slots, may_be) = as_deployed(store, slots);
        let slots = &*slots;
        let mut cell = Self { newest, may_be, ..Self::default() };
        let kinds = &store.derived().kind;
        for &slot in slots {
            let kind = slot.of(kinds).copied().unwrap_or(Kind::Deployment);
            cell.take(slot, store.at(slot).status(), kind);
        }
        cell.end();
        cell.apply_clusters(store, syncs, project, ring, slots);
        if let Some(most) = history {
            cell.history.truncate(most);
        }
        cell.rollback = rollback(store, &cell.history);
        cell
    }

    /// All deployments have been taken note of.
    const fn end(&mut self) {
        // A service that only ever had manual edits runs the newest of them.
        if self.running.is_none() {
            self.running = self.edited.take();
        }
    }

    /// Takes note of the next deployment, the newest first.
    fn take(&mut self, slot: Slot, status: Status, kind: Kind) {
        match (status, kind) {
            (Status::Succeeded, Kind::Deployment) => {
                self.running.get_or_insert(slot);
                self.history.push(slot);
            }
            (Status::Succeeded, Kind::HldEdit) if self.running.is_none() => {
                self.edited.get_or_insert(slot);
            }
            _ if self.running.is_some() => {}
            (Status::Failed, _) => {
                self.failed.get_or_insert(slot);
            }
            (Status::Queued | Status::Running | Status::Waiting | Status::Incomplete | Status::Unknown, _) => {
                let waits = status == Status::Waiting;
                if self.next.is_none() {
                    (self.next, self.next_waits) = (Some(slot), waits);
                } else if waits && !self.next_waits && self.waiting.is_none() {
                    self.waiting = Some(slot);
                } else {
                    self.more_next += 1;
                }
            }
            // No deployment is skipped as a whole.
            (Status::Succeeded | Status::Canceled | Status::Skipped, _) => {}
        }
    }
}

impl Cell {
    /// Lets clusters decide what runs, where they know.
    fn apply_clusters(&mut self, store: &Store, syncs: &Syncs, project: ProjectId, ring: RingSym, slots: &[Slot]) {
        let Some(deployed) = decide(store, syncs, project, ring, slots).filter(|_| !slots.is_empty()) else { return };
        self.clusters = deployed.clusters;
        self.known = if deployed.is_known { Known::Clusters } else { Known::Unknown };
        if !deployed.is_known {
            return;
        }
        self.running = deployed.running;
        self.edited = deployed.edited;
        self.history = deployed.history;
        // Failures of a pipeline are newer than all that was published; then come those of clusters.
        self.failed = self.failed.or(deployed.failed);
        self.more_next += deployed.missing.len() as u32;
        if self.next.is_none() {
            self.next = deployed.missing.first().copied();
            self.more_next = self.more_next.saturating_sub(1);
        }
        self.missing = deployed.missing;
    }
}

/// The deployments of a cell in the order in which they went out, the last first, from the order of their times; and
/// one that may have gone out after the first that went through.
///
/// A row without times of its own states when it was last written, which is no earlier than when it was deployed: a
/// copy of the table or a repaired column makes old ones look new. The numbers of builds grow, and show the order.
fn as_deployed<'s>(store: &Store, slots: &'s [Slot]) -> (Cow<'s, [Slot]>, Option<Slot>) {
    let through = || {
        let is_through = |slot: &Slot| {
            let at = store.at(*slot);
            at.status() == Status::Succeeded && at.kind() == Kind::Deployment
        };
        slots.iter().copied().filter(is_through)
    };
    let as_it_is = (Cow::Borrowed(slots), None);
    let Some(first) = through().next().filter(|&slot| !store.at(slot).is_timed()) else { return as_it_is };
    let number = |slot: Slot, run: RunKind| store.at(slot).run_id(run).parse::<u64>().ok();
    let is_of_one = |slot: Slot| {
        let (a, b) = (store.at(slot).repository(), store.at(first).repository());
        a.is_empty() || b.is_empty() || a.eq_ignore_ascii_case(b)
    };
    let Some(build) = number(first, RunKind::Build) else {
        return (Cow::Borrowed(slots), through().find(|&slot| store.at(slot).is_timed()));
    };
    let newer = through().filter(|&slot| is_of_one(slot) && number(slot, RunKind::Build) > Some(build));
    let Some(newest) = newer.max_by_key(|&slot| number(slot, RunKind::Build)) else { return as_it_is };
    // An older build that was published again, as the numbers of manifest builds and the time of writing both show.
    if number(first, RunKind::Manifest)
        .zip(number(newest, RunKind::Manifest))
        .is_some_and(|(first, newest)| first > newest)
    {
        return as_it_is;
    }
    let mut sorted: Vec<Slot> = slots.to_vec();
    if slots.iter().all(|&slot| number(slot, RunKind::Build).is_some()) {
        sorted = sorted_by(slots, |&a, &b| number(b, RunKind::Build).cmp(&number(a, RunKind::Build)));
    } else {
        sorted.retain(|&slot| slot != newest);
        let at = sorted.iter().position(|&slot| slot == first).unwrap_or(0);
        sorted.insert(at, newest);
    }
    (Cow::Owned(sorted), None)
}

pub(super) fn drift(store: &Store, syncs: &Syncs, here: Slot, there: &Cell, with: RingSym) -> Option<Drift> {
    let there_runs = there.running?;
    let version = Version::of(store, here);
    if version.is_of(there_runs) {
        return None;
    }
    let (here_at, there_at) = (store.at(here).updated(), store.at(there_runs).updated());
    let same = there.history.iter().position(|&slot| version.is_of(slot));
    let first = same.and_then(|n| there.history.get(n)).map(|&slot| store.at(slot).updated());
    // Something else that is newer is no lag. Where the other ring had this version too, its own two times are the
    // ones to compare: a promotion is always later than what it promotes.
    let by = there_at.zip(first.unwrap_or(here_at)).map(|(there, came)| there.since(came));
    let commit = |slot| store.at(slot).commit();
    let commits = syncs.commit_count(store.at(here).project(), commit(here), commit(there_runs));
    let is_newer = there_at.zip(here_at).is_some_and(|(there, here)| there > here);
    (same.is_some() || is_newer).then(|| Drift { with, deployments: same.map(|n| n as u32), commits, by })
}

/// What came back, if the newest of what ran did: it ran before, and another version after that.
fn rollback(store: &Store, history: &[Slot]) -> Option<Rollback> {
    let (&runs, before) = history.split_first()?;
    let version = Version::of(store, runs);
    let other = before.iter().position(|&slot| !version.is_of(slot))?;
    let again = before.iter().skip(other + 1).find(|&&slot| version.is_of(slot))?;
    Some(Rollback { to: *again, from: *before.get(other)? })
}

/// Whether two deployments put the same version of the service in place.
pub(in crate::model) fn is_same_version(store: &Store, a: Slot, b: Slot) -> bool {
    Version::of(store, a).is_of(b)
}

/// The version that a deployment put in place, looked up once where many are compared with it.
struct Version<'s> {
    store: &'s Store,
    slot: Slot,
    image: &'s str,
}

impl<'s> Version<'s> {
    fn of(store: &'s Store, slot: Slot) -> Self {
        Self { store, slot, image: store.at(slot).image() }
    }

    /// Whether the other deployment put the same one in place.
    fn is_of(&self, other: Slot) -> bool {
        let (a, b) = (self.store.at(self.slot), self.store.at(other));
        let image = b.image();
        if !self.image.is_empty() && !image.is_empty() {
            return is_same_image(self.image, image);
        }
        is_same_commit(a.commit(), b.commit()) || is_same_commit(a.hld_commit(), b.hld_commit())
    }
}
