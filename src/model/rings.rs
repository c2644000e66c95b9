//! Service by ring: what runs there, what is on its way, what failed on the way.
//!
//! A deployment's place in its ring, told from the rows: `running` is the newest that succeeded; anything newer that
//! has not ended is `next`; a failure newer than what runs is `failed`; all others are superseded. Where clusters
//! report what they applied, that says what runs ([`super::truth`]): what was published and is not in it is `next` too,
//! and what a cluster could not apply is `failed`.

mod left_over;
mod names;

use std::time::Duration;

pub use left_over::{BranchEnd, LeftOver, left_over};
pub use names::{RingNames, RingRole};

use super::{
    order::ordered,
    store::{Slot, Store},
    symbols::{NONE, Sym},
    sync::Syncs,
    truth::{CellCluster, Known, decide},
};
use crate::{
    domain::{
        deployment::{Kind, Status},
        id::is_same_commit,
        stage::StageKind,
        time::Timestamp,
    },
    storage::row::Field,
};

/// How many of a cell's past deployments are looked through to say how far behind another ring is.
const HISTORY: usize = 50;

/// What one ring has of one service.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cell {
    /// What runs.
    pub running: Option<Slot>,
    /// The newest on its way.
    pub next: Option<Slot>,
    /// How many more are on their way behind it.
    pub more_next: u32,
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
pub struct Hang {
    /// The stage that it is at; [`StageKind::Sync`] when it is published and no cluster has applied it yet.
    pub stage: Option<StageKind>,
    /// Since when.
    pub since: Timestamp,
}

/// Where a deployment on its way hangs.
#[must_use]
pub fn hang(store: &Store, slot: Slot) -> Hang {
    let at = store.at(slot);
    let outcome = at.stages().outcome();
    if outcome.status == Status::Succeeded {
        let published = at.published().unwrap_or(outcome.updated);
        return Hang { stage: Some(StageKind::Sync), since: published };
    }
    Hang { stage: outcome.decided_by, since: outcome.updated }
}

impl Cell {
    /// Whether the service has anything to do with this ring.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.running.is_none() && self.next.is_none() && self.failed.is_none() && self.edited.is_none()
    }

    /// The deployments it shows.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + use<> {
        [self.running, self.next, self.failed, self.edited].into_iter().flatten()
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
    pub with: Sym,
    /// Which deployments there came since the one that runs here; `None` when that one is not among the last fifty.
    pub deployments: Option<u32>,
    /// How many commits of the service's source the version here is behind, if somebody has counted.
    pub commits: Option<u32>,
    /// How much older the version here is.
    pub by: Duration,
}

/// A column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RingColumn {
    /// The ring.
    pub ring: Sym,
    /// What it is for.
    pub role: RingRole,
    /// Branches of what runs there, the newest first, or those the configuration names when nothing does.
    pub branches: Vec<Box<str>>,
    /// Its newest activity.
    pub newest: Option<Slot>,
}

/// A row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServiceRow {
    /// The project's number.
    pub project: u8,
    /// The service; [`NONE`] for edits that name none.
    pub service: Sym,
    /// One a column of the board.
    pub cells: Vec<Cell>,
    /// The newest on its way to a ring that its row does not name yet.
    pub unplaced: Option<Slot>,
    /// Its newest activity.
    pub newest: Option<Slot>,
}

/// All of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Board {
    /// Rings in promotion order, feature rings last.
    pub rings: Vec<RingColumn>,
    /// Services by name.
    pub services: Vec<ServiceRow>,
}

impl Board {
    /// The board of all deployments.
    #[must_use]
    pub fn of(store: &Store, syncs: &Syncs) -> Self {
        let order = columns(store);
        let mut column_of = vec![None; store.rings().len() + 1];
        for (column, &ring) in order.iter().enumerate() {
            if let Some(c) = column_of.get_mut(ring as usize) {
                *c = Some(column);
            }
        }
        let mut board =
            Self { rings: order.iter().map(|&ring| new_column(store, ring)).collect(), services: Vec::new() };
        board.place(store, syncs, &column_of);
        board.compare(store, syncs);
        board.name_branches(store);
        board.sort(store);
        board
    }

    /// What runs in each cell that differs from the ring before, the older first: of whose sources the commits between
    /// are worth counting.
    pub fn spans(&self) -> impl Iterator<Item = (Slot, Slot)> {
        self.services.iter().flat_map(move |row| {
            row.cells.iter().filter_map(move |cell| {
                let before = self.rings.iter().position(|r| Some(r.ring) == cell.drift.map(|d| d.with))?;
                Some((cell.running?, row.cells.get(before)?.running?))
            })
        })
    }

