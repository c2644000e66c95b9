//! All reports of all clusters, named and in order.
//!
//! They come from rows one by one ([`Reports::put`]) and from a project's forges all at once
//! ([`Reports::set_signals`]). What a later report replaces is kept for a while, for the time since when a cluster has
//! what it has.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{
    names::{self, Evidence},
    report::{ClusterReport, ReportRow},
};
use crate::{
    config::{ClusterRule, RingRule},
    domain::{
        cluster::{Label, Signal, SignalKind, SignalState},
        id::{ClusterName, CommitId},
        project::ProjectId,
    },
    model::{fold::fold, order::sorted_by, store::Change},
    storage::row::{Row, is_written_after},
};

/// How many former positions of one cluster are kept.
const PAST_REPORTS: usize = 32;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Reports {
    all: Vec<ClusterReport>,
    /// The places of those that stand in rows, in the order of their keys.
    by_keys: Vec<u32>,
    rules: Vec<ClusterRule>,
    /// The names in the configuration: labels that are called so are clusters'.
    configured: Vec<ClusterName>,
    /// The projects of whose rows reports were put in that have yet to be named and sorted.
    unnamed: BTreeSet<ProjectId>,
}

impl Reports {
    pub(super) fn new(rings: &[RingRule], rules: &[ClusterRule]) -> Self {
        let of_rings = rings.iter().flat_map(|ring| &ring.clusters);
        let configured = rules.iter().map(|rule| &rule.name).chain(of_rings).cloned().collect();
        Self { rules: rules.to_vec(), configured, ..Self::default() }
    }

    pub(super) fn all(&self) -> &[ClusterReport] {
        &self.all
    }

    /// Puts a report in, in place of the one with the same keys.
    pub(super) fn put(&mut self, project: ProjectId, row: &Row<'_>) -> Change {
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
        let of_row = ReportRow {
            partition: partition.into(),
            key: key.into(),
            fingerprint: row.fingerprint(),
            written: of_row.written.into(),
        };
        let (fingerprint, written) = (of_row.fingerprint, of_row.written.clone());
        let report = ClusterReport { project, cluster, is_made_up: false, signal, is_past: false, row: Some(of_row) };
        let place = self.place(project, partition, key);
        match place.ok().and_then(|place| self.all.get_mut(place)) {
            // Answers may overtake one another.
            Some(ClusterReport { row: Some(old), .. })
                if old.fingerprint == fingerprint || is_written_after(&old.written, &written) =>
            {
                Change::Same
            }
            Some(old) => {
                let before = std::mem::replace(old, report);
                self.keep_past(before);
                self.unnamed.insert(project);
                Change::Changed
            }
            None => {
                self.by_keys.insert(place.unwrap_or_else(|at| at), self.all.len() as u32);
                self.all.push(report);
                self.unnamed.insert(project);
                Change::Added
            }
        }
    }

    /// Names and sorts what was put in: once for all rows that came together.
    pub(super) fn arrange(&mut self) {
        let unnamed = std::mem::take(&mut self.unnamed);
        for &project in &unnamed {
            self.rename(project);
        }
        if !unnamed.is_empty() {
            self.sort();
        }
    }

    /// Puts in what a project's forges report of clusters, in place of all before; the newest of each list first, as
    /// the services list them. Returns whether that is anything new.
    pub(super) fn set_signals(&mut self, project: ProjectId, signals: Vec<Signal>) -> bool {
        self.arrange();
        let is_replaced = |t: &ClusterReport| t.project == project && t.row.is_none() && !t.is_past;
        let evidence = self.evidence(project, signals.iter().map(|signal| &signal.from));
        let name = |signal: Signal| {
            let named = names::name(&signal.from, &self.rules, &evidence)?;
            let (cluster, is_made_up) = (named.cluster, named.is_made_up);
            Some(ClusterReport { project, cluster, is_made_up, signal, is_past: false, row: None })
        };
        let new: Vec<ClusterReport> = signals.into_iter().filter_map(name).collect();
        let (old, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.all).into_iter().partition(is_replaced);
        let mut sorted = Self { all: new, ..Self::default() };
        sorted.sort();
        let is_same = sorted.all == old;
        self.all = kept;
        self.all.append(&mut sorted.all);
        // Lists change little, so each is most often found behind the one before.
        let (mut next, count) = (0, self.all.len());
        for report in old {
            let again = |t: &ClusterReport| {
                t.project == project
                    && !t.is_past
                    && t.signal.from == report.signal.from
                    && t.signal.commit == report.signal.commit
            };
            let mut places = (next..count).chain(0..next);
            match places.find(|&place| self.all.get(place).is_some_and(again)) {
                Some(place) => next = place + 1,
                None => self.keep_past(report),
            }
        }
        self.sort();
        !is_same
    }

