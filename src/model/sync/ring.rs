//! What a cluster has of one ring.

use crate::{
    domain::{
        cluster::{ClusterSync, SignalState, SyncState},
        id::CommitId,
        project::ProjectId,
        time::Timestamp,
    },
    model::{
        cluster_state::position::{ClusterPosition, ClusterState},
        store::Store,
        symbols::RingSym,
    },
};

/// What a cluster has of one ring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterInRing {
    /// Its last report.
    pub sync: ClusterSync,
    /// Whether it has the newest that was published for the ring.
    pub state: SyncState,
    /// How many published deployments of the ring it does not have; `None` when that is not known.
    pub behind: Option<u32>,
    /// How many commits of the manifest branch it does not have; `None` when that is not known.
    pub commits: Option<u32>,
    /// What it runs, and when it was seen to have applied that.
    pub applied: Option<(CommitId, Option<Timestamp>)>,
    /// That time is near the moment, not of it.
    pub applied_is_approximate: bool,
    /// What it ran before, where that was newer: it was rolled back.
    pub back_from: Option<CommitId>,
    /// The project whose manifests it applies.
    pub project: ProjectId,
    /// Its name is generated.
    pub is_made_up: bool,
}

impl ClusterInRing {
    /// What a cluster has of a ring by its position, or by the order of rows where its commit has no place.
    pub(super) fn of(state: &ClusterState, store: &Store, ring: RingSym, position: &ClusterPosition) -> Self {
        let behind = if position.is_uncertain { None } else { state.behind(store, ring, position) };
        let sync_state = match (position.latest.state, behind) {
            (SignalState::Applied, Some(0)) => SyncState::Synced,
            (SignalState::Applied, Some(_)) => SyncState::Pending,
            (SignalState::Applied, None) => SyncState::Unknown,
            (SignalState::Pending, _) if position.is_uncertain => SyncState::Unknown,
            (state, _) => state.sync(),
        };
        Self {
            sync: position.latest_sync(),
            state: sync_state,
            behind,
            commits: state.commits_behind(position).filter(|_| !position.is_uncertain),
            applied: position.applied.as_ref().and_then(|a| Some((a.commit.clone()?, a.at))),
            applied_is_approximate: position.applied.as_ref().is_some_and(|a| a.is_approximate),
            back_from: position.back_from.clone(),
            project: position.project,
            is_made_up: position.is_made_up,
        }
    }

    /// Whether that is the same cluster, and reports the same.
    pub(super) fn is_at_the_same(&self, other: &Self) -> bool {
        let (a, b) = (&self.sync, &other.sync);
        a.cluster.as_str().eq_ignore_ascii_case(b.cluster.as_str())
            && (&a.commit, a.at, &self.applied) == (&b.commit, b.at, &other.applied)
    }

    /// Puts together what it has for two projects.
    pub(super) fn merge(&mut self, other: Self) {
        let worst = |state: SyncState| {
            [SyncState::Failed, SyncState::Pending, SyncState::Unknown].iter().position(|s| *s == state).unwrap_or(3)
        };
        if worst(other.state) < worst(self.state) {
            self.state = other.state;
        }
        self.behind = self.behind.zip(other.behind).map(|(a, b)| a + b);
    }
}

/// The state of a ring: the worst of them, and unknown where there are none.
#[must_use]
pub fn together(clusters: &[ClusterInRing]) -> SyncState {
    [SyncState::Failed, SyncState::Pending, SyncState::Unknown, SyncState::Synced]
        .into_iter()
        .find(|&state| clusters.iter().any(|c| c.state == state))
        .unwrap_or(SyncState::Unknown)
}