    fn place(&mut self, store: &Store, syncs: &Syncs, column_of: &[Option<usize>]) {
        let derived = store.derived();
        let services = store.symbols(Field::Service).table_len();
        let mut row_of: Vec<Option<usize>> = vec![None; services * store.projects().len().max(1)];
        // Where clusters report, all of a cell's deployments are looked at together, by row and column.
        let reporting: Vec<usize> = syncs.standings().iter().map(|s| s.project).collect();
        let mut of_cell: Vec<Vec<Vec<Slot>>> = Vec::new();
        for &slot in store.by_time() {
            let index = slot as usize;
            let project = derived.project.get(index).copied().unwrap_or(0);
            let service = derived.service.get(index).copied().unwrap_or(NONE);
            let ring = store.at(slot).ring();
            let Some(known) = row_of.get_mut(usize::from(project) * services + service as usize) else { continue };
            let row = *known.get_or_insert_with(|| {
                self.services.push(ServiceRow {
                    project,
                    service,
                    cells: vec![Cell::default(); self.rings.len()],
                    unplaced: None,
                    newest: Some(slot),
                });
                self.services.len() - 1
            });
            let Some(row) = self.services.get_mut(row) else { continue };
            let status = derived.status.get(index).copied().unwrap_or(Status::Unknown);
            let Some(column) = column_of.get(ring as usize).copied().flatten() else {
                // By time, so the first one seen is the newest; once anything of the service went through since,
                // an old run that never named a ring is no news.
                if row.unplaced.is_none()
                    && status != Status::Succeeded
                    && row.cells.iter().all(|c| c.running.is_none())
                {
                    row.unplaced = Some(slot);
                }
                continue;
            };
            if let Some(ring) = self.rings.get_mut(column) {
                ring.newest.get_or_insert(slot);
            }
            if let Some(cell) = row.cells.get_mut(column) {
                let kind = derived.kind.get(index).copied().unwrap_or(Kind::Deployment);
                cell.take(slot, status, kind, HISTORY);
            }
            if reporting.contains(&usize::from(project)) {
                let rows = of_cell.len().max(self.services.len());
                of_cell.resize(rows, vec![Vec::new(); self.rings.len()]);
                let row = row_of.get(usize::from(project) * services + service as usize).copied().flatten();
                let slots = row.and_then(|row| of_cell.get_mut(row)?.get_mut(column));
                slots.into_iter().for_each(|slots| slots.push(slot));
            }
        }
        self.services.iter_mut().flat_map(|s| &mut s.cells).for_each(Cell::end);
        for (row, slots) in self.services.iter_mut().zip(of_cell) {
            for ((cell, slots), ring) in row.cells.iter_mut().zip(slots).zip(&self.rings) {
                cell.ask_clusters(store, syncs, row.project.into(), ring.ring, &slots);
                cell.history.truncate(HISTORY);
            }
        }
        for cell in self.services.iter_mut().flat_map(|s| &mut s.cells) {
            cell.rollback = rollback(store, &cell.history);
        }
    }

    /// Says for every cell how far it is behind the ring before it, feature rings aside.
    fn compare(&mut self, store: &Store, syncs: &Syncs) {
        for row in &mut self.services {
            let mut before: Option<usize> = None;
            for column in 0..row.cells.len() {
                if self.rings.get(column).is_none_or(|r| r.role == RingRole::Feature) {
                    continue;
                }
                let Some(here) = row.cells.get(column).and_then(|c| c.running) else { continue };
                let drift = before.and_then(|b| {
                    let there = row.cells.get(b)?;
                    let with = self.rings.get(b)?.ring;
                    drift(store, syncs, here, there, with)
                });
                if let Some(cell) = row.cells.get_mut(column) {
                    cell.drift = drift;
                }
                before = Some(column);
            }
        }
    }

    fn name_branches(&mut self, store: &Store) {
        for (column, ring) in self.rings.iter_mut().enumerate() {
            let running: Vec<Slot> =
                self.services.iter().filter_map(|s| s.cells.get(column)).filter_map(|c| c.running.or(c.next)).collect();
            for slot in ordered(&running, |&a, &b| store.at(b).updated().cmp(&store.at(a).updated())) {
                let branch = store.at(slot).branch();
                if !branch.is_empty() && !ring.branches.iter().any(|b| **b == *branch) {
                    ring.branches.push(branch.into());
                }
            }
            if ring.branches.is_empty() {
                ring.branches = store.rings().branches(ring.ring).to_vec();
            }
        }
    }

    fn sort(&mut self, store: &Store) {
        let ranks = store.symbols(Field::Service).ranks();
        let rank = |s: &ServiceRow| (s.project, ranks.get(s.service as usize).copied().unwrap_or(u32::MAX));
        self.services = ordered(&self.services, |a, b| rank(a).cmp(&rank(b)));
        // Feature rings: the one where something happened last comes first.
        let updated = |ring: &RingColumn| ring.newest.map(|slot| store.at(slot).updated());
        let place = |&i: &usize| match self.rings.get(i) {
            Some(ring) if ring.role == RingRole::Feature && !store.rings().is_configured(ring.ring) => {
                (1, std::cmp::Reverse(updated(ring)))
            }
            _ => (0, std::cmp::Reverse(None::<Timestamp>)),
        };
        let all: Vec<usize> = (0..self.rings.len()).collect();
        let order = ordered(&all, |a, b| place(a).cmp(&place(b)));
        self.rings = order.iter().filter_map(|&i| self.rings.get(i).cloned()).collect();
        for row in &mut self.services {
            row.cells = order.iter().filter_map(|&i| row.cells.get(i).cloned()).collect();
        }
    }
}

