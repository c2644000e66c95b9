//! What clusters reported, and what that says of a ring.
//!
//! From the table alone: a cluster that applied the manifest commit of a deployment has everything that was
//! published up to then. Whether a commit that no row names is older or newer is not known here, so it is unknown.

use super::{
    store::{Change, Store, commit_key},
    symbols::Sym,
};
use crate::{
    config::RingRule,
    domain::{
        cluster::{ClusterSync, SyncState},
        id::{ClusterName, CommitId, is_same_commit},
        time::Timestamp,
    },
    model::{fold::fold, order::ordered},
    storage::row::{Field, Row, is_written_after},
};

#[derive(Clone, PartialEq, Eq, Debug)]
struct Report {
    project: usize,
    partition: Box<str>,
    key: Box<str>,
    fingerprint: u64,
    /// When the row was written, in the service's words.
    written: Box<str>,
    sync: ClusterSync,
}

/// All reports: one a cluster and project.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Syncs {
    reports: Vec<Report>,
    by_ring: Vec<(Box<str>, Vec<ClusterName>)>,
}

/// What a cluster has of one ring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterInRing {
    /// Its report.
    pub sync: ClusterSync,
    /// Whether it has the newest that was published for the ring.
    pub state: SyncState,
    /// How many published deployments of the ring it does not have; `None` when that is not known.
    pub behind: Option<u32>,
}

impl Syncs {
    /// None yet; the rules say which clusters serve which ring.
    #[must_use]
    pub fn new(rules: &[RingRule]) -> Self {
        let by_ring = rules.iter().filter(|r| !r.clusters.is_empty());
        Self {
            reports: Vec::new(),
            by_ring: by_ring.map(|r| (fold(r.name.as_str()).into(), r.clusters.clone())).collect(),
        }
    }

    /// Puts a report in, in place of the one with the same keys.
    pub fn put(&mut self, project: usize, row: &Row<'_>) -> Change {
        let (partition, key) = (row.get(Field::PartitionKey), row.get(Field::RowKey));
        let named = ClusterName::new(row.get(Field::Cluster));
        let from_key = || key.strip_prefix("sync-").and_then(ClusterName::new).or_else(|| ClusterName::new(key));
        let Some(cluster) = named.or_else(from_key) else { return Change::Same };
        let state = match row.get(Field::SyncState).to_ascii_lowercase().as_str() {
            "applied" => SyncState::Synced,
            "failed" => SyncState::Failed,
            "pending" => SyncState::Pending,
            _ => SyncState::Unknown,
        };
        let at = Timestamp::parse(row.get(Field::SyncAt)).or_else(|| Timestamp::parse(row.get(Field::Timestamp)));
        let message = row.get(Field::SyncMessage);
        let report = Report {
            project,
            partition: partition.into(),
            key: key.into(),
            fingerprint: row.fingerprint(),
            written: row.get(Field::Timestamp).into(),
            sync: ClusterSync {
                cluster,
                commit: CommitId::new(row.get(Field::SyncCommit)),
                state,
                message: (!message.is_empty()).then(|| message.into()),
                at,
            },
        };
        let same_keys = |r: &&mut Report| r.project == project && *r.partition == *partition && *r.key == *key;
        match self.reports.iter_mut().find(same_keys) {
            Some(old) if old.fingerprint == report.fingerprint => return Change::Same,
            // Answers may overtake one another.
            Some(old) if is_written_after(&old.written, &report.written) => return Change::Same,
            Some(old) => {
                *old = report;
                return Change::Changed;
            }
            None => {}
        }
        self.reports.push(report);
        self.reports =
            ordered(&self.reports, |a, b| a.sync.cluster.cmp(&b.sync.cluster).then_with(|| a.project.cmp(&b.project)));
        Change::Added
    }

    /// Whether there is a report with those keys.
    #[must_use]
    pub fn has(&self, project: usize, partition: &str, key: &str) -> bool {
        self.reports.iter().any(|r| r.project == project && *r.partition == *partition && *r.key == *key)
    }

    /// Forgets those whose keys `keep` does not know. Returns whether there were any.
    pub fn retain(&mut self, mut keep: impl FnMut(usize, &str, &str) -> bool) -> bool {
        let before = self.reports.len();
        self.reports.retain(|r| keep(r.project, &r.partition, &r.key));
        self.reports.len() != before
    }

    /// The clusters' names, each once.
    #[must_use]
    pub fn clusters(&self) -> Vec<&ClusterName> {
        let mut names: Vec<&ClusterName> = self.reports.iter().map(|r| &r.sync.cluster).collect();
        names.dedup();
        names
    }

    /// What clusters said of one manifest commit.
    #[must_use]
    pub fn of_commit(&self, project: usize, commit: &str) -> Vec<ClusterSync> {
        let about = |r: &&Report| {
            r.project == project && r.sync.commit.as_ref().is_some_and(|c| is_same_commit(c.as_str(), commit))
        };
        self.reports.iter().filter(about).map(|r| r.sync.clone()).collect()
    }

