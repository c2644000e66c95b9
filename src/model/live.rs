//! What the views derive from all deployments, kept up to date by what changed instead of being made anew.
//!
//! Each of them keeps by itself what it has yet to follow: a view that nobody looks at costs nothing until
//! somebody does.

use std::sync::Arc;

use super::{
    filter::Filter,
    query::Facet,
    rings::{Board, LiveBoard},
    select::{Selection, reselect, select},
    sort::Order,
    store::{Delta, Slot, Store},
    summary::Summary,
    symbols::RingSym,
    sync::Syncs,
};
use crate::domain::{column::SortBy, deployment::Kind};

/// The selection, its order, its summary, what of it names no ring and the board, as of when they were last asked for.
#[derive(Debug, Default)]
pub struct LiveViews {
    selection: Option<(Filter, Arc<Selection>)>,
    order: Option<(Filter, Order)>,
    listed: Arc<Vec<Slot>>,
    live_board: Option<LiveBoard>,
    board: Arc<Board>,
    summary: Option<Summary>,
    without_ring: Option<(Filter, Vec<Slot>)>,
    /// What each of them has not followed yet.
    waiting: [Delta; 5],
}

impl LiveViews {
    /// Takes note of what has changed.
    pub fn note(&mut self, delta: &Delta) {
        self.waiting.iter_mut().for_each(|waiting| waiting.add(delta));
    }

    fn take(&mut self, nth: usize) -> Delta {
        self.waiting.get_mut(nth).map(std::mem::take).unwrap_or_default()
    }

    /// Which deployments are wanted.
    pub fn selection(&mut self, store: &Store, syncs: &Syncs, filter: &Filter) -> Arc<Selection> {
        let delta = self.take(0);
        let selection = match self.selection.take().filter(|(of, _)| of == filter) {
            Some((_, selection)) if delta.is_empty() => selection,
            Some((_, mut selection))
                if !(delta.is_worth_a_pass() || delta.clusters && filter.depends_on_clusters()) =>
            {
                reselect(Arc::make_mut(&mut selection), store, syncs, filter, &delta.slots());
                selection
            }
            _ => Arc::new(select(store, syncs, filter)),
        };
        self.selection = Some((filter.clone(), Arc::clone(&selection)));
        selection
    }

    /// In which order they are listed.
    pub fn order(&mut self, store: &Store, syncs: &Syncs, filter: &Filter, by: Option<SortBy>) -> Arc<Vec<Slot>> {
        let selection = self.selection(store, syncs, filter);
        let delta = self.take(1);
        let has_moved = delta.clusters && (filter.depends_on_clusters() || Order::depends_on_clusters(by));
        let touched = delta.slots();
        let is_followed = |(of, order): &(Filter, Order)| {
            of == filter && order.is_by(store, by) && !delta.everything && order.may_follow(touched.len())
        };
        match self.order.take().filter(is_followed).filter(|_| !has_moved) {
            Some((_, order)) if delta.is_empty() => self.order = Some((filter.clone(), order)),
            Some((_, mut order)) => {
                order.follow(store, syncs, &selection, &touched);
                self.listed = Arc::new(order.slots().to_vec());
                self.order = Some((filter.clone(), order));
            }
            None => {
                let order = Order::of(store, syncs, &selection, by);
                self.listed = Arc::new(order.slots().to_vec());
                self.order = Some((filter.clone(), order));
            }
        }
        Arc::clone(&self.listed)
    }

    /// How many are in each state, and `read` at that.
    pub fn summary<T>(&mut self, store: &Store, syncs: &Syncs, filter: &Filter, read: impl FnOnce(&Summary) -> T) -> T {
        let delta = self.take(3);
        let is_followed = |summary: &Summary| summary.is_of(filter) && summary.may_follow(&delta);
        let summary = match self.summary.take().filter(is_followed) {
            Some(mut summary) => {
                if !delta.is_empty() {
                    summary.follow(store, syncs, &delta);
                }
                summary
            }
            // What is listed is what is counted, unless it is of one state.
            None if filter.values.get(Facet::Status).is_empty() => {
                Summary::of_selection(store, filter.clone(), self.selection(store, syncs, filter))
            }
            None => Summary::of(store, syncs, filter),
        };
        read(self.summary.insert(summary))
    }

    /// How many of the wanted deployments name no ring.
    pub fn without_ring(&mut self, store: &Store, syncs: &Syncs, filter: &Filter) -> usize {
        let selection = self.selection(store, syncs, filter);
        let delta = self.take(4);
        let has_moved = delta.is_worth_a_pass() || delta.clusters && filter.depends_on_clusters();
        let has_none = |slot: Slot| {
            let at = store.at(slot);
            selection.has(slot) && at.ring() == RingSym::NONE && at.kind() == Kind::Deployment
        };
        let slots = match self.without_ring.take().filter(|(of, _)| of == filter && !has_moved) {
            Some((_, mut slots)) => {
                for slot in delta.slots() {
                    match slots.binary_search(&slot) {
                        Ok(at) if !has_none(slot) => drop(slots.remove(at)),
                        Err(at) if has_none(slot) => slots.insert(at, slot),
                        Ok(_) | Err(_) => {}
                    }
                }
                slots
            }
            None => store.all_slots().filter(|&slot| has_none(slot)).collect(),
        };
        let count = slots.len();
        self.without_ring = Some((filter.clone(), slots));
        count
    }

    /// What runs where.
    pub fn board(&mut self, store: &Store, syncs: &Syncs) -> Arc<Board> {
        let delta = self.take(2);
        let is_other = match &mut self.live_board {
            Some(live) => live.follow(store, syncs, &delta),
            None => {
                self.live_board = Some(LiveBoard::of(store, syncs));
                true
            }
        };
        if let Some(live) = self.live_board.as_ref().filter(|_| is_other) {
            self.board = Arc::new(live.board().clone());
        }
        Arc::clone(&self.board)
    }
}

#[cfg(test)]
mod tests;
