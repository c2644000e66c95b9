//! What the table shows.

use std::ops::Range;

use leptos::prelude::*;

use super::views::Views;
use crate::{
    model::{kept, store::Slot},
    ui::view::table::{TableView, row_key},
};

/// So many rows below what is visible a request for others may take along.
const BELOW: usize = 100;

impl Views {
    pub(super) fn visible_rows(self) -> Vec<Slot> {
        self.rows_of(self.table.visible_rows.get())
    }

    fn rows_of(self, range: Range<usize>) -> Vec<Slot> {
        self.order.with(|order| order.get(range.start..range.end.min(order.len())).unwrap_or_default().to_vec())
    }

    /// The rows below those that somebody sees.
    pub(super) fn rows_below(self) -> Vec<Slot> {
        let end = self.table.visible_rows.get().end;
        self.order.with(|order| order.iter().skip(end).take(BELOW).copied().collect())
    }

    pub(in crate::ui) fn table_view(self) -> TableView {
        let app = self.app;
        app.version.track();
        let (mut range, pool) = (self.table.range.get(), self.table.pool.get());
        let (renewed, unchanged) =
            self.drawn.renewed(range.clone().map(|row| kept::hash(row_key(row, pool))).collect());
        let renewed = range.start..range.start + renewed;
        range.end = renewed.end + unchanged.len();
        let rows: Vec<_> = self.rows_of(renewed).into_iter().filter_map(|slot| app.deployment(slot)).collect();
        let changed = rows.iter().map(|d| self.recent.is_recent(("row", &d.id), (d.status, d.updated, &d.image)));
        let (sort, open) = app.route.with(|r| (r.sort, r.deployment.clone()));
        TableView {
            columns: self.table.columns.get(),
            sort,
            total: self.order.with(|o| o.len()),
            range,
            pool,
            row_height: self.table.row_height.get(),
            changed: changed.collect(),
            rows,
            kept: unchanged,
            active: self.table.active.get(),
            open,
        }
    }
}