    /// For each cluster whose name `wanted` accepts, the [`commit_key`] it reported.
    pub(super) fn commit_keys(&self, mut wanted: impl FnMut(&ClusterName) -> bool) -> Vec<u32> {
        let keys = self.reports.iter().filter(|r| wanted(&r.sync.cluster)).filter_map(|r| r.sync.commit.as_ref());
        keys.map(|c| commit_key(c.as_str())).filter(|&key| key != 0).collect()
    }

    /// The clusters that serve a ring, and what they have of it. Without a rule every cluster serves every ring.
    #[must_use]
    pub fn of_ring(&self, store: &Store, ring: Sym) -> Vec<ClusterInRing> {
        let name = store.rings().folded(ring);
        let rule = self.by_ring.iter().find(|(r, _)| **r == *name).map(|(_, clusters)| clusters);
        let serves = |cluster: &ClusterName| {
            rule.is_none_or(|clusters| clusters.iter().any(|c| c.as_str().eq_ignore_ascii_case(cluster.as_str())))
        };
        let reports = self.reports.iter().filter(|r| serves(&r.sync.cluster));
        reports.map(|r| in_ring(store, ring, r)).collect()
    }
}

fn in_ring(store: &Store, ring: Sym, report: &Report) -> ClusterInRing {
    let commit = report.sync.commit.as_ref().map_or("", |c| c.as_str());
    let key = commit_key(commit);
    let derived = store.derived();
    let mut newer = 0;
    let mut found = false;
    for &slot in store.by_time() {
        let at = store.at(slot);
        if at.project() != report.project {
            continue;
        }
        let published = derived.manifest.get(slot as usize).copied().unwrap_or(0);
        if published != 0 && published == key && is_same_commit(at.text(Field::ManifestCommitId), commit) {
            found = true;
            break;
        }
        newer += u32::from(published != 0 && at.ring() == ring);
    }
    let behind = found.then_some(newer);
    let state = match (report.sync.state, behind) {
        (SyncState::Synced, Some(0)) => SyncState::Synced,
        (SyncState::Synced, Some(_)) => SyncState::Pending,
        (SyncState::Synced, None) => SyncState::Unknown,
        (state, _) => state,
    };
    ClusterInRing { sync: report.sync.clone(), state, behind }
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
mod tests {
    use super::*;
    use crate::{
        domain::id::{ProjectName, RingName},
        model::rings::RingNames,
    };

    fn rows(lines: &[&str]) -> (Store, Syncs) {
        let prod = RingRule {
            name: RingName::new("prod").unwrap(),
            title: None,
            aliases: Vec::new(),
            branches: Vec::new(),
            clusters: vec![ClusterName::new("east").unwrap()],
        };
        let rules = [prod];
        let mut store = Store::new(vec![ProjectName::new("p").unwrap()], RingNames::new(&rules));
        let mut syncs = Syncs::new(&rules);
        for line in lines {
            let mut row = Row::default();
            for pair in line.split_whitespace() {
                let (column, text) = pair.split_once('=').unwrap();
                row.set(Field::from_column(column).unwrap(), text);
            }
            if row.is_sync() {
                syncs.put(0, &row);
            } else {
                store.put(0, &row);
            }
        }
        store.settle();
        (store, syncs)
    }

    fn ring(store: &Store, syncs: &Syncs, name: &str) -> String {
        let all = syncs.of_ring(store, store.rings().find(name).unwrap());
        let each: Vec<String> =
            all.iter().map(|c| format!("{} {} {:?}", c.sync.cluster, c.state.word(), c.behind)).collect();
        format!("{}: {}", together(&all).word(), each.join(", "))
    }

    #[test]
    fn a_cluster_has_everything_published_up_to_its_commit() {
        let (store, syncs) = rows(&[
            "RowKey=1 env=dev manifestCommitId=aaaaaa1 Timestamp=2026-11-01T10:01:00Z",
            "RowKey=2 env=prod manifestCommitId=aaaaaa2 Timestamp=2026-11-01T10:02:00Z",
            "RowKey=3 env=dev manifestCommitId=aaaaaa3 Timestamp=2026-11-01T10:03:00Z",
            "RowKey=sync-east kind=sync cluster=east syncCommit=AAAAAA2ffff syncState=applied",
            "RowKey=sync-lab kind=sync syncCommit=aaaaaa1 syncState=failed syncMessage=no",
            "RowKey=sync-far kind=sync syncCommit=fffffff syncState=applied",
        ]);
        assert_eq!(ring(&store, &syncs, "prod"), "synced: east synced Some(0)");
        assert_eq!(ring(&store, &syncs, "dev"), "failed: east pending Some(1), far unknown None, lab failed Some(1)");
        let on = |commit| syncs.of_commit(0, commit).iter().map(|c| c.cluster.to_string()).collect::<Vec<_>>();
        assert_eq!((on("aaaaaa2"), on("aaaaaa3")), (vec!["east".to_owned()], vec![]));
    }

    #[test]
    fn no_cluster_is_unknown() {
        assert_eq!(together(&[]), SyncState::Unknown);
    }
}
