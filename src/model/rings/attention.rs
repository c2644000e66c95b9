//! What of the board needs somebody.

use std::time::Duration;

use super::cell::{Cell, blocked_at};
use crate::{
    domain::{cluster::SyncState, deployment::Status, time::Timestamp},
    model::store::Store,
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

impl Cell {
    /// Whether somebody should look at it, for that reason. `patience` is how long a person may be waited for; `None`
    /// is for ever. Whether its ring is left over, a cell does not know.
    #[must_use]
    pub fn needs(&self, store: &Store, why: Attention, patience: Option<Duration>, now: Timestamp) -> bool {
        match why {
            Attention::Waiting => patience.is_some_and(|patience| {
                let mut on_its_way = self.next.into_iter().chain(self.waiting);
                on_its_way.any(|slot| {
                    store.at(slot).status() == Status::Waiting && now.since(blocked_at(store, slot).since) >= patience
                })
            }),
            Attention::Behind => self.drift.is_some(),
            Attention::ClusterFailed => self.clusters.iter().any(|c| c.state == SyncState::Failed),
            Attention::ClusterBehind => self.clusters.iter().any(|c| c.state == SyncState::Pending),
            Attention::LeftOver => false,
        }
    }
}
