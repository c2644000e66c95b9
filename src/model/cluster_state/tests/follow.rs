//! What follows rows as they come, change and go, against what is made anew of them.

use std::fmt::Write;

use super::*;
use crate::{
    config::ClusterRule,
    domain::{deployment::Status, id::is_same_commit},
    model::symbols::RingSym,
};

const RINGS: [&str; 5] = ["dev", "prod", "", "feature-1", "feature-2"];
const SERVICES: [&str; 4] = ["api", "contoso/web", "auth", ""];
const P: ProjectId = ProjectId::at(0);

fn id(n: u64) -> CommitId {
    CommitId::new(&format!("{:08x}{n:08x}", (n as u32 + 1).wrapping_mul(2_654_435_761))).unwrap()
}

/// One branch of 24 commits, of which the newest 16 are read, and what clusters report of it.
fn reported(rng: &mut Rng) -> Syncs {
    let cluster = |name: &str| ClusterName::new(name).unwrap();
    let rules = [
        RingRule { clusters: vec![cluster("east"), cluster("lab")], ..ring_rule("dev") },
        RingRule { clusters: vec![cluster("apps"), cluster("row")], ..ring_rule("prod") },
    ];
    let apps = ClusterRule { name: cluster("apps"), pattern: "continuous-delivery/*".into() };
    let mut syncs = Syncs::new(&rules, &[apps]);
    let listed: Vec<Listed> = (8..24).map(|n| Listed { id: id(n), parents: vec![id(n - 1)], at: None }).collect();
    syncs.history_mut(P).add_all(&listed);
    syncs.history_mut(P).set_head(&id(20 + rng.below(4)));
    let silent = rng.below(3) as usize;
    let mut signal = |from, most: u64| Signal {
        from,
        commit: Some(id(rng.below(most))),
        state: if rng.percent(80) { SignalState::Applied } else { SignalState::Failed },
        at: Some(Timestamp::from_millis(1_900_000_000_000 + rng.below(5) as i64)),
        is_approximate: false,
        message: None,
    };
    let mut signals: Vec<Signal> =
        ["flux-east", "flux-lab", "flux-own"].map(|tag| signal(names::of_tag(tag, &[]).unwrap(), 26)).into();
    let apps = ["api", "web"];
    for app in &apps[silent..] {
        let label = names::of_status(&format!("continuous-delivery/{app}"), None, &[]).unwrap();
        signals.push(signal(label, 26));
    }
    syncs.set_signals(P, signals);
    // Of a cluster whose commits nobody reads only rows tell how far behind it is.
    syncs.put(P, &row(&format!("sync-row cluster=row syncCommit={} syncState=applied", id(rng.below(8)))));
    syncs
}

/// Puts a row in, or takes it out.
fn change(store: &mut Store, rng: &mut Rng) {
    let key = rng.below(14).to_string();
    if rng.percent(15) {
        store.slot_of(P, &key, &key).into_iter().for_each(|slot| store.remove(slot));
        return;
    }
    let (service, ring) = (rng.pick(&SERVICES), rng.pick(&RINGS));
    let status = rng.pick(&["succeeded", "succeeded", "failed", "running"]);
    let commit = if rng.percent(90) { id(rng.below(26)).as_str()[..10].to_owned() } else { String::new() };
    let minute = rng.below(20);
    store.put(
        P,
        &row(&format!(
            "{key} PartitionKey={key} service={service} env={ring} imageTag=v{key} p3=1 p3Status={status} \
             manifestCommitId={commit} Timestamp=2026-11-01T00:{minute:02}:00Z"
        )),
    );
}