impl Cell {
    /// The cell of a service and ring, from all its deployments there, the newest first: with its whole history, and
    /// compared with no other ring.
    pub(super) fn whole(store: &Store, syncs: &Syncs, project: usize, ring: Sym, slots: &[Slot]) -> Self {
        let mut cell = Self::default();
        let kinds = &store.derived().kind;
        for &slot in slots {
            let kind = kinds.get(slot as usize).copied().unwrap_or(Kind::Deployment);
            cell.take(slot, store.at(slot).status(), kind, usize::MAX);
        }
        cell.end();
        cell.ask_clusters(store, syncs, project, ring, slots);
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
    fn take(&mut self, slot: Slot, status: Status, kind: Kind, history: usize) {
        match (status, kind) {
            (Status::Succeeded, Kind::Deployment) => {
                self.running.get_or_insert(slot);
                if self.history.len() < history {
                    self.history.push(slot);
                }
            }
            (Status::Succeeded, Kind::HldEdit) if self.running.is_none() => {
                self.edited.get_or_insert(slot);
            }
            _ if self.running.is_some() => {}
            (Status::Failed, _) => {
                self.failed.get_or_insert(slot);
            }
            (Status::Queued | Status::Running | Status::Waiting | Status::Incomplete | Status::Unknown, _) => {
                if self.next.is_some() {
                    self.more_next += 1;
                } else {
                    self.next = Some(slot);
                }
            }
            (Status::Succeeded | Status::Canceled, _) => {}
        }
    }
}

impl Cell {
    /// Lets clusters say what runs, where they know.
    fn ask_clusters(&mut self, store: &Store, syncs: &Syncs, project: usize, ring: Sym, slots: &[Slot]) {
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

fn drift(store: &Store, syncs: &Syncs, here: Slot, there: &Cell, with: Sym) -> Option<Drift> {
    let there_runs = there.running?;
    if is_same_version(store, here, there_runs) {
        return None;
    }
    let (here_at, there_at) = (store.at(here).updated(), store.at(there_runs).updated());
    let same = there.history.iter().position(|&slot| is_same_version(store, here, slot));
    let first = same.and_then(|n| there.history.get(n)).map(|&slot| store.at(slot).updated());
    // Something else that is newer is no lag. Where the other ring had this version too, its own two times are the
    // ones to compare: a promotion is always later than what it promotes.
    let by = there_at.since(first.unwrap_or(here_at));
    let commit = |slot| store.at(slot).commit();
    let commits = syncs.commit_count(store.at(here).project(), commit(here), commit(there_runs));
    (same.is_some() || there_at > here_at).then(|| Drift { with, deployments: same.map(|n| n as u32), commits, by })
}

/// What came back, if the newest of what ran did: it ran before, and another version after that.
fn rollback(store: &Store, history: &[Slot]) -> Option<Rollback> {
    let (&runs, before) = history.split_first()?;
    let other = before.iter().position(|&slot| !is_same_version(store, runs, slot))?;
    let again = before.iter().skip(other + 1).find(|&&slot| is_same_version(store, runs, slot))?;
    Some(Rollback { to: *again, from: *before.get(other)? })
}

/// Whether two deployments put the same version of the service in place.
pub(super) fn is_same_version(store: &Store, a: Slot, b: Slot) -> bool {
    let (a, b) = (store.at(a), store.at(b));
    let (image_a, image_b) = (a.image(), b.image());
    if !image_a.is_empty() && !image_b.is_empty() {
        return image_a.eq_ignore_ascii_case(image_b);
    }
    is_same_commit(a.commit(), b.commit()) || is_same_commit(a.text(Field::HldCommitId), b.text(Field::HldCommitId))
}

/// The rings that have deployments or are configured, in promotion order.
fn columns(store: &Store) -> Vec<Sym> {
    let names = store.rings();
    let mut used = vec![false; names.len() + 1];
    for &slot in store.by_time() {
        if let Some(used) = used.get_mut(store.at(slot).ring() as usize) {
            *used = true;
        }
    }
    let mut rings: Vec<Sym> = (1..=names.len() as Sym)
        .filter(|&ring| names.is_configured(ring) || used.get(ring as usize) == Some(&true))
        .collect();
    names.sort(&mut rings);
    rings
}

fn new_column(store: &Store, ring: Sym) -> RingColumn {
    RingColumn { ring, role: store.rings().role(ring), branches: Vec::new(), newest: None }
}

#[cfg(test)]
mod tests;
