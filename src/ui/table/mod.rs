//! The table of deployments: a real one, however long, of which only the rows in sight are drawn.
//!
//! A row's place in the document is a slot of a fixed pool. Slot `k` shows the one row in sight whose number leaves `k`
//! when divided by the pool's size. Scrolling by a row so moves one slot from one end to the other and changes its
//! content; a search changes contents in place and makes no element at all. What a slot shows is a memo: a refresh
//! that changes one deployment redraws the cells of that row, and one that changes nothing redraws nothing.

mod cells;
mod choose;
mod row;

use std::ops::Range;

use leptos::{ev, html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};

pub(super) use self::cells::run_name;
use self::{choose::ColumnsMenu, row::TableRow};
use super::state::Views;
use crate::{
    domain::column::{Column, SortBy},
    model::window,
    web::page,
};

/// Rows are as high as this before one has been measured.
const ROW_HEIGHT: f64 = 44.0;

/// What part of the list is in sight.
#[derive(Clone, Copy)]
struct Sight {
    /// Rows drawn.
    range: Memo<Range<usize>>,
    /// Slots in the pool.
    pool: Memo<usize>,
    /// The row that the keyboard is on.
    active: RwSignal<usize>,
    /// The deployment whose details are open. One memo for all rows: a keystroke changes the address, not this.
    open: Memo<Option<String>>,
}

