//! How much of the page has been drawn: part after part and row after row, a frame each, so that neither drawing nor
//! laying out takes one long task. What is drawn already stays as it is.

use leptos::prelude::*;

use crate::{
    model::window::{FIRST_ROWS, next_rows},
    web::{clock, page},
};

/// The parts of the page in the order in which they are drawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
pub(in crate::ui) enum Part {
    Header,
    Strip,
    View,
}

/// How much of the page has been drawn.
#[derive(Clone, Copy)]
pub(in crate::ui) struct DrawProgress {
    part: RwSignal<Part>,
    /// So many rows of the open view are drawn at most.
    rows: RwSignal<usize>,
    /// How many rows of the open view are in sight.
    wanted: Memo<usize>,
    is_going_on: StoredValue<bool>,
}

impl DrawProgress {
    /// Begins with the header.
    pub(in crate::ui) fn new(rows: RwSignal<usize>, wanted: Memo<usize>) -> Self {
        Self { part: RwSignal::new(Part::Header), rows, wanted, is_going_on: StoredValue::new(false) }
    }

    /// Whether it is a part's turn, or was.
    pub(in crate::ui) fn has(self, part: Part) -> bool {
        self.part.get() >= part
    }

    /// Whether all that is in sight has been drawn.
    pub(in crate::ui) fn is_whole(self) -> bool {
        self.has(Part::View) && self.rows.get() >= self.wanted.get()
    }

    /// Draws what has not been drawn, a frame each, whenever there is something.
    pub(in crate::ui) fn follow(self) {
        Effect::new(move |_| {
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
            let next = match self.part.get_untracked() {
                Part::Header => Some(Part::Strip),
                Part::Strip => Some(Part::View),
                Part::View => None,
            };
            let step = match next {
                Some(next) => {
                    self.part.set(next);
                    FIRST_ROWS
                }
                None => {
                    let step = next_rows(step, clock::clocks().monotonic.saturating_sub(began));
                    self.rows.update(|rows| *rows = rows.saturating_add(step));
                    step
                }
            };
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