/// How many published deployments of a ring a cluster does not have: row by row, the newest first.
fn behind(store: &Store, syncs: &Syncs, ring: RingSym, position: &ClusterPosition) -> Option<u32> {
    let state = syncs.state();
    let slots = || store.by_time().iter().copied().filter(|&slot| store.at(slot).ring() == ring);
    if !position.is_placed {
        let commit = position.latest.commit.as_ref()?.as_str();
        let names = |slot: Slot| is_same_commit(store.at(slot).manifest_commit(), commit);
        let named = store.by_time().iter().copied().find(|&slot| names(slot))?;
        let newer = slots().take_while(|&slot| store.newer_first(slot, named).is_lt());
        return Some(newer.filter(|&slot| !store.at(slot).manifest_commit().is_empty()).count() as u32);
    }
    let (mut behind, mut has_some) = (0, false);
    for slot in slots().filter(|&slot| store.at(slot).status() == Status::Succeeded) {
        let node = state.node(slot);
        let position = position.of_slot(store, slot);
        match position.has(node) {
            Within::Yes(_) => has_some = true,
            Within::No => behind += u32::from(state.is_to_come(P, node)?),
            Within::Unknown if !position.is_surely_before(node, has_some) => return None,
            Within::Unknown => {}
        }
    }
    Some(behind)
}

/// All that is asked about clusters.
fn answers(store: &Store, syncs: &Syncs) -> String {
    let mut text = String::new();
    for ring in std::iter::once(RingSym::NONE).chain(store.rings().all()) {
        for position in syncs.positions() {
            let found = syncs.state().behind(store, ring, position);
            assert_eq!(found, behind(store, syncs, ring, position), "{ring:?} {}", position.cluster);
        }
        writeln!(text, "{:?}", syncs.of_ring(store, ring)).unwrap();
    }
    for &slot in store.by_time() {
        let clusters: Vec<&str> = syncs.clusters_of(slot).map(ClusterName::as_str).collect();
        let alike = syncs.cluster_table(|cluster| cluster.as_str() == "own");
        let has_own = alike[syncs.cluster_column()[slot.index()] as usize];
        let node = syncs.state().node(slot);
        writeln!(text, "{slot:?} {node:?} {clusters:?} {has_own} {:?}", syncs.of_slot(store, slot)).unwrap();
    }
    text
}

#[test]
fn rows_that_come_change_and_go_are_followed() {
    // Of clusters with a place and without: how often it was known how far behind they are, and that they are.
    let mut kinds: BTreeMap<(bool, Option<bool>), usize> = BTreeMap::new();
    for seed in 0..400 {
        let mut rng = Rng::new(seed);
        let mut store = empty_store(&["dev", "prod"].map(ring_rule));
        let mut syncs = reported(&mut rng);
        for step in 0..30 {
            (0..rng.below(4)).for_each(|_| change(&mut store, &mut rng));
            store.rebuild();
            let mut delta = store.take_delta();
            syncs.follow(&store, &mut delta);
            let mut anew = syncs.clone();
            anew.rebuild(&store);
            assert_eq!(answers(&store, &syncs), answers(&store, &anew), "seed {seed}, step {step}");
            for (ring, position) in store.rings().all().flat_map(|r| syncs.positions().iter().map(move |p| (r, p))) {
                let how = (position.is_placed, syncs.state().behind(&store, ring, position).map(|n| n > 0));
                *kinds.entry(how).or_default() += 1;
            }
        }
    }
    assert!(kinds.len() == 6 && kinds.values().all(|&count| count > 500), "the worlds are too poor: {kinds:?}");
}

#[test]
fn what_is_kept_does_not_grow() {
    let mut rng = Rng::new(1);
    let mut store = empty_store(&["dev", "prod"].map(ring_rule));
    let mut syncs = reported(&mut rng);
    for _ in 0..3_000 {
        change(&mut store, &mut rng);
        store.rebuild();
        let mut delta = store.take_delta();
        syncs.follow(&store, &mut delta);
    }
    // One of no deployment, and one a row at most, before those that it changes have left theirs.
    assert!(syncs.state().groups.len() <= 15, "{}", syncs.state().groups.len());
}
