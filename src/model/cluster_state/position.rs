//! Where each cluster stands.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::{
    domain::{
        cluster::{ClusterSync, Label, SignalState},
        id::{ClusterName, CommitId},
        project::ProjectId,
        time::Timestamp,
    },
    model::{
        fold::fold,
        history::{AncestorSet, Node, Within, is_in},
        store::{Slot, Store},
        symbols::{RingSym, ServiceSym},
        sync::report::ClusterReport,
    },
};

/// What a cluster reported of one commit, all its signals taken together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommitReport {
    /// The manifest commit.
    pub commit: Option<CommitId>,
    /// What became of it.
    pub state: SignalState,
    /// When.
    pub at: Option<Timestamp>,
    /// That time is near the moment, not of it.
    pub is_approximate: bool,
    /// In its own words.
    pub message: Option<Box<str>>,
    /// What that was read from.
    pub from: Label,
    pub(in crate::model) is_row: bool,
    pub(in crate::model) is_past: bool,
}

impl CommitReport {
    pub(in crate::model) fn of(reports: &ClusterReport) -> Self {
        Self {
            commit: reports.signal.commit.clone(),
            state: reports.signal.state,
            at: reports.signal.at,
            is_approximate: reports.signal.is_approximate,
            message: reports.signal.message.clone(),
            from: reports.signal.from.clone(),
            is_row: reports.is_row(),
            is_past: reports.is_past,
        }
    }

    /// What counts first at one moment counts least here.
    pub(in crate::model) const fn weight(&self) -> u8 {
        match self.state {
            SignalState::Pending => 0,
            SignalState::Applied => 1,
            SignalState::Unknown => 2,
            SignalState::Failed => 3,
        }
    }
}

/// Where one cluster of one project stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterPosition {
    /// The project whose manifests it applies.
    pub project: ProjectId,
    /// Its name.
    pub cluster: ClusterName,
    /// Nobody gave it that name.
    pub is_made_up: bool,
    /// What it reported last.
    pub latest: CommitReport,
    /// What it reported of the commit that it runs.
    pub applied: Option<CommitReport>,
    /// What it ran before, where that was newer: somebody moved it back.
    pub back_from: Option<CommitId>,
    /// The commit that it runs has been read, with its parents: what it contains is known, as far back as that goes.
    pub is_placed: bool,
    /// Whether it has what came after `latest` and before is not known: not all its reports are read, or its parts
    /// have nothing in common.
    pub(in crate::model) is_uncertain: bool,
    /// The branch was once at that commit. Then it contains whatever came to the branch before, known or not.
    pub(in crate::model) is_on_branch: bool,
    pub(in crate::model) node: Option<Node>,
    pub(in crate::model) latest_node: Option<Node>,
    pub(in crate::model) line: Arc<AncestorSet>,
    /// All that some of its parts have, where that is more than all of them are known to have.
    pub(in crate::model) reach: Option<Arc<AncestorSet>>,
    /// What parts report of themselves, in the order of the folded names of their applications.
    pub(in crate::model) parts: Vec<(String, ClusterPosition)>,
    /// All that is contained in the commit that it failed at last.
    pub(in crate::model) failing: Option<Arc<AncestorSet>>,
    /// By commit: since when it has been there, in milliseconds, and whether that is the latest that it can have been;
    /// nothing where that was not seen.
    pub(in crate::model) since: Vec<Option<(i64, bool)>>,
}

impl ClusterPosition {
    /// Whether the cluster runs a commit or one that contains it.
    #[must_use]
    pub(in crate::model) fn has(&self, node: Option<Node>) -> Within {
        let Some(node) = node else { return Within::Unknown };
        match (self.line.within(node), &self.reach) {
            (Within::No, Some(reach)) if reach.within(node) != Within::No => Within::Unknown,
            (within, _) => within,
        }
    }

    /// Where it stands as far as a service is concerned: a part that is called so counts for that service alone.
    pub(in crate::model) fn of_service(&self, service: &str) -> &Self {
        let name = service.rsplit('/').next().unwrap_or(service);
        if self.parts.is_empty() || name.is_empty() {
            return self;
        }
        let name = fold(name);
        let part = self.parts.binary_search_by(|(of, _)| of.as_str().cmp(&name));
        part.ok().and_then(|at| self.parts.get(at)).map_or(self, |(_, part)| part)
    }

    pub(in crate::model) fn of_slot(&self, store: &Store, slot: Slot) -> &Self {
        if self.parts.is_empty() { self } else { self.of_service(store.at(slot).service_name()) }
    }

