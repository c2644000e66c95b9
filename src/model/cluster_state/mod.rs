//! What clusters run, decided once for all views: each cluster's position among the commits of its manifest branch, and
//! which deployments that contains.
//!
//! A cluster may report under several labels (one a kustomization), several times a commit, and through several
//! channels. For one label and commit the newest word counts; of the labels of one tool the worst, because a cluster in
//! which one part failed has not applied the commit; between tools, and between commits, the newest. At the same
//! moment a failure counts before everything, an end before a begin, and a later commit before an earlier one; what has
//! no time counts as older than all that has. What the cluster *runs* is the commit that it last applied, whatever it
//! failed at or began since.
//!
//! A part whose last word is a failure fails the cluster until it reports something else: the success of another part,
//! be it at a newer commit, does not heal it, and the cluster has nothing that contains the commit at which that part
//! failed. Where labels count as parts of one cluster only because nothing proves that they are clusters, it has for
//! certain what all of them have; what only some have is not known. What a part reports counts alone for the service
//! that is called as its application.

mod ancestors;
mod cell;
mod combine;
mod groups;
pub(in crate::model) mod position;

use self::ancestors::Ancestors;
use self::combine::{by_commit, common, failing, is_group, is_unread};
pub use self::{
    cell::{CellCluster, Deployed, Known, decide},
    position::{ClusterPosition, ClusterState, CommitReport, PositionId},
};

use std::collections::{BTreeMap, BTreeSet};

use self::position::Group;
use super::{
    history::{AncestorSet, Found, Node, Within, is_in},
    order::sorted_by,
    store::{Slot, Store},
    sync::{Syncs, names, report::ClusterReport},
};
use crate::domain::{
    cluster::{ClusterSync, Label, SignalState, SyncState},
    project::ProjectId,
};

impl ClusterState {
    pub(super) fn of(store: &Store, syncs: &Syncs) -> Self {
        let mut state = Self { groups: vec![Group::default()], ..Self::default() };
        let reports = syncs.all_reports();
        let Some(mut first) = reports.first() else { return state };
        let all: Vec<Ancestors<'_>> =
            syncs.histories().map(|(project, history)| Ancestors::new(project, history)).collect();
        let mut group: Vec<&ClusterReport> = Vec::new();
        for next in reports {
            let is_same =
                next.project == first.project && next.cluster.as_str().eq_ignore_ascii_case(first.cluster.as_str());
            if !is_same {
                state.add(&std::mem::take(&mut group), syncs, &all);
                first = next;
            }
            group.push(next);
        }
        state.add(&group, syncs, &all);
        state.place(store, syncs);
        state
    }

    fn head(&mut self, ancestors: &Ancestors<'_>) -> &AncestorSet {
        let head = || ancestors.history.head().map(|head| ancestors.of(head)).unwrap_or_default();
        self.heads.entry(ancestors.project).or_insert_with(head)
    }

