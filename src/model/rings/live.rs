//! A board that follows the store: what changed costs the cells that it touches, however many others there are.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{
    board::{Board, RingColumn, ServiceRow},
    cell::{Cell, HISTORY, drift},
    columns::TouchedColumns,
    names::RingRole,
    older::OlderSlots,
    touched::{Changes, TouchedRow, by_row},
};
use crate::{
    domain::{
        deployment::{Kind, Status},
        project::ProjectId,
    },
    model::{
        store::{Delta, Slot, Store},
        symbols::{RingSym, ServiceSym},
        sync::Syncs,
    },
};

type RowKey = (ProjectId, ServiceSym);

/// A board, and what it takes to keep it up to date.
#[derive(Clone, Debug)]
pub struct LiveBoard {
    board: Board,
    /// The deployments of each service and ring. The cell has the newest of them.
    older: OlderSlots,
    /// Of each service the newest deployment that names no ring, where there is one.
    without_ring: FxHashMap<RowKey, Slot>,
    /// What all cells share in which nothing ever was.
    nothing: Arc<Cell>,
}

impl LiveBoard {
    /// The board of all deployments.
    #[must_use]
    pub fn of(store: &Store, syncs: &Syncs) -> Self {
        let names = store.rings();
        let rings = names.all().filter(|&ring| names.is_configured(ring)).map(|ring| RingColumn::new(store, ring));
        let mut live = Self {
            board: Board { rings: rings.collect(), services: Vec::new() },
            older: OlderSlots::default(),
            without_ring: FxHashMap::default(),
            nothing: Arc::default(),
        };
        let rows = by_row(store, &[], store.by_time());
        // None of them is on the board yet.
        live.apply(&Changes { store, syncs, touched: &[] }, rows);
        live
    }

    /// The board as it is.
    #[must_use]
    pub const fn board(&self) -> &Board {
        &self.board
    }

    /// Brings it up to date with what has changed. Returns whether it is another, or may be: where it is made anew.
    pub fn follow(&mut self, store: &Store, syncs: &Syncs, delta: &Delta) -> bool {
        if delta.is_empty() {
            return false;
        }
        if delta.everything {
            *self = Self::of(store, syncs);
            return true;
        }
        let (touched, mut cells) = (delta.slots(), delta.cells.clone());
        if delta.clusters {
            // Any of them may be another, and how it compares with the ring before.
            cells.extend(self.board.cell_keys());
        }
        self.apply(&Changes { store, syncs, touched: &touched }, by_row(store, &cells, &touched))
    }

    /// Makes the touched cells anew: of what they had but for what is touched, and of what of that is there now.
    fn apply(&mut self, changes: &Changes<'_>, mut rows: Vec<TouchedRow>) -> bool {
        let store = changes.store;
        let (is_wider, columns) = self.add_columns(store, &rows);
        let is_longer = self.add_rows(&mut rows);
        // All are read before any is written: a deployment may have moved from one of them to another.
        for row in &mut rows {
            let service = row.at.and_then(|at| self.board.services.get(at));
            for (ring, slots) in &mut row.cells {
                let newest = match *ring {
                    RingSym::NONE => self.without_ring.get(&row.key).copied(),
                    ring => column_of(&columns, ring).and_then(|column| service?.cells.get(column)?.newest),
                };
                let mut all: Vec<Slot> = self.older.from(newest).filter(|&slot| !changes.is_touched(slot)).collect();
                slots.iter().for_each(|&slot| store.insert_by_time(&mut all, slot));
                *slots = all;
            }
        }
        let mut touched = TouchedColumns::new(self.board.rings.len());
        for row in &mut rows {
            row.is_other = self.renew(changes, row, &columns, &mut touched);
        }
        let before = self.board.services.len();
        self.board.services.retain(|row| row.newest.is_some());
        let is_shorter = self.board.services.len() < before;
        if is_longer {
            // What was deployed at the same time is in the order of services.
            self.board.sort_services(store);
        }
        let described = touched.describe(&mut self.board, changes);
        let is_moved = (is_wider || described.may_move) && self.board.arrange(store);
        let columns = if is_moved { self.board.columns(store) } else { columns };
        self.board.find(&mut rows);
        let mut is_other = is_wider || is_longer || is_shorter || described.is_other || is_moved;
        for row in &rows {
            let Board { rings, services } = &mut self.board;
            let Some(service) = row.at.and_then(|at| services.get_mut(at)) else { continue };
            if compare(changes, service, &row.cells, rings, &columns) || row.is_other {
                is_other = true;
                Arc::make_mut(service).list_slots();
            }
        }
        if is_moved {
            self.board.services.iter_mut().for_each(|row| Arc::make_mut(row).list_slots());
        }
        is_other
    }

    /// Adds a column for each ring that is new among these. Returns whether there is any, and for each ring its column.
    fn add_columns(&mut self, store: &Store, rows: &[TouchedRow]) -> (bool, Vec<Option<usize>>) {
        let mut columns = self.board.columns(store);
        let rings = &mut self.board.rings;
        let before = rings.len();
        for (ring, slots) in rows.iter().flat_map(|row| &row.cells) {
            let is_ring = *ring != RingSym::NONE && !slots.is_empty();
            if let Some(column @ None) = ring.of_mut(&mut columns).filter(|_| is_ring) {
                *column = Some(rings.len());
                rings.push(RingColumn::new(store, *ring));
            }
        }
        let (is_wider, len) = (rings.len() > before, rings.len());
        if is_wider {
            for row in &mut self.board.services {
                Arc::make_mut(row).cells.resize(len, Arc::clone(&self.nothing));
            }
        }
        (is_wider, columns)
    }

