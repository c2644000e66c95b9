//! The fast model against a slow and obvious one: every commit is replayed in the order in which it came to what a
//! cluster applied, and whatever a commit deploys takes the place of what was there.

mod follow;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use self::world::*;
use super::*;
use crate::storage::row::Field;
use crate::support::rng::Rng;
use crate::support::rows::{RowBuilder, board_of, empty_store, ring_rule, row, store_of};
use crate::{
    config::RingRule,
    domain::{
        cluster::{Signal, SignalKind},
        id::{ClusterName, CommitId},
        project::ProjectId,
        time::Timestamp,
    },
    model::{
        filter::{Filter, Filters},
        history::Listed,
        query::Facet,
        rings::Board,
        select::select,
        sync::names,
    },
    storage::row::Row,
};

/// The row of a deployment, written so many minutes after the first.
fn deployed(key: usize, service: &str, ring: &str, version: &str, commit: &str, minute: i64) -> Row<'static> {
    let written = Timestamp::from_millis(1_800_000_000_000 + minute * 60_000).to_rfc3339();
    row(&format!("{key} service={service} env={ring} imageTag={version} manifestCommitId={commit} Timestamp={written}"))
}

/// Every cell of the board against the replay. Returns how many clusters' cells were known.
#[track_caller]
fn check_world(seed: u64, known: usize) -> usize {
    let mut world = World::new(seed);
    let (store, syncs) = world.export(known);
    let is_whole = known >= world.commits.len();
    let board = board_of(&store, &syncs);
    let head = world.contains(world.branch.last().copied());
    let mut count = 0;
    for row in &board.services {
        let service = SERVICES.iter().position(|s| *s == store.service_name(row.service)).unwrap();
        for (column, cell) in board.rings.iter().zip(&row.cells) {
            let ring = RINGS.iter().position(|r| *r == store.rings().name(column.ring)).unwrap();
            let what = || format!("seed {seed}, {known} known: {} in {}", SERVICES[service], RINGS[ring]);
            for reports in &cell.clusters {
                let cluster = CLUSTERS.iter().position(|c| *c == reports.cluster.as_str()).unwrap();
                assert!(world.serves[cluster].contains(&ring), "{}: {cluster} does not serve it", what());
                let order = world.contains(world.applied[cluster]);
                let runs = world.running(&order, service, ring);
                if reports.missing.is_none() {
                    assert!(!is_whole || world.applied[cluster].is_none(), "{}: {cluster} should be known", what());
                    // What runs may be known without knowing what is still to come.
                    assert!([None, world.slot(&store, runs)].contains(&reports.running), "{}", what());
                    continue;
                }
                count += 1;
                assert_eq!(reports.running, world.slot(&store, runs), "{}: {}", what(), CLUSTERS[cluster]);
                let is_ours =
                    |n: &usize| matches!(&world.commits[*n].deploys, Some((s, r, _)) if (*s, *r) == (service, ring));
                let missing: Vec<usize> = head.iter().copied().filter(|n| is_ours(n) && !order.contains(n)).collect();
                assert_eq!(reports.missing, Some(missing.len() as u32), "{}: {}", what(), CLUSTERS[cluster]);
                let failing = world.contains(world.failed[cluster]);
                let state = match () {
                    () if missing.iter().any(|n| failing.contains(n)) => SyncState::Failed,
                    () if missing.is_empty() => SyncState::Synced,
                    () => SyncState::Pending,
                };
                assert_eq!(reports.state, state, "{}: {}", what(), CLUSTERS[cluster]);
            }
            // Shown is what that cluster runs which applied something last: the last one, in these worlds.
            let runs = |c: &usize| {
                let order = world.contains(world.applied[*c]);
                world.running(&order, service, ring).is_some_and(|n| world.slot(&store, Some(n)).is_some())
            };
            let shown = (0..3).rev().find(|c| world.serves[*c].contains(&ring) && runs(c));
            if let Some(cluster) = shown.filter(|_| is_whole && !cell.is_empty()) {
                let order = world.contains(world.applied[cluster]);
                let running = world.running(&order, service, ring);
                let what = format!("seed {seed}: {} in {}", SERVICES[service], RINGS[ring]);
                assert_eq!(cell.running, world.slot(&store, running), "{what}: shown");
                check_cell(&world, &store, cell, &order, (service, ring), &what);
            }
        }
    }
    check_lists(&world, &store, &syncs, is_whole, seed);
    count
}

