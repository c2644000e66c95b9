//! What clusters reported, and what follows for a ring.
//!
//! Signals come from the table's rows ([`Syncs::put`]) and from forges ([`Syncs::set_signals`]); [`names`] decides
//! whose they are. [`Syncs::rebuild`] makes of them, and of the histories of the manifest branches, the one state that
//! the views look at ([`super::cluster_state`]): what each cluster runs, and which deployments that contains.
//!
//! Where no history is known, a cluster has what it reported and nothing else; only a ring's header then goes by the
//! order of rows: it shows how many published deployments came since the one that the cluster reported.

pub mod names;
mod note;
pub(in crate::model) mod report;
mod reports;
mod ring;

pub use note::SyncNote;
use rustc_hash::FxHashMap;

pub use self::ring::{ClusterInRing, together};
use self::{report::ClusterReport, reports::Reports};
use super::{
    cluster_state::position::{ClusterPosition, ClusterState, PositionId},
    history::{Found, History},
    store::{Change, Delta, Slot, Store},
    symbols::RingSym,
};
use crate::{
    config::{ClusterRule, RingRule},
    domain::{
        cluster::{ClusterSync, Signal},
        id::{ClusterName, CommitId, is_same_commit},
        manifests::Unread,
        project::ProjectId,
    },
    model::{fold::fold, order::sorted_by},
    storage::row::Row,
};

/// All reports of all clusters, and what they mean.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Syncs {
    reports: Reports,
    histories: FxHashMap<ProjectId, History>,
    /// By project: what of its signals has not been read to its end.
    unread: FxHashMap<ProjectId, Unread>,
    counts: Vec<(ProjectId, Box<str>, Box<str>, u32)>,
    by_ring: Vec<(Box<str>, Vec<ClusterName>)>,
    state: ClusterState,
    /// Something was put in since the state was made.
    is_unsettled: bool,
}

impl Syncs {
    /// None yet; the rules decide which signals are whose, and which clusters serve which ring.
    #[must_use]
    pub fn new(rings: &[RingRule], clusters: &[ClusterRule]) -> Self {
        let by_ring = rings.iter().filter(|r| !r.clusters.is_empty());
        Self {
            reports: Reports::new(rings, clusters),
            by_ring: by_ring.map(|r| (fold(r.name.as_str()).into(), r.clusters.clone())).collect(),
            ..Self::default()
        }
    }

    /// Puts a row's report in, in place of the one with the same keys.
    pub fn put(&mut self, project: ProjectId, row: &Row<'_>) -> Change {
        let change = self.reports.put(project, row);
        self.is_unsettled |= change != Change::Same;
        change
    }

    /// Puts in what a project's forges report of clusters, in place of all before; the newest of each list first, as
    /// the services list them. Returns whether that is anything new.
    pub fn set_signals(&mut self, project: ProjectId, signals: Vec<Signal>) -> bool {
        let is_new = self.reports.set_signals(project, signals);
        self.is_unsettled |= is_new;
        is_new
    }

    /// Whether there is a report with those keys.
    #[must_use]
    pub fn has(&self, project: ProjectId, partition: &str, key: &str) -> bool {
        self.reports.has(project, partition, key)
    }

    /// The partitions and keys of a project's rows that are reports.
    pub fn keys(&self, project: ProjectId) -> impl Iterator<Item = (&str, &str)> {
        let of_project = self.reports.all().iter().filter(move |report| report.project == project);
        of_project.filter_map(|report| report.row.as_ref().map(|row| (&*row.partition, &*row.key)))
    }

    /// Forgets those in rows whose keys `keep` refuses. Returns whether there were any.
    pub fn retain(&mut self, keep: impl FnMut(ProjectId, &str, &str) -> bool) -> bool {
        let is_less = self.reports.retain(keep);
        self.is_unsettled |= is_less;
        is_less
    }

    /// Takes note of what of these signals has not been read to its end. Returns whether that is anything new.
    pub fn set_unread(&mut self, project: ProjectId, unread: Unread) -> bool {
        let known = self.unread.entry(project).or_default();
        let is_new = *known != unread;
        *known = unread;
        self.is_unsettled |= is_new;
        is_new
    }