    /// Adds a row for each service that is new among these. Returns whether there is any.
    fn add_rows(&mut self, rows: &mut [TouchedRow]) -> bool {
        self.board.find(rows);
        let before = self.board.services.len();
        for row in rows.iter_mut().filter(|row| row.at.is_none()) {
            if row.cells.iter().any(|(_, slots)| !slots.is_empty()) {
                row.at = Some(self.board.services.len());
                let ((project, service), slots) = (row.key, Vec::new());
                let cells = vec![Arc::clone(&self.nothing); self.board.rings.len()];
                let new = ServiceRow { project, service, cells, unplaced: None, newest: None, slots };
                self.board.services.push(Arc::new(new));
            }
        }
        self.board.services.len() > before
    }

    /// Makes cells of a row anew of their deployments. Returns whether the row is another.
    fn renew(
        &mut self,
        changes: &Changes<'_>,
        touched_row: &TouchedRow,
        columns: &[Option<usize>],
        touched: &mut TouchedColumns,
    ) -> bool {
        let (store, key) = (changes.store, touched_row.key);
        let Board { rings, services } = &mut self.board;
        let Some(row) = touched_row.at.and_then(|at| services.get_mut(at)) else { return false };
        let (mut other, mut newest) = (Vec::new(), None);
        for (ring, slots) in &touched_row.cells {
            self.older.set(slots);
            let first = slots.first().copied();
            newest = store.newer(newest, first);
            if *ring == RingSym::NONE {
                match first {
                    Some(first) => self.without_ring.insert(key, first),
                    None => self.without_ring.remove(&key),
                };
            }
            let Some(column) = column_of(columns, *ring) else { continue };
            let (Some(before), Some(ring)) = (row.cells.get(column), rings.get(column)) else { continue };
            let drift = before.drift;
            let cell = if slots.is_empty() {
                Cell::default()
            } else {
                let mut cell = Cell::of(store, changes.syncs, (key.0, ring.ring), slots, Some(HISTORY));
                cell.drift = drift;
                cell
            };
            touched.note(store, column, ring, &cell);
            if **before != cell {
                other.push((column, if slots.is_empty() { Arc::clone(&self.nothing) } else { Arc::new(cell) }));
            }
        }
        let is_other = !other.is_empty();
        for (column, cell) in other {
            if let Some(place) = Arc::make_mut(row).cells.get_mut(column) {
                *place = cell;
            }
        }
        let without_ring = self.without_ring.get(&key).copied();
        let newest = changes.newest(row.newest, newest, || {
            row.cells.iter().fold(without_ring, |newest, cell| store.newer(newest, cell.newest))
        });
        let unplaced = unplaced(store, row, &self.older, newest, without_ring);
        if (row.newest, row.unplaced) == (newest, unplaced) {
            return is_other;
        }
        let row = Arc::make_mut(row);
        (row.newest, row.unplaced) = (newest, unplaced);
        true
    }
}

/// The newest on its way to a ring that its row does not name yet. Once anything of the service went through since, an
/// old run that never named a ring is no news.
fn unplaced(
    store: &Store,
    row: &ServiceRow,
    older: &OlderSlots,
    newest: Option<Slot>,
    without_ring: Option<Slot>,
) -> Option<Slot> {
    let found = older.from(without_ring).find(|&slot| store.at(slot).status() != Status::Succeeded)?;
    let is_newer = |&slot: &Slot| store.newer_first(slot, found).is_lt();
    let has_run =
        |slot: Slot| store.at(slot).status() == Status::Succeeded && store.at(slot).kind() == Kind::Deployment;
    let has_run_since = || row.cells.iter().any(|cell| older.from(cell.newest).take_while(is_newer).any(has_run));
    (newest == Some(found) || !has_run_since()).then_some(found)
}

/// Sets how far cells are behind the ring before them, feature rings aside, where one of the two is touched. Returns
/// whether any is another.
fn compare(
    changes: &Changes<'_>,
    row: &mut Arc<ServiceRow>,
    cells: &[(RingSym, Vec<Slot>)],
    rings: &[RingColumn],
    columns: &[Option<usize>],
) -> bool {
    // Feature rings are the last.
    let len = rings.iter().take_while(|ring| ring.role != RingRole::Feature).count();
    // What stood beside a column that is gone stands beside another one.
    let is_gone = cells.iter().any(|(ring, _)| *ring != RingSym::NONE && column_of(columns, *ring).is_none());
    let mut touched = vec![is_gone; len];
    for column in cells.iter().filter_map(|(ring, _)| column_of(columns, *ring)) {
        if let Some(touched) = touched.get_mut(column) {
            *touched = true;
        }
    }
    let (mut before, mut is_touched, mut is_other) = (None, false, false);
    for (column, touched) in touched.into_iter().enumerate() {
        is_touched |= touched;
        let Some(cell) = row.cells.get(column) else { break };
        if is_touched {
            let with_before = |here: Slot| {
                let before: usize = before?;
                drift(changes.store, changes.syncs, here, row.cells.get(before)?, rings.get(before)?.ring)
            };
            let drift = cell.running.and_then(with_before);
            if cell.drift != drift {
                is_other = true;
                if let Some(cell) = Arc::make_mut(row).cells.get_mut(column) {
                    Arc::make_mut(cell).drift = drift;
                }
            }
        }
        if row.cells.get(column).is_some_and(|cell| cell.running.is_some()) {
            (before, is_touched) = (Some(column), touched);
        }
    }
    is_other
}

fn column_of(columns: &[Option<usize>], ring: RingSym) -> Option<usize> {
    ring.of(columns).copied().flatten()
}
