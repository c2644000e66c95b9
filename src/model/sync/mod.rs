//! What clusters reported, and what that says of a ring.
//!
//! Signals come from the table's rows ([`Syncs::put`]) and from forges ([`Syncs::set_signals`]); [`names`] says whose
//! they are. [`Syncs::rebuild`] makes of them, and of the histories of the manifest branches, the one state that the
//! views look at ([`super::cluster_state`]): what each cluster runs, and which deployments that contains.
//!
//! Where no history is known, a cluster has what it reported and nothing else; only a ring's header then goes by the
//! order of rows, as it says how many published deployments came since the one that the cluster reported.

pub mod names;
mod note;
pub(in crate::model) mod report;

use std::{cmp::Ordering, collections::BTreeSet};

pub use note::SyncNote;
use rustc_hash::FxHashMap;

use self::{
    names::Evidence,
    report::{ClusterReport, Report},
};
use super::{
    cluster_state::position::{ClusterPosition, ClusterState, PositionId},
    history::{Found, History},
    order::sorted_by,
    store::{Change, Delta, Slot, Store, commit_key},
    symbols::RingSym,
};
use crate::{
    config::{ClusterRule, RingRule},
    domain::{
        cluster::{ClusterSync, Label, Signal, SignalKind, SignalState, SyncState},
        id::{ClusterName, CommitId, is_same_commit},
        manifests::Unread,
        project::ProjectId,
        time::Timestamp,
    },
    model::fold::fold,
    storage::row::{Row, is_written_after},
};

/// How many former positions of one cluster are remembered, to say since when it has what it has.
const REMEMBERED: usize = 32;

/// All reports of all clusters, and what they mean.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Syncs {
    reports: Vec<ClusterReport>,
    /// The places of those that stand in rows, in the order of their keys.
    by_keys: Vec<u32>,
    histories: FxHashMap<ProjectId, History>,
    /// By project: what of its signals has not been read to its end.
    unread: FxHashMap<ProjectId, Unread>,
    counts: Vec<(ProjectId, Box<str>, Box<str>, u32)>,
    rules: Vec<ClusterRule>,
    by_ring: Vec<(Box<str>, Vec<ClusterName>)>,
    state: ClusterState,
    /// Something was put in or learnt since the state was found.
    is_unsettled: bool,
    /// The projects of whose rows reports were put in that have yet to be named and sorted.
    unnamed: BTreeSet<ProjectId>,
}

/// What a cluster has of one ring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterInRing {
    /// What it said last.
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
    /// What it ran before, where that was newer: somebody moved it back.
    pub back_from: Option<CommitId>,
    /// The project whose manifests it applies.
    pub project: ProjectId,
    /// Nobody gave it its name.
    pub is_made_up: bool,
}

impl ClusterInRing {
    /// Whether that is the same cluster, and says the same.
    fn is_at_the_same(&self, other: &Self) -> bool {
        let (a, b) = (&self.sync, &other.sync);
        a.cluster.as_str().eq_ignore_ascii_case(b.cluster.as_str())
            && (&a.commit, a.at, &self.applied) == (&b.commit, b.at, &other.applied)
    }

    /// Puts together what it has for two projects.
    fn take_in(&mut self, other: Self) {
        let worst = |state: SyncState| {
            [SyncState::Failed, SyncState::Pending, SyncState::Unknown].iter().position(|s| *s == state).unwrap_or(3)
        };
        if worst(other.state) < worst(self.state) {
            self.state = other.state;
        }
        self.behind = self.behind.zip(other.behind).map(|(a, b)| a + b);
    }
}

impl Syncs {
    /// None yet; the rules say which signals are whose, and which clusters serve which ring.
    #[must_use]
    pub fn new(rings: &[RingRule], clusters: &[ClusterRule]) -> Self {
        let by_ring = rings.iter().filter(|r| !r.clusters.is_empty());
        Self {
            rules: clusters.to_vec(),
            by_ring: by_ring.map(|r| (fold(r.name.as_str()).into(), r.clusters.clone())).collect(),
            ..Self::default()
        }
    }