/// The table, its header, and the keyboard.
#[component]
pub(super) fn Table(views: Views) -> impl IntoView {
    let app = views.app;
    let scroller = NodeRef::<html::Div>::new();
    let scrolled = RwSignal::new(0.0);
    let height = RwSignal::new(900.0);
    let row_height = RwSignal::new(ROW_HEIGHT);
    let total = Memo::new(move |_| views.order.with(|o| o.len()));
    let range = Memo::new(move |_| window::drawn(scrolled.get(), height.get(), row_height.get(), total.get()));
    // The longest that a range can be at this height, so that slots change only when the window does.
    let pool =
        Memo::new(move |_| window::drawn(1e9, height.get(), row_height.get(), usize::MAX / 2).len() + window::BEYOND);
    let active = RwSignal::new(0_usize);
    let open = Memo::new(move |_| app.route.with(|r| r.deployment.clone()));
    let sight = Sight { range, pool, active, open };
    Effect::new(move |_| app.rows.set(range.get()));

    // Called by the browser after it has laid the page out, and only then: asked any earlier it would do so twice.
    let measure = move || {
        if let Some(element) = scroller.try_get_untracked().flatten() {
            height.set(f64::from(element.client_height()));
            let row = element.query_selector(".rows > tr").ok().flatten().and_then(|row| row.dyn_into().ok());
            if let Some(row) = row.map(|row: web_sys::HtmlElement| row.offset_height()).filter(|height| *height > 0) {
                row_height.set(f64::from(row));
            }
        }
    };
    Effect::new(move |_| {
        let Some(element) = scroller.get() else { return };
        let watch = Closure::<dyn FnMut()>::new(measure);
        if let Ok(observer) = web_sys::ResizeObserver::new(watch.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let kept = StoredValue::new_local((observer, watch));
            on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
        }
    });
    let on_scroll = move |_| {
        if let Some(element) = scroller.get_untracked() {
            scrolled.set(f64::from(element.scroll_top()));
        }
    };
    // Another list starts at its top.
    let list = Memo::new(move |_| app.route.with(|r| (r.filters.clone(), r.q.clone(), r.sort, r.since)));
    Effect::new(move |before: Option<()>| {
        list.track();
        if before.is_some()
            && let Some(element) = scroller.get_untracked()
        {
            element.set_scroll_top(0);
            active.set(0);
        }
    });

    let walk = move |event: ev::KeyboardEvent| {
        let Some(element) = scroller.get_untracked() else { return };
        let last = total.get_untracked().saturating_sub(1);
        let page_rows = (height.get_untracked() / row_height.get_untracked()) as usize;
        let now = active.get_untracked().min(last);
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        let next = match event.key().as_str() {
            "ArrowDown" => now + 1,
            "ArrowUp" => now.saturating_sub(1),
            "j" if plain => now + 1,
            "k" if plain => now.saturating_sub(1),
            "PageDown" => now + page_rows,
            "PageUp" => now.saturating_sub(page_rows),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        let next = next.min(last);
        active.set(next);
        reveal(&element, next, row_height.get_untracked());
        scrolled.set(f64::from(element.scroll_top()));
        focus_row(next);
    };

    let columns = Memo::new(move |_| shown_columns(views));
    let above = move || format!("height:{}px", (range.get().start as f64 * row_height.get()) as u64);
    let below = move || {
        format!("height:{}px", ((total.get() - range.get().end.min(total.get())) as f64 * row_height.get()) as u64)
    };
    let slots = move || {
        let (range, pool) = (range.get(), pool.get().max(1));
        range.map(|index| index % pool).collect::<Vec<_>>()
    };
    let body = move || {
        let columns = columns.get();
        let spanned = columns.len().to_string();
        let spanned_below = spanned.clone();
        view! {
            <tbody aria-hidden="true"><tr class="spacer"><td colspan=spanned style=above></td></tr></tbody>
            <tbody role="rowgroup" class="rows" on:keydown=walk>
                <For each=slots key=|place| *place let:place>
                    <TableRow views sight place columns=columns.clone() />
                </For>
            </tbody>
            <tbody aria-hidden="true"><tr class="spacer"><td colspan=spanned_below style=below></td></tr></tbody>
        }
    };
    view! {
        <div class="scroller" node_ref=scroller on:scroll=on_scroll>
            <table class="deployments" role="table" aria-label="Deployments" aria-rowcount=move || (total.get() + 1).to_string()>
                <colgroup>
                    {move || columns.get().into_iter().map(|c| view! { <col data-column=c.id() /> }).collect_view()}
                </colgroup>
                <thead role="rowgroup">
                    <tr role="row" aria-rowindex="1">
                        {move || columns.get().into_iter().map(|column| view! { <HeaderCell views column /> }).collect_view()}
                    </tr>
                </thead>
                {body}
            </table>
        </div>
    }
}

/// The columns in the order of this device, without those that have nothing in them.
fn shown_columns(views: Views) -> Vec<Column> {
    let app = views.app;
    app.version.track();
    let wanted = app.columns.get();
    app.engine(|engine| {
        let all = wanted.all.iter().filter(|(_, shown)| *shown).map(|(c, _)| *c);
        all.filter(|&c| crate::model::column::has_any(engine.store(), engine.syncs(), c)).collect()
    })
}

/// Scrolls just as far as it takes to see a row below the header.
fn reveal(scroller: &web_sys::Element, index: usize, row_height: f64) {
    let header = scroller.query_selector("thead").ok().flatten().map_or(0.0, |h| h.get_bounding_client_rect().height());
    let (top, height) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
    let (row_top, row_end) = (index as f64 * row_height, (index + 1) as f64 * row_height);
    if row_top < top {
        scroller.set_scroll_top(row_top as i32);
    } else if row_end + header > top + height {
        scroller.set_scroll_top((row_end + header - height).ceil() as i32);
    }
}

/// Moves the focus to a row once it has been drawn.
pub(super) fn focus_row(index: usize) {
    request_animation_frame(move || {
        if let Some(row) = page::find(&format!("tr[aria-rowindex=\"{}\"]", index + 2)) {
            page::focus(&row);
        }
    });
}

/// What pressing a header does: by this column, then the other way round, then as it was.
fn next_sort(now: Option<SortBy>, column: Column) -> Option<SortBy> {
    // What is newest, or largest, is what people look for first in these.
    let first =
        matches!(column, Column::Build | Column::Release | Column::PullRequest | Column::Manifest | Column::Clusters);
    match now {
        Some(by) if by.column == column && by.descending == first => Some(SortBy { column, descending: !first }),
        Some(by) if by.column == column => None,
        None if column == Column::Updated => Some(SortBy { column, descending: false }),
        _ if column == Column::Updated => None,
        _ => Some(SortBy { column, descending: first }),
    }
}

#[component]
fn HeaderCell(views: Views, column: Column) -> impl IntoView {
    let app = views.app;
    let sort =
        Memo::new(move |_| app.route.with(|r| r.sort).unwrap_or(SortBy { column: Column::Updated, descending: true }));
    let here = move || {
        let by = sort.get();
        (by.column == column).then_some(if by.descending { "descending" } else { "ascending" })
    };
    view! {
        <th scope="col" role="columnheader" data-column=column.id() aria-sort=here>
            <button type="button" on:click=move |_| app.go(|r| r.sort = next_sort(r.sort, column))>
                {column.title()}
                <i class="icon icon--sort" aria-hidden="true"></i>
            </button>
        </th>
    }
}

/// What belongs to the table and stands above it.
#[component]
pub(super) fn TableTools(views: Views) -> impl IntoView {
    view! {
        <SortSelect views />
        <ColumnsMenu views />
    }
}

/// The order, where the header does not fit.
#[component]
fn SortSelect(views: Views) -> impl IntoView {
    let app = views.app;
    let now = move || app.route.with(|r| r.sort.map(SortBy::print).unwrap_or_default());
    let choose = move |event: ev::Targeted<ev::Event, web_sys::HtmlSelectElement>| {
        app.go(|r| r.sort = SortBy::parse(&event.target().value()));
    };
    let options = Column::ALL
        .into_iter()
        .filter(|c| *c != Column::Updated)
        .map(|c| view! { <option value=c.id()>{c.title()}</option> })
        .collect_view();
    view! {
        <select class="button table__sort" aria-label="Sort by" prop:value=now on:change:target=choose>
            <option value="">"Newest first"</option>
            <option value="updated">"Oldest first"</option>
            {options}
        </select>
    }
}
