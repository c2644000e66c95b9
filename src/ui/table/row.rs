//! One slot of the pool: whatever deployment it shows now.

use std::sync::Arc;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::{Sight, cells::cell};
use crate::{
    domain::{column::Column, deployment::Deployment},
    ui::state::Views,
};

#[component]
pub(super) fn TableRow(views: Views, sight: Sight, place: usize, columns: Vec<Column>) -> impl IntoView {
    let app = views.app;
    // Which row of the list that is now.
    let index = Memo::new(move |_| {
        let (range, pool) = (sight.range.get(), sight.pool.get().max(1));
        let first = range.start + (place + pool - range.start % pool) % pool;
        range.contains(&first).then_some(first)
    });
    let shown: Memo<Option<Arc<Deployment>>> = Memo::new(move |_| {
        app.version.track();
        let slot = views.order.with(|order| order.get(index.get()?).copied())?;
        app.deployment(slot)
    });
    let id = move || shown.with(|d| d.as_ref().map(|d| d.id.to_string()));
    let status = move || shown.with(|d| d.as_ref().map(|d| d.status.word()));
    let kind = move || shown.with(|d| d.as_ref().map(|d| d.kind.word()));
    let is_open = Memo::new(move |_| sight.open.with(|open| open.is_some() && *open == id()));
    let takes_focus = Memo::new(move |_| {
        let (range, active) = (sight.range.get(), sight.active.get());
        // Where the keyboard's row is out of sight, the first row in sight lets it in.
        let entry = if range.contains(&active) { active } else { range.start };
        index.get() == Some(entry)
    });
    let open = move || {
        if let Some(id) = id() {
            app.go(|r| r.deployment = Some(id));
        }
    };
    let click = move |event: ev::MouseEvent| {
        // Links in the row go where they go, and a marked text is not a click.
        let on_link = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        if on_link.is_none_or(|e| e.closest("a[href], button").ok().flatten().is_none()) {
            sight.active.set(index.get_untracked().unwrap_or(0));
            open();
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && event.target() == event.current_target() {
            open();
        }
    };
    let cells = columns
        .into_iter()
        .map(|column| {
            let content = move || {
                let now =
                    if column == Column::Updated || column == Column::Status { Some(app.tick.get()) } else { None };
                shown.with(|d| d.as_ref().map(|d| cell(column, d, now.unwrap_or(d.updated))))
            };
            view! { <td role="cell" data-column=column.id()>{content}</td> }
        })
        .collect_view();
    view! {
        <tr
            role="row"
            data-deployment=id
            data-status=status
            data-type=kind
            aria-rowindex=move || index.get().map(|i| (i + 2).to_string())
            aria-selected=move || is_open.get().then_some("true")
            tabindex=move || if takes_focus.get() { "0" } else { "-1" }
            on:click=click
            on:keydown=key
            on:focus=move |_| sight.active.set(index.get_untracked().unwrap_or(0))
        >
            {cells}
        </tr>
    }
}
