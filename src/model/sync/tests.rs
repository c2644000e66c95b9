mod shapes;

use super::*;
use crate::support::rows::{RowBuilder, empty_store, ring_rule, row};
use crate::{
    domain::{
        cluster::{SignalState, SyncState},
        project::ProjectId,
        time::Timestamp,
    },
    model::history::Listed,
    storage::row::Field,
};

fn rows(lines: &[&str]) -> (Store, Syncs) {
    let rules = [RingRule { clusters: vec![ClusterName::new("east").unwrap()], ..ring_rule("prod") }];
    let (mut store, mut syncs) = (empty_store(&rules), Syncs::new(&rules, &[]));
    for line in lines {
        let row = row(line);
        if row.is_sync() {
            syncs.put(ProjectId::at(0), &row);
        } else {
            store.put(ProjectId::at(0), &row);
        }
    }
    store.rebuild();
    syncs.rebuild(&store);
    (store, syncs)
}

fn ring(store: &Store, syncs: &Syncs, name: &str) -> String {
    let all = syncs.of_ring(store, store.rings().find(name).unwrap());
    let each: Vec<String> =
        all.iter().map(|c| format!("{} {} {:?}", c.sync.cluster, c.state.as_str(), c.behind)).collect();
    format!("{}: {}", together(&all).as_str(), each.join(", "))
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
    assert_eq!(ring(&store, &syncs, "dev"), "failed: far unknown None, lab failed Some(1)");
    let on = |key: &str| {
        let slot = store.slot_of(ProjectId::at(0), "", key).unwrap();
        syncs.of_slot(&store, slot).iter().map(|c| c.cluster.to_string()).collect::<Vec<_>>()
    };
    assert_eq!((on("2"), on("3")), (vec!["east".to_owned()], vec![]));
}

#[test]
fn what_a_cluster_has_of_a_ring_follows_the_rows() {
    let (mut store, mut syncs) = rows(&[
        "RowKey=1 env=prod manifestCommitId=aaaaaa1 Timestamp=2026-11-01T10:01:00Z",
        "RowKey=sync-east kind=sync cluster=east syncCommit=aaaaaa1 syncState=applied",
    ]);
    assert_eq!(ring(&store, &syncs, "prod"), "synced: east synced Some(0)");
    let newer = "RowKey=2 env=prod manifestCommitId=aaaaaa2 Timestamp=2026-11-01T10:02:00Z";
    let (slot, _) = store.put(ProjectId::at(0), &row(newer));
    store.rebuild();
    let mut delta = store.take_delta();
    syncs.follow(&store, &mut delta);
    assert_eq!(ring(&store, &syncs, "prod"), "pending: east pending Some(1)");
    store.remove(slot);
    store.rebuild();
    let mut delta = store.take_delta();
    syncs.follow(&store, &mut delta);
    assert_eq!(ring(&store, &syncs, "prod"), "synced: east synced Some(0)");
}

#[test]
fn clusters_are_distinguished_however_many_there_are() {
    let (store, mut syncs) = rows(&["RowKey=1 env=dev manifestCommitId=aaaaaa1"]);
    let tags: Vec<String> = (0..70_000).map(|n| format!("flux-c{n} aaaaaa1 applied -")).collect();
    syncs.set_signals(ProjectId::at(0), signals(&tags.iter().map(String::as_str).collect::<Vec<_>>()));
    syncs.rebuild(&store);
    let slot = store.slot_of(ProjectId::at(0), "", "1").unwrap();
    assert_eq!(syncs.cluster_count(slot), 70_000);
    let table = syncs.cluster_table(|cluster| cluster.as_str() == "c69999");
    assert_eq!(slot.of(syncs.cluster_column()).map(|&set| table[set as usize]), Some(true));
}

#[test]
fn no_cluster_is_unknown() {
    assert_eq!(together(&[]), SyncState::Unknown);
}

fn at(minute: u32) -> Option<Timestamp> {
    Timestamp::parse(&format!("2026-11-01T{}:{:02}:00Z", 10 + minute / 60, minute % 60))
}

/// Signals written as `context commit state minute`, each with `-` for none.
fn signals(lines: &[&str]) -> Vec<Signal> {
    let one = |line: &&str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let from = names::of_status(words[0], None, &[]).or_else(|| names::of_tag(words[0], &[])).unwrap();
        let state = match words[2] {
            "applied" => SignalState::Applied,
            "failed" => SignalState::Failed,
            "pending" => SignalState::Pending,
            _ => SignalState::Unknown,
        };
        let at = words[3].parse().ok().and_then(at);
        Signal {
            from,
            commit: CommitId::new(words[1].trim_matches('-')),
            state,
            at,
            is_approximate: false,
            message: None,
        }
    };
    lines.iter().map(one).collect()
}

