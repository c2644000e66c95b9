//! One service in one ring: which of its deployments each cluster runs.
//!
//! Of what was published, a cluster runs the one whose manifests came last to the commit that it applied: the order is
//! the branch's, not that of the rows' times. Several clusters may run several; the cell then shows what the cluster
//! that last applied something runs, because that is the newest that is known to be out, and lists the others.
//!
//! A deployment whose manifest commit is not known decides nothing while it is older, by its row, than one that the
//! cluster is known to have, behind which all lies that has not been read, and the cluster is where the branch once
//! was. Otherwise it is not known which of the two runs, and so the cell does not; but what was made by the very commit
//! that the cluster applied runs for certain.

use std::cmp::Reverse;

use super::position::ClusterPosition;
use crate::{
    domain::{
        cluster::{SignalState, SyncState},
        deployment::{Kind, Status},
        id::ClusterName,
        project::ProjectId,
        time::Timestamp,
    },
    model::{
        history::{Node, Within},
        order::sorted_by,
        store::{Slot, Store},
        symbols::RingSym,
        sync::Syncs,
    },
};

/// How it is known what runs in a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Known {
    /// No cluster reports: what the rows hold is all there is.
    #[default]
    Rows,
    /// Clusters report, but whether what they have contains these deployments is not known: deployed, sync unknown.
    Unknown,
    /// At least one cluster is known to run it, or not to.
    Clusters,
}

/// What one cluster runs of a cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CellCluster {
    /// The cluster.
    pub cluster: ClusterName,
    /// `Synced` when it has all that was published for the cell, `Pending` when not yet, `Failed` when it tried.
    pub state: SyncState,
    /// What it runs; `None` when that is nothing, or not known.
    pub running: Option<Slot>,
    /// Since when, or when it last reported something; and whether that is the latest that it can have been.
    pub since: (Option<Timestamp>, bool),
    /// The newest that it failed to apply.
    pub failed: Option<Slot>,
    /// In its own words why.
    pub message: Option<Box<str>>,
    /// How many published deployments it does not have yet; `None` when that is not known.
    pub missing: Option<u32>,
}

/// What clusters make of a cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deployed {
    /// Each cluster that serves the ring.
    pub clusters: Vec<CellCluster>,
    /// Whether any of them is known to run something of it or nothing. If not, the rest is empty.
    pub is_known: bool,
    /// What the cell shows as running.
    pub running: Option<Slot>,
    /// What ran there before and runs, the last first by the order of the branch.
    pub history: Vec<Slot>,
    /// What was published and is not in what runs, the last first by the order of the branch.
    pub missing: Vec<Slot>,
    /// The newest that a cluster failed to apply, and that does not run.
    pub failed: Option<Slot>,
    /// A manual edit that runs and came after it.
    pub edited: Option<Slot>,
}

/// What was published for a cell.
#[derive(Clone, Copy, Debug)]
struct Published {
    slot: Slot,
    node: Option<Node>,
}

/// What one cluster has of that.
struct Has {
    /// What it has, the last first by the order of what it applied; at one place the newest row first.
    have: Vec<(u32, Published)>,
    /// What it does not have, in the order of the rows.
    missing: Vec<Published>,
    /// There is more that it does not have, of which nobody knows whether it is still on the branch.
    may_miss: bool,
    is_unknown: bool,
    /// What was made by the very commit that it failed at, where it is not known to have that.
    failed: Option<Slot>,
}

fn has(store: &Store, syncs: &Syncs, position: &ClusterPosition, published: &[Published]) -> Has {
    let (mut have, mut missing): (Vec<(u32, Published)>, Vec<Published>) = (Vec::new(), Vec::new());
    let (mut is_unknown, mut may_miss, mut failed) = (false, false, None);
    for &one in published {
        match position.has(one.node) {
            Within::Yes(rank) => have.push((rank, one)),
            Within::No => match syncs.state().is_to_come(store.at(one.slot).project(), one.node) {
                Some(true) => missing.push(one),
                Some(false) => {}
                None => may_miss = true,
            },
            Within::Unknown => {
                // Newer by its row, and by what is known of the branch.
                let is_newer = |(_, known): &(u32, Published)| position.contains_all_missing(known.node);
                is_unknown |= !position.is_surely_before(one.node, have.iter().any(is_newer));
                if failed.is_none() && position.failed_at(one.node) {
                    failed = Some(one.slot);
                }
            }
        }
    }
    is_unknown |= position.is_uncertain;
    let have = sorted_by(&have, |a, b| b.0.cmp(&a.0));
    // The last may have come before the one that seems to be before it.
    is_unknown |= published.len() > 1 && have.first().is_some_and(|(_, one)| position.is_vague(one.node));
    // What was made by the very commit that it applied came last to it, whatever else it contains.
    if is_unknown && !position.is_uncertain && have.iter().any(|(_, one)| position.is_at(one.node)) {
        (is_unknown, may_miss) = (false, true);
    }
    Has { have, missing, may_miss, is_unknown, failed }
}

