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
    /// Not known.
    Unknown,
}

impl SyncState {
    /// Its word in the page's hooks.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Synced => "synced",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// What became of, by a signal, a manifest commit in a cluster.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SignalState {
    /// The cluster runs it.
    Applied,
    /// The cluster is at it.
    Pending,
    /// The cluster tried and could not, or what it runs is not healthy.
    Failed,
    /// A word that we do not know.
    Unknown,
}

impl SignalState {
    /// What that is for the deployments of that commit.
    #[must_use]
    pub const fn sync(self) -> SyncState {
        match self {
            Self::Applied => SyncState::Synced,
            Self::Pending => SyncState::Pending,
            Self::Failed => SyncState::Failed,
            Self::Unknown => SyncState::Unknown,
        }
    }
}

/// Who makes a signal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SignalKind {
    /// A tag that Flux 1 moves to what it last applied.
    FluxTag,
    /// A commit status of Flux 2's notification controller.
    FluxStatus,
    /// A commit status of Argo CD's notifications.
    ArgoStatus,
    /// A commit status of gitops-connector, in which no cluster is named.
    Connector,
    /// A commit status of somebody else, which the configuration maps to a cluster.
    Status,
    /// A deployment to an environment, as Argo CD's notifications can make on GitHub.
    Deployment,
    /// A row of the table.
    Row,
}

/// What a signal is called where it comes from: by this the configuration names its cluster.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Label {
    /// Who makes it.
    pub kind: SignalKind,
    /// The tag, the status's context or name, the environment, or what the row calls the cluster.
    pub name: Box<str>,
    /// Azure DevOps only: the genre beside the context.
    pub genre: Option<Box<str>>,
}

/// One report about a cluster and a manifest commit, before it is known which cluster it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signal {
    /// What it was read from.
    pub from: Label,
    /// The manifest commit it reports.
    pub commit: Option<CommitId>,
    /// What became of it there.
    pub state: SignalState,
    /// When that was.
    pub at: Option<Timestamp>,
    /// `at` is near that moment, not of it: a lightweight tag has no time but its commit's.
    pub is_approximate: bool,
    /// In its own words.
    pub message: Option<Box<str>>,
}

/// What one cluster has of one commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterSync {
    /// The cluster.
    pub cluster: ClusterName,
    /// The manifest commit that the cluster last reported.
    pub commit: Option<CommitId>,
    /// What became of it there. In a report of its own an applied commit is `Synced`; whether it is the *newest* is
    /// for the ring to decide.
    pub state: SyncState,
    /// Its own words.
    pub message: Option<Box<str>>,
    /// When: for what is applied since when, as far as that was seen; otherwise of what was reported last.
    pub at: Option<Timestamp>,
    /// `at` is near that moment, or the latest that it can have been.
    pub is_approximate: bool,
}