    /// Whether a deployment of a commit that is not known can be taken for older than what the cluster has: by its row
    /// it must be, the cluster must be where the branch was, and nothing may be known to be built on that commit.
    pub(in crate::model) const fn is_surely_before(&self, node: Option<Node>, has_newer: bool) -> bool {
        has_newer && node.is_none() && self.is_placed && self.is_on_branch
    }

    /// Whether what the cluster has and nobody has read came before that commit.
    pub(in crate::model) fn contains_all_missing(&self, node: Option<Node>) -> bool {
        node.is_some_and(|node| self.line.contains_all_missing(node))
    }

    /// Whether the place of a commit among all that the cluster has is the latest that it can be.
    pub(in crate::model) fn is_vague(&self, node: Option<Node>) -> bool {
        node.is_some_and(|node| self.line.is_vague(node))
    }

    /// Whether that is the very commit that it applied.
    pub(in crate::model) fn is_at(&self, node: Option<Node>) -> bool {
        node.is_some() && self.node == node
    }

    /// Whether the commit that it failed at last contains this one.
    pub(in crate::model) fn fails(&self, node: Option<Node>) -> bool {
        match (&self.failing, node) {
            (Some(line), Some(node)) => is_in(line.within(node)),
            _ => false,
        }
    }

    /// Whether that is the very commit that it failed at last.
    pub(in crate::model) fn failed_at(&self, node: Option<Node>) -> bool {
        self.failing.is_some() && node.is_some() && self.latest_node == node
    }

    /// Since when it has a commit; and whether that is the latest that it can have been.
    pub(in crate::model) fn since(&self, node: Option<Node>) -> (Option<Timestamp>, bool) {
        let since = node.and_then(|node| node.of(&self.since).copied().flatten());
        since.map_or((None, false), |(millis, is_vague)| (Some(Timestamp::from_millis(millis)), is_vague))
    }

    /// What it reported last, as it is shown.
    pub(in crate::model) fn latest_sync(&self) -> ClusterSync {
        ClusterSync {
            cluster: self.cluster.clone(),
            commit: self.latest.commit.clone(),
            state: self.latest.state.sync(),
            message: self.latest.message.clone(),
            at: self.latest.at,
            is_approximate: self.latest.is_approximate,
        }
    }
}

/// All of it: made anew when clusters report something, and brought up to date where only rows changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ClusterState {
    pub(in crate::model) positions: Vec<ClusterPosition>,
    /// Any of them has parts.
    pub(in crate::model) has_parts: bool,
    /// By project: what the branch holds.
    pub(in crate::model) heads: FxHashMap<ProjectId, Arc<AncestorSet>>,
    /// By slot: the number of its group.
    pub(in crate::model) by_slot: Vec<u32>,
    /// The first is of no deployment.
    pub(in crate::model) groups: Vec<Group>,
    pub(in crate::model) by_key: FxHashMap<GroupKey, u32>,
    /// Numbers of groups that nothing is in any more, to be given again.
    pub(in crate::model) free: Vec<u32>,
    pub(in crate::model) by_ring: Vec<RingGroups>,
    /// By the key of each commit of which a cluster without a place reported last, in order: the deployments whose rows
    /// name such a one, the newest first.
    pub(in crate::model) named: Vec<(u32, Vec<Slot>)>,
}

/// What decides which clusters have a deployment, and how it counts for its ring.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(in crate::model) struct GroupKey {
    pub project: ProjectId,
    pub ring: RingSym,
    /// None unless clusters have parts: only what these report depends on the service.
    pub service: ServiceSym,
    /// Its manifest commit, where that is known.
    pub node: Option<Node>,
    /// Its row names a manifest commit, known or not.
    pub has_manifest: bool,
    /// It succeeded.
    pub is_published: bool,
}

/// Deployments that are alike to all clusters. There are about as many groups as commits that are known, so that what
/// is asked about a ring and a cluster is no pass over the rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::model) struct Group {
    pub key: GroupKey,
    /// The clusters that have them.
    pub clusters: Vec<PositionId>,
    /// The newest first.
    pub slots: Vec<Slot>,
}

/// The groups of a ring.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::model) struct RingGroups {
    pub groups: Vec<u32>,
    /// The clusters that serve it.
    pub serving: Vec<PositionId>,
}

crate::domain::number::numbers! {
    /// A cluster's place in [`ClusterState::positions`].
    PositionId;
}
