//! Deployments that changed, by the services and rings that they touch.

use super::board::Board;
use crate::{
    domain::project::ProjectId,
    model::{
        store::{CellKey, SharedColumn, Slot, Store},
        symbols::{RingSym, ServiceSym},
        sync::Syncs,
    },
};

/// What there is to follow.
pub(super) struct Changes<'c> {
    pub(super) store: &'c Store,
    pub(super) syncs: &'c Syncs,
    /// The slots whose deployments came, changed or went, in order.
    pub(super) touched: &'c [Slot],
}

impl Changes<'_> {
    pub(super) fn is_touched(&self, slot: Slot) -> bool {
        self.touched.binary_search(&slot).is_ok()
    }

    /// The newest of a list of which some may have changed since `known` was found, and of those that have.
    pub(super) fn newest(
        &self,
        known: Option<Slot>,
        changed: Option<Slot>,
        all: impl FnOnce() -> Option<Slot>,
    ) -> Option<Slot> {
        if known.is_some_and(|slot| self.is_touched(slot)) { all() } else { self.store.newer(known, changed) }
    }
}

/// A service of which some cells are touched.
pub(super) struct TouchedRow {
    /// The service, by project.
    pub(super) key: (ProjectId, ServiceSym),
    /// Its place on the board, if it has any.
    pub(super) at: Option<usize>,
    /// Its touched cells by ring, in order, and deployments of each.
    pub(super) cells: Vec<(RingSym, Vec<Slot>)>,
    /// Whether the row is another than before.
    pub(super) is_other: bool,
}

/// Puts those of these deployments that are there into the cells that they are in, beside cells of which none may be
/// left; in the order of projects, services and rings.
pub(super) fn by_row(store: &Store, cells: &[CellKey], slots: &[Slot]) -> Vec<TouchedRow> {
    let services = store.symbols(SharedColumn::Service).table_len();
    let mut rows: Vec<Vec<(RingSym, Option<Slot>)>> = Vec::new();
    let mut add = |cell: CellKey, slot: Option<Slot>| {
        let row = cell.project.index() * services + cell.service.index();
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        if let Some(row) = rows.get_mut(row) {
            row.push((cell.ring, slot));
        }
    };
    cells.iter().for_each(|cell| add(*cell, None));
    slots.iter().filter(|&&slot| store.is_live(slot)).for_each(|&slot| add(store.cell_of(slot), Some(slot)));
    let mut by_ring: Vec<Option<Vec<Slot>>> = vec![None; store.rings().table_len()];
    let mut touched = Vec::new();
    for (row, all) in rows.into_iter().enumerate().filter(|(_, all)| !all.is_empty()) {
        for (ring, slot) in all {
            let Some(slots) = ring.of_mut(&mut by_ring) else { continue };
            slots.get_or_insert_default().extend(slot);
        }
        let rings = by_ring.iter_mut().enumerate();
        let cells = rings.filter_map(|(ring, slots)| Some((RingSym::at(ring), slots.take()?))).collect();
        let key = (ProjectId::at(row / services), ServiceSym::at(row % services));
        touched.push(TouchedRow { key, at: None, cells, is_other: false });
    }
    touched
}

impl Board {
    /// Finds these services, which are in order, on the board.
    pub(super) fn find(&self, touched: &mut [TouchedRow]) {
        touched.iter_mut().for_each(|row| row.at = None);
        for (at, row) in self.services.iter().enumerate() {
            let nth = touched.binary_search_by(|touched| touched.key.cmp(&(row.project, row.service)));
            if let Some(touched) = nth.ok().and_then(|nth| touched.get_mut(nth)) {
                touched.at = Some(at);
            }
        }
    }
}