/// Each cluster as `name latest-commit state, runs commit`.
fn position(syncs: &mut Syncs) -> String {
    let (store, _) = rows(&[]);
    syncs.rebuild(&store);
    let commit = |c: Option<&CommitId>| c.map_or("-", |c| c.as_str()).to_owned();
    let one = |s: &ClusterPosition| {
        let runs = s.applied.as_ref().and_then(|a| a.commit.as_ref());
        format!("{} {} {:?}, runs {}", s.cluster, commit(s.latest.commit.as_ref()), s.latest.state, commit(runs))
    };
    syncs.positions().iter().map(one).collect::<Vec<_>>().join("; ")
}

#[test]
fn the_newest_truth_wins() {
    #[track_caller]
    fn check(lines: &[&str], expect: &str) {
        let orders: [Vec<&str>; 2] = [lines.to_vec(), lines.iter().rev().copied().collect()];
        for lines in orders {
            let mut syncs = Syncs::default();
            syncs.history_mut(ProjectId::at(0)).add_all(&[
                Listed {
                    id: CommitId::new("ccccccc3").unwrap(),
                    parents: vec![CommitId::new("bbbbbbb2").unwrap()],
                    at: None,
                },
                Listed { id: CommitId::new("bbbbbbb2").unwrap(), parents: Vec::new(), at: None },
            ]);
            syncs.history_mut(ProjectId::at(0)).set_head(&CommitId::new("ccccccc3").unwrap());
            syncs.set_signals(ProjectId::at(0), signals(&lines));
            assert_eq!(position(&mut syncs), expect, "{lines:?}");
        }
    }
    let (apps, infra) = ("kustomization/apps/0c9c2e41", "kustomization/infra/0c9c2e41");
    let line = |label: &str, rest: &str| format!("{label} {rest}");
    let all = |lines: &[String], expect: &str| check(&lines.iter().map(String::as_str).collect::<Vec<_>>(), expect);
    check(&["flux-east bbbbbbb2 applied 1"], "east bbbbbbb2 Applied, runs bbbbbbb2");
    check(&["flux-east bbbbbbb2 applied 5", "flux-east ccccccc3 applied 3"], "east bbbbbbb2 Applied, runs bbbbbbb2");
    // At one moment the later commit counts, before that a failure, and what has no time counts least.
    check(&["flux-east bbbbbbb2 applied 5", "flux-east ccccccc3 applied 5"], "east ccccccc3 Applied, runs ccccccc3");
    check(&["flux-east bbbbbbb2 failed 5", "flux-east ccccccc3 applied 5"], "east bbbbbbb2 Failed, runs ccccccc3");
    check(&["flux-east bbbbbbb2 applied 1", "flux-east ccccccc3 applied -"], "east bbbbbbb2 Applied, runs bbbbbbb2");
    check(&["flux-east bbbbbbb2 applied -", "flux-east ccccccc3 applied -"], "east ccccccc3 Applied, runs ccccccc3");
    check(&["flux-east bbbbbbb2 applied 1", "flux-east bbbbbbb2 pending 1"], "east bbbbbbb2 Applied, runs bbbbbbb2");
    check(&["flux-east bbbbbbb2 applied 1", "flux-east bbbbbbb2 failed 2"], "east bbbbbbb2 Failed, runs -");
    check(&["flux-east bbbbbbb2 applied 3", "flux-east bbbbbbb2 failed 2"], "east bbbbbbb2 Applied, runs bbbbbbb2");
    check(&["flux-east - pending 3", "flux-east bbbbbbb2 applied 2"], "east - Pending, runs bbbbbbb2");
    check(&["flux-east bbbbbbb2 strange 3"], "east bbbbbbb2 Unknown, runs -");
    // Of the parts of one cluster the worst counts, whichever reported last.
    all(
        &[line(apps, "ccccccc3 failed 3"), line(infra, "ccccccc3 applied 4"), line(apps, "bbbbbbb2 applied 1")],
        "flux-0c9c2e41 ccccccc3 Failed, runs bbbbbbb2",
    );
    all(
        &[line(apps, "ccccccc3 applied 5"), line(apps, "ccccccc3 failed 3"), line(infra, "ccccccc3 applied 4")],
        "flux-0c9c2e41 ccccccc3 Applied, runs ccccccc3",
    );
    all(
        &[line("Phase", "ccccccc3 applied 3"), line("Health", "ccccccc3 pending 2")],
        "gitops-connector ccccccc3 Pending, runs -",
    );
    check(
        &["flux-a bbbbbbb2 applied 1", "flux-B ccccccc3 failed 2"],
        "a bbbbbbb2 Applied, runs bbbbbbb2; B ccccccc3 Failed, runs -",
    );
}

