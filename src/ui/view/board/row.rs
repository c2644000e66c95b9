//! What a row of the board and its cells show.

use std::sync::Arc;

use crate::{
    domain::{
        cluster::SyncState,
        deployment::{Deployment, Status},
        id::ClusterName,
        link::Link,
        time::Timestamp,
    },
    model::{cluster_state::Known, kept::ServiceHash, rings::Drift, wording},
    ui::action::{CellPlace, Change},
};

/// A service and its cells.
pub struct BoardRow {
    /// By what it is known.
    pub key: ServiceHash,
    /// Whether it stands first because somebody wants it so.
    pub is_pinned: bool,
    /// Its name in the hooks, and the one that is shown.
    pub names: (String, String),
    /// The group that begins with it.
    pub group: Option<String>,
    /// Where its history is.
    pub history: Change,
    /// Its project where there are several, how much happened today, and where its source is.
    pub about: ServiceAbout,
    /// The newest on its way to a ring that is not named yet.
    pub unplaced: Option<Arc<Deployment>>,
    /// One a ring that is drawn.
    pub cells: Vec<BoardCell>,
}

/// What stands below a service's name.
#[derive(Default)]
pub struct ServiceAbout {
    /// Its project.
    pub project: Option<String>,
    /// How many deployments there were today.
    pub today: Option<usize>,
    /// Where its source is.
    pub repository: Option<String>,
}

/// A service in a ring.
pub struct BoardCell {
    /// What it shows.
    pub view: CellView,
    /// Where it stands.
    pub place: CellPlace,
    /// Whether each of its clusters is shown.
    pub shows_clusters: bool,
    /// Whether it is visible. One that is not keeps its hooks and draws nothing.
    pub is_visible: bool,
    /// Whether the keyboard is on it.
    pub is_active: bool,
}

/// What one cell of the board shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct CellView {
    /// What runs.
    pub running: Option<Arc<Deployment>>,
    /// What may run instead: which of the two is newer is not known.
    pub may_be: Option<Arc<Deployment>>,
    /// What is newer, and on its way.
    pub next: Option<Arc<Deployment>>,
    /// How many more are behind what is next.
    pub more_next: u32,
    /// The newest of these that waits for a person, where `next` does not.
    pub waiting: Option<Arc<Deployment>>,
    /// What is next is published and waits for clusters, since then.
    pub unapplied_since: Option<Timestamp>,
    /// What failed on its way.
    pub failed: Option<Arc<Deployment>>,
    /// The newest that clusters failed to apply.
    pub failed_in: Option<FailedIn>,
    /// What was edited by hand since.
    pub edited: Option<Arc<Deployment>>,
    /// What runs came back; this ran in between.
    pub rolled_back_from: Option<Arc<Deployment>>,
    /// How far it is behind the ring before.
    pub drift: Option<DriftView>,
    /// How it is known what runs.
    pub known: Known,
    /// Each cluster that serves the ring.
    pub clusters: Vec<CellClusterView>,
    /// How many of them run what the cell shows.
    pub runs_on: usize,
    /// Nothing in it is what the filters select.
    pub dim: bool,
    /// It has just become another one.
    pub changed: bool,
}

/// How far a cell is behind another ring.
#[derive(Clone, PartialEq, Debug)]
pub struct DriftView {
    /// How far.
    pub drift: Drift,
    /// The other ring: its name in the hooks, and what people call it.
    pub ring: (Box<str>, Box<str>),
}

/// A deployment that clusters failed to apply.
#[derive(Clone, PartialEq, Debug)]
pub struct FailedIn {
    /// The deployment.
    pub deployment: Arc<Deployment>,
    /// The clusters.
    pub clusters: Vec<ClusterName>,
    /// What one of them reported.
    pub message: Option<Box<str>>,
}

/// What one cluster has of a cell.
#[derive(Clone, PartialEq, Debug)]
pub struct CellClusterView {
    /// Its name.
    pub cluster: ClusterName,
    /// Whether it has what it should.
    pub state: SyncState,
    /// The version that it runs.
    pub version: Option<Box<str>>,
    /// Since when, and whether that is only about so.
    pub since: (Option<Timestamp>, bool),
    /// How many deployments it lacks.
    pub missing: Option<u32>,
    /// The version that it failed to apply.
    pub failed: Option<Box<str>>,
    /// Its report about that.
    pub message: Option<Box<str>>,
    /// Where to see the manifest commit that it runs.
    pub link: Option<Link>,
}

impl CellView {
    /// What opening the cell as a whole shows.
    pub(super) fn opens(&self) -> Option<String> {
        let first = [&self.running, &self.next, &self.failed, &self.edited].into_iter().flatten().next()?;
        Some(first.id.to_string())
    }

    /// The newest of what it shows.
    pub(super) fn newest(&self) -> Option<&Arc<Deployment>> {
        [&self.running, &self.next, &self.failed, &self.edited].into_iter().flatten().max_by_key(|d| d.updated)
    }

    /// The state of the newest: what clusters failed to apply has failed, however well it went until then.
    pub(super) fn status(&self) -> Option<Status> {
        let newest = self.newest()?;
        let is_failed = self.failed_in.as_ref().is_some_and(|f| f.deployment.id == newest.id);
        Some(if is_failed { Status::Failed } else { newest.status })
    }

    /// How many clusters run what it shows, where that is not all of them or not all there is.
    pub(super) fn on_clusters(&self) -> Option<String> {
        let all = self.clusters.len();
        let is_plain = self.runs_on == all && self.clusters.iter().all(|c| c.state == SyncState::Synced);
        if all < 2 || is_plain || self.known != Known::Clusters {
            return None;
        }
        let unknown = self.clusters.iter().filter(|c| c.state == SyncState::Unknown && c.version.is_none()).count();
        Some(wording::clusters::on_clusters(self.runs_on, all, unknown))
    }
}
