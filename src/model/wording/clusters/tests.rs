use super::*;
use crate::{
    domain::{id::ClusterName, project::ProjectId},
    model::symbols::RingSym,
};

fn noon() -> Timestamp {
    Timestamp::parse("2026-11-23T12:00:00Z").unwrap()
}

fn at(minutes_ago: i64) -> Timestamp {
    Timestamp::from_millis(noon().millis() - minutes_ago * 60_000)
}

fn sync(state: SyncState, minutes_ago: i64) -> ClusterSync {
    ClusterSync {
        cluster: ClusterName::new("east").unwrap(),
        commit: CommitId::new("abcdef0123"),
        state,
        message: None,
        at: Some(at(minutes_ago)),
        is_approximate: false,
    }
}

/// A cluster that reported something so long ago.
fn ring(state: SyncState, minutes_ago: i64, change: impl FnOnce(&mut ClusterInRing)) -> ClusterInRing {
    let mut c = ClusterInRing {
        sync: sync(state, minutes_ago),
        state,
        behind: None,
        commits: None,
        applied: None,
        applied_is_approximate: false,
        back_from: None,
        project: ProjectId::at(0),
        is_made_up: false,
    };
    change(&mut c);
    c
}

#[test]
fn a_cluster_in_a_rings_header() {
    #[track_caller]
    fn check(state: SyncState, change: impl FnOnce(&mut ClusterInRing), expect: &str) {
        assert_eq!(in_ring(&ring(state, 3, change), noon()), expect);
    }
    use SyncState::{Failed, Pending, Synced, Unknown};
    check(Synced, |_| {}, "synced 3 min ago");
    check(Synced, |c| c.sync.is_approximate = true, "synced about 3 min ago");
    check(Synced, |c| c.sync.at = None, "synced");
    check(Synced, |c| c.commits = Some(4), "synced 3 min ago");
    check(Pending, |c| (c.commits, c.behind) = (Some(2), Some(1)), "1 deployment behind, last report 3 min ago");
    check(Pending, |c| (c.commits, c.behind) = (Some(0), Some(1)), "1 deployment behind, last report 3 min ago");
    check(Pending, |c| c.sync.at = None, "not yet applied");
    let applied = |c: &mut ClusterInRing| {
        (c.commits, c.applied) = (Some(1), Some((CommitId::new("0123456").unwrap(), Some(at(180)))));
    };
    check(Pending, applied, "1 commit behind, applied 3 h ago");
    let about = |c: &mut ClusterInRing| {
        applied(c);
        c.applied_is_approximate = true;
    };
    check(Pending, about, "1 commit behind, applied about 3 h ago");
    check(Failed, |_| {}, "failed, 3 min ago");
    check(
        Failed,
        |c| c.sync.message = Some("health check failed.\nand more".into()),
        "failed: health check failed, 3 min ago",
    );
    check(Unknown, |_| {}, "status unknown, last report 3 min ago");
    check(Unknown, |c| c.sync.at = None, "status unknown");
    let back = |c: &mut ClusterInRing| c.back_from = CommitId::new("fedcba9876");
    check(Synced, back, "synced 3 min ago, rolled back to an older version");
}

#[test]
fn a_cluster_in_a_rings_header_at_length() {
    #[track_caller]
    fn check(state: SyncState, change: impl FnOnce(&mut ClusterInRing), expect: &str) {
        let c = ring(state, 3, change);
        assert_eq!(in_ring_at_length(&c, |at| at.to_rfc3339()), expect);
    }
    use SyncState::{Failed, Pending, Synced, Unknown};
    check(Synced, |_| {}, "Manifest commit abcdef0. Last report 2026-11-23T11:57:00Z.");
    check(Synced, |c| c.sync.is_approximate = true, "Manifest commit abcdef0. Last report about 2026-11-23T11:57:00Z.");
    check(Synced, |c| (c.sync.commit, c.sync.at) = (None, None), "No manifest commit reported.");
    check(
        Failed,
        |c| {
            c.sync.at = None;
            c.applied = Some((CommitId::new("0123456789").unwrap(), None));
            c.behind = Some(2);
            c.back_from = CommitId::new("fedcba9876");
            c.sync.message = Some("not ready".into());
        },
        "Manifest commit abcdef0. Runs 0123456. 2 published deployments here are not in it yet. \
         Ran the newer fedcba9 before. not ready",
    );
    check(
        Pending,
        |c| (c.sync.at, c.applied) = (None, Some((CommitId::new("ABCDEF0").unwrap(), None))),
        "Manifest commit abcdef0.",
    );
    check(
        Unknown,
        |c| c.sync.at = None,
        "Last reported manifest commit abcdef0; unknown whether it has everything published here.",
    );
}

#[test]
fn the_commit_of_a_cluster() {
    #[track_caller]
    fn check(state: SyncState, expect: &str) {
        let applied = |c: &mut ClusterInRing| c.applied = Some((CommitId::new("0123456").unwrap(), None));
        assert_eq!(commit_in_ring(&ring(state, 1, applied)).map(CommitId::short), Some(expect));
    }
    check(SyncState::Pending, "0123456");
    check(SyncState::Failed, "abcdef0");
    assert_eq!(commit_in_ring(&ring(SyncState::Synced, 1, |c| c.sync.commit = None)), None);
}

#[test]
fn how_many_clusters() {
    assert_eq!(on_clusters(2, 3, 0), "2 of 3 clusters");
    assert_eq!(on_clusters(0, 1, 0), "0 of 1 cluster");
    assert_eq!(on_clusters(1, 3, 2), "1 of 3 clusters, 2 unknown");
}

