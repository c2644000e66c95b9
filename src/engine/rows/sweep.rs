//! Looks through all keys for what has been deleted.
//!
//! One answer that lacks most of what is known is more likely a service's fault than somebody's deed. So what would
//! take away more than half is confirmed by a second, later sweep, and until then all stays and a problem reports it.

use std::time::Duration;

use super::scan::Key;
use crate::{
    domain::{project::ProjectId, time::Timestamp},
    model::{
        store::{Slot, Store},
        sync::Syncs,
    },
};

/// Until a sweep that lacks most is repeated.
const CONFIRM_AFTER: Duration = Duration::from_secs(30);

/// What a sweep has found so far.
#[derive(Debug)]
pub(super) struct Sweep {
    /// By slot: rows of ours that nothing has vouched for since the sweep began.
    doubtful: Vec<bool>,
    /// Rows and reports that were known when it began.
    known: usize,
    /// Keys of reports that are there.
    reports: Vec<Key>,
    /// Keys of rows that we do not have.
    pub unknown: Vec<Key>,
}

/// What a sweep did not find, which another one is to confirm.
#[derive(Debug)]
pub(super) struct Unconfirmed {
    gone: Vec<Slot>,
    /// How many rows and reports of how many.
    pub missing: usize,
    pub known: usize,
    /// When the next sweep is due.
    pub due_at: Timestamp,
}

impl Sweep {
    pub(super) fn new(project: ProjectId, store: &Store, syncs: usize) -> Self {
        let ours = |slot| store.has_row(slot) && store.at(slot).project() == project;
        let doubtful: Vec<bool> = store.all_slots().map(ours).collect();
        let known = doubtful.iter().filter(|doubt| **doubt).count() + syncs;
        Self { doubtful, known, reports: Vec::new(), unknown: Vec::new() }
    }

    /// A row is there: in that slot, or a report, or one that we do not have.
    pub(super) fn vouch(&mut self, slot: Option<Slot>, is_report: bool, key: impl FnOnce() -> Key) {
        match slot.map(|slot| slot.of_mut(&mut self.doubtful)) {
            Some(Some(doubt)) => *doubt = false,
            Some(None) => {}
            None if is_report => self.reports.push(key()),
            None => self.unknown.push(key()),
        }
    }

    /// Takes away what is gone, except where that is to be confirmed first. Returns whether anything was taken away.
    #[must_use]
    pub(super) fn finish(
        &self,
        project: ProjectId,
        before: Option<&Unconfirmed>,
        now: Timestamp,
        store: &mut Store,
        syncs: &mut Syncs,
    ) -> (bool, Option<Unconfirmed>) {
        let doubtful = self.doubtful.iter().enumerate().filter(|(_, doubt)| **doubt);
        let gone: Vec<Slot> = doubtful.map(|(slot, _)| Slot::at(slot)).filter(|&slot| store.has_row(slot)).collect();
        let is_there = |partition: &str, key: &str| self.reports.iter().any(|(p, k)| p == partition && k == key);
        let missing = gone.len() + syncs.keys(project).filter(|(partition, key)| !is_there(partition, key)).count();
        let confirmed = |slot: &Slot| before.is_some_and(|before| before.gone.binary_search(slot).is_ok());
        let new = gone.iter().filter(|slot| !confirmed(slot)).count();
        if missing * 2 > self.known && (before.is_none() || new * 2 > self.known) {
            let due_at = now + CONFIRM_AFTER;
            return (false, Some(Unconfirmed { gone, missing, known: self.known, due_at }));
        }
        gone.iter().for_each(|&slot| store.remove(slot));
        let forgot = syncs.retain(|p, partition, key| p != project || is_there(partition, key));
        (forgot || !gone.is_empty(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::rows::{RowBuilder, row, store_of};

    const OURS: ProjectId = ProjectId::at(0);
    const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    #[test]
    fn missing_reports_count_and_those_of_other_projects_do_not() {
        let new = || {
            let store = store_of(&[], [RowBuilder::of("1 PartitionKey=p service=api")]);
            let mut syncs = Syncs::default();
            for (project, reports) in [(OURS, 3), (ProjectId::at(1), 5)] {
                (0..reports).for_each(|n| {
                    syncs.put(project, &row(&format!("sync-{n} PartitionKey=p kind=sync syncCommit=0a12da8")));
                });
            }
            (store, syncs)
        };
        // What the sweep finds of three reports, beside the only row; what it takes away, or leaves to another one.
        for (found, expect) in
            [(3, (false, 8, None)), (2, (true, 7, None)), (1, (true, 6, None)), (0, (false, 8, Some(3)))]
        {
            let (mut store, mut syncs) = new();
            let mut sweep = Sweep::new(OURS, &store, syncs.keys(OURS).count());
            sweep.vouch(store.slot_of(OURS, "p", "1"), false, || unreachable!());
            (0..found).for_each(|n| sweep.vouch(None, true, || ("p".into(), format!("sync-{n}"))));
            let (has_changed, unconfirmed) = sweep.finish(OURS, None, NOW, &mut store, &mut syncs);
            let unconfirmed = unconfirmed.map(|unconfirmed| unconfirmed.missing);
            assert_eq!((has_changed, syncs.reports().count(), unconfirmed), expect, "{found}");
            assert_eq!((store.len(), sweep.known), (1, 4));
        }
    }
}
