//! A board that follows the store: what changed costs the services that it touches.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::board::{Board, ServiceRow, new_column};
use crate::domain::project::ProjectId;
use crate::model::{
    store::{Delta, Slot, Store},
    symbols::{RingSym, ServiceSym},
    sync::Syncs,
};

type ServiceKey = (ProjectId, ServiceSym);

/// A board, and what it takes to keep it up to date.
#[derive(Clone, Debug, Default)]
pub struct LiveBoard {
    board: Board,
    /// Each service's deployments, the newest first.
    slots: FxHashMap<ServiceKey, Vec<Slot>>,
}

impl LiveBoard {
    /// The board of all deployments.
    #[must_use]
    pub fn of(store: &Store, syncs: &Syncs) -> Self {
        let mut live = Self::default();
        for &slot in store.by_time() {
            live.slots.entry(key(store, slot)).or_default().push(slot);
        }
        live.rebuild(store, syncs);
        live
    }

    /// The board as it is.
    #[must_use]
    pub const fn board(&self) -> &Board {
        &self.board
    }

    /// Brings it up to date with what has changed. Returns whether it is another.
    pub fn follow(&mut self, store: &Store, syncs: &Syncs, delta: &Delta) -> bool {
        if delta.is_empty() {
            return false;
        }
        if delta.everything {
            let before = std::mem::replace(self, Self::of(store, syncs));
            return self.board != before.board;
        }
        let touched = delta.slots();
        for key in &delta.services {
            if let Some(slots) = self.slots.get_mut(key) {
                slots.retain(|slot| touched.binary_search(slot).is_err());
            }
        }
        // Once all that moved are out, the others are still in order.
        for &slot in touched.iter().filter(|&&slot| store.is_live(slot)) {
            store.insert_by_time(self.slots.entry(key(store, slot)).or_default(), slot);
        }
        self.slots.retain(|_, slots| !slots.is_empty());
        let is_new = |ring: &RingSym| *ring != RingSym::NONE && !self.board.rings.iter().any(|r| r.ring == *ring);
        if delta.clusters || delta.rings.iter().any(is_new) {
            let before = self.board.clone();
            self.rebuild(store, syncs);
            return self.board != before;
        }
        let rings = self.board.rings.clone();
        let columns = self.board.columns(store);
        let mut is_other = false;
        for key in &delta.services {
            is_other |= self.renew(store, syncs, *key, &columns);
        }
        // What was deployed at the same time is in the order of services.
        self.board.sort_services(store);
        self.board.describe_rings(store, |ring| delta.rings.binary_search(&ring).is_ok());
        if self.board.rings.iter().any(|r| r.newest.is_none() && !store.rings().is_configured(r.ring)) {
            self.rebuild(store, syncs);
            return true;
        }
        self.board.sort_rings(store);
        is_other || self.board.rings != rings
    }

    /// Makes one service's row anew. Returns whether it is another.
    #[must_use]
    fn renew(&mut self, store: &Store, syncs: &Syncs, key: ServiceKey, columns: &[Option<usize>]) -> bool {
        let rows = &mut self.board.services;
        let place = rows.iter().position(|row| (row.project, row.service) == key);
        let rings = &self.board.rings;
        let new = self.slots.get(&key).map(|slots| Arc::new(ServiceRow::of(store, syncs, key, slots, rings, columns)));
        match (new, place) {
            (Some(new), Some(place)) => {
                let Some(row) = rows.get_mut(place) else { return false };
                let is_other = *row != new;
                *row = new;
                is_other
            }
            (Some(new), None) => {
                rows.push(new);
                true
            }
            (None, Some(place)) => {
                rows.remove(place);
                true
            }
            (None, None) => false,
        }
    }

    /// Makes the board anew of the services' deployments.
    fn rebuild(&mut self, store: &Store, syncs: &Syncs) {
        let names = store.rings();
        let mut used = vec![false; names.table_len()];
        for &slot in self.slots.values().flatten() {
            if let Some(used) = store.at(slot).ring().of_mut(&mut used) {
                *used = true;
            }
        }
        let mut rings: Vec<RingSym> =
            names.all().filter(|&ring| names.is_configured(ring) || ring.of(&used) == Some(&true)).collect();
        names.sort(&mut rings);
        self.board.rings = rings.into_iter().map(|ring| new_column(store, ring)).collect();
        let (rings, columns) = (&self.board.rings, self.board.columns(store));
        let row = |(key, slots): (&ServiceKey, &Vec<Slot>)| ServiceRow::of(store, syncs, *key, slots, rings, &columns);
        self.board.services = self.slots.iter().map(row).map(Arc::new).collect();
        self.board.sort_services(store);
        self.board.describe_rings(store, |_| true);
        self.board.sort_rings(store);
    }
}

fn key(store: &Store, slot: Slot) -> ServiceKey {
    let derived = store.derived();
    let project = slot.of(&derived.project).copied().unwrap_or_default();
    (project, store.service(slot))
}
