//! How much of the page has been drawn: what surrounds the views, right after it the open view with its first rows,
//! and the others frame by frame, so that neither drawing nor laying out takes one long task. What is drawn already
//! stays.

use leptos::prelude::*;

use crate::{
    model::window::{FIRST_ROWS, next_rows},
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
}

impl DrawProgress {
    pub(in crate::ui) fn new(rows: RwSignal<usize>, wanted: Memo<usize>) -> Self {
        Self { has_view: RwSignal::new(false), rows, wanted, is_going_on: StoredValue::new(false) }
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
