//! How much of the page has been drawn: what surrounds the views, right after it the open view with its first rows,
//! and the others frame by frame, so that neither drawing nor laying out takes one long task. What is drawn already
//! stays.

use std::time::Duration;

use leptos::prelude::*;

use crate::{
    model::window::{FIRST_ROWS, next_rows, renew},
    web::{clock, page},
};

/// How much of the page has been drawn.
#[derive(Clone, Copy)]
pub(in crate::ui) struct DrawProgress {
    /// Whether it is the open view's turn.
    has_view: RwSignal<bool>,
    /// So many of its rows are drawn at most.
    rows: RwSignal<usize>,
    /// How many are visible.
    wanted: Memo<usize>,
    is_going_on: StoredValue<bool>,
    /// So many rows have taken on what they show now, where it is not all of them: those below show until the next frame
    /// what they did before.
    renewed: RwSignal<Option<usize>>,
    /// The keys of the rows that were last drawn.
    drawn: StoredValue<Vec<u64>>,
    /// How many rows a frame holds, as far as the last ones have shown.
    a_frame: StoredValue<usize>,
    /// When rows were last to show something else.
    began: StoredValue<Duration>,
}

impl DrawProgress {
    pub(in crate::ui) fn new(rows: RwSignal<usize>, wanted: Memo<usize>) -> Self {
        Self {
            has_view: RwSignal::new(false),
            rows,
            wanted,
            is_going_on: StoredValue::new(false),
            renewed: RwSignal::new(None),
            drawn: StoredValue::default(),
            a_frame: StoredValue::new(FIRST_ROWS),
            began: StoredValue::default(),
        }
    }

    /// Of the rows with these keys: how many are drawn now, and the keys of those below that are left as they are.
    pub(in crate::ui) fn renewed(self, mut rows: Vec<u64>) -> (usize, Vec<u64>) {
        let (renewed, kept) = match self.renewed.get() {
            None => (rows.len(), 0),
            Some(most) => self.drawn.with_value(|drawn| renew(rows.iter().map(|row| drawn.contains(row)), most)),
        };
        rows.truncate(renewed + kept);
        let kept = rows.get(renewed..).unwrap_or_default().to_vec();
        self.drawn.set_value(rows);
        (renewed, kept)
    }

    /// The rows are to show something else, as with each key of a search: as many as a frame holds do with the next one,
    /// so that an answer to the key is seen soon, and the others right after it.
    pub(in crate::ui) fn renew(self) {
        let (holds, wanted, began) = (self.a_frame.get_value(), self.wanted.get_untracked(), clock::clocks().monotonic);
        self.renewed.set((holds < wanted).then_some(holds));
        self.began.set_value(began);
        page::after_paint(move || {
            let took = clock::clocks().monotonic.saturating_sub(began);
            self.a_frame.set_value(next_rows(holds.min(wanted), took));
            // Not before what has been drawn is on screen and the next frame is due.
            request_animation_frame(move || {
                // What has been typed meanwhile is under way itself.
                if self.began.get_value() == began {
                    self.renewed.set(None);
                }
            });
        });
    }

    /// Whether the open view is drawn, too.
    pub(in crate::ui) fn has_view(self) -> bool {
        self.has_view.get()
    }

    /// Whether all that is visible has been drawn.
    pub(in crate::ui) fn is_whole(self) -> bool {
        self.has_view.get() && self.rows.get() >= self.wanted.get()
    }

    /// Draws what has not been drawn, a frame each, whenever there is something.
    pub(in crate::ui) fn follow(self) {
        page::next_task(move || self.has_view.set(true));
        Effect::new(move |_| {
            if !self.has_view.get() {
                return;
            }
            if self.wanted.get() == 0 && self.rows.get_untracked() != FIRST_ROWS {
                // What comes then begins with its first rows.
                self.rows.set(FIRST_ROWS);
            }
            if !self.is_whole() && !self.is_going_on.get_value() {
                self.is_going_on.set_value(true);
                self.draw_next(FIRST_ROWS);
            }
        });
    }

    fn draw_next(self, step: usize) {
        let began = clock::clocks().monotonic;
        page::after_paint(move || {
            let step = next_rows(step, clock::clocks().monotonic.saturating_sub(began));
            self.a_frame.set_value(step);
            self.rows.update(|rows| *rows = rows.saturating_add(step));
            if untrack(|| self.is_whole()) {
                self.is_going_on.set_value(false);
                if untrack(|| self.wanted.get()) > 0 {
                    // No part of a longer list waits from now on.
                    self.rows.set(usize::MAX);
                }
            } else {
                self.draw_next(step);
            }
        });
    }
}
