//! A board made of all deployments at once, ring by ring and service by service: what one that follows must be.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    domain::{
        deployment::{Kind, Status},
        project::ProjectId,
    },
    model::{
        rings::{
            Board, Cell, RingColumn, RingRole, ServiceRow,
            cell::{HISTORY, drift},
        },
        store::{SharedColumn, Slot, Store},
        symbols::{RingSym, ServiceSym, Sym},
        sync::Syncs,
    },
};

/// The board of all deployments.
pub(in crate::model) fn board(store: &Store, syncs: &Syncs) -> Board {
    let mut by_service: BTreeMap<(ProjectId, ServiceSym), Vec<Slot>> = BTreeMap::new();
    for &slot in store.by_time() {
        by_service.entry((store.at(slot).project(), store.service(slot))).or_default().push(slot);
    }
    let names = store.rings();
    let in_ring = |ring: RingSym| store.by_time().iter().copied().filter(move |&slot| store.at(slot).ring() == ring);
    let mut rings: Vec<RingSym> =
        names.all().filter(|&r| names.is_configured(r) || in_ring(r).next().is_some()).collect();
    names.sort(&mut rings);
    let time = |slot: Slot| store.at(slot).updated();
    // Stable, so that rings of equal times stay in the order of their names.
    rings.sort_by_key(|&ring| {
        let is_feature = names.role(ring) == RingRole::Feature;
        (is_feature, std::cmp::Reverse(in_ring(ring).next().filter(|_| is_feature).map(time)))
    });
    let ranks = store.symbols(SharedColumn::Service).ranks();
    let mut keys: Vec<(ProjectId, ServiceSym)> = by_service.keys().copied().collect();
    keys.sort_by_key(|(project, service)| {
        (*project, *service == ServiceSym::NONE, Sym::from(*service).of(&ranks).copied())
    });
    let services: Vec<ServiceRow> =
        keys.into_iter().map(|key| service(store, syncs, key, &by_service[&key], &rings)).collect();
    let column = |(at, ring): (usize, RingSym)| {
        let mut shown: Vec<Slot> =
            services.iter().filter_map(|row| row.cells[at].running.or(row.cells[at].next)).collect();
        shown.sort_by_key(|&slot| std::cmp::Reverse(time(slot)));
        let mut branches: Vec<Box<str>> = Vec::new();
        for branch in shown.into_iter().map(|slot| store.at(slot).branch()).filter(|branch| !branch.is_empty()) {
            if !branches.iter().any(|known| **known == *branch) {
                branches.push(branch.into());
            }
        }
        if branches.is_empty() {
            branches = names.branches(ring).to_vec();
        }
        RingColumn { ring, role: names.role(ring), branches, newest: in_ring(ring).next() }
    };
    let rings = rings.iter().copied().enumerate().map(column).collect();
    Board { rings, services: services.into_iter().map(Arc::new).collect() }
}

fn service(
    store: &Store,
    syncs: &Syncs,
    (project, service): (ProjectId, ServiceSym),
    slots: &[Slot],
    rings: &[RingSym],
) -> ServiceRow {
    let (mut unplaced, mut has_run) = (None, false);
    for &slot in slots {
        let (status, is_deployment) = (store.at(slot).status(), store.at(slot).kind() == Kind::Deployment);
        if store.at(slot).ring() != RingSym::NONE {
            has_run |= status == Status::Succeeded && is_deployment;
        } else if unplaced.is_none() && status != Status::Succeeded && !has_run {
            unplaced = Some(slot);
        }
    }
    let cell = |&ring: &RingSym| {
        let its: Vec<Slot> = slots.iter().copied().filter(|&slot| store.at(slot).ring() == ring).collect();
        if its.is_empty() { Cell::default() } else { Cell::of(store, syncs, (project, ring), &its, Some(HISTORY)) }
    };
    let mut cells: Vec<Cell> = rings.iter().map(cell).collect();
    let mut before: Option<usize> = None;
    for at in 0..cells.len() {
        let Some(here) = cells[at].running.filter(|_| store.rings().role(rings[at]) != RingRole::Feature) else {
            continue;
        };
        cells[at].drift = before.and_then(|before| drift(store, syncs, here, &cells[before], rings[before]));
        before = Some(at);
    }
    let shown = cells.iter().flat_map(Cell::slots).chain(unplaced).collect();
    let newest = slots.first().copied();
    ServiceRow { project, service, cells: cells.into_iter().map(Arc::new).collect(), unplaced, newest, slots: shown }
}