    /// What proves which labels of a project's signals name clusters.
    fn evidence<'a>(&'a self, project: ProjectId, labels: impl Iterator<Item = &'a Label>) -> Evidence {
        let of_rows = self.all.iter().filter(|t| t.project == project && t.is_row()).map(|t| &t.cluster);
        Evidence::of(labels, of_rows.chain(&self.configured).map(ClusterName::as_str))
    }

    /// Gives the signals of forges their names anew: a row may prove that one names a cluster.
    fn rename(&mut self, project: ProjectId) {
        let is_of_forge = |t: &ClusterReport| t.project == project && t.row.is_none();
        let now = self.all.iter().filter(|t| is_of_forge(t) && !t.is_past);
        let evidence = self.evidence(project, now.map(|t| &t.signal.from));
        for report in self.all.iter_mut().filter(|t| is_of_forge(t)) {
            // What stood in a row keeps the name that it had there.
            if report.signal.from.kind != SignalKind::Row
                && let Some(named) = names::name(&report.signal.from, &self.rules, &evidence)
            {
                (report.cluster, report.is_made_up) = (named.cluster, named.is_made_up);
            }
        }
    }

    /// Keeps a position that a cluster has left, for a while.
    fn keep_past(&mut self, report: ClusterReport) {
        let signal = &report.signal;
        if signal.state == SignalState::Applied && signal.commit.is_some() && signal.at.is_some() {
            self.all.push(ClusterReport { is_past: true, row: None, ..report });
        }
    }

    /// Of the positions that a cluster has left the newest so many are kept, each once.
    fn forget_past(&mut self) {
        let is_same = |a: &ClusterReport, b: &ClusterReport| (a.project, &a.cluster) == (b.project, &b.cluster);
        let mut is_kept = Vec::with_capacity(self.all.len());
        for group in self.all.chunk_by(is_same) {
            let start = is_kept.len();
            is_kept.resize(start + group.len(), true);
            let past: Vec<(usize, &ClusterReport)> = group.iter().enumerate().filter(|(_, t)| t.is_past).collect();
            let mut known: Vec<&Signal> = Vec::new();
            for (n, report) in sorted_by(&past, |(_, a), (_, b)| b.signal.at.cmp(&a.signal.at)) {
                if known.len() < PAST_REPORTS && !known.contains(&&report.signal) {
                    known.push(&report.signal);
                } else if let Some(is_kept) = is_kept.get_mut(start + n) {
                    *is_kept = false;
                }
            }
        }
        let mut is_kept = is_kept.into_iter();
        self.all.retain(|_| is_kept.next().unwrap_or(true));
    }

    /// The place of the report with these keys, or where it would be in their order.
    fn place(&self, project: ProjectId, partition: &str, key: &str) -> Result<usize, usize> {
        let keys = (project, partition, key);
        let at = self.by_keys.binary_search_by(|&place| {
            let report = self.all.get(place as usize).and_then(|t| Some((t.project, t.row.as_ref()?)));
            report.map_or(Ordering::Less, |(project, row)| (project, &*row.partition, &*row.key).cmp(&keys))
        })?;
        self.by_keys.get(at).map(|&place| place as usize).ok_or(at)
    }

    fn sort_keys(&mut self) {
        let keys = |t: &ClusterReport| t.row.as_ref().map(|row| (t.project, row.partition.clone(), row.key.clone()));
        let of_rows = self.all.iter().zip(0..).filter_map(|(t, place)| Some((keys(t)?, place)));
        let sorted = sorted_by(&of_rows.collect::<Vec<_>>(), |(a, _), (b, _)| a.cmp(b));
        self.by_keys = sorted.into_iter().map(|(_, place)| place).collect();
    }

    fn sort(&mut self) {
        self.all = sorted_by(&self.all, |a, b| {
            let key = |t: &ClusterReport| (fold(t.cluster.as_str()), t.project);
            key(a).cmp(&key(b)).then_with(|| a.cluster.cmp(&b.cluster))
        });
        self.forget_past();
        self.sort_keys();
    }

    /// Whether there is a report with those keys.
    pub(super) fn has(&self, project: ProjectId, partition: &str, key: &str) -> bool {
        self.place(project, partition, key).is_ok()
    }

    /// Forgets those in rows whose keys `keep` refuses. Returns whether there were any.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(ProjectId, &str, &str) -> bool) -> bool {
        let before = self.all.len();
        self.all.retain(|t| t.row.as_ref().is_none_or(|r| keep(t.project, &r.partition, &r.key)));
        self.sort_keys();
        self.all.len() != before
    }

    /// The clusters' names, each once.
    pub(super) fn clusters(&self) -> Vec<&ClusterName> {
        let mut names: Vec<&ClusterName> = self.all.iter().filter(|t| !t.is_past).map(|t| &t.cluster).collect();
        names.dedup_by(|a, b| a.as_str().eq_ignore_ascii_case(b.as_str()));
        names
    }
}
