//! The table of deployments: a real one, however long, of which only the visible rows are drawn.
//!
//! A row's place in the document is one of a fixed pool: the row whose number leaves `k` when divided by the pool's
//! size is the `k`th. Scrolling by a row so moves one element from one end to the other and changes its content; a
//! search changes contents in place and makes no element at all.

use std::{ops::Range, sync::Arc};

use super::{ViewContext, cells::cell, header::view_title, parts::icon};
use crate::{
    domain::column::{Column, SortBy},
    domain::deployment::Deployment,
    route::View,
    ui::{
        action::{Action, Change, Scroller},
        html::{Element, Html, Unchanged, el},
    },
};

/// What the table shows.
pub struct TableView {
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The order of the rows; none is by time.
    pub sort: Option<SortBy>,
    /// How many rows there are.
    pub total: usize,
    /// Which of them are drawn.
    pub range: Range<usize>,
    /// How many rows there are elements for.
    pub pool: usize,
    /// How high a row is, in pixels.
    pub row_height: f64,
    /// The deployments of the rows that are drawn.
    pub rows: Vec<Arc<Deployment>>,
    /// The keys of the rows below them that are left as they are until the next frame.
    pub kept: Vec<u64>,
    /// The row that the keyboard is on.
    pub active: usize,
    /// Which of these have just become another.
    pub changed: Vec<bool>,
    /// The deployment whose details are open.
    pub open: Option<String>,
}

/// The table and its header.
#[must_use]
pub fn table(view: &TableView, context: &ViewContext) -> Html {
    let head = view.columns.iter().map(|column| header_cell(*column, view.sort));
    let head = el("tr").set("role", "row").set("aria-rowindex", "1").children(head);
    // Where the keyboard's row is off screen, the first visible row lets it in.
    let entry = if view.range.contains(&view.active) { view.active } else { view.range.start };
    // What they name may be listed no longer, or above.
    let kept = view
        .kept
        .iter()
        .map(|key| Html::Unchanged(Box::new(Unchanged { tag: "tr", key: *key, without: Some("data-deployment") })));
    let rows = view.range.clone().zip(&view.rows).enumerate();
    let rows = rows.map(|(n, (index, d))| {
        let changed = view.changed.get(n).is_some_and(|changed| *changed);
        row(view, index, d, index == entry, context).maybe("data-changed", changed.then_some("true"))
    });
    let table = el("table")
        .class("deployments")
        .set("role", "table")
        .set("aria-label", view_title(View::Deployments))
        .set("aria-rowcount", (view.total + 1).to_string())
        .maybe("aria-busy", (!view.kept.is_empty()).then_some("true"))
        .child(el("colgroup").children(view.columns.iter().map(|c| el("col").key(c).set("data-column", c.id()))))
        .child(el("thead").set("role", "rowgroup").child(head))
        .child(spacer(view, view.range.start))
        .child(el("tbody").set("role", "rowgroup").class("rows").children(rows).children(kept))
        .child(spacer(view, view.total.saturating_sub(view.range.end)));
    el("div").class("scroller").on(Action::Scroller(Scroller::Table)).child(table).into()
}

/// What takes the room of so many rows that are not drawn.
fn spacer(view: &TableView, rows: usize) -> Element {
    let height = format!("{}px", (rows as f64 * view.row_height) as u64);
    let cell = el("td").set("colspan", view.columns.len().to_string()).set("--height", height);
    el("tbody").set("aria-hidden", "true").child(el("tr").class("spacer").child(cell))
}

fn header_cell(column: Column, sort: Option<SortBy>) -> Element {
    let by = sort.unwrap_or(SortBy { column: Column::Updated, descending: true });
    let sorted = (by.column == column).then_some(if by.descending { "descending" } else { "ascending" });
    let button = super::parts::button("", Action::Change(Change::Header(column)));
    el("th")
        .key(column)
        .set("scope", "col")
        .set("role", "columnheader")
        .set("data-column", column.id())
        .maybe("aria-sort", sorted)
        .child(button.text(column.title()).child(icon("icon icon--sort")))
}

/// The key of a row's element, by the row's place.
#[must_use]
pub fn row_key(index: usize, pool: usize) -> usize {
    index % pool.max(1)
}

fn row(view: &TableView, index: usize, d: &Deployment, takes_focus: bool, context: &ViewContext) -> Element {
    let id = d.id.to_string();
    el("tr")
        .key(row_key(index, view.pool))
        .set("role", "row")
        .set("data-deployment", id.clone())
        .set("data-status", d.status.as_str())
        .set("data-type", d.kind.as_str())
        .set("aria-rowindex", (index + 2).to_string())
        .set("tabindex", if takes_focus { "0" } else { "-1" })
        .maybe("aria-selected", (view.open.as_ref() == Some(&id)).then_some("true"))
        .on(Action::Row(index, id))
        .children(view.columns.iter().map(|column| cell(*column, d, context).key(column)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::view::fixtures::{context, deployment};

    #[test]
    fn visible_rows_stand_between_the_room_of_the_others() {
        let row = Arc::new(deployment("service=api"));
        let view = TableView {
            columns: vec![Column::Service],
            sort: None,
            total: 100,
            range: 10..12,
            pool: 8,
            row_height: 44.0,
            rows: vec![Arc::clone(&row), row],
            kept: Vec::new(),
            active: 50,
            changed: vec![false, true],
            open: Some("1".to_owned()),
        };
        let markup = table(&view, &context()).to_string();
        let parts = [
            r#"aria-rowcount="101""#,
            r#"<td colspan="1" style="--height:440px">"#,
            r#"data-type="deployment" aria-rowindex="12" tabindex="0" aria-selected="true"><td"#,
            r#"data-type="deployment" aria-rowindex="13" tabindex="-1" aria-selected="true" data-changed="true"><td"#,
            r#"<td colspan="1" style="--height:3872px">"#,
        ];
        let mut rest = markup.as_str();
        for part in parts {
            let (_, after) = rest.split_once(part).unwrap_or_else(|| panic!("{part} is not, in its turn, in {markup}"));
            rest = after;
        }
    }

    #[test]
    fn the_header_shows_how_rows_are_sorted() {
        #[track_caller]
        fn check(column: Column, sort: Option<SortBy>, expect: Option<&str>) {
            let markup = header_cell(column, sort).to_markup();
            let sorted = markup.split_once("aria-sort=\"").map(|(_, rest)| rest.split('"').next().unwrap());
            assert_eq!(sorted, expect, "{column:?} {sort:?}");
        }
        check(Column::Updated, None, Some("descending"));
        check(Column::Service, None, None);
        check(Column::Service, SortBy::parse("service"), Some("ascending"));
        check(Column::Updated, SortBy::parse("service"), None);
    }
}
