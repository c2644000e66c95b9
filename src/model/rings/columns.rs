//! The columns of a board that changed cells are in.

use super::{
    board::{Board, RingColumn},
    cell::Cell,
    touched::Changes,
};
use crate::model::{
    order::sorted_by,
    store::{Slot, Store},
};

/// What the touched cells of each column have now.
pub(super) struct TouchedColumns(Vec<Option<TouchedColumn>>);

#[derive(Clone, Default)]
struct TouchedColumn {
    newest: Option<Slot>,
    /// Some cell shows the first of the branches that the column has, or another one.
    shows_first: bool,
    shows_other: bool,
}

/// What became of columns.
#[derive(Default)]
pub(super) struct Described {
    /// Some column is another.
    pub(super) is_other: bool,
    /// Some column may belong elsewhere, or be empty.
    pub(super) may_move: bool,
}

impl TouchedColumns {
    pub(super) fn new(columns: usize) -> Self {
        Self(vec![None; columns])
    }

    /// Takes note of a cell as it is now.
    pub(super) fn note(&mut self, store: &Store, column: usize, ring: &RingColumn, cell: &Cell) {
        let Some(touched) = self.0.get_mut(column) else { return };
        let touched = touched.get_or_insert_default();
        touched.newest = store.newer(touched.newest, cell.newest);
        let branch = cell.shown().map_or("", |slot| store.at(slot).branch());
        if !branch.is_empty() {
            let is_first = ring.branches.first().is_some_and(|first| **first == *branch);
            touched.shows_first |= is_first;
            touched.shows_other |= !is_first;
        }
    }

    /// Sets when something last happened in these columns, and which branches run there.
    pub(super) fn describe(self, board: &mut Board, changes: &Changes<'_>) -> Described {
        let (store, mut described) = (changes.store, Described::default());
        let columns = self.0.into_iter().enumerate().filter_map(|(column, touched)| Some((column, touched?)));
        for (column, touched) in columns {
            let cells = || board.services.iter().filter_map(|row| row.cells.get(column));
            let Some(ring) = board.rings.get(column) else { continue };
            let newest = changes.newest(ring.newest, touched.newest, || {
                cells().fold(None, |newest, cell| store.newer(newest, cell.newest))
            });
            // Its time may be another.
            described.may_move |= newest != ring.newest || newest.is_none_or(|slot| changes.is_touched(slot));
            let configured = store.rings().branches(ring.ring);
            // All others show the same branch or none, so no other cell has to be looked at.
            let is_same = ring.branches.len() <= 1
                && !touched.shows_other
                && (touched.shows_first || *ring.branches == *configured);
            let branches = (!is_same).then(|| {
                let found = branches(store, cells().filter_map(|cell| cell.shown()));
                if found.is_empty() { configured.to_vec() } else { found }
            });
            let branches = branches.filter(|branches| *branches != ring.branches);
            described.is_other |= branches.is_some() || newest != ring.newest;
            if let Some(ring) = board.rings.get_mut(column) {
                ring.newest = newest;
                branches.into_iter().for_each(|branches| ring.branches = branches);
            }
        }
        described
    }
}

/// The branches of these deployments, that of the newest first.
fn branches(store: &Store, slots: impl Iterator<Item = Slot>) -> Vec<Box<str>> {
    let timed: Vec<_> = slots.map(|slot| (store.at(slot).updated(), slot)).collect();
    let mut branches: Vec<Box<str>> = Vec::new();
    for (_, slot) in sorted_by(&timed, |a, b| b.0.cmp(&a.0)) {
        let branch = store.at(slot).branch();
        if !branch.is_empty() && !branches.iter().any(|b| **b == *branch) {
            branches.push(branch.into());
        }
    }
    branches
}