    /// Puts a report in, in place of the one with the same keys.
    pub fn put(&mut self, project: ProjectId, row: &Row<'_>) -> Change {
        let (partition, key) = row.keys();
        let of_row = row.cluster();
        let named = ClusterName::new(of_row.cluster);
        let from_key = || key.strip_prefix("sync-").and_then(ClusterName::new).or_else(|| ClusterName::new(key));
        let Some(cluster) = named.or_else(from_key) else { return Change::Same };
        let from = Label { kind: SignalKind::Row, name: cluster.as_str().into(), genre: None };
        let cluster = names::name(&from, &self.rules, &Evidence::default()).map_or(cluster, |named| named.cluster);
        let state = match of_row.state.to_ascii_lowercase().as_str() {
            "applied" => SignalState::Applied,
            "failed" => SignalState::Failed,
            "pending" => SignalState::Pending,
            _ => SignalState::Unknown,
        };
        let signal = Signal {
            from,
            commit: CommitId::new(of_row.commit),
            state,
            at: of_row.at.or_else(|| row.written()),
            is_approximate: of_row.at.is_none(),
            message: (!of_row.message.is_empty()).then(|| of_row.message.into()),
        };
        let report = Report {
            partition: partition.into(),
            key: key.into(),
            fingerprint: row.fingerprint(),
            written: of_row.written.into(),
        };
        let (fingerprint, written) = (report.fingerprint, report.written.clone());
        let reports = ClusterReport { project, cluster, is_made_up: false, signal, is_past: false, row: Some(report) };
        let place = self.place(project, partition, key);
        match place.ok().and_then(|place| self.reports.get_mut(place)) {
            // Answers may overtake one another.
            Some(ClusterReport { row: Some(old), .. })
                if old.fingerprint == fingerprint || is_written_after(&old.written, &written) =>
            {
                Change::Same
            }
            Some(old) => {
                let before = std::mem::replace(old, reports);
                self.remember(before);
                self.note_put(project);
                Change::Changed
            }
            None => {
                self.by_keys.insert(place.unwrap_or_else(|at| at), self.reports.len() as u32);
                self.reports.push(reports);
                self.note_put(project);
                Change::Added
            }
        }
    }

    fn note_put(&mut self, project: ProjectId) {
        self.is_unsettled = true;
        self.unnamed.insert(project);
    }

    /// Names and sorts what was put in: once for all rows that came together.
    fn arrange(&mut self) {
        let unnamed = std::mem::take(&mut self.unnamed);
        for &project in &unnamed {
            self.rename(project);
        }
        if !unnamed.is_empty() {
            self.sort();
        }
    }

    /// Puts in what a project's forges tell of clusters, in place of all they told before; the newest of each list
    /// first, as the services list them. Returns whether that is anything new.
    pub fn set_signals(&mut self, project: ProjectId, signals: Vec<Signal>) -> bool {
        self.arrange();
        let is_ours = |t: &ClusterReport| t.project == project && t.row.is_none() && !t.is_past;
        let evidence = self.evidence(project, signals.iter().map(|signal| &signal.from));
        let name = |signal: Signal| {
            let named = names::name(&signal.from, &self.rules, &evidence)?;
            let (cluster, is_made_up) = (named.cluster, named.is_made_up);
            Some(ClusterReport { project, cluster, is_made_up, signal, is_past: false, row: None })
        };
        let new: Vec<ClusterReport> = signals.into_iter().filter_map(name).collect();
        let mut old: Vec<ClusterReport> = Vec::new();
        let mut kept: Vec<ClusterReport> = Vec::new();
        for reports in std::mem::take(&mut self.reports) {
            if is_ours(&reports) { old.push(reports) } else { kept.push(reports) }
        }
        let mut sorted = Self { reports: new, ..Self::default() };
        sorted.sort();
        let is_same = sorted.reports == old;
        self.reports = kept;
        self.reports.append(&mut sorted.reports);
        for reports in old {
            let again = |t: &ClusterReport| {
                !t.is_past && t.signal.from == reports.signal.from && t.signal.commit == reports.signal.commit
            };
            if !self.reports.iter().any(|t| t.project == project && again(t)) {
                self.remember(reports);
            }
        }
        self.sort();
        self.is_unsettled |= !is_same;
        !is_same
    }

