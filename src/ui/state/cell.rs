//! What one cell of the board shows.

use std::sync::Arc;

use leptos::prelude::*;

use super::Views;
use crate::{
    domain::{
        cluster::SyncState,
        deployment::{Deployment, Status},
        id::ClusterName,
        stage::StageKind,
        time::Timestamp,
    },
    model::{
        filter::Filter,
        rings::{Cell, Drift, hang},
        store::Slot,
        symbols::Sym,
        truth::{CellCluster, Known},
        wording,
    },
};

/// What one cell of the board shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub(in crate::ui) struct CellView {
    pub running: Option<Arc<Deployment>>,
    pub next: Option<Arc<Deployment>>,
    pub more_next: u32,
    /// What is next is published and waits for clusters, since then.
    pub unapplied_since: Option<Timestamp>,
    pub failed: Option<Arc<Deployment>>,
    /// The newest that clusters failed to apply.
    pub failed_in: Option<FailedIn>,
    pub edited: Option<Arc<Deployment>>,
    /// What runs came back; this ran in between.
    pub rolled_back_from: Option<Arc<Deployment>>,
    pub drift: Option<(Drift, Box<str>)>,
    /// How it is known what runs.
    pub known: Known,
    /// Each cluster that serves the ring.
    pub clusters: Vec<CellClusterView>,
    /// How many of them run what the cell shows.
    pub runs_on: usize,
    /// Nothing in it is what the filters ask for.
    pub dim: bool,
}

/// A deployment that clusters failed to apply.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::ui) struct FailedIn {
    pub deployment: Arc<Deployment>,
    pub clusters: Vec<ClusterName>,
    /// What one of them said.
    pub message: Option<Box<str>>,
}

/// What one cluster has of a cell.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::ui) struct CellClusterView {
    pub cluster: ClusterName,
    pub state: SyncState,
    /// The version that it runs.
    pub version: Option<Box<str>>,
    pub since: (Option<Timestamp>, bool),
    pub missing: Option<u32>,
    /// The version that it failed to apply.
    pub failed: Option<Box<str>>,
    pub message: Option<Box<str>>,
}

impl CellClusterView {
    /// What it runs, in words.
    pub(in crate::ui) fn says(&self, now: Timestamp) -> String {
        let seen = wording::clusters::InCell {
            state: self.state,
            version: self.version.as_deref(),
            since: self.since,
            missing: self.missing,
            failed: self.failed.as_deref(),
            message: self.message.as_deref(),
        };
        wording::clusters::in_cell(seen, now)
    }
}

impl CellView {
    /// The newest of what it shows.
    pub(in crate::ui) fn newest(&self) -> Option<&Arc<Deployment>> {
        [&self.running, &self.next, &self.failed, &self.edited].into_iter().flatten().max_by_key(|d| d.updated)
    }

    /// The state of the newest: what clusters failed to apply has failed, however well it went until then.
    pub(in crate::ui) fn status(&self) -> Option<Status> {
        let newest = self.newest()?;
        let is_failed = self.failed_in.as_ref().is_some_and(|f| f.deployment.id == newest.id);
        Some(if is_failed { Status::Failed } else { newest.status })
    }

    /// How many clusters run what it shows, where that is not all of them or not all there is to say.
    pub(in crate::ui) fn on_clusters(&self) -> Option<String> {
        let all = self.clusters.len();
        let is_plain = self.runs_on == all && self.clusters.iter().all(|c| c.state == SyncState::Synced);
        if all < 2 || is_plain || self.known != Known::Clusters {
            return None;
        }
        let unknown = self.clusters.iter().filter(|c| c.state == SyncState::Unknown && c.version.is_none()).count();
        Some(wording::clusters::on_clusters(self.runs_on, all, unknown))
    }
}

impl Views {
    /// What the board's cell of that service and ring shows.
    pub(in crate::ui) fn cell(self, project: u8, service: Sym, ring: Sym) -> Option<CellView> {
        // The board compares equal while its slots are the same, whatever became of the deployments in them.
        self.app.version.track();
        let board = self.board.get();
        let column = board.rings.iter().position(|r| r.ring == ring)?;
        let row = board.services.iter().find(|s| (s.project, s.service) == (project, service))?;
        let cell = row.cells.get(column)?;
        let everything = self.wanted.with(Filter::is_everything);
        let dim = !everything && self.selection.with(|s| !cell.slots().any(|slot| s.has(slot)));
        let show = |slot: Option<Slot>| slot.and_then(|slot| self.app.deployment(slot));
        let hangs = cell.next.map(|slot| self.app.engine(|e| hang(e.store(), slot)));
        Some(CellView {
            running: show(cell.running),
            next: show(cell.next),
            more_next: cell.more_next,
            unapplied_since: hangs.filter(|h| h.stage == Some(StageKind::Sync)).map(|h| h.since),
            failed: show(cell.failed),
            failed_in: self.failed_in(cell),
            edited: show(cell.edited),
            rolled_back_from: show(cell.rollback.map(|r| r.from)),
            drift: cell.drift.map(|d| (d, self.app.engine(|e| e.store().rings().title(d.with).into()))),
            known: cell.known,
            clusters: self.cell_clusters(cell),
            runs_on: cell.running_on().0,
            dim,
        })
    }

    fn failed_in(self, cell: &Cell) -> Option<FailedIn> {
        let failed = || cell.clusters.iter().filter(|c| c.failed != cell.running);
        let updated = |slot: &Slot| self.app.engine(|e| e.store().at(*slot).updated());
        let newest = failed().filter_map(|c| c.failed).max_by_key(updated)?;
        let its = || failed().filter(|c| c.failed == Some(newest));
        Some(FailedIn {
            deployment: self.app.deployment(newest)?,
            clusters: its().map(|c| c.cluster.clone()).collect(),
            message: its().find_map(|c| c.message.clone()),
        })
    }

    fn cell_clusters(self, cell: &Cell) -> Vec<CellClusterView> {
        let version = |slot: Option<Slot>| {
            slot.and_then(|slot| self.app.deployment(slot)).map(|d| wording::version(&d).into_boxed_str())
        };
        let of = |c: &CellCluster| CellClusterView {
            cluster: c.cluster.clone(),
            state: c.state,
            version: version(c.running),
            since: c.since,
            missing: c.missing,
            failed: version(c.failed),
            message: c.message.clone(),
        };
        cell.clusters.iter().map(of).collect()
    }
}
