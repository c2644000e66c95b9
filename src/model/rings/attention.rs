//! What of the board needs somebody.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use super::{
    board::{Board, RingColumn, ServiceRow},
    cell::{Cell, blocked_at},
};
use crate::{
    domain::{cluster::SyncState, deployment::Status, id::ClusterName, time::Timestamp},
    model::{
        order::set_of,
        store::Store,
        symbols::RingSym,
        sync::{ClusterInRing, Syncs},
    },
};

/// A reason for which a cell, or a ring, needs somebody. Each is a filter of the board.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Attention {
    /// Something has waited for a person for long.
    Waiting,
    /// What runs is behind the ring before.
    Behind,
    /// A cluster failed to apply something.
    ClusterFailed,
    /// A cluster does not have all that was published.
    ClusterBehind,
    /// The ring is left over.
    LeftOver,
}

impl Attention {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Behind, Self::ClusterFailed, Self::ClusterBehind, Self::LeftOver];

    /// Its word in the URL and in the page's hooks.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting-long",
            Self::Behind => "behind",
            Self::ClusterFailed => "cluster-failed",
            Self::ClusterBehind => "cluster-behind",
            Self::LeftOver => "left-over",
        }
    }

    /// The one with that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str().eq_ignore_ascii_case(word))
    }
}

/// A cell by the places of its service and its ring.
pub type CellAt = (usize, usize);

impl Board {
    /// The cells that somebody should look at, for that reason. `waiting_limit` is how long a person may be waited for;
    /// `None` is for ever. Which rings are left over, a board does not know.
    #[must_use]
    pub fn needing(
        &self,
        store: &Store,
        syncs: &Syncs,
        why: Attention,
        waiting_limit: Option<Duration>,
        now: Timestamp,
    ) -> BTreeSet<CellAt> {
        let of_cells = |needs: &dyn Fn(&Cell) -> bool| set_of(self.cells().filter(|(_, c)| needs(c)).map(|(at, _)| at));
        match why {
            Attention::Waiting => {
                of_cells(&|cell| waiting_limit.is_some_and(|waiting_limit| cell.waits(store, waiting_limit, now)))
            }
            Attention::Behind => of_cells(&|cell| cell.drift.is_some()),
            Attention::ClusterFailed => self.of_clusters(store, syncs, SyncState::Failed),
            Attention::ClusterBehind => self.of_clusters(store, syncs, SyncState::Pending),
            Attention::LeftOver => BTreeSet::new(),
        }
    }

    /// The clusters that serve a ring and what they have of it: the worst of what is known of each as a whole and of
    /// its cells.
    #[must_use]
    pub fn clusters(&self, store: &Store, syncs: &Syncs, ring: RingSym) -> Vec<ClusterInRing> {
        let mut all = syncs.of_ring(store, ring);
        let column = self.rings.iter().position(|r| r.ring == ring);
        for cluster in &mut all {
            let in_cells = |state: SyncState| {
                let its = |row: &ServiceRow| {
                    let cell = row.cells.get(column?).filter(|_| row.project == cluster.project)?;
                    cell.in_cluster(&cluster.sync.cluster)
                };
                self.services.iter().any(|row| its(row) == Some(state))
            };
            let worse: &[SyncState] = match cluster.state {
                SyncState::Failed => &[],
                SyncState::Pending => &[SyncState::Failed],
                SyncState::Unknown | SyncState::Synced => &[SyncState::Failed, SyncState::Pending],
            };
            cluster.state = worse.iter().copied().find(|state| in_cells(*state)).unwrap_or(cluster.state);
        }
        all
    }

    /// The names of the clusters in that state, in whatever ring, and each ring's place.
    #[must_use]
    pub fn clusters_in(&self, store: &Store, syncs: &Syncs, state: SyncState) -> Vec<(ClusterName, usize)> {
        let of_ring = |(at, ring): (usize, &RingColumn)| {
            let its = self.clusters(store, syncs, ring.ring).into_iter().filter(move |c| c.state == state);
            its.map(move |c| (c.sync.cluster, at))
        };
        self.rings.iter().enumerate().flat_map(of_ring).collect()
    }

    /// The cells for which a cluster reports that. Where it does for none, as far as is known, it may be any of the
    /// ring.
    fn of_clusters(&self, store: &Store, syncs: &Syncs, state: SyncState) -> BTreeSet<CellAt> {
        let mut found = BTreeSet::new();
        for (name, column) in self.clusters_in(store, syncs, state) {
            let in_row = |(row, service): (usize, &Arc<ServiceRow>)| {
                Some(((row, column), service.cells.get(column)?.in_cluster(&name)?))
            };
            let its: Vec<(CellAt, SyncState)> = self.services.iter().enumerate().filter_map(in_row).collect();
            let has = |is: &dyn Fn(SyncState) -> bool| its.iter().any(|(_, state)| is(*state));
            let filter: &dyn Fn(SyncState) -> bool = if has(&|s| s == state) {
                &|s| s == state
            } else if has(&|s| s != SyncState::Synced) {
                &|s| s != SyncState::Synced
            } else {
                &|_| true
            };
            found.extend(its.iter().filter(|(_, state)| filter(*state)).map(|(at, _)| *at));
        }
        found
    }

    /// All cells, each with its place.
    pub fn cells(&self) -> impl Iterator<Item = (CellAt, &Cell)> {
        let of_row = |(row, service)| {
            let service: &Arc<ServiceRow> = service;
            service.cells.iter().enumerate().map(move |(column, cell)| ((row, column), &**cell))
        };
        self.services.iter().enumerate().flat_map(of_row)
    }
}

impl Cell {
    /// Whether something here has waited so long for a person.
    fn waits(&self, store: &Store, waiting_limit: Duration, now: Timestamp) -> bool {
        self.next.into_iter().chain(self.waiting).any(|slot| {
            store.at(slot).status() == Status::Waiting
                && blocked_at(store, slot).since.is_some_and(|since| now.since(since) >= waiting_limit)
        })
    }

    /// What a cluster has of it.
    fn in_cluster(&self, name: &ClusterName) -> Option<SyncState> {
        let its =
            |c: &&crate::model::cluster_state::CellCluster| c.cluster.as_str().eq_ignore_ascii_case(name.as_str());
        self.clusters.iter().find(its).map(|c| c.state)
    }
}