/// What else the cell holds, for a cluster that runs what the cell shows.
#[track_caller]
fn check_cell(
    world: &World,
    store: &Store,
    cell: &crate::model::rings::Cell,
    order: &[usize],
    place: (usize, usize),
    what: &str,
) {
    let version = |n: usize| world.commits[n].deploys.as_ref().map(|d| d.2.clone());
    let ours: Vec<usize> = order
        .iter()
        .copied()
        .filter(|&n| matches!(&world.commits[n].deploys, Some((s, r, _)) if (*s, *r) == place))
        .collect();
    let (&last, before) = ours.split_last().unwrap();
    let mut other = None;
    let mut again = None;
    for &n in before.iter().rev() {
        if version(n) != version(last) {
            other = other.or(Some(n));
        } else if other.is_some() && again.is_none() {
            again = Some(n);
        }
    }
    let expect = again.and(other).map(|other| (world.slot(store, again), world.slot(store, Some(other))));
    assert_eq!(cell.rollback.map(|r| (Some(r.to), Some(r.from))), expect, "{what}: rollback");
}

fn by_cluster(name: &str) -> Filter {
    let mut values = Filters::default();
    values.add(Facet::Cluster, name);
    Filter { values, ..Filter::default() }
}

/// The filter, the column and the header.
#[track_caller]
fn check_lists(world: &World, store: &Store, syncs: &Syncs, is_whole: bool, seed: u64) {
    for (cluster, name) in CLUSTERS.iter().enumerate() {
        let wanted = by_cluster(name);
        let selected = select(store, syncs, &wanted);
        let order = world.contains(world.applied[cluster]);
        for &slot in store.by_time() {
            let n: usize = store.at(slot).text(Field::RowKey).parse().unwrap();
            let (_, ring, _) = world.commits[n].deploys.as_ref().unwrap();
            let serves = world.serves[cluster].contains(ring);
            let has = serves && order.contains(&n);
            let listed = syncs.of_slot(store, slot).into_iter().find(|c| c.cluster.as_str() == *name);
            let is_listed = listed.as_ref().is_some_and(|c| c.state == SyncState::Synced);
            assert!(has || !is_listed, "seed {seed}: {name} has not {n}");
            assert!(serves || listed.is_none(), "seed {seed}: {name} does not serve the ring of {n}");
            assert!(!is_whole || is_listed == has, "seed {seed}: {name} has {n}");
            // What it failed at counts as its report.
            let is_selected = has || serves && world.failed[cluster] == Some(n);
            assert!(is_selected || !selected.has(slot), "seed {seed}: filter {name}, {n}");
            assert!(!is_whole || selected.has(slot) == is_selected, "seed {seed}: filter {name}, {n}");
        }
        let Some(position) = syncs.positions().iter().find(|s| s.cluster.as_str() == *name && is_whole) else {
            continue;
        };
        let head = world.contains(world.branch.last().copied());
        let applied = world.applied[cluster].filter(|n| head.contains(n));
        let commits = applied.map(|_| head.iter().filter(|n| !order.contains(n)).count() as u32);
        assert_eq!(syncs.state().commits_behind(position), commits, "seed {seed}: {name} commits behind");
    }
}

#[test]
fn every_cell_is_as_a_replay_of_all_commits_makes_it() {
    let count: usize = (1..=2_500).map(|seed| check_world(seed, usize::MAX)).sum();
    assert!(count > 20_000, "only {count} cells were known: the worlds are too poor");
}

#[test]
fn what_is_known_of_a_part_is_true_of_the_whole() {
    let count: usize = (1..=1_500).map(|seed| check_world(seed, 4 + (seed % 20) as usize)).sum();
    assert!(count > 3_000, "only {count} cells were known: the worlds are too poor");
}

