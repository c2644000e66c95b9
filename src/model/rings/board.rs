//! The board: services by ring.

use std::sync::Arc;

use super::{
    cell::{Cell, HISTORY, drift},
    names::RingRole,
};
use crate::domain::{deployment::Status, project::ProjectId};
use crate::model::{
    order::sorted_by,
    store::{SharedColumn, Slot, Store},
    symbols::{RingSym, ServiceSym},
    sync::Syncs,
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

    /// Sets for the rings that are meant when something last happened there, and which branches run.
    pub(super) fn describe_rings(&mut self, store: &Store, is_meant: impl Fn(RingSym) -> bool) {
        for (column, ring) in self.rings.iter_mut().enumerate().filter(|(_, ring)| is_meant(ring.ring)) {
            let cells = || self.services.iter().filter_map(|s| s.cells.get(column));
            ring.newest = cells().filter_map(|c| c.newest).min_by(|&a, &b| store.newer_first(a, b));
            ring.branches.clear();
            let running: Vec<_> =
                cells().filter_map(|c| c.running.or(c.next)).map(|slot| (store.at(slot).updated(), slot)).collect();
            for (_, slot) in sorted_by(&running, |a, b| b.0.cmp(&a.0)) {
                let branch = store.at(slot).branch();
                if !branch.is_empty() && !ring.branches.iter().any(|b| **b == *branch) {
                    ring.branches.push(branch.into());
                }
            }
            if ring.branches.is_empty() {
                ring.branches = store.rings().branches(ring.ring).to_vec();
            }
        }
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
    pub(super) fn sort_rings(&mut self, store: &Store) {
        let ranks = store.rings().ranks();
        let place = |column: &RingColumn| {
            let is_feature = column.role == RingRole::Feature && !store.rings().is_configured(column.ring);
            let updated = column.newest.filter(|_| is_feature).map(|slot| store.at(slot).updated());
            (is_feature, std::cmp::Reverse(updated), column.ring.of(&ranks).copied())
        };
        let places: Vec<_> = self.rings.iter().map(place).collect();
        let all: Vec<usize> = (0..self.rings.len()).collect();
        let order = sorted_by(&all, |&a, &b| places.get(a).cmp(&places.get(b)));
        if order == all {
            return;
        }
        self.rings = order.iter().filter_map(|&i| self.rings.get(i).cloned()).collect();
        for row in &mut self.services {
            let row = Arc::make_mut(row);
            row.cells = order.iter().filter_map(|&i| row.cells.get(i).cloned()).collect();
            row.list_slots();
        }
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

impl ServiceRow {
    /// A service, from all its deployments, the newest first.
    pub(super) fn of(
        store: &Store,
        syncs: &Syncs,
        key: (ProjectId, ServiceSym),
        slots: &[Slot],
        rings: &[RingColumn],
        columns: &[Option<usize>],
    ) -> Self {
        let mut of_cell: Vec<Vec<Slot>> = vec![Vec::new(); rings.len()];
        let (mut unplaced, mut has_run) = (None, false);
        for &slot in slots {
            let at = store.at(slot);
            let column = at.ring().of(columns).copied().flatten();
            match column.and_then(|column| of_cell.get_mut(column)) {
                Some(slots) => {
                    has_run |=
                        at.status() == Status::Succeeded && at.kind() == crate::domain::deployment::Kind::Deployment;
                    slots.push(slot);
                }
                // By time, so the first one seen is the newest; once anything of the service went through since, an old
                // run that never named a ring is no news.
                None if unplaced.is_none() && at.status() != Status::Succeeded && !has_run => unplaced = Some(slot),
                None => {}
            }
        }
        let (project, nothing) = (key.0, Arc::new(Cell::default()));
        let cells = of_cell.iter().zip(rings).map(|(slots, ring)| match slots.as_slice() {
            [] => Arc::clone(&nothing),
            slots => Arc::new(Cell::of(store, syncs, (project, ring.ring), slots, Some(HISTORY))),
        });
        let (cells, newest) = (cells.collect(), slots.first().copied());
        let mut row = Self { project: key.0, service: key.1, cells, unplaced, newest, slots: Vec::new() };
        row.compare(store, syncs, rings);
        row.list_slots();
        row
    }

    fn list_slots(&mut self) {
        self.slots = self.cells.iter().flat_map(|cell| cell.slots()).chain(self.unplaced).collect();
    }

    /// Sets for every cell how far it is behind the ring before it, feature rings aside.
    fn compare(&mut self, store: &Store, syncs: &Syncs, rings: &[RingColumn]) {
        let mut before: Option<usize> = None;
        for column in 0..self.cells.len() {
            if rings.get(column).is_none_or(|r| r.role == RingRole::Feature) {
                continue;
            }
            let Some(here) = self.cells.get(column).and_then(|c| c.running) else { continue };
            let drift = before.and_then(|b| {
                let with = rings.get(b)?.ring;
                drift(store, syncs, here, self.cells.get(b)?, with)
            });
            if let Some(cell) = self.cells.get_mut(column).filter(|cell| cell.drift != drift) {
                Arc::make_mut(cell).drift = drift;
            }
            before = Some(column);
        }
    }
}

pub(super) fn new_column(store: &Store, ring: RingSym) -> RingColumn {
    RingColumn { ring, role: store.rings().role(ring), branches: Vec::new(), newest: None }
}