/// Decides what runs of a service in a ring, from its deployments there, the newest row first. `None` when no cluster
/// reports that serves the ring.
#[must_use]
pub fn decide(store: &Store, syncs: &Syncs, project: ProjectId, ring: RingSym, slots: &[Slot]) -> Option<Deployed> {
    let state = syncs.state();
    let service = slots.first().map_or("", |&slot| store.at(slot).service_name());
    let serving = state.positions.iter().filter(|s| s.project == project && syncs.serves(store, &s.cluster, ring));
    let serving: Vec<&ClusterPosition> = serving.map(|position| position.of_service(service)).collect();
    if serving.is_empty() {
        return None;
    }
    let derived = store.derived();
    let kind = |slot: Slot| slot.of(&derived.kind).copied().unwrap_or(Kind::Deployment);
    let through = || slots.iter().copied().filter(|&slot| store.at(slot).status() == Status::Succeeded);
    let of = |wanted: Kind| -> Vec<Published> {
        let slots = through().filter(|&slot| kind(slot) == wanted);
        slots.map(|slot| Published { slot, node: state.node(slot) }).collect()
    };
    let (mut published, mut edits) = (of(Kind::Deployment), of(Kind::HldEdit));
    if published.is_empty() {
        // A service that only ever had manual edits runs the newest of them.
        std::mem::swap(&mut published, &mut edits);
    }
    let all: Vec<(&ClusterPosition, Has)> =
        serving.iter().map(|&position| (position, has(store, syncs, position, &published))).collect();
    let clusters: Vec<CellCluster> = all.iter().map(|(position, has)| in_cluster(position, has)).collect();
    let head_rank = |slot: Option<Slot>| slot.and_then(|slot| state.rank(project, state.node(slot)));
    let known = all.iter().zip(&clusters).filter(|((_, has), _)| !has.is_unknown);
    // Whoever runs something comes before who runs nothing; then who last applied something.
    let shown = known.max_by_key(|((position, has), cluster)| {
        let applied = position.applied.as_ref().and_then(|a| a.at);
        (
            cluster.running.is_some(),
            applied,
            head_rank(cluster.running),
            Reverse(position.cluster.clone()),
            has.have.len(),
        )
    });
    let mut deployed = Deployed {
        is_known: shown.is_some(),
        running: None,
        history: Vec::new(),
        missing: Vec::new(),
        failed: None,
        edited: None,
        clusters: Vec::new(),
    };
    if let Some(((position, has), cluster)) = shown {
        deployed.running = cluster.running;
        deployed.history = has.have.iter().map(|(_, one)| one.slot).collect();
        let missing = has.missing.iter().filter(|one| !position.fails(one.node)).map(|one| one.slot);
        deployed.missing =
            sorted_by(&missing.collect::<Vec<_>>(), |&a, &b| head_rank(Some(b)).cmp(&head_rank(Some(a))));
        let failed = clusters.iter().filter_map(|c| c.failed).filter(|&slot| Some(slot) != cluster.running);
        deployed.failed = failed.max_by_key(|&slot| (head_rank(Some(slot)), store.at(slot).updated()));
        let edited = self::has(store, syncs, position, &edits).have;
        let after = has.have.first().map(|(rank, _)| *rank);
        deployed.edited = edited.first().filter(|(rank, _)| Some(*rank) > after).map(|(_, one)| one.slot);
    }
    deployed.clusters = clusters;
    Some(deployed)
}

fn in_cluster(position: &ClusterPosition, has: &Has) -> CellCluster {
    let running = has.have.first().map(|(_, one)| *one).filter(|_| !has.is_unknown);
    let failed = has.missing.iter().find(|one| position.fails(one.node)).map(|one| one.slot).or(has.failed);
    let state = if failed.is_some() {
        SyncState::Failed
    } else if has.is_unknown {
        SyncState::Unknown
    } else if !has.missing.is_empty() {
        SyncState::Pending
    } else if has.may_miss {
        SyncState::Unknown
    } else {
        SyncState::Synced
    };
    let message = position.latest.message.clone();
    CellCluster {
        cluster: position.cluster.clone(),
        state,
        running: running.map(|one| one.slot),
        since: running.map_or((position.latest.at, false), |one| position.since(one.node)),
        failed,
        message: message.filter(|_| position.latest.state == SignalState::Failed && failed.is_some()),
        missing: (!has.is_unknown && !has.may_miss).then_some(has.missing.len() as u32),
    }
}
