//! Shows outside of the page what happens to pinned services and to one's own changes, once somebody asked for it.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::views::Views;
use crate::{
    domain::{deployment::Deployment, person::Person, project::ProjectId},
    model::{
        fold::is_same,
        store::Slot,
        symbols::{RingSym, ServiceSym},
        wording,
    },
    text::saved as words,
    web::page,
};

/// A cell: its place among services, and its ring.
type Place = (ProjectId, ServiceSym, RingSym);

/// What a cell has that somebody wants to be notified of.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct TrackedCell {
    running: Option<Slot>,
    failed: Option<Slot>,
    waiting: Option<Slot>,
}

/// Follows the board for as long as the page lives.
pub(in crate::ui) fn follow(views: Views) {
    Effect::new(move |before: Option<bool>| {
        let notifies = views.saved.notifies.get();
        if before.unwrap_or(false) != notifies {
            views.app.follow_when_hidden(notifies);
        }
        notifies
    });
    Effect::new(move |before: Option<Option<BTreeMap<Place, TrackedCell>>>| {
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
                views.notify(before.get(place).copied().unwrap_or_default(), *seen);
            }
        }
        Some(now)
    });
}

impl Views {
    fn followed(self) -> BTreeMap<Place, TrackedCell> {
        let me = self.saved.me.get();
        let is_me = |person: Option<&Person>| person.is_some_and(|person| !me.is_empty() && is_same(&person.name, &me));
        let board = self.board.get();
        let mut all = BTreeMap::new();
        for row in &board.services {
            let is_pinned = self.saved.is_pinned(self.app, row.project, row.service);
            for (cell, column) in row.cells.iter().zip(&board.rings) {
                let of = |slot: Option<Slot>, wanted: &dyn Fn(&Deployment) -> bool| {
                    slot.filter(|&slot| self.app.deployment(slot).is_some_and(|d| wanted(&d)))
                };
                let is_mine = |d: &Deployment| is_pinned || is_me(d.source.author.as_ref());
                let waits_for_me = |d: &Deployment| d.waits_for().iter().any(|person| is_me(Some(person)));
                let seen = TrackedCell {
                    running: of(cell.running, &is_mine),
                    failed: of(cell.failed, &is_mine),
                    waiting: of(cell.waiting.or(cell.next), &waits_for_me),
                };
                all.insert((row.project, row.service, column.ring), seen);
            }
        }
        all
    }

    /// Notifies of what has become another one.
    fn notify(self, before: TrackedCell, now: TrackedCell) {
        let fresh = |old: Option<Slot>, new: Option<Slot>| new.filter(|_| old != new);
        let all = [
            (fresh(before.running, now.running), words::NOW_RUNS),
            (fresh(before.failed, now.failed), words::NOW_FAILED),
            (fresh(before.waiting, now.waiting), words::NOW_WAITS),
        ];
        for (slot, what) in all {
            if let Some(d) = slot.and_then(|slot| untrack(|| self.app.deployment(slot))) {
                page::notify(&wording::title(&d), what, d.id.as_str());
            }
        }
    }
}