    /// What proves which labels of a project's signals name clusters.
    fn evidence<'a>(&'a self, project: ProjectId, labels: impl Iterator<Item = &'a Label>) -> Evidence {
        let of_rows = self.reports.iter().filter(|t| t.project == project && t.is_row()).map(|t| t.cluster.as_str());
        let of_rules = self.rules.iter().map(|rule| rule.name.as_str());
        let of_rings = self.by_ring.iter().flat_map(|(_, clusters)| clusters).map(ClusterName::as_str);
        Evidence::of(labels, of_rows.chain(of_rules).chain(of_rings))
    }

    /// Gives the signals of forges their names anew: a row may prove that one names a cluster.
    fn rename(&mut self, project: ProjectId) {
        let is_report = |t: &&ClusterReport| t.project == project && t.row.is_none();
        let now = self.reports.iter().filter(is_report).filter(|t| !t.is_past);
        let evidence = self.evidence(project, now.map(|t| &t.signal.from));
        for reports in self.reports.iter_mut().filter(|t| t.project == project && t.row.is_none()) {
            // What stood in a row keeps the name that it had there.
            if reports.signal.from.kind != SignalKind::Row
                && let Some(named) = names::name(&reports.signal.from, &self.rules, &evidence)
            {
                (reports.cluster, reports.is_made_up) = (named.cluster, named.is_made_up);
            }
        }
    }

    /// Takes note of what of these signals has not been read to its end. Returns whether that is anything new.
    pub fn set_unread(&mut self, project: ProjectId, unread: Unread) -> bool {
        let known = self.unread.entry(project).or_default();
        let is_new = *known != unread;
        *known = unread;
        self.is_unsettled |= is_new;
        is_new
    }

    /// Keeps a position that a cluster has left, for a while.
    fn remember(&mut self, reports: ClusterReport) {
        if reports.signal.state == SignalState::Applied
            && reports.signal.commit.is_some()
            && reports.signal.at.is_some()
        {
            self.reports.push(ClusterReport { is_past: true, row: None, ..reports });
        }
    }

    /// Of the positions that a cluster has left the newest so many are kept, each once.
    fn forget_past(&mut self) {
        let is_same = |a: &ClusterReport, b: &ClusterReport| (a.project, &a.cluster) == (b.project, &b.cluster);
        let mut is_kept = Vec::with_capacity(self.reports.len());
        for group in self.reports.chunk_by(is_same) {
            let start = is_kept.len();
            is_kept.resize(start + group.len(), true);
            let past: Vec<(usize, &ClusterReport)> = group.iter().enumerate().filter(|(_, t)| t.is_past).collect();
            let mut known: Vec<&Signal> = Vec::new();
            for (n, reports) in sorted_by(&past, |(_, a), (_, b)| b.signal.at.cmp(&a.signal.at)) {
                if known.len() < REMEMBERED && !known.contains(&&reports.signal) {
                    known.push(&reports.signal);
                } else if let Some(is_kept) = is_kept.get_mut(start + n) {
                    *is_kept = false;
                }
            }
        }
        let mut is_kept = is_kept.into_iter();
        self.reports.retain(|_| is_kept.next().unwrap_or(true));
    }

    /// The place of the report with these keys, or where it would be in their order.
    fn place(&self, project: ProjectId, partition: &str, key: &str) -> Result<usize, usize> {
        let wanted = (project, partition, key);
        let at = self.by_keys.binary_search_by(|&place| {
            let reports = self.reports.get(place as usize).and_then(|t| Some((t.project, t.row.as_ref()?)));
            reports.map_or(Ordering::Less, |(project, row)| (project, &*row.partition, &*row.key).cmp(&wanted))
        })?;
        self.by_keys.get(at).map(|&place| place as usize).ok_or(at)
    }

    fn sort_keys(&mut self) {
        let keys = |t: &ClusterReport| t.row.as_ref().map(|row| (t.project, row.partition.clone(), row.key.clone()));
        let of_rows = self.reports.iter().zip(0..).filter_map(|(t, place)| Some((keys(t)?, place)));
        let sorted = sorted_by(&of_rows.collect::<Vec<_>>(), |(a, _), (b, _)| a.cmp(b));
        self.by_keys = sorted.into_iter().map(|(_, place)| place).collect();
    }

    fn sort(&mut self) {
        self.reports = sorted_by(&self.reports, |a, b| {
            let key = |t: &ClusterReport| (fold(t.cluster.as_str()), t.project);
            key(a).cmp(&key(b)).then_with(|| a.cluster.cmp(&b.cluster))
        });
        self.forget_past();
        self.sort_keys();
    }

    /// Whether there is a report with those keys.
    #[must_use]
    pub fn has(&self, project: ProjectId, partition: &str, key: &str) -> bool {
        self.place(project, partition, key).is_ok()
    }

    /// Forgets those whose keys `keep` does not know. Returns whether there were any.
    pub fn retain(&mut self, mut keep: impl FnMut(ProjectId, &str, &str) -> bool) -> bool {
        let before = self.reports.len();
        self.reports.retain(|t| t.row.as_ref().is_none_or(|r| keep(t.project, &r.partition, &r.key)));
        let is_less = self.reports.len() != before;
        self.is_unsettled |= is_less;
        self.sort_keys();
        is_less
    }

    /// The reports that stand in rows of the table, as they are: with each its project's number.
    pub fn reports(&self) -> impl Iterator<Item = (ProjectId, ClusterSync)> + '_ {
        let reports = self.reports.iter().filter(|t| t.row.is_some());
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

    /// The history of a project's manifest branch, to learn more of it.
    pub fn history_mut(&mut self, project: ProjectId) -> &mut History {
        self.is_unsettled = true;
        self.histories.entry(project).or_default()
    }

    /// Takes note of how many commits of a service's source lie between two versions, as the forge's comparison says.
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
        self.arrange();
        for reports in &self.reports {
            if let Some(commit) = &reports.signal.commit {
                // One that no list has brought yet is a missing parent, which is found and concludes nothing.
                self.histories.entry(reports.project).or_default().add(commit.as_str());
            }
        }
        self.forget_history(store);
        self.state = ClusterState::of(store, self);
        self.is_unsettled = false;
    }

    /// Forgets the begin of branches, before all that a deployment or a cluster names.
    fn forget_history(&mut self, store: &Store) {
        for (&project, history) in self.histories.iter_mut().filter(|(_, history)| history.may_forget()) {
            let reports = self.reports.iter().filter(|reports| reports.project == project);
            let reports = reports.filter_map(|reports| reports.signal.commit.as_ref()).map(CommitId::as_str);
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

    /// The same after no more than that has changed in the store: where no cluster said anything new, only the
    /// deployments that changed are looked at.
    pub fn follow(&mut self, store: &Store, delta: &mut Delta) {
        if self.is_unsettled {
            delta.clusters = true;
            self.rebuild(store);
        } else if delta.everything {
            self.rebuild(store);
        } else if !self.state.positions().is_empty() {
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
        &self.reports
    }

    pub(super) const fn state(&self) -> &ClusterState {
        &self.state
    }

    /// What each cluster does, by project and name.
    #[must_use]
    pub fn positions(&self) -> &[ClusterPosition] {
        self.state.positions()
    }

    /// The clusters' names, each once.
    #[must_use]
    pub fn clusters(&self) -> Vec<&ClusterName> {
        let mut names: Vec<&ClusterName> = self.reports.iter().filter(|t| !t.is_past).map(|t| &t.cluster).collect();
        names.dedup_by(|a, b| a.as_str().eq_ignore_ascii_case(b.as_str()));
        names
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

    /// For each slot a number; [`Syncs::cluster_table`] says of which clusters it stands. Shorter where the rest is 0.
    #[must_use]
    pub fn cluster_column(&self) -> &[u32] {
        self.state.sets_by_slot()
    }

    /// For each number of [`Syncs::cluster_column`] whether any of its clusters is wanted.
    #[must_use]
    pub fn cluster_table(&self, mut wanted: impl FnMut(&ClusterName) -> bool) -> Vec<bool> {
        let positions: Vec<bool> = self.positions().iter().map(|s| wanted(&s.cluster)).collect();
        let is_wanted = |cluster: &PositionId| cluster.of(&positions).copied().unwrap_or(false);
        self.state.sets().iter().map(|set| set.iter().any(is_wanted)).collect()
    }

    /// The clusters that have a deployment.
    pub(super) fn clusters_of(&self, slot: Slot) -> impl Iterator<Item = &ClusterName> {
        let set = slot.of(self.cluster_column()).copied().unwrap_or(0);
        let positions = self.state.sets().get(set as usize).into_iter().flatten();
        positions.filter_map(|cluster| cluster.of(self.positions())).map(|position| &position.cluster)
    }

    /// How many clusters have a deployment.
    #[must_use]
    pub fn cluster_count(&self, slot: Slot) -> usize {
        let set = slot.of(self.cluster_column()).copied().unwrap_or(0);
        self.state.sets().get(set as usize).map_or(0, Vec::len)
    }

    /// The clusters that serve a ring, and what they have of it.
    #[must_use]
    pub fn of_ring(&self, store: &Store, ring: RingSym) -> Vec<ClusterInRing> {
        let positions = self.positions().iter().filter(|s| self.serves(store, &s.cluster, ring));
        // Nothing of a project that has no deployments in the ring is to be seen there.
        let is_in = |project: ProjectId| store.has_in_ring(project, ring);
        let mut projects: Vec<(ProjectId, bool)> = Vec::new();
        let mut all: Vec<ClusterInRing> = Vec::new();
        for position in positions {
            let known = projects.iter().find(|(of, _)| *of == position.project).map(|(_, is_in)| *is_in);
            let is_here = known.unwrap_or_else(|| {
                let is_here = store.projects().len() < 2 || is_in(position.project);
                projects.push((position.project, is_here));
                is_here
            });
            if !is_here {
                continue;
            }
            let one = self.in_ring(store, ring, position);
            // Projects that share their manifests share their clusters.
            match all.iter_mut().find(|known| known.is_at_the_same(&one)) {
                Some(known) => known.take_in(one),
                None => all.push(one),
            }
        }
        all
    }

    fn in_ring(&self, store: &Store, ring: RingSym, position: &ClusterPosition) -> ClusterInRing {
        let behind = if position.is_uncertain {
            None
        } else if position.is_placed {
            self.state.behind(store, ring, position)
        } else {
            behind_by_rows(store, ring, position)
        };
        let state = match (position.latest.state, behind) {
            (SignalState::Applied, Some(0)) => SyncState::Synced,
            (SignalState::Applied, Some(_)) => SyncState::Pending,
            (SignalState::Applied, None) => SyncState::Unknown,
            (SignalState::Pending, _) if position.is_uncertain => SyncState::Unknown,
            (state, _) => state.sync(),
        };
        ClusterInRing {
            sync: position.latest_sync(),
            state,
            behind,
            commits: self.state.commits_behind(position).filter(|_| !position.is_uncertain),
            applied: position.applied.as_ref().and_then(|a| Some((a.commit.clone()?, a.at))),
            applied_is_approximate: position.applied.as_ref().is_some_and(|a| a.is_approximate),
            back_from: position.back_from.clone(),
            project: position.project,
            is_made_up: position.is_made_up,
        }
    }

    /// What somebody should know of the signals, or could write into the configuration.
    #[must_use]
    pub fn notes(&self) -> Vec<SyncNote> {
        let mut notes = note::notes(&self.reports, !self.by_ring.is_empty());
        let mut unread: Vec<(&ProjectId, &Unread)> = self.unread.iter().collect();
        unread.sort_by_key(|(project, _)| **project);
        notes.extend(unread.into_iter().filter_map(|(_, unread)| note::unread(unread)));
        notes
    }
}

/// From the rows alone: a cluster that applied the manifest commit of a deployment has everything that was published up
/// to then. Whether a commit that no row names is older or newer is not known here.
fn behind_by_rows(store: &Store, ring: RingSym, position: &ClusterPosition) -> Option<u32> {
    let commit = position.latest.commit.as_ref().map_or("", |c| c.as_str());
    let key = commit_key(commit);
    let derived = store.derived();
    // Most often no row is of that commit.
    if !derived.manifest.contains(&key) {
        return None;
    }
    let mut newer = 0;
    for &slot in store.by_time() {
        let at = store.at(slot);
        if at.project() != position.project {
            continue;
        }
        let published = slot.of(&derived.manifest).copied().unwrap_or(0);
        if published != 0 && published == key && is_same_commit(at.manifest_commit(), commit) {
            return Some(newer);
        }
        newer += u32::from(published != 0 && at.ring() == ring);
    }
    None
}

/// What a ring's clusters say together: the worst of them, and unknown where there are none.
#[must_use]
pub fn together(clusters: &[ClusterInRing]) -> SyncState {
    [SyncState::Failed, SyncState::Pending, SyncState::Unknown, SyncState::Synced]
        .into_iter()
        .find(|&state| clusters.iter().any(|c| c.state == state))
        .unwrap_or(SyncState::Unknown)
}

#[cfg(test)]
mod tests;