#[test]
fn a_forge_and_a_row_of_one_cluster() {
    let row =
        |written: &str| format!("RowKey=sync-east kind=sync syncCommit=bbbbbbb2 syncState=applied syncAt={written}");
    for (when, expect) in [
        ("2026-11-01T10:09:00Z", "east bbbbbbb2 Applied, runs bbbbbbb2"),
        ("2026-11-01T10:01:00Z", "east ccccccc3 Failed, runs bbbbbbb2"),
        // At one moment: the failure, whoever reports it.
        ("2026-11-01T10:05:00Z", "east ccccccc3 Failed, runs bbbbbbb2"),
    ] {
        let (_, mut syncs) = rows(&[&row(when)]);
        syncs.set_signals(ProjectId::at(0), signals(&["flux-east ccccccc3 failed 5"]));
        assert_eq!(position(&mut syncs), expect);
        assert_eq!(syncs.clusters().len(), 1);
        // Signals come and go without the row.
        assert!(syncs.set_signals(ProjectId::at(0), Vec::new()));
        assert!(!syncs.set_signals(ProjectId::at(0), Vec::new()));
        assert_eq!(position(&mut syncs), "east bbbbbbb2 Applied, runs bbbbbbb2");
    }
}

#[test]
fn the_same_signals_change_nothing() {
    let mut syncs = Syncs::default();
    let lines = ["flux-east bbbbbbb2 applied 1", "flux-west bbbbbbb2 applied 1", "flux-east ccccccc3 failed 2"];
    assert!(syncs.set_signals(ProjectId::at(0), signals(&lines)));
    let before = syncs.clone();
    assert!(!syncs.set_signals(ProjectId::at(0), signals(&lines)));
    assert_eq!(syncs, before);
    assert!(syncs.set_signals(ProjectId::at(1), signals(&lines)));
    assert_eq!((position(&mut syncs).matches("east").count(), syncs.clusters().len()), (2, 2));
}