    /// The reports that stand in rows of the table, as they are: with each its project's number.
    pub fn reports(&self) -> impl Iterator<Item = (ProjectId, ClusterSync)> + '_ {
        let reports = self.reports.all().iter().filter(|t| t.row.is_some());
        reports.map(|t| {
            (
                t.project,
                ClusterSync {
                    cluster: t.cluster.clone(),
                    commit: t.signal.commit.clone(),
                    state: t.signal.state.sync(),
                    message: t.signal.message.clone(),
                    at: t.signal.at,
                    is_approximate: t.signal.is_approximate,
                },
            )
        })
    }

    /// The history of a project's manifest branch.
    #[must_use]
    pub fn history(&self, project: ProjectId) -> Option<&History> {
        self.histories.get(&project)
    }

    pub(super) fn histories(&self) -> impl Iterator<Item = (ProjectId, &History)> {
        self.histories.iter().map(|(project, history)| (*project, history))
    }

    /// The history of a project's manifest branch, to learn more of it.
    pub fn history_mut(&mut self, project: ProjectId) -> &mut History {
        self.is_unsettled = true;
        self.histories.entry(project).or_default()
    }

    /// Takes note of how many commits of a service's source lie between two versions, as the forge's comparison states.
    pub fn set_commit_count(&mut self, project: ProjectId, from: &CommitId, to: &CommitId, commits: u32) {
        if self.commit_count(project, from.as_str(), to.as_str()).is_none() {
            let low = |id: &CommitId| id.as_str().to_ascii_lowercase().into();
            self.counts.push((project, low(from), low(to), commits));
            self.is_unsettled = true;
        }
    }

    /// Forgets how many commits lie between two versions that `keep` does not know, by their ids in lower case.
    pub fn retain_commit_counts(&mut self, keep: impl Fn(&str, &str) -> bool) {
        self.counts.retain(|(_, from, to, _)| keep(from, to));
    }

    /// How many commits of a service's source lie between two versions, if somebody has counted.
    #[must_use]
    pub fn commit_count(&self, project: ProjectId, from: &str, to: &str) -> Option<u32> {
        let is_it = |(p, f, t, _): &&(ProjectId, Box<str>, Box<str>, u32)| {
            *p == project && is_same_commit(f, from) && is_same_commit(t, to)
        };
        self.counts.iter().find(is_it).map(|count| count.3)
    }

    /// Brings everything below up to date: to be called whenever the store has been settled, before the views look.
    pub fn rebuild(&mut self, store: &Store) {
        self.reports.arrange();
        for report in self.reports.all() {
            if let Some(commit) = &report.signal.commit {
                // One that no list has brought yet is a missing parent, which is found and concludes nothing.
                self.histories.entry(report.project).or_default().add(commit.as_str());
            }
        }
        self.forget_history(store);
        self.state = ClusterState::of(store, self);
        self.is_unsettled = false;
    }

    /// Forgets the begin of branches, before all that a deployment or a cluster names.
    fn forget_history(&mut self, store: &Store) {
        for (&project, history) in self.histories.iter_mut().filter(|(_, history)| history.may_forget()) {
            let reports = self.reports.all().iter().filter(|report| report.project == project);
            let reports = reports.filter_map(|report| report.signal.commit.as_ref()).map(CommitId::as_str);
            let rows = store.all_slots().filter(|&slot| store.is_live(slot)).map(|slot| store.at(slot));
            let rows = rows.filter(|row| row.project() == project).map(|row| row.manifest_commit());
            let find = |id: &str| match history.find(id) {
                Found::One(node) => Some(node),
                Found::Many | Found::Nothing => None,
            };
            let named: Vec<_> = reports.chain(rows).filter_map(find).collect();
            history.forget_before(named.into_iter());
        }
    }

    /// The same after no more than that has changed in the store: where no cluster reported anything new, only the
    /// deployments that changed are looked at.
    pub fn follow(&mut self, store: &Store, delta: &mut Delta) {
        if self.is_unsettled {
            delta.clusters = true;
            self.rebuild(store);
        } else if delta.everything {
            self.rebuild(store);
        } else if !self.state.positions.is_empty() {
            let mut state = std::mem::take(&mut self.state);
            state.follow(store, self, &delta.slots());
            self.state = state;
        }
    }

    /// What of a project's signals has not been read to its end.
    #[must_use]
    pub fn unread(&self, project: ProjectId) -> Option<&Unread> {
        self.unread.get(&project)
    }

    pub(super) fn all_reports(&self) -> &[ClusterReport] {
        self.reports.all()
    }

    pub(super) const fn state(&self) -> &ClusterState {
        &self.state
    }

    /// What each cluster does, by project and name.
    #[must_use]
    pub fn positions(&self) -> &[ClusterPosition] {
        &self.state.positions
    }

    /// The clusters' names, each once.
    #[must_use]
    pub fn clusters(&self) -> Vec<&ClusterName> {
        self.reports.clusters()
    }

    /// Whether a cluster serves a ring. A ring without a rule of its own has the clusters that no other ring names.
    #[must_use]
    pub fn serves(&self, store: &Store, cluster: &ClusterName, ring: RingSym) -> bool {
        let name = store.rings().folded(ring);
        let rule = self.by_ring.iter().find(|(r, _)| **r == *name).map(|(_, clusters)| clusters);
        let names =
            |clusters: &[ClusterName]| clusters.iter().any(|c| c.as_str().eq_ignore_ascii_case(cluster.as_str()));
        match rule {
            Some(clusters) => names(clusters),
            None => !self.by_ring.iter().any(|(_, clusters)| names(clusters)),
        }
    }

    /// What clusters have of one deployment: those that serve its ring and have its manifest commit, have yet to apply
    /// it or failed to. Where the history is known, also those of which that is not known.
    #[must_use]
    pub fn of_slot(&self, store: &Store, slot: Slot) -> Vec<ClusterSync> {
        self.state.of_slot(store, self, slot)
    }

    /// For each slot a number; [`Syncs::cluster_table`] states of which clusters it stands. Shorter where the rest is
    /// 0.
    #[must_use]
    pub fn cluster_column(&self) -> &[u32] {
        &self.state.by_slot
    }

    /// For each number of [`Syncs::cluster_column`] whether any of its clusters is wanted.
    #[must_use]
    pub fn cluster_table(&self, mut wanted: impl FnMut(&ClusterName) -> bool) -> Vec<bool> {
        let positions: Vec<bool> = self.positions().iter().map(|s| wanted(&s.cluster)).collect();
        let is_wanted = |cluster: &PositionId| cluster.of(&positions).copied().unwrap_or(false);
        self.state.groups.iter().map(|group| group.clusters.iter().any(is_wanted)).collect()
    }

    /// The clusters that have a deployment.
    pub(super) fn clusters_of(&self, slot: Slot) -> impl Iterator<Item = &ClusterName> {
        let positions = self.state.clusters_of(slot).iter();
        positions.filter_map(|cluster| cluster.of(self.positions())).map(|position| &position.cluster)
    }

    /// How many clusters have a deployment.
    #[must_use]
    pub fn cluster_count(&self, slot: Slot) -> usize {
        self.state.clusters_of(slot).len()
    }

    /// The clusters that serve a ring, and what they have of it.
    #[must_use]
    pub fn of_ring(&self, store: &Store, ring: RingSym) -> Vec<ClusterInRing> {
        let mut all: Vec<ClusterInRing> = Vec::new();
        for position in self.positions().iter().filter(|s| self.serves(store, &s.cluster, ring)) {
            // Nothing of a project that has no deployments in the ring is to be seen there.
            if store.projects().len() > 1 && !store.has_in_ring(position.project, ring) {
                continue;
            }
            let one = ClusterInRing::of(&self.state, store, ring, position);
            // Projects that share their manifests share their clusters.
            match all.iter_mut().find(|known| known.is_at_the_same(&one)) {
                Some(known) => known.merge(one),
                None => all.push(one),
            }
        }
        all
    }

    /// What somebody should know of the signals, or could write into the configuration.
    #[must_use]
    pub fn notes(&self) -> Vec<SyncNote> {
        let mut notes = note::notes(self.reports.all(), !self.by_ring.is_empty());
        let unread: Vec<(&ProjectId, &Unread)> = self.unread.iter().collect();
        notes
            .extend(sorted_by(&unread, |a, b| a.0.cmp(b.0)).into_iter().filter_map(|(_, unread)| note::unread(unread)));
        notes
    }
}

#[cfg(test)]
mod tests;
