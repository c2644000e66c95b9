//! What clusters report of the manifests they apply.

use super::{
    id::{ClusterName, CommitId},
    time::Timestamp,
};

/// Whether a cluster runs what it should.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SyncState {
    /// It applied the newest manifests.
    Synced,
    /// It has yet to apply them.
    Pending,
    /// It tried and could not.
    Failed,
    /// Nothing tells.
    Unknown,
}

impl SyncState {
    /// Its word in the page's hooks.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Synced => "synced",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// What one cluster last said of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterSync {
    /// The cluster.
    pub cluster: ClusterName,
    /// The manifest commit it speaks of.
    pub commit: Option<CommitId>,
    /// What became of that commit there. An applied commit is `Synced` here; whether it is the *newest* is
    /// for the ring to say.
    pub state: SyncState,
    /// Its own words.
    pub message: Option<Box<str>>,
    /// When.
    pub at: Option<Timestamp>,
}