#[test]
fn notes() {
    #[track_caller]
    fn check(lines: &[&str], rings: &[RingRule], rules: &[ClusterRule], expect: expect_test::Expect) {
        let mut syncs = Syncs::new(rings, rules);
        syncs.set_signals(ProjectId::at(0), signals(lines));
        let text: Vec<String> = syncs.notes().iter().map(|n| format!("{} {}\n", n.what(), n.hint())).collect();
        expect.assert_eq(&text.concat());
    }
    let prod = RingRule { clusters: vec![ClusterName::new("a").unwrap()], ..ring_rule("prod") };
    let named = ClusterRule { name: ClusterName::new("a").unwrap(), pattern: "*/0c9c2e41".into() };
    check(&["flux-a bbbbbbb2 applied 1"], &[], &[], expect_test::expect![""]);
    check(&["flux-a bbbbbbb2 applied 1", "flux-b bbbbbbb2 applied 1"], &[prod], &[], expect_test::expect![""]);
    check(&["kustomization/apps/0c9c2e41 bbbbbbb2 applied 1"], &[], &[named], expect_test::expect![""]);
    check(
        &["continuous-delivery/app1 bbbbbbb2 applied 1", "continuous-delivery/app2 bbbbbbb2 failed 1"],
        &[],
        &[],
        expect_test::expect![[r#"
            continuous-delivery/app1 and continuous-delivery/app2 are counted as one cluster, argocd: none of them is assigned to a cluster. If they are one, add to config.json: "clusters": [{ "name": "…", "match": "continuous-delivery/*" }]. If each is a cluster of its own, add one entry for each: { "name": "…", "match": "continuous-delivery/app1" }.
        "#]],
    );
    check(
        &[
            "kustomization/apps/0c9c2e41 bbbbbbb2 applied 1",
            "kustomization/infra/0c9c2e41 bbbbbbb2 applied 1",
            "Status bbbbbbb2 failed 1",
        ],
        &[],
        &[],
        expect_test::expect![[r#"
            The cluster that reports as kustomization/apps/0c9c2e41 has no name; it is shown as flux-0c9c2e41. To name it, add to config.json: "clusters": [{ "name": "…", "match": "*/0c9c2e41" }].
            The status "Status" does not name a cluster: if two clusters report it, only the later report is shown. Nothing to do with one cluster. With several, let each report under its own name: by Flux's commit statuses, or by rows of the table.
            The cluster that reports as Status has no name; it is shown as gitops-connector. To name it, add to config.json: "clusters": [{ "name": "…", "match": "Status" }].
            flux-0c9c2e41 and gitops-connector are shown in every ring, because no ring has clusters assigned. To assign clusters to rings, add to config.json: "rings": [{ "name": "…", "clusters": ["…"] }].
        "#]],
    );
}

#[test]
fn commits_between_versions_are_counted_once() {
    let id = |text| CommitId::new(text).unwrap();
    let mut syncs = Syncs::default();
    syncs.set_commit_count(ProjectId::at(0), &id("AAAAAAA1"), &id("bbbbbbb2"), 4);
    syncs.set_commit_count(ProjectId::at(0), &id("aaaaaaa1"), &id("bbbbbbb2"), 9);
    assert_eq!(syncs.commit_count(ProjectId::at(0), "aaaaaaa", "bbbbbbb"), Some(4));
    assert_eq!(
        (
            syncs.commit_count(ProjectId::at(1), "aaaaaaa", "bbbbbbb"),
            syncs.commit_count(ProjectId::at(0), "bbbbbbb", "aaaaaaa")
        ),
        (None, None)
    );
}

#[test]
fn what_is_not_read_to_its_end_is_unknown() {
    const NEWEST: &str = "ccccccc3";
    #[track_caller]
    fn check(lines: &[&str], unread: &str, expect: &str) {
        let mut syncs = Syncs::default();
        let listed = |id: &str, parents: &[&str]| Listed {
            id: CommitId::new(id).unwrap(),
            parents: parents.iter().filter_map(|id| CommitId::new(id)).collect(),
            at: None,
        };
        syncs
            .history_mut(ProjectId::at(0))
            .add_all(&[listed(NEWEST, &["bbbbbbb2"]), listed("bbbbbbb2", &["aaaaaaa1"])]);
        syncs.history_mut(ProjectId::at(0)).add_all(&[listed("aaaaaaa1", &[])]);
        syncs.history_mut(ProjectId::at(0)).set_head(&CommitId::new(NEWEST).unwrap());
        syncs.set_signals(ProjectId::at(0), signals(lines));
        let statuses = CommitId::new(unread).into_iter().collect();
        assert!(syncs.set_unread(ProjectId::at(0), Unread { statuses, ..Unread::default() }) || unread.is_empty());
        let (mut store, _) = rows(&[]);
        let texts = format!("1 env=dev p3=7 p3Status=succeeded manifestCommitId={NEWEST}");
        store.put(ProjectId::at(0), &row(&texts));
        store.rebuild();
        syncs.rebuild(&store);
        let slot = store.slot_of(ProjectId::at(0), "", "1").unwrap();
        let of_slot: Vec<&str> = syncs.of_slot(&store, slot).iter().map(|c| c.state.as_str()).collect();
        assert_eq!(format!("{} | {}", ring(&store, &syncs, "dev"), of_slot.join(", ")), expect, "{lines:?} {unread}");
    }
    let apps = format!("kustomization/apps/prod-eu {NEWEST} applied 3");
    check(&[&apps], "", "synced: prod-eu synced Some(0) | synced");
    // The part that failed may be on the next page.
    check(&[&apps], NEWEST, "unknown: prod-eu unknown None | unknown");
    check(
        &[&apps, &format!("kustomization/infra/prod-eu {NEWEST} failed 4")],
        NEWEST,
        "failed: prod-eu failed Some(0) | failed",
    );
    // What is older than what it reported last is over.
    check(&[&apps], "bbbbbbb2", "synced: prod-eu synced Some(0) | synced");
    // It may have reported the newest commit where nobody has read it.
    check(&["kustomization/apps/prod-eu bbbbbbb2 applied 1"], NEWEST, "unknown: prod-eu unknown None | unknown");
    // A tag has no more to read.
    check(&[&format!("flux-east {NEWEST} applied 3")], NEWEST, "synced: east synced Some(0) | synced");
}

#[test]
fn a_part_that_failed_fails_its_cluster_until_it_reports_something_else() {
    #[track_caller]
    fn check(lines: &[&str], rules: &[ClusterRule], expect: &str) {
        let orders: [Vec<&str>; 2] = [lines.to_vec(), lines.iter().rev().copied().collect()];
        for lines in orders {
            let mut syncs = Syncs::new(&[], rules);
            let listed = |id: &str, parent: &str| Listed {
                id: CommitId::new(id).unwrap(),
                parents: CommitId::new(parent).into_iter().collect(),
                at: None,
            };
            let all = [listed("ccccccc3", "bbbbbbb2"), listed("bbbbbbb2", "aaaaaaa1"), listed("aaaaaaa1", "")];
            syncs.history_mut(ProjectId::at(0)).add_all(&all);
            syncs.history_mut(ProjectId::at(0)).set_head(&all[0].id);
            syncs.set_signals(ProjectId::at(0), signals(&lines));
            assert_eq!(position(&mut syncs), expect, "{lines:?}");
        }
    }
    let (one, two) = ("continuous-delivery/app1", "continuous-delivery/app2");
    let rule = ClusterRule { name: ClusterName::new("prod").unwrap(), pattern: "continuous-delivery/*".into() };
    let report = |label: &str, rest: &str| format!("{label} {rest}");
    let begin = report(two, "aaaaaaa1 applied 1");
    let (failed, newer) = (report(two, "bbbbbbb2 failed 3"), report(one, "ccccccc3 applied 5"));
    check(&[&failed, &newer], &[], "argocd bbbbbbb2 Failed, runs -");
    check(&[&begin, &failed, &newer], std::slice::from_ref(&rule), "prod bbbbbbb2 Failed, runs aaaaaaa1");
    check(&[&failed, &newer, &report(two, "ccccccc3 applied 6")], &[], "argocd ccccccc3 Applied, runs ccccccc3");
    // By a rule they are one cluster, which applied what one of them did; without, what both did.
    check(&[&begin, &newer], &[rule], "prod ccccccc3 Applied, runs ccccccc3");
    check(&[&begin, &newer], &[], "argocd ccccccc3 Applied, runs aaaaaaa1");
    // Of Flux each part reports each commit, unless it is gone.
    let (apps, old) = ("kustomization/apps/0c9c2e41", "kustomization/old/0c9c2e41");
    let flux = [report(old, "bbbbbbb2 failed 3"), report(apps, "aaaaaaa1 applied 1")];
    check(
        &[&flux[0], &flux[1], &report(apps, "ccccccc3 applied 5")],
        &[],
        "flux-0c9c2e41 bbbbbbb2 Failed, runs aaaaaaa1",
    );
    let late = report(apps, "ccccccc3 applied 75");
    check(&[&flux[0], &flux[1], &late], &[], "flux-0c9c2e41 ccccccc3 Applied, runs ccccccc3");
}

#[test]
fn thousands_of_reports_are_each_found_by_their_keys() {
    const REPORTS: usize = 4_000;
    // In no order, in two partitions and two projects.
    let keys =
        |n: usize| (ProjectId::at(n % 2), format!("part {}", n / 2 % 2), format!("sync-{}", n * 7_919 % REPORTS));
    let report = |n: usize, commit: &str| {
        let (_, partition, key) = keys(n);
        let texts = format!("kind=sync syncCommit={commit} syncState=applied Timestamp=2026-11-01T10:00:00Z");
        RowBuilder::of(&texts).with(Field::PartitionKey, partition).with(Field::RowKey, key).row()
    };
    let mut syncs = Syncs::default();
    let store = empty_store(&[]);
    for (commit, expect) in [("aaaaaa1", Change::Added), ("aaaaaa1", Change::Same), ("aaaaaa2", Change::Changed)] {
        for n in 0..REPORTS {
            assert_eq!(syncs.put(keys(n).0, &report(n, commit)), expect, "{n} {commit}");
        }
        syncs.rebuild(&store);
        assert_eq!(syncs.reports().count(), REPORTS);
    }
    let (_, partition, key) = keys(1);
    assert!(syncs.has(ProjectId::at(1), &partition, &key) && !syncs.has(ProjectId::at(0), &partition, &key));
    assert!(
        syncs.retain(|project, partition, key| (project, partition, key) == (ProjectId::at(0), "part 0", "sync-0"))
    );
    assert_eq!(syncs.reports().count(), 1);
    assert_eq!(syncs.put(keys(0).0, &report(0, "aaaaaa2")), Change::Same, "found where it is now");
    assert_eq!(syncs.put(keys(2).0, &report(2, "aaaaaa2")), Change::Added);
}