#[test]
fn a_cluster_that_was_moved_back() {
    let id = |text: &str| CommitId::new(text).unwrap();
    let listed = |text: &str, parent: &str| Listed {
        id: id(text),
        parents: CommitId::new(parent).into_iter().collect(),
        at: None,
    };
    let rows = ["1 env=dev manifestCommitId=aaaaaaa", "2 env=dev manifestCommitId=bbbbbbb"];
    let store = store_of(&[], rows.map(RowBuilder::of));
    let mut syncs = Syncs::default();
    syncs.history_mut(ProjectId::at(0)).add_all(&[
        listed("cccccccc", "bbbbbbbb"),
        listed("bbbbbbbb", "aaaaaaaa"),
        listed("aaaaaaaa", ""),
    ]);
    syncs.history_mut(ProjectId::at(0)).set_head(&id("cccccccc"));
    let mut state_after = |commit: &str, minute: i64| {
        let tag = Signal {
            from: names::of_tag("flux-east", &[]).unwrap(),
            commit: Some(id(commit)),
            state: SignalState::Applied,
            at: Some(Timestamp::from_millis(1_900_000_000_000 + minute * 60_000)),
            is_approximate: false,
            message: None,
        };
        assert_eq!(tag.from.kind, SignalKind::FluxTag);
        syncs.set_signals(ProjectId::at(0), vec![tag]);
        syncs.rebuild(&store);
        let of = |key: &str| {
            let all = syncs.of_slot(&store, store.slot_of(ProjectId::at(0), "", key).unwrap());
            let c = all.first().unwrap();
            let minute = c.at.map(|at| (at.millis() - 1_900_000_000_000) / 60_000);
            format!("{} {minute:?} {}", c.state.as_str(), if c.is_approximate { "at the latest" } else { "exactly" })
        };
        let back = syncs.positions()[0].back_from.as_ref().map(ToString::to_string);
        format!("a {}, b {}, back from {back:?}", of("1"), of("2"))
    };
    // That it has had the first since minute 1 is remembered when the tag moves on.
    let steps = [("aaaaaaaa", 1), ("bbbbbbbb", 5), ("cccccccc", 7), ("aaaaaaaa", 9), ("cccccccc", 12)];
    let reports: Vec<String> = steps.iter().map(|&(commit, minute)| state_after(commit, minute)).collect();
    expect_test::expect![[r#"
        a synced Some(1) exactly, b pending Some(1) exactly, back from None
        a synced Some(1) exactly, b synced Some(5) exactly, back from None
        a synced Some(1) exactly, b synced Some(5) exactly, back from None
        a synced Some(1) exactly, b pending Some(9) exactly, back from Some("cccccccc")
        a synced Some(1) exactly, b synced Some(12) at the latest, back from None"#]]
    .assert_eq(&reports.join("\n"));
}

#[test]
fn what_a_commit_contains_is_found_once() {
    let mut syncs = Syncs::default();
    let id = |text: &str| CommitId::new(text).unwrap();
    let listed = Listed { id: id("bbbbbbb"), parents: vec![id("aaaaaaa")], at: None };
    syncs.history_mut(ProjectId::at(0)).add_all(&[listed]);
    for cluster in ["east", "west"] {
        syncs.put(ProjectId::at(0), &row(&format!("sync-{cluster} syncCommit=bbbbbbb syncState=applied")));
    }
    syncs.rebuild(&empty_store(&[]));
    let [east, west] = syncs.positions() else { panic!("{:?}", syncs.positions()) };
    assert!(east.line.len() == 2 && std::sync::Arc::ptr_eq(&east.line, &west.line));
}

#[test]
fn a_hundred_thousand_rows_against_two_thousand_commits() {
    let name = |n: usize| format!("{:08x}{n:032x}", (n as u32 + 1).wrapping_mul(2_654_435_761));
    let id = |n: usize| CommitId::new(&name(n)).unwrap();
    let mut store = empty_store(&[]);
    for n in 0..100_000_usize {
        let row = deployed(n, SERVICES[n % 3], RINGS[n / 3 % 3], &format!("v{n}"), &name(n)[..7], n as i64);
        store.put(ProjectId::at(0), &row);
    }
    store.rebuild();
    let mut syncs = Syncs::default();
    let listed: Vec<Listed> =
        (98_000..100_000).rev().map(|n| Listed { id: id(n), parents: vec![id(n - 1)], at: None }).collect();
    syncs.history_mut(ProjectId::at(0)).add_all(&listed);
    syncs.history_mut(ProjectId::at(0)).set_head(&id(99_999));
    let signals = (0..5_usize).map(|c| Signal {
        from: names::of_tag(&format!("flux-{c}"), &[]).unwrap(),
        commit: Some(id(99_999 - 100 * c)),
        state: SignalState::Applied,
        at: Some(Timestamp::from_millis(1_900_000_000_000)),
        is_approximate: false,
        message: None,
    });
    syncs.set_signals(ProjectId::at(0), signals.collect());
    #[expect(clippy::disallowed_methods, reason = "a test may look at the clock")]
    let timed = |what: &str, run: &mut dyn FnMut()| {
        let begin = std::time::Instant::now();
        run();
        println!("{what}: {:?}", begin.elapsed());
    };
    timed("settle", &mut || syncs.rebuild(&store));
    let mut board = Board::default();
    timed("board", &mut || board = board_of(&store, &syncs));
    let wanted = by_cluster("4");
    let mut count = 0;
    timed("filter", &mut || count = select(&store, &syncs, &wanted).len());
    // The oldest that is known is named as a parent only.
    assert_eq!(count, 99_999 - 400 - 97_999 + 1);
    timed("header", &mut || {
        let all = syncs.of_ring(&store, store.rings().find("dev").unwrap());
        assert_eq!(all[4].commits, Some(400));
    });
    timed("history", &mut || {
        let all =
            crate::model::trace::history(&store, &syncs, ProjectId::default(), board.services[0].service, Some(50));
        assert_eq!((all.changes.len(), all.rings.len()), (50, 3));
    });
    timed("one row", &mut || assert_eq!(syncs.of_slot(&store, Slot::at(99_000)).len(), 5));
    let cell = &board.services[0].cells[0];
    assert_eq!((cell.known, cell.clusters.len(), cell.clusters[4].missing), (Known::Clusters, 5, Some(45)));
}

#[test]
fn what_was_merged_from_a_line_that_is_not_read_may_run() {
    let id = |text: &str| CommitId::new(text).unwrap();
    // `2222222`, in front of the merge, was read to no parent, and neither was the line that was merged: whether
    // `4444444`, on that line, came before `2222222` is not known, whatever their rows hold.
    let rows = |newest: &str| {
        let times = ["10:05:00Z 2222222", "10:04:00Z 4444444", newest];
        let rows = times.into_iter().enumerate().filter_map(|(n, row)| Some((n, row.split_once(' ')?)));
        store_of(
            &[],
            rows.map(|(n, (time, commit))| {
                let written = format!("Timestamp=2026-11-01T{time} p3End=2026-11-01T{time}");
                RowBuilder::of(&format!("{n} service=api env=dev imageTag=v{n} manifestCommitId={commit} {written}"))
            }),
        )
    };
    let shown = |store: &Store| {
        let mut syncs = Syncs::default();
        let listed = |text: &str, parents: &[&str]| Listed {
            id: id(text),
            parents: parents.iter().map(|parent| id(parent)).collect(),
            at: None,
        };
        syncs.history_mut(ProjectId::at(0)).add_all(&[
            listed("8888888", &["7777777"]),
            listed("7777777", &["2222222", "6666666"]),
            listed("6666666", &["5555555"]),
        ]);
        syncs.history_mut(ProjectId::at(0)).set_head(&id("8888888"));
        let tag = Signal {
            from: names::of_tag("flux-east", &[]).unwrap(),
            commit: Some(id("8888888")),
            state: SignalState::Applied,
            at: Some(Timestamp::from_millis(1_900_000_000_000)),
            is_approximate: false,
            message: None,
        };
        syncs.set_signals(ProjectId::at(0), vec![tag]);
        syncs.rebuild(store);
        let board = board_of(store, &syncs);
        let cell = &board.services[0].cells[0];
        cell.clusters[0].running.map_or("unknown", |slot| store.at(slot).image()).to_owned()
    };
    assert_eq!(shown(&rows("")), "unknown");
    // What came with the merge or after it came after both.
    assert_eq!(shown(&rows("10:06:00Z 7777777")), "v2");
}