    /// Adds one cluster, from all its signals.
    fn add(&mut self, reports: &[&ClusterReport], syncs: &Syncs, all: &[Ancestors<'_>]) {
        let Some(mut position) = self.position(reports, syncs, all) else { return };
        let mut parts: BTreeMap<String, Vec<&ClusterReport>> = BTreeMap::new();
        let mut labels: BTreeSet<&Label> = BTreeSet::new();
        for report in reports.iter().filter(|t| !t.is_past) {
            labels.insert(&report.signal.from);
            if let Some(name) = names::application(&report.signal.from) {
                parts.entry(name).or_default().push(report);
            }
        }
        if labels.len() > 1 {
            position.parts = parts
                .into_iter()
                .filter_map(|(name, reports)| self.position(&reports, syncs, all).map(|part| (name, part)))
                .collect();
        }
        self.positions.push(position);
    }

    /// Where a cluster stands by these of its signals.
    fn position(
        &mut self,
        reports: &[&ClusterReport],
        syncs: &Syncs,
        all: &[Ancestors<'_>],
    ) -> Option<ClusterPosition> {
        let first = *reports.iter().find(|t| !t.is_past)?;
        let ancestors = all.iter().find(|ancestors| ancestors.project == first.project)?;
        let history = ancestors.history;
        let node = |report: &CommitReport| match history.find(report.commit.as_ref().map_or("", |c| c.as_str())) {
            Found::One(node) => Some(node),
            Found::Many | Found::Nothing => None,
        };
        let head = self.head(ancestors);
        let rank = |report: &CommitReport| match node(report).map(|node| head.within(node)) {
            Some(Within::Yes(rank)) => Some(rank),
            _ => None,
        };
        let unread = syncs.unread(first.project).map_or(&[][..], |unread| &unread.statuses);
        let commits = by_commit(reports, unread, &rank);
        let (past, now): (Vec<&CommitReport>, Vec<&CommitReport>) = commits.iter().partition(|s| s.is_past);
        let failing = failing(reports, unread, &rank);
        // What counts first of several that fail.
        let latest = failing.first().or_else(|| now.first().copied())?;
        let failed: Vec<Node> = failing.iter().filter_map(node).collect();
        let is_whole = |report: &&CommitReport| match node(report) {
            Some(at) => !failed.iter().any(|&failed| is_in(ancestors.of(at).within(failed))),
            None => failed.is_empty(),
        };
        let applied = now.iter().copied().filter(|s| s.state == SignalState::Applied && s.commit.is_some());
        let applied = applied.clone().find(is_whole);
        let reach = applied.and_then(node);
        // What all parts have, where nothing but their likeness makes them one cluster's.
        let common =
            if is_group(reports) { common(reports, unread, &rank, &node, ancestors) } else { Some(applied.cloned()) };
        let (applied, has_common) = match &common {
            Some(common) => (common.as_ref().filter(|s| is_whole(s)), true),
            None => (None, false),
        };
        let at = applied.and_then(node);
        let mut position = ClusterPosition {
            reach: reach.filter(|&reach| Some(reach) != at).map(|reach| ancestors.of(reach)),
            parts: Vec::new(),
            project: first.project,
            cluster: first.cluster.clone(),
            is_made_up: reports.iter().all(|t| t.is_made_up),
            latest: latest.clone(),
            applied: applied.cloned(),
            back_from: None,
            is_uncertain: !has_common || is_unread(reports, latest, unread, history, head),
            is_placed: at.is_some_and(|node| history.is_read(node)),
            is_on_branch: at.is_some_and(|node| history.was_head(node)),
            node: at,
            latest_node: node(latest),
            line: at.map(|node| ancestors.of(node)).unwrap_or_default(),
            failing: node(latest).filter(|_| latest.state == SignalState::Failed).map(|node| ancestors.of(node)),
            since: Vec::new(),
        };
        let former = past.into_iter().chain(now.iter().copied().filter(|s| Some(*s) != applied));
        let former: Vec<&CommitReport> =
            former.filter(|s| s.state == SignalState::Applied && s.commit.is_some() && s.at.is_some()).collect();
        let former = sorted_by(&former, |a, b| b.at.cmp(&a.at));
        let log: Vec<(Node, &CommitReport)> =
            applied.into_iter().chain(former).filter_map(|s| Some((node(s)?, s))).collect();
        position.set_since(ancestors, &log);
        Some(position)
    }

    /// A commit's place in the order of the branch.
    pub(super) fn rank(&self, project: ProjectId, node: Option<Node>) -> Option<u32> {
        match self.heads.get(&project)?.within(node?) {
            Within::Yes(rank) => Some(rank),
            Within::No | Within::Unknown => None,
        }
    }

    /// Whether a commit is on the branch, so that somebody will yet apply it. Where the branch's head is not known, it
    /// is taken to be.
    pub(super) fn is_to_come(&self, project: ProjectId, node: Option<Node>) -> Option<bool> {
        let head = self.heads.get(&project).filter(|head| !head.is_empty());
        match head.zip(node).map(|(head, node)| head.within(node)) {
            None | Some(Within::Yes(_)) => Some(true),
            Some(Within::No) => Some(false),
            Some(Within::Unknown) => None,
        }
    }

    pub(super) fn of_slot(&self, store: &Store, syncs: &Syncs, slot: Slot) -> Vec<ClusterSync> {
        let at = store.at(slot);
        let (project, commit) = (at.project(), at.manifest_commit());
        let Some(history) = syncs.history(project).filter(|_| !commit.is_empty()) else { return Vec::new() };
        let node = match history.find(commit) {
            Found::One(node) => Some(node),
            Found::Many | Found::Nothing => None,
        };
        let mut found = Vec::new();
        for position in self.positions.iter().filter(|s| s.project == project) {
            if !syncs.serves(store, &position.cluster, at.ring()) {
                continue;
            }
            let position = position.of_slot(store, slot);
            let latest = position.latest_sync();
            let is_latest = node.is_some() && position.latest_node == node;
            let sync = match position.has(node) {
                _ if position.is_uncertain && latest.state != SyncState::Failed => {
                    ClusterSync { state: SyncState::Unknown, message: None, ..latest }
                }
                Within::Yes(_) => {
                    let (since, is_vague) = position.since(node);
                    let message = position.applied.as_ref().filter(|_| position.node == node);
                    ClusterSync {
                        state: SyncState::Synced,
                        commit: position.applied.as_ref().and_then(|a| a.commit.clone()),
                        message: message.and_then(|a| a.message.clone()),
                        at: since,
                        is_approximate: is_vague,
                        ..latest
                    }
                }
                _ if is_latest => latest,
                Within::No if position.fails(node) => latest,
                Within::No if self.is_to_come(project, node) != Some(true) => {
                    ClusterSync { state: SyncState::Unknown, message: None, ..latest }
                }
                Within::No => ClusterSync { state: SyncState::Pending, message: None, ..latest },
                // Where nothing at all is known of the branch there is no state of each cluster.
                Within::Unknown if !position.is_placed => continue,
                Within::Unknown => ClusterSync { state: SyncState::Unknown, message: None, ..latest },
            };
            found.push(sync);
        }
        found
    }

    /// How many commits of the branch a cluster does not have.
    pub(super) fn commits_behind(&self, position: &ClusterPosition) -> Option<u32> {
        let head = self.heads.get(&position.project)?;
        let node = position.node.filter(|_| position.is_placed)?;
        match head.within(node) {
            Within::Yes(_) => Some(head.len().saturating_sub(position.line.len())),
            Within::No | Within::Unknown => None,
        }
    }
}

impl ClusterPosition {
    /// Sets since when it has what it has, and whether it was moved back, from what it applied, the latest first.
    fn set_since(&mut self, ancestors: &Ancestors<'_>, log: &[(Node, &CommitReport)]) {
        self.since = vec![None; ancestors.history.len()];
        let mut held = vec![true; ancestors.history.len()];
        for (n, &(node, report)) in log.iter().enumerate() {
            let line = ancestors.of(node);
            if n == 1 && is_in(line.within(log.first().map_or(node, |l| l.0))) && self.line.within(node) == Within::No {
                self.back_from = ancestors.history.id(node);
            }
            let mut any = false;
            for (place, (held, since)) in held.iter_mut().zip(&mut self.since).enumerate() {
                *held &= is_in(line.within(Node::at(place)));
                if *held {
                    any = true;
                    let is_vague = report.is_approximate || place != node.index();
                    *since = report.at.map(|at| (at.millis(), is_vague)).or(*since);
                }
            }
            if !any {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests;