#[test]
fn a_cluster_of_a_cell() {
    const RUNS: InCell<'_> = InCell {
        state: SyncState::Synced,
        version: Some("12"),
        since: (None, false),
        missing: Some(0),
        failed: None,
        message: None,
    };
    #[track_caller]
    fn check(c: InCell<'_>, expect: &str) {
        assert_eq!(in_cell(c, noon()), expect);
    }
    use SyncState::{Failed, Pending, Unknown};
    check(RUNS, "runs 12");
    check(InCell { since: (Some(at(180)), false), ..RUNS }, "runs 12, applied 3 h ago");
    check(InCell { since: (Some(at(180)), true), ..RUNS }, "runs 12, applied about 3 h ago");
    check(InCell { state: Pending, missing: Some(2), ..RUNS }, "runs 12, 2 deployments behind");
    check(InCell { state: Pending, missing: None, ..RUNS }, "runs 12, pending");
    check(InCell { state: Failed, failed: Some("14"), ..RUNS }, "runs 12, failed to apply 14");
    check(
        InCell { state: Failed, failed: Some("14"), message: Some("not ready."), ..RUNS },
        "runs 12, failed to apply 14: not ready",
    );
    check(InCell { state: Failed, version: None, ..RUNS }, "nothing deployed, failed");
    check(InCell { state: Unknown, missing: None, ..RUNS }, "runs 12, unknown whether that is the newest");
    check(InCell { state: Unknown, version: None, since: (Some(at(1)), false), ..RUNS }, "version unknown");
    check(InCell { state: Pending, version: None, missing: Some(1), ..RUNS }, "nothing deployed, 1 deployment behind");
}

#[test]
fn how_far_behind() {
    #[track_caller]
    fn check(deployments: Option<u32>, commits: Option<u32>, expect: (&str, &str)) {
        let lag = Drift { with: RingSym::at(1), deployments, commits, by: Some(Duration::from_secs(2 * 86_400)) };
        let (short, long) = drift(&lag, "dev");
        assert_eq!((short.as_str(), long.as_str()), expect);
    }
    check(Some(3), Some(5), ("3 behind · 2 d", "3 deployments, 5 commits, 2 d behind dev"));
    check(Some(1), Some(1), ("1 behind · 2 d", "1 deployment, 1 commit, 2 d behind dev"));
    check(Some(1), None, ("1 behind · 2 d", "1 deployment, 2 d behind dev"));
    check(Some(1), Some(0), ("1 behind · 2 d", "1 deployment, 2 d behind dev"));
    check(None, None, ("diverged · 2 d", "Diverged from dev, 2 d older"));
    check(None, Some(7), ("diverged · 2 d", "Diverged from dev, 7 commits, 2 d older"));
}

#[test]
fn why_a_ring_is_left_over() {
    #[track_caller]
    fn check(why: LeftOver, expect: &str) {
        assert_eq!(left_over(why), expect);
    }
    check(LeftOver::Branch(BranchEnd::Merged), "branch merged");
    check(LeftOver::Branch(BranchEnd::Gone), "branch gone");
    check(LeftOver::Idle(Duration::from_hours(21 * 24 + 5)), "idle for 21 days");
    check(LeftOver::Idle(Duration::from_hours(24)), "idle for 1 day");
}

#[test]
fn a_cluster_of_a_deployment() {
    #[track_caller]
    fn check(state: SyncState, change: impl FnOnce(&mut ClusterSync), expect: &str) {
        let mut c = sync(state, 180);
        change(&mut c);
        assert_eq!(of_deployment(&c, noon()), expect);
    }
    use SyncState::{Failed, Pending, Synced, Unknown};
    check(Synced, |_| {}, "applied 3 h ago");
    check(Synced, |c| c.is_approximate = true, "applied about 3 h ago");
    check(Synced, |c| c.at = None, "applied");
    check(Failed, |_| {}, "failed 3 h ago");
    check(Pending, |_| {}, "not yet applied, last report 3 h ago");
    check(Pending, |c| c.at = None, "not yet applied");
    check(Unknown, |_| {}, "unknown, last report 3 h ago");
    check(Unknown, |c| c.at = None, "unknown");
}

#[test]
fn clusters_in_the_table() {
    #[track_caller]
    fn check(clusters: &str, synced: &str, others: &str, state: Option<SyncState>) {
        let of = |word: &str| {
            use SyncState::{Failed, Pending, Synced, Unknown};
            [Synced, Pending, Failed, Unknown].into_iter().find(|s| s.as_str() == word).unwrap()
        };
        let clusters: Vec<ClusterSync> = clusters
            .split_whitespace()
            .map(|pair| {
                let (name, word) = pair.split_once('=').unwrap();
                ClusterSync { cluster: ClusterName::new(name).unwrap(), ..sync(of(word), 1) }
            })
            .collect();
        let summary = in_table(&clusters);
        assert_eq!((summary.synced.as_str(), summary.others.as_str(), summary.state), (synced, others, state));
        assert_eq!(summary.all.is_empty(), clusters.is_empty());
    }
    check("", "", "", None);
    check("a=synced b=synced", "a and b", "", None);
    check("a=synced b=failed", "a", "failed: b", Some(SyncState::Failed));
    check("a=pending b=failed c=unknown", "", "failed: b; pending: a; unknown: c", Some(SyncState::Failed));
    check("a=pending b=pending c=pending d=pending", "", "pending: a, b and 2 more", Some(SyncState::Pending));
}
