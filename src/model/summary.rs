//! What is happening now: how many deployments are in each state, of those that the filters select but for their
//! state.

use std::sync::Arc;

use super::{
    filter::Filter,
    query::Facet,
    select::{Selection, reselect, select},
    store::{Delta, Slot, Store},
    sync::Syncs,
};
use crate::domain::{deployment::Status, time::Timestamp};

/// Counts that follow what becomes of deployments.
#[derive(Clone, Debug)]
pub struct Summary {
    without_status: Filter,
    selection: Arc<Selection>,
    counts: [usize; Status::ALL.len()],
    /// By slot: as what it was counted.
    counted: Vec<Option<Status>>,
}

impl Summary {
    /// Of all that `filter` selects, whatever state it names: a number that is a filter too shows what pressing it
    /// would show.
    #[must_use]
    pub fn of(store: &Store, syncs: &Syncs, filter: &Filter) -> Self {
        let without_status = filter.without(Facet::Status);
        let selection = Arc::new(select(store, syncs, &without_status));
        Self::of_selection(store, without_status, selection)
    }

    /// Of what is selected already, by a filter that names no state.
    #[must_use]
    pub(super) fn of_selection(store: &Store, without_status: Filter, selection: Arc<Selection>) -> Self {
        let mut summary = Self { without_status, selection, counts: [0; Status::ALL.len()], counted: Vec::new() };
        store.all_slots().for_each(|slot| summary.count(store, slot));
        summary
    }

    /// Whether it counts for that filter.
    #[must_use]
    pub fn is_of(&self, filter: &Filter) -> bool {
        self.without_status == filter.without(Facet::Status)
    }

    /// Whether to look at each of these changes costs less than to count all anew.
    #[must_use]
    pub fn may_follow(&self, delta: &Delta) -> bool {
        !(delta.is_worth_a_pass() || delta.clusters && self.without_status.depends_on_clusters())
    }

    /// Brings it up to date, if it [may follow](Self::may_follow) that.
    pub fn follow(&mut self, store: &Store, syncs: &Syncs, delta: &Delta) {
        let touched = delta.slots();
        reselect(Arc::make_mut(&mut self.selection), store, syncs, &self.without_status, &touched);
        touched.into_iter().for_each(|slot| self.count(store, slot));
    }

    fn count(&mut self, store: &Store, slot: Slot) {
        let index = slot.index();
        if self.counted.len() <= index {
            self.counted.resize(index + 1, None);
        }
        let now = self.selection.has(slot).then(|| store.at(slot).status());
        let Some(counted) = self.counted.get_mut(index) else { return };
        let before = std::mem::replace(counted, now);
        if let Some(count) = before.and_then(|status| self.counts.get_mut(status as usize)) {
            *count = count.saturating_sub(1);
        }
        if let Some(count) = now.and_then(|status| self.counts.get_mut(status as usize)) {
            *count += 1;
        }
    }

    /// How many are in one of these states.
    #[must_use]
    pub fn in_state(&self, statuses: &[Status]) -> usize {
        statuses.iter().filter_map(|status| self.counts.get(*status as usize)).sum()
    }

    /// How many came into one of these states since then.
    #[must_use]
    pub fn since(&self, store: &Store, statuses: &[Status], then: Timestamp) -> usize {
        let recent = store.by_time().iter().take_while(|&&slot| store.at(slot).updated() >= Some(then));
        recent.filter(|&&slot| self.selection.has(slot) && statuses.contains(&store.at(slot).status())).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::project::ProjectId;
    use crate::support::rows::{empty_store, row};

    #[test]
    fn every_count_ignores_which_state_is_asked_for() {
        let mut store = empty_store(&[]);
        let mut put = |key: &str, service: &str, status: &str| {
            store.put(ProjectId::at(0), &row(&format!("{key} service={service} p1=1 p1Status={status}")));
        };
        put("1", "api", "running");
        put("2", "api", "failed");
        put("3", "web", "running");
        put("4", "api", "odd");
        store.rebuild();
        let check = |values: &[(Facet, &str)], expect: [usize; 3]| {
            let mut filter = Filter::default();
            values.iter().for_each(|(facet, value)| filter.values.add(*facet, value));
            let summary = Summary::of(&store, &Syncs::default(), &filter);
            let found = [Status::Running, Status::Failed, Status::Unknown].map(|status| summary.in_state(&[status]));
            assert_eq!(found, expect, "{values:?}");
        };
        check(&[], [2, 1, 1]);
        check(&[(Facet::Status, "waiting")], [2, 1, 1]);
        check(&[(Facet::Status, "failed"), (Facet::Service, "api")], [1, 1, 1]);
    }
}
