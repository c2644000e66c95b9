//! All deployments in the order of time, kept as rows come and change.

use super::{columns::set, rows::Store, slot::Slot};
use crate::{domain::time::Timestamp, model::order::sorted_by, storage::row::Field};

/// So many deployments are taken out of the order and put in again one by one; more are sorted together.
const FEW: usize = 64;

impl Store {
    /// Every deployment, the last updated first, as of the last [`Store::settle`].
    #[must_use]
    pub fn by_time(&self) -> &[Slot] {
        &self.by_time.order
    }

    /// Brings [`Store::by_time`] up to date. What came in numbers is sorted and merged in, which is one pass however
    /// many pages came since; a few are put where they belong.
    pub fn rebuild(&mut self) {
        self.forget_texts();
        let mut came = std::mem::take(&mut self.by_time.waiting);
        if came.is_empty() && !self.by_time.is_stale {
            return;
        }
        let mut order = std::mem::take(&mut self.by_time.order);
        came.retain(|&slot| self.is_live(slot));
        if self.by_time.is_stale {
            let mut waits = vec![false; self.slots()];
            for &slot in &came {
                set(&mut waits, slot.index(), true);
            }
            order.retain(|&slot| self.is_live(slot) && slot.of(&waits) == Some(&false));
        }
        came = sorted_by(&came, |&a, &b| self.newer_first(a, b));
        came.dedup();
        if came.len() <= FEW {
            came.into_iter().for_each(|slot| self.insert_by_time(&mut order, slot));
        } else {
            order = self.merged(order, came);
        }
        self.by_time.order = order;
        self.by_time.is_stale = false;
    }

    fn merged(&self, order: Vec<Slot>, came: Vec<Slot>) -> Vec<Slot> {
        let mut merged = Vec::with_capacity(order.len() + came.len());
        let mut came = came.into_iter().peekable();
        for slot in order {
            while let Some(new) = came.next_if(|&new| self.newer_first(new, slot).is_lt()) {
                merged.push(new);
            }
            merged.push(slot);
        }
        merged.extend(came);
        merged
    }

    /// Takes note that a deployment came, or has another time from now on.
    pub(super) fn reorder(&mut self, slot: Slot, updated: Option<Option<Timestamp>>) {
        if let Some(updated) = updated {
            self.unorder(slot);
            set(&mut self.derived.updated, slot.index(), updated);
        }
        if self.by_time.waiting.last() != Some(&slot) {
            self.by_time.waiting.push(slot);
        }
    }

    /// Takes a deployment out of the order, while its time is still the one by which it was put there.
    pub(super) fn unorder(&mut self, slot: Slot) {
        if self.by_time.is_stale {
            return;
        }
        if self.by_time.waiting.len() >= FEW {
            self.by_time.is_stale = true;
            return;
        }
        let found = self.by_time.order.binary_search_by(|&other| self.newer_first(other, slot));
        if let Ok(at) = found {
            self.by_time.order.remove(at);
        }
    }

    /// Puts a deployment into a list whose newest is the first.
    pub(in crate::model) fn insert_by_time(&self, list: &mut Vec<Slot>, slot: Slot) {
        let is_before = |&other: &Slot| self.newer_first(other, slot).is_lt();
        let at = if list.last().is_none_or(is_before) { list.len() } else { list.partition_point(is_before) };
        list.insert(at, slot);
    }

    /// The newer of two deployments, as far as there are.
    pub(in crate::model) fn newer(&self, a: Option<Slot>, b: Option<Slot>) -> Option<Slot> {
        match (a, b) {
            (Some(first), Some(second)) if self.newer_first(second, first).is_lt() => b,
            _ => a.or(b),
        }
    }

    pub(in crate::model) fn newer_first(&self, a: Slot, b: Slot) -> std::cmp::Ordering {
        let time = |slot: Slot| slot.of(&self.derived.updated).copied();
        // Ties go by key and not by slot, so that the order of arrival never shows.
        time(b).cmp(&time(a)).then_with(|| {
            let key = |slot: Slot| {
                let at = self.at(slot);
                (at.text(Field::RowKey), at.text(Field::PartitionKey), at.project())
            };
            key(a).cmp(&key(b))
        })
    }
}
