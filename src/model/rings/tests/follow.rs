//! A board that follows thousands of changes at once, against one made anew.

use std::collections::BTreeMap;

use super::anew;
use crate::{
    config::RingRule,
    domain::{
        commit::Commit,
        deployment::Status,
        facts::{Answer, SlotFacts},
        id::{CommitId, ProjectName},
        project::ProjectId,
        run::Run,
        stage::Service,
        time::Timestamp,
    },
    model::{
        rings::{Board, LiveBoard, RingNames},
        store::{Slot, Store},
        sync::Syncs,
    },
    storage::row::Field,
    support::{
        rng::Rng,
        rows::{RowBuilder, board_of, ring_rule, row},
    },
};

/// How much there is in one world.
struct Size {
    keys: u64,
    services: u64,
    features: u64,
}

/// So few that the same cells are touched again and again; and a wide board, of which a part changes.
const SMALL: Size = Size { keys: 24, services: 3, features: 3 };
const WIDE: Size = Size { keys: 6_000, services: 20, features: 150 };

const MAIN: [&str; 5] = ["dev", "qa", "Prod", "prod-east", ""];

struct World {
    store: Store,
    syncs: Syncs,
    rng: Rng,
    size: Size,
}

impl World {
    fn new(seed: u64, size: Size) -> Self {
        let mut rng = Rng::new(seed);
        let rule = |name: &str, branches: &[&str], clusters: &[&str]| RingRule {
            branches: branches.iter().map(|b| Box::from(*b)).collect(),
            clusters: clusters.iter().filter_map(|c| crate::domain::id::ClusterName::new(c)).collect(),
            ..ring_rule(name)
        };
        let rules =
            [rule("dev", &["main"], &[]), rule("prod", &["main", "release"], &["east"]), rule("feature-1", &[], &[])];
        let rules = if rng.percent(50) { &rules[..] } else { &[] };
        let projects = ["p", "q"].into_iter().filter_map(ProjectName::new).collect();
        let syncs = Syncs::new(rules, &[]);
        Self { store: Store::new(projects, RingNames::new(rules)), syncs, rng, size }
    }

    fn put(&mut self, nth: u64) {
        let rng = &mut self.rng;
        let (services, features) = (self.size.services, self.size.features);
        let env = if rng.percent(60) { format!("feature-{}", rng.below(features)) } else { rng.pick(&MAIN).to_owned() };
        let service = if rng.percent(3) { String::new() } else { format!("service-{}", rng.below(services)) };
        let branch =
            if rng.percent(70) { format!("topic/{env}") } else { rng.pick(&["main", "release", ""]).to_owned() };
        let at = format!("2026-11-01T{:02}:{:02}:00Z", rng.below(24), rng.below(60));
        let status = rng.pick(&["succeeded", "succeeded", "succeeded", "failed", "running", "waiting", "canceled"]);
        let mut row = RowBuilder::texts([
            (Field::PartitionKey, format!("{nth}")),
            (Field::RowKey, format!("{nth:05}")),
            (Field::Service, service),
            (Field::Env, env),
            (Field::Branch, branch),
            (Field::ImageTag, format!("v{}", rng.below(4))),
            (Field::P1, format!("{}", 7_000 + nth)),
            (Field::P1Status, status.to_owned()),
            (Field::Timestamp, at.clone()),
        ]);
        if rng.percent(70) {
            row = row.with(Field::P1End, at);
        }
        if rng.percent(60) {
            let commit = rng.pick(&["aaaaaaa", "bbbbbbb", "ccccccc", "ddddddd"]);
            row = row.with(Field::ManifestCommitId, commit).with(Field::CommitId, format!("{:07x}", rng.below(4)));
        }
        self.store.put(ProjectId::at(usize::from(nth.is_multiple_of(7))), &row.row());
    }

    fn slot(&self, nth: u64) -> Option<Slot> {
        let project = ProjectId::at(usize::from(nth.is_multiple_of(7)));
        self.store.slot_of(project, &nth.to_string(), &format!("{nth:05}"))
    }

    /// Changes so many deployments, and now and then what clusters report or somebody has counted.
    fn change(&mut self, count: u64) {
        for _ in 0..count {
            let nth = self.rng.below(self.size.keys);
            let kind = self.rng.below(10);
            match (self.slot(nth), kind) {
                (Some(slot), 0..2) => self.store.remove(slot),
                (Some(slot), 2..4) => {
                    let facts = facts(self.rng.pick(&[Status::Running, Status::Failed, Status::Succeeded]));
                    self.store.set_facts(slot, facts);
                }
                _ => self.put(nth),
            }
        }
    }

