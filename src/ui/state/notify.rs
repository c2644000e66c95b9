//! Shows outside of the page what happens to pinned services and to one's own changes, once somebody asked for it.

use leptos::prelude::*;

use super::views::Views;
use crate::{
    domain::{deployment::Deployment, person::Person},
    model::{
        fold::is_same,
        kept::{DeploymentHash, RingHash, ServiceHash},
        store::Slot,
        wording,
    },
    text::saved as words,
    web::page,
};

/// A cell.
type Place = (ServiceHash, RingHash);

/// A deployment, and where it is for now.
type Known = (DeploymentHash, Slot);

/// What a cell has that somebody wants to be notified of.
type TrackedCell = [Option<Known>; 3];

/// How what is new is put into words: what runs, what failed, what waits for whoever looks.
const WORDS: [&str; 3] = [words::NOW_RUNS, words::NOW_FAILED, words::NOW_WAITS];

/// Follows the board for as long as the page lives.
pub(in crate::ui) fn follow(views: Views) {
    Effect::new(move |before: Option<bool>| {
        let notifies = views.saved.notifies.get();
        if before.unwrap_or(false) != notifies {
            views.app.follow_when_hidden(notifies);
        }
        notifies
    });
    Effect::new(move |before: Option<Option<Vec<(Place, TrackedCell)>>>| {
        let is_reading = views.app.health.with(|h| !h.ready || h.progress.is_some());
        if !views.saved.notifies.get() {
            return None;
        }
        // What comes while rows are still read was so before.
        if is_reading {
            return before.flatten();
        }
        let now = views.followed();
        if let Some(before) = before.flatten() {
            for (place, seen) in &now {
                let before = before.iter().find(|(other, _)| other == place);
                views.notify(before.map(|(_, seen)| *seen).unwrap_or_default(), *seen);
            }
        }
        Some(now)
    });
}

impl Views {
    fn followed(self) -> Vec<(Place, TrackedCell)> {
        let me = self.saved.me.get();
        let is_me = |person: Option<&Person>| person.is_some_and(|person| !me.is_empty() && is_same(&person.name, &me));
        let board = self.board.get();
        let mut all = Vec::new();
        for row in &board.services {
            let is_pinned = self.saved.is_pinned(self.app, row.project, row.service);
            for (cell, column) in row.cells.iter().zip(&board.rings) {
                let of = |slot: Option<Slot>, wanted: &dyn Fn(&Deployment) -> bool| {
                    let slot = slot.filter(|&slot| self.app.deployment(slot).is_some_and(|d| wanted(&d)))?;
                    Some((self.app.engine(|e| DeploymentHash::of(e.store(), slot)), slot))
                };
                let is_mine = |d: &Deployment| is_pinned || is_me(d.source.author.as_ref());
                let waits_for_me = |d: &Deployment| d.waits_for().iter().any(|person| is_me(Some(person)));
                let seen = [
                    of(cell.running, &is_mine),
                    of(cell.failed, &is_mine),
                    of(cell.waiting.or(cell.next), &waits_for_me),
                ];
                // Of most cells nobody wants to know anything.
                if seen == [None; 3] {
                    continue;
                }
                let place = self.app.engine(|e| {
                    let store = e.store();
                    (ServiceHash::of(store, row.project, row.service), RingHash::of(store, column.ring))
                });
                all.push((place, seen));
            }
        }
        all
    }

    /// Notifies of what has become another one.
    fn notify(self, before: TrackedCell, now: TrackedCell) {
        for ((old, new), what) in before.into_iter().zip(now).zip(WORDS) {
            let is_other = |new: &Known| old.is_none_or(|old| old.0 != new.0);
            let slot = new.filter(is_other).map(|(_, slot)| slot);
            if let Some(d) = slot.and_then(|slot| untrack(|| self.app.deployment(slot))) {
                page::notify(&wording::title(&d), what, d.id.as_str());
            }
        }
    }
}
