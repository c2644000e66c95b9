//! The board: services by ring.

use std::sync::Arc;

use super::{cell::Cell, names::RingRole};
use crate::domain::project::ProjectId;
use crate::model::{
    order::sorted_by,
    store::{CellKey, SharedColumn, Slot, Store},
    symbols::{RingSym, ServiceSym},
};

/// A column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RingColumn {
    /// The ring.
    pub ring: RingSym,
    /// What it is for.
    pub role: RingRole,
    /// Branches of what runs there, the newest first, or those the configuration names when nothing does.
    pub branches: Vec<Box<str>>,
    /// Its newest activity.
    pub newest: Option<Slot>,
}

/// A row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServiceRow {
    /// The project's number.
    pub project: ProjectId,
    /// The service; [`RingSym::NONE`] for edits that name none.
    pub service: ServiceSym,
    /// One a column of the board. Where nothing ever went, all share one: most of a wide board is empty.
    pub cells: Vec<Arc<Cell>>,
    /// The newest on its way to a ring that its row does not name yet.
    pub unplaced: Option<Slot>,
    /// Its newest activity.
    pub newest: Option<Slot>,
    /// What its cells show, and what is unplaced: for all that looks through a wide board.
    pub slots: Vec<Slot>,
}

/// All of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Board {
    /// Rings in promotion order, feature rings last.
    pub rings: Vec<RingColumn>,
    /// Services by name. A row that has not changed is shared with the board before.
    pub services: Vec<Arc<ServiceRow>>,
}

impl Board {
    /// What runs in each cell that differs from the ring before, the older first: of whose sources the commits between
    /// are worth counting.
    pub fn spans(&self) -> impl Iterator<Item = (Slot, Slot)> {
        self.services.iter().flat_map(move |row| {
            row.cells.iter().filter_map(move |cell| {
                let with = cell.drift?.with;
                let before = self.rings.iter().position(|r| r.ring == with)?;
                Some((cell.running?, row.cells.get(before)?.running?))
            })
        })
    }

    /// Every cell in which something is.
    pub(super) fn cell_keys(&self) -> impl Iterator<Item = CellKey> {
        self.services.iter().flat_map(|row| {
            let cells = row.cells.iter().zip(&self.rings).filter(|(cell, _)| cell.newest.is_some());
            cells.map(|(_, ring)| CellKey { project: row.project, service: row.service, ring: ring.ring })
        })
    }

    pub(super) fn sort_services(&mut self, store: &Store) {
        let ranks = store.symbols(SharedColumn::Service).ranks();
        let rank = |s: &Arc<ServiceRow>| {
            let rank = s.service.of(&ranks);
            (s.project, rank.is_none(), rank)
        };
        self.services = sorted_by(&self.services, |a, b| rank(a).cmp(&rank(b)));
    }

    /// Puts the rings into promotion order, and feature rings behind them: the one where something happened last first.
    /// Rings in which nothing is and that nobody configured are left out. Returns whether any ring has another column.
    pub(super) fn arrange(&mut self, store: &Store) -> bool {
        let (names, ranks) = (store.rings(), store.rings().ranks());
        let place = |column: &RingColumn| {
            let is_feature = column.role == RingRole::Feature && !names.is_configured(column.ring);
            let updated = column.newest.filter(|_| is_feature).map(|slot| store.at(slot).updated());
            (is_feature, std::cmp::Reverse(updated), column.ring.of(&ranks).copied())
        };
        let places: Vec<_> = self.rings.iter().map(place).collect();
        let is_kept = |column: &RingColumn| column.newest.is_some() || names.is_configured(column.ring);
        let kept = self.rings.iter().enumerate().filter(|(_, column)| is_kept(column));
        let kept: Vec<usize> = kept.map(|(at, _)| at).collect();
        let order = sorted_by(&kept, |&a, &b| places.get(a).cmp(&places.get(b)));
        if order.len() == self.rings.len() && order.iter().copied().eq(0..order.len()) {
            return false;
        }
        self.rings = picked(std::mem::take(&mut self.rings), &order);
        for row in &mut self.services {
            let row = Arc::make_mut(row);
            row.cells = picked(std::mem::take(&mut row.cells), &order);
        }
        true
    }

    /// By ring: which column it is.
    pub(super) fn columns(&self, store: &Store) -> Vec<Option<usize>> {
        let mut columns = vec![None; store.rings().table_len()];
        for (column, ring) in self.rings.iter().enumerate().filter(|(_, ring)| ring.ring != RingSym::NONE) {
            if let Some(place) = ring.ring.of_mut(&mut columns) {
                *place = Some(column);
            }
        }
        columns
    }
}

impl RingColumn {
    /// One in which nothing is yet.
    pub(super) fn new(store: &Store, ring: RingSym) -> Self {
        let names = store.rings();
        Self { ring, role: names.role(ring), branches: names.branches(ring).to_vec(), newest: None }
    }
}

impl ServiceRow {
    pub(super) fn list_slots(&mut self) {
        self.slots.clear();
        for cell in self.cells.iter().filter(|cell| cell.newest.is_some()) {
            self.slots.extend(cell.slots());
        }
        self.slots.extend(self.unplaced);
    }
}

/// The items at these places, each once.
fn picked<T>(items: Vec<T>, places: &[usize]) -> Vec<T> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    places.iter().filter_map(|&place| items.get_mut(place)?.take()).collect()
}
