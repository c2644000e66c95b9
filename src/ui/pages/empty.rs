//! Views with nothing in them, each for another reason.

use leptos::prelude::*;

use crate::{
    route::View,
    ui::{filters::chips::clear, shell::follow, state::Views},
};

/// Why there is nothing to show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nothing {
    /// The first rows have not come yet.
    Loading,
    /// They cannot be had; the banner above says why.
    Failed,
    /// The table is empty.
    EmptyTable,
    /// The filters leave nothing over.
    Filtered,
    /// So many deployments match, and none of them names a ring to show it in.
    WithoutRing(usize),
}

/// What there is nothing of, if there is nothing.
pub(super) fn nothing(views: Views) -> Memo<Option<Nothing>> {
    Memo::new(move |_| {
        let total = views.total.get();
        let shown = views.selection.with(|s| s.len());
        let health = views.app.health;
        match (total, shown) {
            (0, _)
                if health
                    .with(|h| h.problems.iter().any(|p| p.severity == crate::domain::problem::Severity::Error)) =>
            {
                Some(Nothing::Failed)
            }
            (0, _) if health.with(|h| !h.ready || h.progress.is_some()) => Some(Nothing::Loading),
            (0, _) => Some(Nothing::EmptyTable),
            (_, 0) => Some(Nothing::Filtered),
            _ => None,
        }
    })
}

/// The view in its place.
#[component]
pub(super) fn Empty(views: Views, why: Nothing) -> impl IntoView {
    let app = views.app;
    let connections = move || {
        let go = move |event: leptos::ev::MouseEvent| follow(&event, || app.go(|r| r.view = View::Setup));
        view! { <a class="button" href=app.link(|r| r.view = View::Setup) on:click=go>"Open connections"</a> }
    };
    match why {
        Nothing::Loading => {
            let lines = (0..8).map(|_| view! { <div class="skeleton__row"></div> }).collect_view();
            view! { <div class="skeleton" role="status"><span class="unseen">"Reading deployments…"</span>{lines}</div> }.into_any()
        }
        Nothing::Failed => view! {
            <section class="empty" data-empty="failed">
                <i class="icon empty__icon icon--plug" aria-hidden="true"></i>
                <h2>"No deployments could be read"</h2>
                <p>"The message above says why. As soon as it is mended they appear here by themselves."</p>
                {connections()}
            </section>
        }
        .into_any(),
        Nothing::EmptyTable => view! {
            <section class="empty" data-empty="table">
                <i class="icon empty__icon icon--rings" aria-hidden="true"></i>
                <h2>"No deployments yet"</h2>
                <p>"The table can be read and is empty. The first pipeline that writes a row into it makes it appear here, without a reload."</p>
                {connections()}
            </section>
        }
        .into_any(),
        Nothing::Filtered => view! {
            <section class="empty" data-empty="filtered">
                <i class="icon empty__icon icon--search" aria-hidden="true"></i>
                <h2>"Nothing matches"</h2>
                <p>{move || format!("None of the {} fits the search and the filters together.", crate::text::plural(views.total.get(), "deployment"))}</p>
                <button type="button" class="button" on:click=move |_| app.go(clear)>"Clear all filters"</button>
            </section>
        }
        .into_any(),
        Nothing::WithoutRing(count) => {
            let (what, hint) = crate::text::without_ring(count);
            let list = move || {
                let go = move |event: leptos::ev::MouseEvent| follow(&event, || app.go(|r| r.view = View::Deployments));
                view! { <a class="button" href=app.link(|r| r.view = View::Deployments) on:click=go>"Show the list"</a> }
            };
            view! {
                <section class="empty" data-empty="without-ring">
                    <i class="icon empty__icon icon--rings" aria-hidden="true"></i>
                    <h2>{what}</h2>
                    <p>{hint}</p>
                    {list()}
                </section>
            }
            .into_any()
        }
    }
}
