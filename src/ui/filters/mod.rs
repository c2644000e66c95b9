//! What narrows down what is shown: summary, menus, chips, and the search box.

pub(super) mod chips;
mod menus;
mod search;
mod summary;
mod where_is;

pub(super) use self::{search::SearchBox, where_is::WhereIs};

use leptos::prelude::*;

use self::{chips::Chips, menus::Menus, summary::Summary};
use super::{state::Views, table::TableTools};
use crate::{route::View, text};

/// The strip above every view that lists deployments.
#[component]
pub(super) fn Filters(views: Views) -> impl IntoView {
    view! {
        <div class="strip">
            <Summary views />
            <Menus views />
            <Show when=move || views.app.view() == View::Deployments>
                <TableTools views />
            </Show>
            <Chips views />
            <Count views />
        </div>
    }
}

/// How many of how many.
#[component]
pub(super) fn Count(views: Views) -> impl IntoView {
    let shown = Memo::new(move |_| views.selection.with(|s| s.len()));
    let total = views.total;
    let says = move || {
        let (shown, total) = (shown.get(), total.get());
        if shown == total {
            text::plural(total, "deployment")
        } else {
            format!("Showing {} of {}", text::count(shown), text::count(total))
        }
    };
    let reading = move || views.app.health.with(|h| h.progress.map(|_| " so far"));
    view! {
        <p class="count" role="status" data-total=move || total.get().to_string() data-shown=move || shown.get().to_string()>
            {says}
            {reading}
        </p>
    }
}
