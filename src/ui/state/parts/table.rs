//! What part of the table is visible.

use std::{ops::Range, sync::Arc};

use leptos::prelude::*;

use crate::{
    domain::column::Column,
    model::{column::has_any, store::Slot, window},
    ui::state::app::App,
    web::page,
};

/// Rows are as high as this before one has been measured, in pixels.
const ROW_HEIGHT: f64 = 44.0;
/// What stands above the table, before that has been measured.
const ABOVE: f64 = 150.0;

/// So many rows are printed: fifty pages.
const PRINTED: usize = 2_000;

/// What part of the table is visible.
#[derive(Clone, Copy)]
pub(in crate::ui) struct TableWindow {
    /// How far it is scrolled, and how high what is visible of it and each of its rows are, in pixels.
    pub scrolled: RwSignal<f64>,
    pub height: RwSignal<f64>,
    pub row_height: RwSignal<f64>,
    /// The row that the keyboard is on.
    pub active: RwSignal<usize>,
    /// The rows that are visible, and somewhat beyond.
    pub visible_rows: Memo<Range<usize>>,
    /// Those of them that are drawn.
    pub range: Memo<Range<usize>>,
    /// How many rows there are elements for.
    pub pool: Memo<usize>,
    /// The columns in the order of this device, without those that have nothing in them.
    pub columns: Memo<Vec<Column>>,
}

impl TableWindow {
    pub(in crate::ui) fn new(
        app: App,
        order: Memo<Arc<Vec<Slot>>>,
        printing: RwSignal<bool>,
        rows: RwSignal<usize>,
    ) -> Self {
        let scrolled = RwSignal::new(0.0);
        let height = RwSignal::new(page::height() - ABOVE);
        let row_height = RwSignal::new(ROW_HEIGHT);
        let total = Memo::new(move |_| order.with(|o| o.len()));
        let visible_rows = Memo::new(move |_| match printing.get() {
            true => 0..total.get().min(PRINTED),
            false => window::drawn(scrolled.get(), height.get(), row_height.get(), total.get()),
        });
        let range = Memo::new(move |_| {
            let Range { start, end } = visible_rows.get();
            start..if printing.get() { end } else { end.min(start.saturating_add(rows.get())) }
        });
        // The longest that a range can be at this height, so that the elements change only when the window does.
        let pool = Memo::new(move |_| {
            let seen = window::drawn(1e9, height.get(), row_height.get(), usize::MAX / 2).len() + window::BEYOND;
            if printing.get() { seen.max(PRINTED) } else { seen }
        });
        let columns = Memo::new(move |_| {
            app.version.track();
            let wanted = app.shown_columns();
            app.engine(|engine| {
                let all = wanted.all.iter().filter(|(_, shown)| *shown).map(|(c, _)| *c);
                all.filter(|&c| has_any(engine.store(), engine.syncs(), c)).collect()
            })
        });
        let active = RwSignal::new(0);
        // Another list starts at its top.
        let list = Memo::new(move |_| app.route.with(|r| (r.filters.clone(), r.q.clone(), r.sort, r.since)));
        Effect::new(move |before: Option<()>| {
            list.track();
            if before.is_some() {
                scrolled.set(0.0);
                active.set(0);
                if let Some(scroller) = page::find(".scroller") {
                    scroller.set_scroll_top(0);
                }
            }
        });
        Self { scrolled, height, row_height, active, visible_rows, range, pool, columns }
    }
}