    fn report(&mut self) {
        let commit = self.rng.pick(&["aaaaaaa", "bbbbbbb", "ccccccc"]);
        let cluster = self.rng.pick(&["east", "west"]);
        let state = self.rng.pick(&["applied", "failed"]);
        self.syncs.put(ProjectId::at(0), &row(&format!("{cluster} syncCommit={commit} syncState={state}")));
        let id = |rng: &mut Rng| CommitId::new(&format!("{:07x}", rng.below(4)));
        if let Some((from, to)) = id(&mut self.rng).zip(id(&mut self.rng)) {
            self.syncs.set_commit_count(ProjectId::at(0), &from, &to, 3);
        }
    }
}

fn facts(status: Status) -> SlotFacts {
    let at = Timestamp::parse("2026-11-02T00:00:00Z").unwrap();
    let commit = Commit { id: CommitId::new("0123456").unwrap(), message: None, author: None, at: None, link: None };
    let by = Service::GitHub;
    SlotFacts {
        runs: [Some(Answer { by, at, value: Some(Run { ended: Some(at), ..Run::new(status) }.into()) }), None, None],
        commit: Some(Answer { by, at, value: Some(commit.into()) }),
        ..SlotFacts::NONE
    }
}

/// Compares part by part: a whole board is too much to read.
#[track_caller]
fn check(found: &Board, expect: &Board, when: &str) {
    assert_eq!(found.rings, expect.rings, "{when}");
    let keys = |board: &Board| board.services.iter().map(|row| (row.project, row.service)).collect::<Vec<_>>();
    assert_eq!(keys(found), keys(expect), "{when}");
    for (found_row, row) in found.services.iter().zip(&expect.services) {
        assert_eq!(found_row.cells.len(), row.cells.len(), "{when}");
        for (nth, (found, cell)) in found_row.cells.iter().zip(&row.cells).enumerate() {
            assert_eq!(found, cell, "{when}: {:?} in {:?}", row.service, expect.rings[nth].ring);
        }
        assert_eq!(found_row, row, "{when}");
    }
    assert_eq!(found, expect, "{when}");
}

/// Follows a world for so many publishes, each of up to so many changes. Counts what came about.
fn follow(seed: u64, size: Size, publishes: u64, most: u64, counts: &mut BTreeMap<&'static str, usize>) {
    let mut world = World::new(seed, size);
    let mut live = LiveBoard::of(&world.store, &world.syncs);
    for publish in 0..publishes {
        let count = 1 + world.rng.below(most);
        world.change(count);
        if world.rng.percent(10) {
            world.report();
        }
        world.store.rebuild();
        let mut delta = world.store.take_delta();
        world.syncs.follow(&world.store, &mut delta);
        let (store, syncs) = (&world.store, &world.syncs);
        let before = live.board().clone();
        let is_other = live.follow(store, syncs, &delta);
        let (now, expect) = (live.board(), anew::board(store, syncs));
        check(now, &expect, &format!("seed {seed}, publish {publish}"));
        check(&board_of(store, syncs), &expect, &format!("seed {seed}, publish {publish}, all at once"));
        // What is the same is known to be the same.
        assert_eq!(is_other, before != *now || delta.everything, "seed {seed}, publish {publish}");
        let rings = |board: &Board| board.rings.iter().map(|r| r.ring).collect::<Vec<_>>();
        let mut is = |what, is: bool| *counts.entry(what).or_default() += usize::from(is);
        is("the same", !is_other);
        is("named", !delta.everything && !delta.clusters);
        is("thousands named", !delta.everything && delta.slots().len() > 2_000);
        is("more rings", now.rings.len() > before.rings.len());
        is("fewer rings", now.rings.len() < before.rings.len());
        is("rings in another order", rings(now).len() == rings(&before).len() && rings(now) != rings(&before));
        is("fewer services", now.services.len() < before.services.len());
        is("drift", now.cells().any(|(_, cell)| cell.drift.is_some()));
        is("clusters", now.cells().any(|(_, cell)| !cell.clusters.is_empty()));
        is("unplaced", now.services.iter().any(|row| row.unplaced.is_some()));
        is("unplaced no more", now.services.iter().any(|row| row.unplaced.is_none()));
    }
}

#[test]
fn few_changes_of_few_cells_are_followed() {
    let mut counts = BTreeMap::new();
    (0..300).for_each(|seed| follow(seed, SMALL, 25, 6, &mut counts));
    counts.remove("thousands named");
    assert!(counts.values().all(|&count| count > 20), "the worlds are too poor: {counts:?}");
}

#[test]
fn thousands_of_changes_of_a_wide_board_are_followed() {
    let mut counts = BTreeMap::new();
    (0..4).for_each(|seed| follow(seed, WIDE, 7, 10_000, &mut counts));
    assert!(counts["thousands named"] > 5, "the worlds are too poor: {counts:?}");
}
